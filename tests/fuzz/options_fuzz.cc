// Any text, and any JSON, as the value of an option: options that are in their ranges and are
// written in a form that reads back the same come out, or one line that says why not.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/options.h"

namespace {

using foothold::base::OptionRange;

enum class Colour : std::uint8_t { kRed, kBlue };
std::string_view ToString(Colour colour) { return colour == Colour::kRed ? "red" : "blue"; }

struct Options {
  bool flag = true;
  int small = 3;
  std::int64_t whole = -5;
  std::uint64_t seed = 1;
  double share = 0.5;
  std::string name = "a";
  std::optional<double> limit;
  Colour colour = Colour::kRed;
};

const foothold::base::OptionsTable<Options>& Table() {
  static const auto table =
      foothold::base::OptionsTable<Options>()
          .Add("flag", &Options::flag, "", OptionRange::Any(), "A flag.")
          .Add("small", &Options::small, "", OptionRange::Between(-7, 7), "A small number.")
          .Add("whole", &Options::whole, "B", OptionRange::Any(), "Any whole number.")
          .Add("seed", &Options::seed, "", OptionRange::Any(), "Any that is not negative.")
          .Add("share", &Options::share, "", OptionRange::Between(0, 1), "A share.")
          .Add("name", &Options::name, "", OptionRange::Any(), "A text.")
          .Add("limit", &Options::limit, "s", OptionRange::Above(0), "A limit, or none.")
          .AddNamed("colour", &Options::colour, {Colour::kRed, Colour::kBlue}, "A colour.");
  return table;
}

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireOneLine(const foothold::Status& status) {
  Require(!status.ok() && !status.message().empty());
  Require(status.message().find('\n') == std::string::npos);
}

void RequireUsable(const Options& options) {
  for (const foothold::base::Option& option : Table().options())
    Require(option.Check(&options).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const foothold::base::Option& option : Table().options()) {
    Options options;
    const auto status = option.SetText(&options, text);
    if (!status.ok()) RequireOneLine(status);
    RequireUsable(options);
    Options again;
    Require(option.SetText(&again, option.Text(&options)).ok());
    Require(option.Text(&again) == option.Text(&options));
  }
  const auto value = foothold::base::Json::Parse(text);
  if (!value.ok()) return 0;
  for (const foothold::base::Option& option : Table().options()) {
    Options options;
    const auto status = option.SetValue(&options, *value);
    if (!status.ok()) RequireOneLine(status);
    RequireUsable(options);
    Options again;
    Require(option.SetValue(&again, option.ToJson(&options)).ok());
    Require(option.ToJson(&again) == option.ToJson(&options));
  }
  return 0;
}
