#pragma once

#include <vector>

#include "foothold/space.h"

namespace foothold::search {

// Spaces that the searchers' tests share.

inline Parameter Range(const std::string& name, std::int64_t count) {
  Parameter parameter{name, {}};
  for (std::int64_t value = 1; value <= count; ++value) parameter.values.push_back(value);
  return parameter;
}

/// 12 configs of which 6 are valid.
inline Space SmallSpace() {
  return Space::Create({Range("a", 3), Range("b", 4)},
                       {Constraint::Where("a + b is even", {"a", "b"},
                                          [](auto v) { return (v[0] + v[1]) % 2 == 0; })})
      .value();
}

/// 60 configs, all valid.
inline Space FreeSpace() {
  return Space::Create({Range("a", 3), Range("b", 4), Range("c", 5)}).value();
}

/// 10^8 configs, all valid: two drawn at random are hardly ever the same.
inline Space RoomySpace() {
  std::vector<Parameter> parameters;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    parameters.push_back(Range(name, 10));
  }
  return Space::Create(std::move(parameters)).value();
}

/// 7,200 configs; a product bound over all parameters, a predicate that names its parameters out of
/// order, and a fold whose result depends on the order of its parameters.
inline Space TightSpace() {
  return Space::Create(
             {Range("a", 6), Range("b", 5), Range("c", 8), Range("d", 6), Range("e", 5)},
             {Constraint::ProductAtMost("fits", {"a", "b", "c", "d", "e"}, 3, 200),
              Constraint::Where("d divides b or c", {"d", "b", "c"},
                                [](auto v) { return v[1] % v[0] == 0 || v[2] % v[0] == 0; }),
              Constraint::Fold(
                  "digits", {"a", "c", "e"}, 0,
                  [](std::int64_t state, std::int64_t value) { return state * 7 + value; },
                  [](std::int64_t state) { return state % 3 != 1; })})
      .value();
}

/// 279,936 configs, of which 24,242 are valid: too many for one block of the grid searcher.
inline Space WideSpace() {
  std::vector<Parameter> parameters;
  std::vector<std::string> names;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
    parameters.push_back(Range(name, 6));
    names.emplace_back(name);
  }
  return Space::Create(
             std::move(parameters),
             {Constraint::ProductAtMost("fits", names, 1, 400),
              Constraint::Where("f + g", {"f", "g"}, [](auto v) { return v[0] + v[1] >= 5; })})
      .value();
}

inline Space EmptySpace() {
  return Space::Create({Range("a", 3), Range("b", 4)},
                       {Constraint::ProductAtMost("nothing fits", {"a", "b"}, 1, 0)})
      .value();
}

/// 10^12 configs, few of them valid, and the first ones far along the index order.
inline Space HugeSpace() {
  std::vector<Parameter> parameters;
  std::vector<std::string> names;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}) {
    parameters.push_back(Range(name, 10));
    names.emplace_back(name);
  }
  return Space::Create(std::move(parameters),
                       {Constraint::ProductAtMost("fits", names, 1, 5'000),
                        Constraint::Where("l is large", {"l"}, [](auto v) { return v[0] >= 9; })})
      .value();
}

/// The oracle for orders: every raw index tried in turn.
inline std::vector<Config> ValidConfigsInIndexOrder(const Space& space) {
  std::vector<Config> configs;
  for (std::uint64_t index = 0; index < space.raw_size(); ++index) {
    const Config config = space.AtIndex(index);
    if (space.IsValid(config)) configs.push_back(config);
  }
  return configs;
}

}  // namespace foothold::search
