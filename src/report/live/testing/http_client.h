#pragma once

// A client that can also behave badly: it sends what it is told, byte for byte.

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace foothold::live::testing {

/// The port of "http://127.0.0.1:8470/".
inline int PortOf(const std::string& url) { return std::stoi(url.substr(url.rfind(':') + 1)); }

class HttpClient {
 public:
  explicit HttpClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~HttpClient() { ::close(socket_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool is_connected() const { return is_connected_; }

  void Send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the server has had enough
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// All that the server says until it closes; gives up after a minute of silence.
  std::string ReceiveAll() {
    std::string all;
    char part[65536];
    pollfd waits{socket_, POLLIN, 0};
    while (::poll(&waits, 1, 60'000) == 1) {
      const ssize_t got = ::recv(socket_, part, sizeof(part), 0);
      if (got <= 0) break;
      all.append(part, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  int socket_;
  bool is_connected_ = false;
};

/// The whole answer, headers and body, to a request on a connection of its own.
inline std::string Ask(int port, const std::string& method, const std::string& path,
                       const std::string& host = "localhost") {
  HttpClient client(port);
  client.Send(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  return client.ReceiveAll();
}

}  // namespace foothold::live::testing
