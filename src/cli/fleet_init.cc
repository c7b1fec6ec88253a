// foothold fleet init: the files of a fleet's server.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "cli/common/output.h"
#include "cli/fleet_commands.h"
#include "measure/fleet/message_fields.h"
#include "measure/fleet/server_files.h"

namespace foothold::cli {
namespace {

constexpr const char* kInitFooter =
    R"(Writes redis.conf and users.acl to DIR, and with --tls certificates of an authority of their own, made by the program
openssl. Prints the addresses with their new passwords, once: they are kept nowhere. Start the server with
  redis-server DIR/redis.conf

Workers may take and give back jobs of the classes named (of all, if none is) and add results; nothing else.

Example: a server that one network card sees, encrypted
  foothold fleet init farm --bind 10.0.0.1 --tls)";

constexpr const char* kCertificateDays = "3650";
constexpr std::size_t kPasswordBytes = 24;

struct InitArguments {
  measure::ServerSetUp set_up;
};

Result<std::string> NewPassword(Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto random, env.OpenForRead("/dev/urandom"));
  std::string password;
  while (password.size() < 2 * kPasswordBytes) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string bytes, random->Read(kPasswordBytes));
    for (const char byte : bytes) {
      password += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
  }
  return password.substr(0, 2 * kPasswordBytes);
}

Status RunOpenssl(std::vector<std::string> words, const std::string& directory, Env& env) {
  ProcessCommand command;
  command.argv = std::move(words);
  command.argv.insert(command.argv.begin(), "openssl");
  command.directory = directory;
  command.limits.wall_s = 60;
  const Result<ProcessResult> result = env.RunProcess(command, [] { return false; });
  if (!result.ok()) {
    return {result.status().code(),
            "--tls: " + result.status().message() + "; install the program openssl"};
  }
  if (result->succeeded()) return {};
  return Status::Unavailable(fmt::format("--tls: openssl {}: {}", Describe(*result, command.limits),
                                         base::OneLine(result->err.text.substr(0, 300))));
}

/// The names in the server's certificate: clients connect to one of these.
std::string AlternativeNames(const std::vector<std::string>& bind) {
  std::string names = "subjectAltName=";
  for (const std::string& host : bind) {
    const bool is_address = host.find_first_not_of("0123456789.") == std::string::npos ||
                            host.find(':') != std::string::npos;
    names += fmt::format("{}:{},", is_address ? "IP" : "DNS", host);
  }
  return names + "DNS:localhost";
}

Status MakeCertificates(const measure::ServerSetUp& set_up, Env& env) {
  const std::string& in = set_up.directory;
  FOOTHOLD_RETURN_IF_ERROR(
      RunOpenssl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
                  "ca.crt", "-days", kCertificateDays, "-subj", "/CN=foothold fleet"},
                 in, env));
  FOOTHOLD_RETURN_IF_ERROR(
      RunOpenssl({"req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out",
                  "server.csr", "-subj", "/CN=" + set_up.bind.front()},
                 in, env));
  FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(
      in + "/server.ext", AlternativeNames(set_up.bind) + "\nextendedKeyUsage=serverAuth\n"));
  FOOTHOLD_RETURN_IF_ERROR(RunOpenssl(
      {"x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
       "-out", "server.crt", "-days", kCertificateDays, "-extfile", "server.ext"},
      in, env));
  for (const char* name : {"server.csr", "server.ext", "ca.srl"}) {
    FOOTHOLD_RETURN_IF_ERROR(env.RemoveTree(in + "/" + name));
  }
  return {};
}

Status Check(const measure::ServerSetUp& set_up, Env& env) {
  for (const std::string& name : set_up.classes) {
    if (!measure::IsName(name)) {
      return Status::InvalidArgument("--class: must be letters, digits and -._:/@+=,#");
    }
  }
  for (const std::string& host : set_up.bind) {
    if (!measure::IsName(host)) {
      return Status::InvalidArgument("--bind: must be an address of this machine");
    }
  }
  if (set_up.directory.find_first_of(" \t\n\"'\\") != std::string::npos) {
    return Status::InvalidArgument("DIR: a path with blanks or quotes has no place in redis.conf");
  }
  for (const char* name : {"redis.conf", "users.acl", "ca.key"}) {
    const std::string path = set_up.directory + "/" + name;
    if (env.FileExists(path)) {
      return Status::InvalidArgument(path + " is there already: name another folder");
    }
  }
  return {};
}

Result<ExitCode> RunInit(const InitArguments& arguments, Env& env) {
  measure::ServerSetUp set_up = arguments.set_up;
  std::error_code error;
  set_up.directory = std::filesystem::absolute(set_up.directory, error).lexically_normal();
  if (set_up.directory.ends_with('/')) set_up.directory.pop_back();
  FOOTHOLD_RETURN_IF_ERROR(Check(set_up, env));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string tuner, NewPassword(env));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string worker, NewPassword(env));
  FOOTHOLD_RETURN_IF_ERROR(env.CreateDirectories(set_up.directory));
  if (set_up.tls) FOOTHOLD_RETURN_IF_ERROR(MakeCertificates(set_up, env));
  FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(set_up.directory + "/users.acl",
                                                   measure::UsersAcl(set_up, tuner, worker)));
  FOOTHOLD_RETURN_IF_ERROR(
      env.WriteFileAtomically(set_up.directory + "/redis.conf", measure::RedisConf(set_up)));
  const std::string end = fmt::format("@{}:{}\n", set_up.bind.front(), set_up.port);
  const char* scheme = set_up.tls ? "rediss" : "redis";
  PrintOut("server  redis-server {}/redis.conf\n", set_up.directory);
  PrintOut("tuners  {}://tuner:{}{}", scheme, tuner, end);
  PrintOut("workers {}://worker:{}{}", scheme, worker, end);
  if (set_up.tls) {
    PrintOut("both    FOOTHOLD_FLEET_CA={0}/ca.crt, or a copy; keep {0}/ca.key away from them\n",
             set_up.directory);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddFleetInit(CLI::App& fleet, Command& chosen) {
  auto arguments = std::make_shared<InitArguments>();
  CLI::App* init = fleet.add_subcommand("init", "Write the files of a fleet's Redis server");
  init->footer(kInitFooter);
  measure::ServerSetUp& set_up = arguments->set_up;
  init->add_option("DIR", set_up.directory, "Folder for the files and the server's data")
      ->required();
  init->add_option("--bind", set_up.bind,
                   "Address of this machine on which the server listens; may be repeated")
      ->allow_extra_args(false)
      ->capture_default_str();
  init->add_option("--port", set_up.port, "Port of the server")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str();
  init->add_option("--class", set_up.classes, "Class that workers may serve; may be repeated")
      ->allow_extra_args(false);
  init->add_flag("--tls", set_up.tls, "Encrypt, and make the certificates for it");
  init->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunInit(*arguments, session.env); };
  });
}

}  // namespace foothold::cli
