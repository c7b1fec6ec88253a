#include "targets/vta/simulator/timing.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "targets/vta/simulator/burst_port.h"
#include "targets/vta/simulator/timing_profiles.h"

namespace foothold::vta {
namespace {

constexpr double kManyCycles = 1e6;

TimingFigure Scalar(std::string name, std::string unit, double Timing::*field, double min,
                    double max) {
  TimingFigure figure;
  figure.name = std::move(name);
  figure.unit = std::move(unit);
  figure.scalar = field;
  figure.min = min;
  figure.max = max;
  return figure;
}

void AddLoop(const std::string& group, LoopTiming Timing::*loop,
             std::vector<TimingFigure>* figures) {
  const auto add = [&](const char* name, const char* unit, double LoopTiming::*field) {
    TimingFigure figure = Scalar(group + "." + name, unit, nullptr, 0, kManyCycles);
    figure.loop = loop;
    figure.loop_field = field;
    figures->push_back(figure);
  };
  add("start_up", "cycles/instruction", &LoopTiming::start_up);
  add("per_entry", "cycles/loop entry", &LoopTiming::per_entry);
  add("per_uop", "cycles/micro-op", &LoopTiming::per_uop);
}

void AddDma(const std::string& group, DmaTiming Timing::*dma, std::vector<TimingFigure>* figures) {
  const auto add = [&](const char* name, const char* unit, double DmaTiming::*field, double min = 0,
                       double max = kManyCycles, bool power_of_two = false) {
    TimingFigure figure = Scalar(group + "." + name, unit, nullptr, min, max);
    figure.dma = dma;
    figure.dma_field = field;
    figure.power_of_two = power_of_two;
    figures->push_back(figure);
  };
  add("start_up", "cycles/instruction", &DmaTiming::start_up);
  add("per_row", "cycles/row", &DmaTiming::per_row);
  add("per_burst", "cycles/burst", &DmaTiming::per_burst);
  add("per_beat", "cycles/beat", &DmaTiming::per_beat);
  add("per_element", "cycles/element", &DmaTiming::per_element);
  add("per_pad_element", "cycles/element", &DmaTiming::per_pad_element);
  add("per_top_pad_row", "cycles/row", &DmaTiming::per_top_pad_row);
  add("start_up_ns", "ns/instruction", &DmaTiming::start_up_ns);
  add("per_row_ns", "ns/row", &DmaTiming::per_row_ns);
  add("per_burst_ns", "ns/burst", &DmaTiming::per_burst_ns);
  add("beat_bytes", "bytes", &DmaTiming::beat_bytes, 1, 4096, true);
  add("burst_bytes", "bytes", &DmaTiming::burst_bytes, 0, 1 << 20, true);
  add("bursts_aligned", "0 or 1", &DmaTiming::bursts_aligned, 0, 1);
  add("pads_overlap", "0 or 1", &DmaTiming::pads_overlap, 0, 1);
}

std::vector<TimingFigure> MakeFigures() {
  std::vector<TimingFigure> figures = {
      Scalar("clock_mhz", "MHz", &Timing::clock_mhz, 0.001, 1e5),
      Scalar("host_us_per_call", "us", &Timing::host_us_per_call, 0, 1e9),
      Scalar("host_us_per_instruction", "us/instruction", &Timing::host_us_per_instruction, 0, 1e6),
      Scalar("host_us_per_uop", "us/micro-op", &Timing::host_us_per_uop, 0, 1e6),
      Scalar("command_queue_depth", "instructions", &Timing::command_queue_depth, 1, 65536),
      Scalar("command_queue_keeps", "0 or 1", &Timing::command_queue_keeps, 0, 1),
      Scalar("command_queue_latency", "cycles", &Timing::command_queue_latency, 0, 1e6),
      Scalar("token_queue_depth", "tokens", &Timing::token_queue_depth, 1, 65536),
      Scalar("token_queue_loses", "0 or 1", &Timing::token_queue_loses, 0, 1),
      Scalar("token_latency", "cycles", &Timing::token_latency, 0, kManyCycles),
      Scalar("fetch_batch", "instructions", &Timing::fetch_batch, 1, 65536),
      Scalar("fetch_start_up", "cycles/batch", &Timing::fetch_start_up, 0, kManyCycles),
      Scalar("fetch_start_up_ns", "ns/batch", &Timing::fetch_start_up_ns, 0, kManyCycles),
      Scalar("fetch_per_beat", "cycles/beat", &Timing::fetch_per_beat, 0, kManyCycles),
      Scalar("fetch_per_instruction", "cycles/instruction", &Timing::fetch_per_instruction, 0,
             kManyCycles),
      Scalar("sync_cycles", "cycles", &Timing::sync_cycles, 1, kManyCycles),
      Scalar("finish_cycles", "cycles", &Timing::finish_cycles, 1, kManyCycles),
      Scalar("port_cycles_per_beat", "cycles/beat", &Timing::port_cycles_per_beat, 0.001,
             kManyCycles),
      Scalar("port_separate_writes", "0 or 1", &Timing::port_separate_writes, 0, 1),
      Scalar("port_outstanding", "bursts", &Timing::port_outstanding, 0,
             BurstPort::kMostOutstanding),
      Scalar("port_command_cycles", "cycles/burst", &Timing::port_command_cycles, 1, 1024),
      Scalar("port_latency_ns", "ns", &Timing::port_latency_ns, 0, 1e6),
  };
  AddLoop("gemm", &Timing::gemm, &figures);
  AddLoop("gemm_reset", &Timing::gemm_reset, &figures);
  AddLoop("alu_imm", &Timing::alu_imm, &figures);
  AddLoop("alu_tensor", &Timing::alu_tensor, &figures);
  AddDma("load_inp", &Timing::load_inp, &figures);
  AddDma("load_wgt", &Timing::load_wgt, &figures);
  AddDma("load_acc", &Timing::load_acc, &figures);
  AddDma("load_uop", &Timing::load_uop, &figures);
  AddDma("store_out", &Timing::store_out, &figures);
  return figures;
}

bool NeedsWhole(const TimingFigure& figure) {
  return figure.power_of_two || figure.unit == "0 or 1" || figure.name.ends_with("_depth") ||
         figure.name == "fetch_batch" || figure.name == "port_outstanding" ||
         figure.name == "port_command_cycles" || figure.name == "token_latency" ||
         figure.name == "fetch_per_instruction";
}

// Empty when the value is allowed.
std::string Problem(const TimingFigure& figure, double value) {
  if (!(value >= figure.min && value <= figure.max))
    return fmt::format("is {}, must be {} to {}", value, figure.min, figure.max);
  if (NeedsWhole(figure) && value != std::floor(value))
    return fmt::format("is {}, must be a whole number", value);
  if (figure.power_of_two && value != 0 && value != std::exp2(std::round(std::log2(value))))
    return fmt::format("is {}, must be a power of two", value);
  return "";
}

std::string SourceOf(const Timing& timing, const std::string& figure) {
  const auto found = timing.sources.find(figure);
  return found == timing.sources.end() ? "assumed" : found->second;
}

// A number, or {"value": number, "unit": ..., "source": ...}.
Status ReadFigure(const TimingFigure& figure, const base::JsonNode& node, Timing* timing) {
  Result<double> plain = node.Number();
  std::string source = "user";
  double value = 0;
  if (plain.ok()) {
    value = *plain;
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonNode value_node, object.Require("value"));
    FOOTHOLD_ASSIGN_OR_RETURN(value, value_node.Number());
    if (std::optional<base::JsonNode> unit = object.Find("unit")) {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, unit->String());
      if (text != figure.unit)
        return unit->Error(fmt::format("is \"{}\", must be \"{}\"", text, figure.unit));
    }
    if (std::optional<base::JsonNode> source_node = object.Find("source")) {
      FOOTHOLD_ASSIGN_OR_RETURN(source, source_node->String());
    }
    FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  }
  if (const std::string problem = Problem(figure, value); !problem.empty())
    return node.Error(problem);
  figure.In(*timing) = value;
  timing->sources[figure.name] = source;
  return Status();
}

