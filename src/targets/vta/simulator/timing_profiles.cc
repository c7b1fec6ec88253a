#include "targets/vta/simulator/timing_profiles.h"

#include <cmath>
#include <string>

namespace foothold::vta {
namespace {

/// A latency that is `cycles` long at 100 MHz, on a PYNQ: the part that the fabric's own pipeline
/// takes, in cycles, and the part that memory takes, in nanoseconds. How it divides was chosen on
/// the dense layers of a ZCU104 at 333 MHz (docs/targets/vta-boards.md).
struct Latency {
  double cycles;
  double ns;
};
Latency At100Mhz(double cycles) {
  constexpr double kOfTheFabric = 0.54;
  constexpr double kNsPerCycle = 10;
  const double fabric = std::round(10 * kOfTheFabric * cycles) / 10;
  return {fabric, std::round((cycles - fabric) * kNsPerCycle)};
}

void SetLatencies(double start_up, double per_row, double per_burst, DmaTiming* dma) {
  const Latency start = At100Mhz(start_up), row = At100Mhz(per_row), burst = At100Mhz(per_burst);
  dma->start_up = start.cycles;
  dma->start_up_ns = start.ns;
  dma->per_row = row.cycles;
  dma->per_row_ns = row.ns;
  dma->per_burst = burst.cycles;
  dma->per_burst_ns = burst.ns;
}

/// What the HLS sources say of every Xilinx build (docs/reference/vta-and-autotvm.md#hls-timing),
/// at one AXI beat of `bus_bytes`; latencies are a PYNQ's, in time where memory takes them.
Timing HlsBuild(double bus_bytes) {
  Timing timing;
  timing.command_queue_depth = 512;
  timing.token_queue_depth = 1024;
  timing.gemm = {20, 0, 1};
  // A reset takes no cycle for a micro-op (measured; the sources, one loop for both, would say 1).
  timing.gemm_reset = {20, 0, 0};
  timing.alu_imm = {20, 0, 2};
  timing.alu_tensor = {20, 0, 2};
  DmaTiming data;
  SetLatencies(20, 14, 22, &data);
  data.per_beat = 1;
  data.per_pad_element = 1;
  data.beat_bytes = bus_bytes;
  data.burst_bytes = 16 * bus_bytes;
  timing.load_inp = timing.load_wgt = timing.load_acc = timing.store_out = data;
  // Inputs and biases stream at the width of the bus after each row's latency; weights pay for
  // every burst (measured, docs/targets/vta-boards.md).
  SetLatencies(0, 46.3, 0, &timing.load_inp);
  SetLatencies(0, 46.3, 17.3, &timing.load_wgt);
  // From one load to the next: the fabric's own, whatever its clock (measured on PYNQ and ZCU104).
  timing.load_inp.start_up = timing.load_wgt.start_up = 60;
  timing.load_acc = timing.load_inp;
  timing.load_uop = data;
  timing.load_uop.beat_bytes = 4;
  timing.load_uop.burst_bytes = 64;
  timing.fetch_batch = 16;
  const Latency fetch = At100Mhz(44);
  timing.fetch_start_up = fetch.cycles;
  timing.fetch_start_up_ns = fetch.ns;
  return timing;
}

void SetSource(const char* figures, const char* source, Timing* timing) {
  const std::string prefix = figures;
  for (const TimingFigure& figure : TimingFigures())
    if (figure.name.starts_with(prefix) || figure.name.ends_with(prefix))
      timing->sources[figure.name] = source;
}

void DocumentHls(Timing* timing) {
  SetSource("command_queue_depth", "documented: vivado.tcl, FIFO depths", timing);
  SetSource("command_queue_keeps", "documented: a unit reads its command first", timing);
  SetSource("command_queue_latency", "assumed: none", timing);
  SetSource("token_queue_depth", "documented: vivado.tcl, FIFO depths", timing);
  SetSource("token_queue_loses", "documented: a push into a full FIFO waits", timing);
  SetSource("gemm.per_uop", "documented: PIPELINE II=1 in vta.cc; measured on PYNQ", timing);
  SetSource("gemm_reset.per_uop", "measured: PYNQ, docs/targets/vta-boards.md", timing);
  SetSource("alu_imm.per_uop", "documented: PIPELINE II=2 in vta.cc; measured on PYNQ", timing);
  SetSource("alu_tensor.per_uop", "documented: PIPELINE II=2 in vta.cc", timing);
  SetSource(".beat_bytes", "documented: AXI bus width", timing);
  SetSource("load_uop.beat_bytes", "documented: uop_port is 32 bits wide", timing);
  SetSource(".bursts_aligned", "documented: one memcpy per row", timing);
}

Timing Pynq() {
  Timing timing = HlsBuild(8);
  timing.name = "pynq";
  timing.description = "PYNQ-Z1, Zynq-7020, 100 MHz, 64-bit ACP (HLS build)";
  timing.accuracy =
      "median error 1.4 %, 90th percentile 5.6 % on the best records of six networks (134 layers), "
      "1.7 % and 3.9 % on 161 trials of three VGG-19 layers";
  timing.clock_mhz = 100;
  timing.host_us_per_call = 0;
  timing.host_us_per_instruction = 0.347;
  DocumentHls(&timing);
  SetSource("clock_mhz", "documented: pkg_config.py", &timing);
  for (const char* figure :
       {"host_us_per_call", "host_us_per_instruction", "load_inp.per_row", "load_wgt.per_row",
        "load_acc.per_row", "load_wgt.per_burst", "load_inp.per_row_ns", "load_wgt.per_row_ns",
        "load_acc.per_row_ns", "load_wgt.per_burst_ns"}) {
    SetSource(figure, "measured: foothold calibrate on TopHub's 43 PYNQ records", &timing);
  }
  for (const char* figure :
       {"load_inp.start_up", "load_wgt.start_up", "load_acc.start_up", "load_inp.start_up_ns",
        "load_wgt.start_up_ns", "load_acc.start_up_ns"}) {
    SetSource(figure, "measured: PYNQ, docs/targets/vta-boards.md", &timing);
  }
  return timing;
}

Timing UltraScale(const char* name, const char* description, double clock_mhz,
                  const char* accuracy) {
  Timing timing = HlsBuild(16);
  timing.name = name;
  timing.description = description;
  timing.accuracy = accuracy;
  timing.clock_mhz = clock_mhz;
  timing.host_us_per_call = 0;
  timing.host_us_per_instruction = 0.1;
  for (const TimingFigure& figure : TimingFigures()) {
    timing.sources[figure.name] = "assumed: as on pynq, cycles as cycles and ns as ns";
  }
  DocumentHls(&timing);
  SetSource("clock_mhz", "documented: pkg_config.py; axu5evb: its builder", &timing);
  SetSource("host_us_per_instruction", "assumed: a core three times as fast as pynq's", &timing);
  SetSource("host_us_per_call", "assumed: as pynq", &timing);
  return timing;
}

/// The Chisel implementation with a memory bus of 64 bits and bursts of `burst_bytes`
/// (docs/reference/vta-and-autotvm.md#chisel-cycles).
Timing ChiselBuild(double burst_bytes) {
  Timing timing;
  timing.command_queue_depth = 512;
  timing.command_queue_keeps = 1;
  timing.command_queue_latency = 3;
  timing.token_queue_depth = 255;
  timing.token_queue_loses = 1;
  timing.gemm = {7, 0, 1};
  timing.gemm_reset = {7, 0, 1};
  timing.alu_imm = {7, 0, 1};
  timing.alu_tensor = {7, 0, 2};
  DmaTiming load;
  load.start_up = 7;
  load.per_beat = 1;
  load.per_pad_element = 1;
  load.per_top_pad_row = 1;
  load.beat_bytes = 8;
  load.burst_bytes = burst_bytes;
  load.bursts_aligned = 1;
  load.pads_overlap = 1;
  timing.load_inp = timing.load_wgt = timing.load_acc = timing.load_uop = load;
  timing.load_uop.start_up = 6;
  DmaTiming store = load;
  store.start_up = 1;
  store.per_burst = 3;
  store.per_element = 1;
  store.per_pad_element = 0;
  store.per_top_pad_row = 0;
  timing.store_out = store;
  timing.fetch_batch = burst_bytes / 16;
  timing.fetch_start_up = 4;
  timing.fetch_per_beat = 1;
  timing.fetch_per_instruction = 1;
  timing.sync_cycles = 2;
  timing.finish_cycles = 2;
  timing.port_separate_writes = 1;
  timing.port_outstanding = 16;
  timing.port_command_cycles = 2;
  timing.port_latency_ns = 160;
  for (const TimingFigure& figure : TimingFigures())
    timing.sources[figure.name] = "documented: Chisel sources";
  timing.sources["command_queue_keeps"] = timing.sources["command_queue_latency"] =
      "measured: cycles of the RTL, docs/targets/vta-boards.md";
  timing.sources["token_queue_depth"] = timing.sources["token_queue_loses"] =
      "documented: 8-bit counter; a push at 255 is lost";
  return timing;
}

Timing Tsim() {
  Timing timing = ChiselBuild(128);
  timing.name = "tsim";
  timing.description = "cycle-accurate Chisel simulation, De10 configuration, DRAM latency 16";
  timing.accuracy =
      "median error 0.01 %, worst 0.84 % of the cycles of 200 programs on the RTL (Verilator)";
  timing.clock_mhz = 100;
  timing.sources["clock_mhz"] = "assumed: tsim counts cycles only";
  timing.sources["host_us_per_call"] = timing.sources["host_us_per_instruction"] =
      timing.sources["host_us_per_uop"] = "assumed: none, tsim counts cycles only";
  return timing;
}

Timing De10Nano() {
  Timing timing = ChiselBuild(128);
  timing.name = "de10nano";
  timing.description = "DE10-Nano, Cyclone V, 100 MHz, 64-bit bus (Chisel build)";
  timing.accuracy = "no board measured; the cycles are tsim's, compared with the RTL";
  timing.clock_mhz = 100;
  timing.host_us_per_call = 0;
  timing.host_us_per_instruction = 0.347;
  timing.sources["clock_mhz"] = "documented: pkg_config.py";
  for (const char* figure : {"host_us_per_call", "host_us_per_instruction", "host_us_per_uop"})
    timing.sources[figure] = "assumed: as pynq";
  for (const char* figure :
       {"load_inp.start_up", "load_wgt.start_up", "load_acc.start_up", "load_uop.start_up"})
    timing.sources[figure] = "assumed: the DRAM latency of tsim";
  return timing;
}

std::vector<Timing> MakeProfiles() {
  return {
      UltraScale("axu5evb", "AXU5EVB, Zynq UltraScale+ ZU5EV, 100 MHz, 128-bit HPC0 (HLS build)",
                 100, "median error 6.9 %, 90th percentile 15.8 % on 16 schedules of ResNet-18"),
      De10Nano(),
      Pynq(),
      Tsim(),
      UltraScale("ultra96", "Ultra96, Zynq UltraScale+ ZU3EG, 333 MHz, 128-bit HPC0 (HLS build)",
                 333, "no board measured"),
      UltraScale("zcu104", "ZCU104, Zynq UltraScale+ ZU7EV, 333 MHz, 128-bit HPC0 (HLS build)", 333,
                 "median error 1.3 %, 90th percentile 4.8 % on 18 dense layers, on which the "
                 "division of the rows' latency was chosen")};
}

}  // namespace

const std::vector<Timing>& TimingProfiles() {
  static const auto* const profiles = new std::vector<Timing>(MakeProfiles());
  return *profiles;
}

}  // namespace foothold::vta
