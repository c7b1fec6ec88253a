// Tunes a function of this program: a blocked matrix product, whose block sizes and loop order
// decide how fast it is, and whether it is right at all.
#include <foothold/function_task.h>
#include <foothold/tuner.h>

#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

namespace {

constexpr std::int64_t kSize = 96;
using Matrix = std::vector<float>;

struct Blocks {
  std::int64_t rows, columns, depth;
  bool columns_inside;
};

// c += a * b, block by block. Blocks that do not divide the matrix leave a rim untouched: a fault
// of the kind that tuning is full of.
void BlockedProduct(const Matrix& a, const Matrix& b, Matrix& c, const Blocks& blocks) {
  const auto at = [](std::int64_t row, std::int64_t column) {
    return static_cast<std::size_t>(row * kSize + column);
  };
  for (std::int64_t i0 = 0; i0 + blocks.rows <= kSize; i0 += blocks.rows)
    for (std::int64_t k0 = 0; k0 + blocks.depth <= kSize; k0 += blocks.depth)
      for (std::int64_t j0 = 0; j0 + blocks.columns <= kSize; j0 += blocks.columns)
        for (std::int64_t i = i0; i < i0 + blocks.rows; ++i) {
          if (blocks.columns_inside) {
            for (std::int64_t k = k0; k < k0 + blocks.depth; ++k)
              for (std::int64_t j = j0; j < j0 + blocks.columns; ++j)
                c[at(i, j)] += a[at(i, k)] * b[at(k, j)];
          } else {
            for (std::int64_t j = j0; j < j0 + blocks.columns; ++j)
              for (std::int64_t k = k0; k < k0 + blocks.depth; ++k)
                c[at(i, j)] += a[at(i, k)] * b[at(k, j)];
          }
        }
}

// Small whole numbers, of which sums are exact in any order: outputs are equal or wrong.
Matrix SmallNumbers(std::uint64_t seed) {
  foothold::Rng rng(seed);
  Matrix matrix(kSize * kSize);
  for (float& value : matrix) value = static_cast<float>(rng.Below(8));
  return matrix;
}

foothold::Result<foothold::Space> BlockSpace() {
  return foothold::Space::Create(
      {{"rows", {4, 8, 16, 20, 32, 96}},
       {"columns", {4, 8, 16, 20, 32, 96}},
       {"depth", {4, 8, 16, 20, 32, 96}},
       {"columns_inside", {0, 1}}},
      {foothold::Constraint::ProductAtMost("the block of the output stays in the L1 cache",
                                           {"rows", "columns"}, sizeof(float), 32 << 10)});
}

}  // namespace

int main(int argc, char** argv) {
  foothold::Result<foothold::Space> space = BlockSpace();
  if (!space.ok()) {
    std::fprintf(stderr, "%s\n", space.status().message().c_str());
    return 2;
  }
  const Matrix a = SmallNumbers(1);
  const Matrix b = SmallNumbers(2);
  Matrix expected(kSize * kSize, 0);
  BlockedProduct(a, b, expected, {kSize, kSize, kSize, true});

  const auto task = foothold::MakeFunctionTask(
      "blocked product", *space,
      [&](const foothold::Config& config, const foothold::RunOptions& options) {
        const auto value = [&](const char* name) { return space->Value(config, name); };
        const Blocks blocks{value("rows"), value("columns"), value("depth"),
                            value("columns_inside") != 0};
        Matrix c(kSize * kSize, 0);
        const auto start = std::chrono::steady_clock::now();
        BlockedProduct(a, b, c, blocks);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (options.verify && c != expected) {
          return foothold::Failed(foothold::Outcome::kCorrectness, "verify",
                                  "the blocks do not divide the matrix");
        }
        return foothold::Took(took.count());
      });

  foothold::TunerOptions options;
  options.trials = 40;
  const auto result = foothold::Tune({.task = *task,
                                      .target = "this program",
                                      .options = options,
                                      .log = argc > 1 ? argv[1] : "tune_function.jsonl"});
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", result.status().message().c_str());
    return 3;
  }
  const auto best = result->best();
  if (!best) return 1;
  std::printf("best of %llu: %s, %.3f ms\n",
              static_cast<unsigned long long>(result->progress.finished),
              space->ToString(best->config).c_str(), best->MedianSeconds() * 1e3);
  return 0;
}