Status ReadHeader(base::JsonObject* object, Timing* timing) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonNode format, object->Require("format"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string format_name, format.String());
  if (format_name != "foothold-vta-timing") return format.Error("must be \"foothold-vta-timing\"");
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonNode version, object->Require("version"));
  FOOTHOLD_RETURN_IF_ERROR(version.Int64(1, 1).status());
  if (std::optional<base::JsonNode> extends = object->Find("extends")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string base, extends->String());
    Result<Timing> found = FindTiming(base);
    if (!found.ok()) return extends->Error(found.status().message());
    *timing = *found;
    timing->accuracy.clear();
  }
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonNode name, object->Require("name"));
  FOOTHOLD_ASSIGN_OR_RETURN(timing->name, name.String());
  if (std::optional<base::JsonNode> description = object->Find("description")) {
    FOOTHOLD_ASSIGN_OR_RETURN(timing->description, description->String());
  }
  return Status();
}

}  // namespace

double& TimingFigure::In(Timing& timing) const {
  if (loop != nullptr) return timing.*loop.*loop_field;
  if (dma != nullptr) return timing.*dma.*dma_field;
  return timing.*scalar;
}

const std::vector<TimingFigure>& TimingFigures() {
  static const auto* const figures = new std::vector<TimingFigure>(MakeFigures());
  return *figures;
}

