#pragma once

#include <string>
#include <vector>

#include "studies/page/page.h"

namespace foothold::studies {

/// What a bench was called with.
struct BenchCall {
  std::vector<std::string> words;  ///< all arguments but the next
  std::string output_dir;          ///< of --output-dir; empty: the page is not written
};

BenchCall ParseBenchCall(int argc, char** argv);

/// Prints the page, and writes its files to the folder that the call names. Returns the exit code.
int ShowBench(Page page, const BenchCall& call);

}  // namespace foothold::studies
