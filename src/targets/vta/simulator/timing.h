#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"

namespace foothold::base {
class Json;
class JsonNode;
}  // namespace foothold::base

namespace foothold::vta {

/// How long one DMA client (the loads of one memory, or the stores) takes for an instruction that
/// moves rows between DRAM and a scratchpad, with the port to itself. All costs in cycles:
///
///     start_up + per_row * rows + per_burst * bursts + per_beat * beats + per_element * elements
///              + per_top_pad_row * y_pad_0 + padding
///
/// Latency has a part in cycles, which the fabric takes, and one in nanoseconds, which memory takes
/// whatever the clock of the fabric: start_up_ns, per_row_ns and per_burst_ns come on top.
///
/// where a row is cut into bursts and beats by its byte address and length. Rows of padding cost no
/// DRAM traffic; padding = per_pad_element * zero elements, added, or hidden behind the data when
/// pads_overlap.
struct DmaTiming {
  double start_up = 0;
  double per_row = 0;
  double per_burst = 0;
  double per_beat = 1;
  double per_element = 0;
  double per_pad_element = 0;
  double per_top_pad_row = 0;
  double beat_bytes = 8;     ///< power of two
  double burst_bytes = 128;  ///< longest burst, power of two; 0: a row is one burst
  /// 1: bursts are cut at multiples of burst_bytes; 0: from the row's start.
  double bursts_aligned = 0;
  double pads_overlap = 0;  ///< 1: zeros are written in the cycles in which no data arrive
  double start_up_ns = 0;
  double per_row_ns = 0;
  double per_burst_ns = 0;
};

/// start_up + per_entry * (iter_out * iter_in) + per_uop * (iter_out * iter_in * micro-ops), in
/// cycles.
struct LoopTiming {
  double start_up = 0;
  double per_entry = 0;  ///< each time the micro-op loop is entered: pipeline fill and drain
  double per_uop = 1;
};

/// The figures of a machine that say when, never what: board, clock, host and pipeline. A figure is
/// a plain number with a name, a unit and a source ("measured: ...", "documented: ...", "assumed:
/// ...").
struct Timing {
  std::string name = "unnamed";
  std::string description;
  /// How far predicted times were from measured ones, and on what: of a built-in profile alone. A
  /// file has none, even one that extends a profile, because its figures may be others.
  std::string accuracy;

  double clock_mhz = 100;
  double host_us_per_call = 0;         ///< launch and polling, not overlapped with the device
  double host_us_per_instruction = 0;  ///< generating and copying one instruction, not overlapped
  double host_us_per_uop = 0;          ///< the same for a micro-op of the DRAM image

  double command_queue_depth = 512;  ///< of each unit, instructions
  /// An instruction has its place in the queue until it starts, or, at 1, until it has ended ...
  double command_queue_keeps = 0;
  double command_queue_latency = 0;  ///< ... and fetch can take the place these cycles later
  double token_queue_depth = 1024;   ///< of each token queue; a push into a full one waits ...
  double token_queue_loses = 0;      ///< ... or, at 1, is lost
  double token_latency = 0;          ///< cycles from a push to the earliest pop

  double fetch_batch = 16;           ///< instructions read together
  double fetch_start_up = 0;         ///< cycles of a batch before its first beat ...
  double fetch_start_up_ns = 0;      ///< ... and nanoseconds on top
  double fetch_per_beat = 1;         ///< of 8 bytes; an instruction is two
  double fetch_per_instruction = 1;  ///< to hand one to its queue, after the batch has been read

  double sync_cycles = 2;    ///< a LOAD or STORE with x_size 0
  double finish_cycles = 2;  ///< FINISH
  LoopTiming gemm;
  LoopTiming gemm_reset;
  LoopTiming alu_imm;
  LoopTiming alu_tensor;

  DmaTiming load_inp;
  DmaTiming load_wgt;
  DmaTiming load_acc;
  DmaTiming load_uop;
  DmaTiming store_out;

  /// How long a beat of any client keeps the DRAM port from the others.
  double port_cycles_per_beat = 1;
  double port_separate_writes = 0;  ///< 1: stores have a channel of their own
  /// Bursts of loads and fetch that may be under way: then the port serves bursts by urgency
  /// (BurstPort), and cuts them where the address is a multiple of the longest. 0: clients share
  /// the port on average (DramPort).
  double port_outstanding = 0;
  double port_command_cycles = 1;  ///< between two bursts of one client; needs port_outstanding
  /// Of a load or a batch of fetch, until the first beat is there from an idle memory: time, not
  /// cycles, because memory has a clock of its own. Comes on top of start_up.
  double port_latency_ns = 0;

  std::map<std::string, std::string> sources;  ///< by figure name; figures not listed are "default"

  double HostSeconds(std::size_t instructions, std::size_t uops) const {
    return 1e-6 * (host_us_per_call + host_us_per_instruction * static_cast<double>(instructions) +
                   host_us_per_uop * static_cast<double>(uops));
  }
  double Cycles(double ns) const { return ns * clock_mhz * 1e-3; }
  double PortLatencyCycles() const { return Cycles(port_latency_ns); }
  double DeviceSeconds(std::int64_t cycles) const {
    return static_cast<double>(cycles) / (clock_mhz * 1e6);
  }
};

/// One figure of a Timing: its name ("load_inp.per_burst"), unit, allowed range, and where it is.
struct TimingFigure {
  std::string name;
  std::string unit;
  double min = 0;
  double max = 0;
  bool power_of_two = false;  ///< or 0, where min is 0
  // One of these three.
  double Timing::*scalar = nullptr;
  LoopTiming Timing::*loop = nullptr;
  DmaTiming Timing::*dma = nullptr;
  double LoopTiming::*loop_field = nullptr;
  double DmaTiming::*dma_field = nullptr;

  double& In(Timing& timing) const;
  double In(const Timing& timing) const { return In(const_cast<Timing&>(timing)); }
};
/// Every figure, in the order of the file form. Names are unique.
const std::vector<TimingFigure>& TimingFigures();

/// InvalidArgument naming the first figure that is out of its range.
Status Validate(const Timing& timing);

/// The built-in profiles, in alphabetical order: "axu5evb", "de10nano", "pynq", "tsim", "ultra96",
/// "zcu104".
std::vector<std::string> BuiltinTimings();
/// NotFound with the known names when there is no such profile.
Result<Timing> FindTiming(std::string_view name);

/// Reads a timing profile (docs/targets/vta-simulator.md): JSON, with "extends" naming the built-in
/// profile that supplies what the file leaves out. Errors name `path`, the line and the field;
/// unknown figures are errors.
Result<Timing> ParseTiming(std::string_view json, std::string_view path);
/// The same from an object within another file.
Result<Timing> ReadTiming(const base::JsonNode& node);
/// The object that ReadTiming reads, every figure with value, unit and source; and its text.
base::Json TimingJson(const Timing& timing);
std::string ToJson(const Timing& timing);
/// The accuracy, and a table: figure, value, unit, source.
std::string ToText(const Timing& timing);

}  // namespace foothold::vta
