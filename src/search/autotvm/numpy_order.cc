// Quicksort with the median of three, the larger part left for later, insertion sort for short
// stretches, heap sort when the recursion gets too deep. None of it is stable, so each comparison
// and swap matters: they are those of NumPy's aquicksort (numpy/core/src/npysort, 1.x). The test
// compares with orders that NumPy itself gave.
#include "search/autotvm/numpy_order.h"

#include <bit>
#include <numeric>
#include <utility>

namespace foothold::search {
namespace {

using Index = std::uint32_t;

/// A stretch is sorted by insertion when its ends are at most this far apart: up to 16 values.
constexpr std::ptrdiff_t kShort = 15;

class Sorter {
 public:
  explicit Sorter(std::span<const float> values) : values_(values), order_(values.size()) {
    std::iota(order_.begin(), order_.end(), Index{0});
  }

  std::vector<Index> Sort() && {
    if (order_.size() < 2) return std::move(order_);
    const int depth = 2 * (static_cast<int>(std::bit_width(order_.size())) - 1);
    later_.push_back({0, static_cast<std::ptrdiff_t>(order_.size()) - 1, depth});
    while (!later_.empty()) {
      const Stretch stretch = later_.back();
      later_.pop_back();
      Sort(stretch);
    }
    return std::move(order_);
  }

 private:
  /// The places first..last, and how many more times they may be split.
  struct Stretch {
    std::ptrdiff_t first;
    std::ptrdiff_t last;
    int depth;
  };

  Index& At(std::ptrdiff_t place) { return order_[static_cast<std::size_t>(place)]; }
  float Value(std::ptrdiff_t place) { return values_[At(place)]; }
  void Swap(std::ptrdiff_t a, std::ptrdiff_t b) { std::swap(At(a), At(b)); }

  /// Sorts the smaller parts of `stretch` down to the smallest, and leaves the larger for later.
  void Sort(Stretch stretch) {
    auto& [first, last, depth] = stretch;
    if (depth < 0) return HeapSort(first, last - first + 1);
    while (last - first > kShort) {
      const std::ptrdiff_t pivot = Partition(first, last);
      --depth;
      if (pivot - first < last - pivot) {
        later_.push_back({pivot + 1, last, depth});
        last = pivot - 1;
      } else {
        later_.push_back({first, pivot - 1, depth});
        first = pivot + 1;
      }
    }
    InsertionSort(first, last);
  }

  /// Puts one element where it belongs and returns its place.
  std::ptrdiff_t Partition(std::ptrdiff_t first, std::ptrdiff_t last) {
    const std::ptrdiff_t middle = first + (last - first) / 2;
    if (Value(middle) < Value(first)) Swap(middle, first);
    if (Value(last) < Value(middle)) Swap(last, middle);
    if (Value(middle) < Value(first)) Swap(middle, first);
    const float pivot = Value(middle);
    std::ptrdiff_t i = first;
    std::ptrdiff_t j = last - 1;
    Swap(middle, j);
    for (;;) {
      do ++i;
      while (Value(i) < pivot);
      do --j;
      while (pivot < Value(j));
      if (i >= j) break;
      Swap(i, j);
    }
    Swap(i, last - 1);
    return i;
  }

  void InsertionSort(std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t i = first + 1; i <= last; ++i) {
      const Index moved = At(i);
      std::ptrdiff_t j = i;
      for (; j > first && values_[moved] < Value(j - 1); --j) At(j) = At(j - 1);
      At(j) = moved;
    }
  }

  void HeapSort(std::ptrdiff_t first, std::ptrdiff_t count) {
    for (std::ptrdiff_t root = count / 2; root > 0; --root) SiftDown(first, root, count);
    while (count > 1) {
      Swap(first, first + count - 1);
      --count;
      SiftDown(first, 1, count);
    }
  }

  /// A heap with the greatest on top; nodes count from 1.
  void SiftDown(std::ptrdiff_t first, std::ptrdiff_t node, std::ptrdiff_t count) {
    const Index moved = At(first + node - 1);
    for (std::ptrdiff_t child = 2 * node; child <= count; child = 2 * node) {
      if (child < count && Value(first + child - 1) < Value(first + child)) ++child;
      if (!(values_[moved] < Value(first + child - 1))) break;
      At(first + node - 1) = At(first + child - 1);
      node = child;
    }
    At(first + node - 1) = moved;
  }

  std::span<const float> values_;
  std::vector<Index> order_;
  std::vector<Stretch> later_;
};

}  // namespace

std::vector<std::uint32_t> NumpyArgsort(std::span<const float> values) {
  return Sorter(values).Sort();
}

}  // namespace foothold::search
