#include "measure/fleet/bench.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "foothold/version.h"
#include "measure/device_runner.h"
#include "measure/in_process_runner.h"

namespace foothold::measure {
namespace {

bool NeverStop() { return false; }

}  // namespace

JobResult Bench::Do(const Job& job) {
  JobResult result;
  result.run = job.run;
  result.job = job.job;
  Result<Place*> place = PlaceFor(job);
  if (!place.ok()) {
    result.status = place.status();
    return result;
  }
  switch (job.kind) {
    case JobKind::kMeasure:
      result.status = Measure(job, **place, result);
      break;
    case JobKind::kBuild:
      result.status = Build(job, **place, result);
      break;
    case JobKind::kCompare:
      result.status = Compare(job, **place, result);
      break;
  }
  Runner& runner = *(*place)->runner;
  result.is_diagnosis = !result.status.ok() && runner.HasDiagnosis();
  result.demotions = runner.TakeDemotions();
  result.steadiness = runner.steadiness();
  return result;
}

Result<Bench::Place*> Bench::PlaceFor(const Job& job) {
  const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& place) {
    return place.run == job.run && place.setting == job.setting;
  });
  if (found != places_.end()) {
    places_.splice(places_.begin(), places_, found);
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(Place place, Prepare(job));
    places_.push_front(std::move(place));
    if (places_.size() > kMostPlaces) places_.pop_back();
  }
  Place& place = places_.front();
  for (const Config& config : job.configs) {
    if (!place.task->space().Contains(config)) {
      return Status::InvalidArgument(
          fmt::format("job {}: its config is not of this target's space", job.job));
    }
  }
  return &place;
}

Result<Bench::Place> Bench::Prepare(const Job& job) const {
  Place place{job.run, job.setting, nullptr, nullptr};
  FOOTHOLD_ASSIGN_OR_RETURN(place.task, target_.Prepare(job.setting.workload));
  if (SpaceDigest(place.task->space().parameters()) != job.setting.space) {
    return Status::InvalidArgument(fmt::format(
        "the worker's target {} (foothold {}) has other configs for {} than the tuner's: tuner and "
        "workers of a class need the same version and the same target files",
        target_.name(), FOOTHOLD_VERSION, job.setting.workload.name));
  }
  const JobSetting& setting = place.setting;
  place.runner =
      place.task->traits().candidates_can_harm_host
          ? MakeDeviceRunner(*place.task, setting.run, setting.device, setting.repeats, jobs_, env_)
          : MakeInProcessRunner(*place.task, setting.run, jobs_, env_);
  return place;
}

Status Bench::Measure(const Job& job, Place& place, JobResult& result) const {
  MeasuredBatch batch = place.runner->Measure(job.configs, NeverStop);
  if (batch.measurements.empty()) {
    if (batch.status.ok()) return Status::Cancelled("interrupted");
    return batch.status;
  }
  result.build = batch.builds.empty() ? BuildReport() : std::move(batch.builds.front());
  result.measurement = std::move(batch.measurements.front());
  return {};
}

Status Bench::Build(const Job& job, Place& place, JobResult& result) const {
  BuiltBatch batch = place.runner->Build(job.configs, NeverStop);
  if (!batch.reports.empty()) {
    result.build = std::move(batch.reports.front());
    return {};
  }
  return batch.status.ok() ? Status::Cancelled("interrupted") : batch.status;
}

Status Bench::Compare(const Job& job, Place& place, JobResult& result) const {
  FOOTHOLD_ASSIGN_OR_RETURN(result.comparison,
                            place.runner->Compare(job.configs, job.setting.repeats, job.seconds,
                                                  job.seed, NeverStop, [](const Comparison&) {}));
  return {};
}

}  // namespace foothold::measure
