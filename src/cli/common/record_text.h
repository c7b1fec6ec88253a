#pragma once

#include <string>

#include "foothold/record.h"

namespace foothold::cli {

/// A log for people: one paragraph a run, one line a trial. Times of day are in UTC.
std::string DumpText(const LogContents& contents);

/// "2026-11-20 23:46:52 UTC".
std::string TimeOfDay(double wall_clock_seconds);

}  // namespace foothold::cli
