// Redis by hiredis, which writes commands and reads replies; the bytes go over a Transport.
#include <fmt/core.h>
#include <hiredis/hiredis.h>

#include <array>
#include <map>
#include <optional>
#include <utility>

#include "measure/fleet/broker.h"
#include "measure/fleet/transport.h"

namespace foothold::measure {
namespace {

using Reader = std::unique_ptr<redisReader, decltype(&redisReaderFree)>;

constexpr double kAnswerSeconds = 5;
/// A message is at most kMostMessageBytes; replies are lists of up to a hundred of them. What is
/// longer comes from no fleet.
constexpr std::size_t kMostReplyBytes = std::size_t{256} << 20;
constexpr const char* kProtocolKey = "fh:protocol";

Reply Copy(const redisReply& from) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      reply.kind = Reply::Kind::kText;
      reply.text.assign(from.str, static_cast<std::size_t>(from.len));
      break;
    case REDIS_REPLY_ERROR:
      reply.kind = Reply::Kind::kError;
      reply.text.assign(from.str, static_cast<std::size_t>(from.len));
      break;
    case REDIS_REPLY_INTEGER:
      reply.kind = Reply::Kind::kInteger;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = Reply::Kind::kArray;
      reply.elements.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) {
        reply.elements.push_back(Copy(*from.element[i]));
      }
      break;
    default:
      break;
  }
  return reply;
}

void AppendCommand(const Broker::Words& words, std::string& bytes) {
  bytes += fmt::format("*{}\r\n", words.size());
  for (const std::string& word : words) bytes += fmt::format("${}\r\n{}\r\n", word.size(), word);
}

class HiredisBroker final : public Broker {
 public:
  explicit HiredisBroker(FleetAddress address) : address_(std::move(address)) {}

  Result<Reply> Call(const Words& words, double patience_s) override {
    FOOTHOLD_RETURN_IF_ERROR(EnsureConnected());
    FOOTHOLD_ASSIGN_OR_RETURN(std::vector<Reply> replies, Exchange({words}, patience_s));
    return std::move(replies.front());
  }
  Result<std::vector<Reply>> CallAll(const std::vector<Words>& commands) override {
    if (commands.empty()) return std::vector<Reply>();
    FOOTHOLD_RETURN_IF_ERROR(EnsureConnected());
    return Exchange(commands, 0);
  }
  Result<Reply> Run(const Script& script, const Words& keys, const Words& arguments) override;

  Status EnsureConnected();

 private:
  Status Connect();
  Status LogIn();
  Status AgreeOnProtocol();
  Result<std::string> Load(const Script& script);
  Result<Reply> Checked(const Words& words);
  Result<std::vector<Reply>> Exchange(const std::vector<Words>& commands, double patience_s);
  Result<Reply> ReadReply(double patience_s);
  Status Disconnect(Status status) {
    transport_.reset();
    return status;
  }

  const FleetAddress address_;
  std::unique_ptr<Transport> transport_;  // nullptr: not connected
  Reader reader_{nullptr, redisReaderFree};
  std::size_t unread_bytes_ = 0;                     // fed since the last whole reply
  std::map<const Script*, std::string> script_ids_;  // as the server calls them
};

Status HiredisBroker::EnsureConnected() {
  if (transport_ != nullptr) return {};
  Status status = Connect();
  if (!status.ok()) transport_.reset();
  return status;
}

Status HiredisBroker::Connect() {
  FOOTHOLD_ASSIGN_OR_RETURN(transport_, address_.tls ? ConnectTls(address_, kAnswerSeconds)
                                                     : ConnectTcp(address_, kAnswerSeconds));
  reader_.reset(redisReaderCreate());
  unread_bytes_ = 0;
  FOOTHOLD_RETURN_IF_ERROR(LogIn());
  return AgreeOnProtocol();
}

/// The reply to a command that must not fail.
Result<Reply> HiredisBroker::Checked(const Words& words) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::vector<Reply> replies, Exchange({words}, 0));
  FOOTHOLD_RETURN_IF_ERROR(StatusOf(replies.front(), address_));
  return std::move(replies.front());
}

