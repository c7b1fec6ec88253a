#include "core/space/parameters_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::space {
namespace {

using ::testing::HasSubstr;

Result<std::vector<Parameter>> Parsed(const std::string& json) {
  return ParseParameters(*base::JsonNode::Parse(json, "f"));
}

TEST(ParametersJsonTest, GoThereAndBack) {
  const std::vector<Parameter> parameters = {{"a \"b\"", {1, 2, 4}}, {"c", {-9, 0}}};
  EXPECT_EQ(ToJson(parameters).Dump(),
            R"([{"name":"a \"b\"","values":[1,2,4]},{"name":"c","values":[-9,0]}])");
  EXPECT_EQ(Parsed(ToJson(parameters).Dump()).value(), parameters);
  EXPECT_EQ(Parsed("[]").value(), std::vector<Parameter>());
}

TEST(ParametersJsonTest, LabelsGoThereAndBackWithTheirKinds) {
  const std::vector<Parameter> parameters = {{"layout", {0, 1}, {"row", "column"}, false},
                                             {"rate", {0, 1, 2, 3}, {0.5, true, "1", 1}}};
  EXPECT_EQ(ToJson(parameters).Dump(),
            R"([{"name":"layout","values":[0,1],"labels":["row","column"],"ordered":false},)"
            R"({"name":"rate","values":[0,1,2,3],"labels":[0.5,true,"1",1]}])");
  EXPECT_EQ(Parsed(ToJson(parameters).Dump()).value(), parameters);
}

TEST(ParametersJsonTest, ComplaintsNameTheField) {
  EXPECT_THAT(Parsed(R"([{"name":"a","values":[1,2],"labels":["x"]}])").status().message(),
              HasSubstr("[0].labels: has 1 labels, must have 2"));
  EXPECT_THAT(Parsed(R"([{"name":"a","values":[1,2],"labels":["x","x"]}])").status().message(),
              HasSubstr("[0].labels[1]: is x again, labels must differ"));
  EXPECT_THAT(Parsed(R"([{"name":"a","values":[1],"labels":[null]}])").status().message(),
              HasSubstr("[0].labels[0]: is null, must be a number, a truth value or a text"));
  EXPECT_THAT(Parsed(R"([{"name":"a","values":[1],"ordered":1}])").status().message(),
              HasSubstr("[0].ordered"));
  EXPECT_THAT(Parsed(R"([{"name":"a","values":[]}])").status().message(),
              HasSubstr("[0].values: is empty"));
  EXPECT_THAT(Parsed(R"([{"name":"a","values":[1,1]}])").status().message(),
              HasSubstr("[0].values[1]: is 1 again, values must differ"));
  EXPECT_THAT(Parsed(R"([{"name":"a","values":[1]},{"name":"a","values":[1]}])").status().message(),
              HasSubstr("[1]: name: is \"a\" again, names must differ"));
  EXPECT_THAT(Parsed(R"([{"name":"a","values":[1],"x":1}])").status().message(), HasSubstr("x"));
  EXPECT_THAT(Parsed(R"([{"values":[1]}])").status().message(), HasSubstr("name: is missing"));
}

}  // namespace
}  // namespace foothold::space
