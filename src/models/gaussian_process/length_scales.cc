#include "models/gaussian_process/length_scales.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace foothold::models {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

Matrix Scaled(const FeatureMatrix& rows, std::span<const double> log_scales) {
  Matrix points(static_cast<Index>(rows.rows()), static_cast<Index>(rows.columns()));
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < rows.columns(); ++c) {
      points(static_cast<Index>(r), static_cast<Index>(c)) =
          double{rows.row(r)[c]} * std::exp(-log_scales[c]);
    }
  }
  return points;
}

}  // namespace

double LogEvidence(const FeatureMatrix& rows, std::span<const double> targets,
                   std::span<const double> log_scales, const LengthScalePrior& prior,
                   std::span<double> gradient) {
  FOOTHOLD_CHECK(targets.size() == rows.rows() && log_scales.size() == rows.columns());
  const Matrix points = Scaled(rows, log_scales);
  const Index n = points.rows();
  const Vector norms = points.rowwise().squaredNorm();
  Matrix distances = -2 * points * points.transpose();
  distances.colwise() += norms;
  distances.rowwise() += norms.transpose();
  distances = (3 * distances.cwiseMax(0)).cwiseSqrt();
  const Matrix decay = (-distances).array().exp();
  Matrix kernel = (1 + distances.array()) * decay.array();
  kernel.diagonal().setConstant(1 + prior.noise);
  const Eigen::LLT<Matrix> factor(kernel);
  const Eigen::Map<const Vector> y(targets.data(), n);
  const Vector weights = factor.solve(y);
  double evidence = -0.5 * y.dot(weights) - factor.matrixLLT().diagonal().array().log().sum();
  const double centre = std::log(prior.typical);
  const double variance = prior.deviation * prior.deviation;
  for (const double s : log_scales) evidence -= 0.5 * (s - centre) * (s - centre) / variance;
  if (gradient.empty()) return evidence;

  // d kernel / d log scale of column k is 3 decay (x_k - x'_k)^2; the sum over all pairs of
  // w (x - x')^2 is 2 (sum of (row sums of w) x^2 - x w x).
  Matrix w = weights * weights.transpose() - factor.solve(Matrix::Identity(n, n));
  w.array() *= 3 * decay.array();
  const Vector sums = w.rowwise().sum();
  const Matrix product = w * points;
  for (Index k = 0; k < points.cols(); ++k) {
    const auto x = points.col(k);
    const double pairs = 2 * (sums.dot(x.cwiseAbs2()) - x.dot(product.col(k)));
    const auto column = static_cast<std::size_t>(k);
    gradient[column] = 0.5 * pairs - (log_scales[column] - centre) / variance;
  }
  return evidence;
}

std::vector<double> FitLengthScales(const FeatureMatrix& rows, std::span<const double> targets,
                                    std::vector<double> scales, const LengthScalePrior& prior,
                                    std::size_t steps) {
  constexpr double kFirstStep = 0.2, kLargestStep = 0.6, kGrow = 1.3, kShrink = 0.5;
  std::vector<double> logs(scales.size()), gradient(scales.size());
  std::transform(scales.begin(), scales.end(), logs.begin(), [](double s) { return std::log(s); });
  std::vector<double> best = logs, step(scales.size(), kFirstStep), before(scales.size(), 0.0);
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i <= steps; ++i) {
    const double evidence = LogEvidence(rows, targets, logs, prior, gradient);
    if (evidence > most) {
      most = evidence;
      best = logs;
    }
    for (std::size_t k = 0; k < logs.size(); ++k) {
      const double turn = gradient[k] * before[k];
      if (turn > 0) step[k] = std::min(step[k] * kGrow, kLargestStep);
      if (turn < 0) step[k] *= kShrink;
      before[k] = turn < 0 ? 0 : gradient[k];
      if (turn >= 0 && gradient[k] != 0) logs[k] += std::copysign(step[k], gradient[k]);
    }
  }
  std::transform(best.begin(), best.end(), scales.begin(), [](double s) { return std::exp(s); });
  return scales;
}

}  // namespace foothold::models
