#include "measure/fleet/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::measure {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(FleetAddress, ReadsEveryPart) {
  const FleetAddress plain = ParseFleetAddress("redis://farm").value();
  EXPECT_EQ(plain.host, "farm");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.user, "");
  EXPECT_EQ(plain.password, "");

  const FleetAddress full = ParseFleetAddress("rediss://board:p:w@d@10.0.0.7:7000/").value();
  EXPECT_TRUE(full.tls);
  EXPECT_EQ(full.user, "board");
  EXPECT_EQ(full.password, "p:w@d");
  EXPECT_EQ(full.host, "10.0.0.7");
  EXPECT_EQ(full.port, 7000);

  EXPECT_EQ(ParseFleetAddress("redis://[::1]:7000").value().host, "::1");
  EXPECT_EQ(ParseFleetAddress("redis://[::1]").value().ToString(), "redis://[::1]:6379");
}

TEST(FleetAddress, TextHasNoPassword) {
  EXPECT_EQ(ParseFleetAddress("redis://u:secret@farm:7").value().ToString(), "redis://farm:7");
}

TEST(FleetAddress, RefusesWhatIsNoneWithoutRepeatingAPassword) {
  for (const char* text : {"", "farm", "http://u:secret@farm", "redis://", "redis://u:secret@",
                           "redis://farm:", "redis://farm:0", "redis://farm:65536",
                           "redis://farm:1x", "redis://[::1", "redis://[]", "redis://a/b"}) {
    const auto address = ParseFleetAddress(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_EQ(address.status().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(address.status().message(), HasSubstr("redis://[USER[:PASSWORD]@]HOST[:PORT]"));
    EXPECT_THAT(address.status().message(), Not(HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace foothold::measure
