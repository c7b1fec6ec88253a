#include "foothold/explanation.h"

#include <fmt/core.h>

#include <type_traits>

#include "base/text.h"

namespace foothold {
namespace {

double Percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string Line(std::string_view name, std::string_view value) {
  return fmt::format("{:<9} {}\n", name, value);
}

std::string FailureText(const Failure& failure) {
  std::string verdict(ToString(failure.outcome));
  if (failure.outcome != Outcome::kConstraints) verdict += " at " + failure.stage;
  return Line("outcome", fmt::format("{}: {}", verdict, failure.reason));
}

std::string VerdictText(const Explanation& e) {
  if (e.failure) return FailureText(*e.failure);
  if (!e.seconds) return "";
  std::string verdict = fmt::format("correct: {:.3f} ms", *e.seconds * 1e3);
  if (e.gops > 0) verdict += fmt::format(", {:.1f} GOPS", e.gops);
  if (e.share_of_peak > 0) verdict += fmt::format(", {:.1f} % of peak", 100 * e.share_of_peak);
  if (e.share_of_roofline > 0)
    verdict += fmt::format(", {:.1f} % of the roofline", 100 * e.share_of_roofline);
  return Line("outcome", verdict);
}

std::string BoundText(const Explanation& e) {
  if (e.bound.empty()) return "";
  return Line("bound by", e.next_bound.empty() ? e.bound : e.bound + "; then by " + e.next_bound);
}

std::string FactText(const Explanation::Fact& fact) {
  const auto text = [](const auto& value) -> std::string {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, std::int64_t>) return base::WithThousands(value);
    if constexpr (std::is_same_v<Value, double>) return fmt::format("{:.4g}", value);
    if constexpr (std::is_same_v<Value, std::string>) return value;
    if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>)
      return base::Joined(value, " x ");
    if constexpr (std::is_same_v<Value, std::vector<std::string>>) return base::Joined(value, " ");
  };
  std::string value = std::visit(text, fact.value);
  return Line(fact.name, fact.unit.empty() ? value : value + " " + fact.unit);
}

std::string WorksText(const Explanation& e) {
  if (e.works.empty()) return "";
  std::string text = fmt::format("\n  {:8} {:20} {:>9} {:>13} {:>7} {:>13}\n", "unit", "work",
                                 "instr.", "cycles", "share", "bytes");
  for (const Explanation::Work& work : e.works) {
    text += fmt::format("  {:8} {:20} {:>9} {:>13} {:>6.1f}% {:>13}\n", work.unit, work.work,
                        base::WithThousands(work.instructions), base::WithThousands(work.cycles),
                        Percent(work.cycles, e.cycles),
                        work.bytes == 0 ? "" : base::WithThousands(work.bytes));
  }
  return text;
}

std::string UnitsText(const Explanation& e) {
  if (e.units.empty()) return "";
  std::string text = fmt::format("\n  {:8} {:>13} {:>13} {:>13} {:>13} {:>13}\n", "unit", "busy",
                                 "wait: fetch", "wait: prev", "wait: next", "of busy: port");
  for (const Explanation::Unit& unit : e.units) {
    text += fmt::format("  {:8} {:>13} {:>13} {:>13} {:>13} {:>13}\n", unit.name,
                        base::WithThousands(unit.busy), base::WithThousands(unit.wait_fetch),
                        base::WithThousands(unit.wait_prev), base::WithThousands(unit.wait_next),
                        base::WithThousands(unit.port_delay));
  }
  return text;
}

std::string NotesText(const Explanation& e) {
  std::string text;
  if (e.cycles > 0) {
    text += fmt::format("  total {} cycles; host {:.3f} ms\n", base::WithThousands(e.cycles),
                        e.host_seconds * 1e3);
  }
  for (const std::string& note : e.notes) text += fmt::format("  {}\n", note);
  if (!text.empty()) return "\n" + text;
  for (const auto& [name, value] : e.metrics) text += fmt::format("  {:20} {:>13}\n", name, value);
  return text;
}

}  // namespace

void SetSeconds(const TargetTask& task, double seconds, Explanation& explanation) {
  explanation.seconds = seconds;
  if (seconds <= 0) return;  // a file may say so
  const TaskTraits& traits = task.traits();
  const double per_second = static_cast<double>(OperationCount(task.workload())) / seconds;
  explanation.gops = per_second / 1e9;
  if (traits.peak_operations_per_second > 0)
    explanation.share_of_peak = per_second / traits.peak_operations_per_second;
  explanation.share_of_roofline = traits.roofline_seconds / seconds;
}

std::string ToText(const Explanation& e) {
  std::string text = Line("workload", e.workload);
  if (!e.target.empty()) text += Line("target", e.target + (e.is_replayed ? ", replayed" : ""));
  text += Line("config", fmt::format("{}  (index {})", e.config, e.index));
  text += VerdictText(e) + BoundText(e);
  for (const Explanation::Fact& fact : e.facts) text += FactText(fact);
  text += WorksText(e) + UnitsText(e) + NotesText(e);
  if (!e.source.empty()) text += "\n" + e.source;
  return text;
}

}  // namespace foothold
