#pragma once

#include <string>

// The names of all that a fleet keeps in its server (docs/formats/fleet.md). A queue is that of a
// class of devices, or of one device.
namespace foothold::measure {

inline constexpr const char* kGroup = "w";  ///< the consumer group of every queue
inline constexpr const char* kField = "m";  ///< the field of an entry that has the message
inline constexpr const char* kClassesKey = "fh:classes";  ///< a set: all that ever had a worker
inline constexpr const char* kStaleKey = "fh:stale";      ///< a stream: results that came too late
inline constexpr const char* kRunCountKey = "fh:runs";

inline std::string DeviceQueue(const std::string& device) { return "dev:" + device; }
/// A stream of jobs.
inline std::string QueueKey(const std::string& queue) { return "fh:q:" + queue; }
/// A sorted set: the queue's workers by when their lease ends (server's clock, ms).
inline std::string CrewKey(const std::string& queue) { return "fh:crew:" + queue; }
/// The same of those that take jobs.
inline std::string ReadyKey(const std::string& queue) { return "fh:ready:" + queue; }
/// A hash: the devices that went silent with a job, by the job's entry.
inline std::string LostKey(const std::string& queue) { return "fh:lost:" + queue; }
/// A hash: what a worker says of itself.
inline std::string WorkerKey(const std::string& worker) { return "fh:w:" + worker; }
/// A stream of results.
inline std::string ResultsKey(const std::string& run) { return "fh:r:" + run; }
/// A hash: the entry of each job whose result the tuner has not acknowledged.
inline std::string JobsKey(const std::string& run) { return "fh:j:" + run; }
/// The run that a log's run is called here.
inline std::string RunKey(const std::string& log) { return "fh:run:" + log; }

}  // namespace foothold::measure
