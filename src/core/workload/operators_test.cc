#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/workload/operators/operator_kind.h"
#include "foothold/rng.h"

// What must hold for every operator of the table, whatever it computes.
namespace foothold::workload {
namespace {

using ::testing::StartsWith;

std::vector<ShapeField> FieldsOf(const OperatorKind& kind) {
  std::vector<ShapeField> fields;
  for (const ShapeGroup& group : kind.shape) {
    fields.insert(fields.end(), group.fields.begin(), group.fields.end());
  }
  return fields;
}

Workload Named(Operator op, ElementType type = ElementType::kInt8) {
  Workload workload{"", std::move(op), {}, type};
  workload.name = ToInline(workload);
  return workload;
}

/// Valid, with small sizes; `options`: also padding, strides and the like.
Operator RandomOperator(const OperatorKind& kind, Rng& rng, bool options) {
  for (;;) {
    Operator op = kind.usual;
    if (kind.text) kind.text->ref(op) = std::string(1 + rng.Below(9), 'k');
    for (const ShapeGroup& group : kind.shape) {
      if (group.is_option() && !options) continue;
      for (const ShapeField& field : group.fields) {
        field.at.ref(op) = field.min + static_cast<std::int64_t>(rng.Below(5));
      }
    }
    if (Validate(Named(op)).ok()) return op;
  }
}

/// Calls `check` with many operators of each kind.
template <typename Check>
void ForRandomOperators(bool options, const Check& check) {
  for (const OperatorKind* kind : OperatorKinds()) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      Rng rng(seed);
      const Operator op = RandomOperator(*kind, rng, options);
      SCOPED_TRACE(kind->name + ", seed " + std::to_string(seed) + ": " + ToInline(Named(op)));
      check(*kind, op);
    }
  }
}

TEST(Operators, AreFoundByTheirNames) {
  std::set<std::string> names;
  for (const OperatorKind* kind : OperatorKinds()) {
    EXPECT_TRUE(names.insert(kind->name).second) << kind->name;
    EXPECT_EQ(FindOperatorKind(kind->name), kind);
    EXPECT_EQ(&KindOf(kind->usual), kind);
    EXPECT_EQ(OperatorName(kind->usual), kind->name);
    EXPECT_NE(kind->shape.empty(), !kind->text) << "either a shape or a text";
  }
  EXPECT_EQ(FindOperatorKind("pool"), nullptr);
  EXPECT_EQ(OperatorNames(":"), R"("conv2d:", "dense:", "conv2d_transpose:" or "kernel:")");
}

TEST(Operators, ComeBackFromTheirTextualForms) {
  ForRandomOperators(true, [](const OperatorKind& kind, const Operator& op) {
    const Workload workload = Named(op);
    EXPECT_THAT(workload.name, StartsWith(kind.name + ":"));
    EXPECT_THAT(ToString(workload), StartsWith(kind.name + " "));
    const Result<Workload> parsed = ParseInlineWorkload(workload.name);
    ASSERT_TRUE(parsed.ok()) << parsed.status().message();
    EXPECT_EQ(*parsed, workload);
    const auto read = ParseWorkloads(ToJson(workload), "w.json");
    ASSERT_TRUE(read.ok()) << read.status().message();
    EXPECT_EQ(read->front(), workload);
  });
}

TEST(Operators, EachSizeShowsInEveryFormAndHasARange) {
  ForRandomOperators(true, [](const OperatorKind& kind, const Operator& op) {
    const Workload workload = Named(op);
    const std::vector<ShapeField> fields = FieldsOf(kind);
    EXPECT_EQ(ShapeNumbers(op).size(), fields.size());
    for (const ShapeField& field : fields) {
      Workload other = workload;
      field.at.ref(other.op) += 7;
      EXPECT_EQ(ShapeNumbers(other.op).at(field.name), ShapeNumbers(op).at(field.name) + 7);
      EXPECT_NE(ToInline(other), ToInline(workload)) << field.name;
      EXPECT_NE(ToJson(other), ToJson(workload)) << field.name;
      EXPECT_NE(ToString(other), ToString(workload)) << field.name;
      for (const std::int64_t bad : {field.min - 1, kMaxDimension + 1}) {
        field.at.ref(other.op) = bad;
        EXPECT_THAT(Validate(other).message(),
                    StartsWith(field.name + ": is " + std::to_string(bad)));
      }
    }
  });
}

/// All ones: each output is the number of products that it sums up.
TEST(Operators, CountsAreThoseOfTheReference) {
  for (const bool options : {false, true}) {
    ForRandomOperators(options, [&](const OperatorKind& kind, const Operator& op) {
      const Workload workload = Named(op, ElementType::kFloat32);
      if (!kind.has_tensors()) {
        EXPECT_EQ(OperationCount(workload) + InputSize(workload) + OutputSize(workload), 0);
        return;
      }
      const FloatTensors tensors = {
          std::vector<float>(static_cast<std::size_t>(InputSize(workload)), 1),
          std::vector<float>(static_cast<std::size_t>(WeightSize(workload)), 1)};
      const std::vector<float> output = ReferenceFloatOutput(workload, tensors);
      EXPECT_EQ(static_cast<std::int64_t>(output.size()), OutputSize(workload));
      std::int64_t products = 0;
      for (const float sum : output) products += static_cast<std::int64_t>(sum);
      EXPECT_LE(products, MacCount(workload));
      // What a transposed convolution spreads an input with counts as a product, and is none.
      if (!options && !std::holds_alternative<Conv2dTranspose>(op)) {
        EXPECT_EQ(products, MacCount(workload));
      }
      const Tensors ones = {{tensors.input.begin(), tensors.input.end()},
                            {tensors.weight.begin(), tensors.weight.end()},
                            {}};
      const std::vector<Accumulator> sums = kind.int8_sums(op, ones);
      EXPECT_TRUE(std::equal(sums.begin(), sums.end(), output.begin(), output.end()));
    });
  }
}

}  // namespace
}  // namespace foothold::workload
