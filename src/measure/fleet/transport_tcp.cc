#include <fcntl.h>
#include <fmt/core.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "foothold/env.h"
#include "measure/fleet/socket.h"
#include "measure/fleet/transport.h"

namespace foothold::measure {

Socket::~Socket() { close(descriptor_); }

bool Socket::WaitFor(short events, double timeout_s) const {
  Env& env = *Env::Default();
  const double end_s = env.MonotonicSeconds() + timeout_s;
  while (true) {
    const double left_s = std::max(0.0, end_s - env.MonotonicSeconds());
    pollfd wanted{descriptor_, events, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(left_s * 1000) + 1);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // the next call on it says what is wrong
    if (env.MonotonicSeconds() >= end_s) return false;
  }
}

Status Lost(const FleetAddress& address, const std::string& how) {
  return Status::Unavailable(fmt::format("the fleet at {}: {}", address.ToString(), how));
}

namespace {

void SetOptions(int descriptor) {
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  // A server whose machine went away is noticed while nothing is sent, too.
  const int idle_s = 5;
  const int probes = 3;
  setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &idle_s, sizeof(idle_s));
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

/// 0, or the system's number for why it does not connect.
int Connect(const Socket& socket, const addrinfo& to, double timeout_s) {
  if (connect(socket.descriptor(), to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!socket.WaitFor(POLLOUT, timeout_s)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

class TcpTransport final : public Transport {
 public:
  TcpTransport(const FleetAddress& address, std::unique_ptr<Socket> socket)
      : address_(address), socket_(std::move(socket)) {}

  Status Write(std::string_view bytes, double timeout_s) override {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_->descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        if (!socket_->WaitFor(POLLOUT, timeout_s)) return Lost(address_, "it takes no more");
      } else if (errno != EINTR) {
        return Lost(address_, std::strerror(errno));
      }
    }
    return {};
  }

  Result<std::size_t> Read(char* buffer, std::size_t most, double timeout_s) override {
    while (true) {
      const ssize_t got = recv(socket_->descriptor(), buffer, most, 0);
      if (got > 0) return static_cast<std::size_t>(got);
      if (got == 0) return Lost(address_, "it closed the connection");
      if (errno == EAGAIN) {
        if (!socket_->WaitFor(POLLIN, timeout_s)) return Lost(address_, "it does not answer");
      } else if (errno != EINTR) {
        return Lost(address_, std::strerror(errno));
      }
    }
  }

 private:
  const FleetAddress address_;
  const std::unique_ptr<Socket> socket_;
};

}  // namespace

Result<std::unique_ptr<Socket>> ConnectSocket(const FleetAddress& address, double timeout_s) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) return Lost(address, gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, freeaddrinfo);
  int last = EHOSTUNREACH;
  for (const addrinfo* to = found; to != nullptr; to = to->ai_next) {
    const int descriptor =
        socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, to->ai_protocol);
    if (descriptor < 0) {
      last = errno;
      continue;
    }
    auto socket = std::make_unique<Socket>(descriptor);
    last = Connect(*socket, *to, timeout_s);
    if (last != 0) continue;
    SetOptions(descriptor);
    return socket;
  }
  return Lost(address, std::strerror(last));
}

Result<std::unique_ptr<Transport>> ConnectTcp(const FleetAddress& address, double timeout_s) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<Socket> socket, ConnectSocket(address, timeout_s));
  return std::unique_ptr<Transport>(std::make_unique<TcpTransport>(address, std::move(socket)));
}

}  // namespace foothold::measure
