// rediss:// by OpenSSL: TLS 1.2 or newer, and only to a server that proves who it is.
#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "measure/fleet/socket.h"
#include "measure/fleet/transport.h"

namespace foothold::measure {
namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

std::string LastError() {
  const unsigned long code = ERR_get_error();
  if (code == 0) return "the connection was closed";
  char text[256];
  ERR_error_string_n(code, text, sizeof(text));
  return text;
}

class TlsTransport final : public Transport {
 public:
  TlsTransport(const FleetAddress& address, std::unique_ptr<Socket> socket, Context context,
               Session session)
      : address_(address),
        socket_(std::move(socket)),
        context_(std::move(context)),
        session_(std::move(session)) {}

  Status Handshake(double timeout_s) {
    while (true) {
      ERR_clear_error();
      const int done = SSL_connect(session_.get());
      if (done == 1) return {};
      const long verdict = SSL_get_verify_result(session_.get());
      if (verdict != X509_V_OK) {
        return Status::InvalidArgument(fmt::format(
            "the fleet at {} has no certificate that is good for it: {}; name the authority's file "
            "in FOOTHOLD_FLEET_CA",
            address_.ToString(), X509_verify_cert_error_string(verdict)));
      }
      FOOTHOLD_RETURN_IF_ERROR(Wait(done, timeout_s));
    }
  }

  Status Write(std::string_view bytes, double timeout_s) override {
    while (!bytes.empty()) {
      ERR_clear_error();
      std::size_t sent = 0;
      const int done = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &sent);
      if (done == 1) {
        bytes.remove_prefix(sent);
      } else {
        FOOTHOLD_RETURN_IF_ERROR(Wait(done, timeout_s));
      }
    }
    return {};
  }

  Result<std::size_t> Read(char* buffer, std::size_t most, double timeout_s) override {
    while (true) {
      ERR_clear_error();
      std::size_t got = 0;
      const int done = SSL_read_ex(session_.get(), buffer, most, &got);
      if (done == 1) return got;
      FOOTHOLD_RETURN_IF_ERROR(Wait(done, timeout_s));
    }
  }

 private:
  /// For what the last call, which returned `done`, needs.
  Status Wait(int done, double timeout_s) {
    const int error = SSL_get_error(session_.get(), done);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      return Lost(address_, LastError());
    }
    const short events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    if (!socket_->WaitFor(events, timeout_s)) return Lost(address_, "it does not answer");
    return {};
  }

  const FleetAddress address_;
  const std::unique_ptr<Socket> socket_;
  const Context context_;
  const Session session_;  // goes before its context and its socket
};

Result<Context> MakeContext() {
  Context context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (context == nullptr) return Status::Unavailable("OpenSSL does not start: " + LastError());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const char* authority = std::getenv("FOOTHOLD_FLEET_CA");
  if (authority == nullptr) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (SSL_CTX_load_verify_locations(context.get(), authority, nullptr) != 1) {
    return Status::InvalidArgument(fmt::format(
        "FOOTHOLD_FLEET_CA: {} is no file with certificates (PEM): {}", authority, LastError()));
  }
  return context;
}

/// The certificate must be for this host, which is also what the server is told.
bool SetHost(SSL* session, const std::string& host) {
  X509_VERIFY_PARAM* rules = SSL_get0_param(session);
  if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1) return true;
  ERR_clear_error();
  return SSL_set1_host(session, host.c_str()) == 1 &&
         SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

}  // namespace

Result<std::unique_ptr<Transport>> ConnectTls(const FleetAddress& address, double timeout_s) {
  FOOTHOLD_ASSIGN_OR_RETURN(Context context, MakeContext());
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<Socket> socket, ConnectSocket(address, timeout_s));
  Session session(SSL_new(context.get()), SSL_free);
  if (session == nullptr || SSL_set_fd(session.get(), socket->descriptor()) != 1 ||
      !SetHost(session.get(), address.host)) {
    return Lost(address, LastError());
  }
  auto transport = std::make_unique<TlsTransport>(address, std::move(socket), std::move(context),
                                                  std::move(session));
  FOOTHOLD_RETURN_IF_ERROR(transport->Handshake(timeout_s));
  return std::unique_ptr<Transport>(std::move(transport));
}

}  // namespace foothold::measure