Status HiredisBroker::LogIn() {
  if (address_.password.empty()) return {};
  Words words = {"AUTH"};
  if (!address_.user.empty()) words.push_back(address_.user);
  words.push_back(address_.password);
  return Checked(words).status();
}

Status HiredisBroker::AgreeOnProtocol() {
  const std::string own = std::to_string(kFleetProtocol);
  FOOTHOLD_ASSIGN_OR_RETURN(Reply found, Checked({"GET", kProtocolKey}));
  if (found.is_nil()) {
    FOOTHOLD_ASSIGN_OR_RETURN(const Reply set, Checked({"SET", kProtocolKey, own, "NX"}));
    if (!set.is_nil()) return {};
    FOOTHOLD_ASSIGN_OR_RETURN(found, Checked({"GET", kProtocolKey}));
  }
  if (found.text == own) return {};
  return Status::InvalidArgument(fmt::format(
      "the fleet at {} speaks version {} of the protocol, this foothold version {}: use the same "
      "foothold everywhere",
      address_.ToString(), found.text.substr(0, 20), own));
}

Result<std::string> HiredisBroker::Load(const Script& script) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply id, Checked({"SCRIPT", "LOAD", std::string(script.text)}));
  return script_ids_[&script] = id.text;
}

Result<Reply> HiredisBroker::Run(const Script& script, const Words& keys, const Words& arguments) {
  FOOTHOLD_RETURN_IF_ERROR(EnsureConnected());
  const auto known = script_ids_.find(&script);
  std::string id;
  if (known != script_ids_.end()) {
    id = known->second;
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(id, Load(script));
  }
  Words words = {"EVALSHA", id, std::to_string(keys.size())};
  words.insert(words.end(), keys.begin(), keys.end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  FOOTHOLD_ASSIGN_OR_RETURN(std::vector<Reply> replies, Exchange({words}, 0));
  if (replies.front().IsError("NOSCRIPT")) {  // the server was started anew
    FOOTHOLD_ASSIGN_OR_RETURN(words[1], Load(script));
    FOOTHOLD_ASSIGN_OR_RETURN(replies, Exchange({words}, 0));
  }
  return std::move(replies.front());
}

Result<std::vector<Reply>> HiredisBroker::Exchange(const std::vector<Words>& commands,
                                                   double patience_s) {
  std::string bytes;
  for (const Words& words : commands) AppendCommand(words, bytes);
  if (Status status = transport_->Write(bytes, kAnswerSeconds); !status.ok()) {
    return Disconnect(std::move(status));
  }
  std::vector<Reply> replies;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    Result<Reply> reply = ReadReply(patience_s);
    if (!reply.ok()) return Disconnect(reply.status());
    replies.push_back(std::move(reply).value());
  }
  return replies;
}

Result<Reply> HiredisBroker::ReadReply(double patience_s) {
  std::array<char, 16384> buffer;
  while (true) {
    void* raw = nullptr;
    if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) {
      return Status::InvalidArgument(
          fmt::format("what answers at {} is no Redis server", address_.ToString()));
    }
    if (raw != nullptr) {
      const std::unique_ptr<void, decltype(&freeReplyObject)> owned(raw, freeReplyObject);
      unread_bytes_ = 0;
      return Copy(*static_cast<const redisReply*>(raw));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const std::size_t got, transport_->Read(buffer.data(), buffer.size(),
                                                                      kAnswerSeconds + patience_s));
    unread_bytes_ += got;
    if (unread_bytes_ > kMostReplyBytes ||
        redisReaderFeed(reader_.get(), buffer.data(), got) != REDIS_OK) {
      return Status::Unavailable(
          fmt::format("the fleet at {} answers with too much", address_.ToString()));
    }
  }
}

}  // namespace

Result<std::unique_ptr<Broker>> ConnectToBroker(const FleetAddress& address) {
  auto broker = std::make_unique<HiredisBroker>(address);
  FOOTHOLD_RETURN_IF_ERROR(broker->EnsureConnected());
  return std::unique_ptr<Broker>(std::move(broker));
}

}  // namespace foothold::measure
