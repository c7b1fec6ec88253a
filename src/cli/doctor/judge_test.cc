#include "cli/doctor/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::doctor {
namespace {

using ::testing::HasSubstr;

Facts GoodMachine() {
  Facts facts;
  facts.compiler = "cc 12.2.0";
  facts.temporary_path = "/tmp";
  facts.temporary_file_system = "ext4";
  facts.temporary_free_bytes = 50'000'000'000;
  facts.open_files = 1024;
  facts.containment.cgroups = {true, true, true, "", true};
  facts.cores = 4;
  facts.load = 0.2;
  facts.clock_resolution_s = 2e-8;
  facts.loop_seconds = {1e-3, 1.001e-3, 1.002e-3, 1.001e-3};
  facts.governor = "performance";
  facts.turbo = false;
  return facts;
}

Finding Find(const std::vector<Finding>& findings, const std::string& check) {
  for (const Finding& finding : findings) {
    if (finding.check == check) return finding;
  }
  ADD_FAILURE() << "no check " << check;
  return {};
}

TEST(Judge, AGoodMachineIsOk) {
  for (const Finding& finding : Judge(GoodMachine(), 4)) {
    EXPECT_EQ(finding.verdict, Verdict::kOk) << finding.check << ": " << finding.what;
    EXPECT_FALSE(finding.what.empty()) << finding.check;
    EXPECT_TRUE(finding.fix.empty()) << finding.check;
  }
}

struct Case {
  std::string check;
  Verdict verdict;
  std::string what;
  void (*spoil)(Facts&);
};
void PrintTo(const Case& fault, std::ostream* out) { *out << fault.check << ": " << fault.what; }

class JudgeFault : public ::testing::TestWithParam<Case> {};

TEST_P(JudgeFault, IsFoundAndNothingElse) {
  const Case& fault = GetParam();
  Facts facts = GoodMachine();
  fault.spoil(facts);
  const std::vector<Finding> findings = Judge(facts, 4);
  const Finding finding = Find(findings, fault.check);
  EXPECT_EQ(finding.verdict, fault.verdict);
  EXPECT_THAT(finding.what, HasSubstr(fault.what));
  for (const Finding& other : findings) {
    const Verdict expected = other.check == fault.check ? fault.verdict : Verdict::kOk;
    EXPECT_EQ(other.verdict, expected) << other.check;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, JudgeFault,
    ::testing::Values(
        Case{"compiler", Verdict::kProblem, "no program cc", [](Facts& f) { f.compiler = ""; }},
        Case{"compiler", Verdict::kProblem, "stdio.h",
             [](Facts& f) { f.compiler_error = "no stdio.h"; }},
        Case{"isolation", Verdict::kProblem, "fork",
             [](Facts& f) { f.process_error = "cannot fork"; }},
        Case{"isolation", Verdict::kWarning, "no /proc: candidates that become daemons cannot be",
             [](Facts& f) {
               f.containment.daemons_error = "no /proc", f.containment.cgroups.groups = false;
             }},
        Case{"isolation", Verdict::kWarning, "no /proc: limits on memory",
             [](Facts& f) {
               f.containment.daemons_error = "no /proc", f.containment.cgroups.groups = true;
             }},
        Case{"temporary folder", Verdict::kProblem, "read-only",
             [](Facts& f) { f.temporary_error = "read-only"; }},
        Case{"temporary folder", Verdict::kProblem, "0.0 GB free: builds will fail",
             [](Facts& f) { f.temporary_free_bytes = 1000; }},
        Case{"temporary folder", Verdict::kWarning, "/tmp on ext4, 1.0 GB free",
             [](Facts& f) { f.temporary_free_bytes = 1'000'000'000; }},
        Case{"limits", Verdict::kProblem, "4 jobs need 128 open files",
             [](Facts& f) { f.open_files = 127; }},
        Case{"limits", Verdict::kWarning, "127 processes", [](Facts& f) { f.processes = 127; }},
        Case{"cores", Verdict::kWarning, "3 for 4 jobs", [](Facts& f) { f.cores = 3; }},
        Case{"cores", Verdict::kWarning, "load 2.5", [](Facts& f) { f.load = 2.5; }},
        Case{"clock", Verdict::kProblem, "stands still",
             [](Facts& f) { f.clock_resolution_s = 0; }},
        Case{"clock", Verdict::kWarning, "steps of 1e+07 ns",
             [](Facts& f) { f.clock_resolution_s = 0.01; }},
        Case{"stability", Verdict::kProblem, "cannot be timed",
             [](Facts& f) {
               f.loop_seconds = {0, 0, 0};
             }},
        Case{"stability", Verdict::kWarning, "within 100.0 %, the slowest takes 1.33 times",
             [](Facts& f) {
               f.loop_seconds = {1, 1, 3, 4, 4};
             }},
        Case{"frequency", Verdict::kWarning, "powersave",
             [](Facts& f) { f.governor = "powersave"; }},
        Case{"frequency", Verdict::kWarning, "turbo on", [](Facts& f) { f.turbo = true; }}));

TEST(Judge, SaysWhatCgroupsDoAndHowToGetThem) {
  Facts facts = GoodMachine();
  EXPECT_EQ(Find(Judge(facts, 1), "cgroups").what,
            "each candidate has one of its own and is killed as a whole; the kernel limits its "
            "memory and the number of its processes");
  facts.containment.cgroups = {true, false, false, "it holds a shell too", true};
  Finding finding = Find(Judge(facts, 1), "cgroups");
  EXPECT_EQ(finding.verdict, Verdict::kOk) << "all works without";
  EXPECT_EQ(finding.what,
            "each candidate has one of its own and is killed as a whole; memory and the number of "
            "processes are limited by looking 50 times a second: it holds a shell too");
  EXPECT_THAT(finding.fix, HasSubstr("systemd-run --user --scope -p Delegate=yes foothold"));
  facts.containment.cgroups = {false, false, false, "no cgroups v2 are mounted here", false};
  finding = Find(Judge(facts, 1), "cgroups");
  EXPECT_THAT(finding.what, HasSubstr("none of their own"));
  EXPECT_THAT(finding.what, HasSubstr("no cgroups v2 are mounted here"));
  EXPECT_THAT(finding.fix, HasSubstr("systemd.unified_cgroup_hierarchy=1"));
  facts.containment.cgroups = {true, true, false, "no pids", true};
  EXPECT_THAT(Find(Judge(facts, 1), "cgroups").what,
              HasSubstr("the number of its processes is limited by looking"));
}

TEST(Judge, WhatCannotBeToldIsNoFault) {
  Facts facts = GoodMachine();
  facts.temporary_file_system = "";
  facts.temporary_free_bytes.reset();
  facts.open_files.reset();
  facts.load.reset();
  facts.governor = "";
  facts.turbo.reset();
  for (const Finding& finding : Judge(facts, 1)) {
    EXPECT_EQ(finding.verdict, Verdict::kOk) << finding.check;
  }
  EXPECT_EQ(Find(Judge(facts, 1), "OpenCL").what,
            "no device (for the CPU, Debian: apt install pocl-opencl-icd)");
  facts.opencl_error = "there is no program";
  EXPECT_EQ(Find(Judge(facts, 1), "OpenCL").what, "there is no program");
  EXPECT_EQ(Find(Judge(facts, 1), "OpenCL").verdict, Verdict::kOk);
  facts.opencl_error.clear();
  facts.opencl_devices = {"a CPU", "a GPU"};
  EXPECT_EQ(Find(Judge(facts, 1), "OpenCL").what, "a CPU, a GPU");
}

}  // namespace
}  // namespace foothold::doctor
