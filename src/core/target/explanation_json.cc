#include "core/target/explanation_json.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace foothold {
namespace {

std::string NameInJson(const Explanation::Fact& fact) {
  std::string name = fact.unit.empty() ? fact.name : fact.name + "_" + fact.unit;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

void AddVerdict(const Explanation& e, base::Json& json) {
  if (e.failure) {
    json["outcome"] = ToString(e.failure->outcome);
    json["stage"] = e.failure->stage;
    json["reason"] = e.failure->reason;
  } else if (e.seconds) {
    json["outcome"] = ToString(Outcome::kCorrect);
    json["seconds"] = *e.seconds;
  }
}

void AddTime(const Explanation& e, base::Json& json) {
  if (e.cycles > 0) json["cycles"] = e.cycles;
  if (e.host_seconds > 0) json["host_seconds"] = e.host_seconds;
  if (e.gops > 0) json["gops"] = e.gops;
  if (e.share_of_peak > 0) json["share_of_peak"] = e.share_of_peak;
  if (e.share_of_roofline > 0) json["share_of_roofline"] = e.share_of_roofline;
  if (!e.bound.empty()) json["bound"] = e.bound;
  if (!e.next_bound.empty()) json["next_bound"] = e.next_bound;
}

void AddWorks(const Explanation& e, base::Json& json) {
  for (const Explanation::Work& work : e.works) {
    json["shares"].push_back({{"unit", work.unit},
                              {"work", work.work},
                              {"instructions", work.instructions},
                              {"cycles", work.cycles},
                              {"bytes", work.bytes}});
  }
  for (const Explanation::Unit& unit : e.units) {
    json["units"][unit.name] = {{"busy", unit.busy},           {"wait_fetch", unit.wait_fetch},
                                {"wait_prev", unit.wait_prev}, {"wait_next", unit.wait_next},
                                {"wait_push", unit.wait_push}, {"port_delay", unit.port_delay}};
  }
}

/// By unit and name of the work. Shares to a thousandth: more cannot be seen.
base::Json TimelineJson(const Explanation& e) {
  std::map<std::string, std::map<std::string, base::Json>> rows;
  std::vector<std::string> units;
  for (const Explanation::Work& work : e.works) {
    if (units.empty() || units.back() != work.unit) units.push_back(work.unit);
    base::Json busy = base::Json::Array();
    for (const double share : work.busy) busy.push_back(std::round(share * 1000) / 1000);
    rows[work.unit][work.work] = std::move(busy);
  }
  base::Json json = {{"piece_cycles", e.piece_cycles}, {"rows", base::Json::Array()}};
  for (const std::string& unit : units) {
    for (auto& [work, busy] : rows[unit])
      json["rows"].push_back({{"unit", unit}, {"work", work}, {"busy", std::move(busy)}});
  }
  return json;
}

}  // namespace

}  // namespace foothold

namespace foothold::target {

base::Json ExplanationJson(const Explanation& e) {
  base::Json json = {{"workload", e.workload}};
  if (!e.target.empty()) json["target"] = e.target;
  json["config"] = e.config;
  json["index"] = e.index;
  AddVerdict(e, json);
  AddTime(e, json);
  for (const Explanation::Fact& fact : e.facts) {
    std::visit([&](const auto& value) { json[NameInJson(fact)] = base::Json(value); }, fact.value);
  }
  AddWorks(e, json);
  if (e.piece_cycles > 0) json["timeline"] = TimelineJson(e);
  if (!e.metrics.empty()) json["metrics"] = e.metrics;
  if (!e.source.empty()) json["source"] = e.source;
  return json;
}

}  // namespace foothold::target

namespace foothold {

std::string ToJson(const Explanation& explanation) {
  return target::ExplanationJson(explanation).Dump();
}

}  // namespace foothold
