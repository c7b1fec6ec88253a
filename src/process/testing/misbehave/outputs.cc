#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "process/testing/misbehave/kinds.h"

namespace misbehave {
namespace {

std::string Times(int count, int number) {
  std::string text = "{\"seconds\": [";
  for (int i = 0; i < count; ++i) text += (i > 0 ? ", " : "") + std::to_string(number) + ".0000001";
  return text + "]}\n";
}

std::string Nested(int depth) { return std::string(static_cast<std::size_t>(depth), '['); }

/// What is printed instead of a time. "%" stands for the time.
const std::pair<const char*, std::string> kTexts[] = {
    {"print_nothing", ""},
    {"print_blank_lines", "\n \n\t\n"},
    {"print_nan", "nan\n"},
    {"print_inf", "inf\n"},
    {"print_json_nan", "{\"seconds\": NaN}\n"},
    {"print_negative", "-1\n"},
    {"print_zero", "0\n"},
    {"print_negative_zero", "-0.0\n"},
    {"print_underflow", "1e-400\n"},
    {"print_overflow", "1e400\n"},
    {"print_hexadecimal", "0x10\n"},
    {"print_comma", "1,5\n"},
    {"print_unit", "% s\n"},
    {"print_word", "done\n"},
    {"print_plus", "+%\n"},
    {"print_two_numbers", "% %\n"},
    {"print_list", "[%]\n"},
    {"print_string", "\"%\"\n"},
    {"print_null", "null\n"},
    {"print_true", "true\n"},
    {"print_empty_object", "{}\n"},
    {"print_torn_object", "{\"seconds\": [%, "},
    {"print_two_objects", "{\"seconds\": %}{\"seconds\": %}\n"},
    {"print_no_times", "{\"seconds\": []}\n"},
    {"print_null_time", "{\"seconds\": null}\n"},
    {"print_text_time", "{\"seconds\": \"%\"}\n"},
    {"print_negative_among_times", "{\"seconds\": [%, -%]}\n"},
    {"print_nested_times", "{\"seconds\": [[%]]}\n"},
    {"print_unknown_field", "{\"seconds\": %, \"time\": 1}\n"},
    {"print_field_twice", "{\"seconds\": 1e-9, \"seconds\": %}\n"},
    {"print_odd_correct", "{\"seconds\": %, \"correct\": \"yes\"}\n"},
    {"print_odd_metrics", "{\"seconds\": %, \"metrics\": [1]}\n"},
    {"print_text_metric", "{\"seconds\": %, \"metrics\": {\"a\": \"b\"}}\n"},
    {"print_huge_metric", "{\"seconds\": %, \"metrics\": {\"a\": 1e999}}\n"},
    {"print_deep_nest", Nested(100'000) + "\n"},
    {"print_deep_objects", "{\"seconds\": %, \"metrics\": {\"a\": " + Nested(50'000) + "}}\n"},
    {"print_binary", std::string("\x00\xff\x01\x80\xfe\n", 6)},
    {"print_zero_byte", std::string("%\0\n", 3)},
    {"print_bom", "\xef\xbb\xbf%\n"},
    {"print_utf16", std::string("1\0\n\0", 4)},
    {"print_bad_utf8", "{\"seconds\": %, \"\xff\": 1}\n"},
    {"print_escapes", "\x1b]0;title\x07\x1b[2J\x1b[31mred\n"},
    {"print_result_first", "%\nall done\n"},
    {"print_carriage_returns", "10 %\r50 %\r100 %"},
    {"print_long_word", std::string(1 << 20, 'a') + "\n"},
    {"print_long_number", std::string(1 << 20, '1') + "\n"},
    {"print_too_long_line", "%" + std::string(5 << 20, ' ') + ".\n"},
    {"print_wrong", "{\"seconds\": 1e-9, \"correct\": false}\n"},
    {"print_wrong_without_time", "{\"correct\": false}\n"},
    // These are right.
    {"print_windows_line", "%\r\n"},
    {"print_no_newline", "%"},
    {"print_trailing_blanks", "% \t\n\n \n" + std::string(100'000, '\n')},
    {"print_much_before", std::string(200'000, 'x') + "\n%\n"},
    {"print_progress_before", "\x1b[31m10 %\r50 %\x1b[0m\n%\n"},
    {"print_metrics", "{\"seconds\": [%], \"metrics\": {\"\\u0000\": 1e308, \"a b\": -0.0}}\n"},
};

void Print(std::string text, int number) {
  const std::string time = std::to_string(number);
  for (std::size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 1)) {
    text.replace(at, 1, time);
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  std::_Exit(0);
}

/// Fails in a later run than the first, with exit code 0 for a wrong result.
void InRun(int run, const std::function<void()>& fail) {
  if (RunNumber() == run) fail();
}

void Complain(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::exit(1);
}

}  // namespace

int RunNumber() {
  int runs = 0;
  std::ifstream("runs") >> runs;
  std::ofstream("runs") << ++runs;
  return runs;
}

void AddOutputs(Actions& actions) {
  for (const auto& [name, text] : kTexts) {
    actions[name] = [text = text](int number) { Print(text, number); };
  }
  const auto wrong = [] { Print("{\"seconds\": 1e-9, \"correct\": false}\n", 0); };
  actions.merge(Actions{
      {"print_many_times", [](int number) { Print(Times(100'000, number), number); }},
      {"print_too_many_times", [](int number) { Print(Times(100'001, number), number); }},
      {"print_denormal", [](int) { Print("4.9e-324\n", 0); }},
      {"print_to_stderr", [](int number) { std::fprintf(stderr, "%d\n", number), std::exit(0); }},
      {"complain_with_escapes", [](int) { Complain("\x1b]0;title\x07\x1b[2J\n"); }},
      {"complain_in_binary", [](int) { Complain(std::string("\xff\x00\xc0\x80\n", 5)); }},
      {"complain_at_length", [](int) { Complain(std::string(1 << 20, 'e')); }},
      {"complain_with_formats", [](int) { Complain("{} %s %n {0}\n"); }},
      {"complain_in_json", [](int) { Complain("\", \"outcome\": \"correct\"}\n"); }},
      {"wrong_in_run_2", [wrong](int) { InRun(2, wrong); }},
      {"wrong_in_run_3", [wrong](int) { InRun(3, wrong); }},
      {"wrong_from_run_2",
       [wrong](int) {
         if (RunNumber() > 1) wrong();
       }},
      {"exit_in_run_2", [](int) { InRun(2, [] { std::exit(1); }); }},
      {"crash_in_run_2", [](int) { InRun(2, [] { ::raise(SIGSEGV); }); }},
      {"crash_in_run_3", [](int) { InRun(3, [] { ::raise(SIGSEGV); }); }},
      {"hang_in_run_2", [](int) { InRun(2, Linger); }},
      {"nothing_in_run_2", [](int) { InRun(2, [] { std::exit(0); }); }},
      {"denormal_in_run_1", [](int) { InRun(1, [] { Print("1e-320\n", 0); }); }},
      // First of all it looks like the best there is.
      {"fast_then_crash",
       [](int) { RunNumber() == 1 ? Print("1e-6\n", 0) : static_cast<void>(::raise(SIGSEGV)); }},
      {"fast_then_wrong", [wrong](int) { RunNumber() == 1 ? Print("1e-6\n", 0) : wrong(); }},
      {"fast_then_hang", [](int) { RunNumber() == 1 ? Print("1e-6\n", 0) : Linger(); }},
  });
}

}  // namespace misbehave
