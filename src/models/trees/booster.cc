#include "models/trees/booster.h"

#include <fmt/core.h>
#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace foothold::models {
namespace {

/// The first line of XGBoost's last message; a stack trace follows it.
std::string LastError() {
  const std::string_view message = XGBGetLastError();
  return std::string(message.substr(0, message.find('\n')));
}

void Require(int return_code) { FOOTHOLD_CHECK(return_code == 0, LastError()); }

bool AllFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

DMatrixHandle MakeMatrix(const FeatureMatrix& features) {
  FOOTHOLD_CHECK(features.rows() > 0);
  FOOTHOLD_CHECK(AllFinite(features.values()));
  DMatrixHandle handle = nullptr;
  Require(XGDMatrixCreateFromMat_omp(features.values().data(), features.rows(), features.columns(),
                                     std::numeric_limits<float>::quiet_NaN(), &handle, 1));
  return handle;
}

void SetInfo(DMatrixHandle handle, const char* field, std::span<const float> values,
             std::size_t rows) {
  FOOTHOLD_CHECK(values.size() == rows);
  FOOTHOLD_CHECK(AllFinite(values));
  Require(XGDMatrixSetFloatInfo(handle, field, values.data(), values.size()));
}

BoosterHandle MakeBooster(DMatrixHandle cached) {
  BoosterHandle handle = nullptr;
  Require(XGBoosterCreate(&cached, cached == nullptr ? 0 : 1, &handle));
  return handle;
}

std::span<const float> PredictMargins(BoosterHandle booster, DMatrixHandle matrix) {
  constexpr const char* kConfig =
      R"({"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0,)"
      R"( "strict_shape": true})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* margins = nullptr;
  Require(XGBoosterPredictFromDMatrix(booster, matrix, kConfig, &shape, &dimensions, &margins));
  FOOTHOLD_CHECK(dimensions == 2 && shape[1] == 1, "a model with one output");
  return {margins, shape[0]};
}

}  // namespace

void TrainingSet::Free::operator()(void* handle) const { XGDMatrixFree(handle); }

TrainingSet::TrainingSet(const FeatureMatrix& features, std::span<const float> labels)
    : rows_(features.rows()), handle_(MakeMatrix(features)) {
  SetInfo(handle_.get(), "label", labels, rows_);
}

void TrainingSet::SetBaseMargins(std::span<const float> margins) {
  SetInfo(handle_.get(), "base_margin", margins, rows_);
}

void Booster::Free::operator()(void* handle) const { XGBoosterFree(handle); }

Booster::Booster(const Parameters& parameters, const TrainingSet* cached)
    : handle_(MakeBooster(cached == nullptr ? nullptr : cached->handle_.get())) {
  const Parameters fixed = {{"nthread", "1"}, {"seed", "0"}, {"verbosity", "0"}};
  for (const Parameters* list : {&fixed, &parameters}) {
    for (const auto& [name, value] : *list) {
      Require(XGBoosterSetParam(handle_.get(), name.c_str(), value.c_str()));
    }
  }
}

void Booster::Train(int round, const TrainingSet& set) {
  Require(XGBoosterUpdateOneIter(handle_.get(), round, set.handle_.get()));
}

std::span<const float> Booster::Margins(const TrainingSet& set) const {
  return PredictMargins(handle_.get(), set.handle_.get());
}

std::vector<float> Booster::Margins(const FeatureMatrix& features) const {
  if (features.rows() == 0) return {};
  const std::unique_ptr<void, TrainingSet::Free> matrix(MakeMatrix(features));
  const std::span<const float> margins = PredictMargins(handle_.get(), matrix.get());
  return {margins.begin(), margins.end()};
}

int Booster::rounds() const {
  int rounds = 0;
  Require(XGBoosterBoostedRounds(handle_.get(), &rounds));
  return rounds;
}

std::string Booster::ToJson() const {
  bst_ulong length = 0;
  const char* bytes = nullptr;
  Require(XGBoosterSaveModelToBuffer(handle_.get(), R"({"format": "json"})", &length, &bytes));
  return {bytes, length};
}

Result<Booster> Booster::FromJson(std::string_view json) {
  Booster booster({}, nullptr);
  if (XGBoosterLoadModelFromBuffer(booster.handle_.get(), json.data(), json.size()) != 0) {
    return Status::DataLoss(fmt::format("not a model that XGBoost can read: {}", LastError()));
  }
  Require(XGBoosterSetParam(booster.handle_.get(), "nthread", "1"));
  return booster;
}

}  // namespace foothold::models
