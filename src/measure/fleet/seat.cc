#include "measure/fleet/seat.h"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "base/content_hash.h"
#include "measure/fleet/keys.h"
#include "measure/fleet/worker_scripts.h"

namespace foothold::measure {
namespace {

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// The message of an entry [id, [field, value, ...]]; empty where it has none.
std::string MessageOf(const Reply& entry) {
  if (entry.elements.size() != 2) return "";
  const std::vector<Reply>& fields = entry.elements[1].elements;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    if (fields[i].text == kField) return fields[i + 1].text;
  }
  return "";
}

std::string Milliseconds(double seconds) {
  return std::to_string(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace

std::string MakeWorkerName(const std::string& device, std::string_view salt) {
  return device + "/" + base::ContentHash(salt).substr(std::size("sha256 ") - 1, 8);
}

std::vector<std::string> DevicesOf(const Reply& workers) {
  std::vector<std::string> devices;
  for (const Reply& worker : workers.elements) {
    devices.push_back(worker.text.substr(0, worker.text.rfind('/')));
  }
  return devices;
}

Seat::Seat(Broker& broker, FleetAddress address, WorkerIdentity identity, double lease_s)
    : broker_(broker),
      address_(std::move(address)),
      identity_(std::move(identity)),
      lease_s_(lease_s),
      queues_({DeviceQueue(identity_.device), identity_.class_name}) {}

std::string Seat::LeaseMs() const { return Milliseconds(lease_s_); }

Result<Reply> Seat::Run(const Script& script, const Broker::Words& keys,
                        const Broker::Words& arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(Reply reply, broker_.Run(script, keys, arguments));
  FOOTHOLD_RETURN_IF_ERROR(StatusOf(reply, address_));
  return reply;
}

Status Seat::CreateGroups() {
  for (const std::string& queue : queues_) {
    FOOTHOLD_ASSIGN_OR_RETURN(const Reply reply, broker_.Call({"XGROUP", "CREATE", QueueKey(queue),
                                                               kGroup, "0", "MKSTREAM"}));
    if (!reply.IsError("BUSYGROUP")) FOOTHOLD_RETURN_IF_ERROR(StatusOf(reply, address_));
  }
  return {};
}

Status Seat::Join() {
  FOOTHOLD_RETURN_IF_ERROR(CreateGroups());
  FOOTHOLD_ASSIGN_OR_RETURN(
      const Reply others,
      Run(kDeviceIsTaken, {CrewKey(DeviceQueue(identity_.device))}, {identity_.worker}));
  if (others.integer == 0) return {};
  return Status::Unavailable(fmt::format(
      "the fleet at {}: a worker for the device {} is there already, or its lease has not ended",
      address_.ToString(), identity_.device));
}

Result<bool> Seat::Beat(const WorkerReport& report, bool is_ready, const HeldJob* held) {
  Broker::Words keys = {WorkerKey(identity_.worker), kClassesKey,
                        QueueKey(held == nullptr ? identity_.class_name : held->queue)};
  for (const std::string& queue : queues_) {
    keys.push_back(CrewKey(queue));
    keys.push_back(ReadyKey(queue));
  }
  Broker::Words arguments = {LeaseMs(), identity_.worker, identity_.class_name,
                             is_ready ? "1" : "0", held == nullptr ? "" : held->entry};
  for (const auto& [name, value] : report) {
    arguments.push_back(name);
    arguments.push_back(value);
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply reply, Run(kBeat, keys, arguments));
  return reply.integer == 1;
}

Status Seat::Leave() {
  Broker::Words keys = {WorkerKey(identity_.worker)};
  for (const std::string& queue : queues_) {
    keys.push_back(QueueKey(queue));
    keys.push_back(CrewKey(queue));
    keys.push_back(ReadyKey(queue));
  }
  return Run(kLeave, keys, {identity_.worker}).status();
}

Result<std::optional<HeldJob>> Seat::Take(double wait_s) {
  if (next_.empty() && may_hold_unknown_) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::optional<HeldJob> held, Recover());
    if (held) return held;
  }
  if (!next_.empty()) {
    HeldJob held = std::move(next_.front());
    next_.pop_front();
    return std::optional(std::move(held));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(std::optional<HeldJob> own, Read({queues_.front()}, ">", 0));
  if (own) return own;
  for (const std::string& queue : queues_) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::optional<HeldJob> left, TakeOver(queue));
    if (left) return left;
  }
  return Read(queues_, ">", wait_s);
}

