#include "studies/micro/bench.h"

#include <fmt/core.h>

#include <cstdio>
#include <string_view>
#include <utility>

#include "foothold/env.h"
#include "tune/machine.h"

namespace foothold::studies {

BenchCall ParseBenchCall(int argc, char** argv) {
  BenchCall call;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--output-dir" && i + 1 < argc) {
      call.output_dir = argv[++i];
    } else {
      call.words.emplace_back(argv[i]);
    }
  }
  return call;
}

int ShowBench(Page page, const BenchCall& call) {
  Env& env = *Env::Default();
  page.SetMachine(tune::DescribeMachine(env));
  fmt::print("{}", page.ToText());
  if (call.output_dir.empty()) return 0;
  const Status written = page.Write(env, call.output_dir);
  if (!written.ok()) fmt::print(stderr, "{}\n", written.message());
  return written.ok() ? 0 : 3;
}

}  // namespace foothold::studies
