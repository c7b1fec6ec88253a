#include "models/gaussian_process/gaussian_process.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"

namespace foothold::models {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

}  // namespace

struct GaussianProcess::Impl {
  std::vector<double> length_scales;
  Vector inverse_scales;
  double noise = 1;
  Index rows = 0;
  Matrix points;   ///< in length scales, one per column; as many columns as fit
  Vector norms;    ///< of the points, squared
  Matrix lower;    ///< Cholesky factor of the kernel matrix with noise
  Vector weights;  ///< of the kernel functions
  double prior_mean = 0;

  void Grow() {
    const Index capacity = std::max<Index>(32, 2 * points.cols());
    points.conservativeResize(inverse_scales.size(), capacity);
    norms.conservativeResize(capacity);
    Matrix larger = Matrix::Zero(capacity, capacity);
    larger.topLeftCorner(rows, rows) = lower.topLeftCorner(rows, rows);
    lower = std::move(larger);
  }

  /// One column per point of `others`, one row per point known.
  Matrix Kernel(const Matrix& others) const {
    Matrix kernel = points.leftCols(rows).transpose() * others;
    Eigen::ArrayXd distances(rows);
    for (Index i = 0; i < kernel.cols(); ++i) {  // column by column, which fits into a cache
      distances = norms.head(rows).array() - 2 * kernel.col(i).array();
      distances = (3 * (distances + others.col(i).squaredNorm()).max(0.0)).sqrt();
      kernel.col(i) = (1 + distances) * (-distances).exp();
    }
    return kernel;
  }

  /// In length scales; rows as columns, so that one is contiguous.
  Matrix Scaled(const FeatureMatrix& features) const {
    using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const RowMajor> all(features.values().data(),
                                         static_cast<Index>(features.rows()),
                                         static_cast<Index>(features.columns()));
    return inverse_scales.asDiagonal() * all.transpose().cast<double>();
  }
};

GaussianProcess::GaussianProcess(std::vector<double> length_scales, double noise)
    : impl_(std::make_unique<Impl>()) {
  FOOTHOLD_CHECK(!length_scales.empty() && noise > 0);
  const Eigen::Map<const Vector> scales(length_scales.data(),
                                        static_cast<Index>(length_scales.size()));
  FOOTHOLD_CHECK(scales.minCoeff() > 0);
  impl_->inverse_scales = scales.cwiseInverse();
  impl_->length_scales = std::move(length_scales);
  impl_->noise = noise;
}
GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;

std::size_t GaussianProcess::rows() const { return static_cast<std::size_t>(impl_->rows); }

const std::vector<double>& GaussianProcess::length_scales() const { return impl_->length_scales; }

void GaussianProcess::Append(std::span<const float> row) {
  Impl& p = *impl_;
  FOOTHOLD_CHECK(row.size() == p.length_scales.size());
  if (p.rows == p.points.cols()) p.Grow();
  const Vector point = p.inverse_scales.cwiseProduct(
      Eigen::Map<const Eigen::VectorXf>(row.data(), p.inverse_scales.size()).cast<double>());
  Vector below = p.Kernel(point).col(0);
  p.lower.topLeftCorner(p.rows, p.rows).triangularView<Eigen::Lower>().solveInPlace(below);
  p.lower.row(p.rows).head(p.rows) = below.transpose();
  // Rounding can take a row that is there already below its noise.
  const double rest = std::max(1 + p.noise - below.squaredNorm(), p.noise / 2);
  p.lower(p.rows, p.rows) = std::sqrt(rest);
  p.points.col(p.rows) = point;
  p.norms(p.rows) = point.squaredNorm();
  ++p.rows;
}

void GaussianProcess::SetTargets(std::span<const double> targets, double prior_mean) {
  Impl& p = *impl_;
  FOOTHOLD_CHECK(targets.size() == rows());
  p.prior_mean = prior_mean;
  p.weights = Eigen::Map<const Vector>(targets.data(), p.rows).array() - prior_mean;
  const auto lower = p.lower.topLeftCorner(p.rows, p.rows).triangularView<Eigen::Lower>();
  lower.solveInPlace(p.weights);
  lower.transpose().solveInPlace(p.weights);
}

void GaussianProcess::Predict(const FeatureMatrix& features, std::span<double> mean) const {
  const Impl& p = *impl_;
  Eigen::Map<Vector> means(mean.data(), static_cast<Index>(mean.size()));
  means.setConstant(p.prior_mean);
  if (p.rows == 0) return;
  FOOTHOLD_CHECK(p.weights.size() == p.rows);
  means += p.Kernel(p.Scaled(features)).transpose() * p.weights;
}

void GaussianProcess::Predict(const FeatureMatrix& features, std::span<double> mean,
                              std::span<double> deviation) const {
  const Impl& p = *impl_;
  Eigen::Map<Vector> means(mean.data(), static_cast<Index>(mean.size()));
  means.setConstant(p.prior_mean);
  std::fill(deviation.begin(), deviation.end(), 1.0);
  if (p.rows == 0) return;
  FOOTHOLD_CHECK(p.weights.size() == p.rows);
  Matrix kernel = p.Kernel(p.Scaled(features));
  means += kernel.transpose() * p.weights;
  p.lower.topLeftCorner(p.rows, p.rows).triangularView<Eigen::Lower>().solveInPlace(kernel);
  for (Index i = 0; i < kernel.cols(); ++i) {
    deviation[static_cast<std::size_t>(i)] =
        std::sqrt(std::max(1 - kernel.col(i).squaredNorm(), 1e-9));
  }
}

}  // namespace foothold::models
