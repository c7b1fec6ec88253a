// What is written is read back, and what was damaged is named.
#include "records/ground_truth/ground_truth_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "records/ground_truth/block.h"
#include "records/ground_truth/frame.h"
#include "records/ground_truth/header.h"
#include "tune/testing/explored.h"

namespace foothold {
namespace {

using testing::Bytes;
using testing::ExploreFake;
using testing::FakeTask;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::WriteBytes;

const char* const kGolden = FOOTHOLD_SOURCE_DIR "/src/records/ground_truth/testdata/fake.explored";

class GroundTruthFileTest : public ::testing::Test {
 protected:
  // The bytes of a finished exploration.
  std::string Whole() {
    EXPECT_TRUE(ExploreFake(FakeTask(), path_).ok());
    return Bytes(path_);
  }
  static Status Parsed(const std::string& bytes) {
    return records::ParseGroundTruth(bytes, "f.explored").status();
  }

  testing::TemporaryFolder folder_;
  const std::string path_ = folder_.File("f.explored");
};

// A frame of the file, with its payload as it is: compressed, it could depend on zlib's version.
struct PlainFrame {
  records::Frame::Kind kind;
  std::uint64_t begin, end;
  std::string payload;
  friend bool operator==(const PlainFrame&, const PlainFrame&) = default;
};

std::vector<PlainFrame> Frames(std::string_view bytes) {
  std::vector<PlainFrame> frames;
  bytes.remove_prefix(bytes.find('\n') + 1);
  while (!bytes.empty()) {
    const auto decoded = records::DecodeFrame(bytes, "f", 0);
    if (!decoded.ok() || !*decoded) throw std::runtime_error("no frame");
    const records::Frame& frame = (*decoded)->frame;
    frames.push_back({frame.kind, frame.begin, frame.end, frame.payload});
    bytes.remove_prefix((*decoded)->bytes);
  }
  return frames;
}

TEST_F(GroundTruthFileTest, GoldenFileIsReadAndWritten) {
  const std::string whole = Whole();
  if (std::getenv("FOOTHOLD_APPROVE") != nullptr) WriteBytes(kGolden, whole);
  const std::string golden = Bytes(kGolden);
  ASSERT_TRUE(records::ReadGroundTruth(*Env::Default(), kGolden).ok());
  const auto header = [](const std::string& bytes) {
    auto parsed = *records::ParseGroundTruthHeader(bytes.substr(0, bytes.find('\n')), "f");
    parsed.foothold_version = "any";
    return ToJsonLine(parsed);
  };
  EXPECT_EQ(header(golden), header(whole));
  EXPECT_TRUE(Frames(golden) == Frames(whole));
  // The layout, told by hand: the first block's frame, and the start of its payload.
  const std::string_view frame = std::string_view(golden).substr(golden.find('\n') + 1);
  using namespace std::string_view_literals;
  EXPECT_EQ(frame.substr(0, 17), "B\0\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0"sv);
  const std::string payload = Frames(golden).at(0).payload;
  const std::string verdicts =
      R"([{"outcome":"compile","stage":"lower.dma"},)"
      R"({"outcome":"compile","stage":"lower.threads"},)"
      R"({"outcome":"timeout","stage":"build"},)"
      R"({"outcome":"runtime","stage":"jit.hazard",)"
      R"("program_metrics":["occupancy"],"run_metrics":[]},)"
      R"({"outcome":"correct","program_metrics":["instructions","occupancy"],"run_metrics":[]},)"
      R"({"outcome":"correct","program_metrics":["instructions","occupancy"],)"
      R"("run_metrics":["cycles"]}])";
  ASSERT_EQ(payload.substr(4, verdicts.size()), verdicts);
  EXPECT_EQ(static_cast<unsigned char>(payload[0]) + 256 * static_cast<unsigned char>(payload[1]),
            verdicts.size());
  // The verdicts of eight configs, then the only number of config 3: 1/3 from its top byte on.
  EXPECT_EQ(payload.substr(4 + verdicts.size(), 16),
            "\0\1\2\3\4\5\5\5\x3f\xd5\x55\x55\x55\x55\x55\x55"sv);
}

TEST_F(GroundTruthFileTest, HeaderGoesThereAndBack) {
  records::GroundTruthHeader header;
  header.foothold_version = "0.1.0";
  header.target = "a \"target\"";
  header.workload = FindWorkloads("resnet18.C8")->front();
  header.parameters = {{"a", {1, 2, 4}}, {"b", {-1, 7}}};
  header.timeout_s = 0.1;
  header.peak_operations_per_second = 51.2e9;
  header.roofline_seconds = 1.0 / 3;
  const auto again = records::ParseGroundTruthHeader(ToJsonLine(header), "f");
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_TRUE(*again == header);
  EXPECT_EQ(records::FirstDifference(*again, header), "");
  const std::string line = ToJsonLine(header);
  const auto complaint = [&](const std::string& from, const std::string& to) {
    std::string changed = line;
    changed.replace(changed.find(from), from.size(), to);
    return records::ParseGroundTruthHeader(changed, "f").status().message();
  };
  EXPECT_EQ(complaint(R"("version":1)", R"("version":2)"),
            "f:1: version: is 2, must be 1, the only version this Foothold reads");
  EXPECT_EQ(complaint(R"("foothold exploration")", R"("x")"),
            R"(f:1: format: is "x", must be "foothold exploration")");
  EXPECT_EQ(complaint(R"("timeout_s":0.1)", R"("timeout_s":-1)"),
            "f:1: timeout_s: is -1, must not be negative");
  EXPECT_THAT(complaint("configs_per_block", "configs"),
              HasSubstr("configs_per_block: is missing"));
  EXPECT_THAT(complaint("2048", "0"), HasSubstr("configs_per_block: is 0, must be a whole number"));
}

TEST_F(GroundTruthFileTest, AnotherKindOfFileIsNeitherReadNorTouched) {
  for (const char* text : {"{\"type\":\"run\"", "hello\n", "{\"format\":\"x\"}\n"}) {
    WriteBytes(path_, text);
    const Status status = ExploreFake(FakeTask(), path_).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(status.message(), HasSubstr("is not an exploration; its first line must be"));
    EXPECT_EQ(Bytes(path_), text);
  }
}

TEST_F(GroundTruthFileTest, UnfinishedFilesAreNotGroundTruth) {
  const std::string whole = Whole();
  for (const std::size_t cut : {std::size_t{0}, whole.find(',') + 1, whole.find('\n') + 1,
                                whole.size() / 2, whole.size() - 1}) {
    WriteBytes(path_, whole.substr(0, cut));
    const Status status = records::ReadGroundTruth(*Env::Default(), path_).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << cut;
    EXPECT_THAT(status.message(), HasSubstr("is not finished, it holds")) << cut;
  }
}

TEST_F(GroundTruthFileTest, EveryDamagedByteOfAFrameIsFound) {
  const std::string whole = Whole();
  testing::MemoryEnv env;
  for (std::size_t at = whole.find('\n') + 1; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const Status status = Parsed(damaged);
    ASSERT_EQ(status.code(), StatusCode::kDataLoss) << at;
    ASSERT_THAT(status.message(), StartsWith("f.explored: byte ")) << at;
    ASSERT_THAT(status.message(), HasSubstr("remove it and explore again")) << at;
    ASSERT_TRUE(env.WriteFileAtomically(path_, damaged).ok());
    ASSERT_EQ(ExploreFake(FakeTask(), path_, env).status().code(), StatusCode::kDataLoss);
    ASSERT_EQ(*env.ReadFile(path_), damaged);
  }
}

TEST_F(GroundTruthFileTest, FramesMustFollowOneAnother) {
  const std::string whole = Whole();
  const std::size_t start = whole.find('\n') + 1;
  const std::size_t first =
      (*records::DecodeFrame(std::string_view(whole).substr(start), "f", 0))->bytes;
  EXPECT_THAT(Parsed(whole.substr(0, start + first) + whole.substr(start)).message(),
              HasSubstr("a block is about configs 0 to 8, must be about 8 to 16"));
  EXPECT_THAT(Parsed(whole.substr(0, start) + whole.substr(start + first)).message(),
              HasSubstr("a block is about configs 8 to 16, must be about 0 to 8"));
  EXPECT_THAT(Parsed(whole + whole.substr(start)).message(), HasSubstr("a frame follows the end"));
  const std::string end =
      *records::EncodeFrame({records::Frame::Kind::kEnd, 39, 39, R"({"verified":1})"});
  EXPECT_THAT(Parsed(whole.substr(0, start) + end).message(),
              HasSubstr("the end comes after config 0 of 39"));
}

// Blocks whose checksums are right and whose content is not.
TEST_F(GroundTruthFileTest, BlocksOfAnotherWriterAreChecked) {
  const std::string kRefused = R"({"outcome":"compile","stage":"s"})";
  const std::string kCorrect = R"({"outcome":"correct","program_metrics":[],"run_metrics":[]})";
  const std::string kSecond("\x3f\xf0\0\0\0\0\0\0", 8);
  const auto decoded = [](const std::string& json, const std::string& rest) {
    records::GroundTruthHeader header;
    header.workload = {"tiny", Dense{1, 32, 64}, {}};
    header.parameters = {{"a", {1, 2}}};
    records::GroundTruth exploration = *records::GroundTruth::Create(header);
    const std::string length = {static_cast<char>(json.size()), '\0', '\0', '\0'};
    const Status status = records::DecodeBlock(length + json + rest, 2, "f: byte 7", exploration);
    if (!status.ok()) {
      EXPECT_EQ(status.code(), StatusCode::kDataLoss);
      EXPECT_THAT(status.message(), StartsWith("f: byte 7"));
    }
    return status.message();
  };
  const std::string none("\0\0", 2), both("\0\1", 2), missing("\1\1", 2);
  EXPECT_EQ(decoded("[" + kRefused + "]", none), "");
  EXPECT_EQ(decoded(R"([{"outcome":"compile","stage":"s","autotvm_error":2}])", none), "")
      << "as earlier versions wrote it";
  EXPECT_EQ(decoded("[" + kRefused + "," + kCorrect + "]", both + kSecond), "");
  EXPECT_THAT(decoded("[" + kRefused + "," + kCorrect + "]", both),
              HasSubstr("a block ends too early"));
  EXPECT_THAT(decoded("[" + kRefused + "]", none + "x"), HasSubstr("bytes behind its end"));
  EXPECT_THAT(decoded("[" + kRefused + "]", missing), HasSubstr("an unknown verdict"));
  EXPECT_THAT(decoded("[" + kRefused + "," + kCorrect + "]", none),
              HasSubstr("a verdict that no config has"));
  EXPECT_THAT(decoded("[" + kRefused + "," + kRefused + "]", both),
              HasSubstr("a verdict that is known"));
  EXPECT_THAT(
      decoded("[" + kCorrect + "," + kRefused + "]", both + std::string("\xbf\xf0\0\0\0\0\0\0", 8)),
      HasSubstr("a time must be a finite number above 0, is "));
  EXPECT_THAT(decoded("[7]", none), HasSubstr("must be an object"));
  EXPECT_THAT(decoded(R"([{"outcome":"luck"}])", none), HasSubstr("luck"));
  EXPECT_THAT(
      decoded(R"([{"outcome":"correct","program_metrics":["b","a"],"run_metrics":[]}])", none),
      HasSubstr("alphabetical"));
}

}  // namespace
}  // namespace foothold
