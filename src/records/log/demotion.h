#pragma once

#include "foothold/record.h"

namespace foothold::records {

/// What `measured`, which was correct, counts as from then on: the failure, without times.
Measurement Demoted(Measurement measured, const Failure& failure);

/// Takes back the trial's result, and its place in the finals; finals without a best one go.
/// REQUIRES: the trial is one of the run's, and is correct.
void Demote(DemotedRecord record, RunLog& run);

}  // namespace foothold::records
