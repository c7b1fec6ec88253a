#pragma once

namespace foothold::base {

/// CPU seconds that the calling thread has used. For benchmarks: other processes do not count, and
/// nothing that Foothold decides may depend on it.
double ThreadCpuSeconds();

}  // namespace foothold::base
