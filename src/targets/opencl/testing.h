#pragma once

// What the tests of this module share.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "foothold/workload.h"

namespace foothold::opencl::testing {

inline std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

/// A kernel that does what the parameter `mode` says, with every kind of argument.
constexpr std::string_view kFile = R"({
"ConfigurationSpace": {
  "TuningParameters": [
    {"Name": "mode", "Type": "string", "Values": "['RIGHT', 'WRONG', 'BROKEN', 'HANG', 'BEHIND', 'PART']"},
    {"Name": "width", "Type": "int", "Values": "[4, 5, 8192]"},
    {"Name": "scratch_size", "Type": "int", "Values": "[1, 4000000]"}],
  "Conditions": [{"Expression": "width != 5 or mode == 'RIGHT'", "Parameters": ["width", "mode"]}]},
"KernelSpecification": {
  "Language": "OpenCL", "KernelName": "scale", "KernelFile": "scale.cl",
  "LocalSize": {"X": "width"},
  "GlobalSize": {"X": "ProblemSize[0]"},
  "ProblemSize": [64],
  "BenchmarkName": "a field of files in the wild",
  "Arguments": [
    {"Name": "in", "Type": "float2", "MemoryType": "Vector", "AccessType": "ReadOnly", "FillType": "Random",
     "FillValue": 8.0, "Size": "ProblemSize[0] // 2"},
    {"Name": "out", "Type": "float", "MemoryType": "Vector", "AccessType": "WriteOnly", "FillType": "Constant",
     "FillValue": 0.0, "Size": 64},
    {"Name": "scratch", "Type": "float", "MemoryType": "Local", "Size": "scratch_size"},
    {"Name": "factor", "Type": "float", "MemoryType": "Scalar", "FillValue": "max(width) / 4096"}],
  "ReferenceArguments": [
    {"Name": "reference", "TargetName": "out", "FillType": "BinaryRaw", "DataSource": "reference.bin",
     "ValidationMethod": "SideBySideRelativeComparison", "ValidationThreshold": 1e-6}]},
"Foothold": {"Repeats": 2}
})";

inline Workload SmallDense() { return ParseInlineWorkload("dense:1x64,64").value(); }

}  // namespace foothold::opencl::testing
