#include "report/live/serve_address.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"

namespace foothold::live {
namespace {

bool IsNumericAddress(const std::string& host) {
  in6_addr address{};
  if (host.find('\0') != std::string::npos) return false;  // the rest would not be looked at
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stop != end) return std::nullopt;
  return port;
}

// "HOST:PORT", "[IPV6]:PORT" and "HOST" without a port; the brackets go.
std::pair<std::string, std::optional<std::string>> SplitHostAndPort(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return {std::string(text), std::nullopt};
    std::string host(text.substr(1, close - 1));
    if (close + 1 == text.size()) return {host, std::nullopt};
    if (text[close + 1] != ':') return {std::string(text), std::nullopt};
    return {host, std::string(text.substr(close + 2))};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {std::string(text), std::nullopt};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

// Names of hosts are the same in capitals and small letters.
bool EqualNames(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

bool ServeAddress::is_loopback() const { return host.starts_with("127.") || host == "::1"; }

std::string ServeAddress::ToString() const {
  return is_ipv6() ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<ServeAddress> ParseServeAddress(std::string_view text) {
  ServeAddress address;
  auto [host, port] = SplitHostAndPort(text);
  if (!port) port = std::exchange(host, address.host);
  const std::optional<std::uint16_t> number = ParsePort(*port);
  if (!number || !IsNumericAddress(host)) {
    return Status::InvalidArgument(
        fmt::format("--serve: is {}, must be a port (0 to 65535) or an address in numbers with a "
                    "port, such as 8470, 0.0.0.0:8470 or [::1]:8470",
                    base::OneLine(std::string(text))));
  }
  address.host = host;
  address.port = *number;
  return address;
}

bool IsOwnHostHeader(std::string_view host, std::string_view own_name) {
  const std::string name = SplitHostAndPort(host).first;
  if (name == "localhost" || IsNumericAddress(name)) return true;
  const std::string_view first_label = own_name.substr(0, own_name.find('.'));
  return !own_name.empty() && (EqualNames(name, own_name) || EqualNames(name, first_label));
}

std::string OwnHostName() {
  char name[HOST_NAME_MAX + 1] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace foothold::live
