#include "base/sha256.h"

#include <fmt/format.h>
#include <nettle/sha2.h>
#include <nettle/version.h>

namespace foothold::base {

Sha256::Sha256() : context_(std::make_unique<sha256_ctx>()) { sha256_init(context_.get()); }
Sha256::~Sha256() = default;

void Sha256::Add(std::string_view bytes) {
  sha256_update(context_.get(), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

std::string Sha256::Finish() {
  std::uint8_t digest[SHA256_DIGEST_SIZE];
#if NETTLE_VERSION_MAJOR >= 4
  sha256_digest(context_.get(), digest);
#else
  sha256_digest(context_.get(), sizeof digest, digest);
#endif
  std::string text;
  for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace foothold::base
