#pragma once

#include <string>
#include <vector>

#include "foothold/process.h"
#include "foothold/status.h"
#include "process/cgroup.h"
#include "process/process_keeper.h"

namespace foothold::process {

/// The path of the command's program, which exec need not search: exec with a search may allocate.
/// NotFound when there is no such program.
Result<std::string> FindProgram(const ProcessCommand& command);

/// KeeperOrders, and what they point to; the descriptors of pipes and sockets are the caller's.
class OwnedOrders {
 public:
  /// `group` is null or outlives this, as does `command`.
  OwnedOrders(const ProcessCommand& command, std::string program, const Cgroup* group);
  OwnedOrders(const OwnedOrders&) = delete;
  OwnedOrders& operator=(const OwnedOrders&) = delete;

  KeeperOrders& get() { return orders_; }

 private:
  void MergeEnvironment(const std::map<std::string, std::string>& added);
  void SetLimits(const ProcessLimits& limits, bool group_limits_memory);
  void Limit(int resource, rlim_t soft, rlim_t hard);

  std::string program_;
  std::vector<std::string> variables_;
  std::vector<const char*> argv_;
  std::vector<const char*> environ_;
  KeeperOrders orders_;
};

}  // namespace foothold::process
