// docs/results/micro.md: what a fleet adds to a trial, and how many jobs a
// second go through one server. Starts a redis-server of its own on the loopback.
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/table.h"
#include "measure/fleet/run_queue.h"
#include "measure/fleet/seat.h"
#include "measure/fleet/testing/redis_server.h"
#include "studies/micro/bench.h"

namespace foothold::measure {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// About as long as a job for a convolution.
const std::string kMessage(1500, 'x');

/// A worker whose jobs take no time at all, until `ends` is true.
void Serve(const FleetAddress& address, const std::string& device, const std::string& run,
           const std::atomic<bool>& ends) {
  const auto broker = ConnectToBroker(address).value();
  Seat seat(*broker, address, {device, MakeWorkerName(device, "1"), "class"}, 60);
  if (!seat.Join().ok() || !seat.Beat({}, true, nullptr).ok()) return;
  while (!ends) {
    const auto held = seat.Take(0.2).value();
    if (held) (void)seat.Finish(*held, run, kMessage).value();
  }
}

/// One job at a time: from its submission to its result.
void MeasureLatency(RunQueue& queue, int jobs, base::Table& table) {
  std::vector<double> seconds;
  for (int i = 0; i < jobs; ++i) {
    const auto start = Clock::now();
    if (!queue.Submit(fmt::format("l{}", i), kMessage).ok()) return;
    while (queue.Receive(1).value().empty()) {
    }
    seconds.push_back(SecondsSince(start));
  }
  std::sort(seconds.begin(), seconds.end());
  table.AddRow({"one after the other, from submission to result: median",
                fmt::format("{:.3f} ms", seconds[seconds.size() / 2] * 1e3)});
  table.AddRow({"the same, 99th percentile",
                fmt::format("{:.3f} ms", seconds[seconds.size() * 99 / 100] * 1e3)});
}

void MeasureThroughput(RunQueue& queue, int jobs, std::size_t in_flight, std::size_t workers,
                       base::Table& table) {
  const auto start = Clock::now();
  int submitted = 0;
  int done = 0;
  while (done < jobs) {
    while (submitted < jobs && static_cast<std::size_t>(submitted - done) < in_flight) {
      if (!queue.Submit(fmt::format("t{}.{}", workers, submitted), kMessage).ok()) return;
      ++submitted;
    }
    done += static_cast<int>(queue.Receive(1).value().size());
  }
  table.AddRow({fmt::format("{} workers, {} in flight, one tuner", workers, in_flight),
                fmt::format("{:.0f} a second", jobs / SecondsSince(start))});
}

void Run(std::size_t workers, int jobs, base::Table& table) {
  const RedisServer server;
  const FleetAddress address = server.address();
  const auto broker = ConnectToBroker(address).value();
  RunQueue queue(*broker, address, "class");
  if (!queue.Begin("log", true).ok()) return;
  std::atomic<bool> ends = false;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers; ++i) {
    threads.emplace_back([&, i] { Serve(address, fmt::format("d{}", i), queue.run(), ends); });
  }
  while (queue.ReadyDevices().value().size() < workers) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (workers == 1) MeasureLatency(queue, jobs, table);
  MeasureThroughput(queue, jobs, 2 * workers, workers, table);
  ends = true;
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace foothold::measure

int main(int argc, char** argv) {
  using foothold::base::Table;
  if (!foothold::measure::RedisServer::IsInstalled()) {
    fmt::print(stderr, "fleet_bench: needs redis-server, and a build with hiredis\n");
    return 3;
  }
  constexpr int kJobs = 2000;
  Table table = Table::OfNumbers({"jobs of no length", "measured"});
  for (const std::size_t workers : {1, 4, 16, 64}) foothold::measure::Run(workers, kJobs, table);
  foothold::studies::Page page("fleet_bench", "What a fleet costs", "./dev bench --output-dir");
  page.Text(fmt::format(
      "How long a job takes through a [fleet's](../../fleet.md) server, and how many a second. "
      "Server, tuner and workers are on one machine; {} jobs each.",
      kJobs));
  page.Add(table);
  return foothold::studies::ShowBench(std::move(page),
                                      foothold::studies::ParseBenchCall(argc, argv));
}