/// What was given out to this worker, and never arrived: the connection broke in between.
Result<std::optional<HeldJob>> Seat::Recover() {
  FOOTHOLD_ASSIGN_OR_RETURN(std::optional<HeldJob> held, Read(queues_, "0", 0));
  if (!held) {
    may_hold_unknown_ = false;
    return held;
  }
  // Reading it again counts as giving it out.
  FOOTHOLD_ASSIGN_OR_RETURN(
      const Reply pending,
      broker_.Call({"XPENDING", QueueKey(held->queue), kGroup, held->entry, held->entry, "1"}));
  FOOTHOLD_RETURN_IF_ERROR(StatusOf(pending, address_));
  if (pending.elements.size() == 1 && pending.elements.front().elements.size() == 4) {
    held->attempt = static_cast<std::uint64_t>(pending.elements.front().elements[3].integer);
  }
  return held;
}

/// The first of the entries after `after`; the others, at most one a queue, come next. Of what was
/// given out before (`after` other than ">") none is kept: it is read again.
Result<std::optional<HeldJob>> Seat::Read(const std::vector<std::string>& queues,
                                          const std::string& after, double wait_s) {
  const bool is_new = after == ">";
  Broker::Words words = {"XREADGROUP", "GROUP", kGroup, identity_.worker, "COUNT", "1"};
  if (wait_s > 0) words.insert(words.end(), {"BLOCK", Milliseconds(wait_s)});
  words.push_back("STREAMS");
  for (const std::string& queue : queues) words.push_back(QueueKey(queue));
  words.insert(words.end(), queues.size(), after);
  Result<Reply> reply = broker_.Call(words, wait_s);
  if (!reply.ok()) {
    may_hold_unknown_ = true;
    return reply.status();
  }
  if (reply->IsError("NOGROUP")) {  // the server lost what it had
    FOOTHOLD_RETURN_IF_ERROR(CreateGroups());
    return std::optional<HeldJob>();
  }
  FOOTHOLD_RETURN_IF_ERROR(StatusOf(*reply, address_));
  std::vector<HeldJob> found;
  for (const Reply& stream : reply->elements) {
    if (stream.elements.size() != 2) continue;
    const auto queue = std::find_if(queues.begin(), queues.end(), [&](const std::string& name) {
      return QueueKey(name) == stream.elements[0].text;
    });
    if (queue == queues.end()) continue;
    for (const Reply& entry : stream.elements[1].elements) {
      if (entry.elements.empty()) continue;
      found.push_back({*queue, entry.elements[0].text, 1, MessageOf(entry)});
    }
  }
  if (found.empty()) return std::optional<HeldJob>();
  if (is_new) next_.insert(next_.end(), found.begin() + 1, found.end());
  return std::optional(std::move(found.front()));
}

Result<std::optional<HeldJob>> Seat::TakeOver(const std::string& queue) {
  FOOTHOLD_ASSIGN_OR_RETURN(
      const Reply reply,
      Run(kTakeOver, {QueueKey(queue), CrewKey(queue), ReadyKey(queue), LostKey(queue)},
          {identity_.worker, identity_.device, LeaseMs(), queue == queues_.front() ? "1" : "0"}));
  if (reply.elements.size() != 4) return std::optional<HeldJob>();
  HeldJob held{queue, reply.elements[0].text, static_cast<std::uint64_t>(reply.elements[2].integer),
               reply.elements[1].text, Words(reply.elements[3].text)};
  return std::optional(std::move(held));
}

Result<bool> Seat::Finish(const HeldJob& held, const std::string& run, const std::string& message) {
  FOOTHOLD_ASSIGN_OR_RETURN(
      const Reply reply, Run(kFinish, {QueueKey(held.queue), LostKey(held.queue)},
                             {held.entry, identity_.worker, std::to_string(held.attempt), message,
                              ResultsKey(run), kStaleKey}));
  return reply.integer == 1;
}

Result<bool> Seat::GiveBack(const HeldJob& held, const std::string& run, const std::string& job) {
  FOOTHOLD_ASSIGN_OR_RETURN(
      const Reply reply,
      Run(kGiveBack, {QueueKey(held.queue), JobsKey(run), LostKey(held.queue)},
          {held.entry, identity_.worker, std::to_string(held.attempt), held.message, job}));
  return reply.integer == 1;
}

Status Seat::Drop(const HeldJob& held) {
  const std::string queue = QueueKey(held.queue);
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<Reply> replies,
                            broker_.CallAll({{"XACK", queue, kGroup, held.entry},
                                             {"XDEL", queue, held.entry},
                                             {"HDEL", LostKey(held.queue), held.entry}}));
  for (const Reply& reply : replies) FOOTHOLD_RETURN_IF_ERROR(StatusOf(reply, address_));
  return {};
}

Result<std::vector<std::string>> Seat::ReadyDevices() {
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply reply, Run(kReady, {ReadyKey(identity_.class_name)}, {}));
  return DevicesOf(reply);
}

}  // namespace foothold::measure
