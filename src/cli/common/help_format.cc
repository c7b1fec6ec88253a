#include "cli/common/help_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace foothold::cli {
namespace {

/// With room for the indentation of a command among those of its program.
constexpr std::size_t kColumns = 78;
/// Where what options and commands are for begins.
constexpr std::size_t kTextColumn = 28;
/// A line that is longer ended for want of room, and not because a sentence did.
constexpr std::size_t kFullLine = 90;

/// `text` in words, the first of which goes to `column`, the others below `indent`.
std::string Filled(std::string_view text, std::size_t column, std::size_t indent) {
  std::string filled;
  std::size_t at = column;
  bool is_first = true;
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    if (word.empty()) break;
    if (!is_first && at + 1 + word.size() > kColumns) {
      filled += "\n" + std::string(indent, ' ');
      at = indent;
    } else if (!is_first) {
      filled += ' ';
      ++at;
    }
    filled += word;
    at += word.size();
    is_first = false;
  }
  return filled + "\n";
}

/// "  NAME   what it is for ...", the text in a column of its own.
std::string Entry(const std::string& name, const std::string& text) {
  std::string entry = "  " + name;
  if (text.empty()) return entry + "\n";
  if (entry.size() + 2 > kTextColumn) {
    entry += "\n" + std::string(kTextColumn, ' ');
  } else {
    entry.resize(kTextColumn, ' ');
  }
  return entry + Filled(text, kTextColumn, kTextColumn);
}

std::vector<const CLI::Option*> OptionsOf(const CLI::App& app, const std::string& group) {
  return app.get_options([&](const CLI::Option* option) {
    return option->get_group() == group && option->nonpositional();
  });
}

}  // namespace

std::string Wrapped(std::string_view text) {
  std::string wrapped;
  std::string paragraph;
  const auto finish = [&] {
    if (!paragraph.empty()) wrapped += Filled(paragraph, 0, 0);
    paragraph.clear();
  };
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == ' ') {
      finish();
      wrapped.append(line).append("\n");
      continue;
    }
    paragraph.append(paragraph.empty() ? "" : " ").append(line);
    if (line.size() <= kFullLine) finish();
  }
  finish();
  return wrapped;
}

std::string HelpFormat::make_option(const CLI::Option* option, bool is_positional) const {
  return Entry(make_option_name(option, is_positional) + make_option_opts(option),
               make_option_desc(option));
}

std::string HelpFormat::make_help(const CLI::App* app, std::string name,
                                  CLI::AppFormatMode mode) const {
  if (mode != CLI::AppFormatMode::Normal) return Formatter::make_help(app, std::move(name), mode);
  return make_description(app) + make_usage(app, std::move(name)) + make_positionals(app) +
         FirstGroup(*app) + make_subcommands(app, mode) + "\n" + make_footer(app);
}

/// And what the others are about.
std::string HelpFormat::FirstGroup(const CLI::App& app) const {
  std::string text;
  std::size_t more = 0;
  std::string names;
  for (const std::string& group : app.get_groups()) {
    const std::vector<const CLI::Option*> options = OptionsOf(app, group);
    if (group.empty() || options.empty()) continue;
    if (text.empty()) {
      text = make_group(group, false, options);
      continue;
    }
    more += options.size();
    names += (names.empty() ? "" : "; ") + group;
  }
  if (more > 0) {
    text += "\n" + Wrapped(fmt::format("--help-all shows {} more option{}: {}", more,
                                       more == 1 ? "" : "s", names));
  }
  return text;
}

std::string HelpFormat::make_subcommand(const CLI::App* sub) const {
  return Entry(sub->get_display_name(true), sub->get_description());
}

std::string HelpFormat::make_description(const CLI::App* app) const {
  return Wrapped(Formatter::make_description(app));
}

std::string HelpFormat::make_footer(const CLI::App* app) const {
  return Wrapped(Formatter::make_footer(app));
}

}  // namespace foothold::cli
