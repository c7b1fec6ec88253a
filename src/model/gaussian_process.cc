#include "model/gaussian_process.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace foothold {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

/// Rows as columns, so that one is contiguous.
Matrix Transposed(const FeatureMatrix& features) {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const RowMajor> rows(features.values().data(),
                                        static_cast<Index>(features.rows()),
                                        static_cast<Index>(features.columns()));
  return rows.transpose().cast<double>();
}

}  // namespace

struct GaussianProcess::Impl {
  Options options;
  Index columns = 0;
  Index rows = 0;
  Matrix points;       ///< one per column; as many columns as fit
  Vector norms;        ///< of the points, squared
  Matrix lower;        ///< Cholesky factor of the kernel matrix with noise
  Vector weights;      ///< of the kernel functions
  double prior_mean = 0;

  void Grow() {
    const Index capacity = std::max<Index>(32, 2 * points.cols());
    points.conservativeResize(columns, capacity);
    norms.conservativeResize(capacity);
    Matrix larger = Matrix::Zero(capacity, capacity);
    larger.topLeftCorner(rows, rows) = lower.topLeftCorner(rows, rows);
    lower = std::move(larger);
  }

  /// One column per point of `others`, one row per point known.
  Matrix Kernel(const Matrix& others) const {
    Matrix squares = -2 * points.leftCols(rows).transpose() * others;
    squares.colwise() += norms.head(rows);
    squares.rowwise() += others.colwise().squaredNorm();
    const double scale = std::sqrt(3.0) / options.length_scale;
    return squares.unaryExpr([scale](double square) {
      const double distance = scale * std::sqrt(std::max(square, 0.0));
      return (1 + distance) * std::exp(-distance);
    });
  }
};

GaussianProcess::GaussianProcess(std::size_t columns, const Options& options)
    : impl_(std::make_unique<Impl>()) {
  FOOTHOLD_CHECK(columns > 0 && options.length_scale > 0 && options.noise > 0);
  impl_->options = options;
  impl_->columns = static_cast<Index>(columns);
}
GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;

std::size_t GaussianProcess::rows() const { return static_cast<std::size_t>(impl_->rows); }

void GaussianProcess::Append(std::span<const float> row) {
  Impl& p = *impl_;
  FOOTHOLD_CHECK(static_cast<Index>(row.size()) == p.columns);
  if (p.rows == p.points.cols()) p.Grow();
  const Matrix point = Eigen::Map<const Eigen::VectorXf>(row.data(), p.columns).cast<double>();
  Vector below = p.Kernel(point).col(0);
  p.lower.topLeftCorner(p.rows, p.rows).triangularView<Eigen::Lower>().solveInPlace(below);
  p.lower.row(p.rows).head(p.rows) = below.transpose();
  // Rounding can take a row that is there already below its noise.
  const double rest =
      std::max(1 + p.options.noise - below.squaredNorm(), p.options.noise / 2);
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
  means += p.Kernel(Transposed(features)).transpose() * p.weights;
}

void GaussianProcess::Predict(const FeatureMatrix& features, std::span<double> mean,
                              std::span<double> deviation) const {
  const Impl& p = *impl_;
  Eigen::Map<Vector> means(mean.data(), static_cast<Index>(mean.size()));
  means.setConstant(p.prior_mean);
  std::fill(deviation.begin(), deviation.end(), 1.0);
  if (p.rows == 0) return;
  FOOTHOLD_CHECK(p.weights.size() == p.rows);
  Matrix kernel = p.Kernel(Transposed(features));
  means += kernel.transpose() * p.weights;
  p.lower.topLeftCorner(p.rows, p.rows).triangularView<Eigen::Lower>().solveInPlace(kernel);
  for (Index i = 0; i < kernel.cols(); ++i) {
    deviation[static_cast<std::size_t>(i)] =
        std::sqrt(std::max(1 - kernel.col(i).squaredNorm(), 1e-9));
  }
}

}  // namespace foothold