Status Validate(const Timing& timing) {
  for (const TimingFigure& figure : TimingFigures())
    if (const std::string problem = Problem(figure, figure.In(timing)); !problem.empty())
      return Status::InvalidArgument(
          fmt::format("timing {}: {}: {}", timing.name, figure.name, problem));
  return Status();
}

std::vector<std::string> BuiltinTimings() {
  std::vector<std::string> names;
  for (const Timing& timing : TimingProfiles()) names.push_back(timing.name);
  return names;
}

Result<Timing> FindTiming(std::string_view name) {
  for (const Timing& timing : TimingProfiles())
    if (timing.name == name) return timing;
  return Status::NotFound(fmt::format("no timing profile \"{}\"; there are {}", name,
                                      base::Joined(BuiltinTimings(), ", ")));
}

Result<Timing> ParseTiming(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonNode root, base::JsonNode::Parse(json, path));
  return ReadTiming(root);
}

Result<Timing> ReadTiming(const base::JsonNode& root) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  Timing timing;
  FOOTHOLD_RETURN_IF_ERROR(ReadHeader(&object, &timing));
  if (std::optional<base::JsonNode> figures_node = object.Find("figures")) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject figures, figures_node->Object());
    for (const TimingFigure& figure : TimingFigures())
      if (std::optional<base::JsonNode> node = figures.Find(figure.name))
        FOOTHOLD_RETURN_IF_ERROR(ReadFigure(figure, *node, &timing));
    FOOTHOLD_RETURN_IF_ERROR(figures.RejectUnknown());
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return timing;
}

base::Json TimingJson(const Timing& timing) {
  base::Json figures = base::Json::Object();
  for (const TimingFigure& figure : TimingFigures())
    figures[figure.name] = {{"value", figure.In(timing)},
                            {"unit", figure.unit},
                            {"source", SourceOf(timing, figure.name)}};
  return {{"format", "foothold-vta-timing"},
          {"version", 1},
          {"name", timing.name},
          {"description", timing.description},
          {"figures", std::move(figures)}};
}

std::string ToJson(const Timing& timing) { return TimingJson(timing).Dump(2) + "\n"; }

std::string ToText(const Timing& timing) {
  std::string text = fmt::format("{}: {}\n", timing.name, timing.description);
  if (!timing.accuracy.empty()) text += fmt::format("  accuracy: {}\n", timing.accuracy);
  for (const TimingFigure& figure : TimingFigures())
    text += fmt::format("  {:<28} {:>10} {:<18} {}\n", figure.name, figure.In(timing), figure.unit,
                        SourceOf(timing, figure.name));
  return text;
}

}  // namespace foothold::vta
