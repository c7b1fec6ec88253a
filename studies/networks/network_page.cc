// The page docs/results/generated/network/.
#include <fmt/core.h>

#include <cmath>
#include <map>

#include "base/json.h"
#include "base/table.h"
#include "base/text.h"
#include "studies/networks/network_study.h"

namespace foothold::studies {
namespace {

std::string Percent(const Count& count) { return fmt::format("{:.2f} %", 100 * count.share()); }
std::string Percent(const std::optional<Count>& count) { return count ? Percent(*count) : "-"; }
std::string OutOf(const Count& count) { return fmt::format("{} of {}", count.yes, count.of); }

base::Table AccuracyTable(const NetworkStudy& study) {
  base::Table table = base::Table::OfNumbers(
      {"network", "inputs", "scales", "float", "file", "VTA", "file agrees", "VTA agrees"});
  for (const NetworkFigures& one : study.networks) {
    table.AddRow({one.name, one.inputs, one.has_ranges ? "the file's ranges" : "calibrated",
                  Percent(one.float_right), Percent(one.file_right), Percent(one.vta_right),
                  Percent(one.file_agrees), Percent(one.vta_agrees)});
  }
  return table;
}

/// "dequantize, 2 x softmax".
std::string Counted(const std::vector<std::string>& names) {
  std::map<std::string, int> counts;
  for (const std::string& name : names) ++counts[name];
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) {
    parts.push_back(count == 1 ? name : fmt::format("{} x {}", count, name));
  }
  return base::Joined(parts, ", ");
}

base::Table BytesTable(const NetworkStudy& study) {
  base::Table table =
      base::Table::OfNumbers({"network", "folder = executor", "simulator = executor",
                              "MACs on the VTA", "on the host", "simulated ms"});
  for (const NetworkFigures& one : study.networks) {
    table.AddRow({one.name, OutOf(one.folder_equals_executor), OutOf(one.simulator_equals_executor),
                  fmt::format("{:.1f} %", 100 * one.share_of_macs), Counted(one.host),
                  fmt::format("{:.3f}", one.simulated_ms)});
  }
  return table;
}

std::string Decibels(double decibels) {
  return std::isfinite(decibels) ? fmt::format("{:.1f}", decibels) : "exact";
}

/// Each network with its layers, in network order.
base::Table NoiseTable(const NetworkStudy& study) {
  base::Table table({{"network"}, {"signal to noise of its layers, dB"}});
  for (const NetworkFigures& one : study.networks) {
    std::vector<std::string> decibels;
    for (const auto& layer : one.quality.layers) {
      decibels.push_back(Decibels(layer.signal_to_noise_db));
    }
    table.AddRow({one.name, base::Joined(decibels, ", ")});
  }
  return table;
}

base::Json CountJson(const Count& count) { return {{"yes", count.yes}, {"of", count.of}}; }

base::Json ToJson(const NetworkFigures& one) {
  base::Json json = {{"name", one.name},
                     {"family", one.family},
                     {"inputs", one.inputs},
                     {"ranges", one.has_ranges ? "file" : "calibrated"},
                     {"file_agrees", CountJson(one.file_agrees)},
                     {"vta_agrees", CountJson(one.vta_agrees)},
                     {"folder_equals_executor", CountJson(one.folder_equals_executor)},
                     {"simulator_equals_executor", CountJson(one.simulator_equals_executor)},
                     {"share_of_macs_on_vta", one.share_of_macs},
                     {"host", one.host},
                     {"simulated_ms", one.simulated_ms},
                     {"layers", base::Json::Array()}};
  if (one.float_right) json["float_right"] = CountJson(*one.float_right);
  if (one.file_right) json["file_right"] = CountJson(*one.file_right);
  if (one.vta_right) json["vta_right"] = CountJson(*one.vta_right);
  for (const auto& layer : one.quality.layers) {
    base::Json entry = {{"node", layer.node}};
    if (std::isfinite(layer.signal_to_noise_db)) {
      entry["signal_to_noise_db"] = layer.signal_to_noise_db;
    }
    json["layers"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace

Page ToPage(const NetworkStudy& study) {
  Page page("network", "Networks on the VTA", "foothold-study network");
  page.Text("Trained networks with int8 and shifts alone: [what is measured](../../network.md).");
  page.Text(
      fmt::format("Target `{}`, scales `{}`, default schedules.", study.target, study.scales));
  page.Heading("Accuracy and agreement");
  page.Text(
      "*float*, *file*, *VTA*: inputs whose class is right, of the family's float network, of the "
      "file as ONNX defines it, and of the deployed folder. *agrees*: inputs with the class of the "
      "float network.");
  page.Add(AccuracyTable(study));
  page.Heading("Bytes");
  page.Text("Inputs whose outputs are equal, byte for byte.");
  page.Add(BytesTable(study));
  page.Heading("Where accuracy goes");
  page.Text("On the calibration inputs, against the file's numbers as real numbers.");
  page.Add(NoiseTable(study));
  base::Json data = {
      {"target", study.target}, {"scales", study.scales}, {"networks", base::Json::Array()}};
  for (const NetworkFigures& one : study.networks) data["networks"].push_back(ToJson(one));
  page.SetData(std::move(data));
  return page;
}

}  // namespace foothold::studies
