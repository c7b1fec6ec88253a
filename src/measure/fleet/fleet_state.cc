#include "measure/fleet/fleet_state.h"

#include <algorithm>
#include <cstdlib>

#include "measure/fleet/keys.h"

namespace foothold::measure {
namespace {

/// The value of "name:value" in the server's INFO.
std::string InfoField(const std::string& info, const std::string& name) {
  const std::size_t at = info.find("\n" + name + ":");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 2;
  return info.substr(begin, info.find_first_of("\r\n", begin) - begin);
}

class Reading {
 public:
  Reading(Broker& broker, const FleetAddress& address) : broker_(broker), address_(address) {}

  Result<FleetState> Read();

 private:
  Result<Reply> Call(const Broker::Words& words) {
    FOOTHOLD_ASSIGN_OR_RETURN(Reply reply, broker_.Call(words));
    FOOTHOLD_RETURN_IF_ERROR(StatusOf(reply, address_));
    return reply;
  }
  Status ReadServer(FleetState& state);
  Result<ClassState> ReadClass(const std::string& name, double now_ms);

  Broker& broker_;
  const FleetAddress& address_;
};

Status Reading::ReadServer(FleetState& state) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply info, Call({"INFO"}));
  state.server = InfoField(info.text, "redis_version");
  state.is_persistent = InfoField(info.text, "aof_enabled") == "1";
  state.memory_bytes = std::strtod(InfoField(info.text, "used_memory").c_str(), nullptr);
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply time, Call({"TIME"}));
  if (time.elements.size() == 2) {
    state.clock_s = std::strtod(time.elements[0].text.c_str(), nullptr) +
                    std::strtod(time.elements[1].text.c_str(), nullptr) * 1e-6;
  }
  return {};
}

Result<ClassState> Reading::ReadClass(const std::string& name, double now_ms) {
  ClassState state{name, 0, 0, {}};
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply length, Call({"XLEN", QueueKey(name)}));
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply pending,
                            broker_.Call({"XPENDING", QueueKey(name), kGroup}));
  if (pending.elements.size() == 4) state.running = pending.elements[0].integer;
  state.queued = std::max<std::int64_t>(0, length.integer - state.running);
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply crew,
                            Call({"ZRANGE", CrewKey(name), "0", "-1", "WITHSCORES"}));
  for (std::size_t i = 0; i + 1 < crew.elements.size(); i += 2) {
    WorkerState worker;
    worker.worker = crew.elements[i].text;
    const double due_ms = std::strtod(crew.elements[i + 1].text.c_str(), nullptr);
    worker.is_there = due_ms >= now_ms;
    worker.silent_s = std::max(0.0, (now_ms - due_ms) / 1000);
    FOOTHOLD_ASSIGN_OR_RETURN(const Reply report, Call({"HGETALL", WorkerKey(worker.worker)}));
    for (std::size_t k = 0; k + 1 < report.elements.size(); k += 2) {
      worker.report[report.elements[k].text] = report.elements[k + 1].text;
    }
    state.workers.push_back(std::move(worker));
  }
  std::sort(state.workers.begin(), state.workers.end(),
            [](const auto& a, const auto& b) { return a.worker < b.worker; });
  return state;
}

Result<FleetState> Reading::Read() {
  FleetState state;
  FOOTHOLD_RETURN_IF_ERROR(ReadServer(state));
  FOOTHOLD_ASSIGN_OR_RETURN(const Reply classes, Call({"SMEMBERS", kClassesKey}));
  for (const Reply& name : classes.elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(ClassState one, ReadClass(name.text, state.clock_s * 1000));
    state.classes.push_back(std::move(one));
  }
  std::sort(state.classes.begin(), state.classes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return state;
}

}  // namespace

std::string WorkerState::State() const {
  const std::string state = Field("state");
  return !is_there || state.empty() ? "gone" : state;
}

std::string WorkerState::Field(const std::string& name) const {
  const auto found = report.find(name);
  return found == report.end() ? "" : found->second;
}

double WorkerState::Number(const std::string& name) const {
  return std::strtod(Field(name).c_str(), nullptr);
}

double WorkerState::Utilisation() const {
  const double up_s = Number("up_s");
  return up_s > 0 ? std::min(1.0, Number("busy_s") / up_s) : 0;
}

Result<FleetState> ReadFleet(Broker& broker, const FleetAddress& address) {
  return Reading(broker, address).Read();
}

}  // namespace foothold::measure
