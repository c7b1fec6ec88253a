#pragma once

#include "base/check.h"
#include "records/ground_truth/ground_truth.h"
#include "studies/time_to_best/testing/toy_target.h"

namespace foothold::studies {

/// What Explore finds out about the toy, without a file.
inline records::GroundTruth ToyTruth(const ToyTask& task) {
  records::GroundTruthHeader header;
  header.target = "toy";
  header.workload = task.workload();
  header.parameters = task.space().parameters();
  records::GroundTruth truth = records::GroundTruth::Create(header).value();
  for (std::uint64_t i = 0; i < task.space().raw_size(); ++i) {
    records::Verdict verdict;
    std::vector<double> values;
    const BuildResult build = task.Build(task.space().AtIndex(i));
    if (!build.ok()) {
      verdict.outcome = build.failure->outcome;
      verdict.stage = build.failure->stage;
    } else {
      const RunResult run = task.Run(*build.program, {});
      verdict.built = true;
      verdict.outcome = run.outcome();
      if (run.outcome() == Outcome::kCorrect) values.push_back(run.seconds[0]);
      if (run.failure) verdict.stage = run.failure->stage;
      verdict.program_metrics = {"area"};
      values.push_back(build.program->metrics().at("area"));
    }
    FOOTHOLD_CHECK(truth.Add(verdict, values).ok());
  }
  return truth;
}

}  // namespace foothold::studies
