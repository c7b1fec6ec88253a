#include "measure/fleet/run_queue.h"

#include "base/check.h"
#include "measure/fleet/keys.h"
#include "measure/fleet/seat.h"
#include "measure/fleet/tuner_scripts.h"
#include "measure/fleet/worker_scripts.h"

namespace foothold::measure {

RunQueue::RunQueue(Broker& broker, FleetAddress address, std::string queue)
    : broker_(broker), address_(std::move(address)), queue_(std::move(queue)) {}

Result<Reply> RunQueue::Run(const Script& script, const Broker::Words& keys,
                            const Broker::Words& arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(Reply reply, broker_.Run(script, keys, arguments));
  FOOTHOLD_RETURN_IF_ERROR(StatusOf(reply, address_));
  return reply;
}

Status RunQueue::Begin(const std::string& log, bool is_new) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply reply,
                            Run(kBegin, {RunKey(log), kRunCountKey}, {is_new ? "1" : "0"}));
  run_ = reply.text;
  last_ = "0";
  return {};
}

Status RunQueue::Submit(const std::string& job, const std::string& message) {
  FOOTHOLD_CHECK(!run_.empty(), "the run has not begun");
  return Run(kSubmit, {QueueKey(queue_), JobsKey(run_)}, {job, message, "0"}).status();
}

Status RunQueue::SubmitAgain(const std::string& job, const std::string& message) {
  return Run(kSubmit, {QueueKey(queue_), JobsKey(run_)}, {job, message, "1"}).status();
}

Status RunQueue::Withdraw(std::span<const std::string> jobs) {
  if (jobs.empty()) return {};
  return Run(kWithdraw, {QueueKey(queue_), JobsKey(run_)}, {jobs.begin(), jobs.end()}).status();
}

Result<std::vector<std::string>> RunQueue::Missing(std::span<const std::string> jobs) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply reply, Run(kMissing, {QueueKey(queue_), JobsKey(run_)},
                                                   {jobs.begin(), jobs.end()}));
  std::vector<std::string> missing;
  for (const Reply& job : reply.elements) missing.push_back(job.text);
  return missing;
}

Result<std::vector<RunQueue::Arrived>> RunQueue::Receive(double wait_s) {
  Broker::Words words = {"XREAD", "COUNT", "100"};
  if (wait_s > 0) {
    words.insert(words.end(), {"BLOCK", std::to_string(static_cast<int>(wait_s * 1000))});
  }
  words.insert(words.end(), {"STREAMS", ResultsKey(run_), last_});
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply reply, broker_.Call(words, wait_s));
  FOOTHOLD_RETURN_IF_ERROR(StatusOf(reply, address_));
  std::vector<Arrived> arrived;
  for (const Reply& stream : reply.elements) {
    if (stream.elements.size() != 2) continue;
    for (const Reply& entry : stream.elements[1].elements) {
      if (entry.elements.size() != 2 || entry.elements[1].elements.size() < 2) continue;
      last_ = entry.elements[0].text;
      arrived.push_back({last_, entry.elements[1].elements[1].text});
    }
  }
  return arrived;
}

Status RunQueue::Acknowledge(std::span<const std::pair<std::string, std::string>> results) {
  if (results.empty()) return {};
  Broker::Words forget_jobs = {"HDEL", JobsKey(run_)};
  Broker::Words forget_results = {"XDEL", ResultsKey(run_)};
  for (const auto& [job, entry] : results) {
    forget_jobs.push_back(job);
    forget_results.push_back(entry);
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<Reply> replies,
                            broker_.CallAll({forget_jobs, forget_results}));
  for (const Reply& reply : replies) FOOTHOLD_RETURN_IF_ERROR(StatusOf(reply, address_));
  return {};
}

Result<std::vector<std::string>> RunQueue::ReadyDevices() {
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply reply, Run(kReady, {ReadyKey(queue_)}, {}));
  return DevicesOf(reply);
}

}  // namespace foothold::measure
