// Writes the lines of the record log (docs/formats/record-log.md). log_reader.cc reads them.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "foothold/record.h"
#include "space/parameters_json.h"

namespace foothold {
namespace {

std::string Quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The shortest digits that read back as the same double.
std::string Number(double value) {
  FOOTHOLD_CHECK(std::isfinite(value), "JSON has no way to write it");
  if (value == 0 && std::signbit(value)) return "-0.0";  // "-0" would read back as the integer
  return fmt::format("{}", value);
}

/// {"name":value,...} with `write` for the values.
template <typename Map, typename Write>
std::string ObjectOf(const Map& map, Write write) {
  std::string text = "{";
  for (const auto& [name, value] : map) {
    if (text.size() > 1) text += ',';
    text += Quoted(name) + ':' + write(value);
  }
  return text + '}';
}

/// Values, not indices: a line says what was run without its header at hand.
std::string Values(const Config& config, const std::vector<Parameter>& parameters) {
  FOOTHOLD_CHECK(config.choices.size() == parameters.size(), "the config is of another space");
  std::string text = "{";
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    FOOTHOLD_CHECK(config.choices[i] < parameter.values.size(), "the config is of another space");
    if (i > 0) text += ',';
    text += fmt::format("{}:{}", Quoted(parameter.name), parameter.values[config.choices[i]]);
  }
  return text + '}';
}

std::string Numbers(const std::vector<double>& values) {
  std::string text = "[";
  for (const double value : values) {
    if (text.size() > 1) text += ',';
    text += Number(value);
  }
  return text + ']';
}

std::string FailureFields(const Failure& failure) {
  return fmt::format(R"("outcome":"{}","stage":{},"reason":{},"autotvm_error":{})",
                     ToString(failure.outcome), Quoted(failure.stage), Quoted(failure.reason),
                     failure.autotvm_error);
}

/// Left out where all times are of one run.
std::string TimesPerRun(const Measurement& measurement) {
  if (measurement.times_per_run.empty()) return "";
  return fmt::format(R"(,"times_per_run":[{}])", fmt::join(measurement.times_per_run, ","));
}

/// What is said about a trial depends on how it ended.
std::string OutcomeFields(const Measurement& measurement) {
  if (measurement.outcome == Outcome::kCorrect) {
    return fmt::format(R"("outcome":"{}","seconds":{}{})", ToString(measurement.outcome),
                       Numbers(measurement.seconds), TimesPerRun(measurement));
  }
  return FailureFields(
      {measurement.outcome, measurement.stage, measurement.reason, measurement.autotvm_error});
}

}  // namespace

std::string ToJsonLine(const RunHeader& header, std::uint64_t run) {
  const std::string device =
      header.device_numbers.empty()
          ? ""
          : fmt::format(R"("device":{},)", ObjectOf(header.device_numbers, Number));
  const std::string dependencies =
      header.dependencies
          ? fmt::format(R"("dependencies":{},)", ObjectOf(*header.dependencies, Quoted))
          : "";
  return fmt::format(
      R"({{"type":"run","version":1,"run":{},"foothold":{},"target":{},"workload":{},)"
      R"("searcher":{},"seed":{},"options":{},"machine":{},{}{}"parameters":{},"time":{}}})",
      run, Quoted(header.foothold_version), Quoted(header.target), ToJson(header.workload),
      Quoted(header.searcher), header.seed, ObjectOf(header.options, Quoted),
      ObjectOf(header.machine, Quoted), device, dependencies, ToJson(header.parameters),
      Number(header.wall_clock));
}

std::string ToJsonLine(const StartedRecord& record, std::uint64_t run,
                       const std::vector<Parameter>& parameters) {
  return fmt::format(R"({{"type":"started","run":{},"trial":{},"config":{}}})", run, record.trial,
                     Values(record.config, parameters));
}

std::string ToJsonLine(const WithdrawnRecord& record, std::uint64_t run) {
  return fmt::format(R"({{"type":"withdrawn","run":{},"trial":{}}})", run, record.trial);
}

std::string ToJsonLine(const TrialRecord& record, std::uint64_t run,
                       const std::vector<Parameter>& parameters) {
  const Measurement& measurement = record.measurement;
  return fmt::format(
      R"({{"type":"trial","run":{},"trial":{},"config":{},{},"build_s":{},"run_s":{},)"
      R"("metrics":{},"time":{}}})",
      run, record.trial, Values(measurement.config, parameters), OutcomeFields(measurement),
      Number(measurement.build_seconds), Number(measurement.run_seconds),
      ObjectOf(measurement.metrics, Number), Number(record.wall_clock));
}

std::string ToJsonLine(const BuildRecord& record, std::uint64_t run,
                       const std::vector<Parameter>& parameters) {
  const BuildReport& report = record.report;
  return fmt::format(
      R"({{"type":"build","run":{},"build":{},"config":{},"ok":{}{},"build_s":{},"metrics":{},)"
      R"("time":{}}})",
      run, record.build, Values(report.config, parameters), report.ok(),
      report.ok() ? "" : fmt::format(",{}", FailureFields(*report.failure)), Number(report.seconds),
      ObjectOf(report.metrics, Number), Number(record.wall_clock));
}

std::string ToJsonLine(const FinalRecord& record, std::uint64_t run) {
  std::string finalists;
  for (const FinalRecord::Finalist& finalist : record.finalists) {
    finalists +=
        fmt::format(R"({}{{"trial":{},"tied":{},"seconds":{}}})", finalists.empty() ? "" : ",",
                    finalist.trial, finalist.tied, Numbers(finalist.seconds));
  }
  return fmt::format(R"({{"type":"final","run":{},"trials":{},"finalists":[{}],"time":{}}})", run,
                     record.trials, finalists, Number(record.wall_clock));
}

}  // namespace foothold
