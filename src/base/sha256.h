#pragma once

#include <memory>
#include <string>
#include <string_view>

struct sha256_ctx;  // of nettle

namespace foothold::base {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view bytes);
  /// The hash of all that was added, as 64 lower-case hexadecimal digits; starts again with
  /// nothing.
  std::string Finish();

 private:
  std::unique_ptr<sha256_ctx> context_;
};

}  // namespace foothold::base
