// foothold-opencl-runner: does one thing to one candidate and reports it on the last line of
// stdout. A program of its own, because what it runs may crash or hang it. The requests and reports
// are those of opencl/runner_protocol.h.
#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include "targets/opencl/runner/device.h"
#include "targets/opencl/runner/failure.h"
#include "targets/opencl/runner/files.h"
#include "targets/opencl/runner/kernel.h"
#include "targets/opencl/runner/launch.h"

namespace foothold::opencl_runner {
namespace {

base::Json BuildOne(const base::Json& request) {
  const Kernel kernel = Compile(request);
  SaveBinary(kernel, request);
  return {{"metrics", MetricsOf(kernel, request)}};
}

base::Json RunOne(const base::Json& request, bool verify) {
  const Kernel kernel = Load(request);
  Launch launch(kernel, request);
  launch.Once();  // some drivers finish compiling at the first launch
  if (verify) launch.Verify();
  auto seconds = base::Json::Array();
  for (int repeat = request.at("repeats").Get<int>(); repeat > 0; --repeat)
    seconds.push_back(launch.Once());
  return {{"seconds", seconds}};
}

base::Json ComputeReference(const base::Json& request) {
  const Kernel kernel = Compile(request);
  Launch launch(kernel, request);
  launch.Once();
  launch.Verify();  // of what it wrote behind the ends: there is no reference yet
  launch.SaveOutputs();
  return {{"metrics", base::Json::Object()}};
}

base::Json Do(std::string_view what, const char* path) {
  if (what == "devices") return {{"devices", DescribeDevices()}};
  const Result<base::Json> parsed = base::Json::Parse(ReadWhole(path), path);
  if (!parsed.ok()) throw Unavailable{parsed.status().message()};
  const base::Json& request = *parsed;
  if (what == "build") return BuildOne(request);
  if (what == "run") return RunOne(request, true);
  if (what == "run-unverified") return RunOne(request, false);
  if (what == "reference") return ComputeReference(request);
  throw Unavailable{"there is no command " + std::string(what)};
}

base::Json Report(std::string_view what, const char* path) {
  try {
    return Do(what, path);
  } catch (const Failed& failed) {
    return {{"failure",
             {{"outcome", failed.outcome}, {"stage", failed.stage}, {"reason", failed.reason}}}};
  } catch (const Unavailable& unavailable) {
    return {{"unavailable", unavailable.reason}};
  } catch (const std::exception& exception) {  // out of memory, for one
    return {{"unavailable", exception.what()}};
  }
}

}  // namespace
}  // namespace foothold::opencl_runner

int main(int argc, char** argv) {
  const bool has_file = argc == 3;
  if (!has_file && !(argc == 2 && std::string_view(argv[1]) == "devices")) {
    fmt::print(
        stderr,
        "usage: foothold-opencl-runner devices | build FILE | run FILE | run-unverified FILE "
        "| reference FILE\nfor foothold's own use\n");
    return 2;
  }
  const auto report = foothold::opencl_runner::Report(argv[1], has_file ? argv[2] : "");
  fmt::print("\n{}\n", report.Dump({.ascii_only = true}));
  std::fflush(stdout);
  // How a driver cleans up after itself is no matter of the candidate, which is judged by now.
  std::_Exit(0);
}
