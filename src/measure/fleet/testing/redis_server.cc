#include "measure/fleet/testing/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/check.h"
#include "measure/fleet/broker.h"

namespace foothold::measure {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int FreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  FOOTHOLD_CHECK(bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
  FOOTHOLD_CHECK(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(socket);
  return ntohs(address.sin_port);
}

/// Whether the server takes commands. PING is refused to users who have not logged in, but only
/// once it has loaded its data.
bool Answers(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  char reply[64] = {};
  const bool is_there =
      connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      send(socket, "PING\r\n", 6, MSG_NOSIGNAL) == 6 &&
      recv(socket, reply, sizeof(reply) - 1, 0) > 0;
  close(socket);
  const std::string text = reply;
  return is_there && !text.starts_with("-LOADING");
}

}  // namespace

bool RedisServer::IsInstalled() {
  if (std::system("redis-server --version >/dev/null 2>&1") != 0) return false;
  const auto broker = ConnectToBroker({false, "127.0.0.1", 1, "", ""});
  return broker.status().code() == StatusCode::kUnavailable;  // nobody listens there
}

RedisServer::RedisServer(std::vector<std::string> options)
    : options_(std::move(options)), port_(FreePort()) {
  std::string name = (std::filesystem::temp_directory_path() / "foothold_redis.XXXXXX").string();
  folder_ = mkdtemp(name.data());
  Start();
}

RedisServer::~RedisServer() {
  Kill();
  std::filesystem::remove_all(folder_);
}

FleetAddress RedisServer::address() const { return {false, "127.0.0.1", port_, "", ""}; }

void RedisServer::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void RedisServer::Start() {
  const std::string port = std::to_string(port_);
  const std::string directory = folder_;
  std::vector<std::string> words = {"redis-server", "--port",  port,     "--bind", "127.0.0.1",
                                    "--dir",        directory, "--save", "",       "--appendonly",
                                    "yes"};
  words.insert(words.end(), options_.begin(), options_.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  FOOTHOLD_CHECK(pid_ >= 0);
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  for (int tries = 0; tries < 1000 && !Answers(port_); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void RedisServer::LoseDisk() { std::filesystem::remove_all(folder_ + "/appendonlydir"); }

std::string RedisServer::WriteFile(const std::string& name, const std::string& text) const {
  const std::string path = folder_ + "/" + name;
  std::ofstream(path) << text;
  return path;
}

}  // namespace foothold::measure
