#include "records/log/objective_json.h"

#include <fmt/core.h>

#include <string>

namespace foothold::records {

base::Json ToJson(const Objective& objective) {
  return {{"name", objective.name},
          {"unit", objective.unit},
          {"goal", objective.maximise ? "maximise" : "minimise"}};
}

Result<Objective> ParseObjective(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode name, object.Require("name"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode unit, object.Require("unit"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode goal, object.Require("goal"));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  Objective objective;
  FOOTHOLD_ASSIGN_OR_RETURN(objective.name, name.String());
  FOOTHOLD_ASSIGN_OR_RETURN(objective.unit, unit.String());
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string direction, goal.String());
  if (objective.name.empty()) return name.Error("is empty, must name the objective");
  if (direction != "maximise" && direction != "minimise") {
    return goal.Error(fmt::format(R"(is "{}", must be "minimise" or "maximise")", direction));
  }
  objective.maximise = direction == "maximise";
  return objective;
}

}  // namespace foothold::records
