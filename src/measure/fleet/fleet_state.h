#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "measure/fleet/broker.h"

namespace foothold::measure {

/// A worker as the server knows it.
struct WorkerState {
  std::string worker;                         ///< "DEVICE/xxxxxxxx"
  bool is_there = false;                      ///< its lease has not ended
  double silent_s = 0;                        ///< since its lease ended; 0 while it is there
  std::map<std::string, std::string> report;  ///< what it says of itself; empty once it is gone

  /// "idle", "busy", "quarantine", or "gone".
  std::string State() const;
  std::string Device() const { return worker.substr(0, worker.rfind('/')); }
  std::string Field(const std::string& name) const;
  /// A number that it says of itself; 0 where there is none.
  double Number(const std::string& name) const;
  /// The share of its time that it has measured.
  double Utilisation() const;
};

struct ClassState {
  std::string name;
  std::int64_t queued = 0;   ///< jobs that no worker has
  std::int64_t running = 0;  ///< jobs that a worker has
  std::vector<WorkerState> workers;
};

struct FleetState {
  std::string server;          ///< version of Redis
  bool is_persistent = false;  ///< it keeps what it has across a restart
  double clock_s = 0;          ///< its time, in seconds since 1970
  double memory_bytes = 0;
  std::vector<ClassState> classes;  ///< by name
};

/// What the server knows, without changing anything. Errors are those of Broker.
Result<FleetState> ReadFleet(Broker& broker, const FleetAddress& address);

}  // namespace foothold::measure
