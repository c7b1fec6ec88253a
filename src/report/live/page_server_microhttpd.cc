// The server by GNU libmicrohttpd, which polls all its connections in one thread: a client that
// sends or reads slowly holds up no other, and ConnectionShares keeps room for new ones.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <microhttpd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <string_view>
#include <utility>

#include "report/live/connection_shares.h"
#include "report/live/page_server.h"
#include "report/live/quiet_thread.h"

namespace foothold::live {
namespace {

constexpr unsigned kMaxConnections = 64;
// The library's own limit: it takes in no more, so that this must not be reached.
constexpr unsigned kMaxSockets = kMaxConnections + 64;
constexpr unsigned kIdleSeconds = 5;              // then a connection is closed
constexpr std::size_t kConnectionBytes = 16'384;  // for a request with its headers

struct ResponseDeleter {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Response = std::unique_ptr<MHD_Response, ResponseDeleter>;

Response MakeResponse(std::string_view text, const char* type) {
  Response response(MHD_create_response_from_buffer(text.size(), const_cast<char*>(text.data()),
                                                    MHD_RESPMEM_MUST_COPY));
  if (response == nullptr) return response;
  const std::pair<const char*, const char*> headers[] = {
      {"Content-Type", type},
      {"Cache-Control", "no-store"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
  };
  for (const auto& [name, value] : headers) MHD_add_response_header(response.get(), name, value);
  return response;
}

Response MakeComplaint(std::string_view text) {
  return MakeResponse(text, "text/plain; charset=utf-8");
}

// A socket address in either family, as the system wants it.
struct SocketAddress {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const sockaddr* pointer = nullptr;
};

void Fill(const ServeAddress& address, SocketAddress& socket) {
  if (address.is_ipv6()) {
    socket.v6.sin6_family = AF_INET6;
    socket.v6.sin6_port = htons(address.port);
    ::inet_pton(AF_INET6, address.host.c_str(), &socket.v6.sin6_addr);
    socket.pointer = reinterpret_cast<const sockaddr*>(&socket.v6);
    return;
  }
  socket.v4.sin_family = AF_INET;
  socket.v4.sin_port = htons(address.port);
  ::inet_pton(AF_INET, address.host.c_str(), &socket.v4.sin_addr);
  socket.pointer = reinterpret_cast<const sockaddr*>(&socket.v4);
}

// Whose share a connection counts for: an IPv4 address, or the half of an IPv6 address by which
// networks are given out. `address` may be null.
std::string OwnerOf(const sockaddr* address) {
  if (address == nullptr) return "";
  if (address->sa_family == AF_INET6) {
    const auto& bytes = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr.s6_addr;
    return {reinterpret_cast<const char*>(bytes), sizeof bytes / 2};
  }
  const auto& bytes = reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  return {reinterpret_cast<const char*>(&bytes), sizeof bytes};
}

void DropLogLine(void*, const char*, va_list) {}  // what clients do wrong is no news

class MicrohttpdServer final : public PageServer {
 public:
  MicrohttpdServer(ServeAddress address, std::string page,
                   std::function<std::shared_ptr<const std::string>()> data)
      : address_(std::move(address)), page_(std::move(page)), data_(std::move(data)) {}
  ~MicrohttpdServer() override {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }

  Status Listen();
  std::string url() const override { return "http://" + address_.ToString() + "/"; }

 private:
  static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char* url,
                              const char* method, const char* version, const char* upload,
                              std::size_t* upload_size, void** request);
  static void OnConnection(void* self, MHD_Connection* connection, void** socket_context,
                           MHD_ConnectionNotificationCode what);
  MHD_Result Answer(MHD_Connection* connection, std::string_view url, std::string_view method);
  std::pair<unsigned, Response> ResponseTo(std::string_view url, std::string_view method,
                                           const char* host);

  ServeAddress address_;
  const std::string own_name_ = OwnHostName();
  std::string page_;
  std::function<std::shared_ptr<const std::string>()> data_;
  ConnectionShares shares_{kMaxConnections};  // of the library's thread, as is all of OnConnection
  MHD_Daemon* daemon_ = nullptr;
};

Status MicrohttpdServer::Listen() {
  SocketAddress socket;
  Fill(address_, socket);
  unsigned flags = MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG;
  if (address_.is_ipv6()) flags |= MHD_USE_IPv6;
  const SignalsBlocked blocked;
  errno = 0;
  daemon_ = MHD_start_daemon(
      flags, address_.port, nullptr, nullptr, &MicrohttpdServer::OnRequest, this,
      MHD_OPTION_EXTERNAL_LOGGER, &DropLogLine, nullptr, MHD_OPTION_SOCK_ADDR, socket.pointer,
      MHD_OPTION_CONNECTION_LIMIT, kMaxSockets, MHD_OPTION_NOTIFY_CONNECTION,
      &MicrohttpdServer::OnConnection, this, MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionBytes, MHD_OPTION_END);
  if (daemon_ == nullptr) {
    return Status::Unavailable(fmt::format("cannot listen on {}: {}; --serve=0 takes any free port",
                                           address_.ToString(), std::strerror(errno)));
  }
  const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
  if (info != nullptr) address_.port = info->port;
  return {};
}

MHD_Result MicrohttpdServer::OnRequest(void* self, MHD_Connection* connection, const char* url,
                                       const char* method, const char* /*version*/,
                                       const char* /*upload*/, std::size_t* upload_size,
                                       void** request) {
  // The library calls first when it has the headers, then with each piece of a body, then at the
  // end. Nothing wants a body.
  const bool has_headers_only = *request == nullptr;
  *request = self;
  const bool is_read = std::string_view(method) == "GET" || std::string_view(method) == "HEAD";
  if (has_headers_only && is_read) return MHD_YES;
  if (*upload_size > 0) return MHD_NO;
  return static_cast<MicrohttpdServer*>(self)->Answer(connection, url, method);
}

void MicrohttpdServer::OnConnection(void* self, MHD_Connection* connection,
                                    void** /*socket_context*/,
                                    MHD_ConnectionNotificationCode what) {
  static thread_local bool gives_way = false;
  if (!std::exchange(gives_way, true)) GiveWay();
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info == nullptr) return;
  const int fd = info->connect_fd;
  ConnectionShares& shares = static_cast<MicrohttpdServer*>(self)->shares_;
  if (what == MHD_CONNECTION_NOTIFY_CLOSED) return shares.Remove(static_cast<unsigned>(fd));
  info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const auto evicted =
      shares.Add(static_cast<unsigned>(fd), OwnerOf(info == nullptr ? nullptr : info->client_addr));
  // The library finds it at its end, and closes it.
  if (evicted) ::shutdown(static_cast<int>(*evicted), SHUT_RDWR);
}

std::pair<unsigned, Response> MicrohttpdServer::ResponseTo(std::string_view url,
                                                           std::string_view method,
                                                           const char* host) {
  if (method != "GET" && method != "HEAD") {
    return {MHD_HTTP_METHOD_NOT_ALLOWED, MakeComplaint("only GET and HEAD\n")};
  }
  if (host == nullptr || !IsOwnHostHeader(host, address_.is_loopback() ? "" : own_name_)) {
    return {MHD_HTTP_FORBIDDEN,
            MakeComplaint("ask for an address in numbers, for localhost or for this machine's own "
                          "name\n")};
  }
  if (url == "/") return {MHD_HTTP_OK, MakeResponse(page_, "text/html; charset=utf-8")};
  if (url == "/data.json") return {MHD_HTTP_OK, MakeResponse(*data_(), "application/json")};
  return {MHD_HTTP_NOT_FOUND, MakeComplaint("there are / and /data.json\n")};
}

MHD_Result MicrohttpdServer::Answer(MHD_Connection* connection, std::string_view url,
                                    std::string_view method) {
  // Nothing may be thrown through the library's frames, and nothing here may end the tuning.
  try {
    const char* host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    const auto [code, response] = ResponseTo(url, method, host);
    return response == nullptr ? MHD_NO : MHD_queue_response(connection, code, response.get());
  } catch (const std::exception&) {
    const Response response = MakeComplaint("the data could not be made\n");
    if (response == nullptr) return MHD_NO;
    return MHD_queue_response(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, response.get());
  }
}

}  // namespace

Result<std::unique_ptr<PageServer>> PageServer::Start(
    const ServeAddress& address, std::string page,
    std::function<std::shared_ptr<const std::string>()> data) {
  auto server = std::make_unique<MicrohttpdServer>(address, std::move(page), std::move(data));
  FOOTHOLD_RETURN_IF_ERROR(server->Listen());
  return std::unique_ptr<PageServer>(std::move(server));
}

}  // namespace foothold::live
