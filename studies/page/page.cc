#include "studies/page/page.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/check.h"
#include "report/page/model_text.h"
#include "report/page/page.h"

namespace foothold::studies {
namespace {

using base::Json;
using base::JsonNode;
using base::JsonObject;
using base::Table;

/// As text on several lines: what is nested less deep than `depth` has a line of its own. So a row
/// of a table is one line, and two versions of a page can be compared.
void AppendLines(const Json& json, int depth, int indent, std::string& text) {
  if (depth == 0 || json.empty()) {
    text += json.Dump();
    return;
  }
  const std::string blanks(static_cast<std::size_t>(indent + 1), ' ');
  std::string_view separator;
  const auto add = [&](const std::string& name, const Json& value) {
    text += fmt::format("{}\n{}{}", std::exchange(separator, ","), blanks, name);
    AppendLines(value, depth - 1, indent + 1, text);
  };
  text += json.is_object() ? '{' : '[';
  if (json.is_object()) {
    for (const auto& [name, value] : json.members()) add(Json(name).Dump() + ": ", value);
  } else {
    for (const Json& element : json.elements()) add("", element);
  }
  text +=
      "\n" + std::string(static_cast<std::size_t>(indent), ' ') + (json.is_object() ? '}' : ']');
}

Json Rounded(const std::vector<double>& values) {
  Json list = Json::Array();
  for (const double value : values) list.push_back(report::Rounded(value));
  return list;
}

Table TableOf(const Json& json) {
  std::vector<Table::Column> columns;
  for (std::size_t i = 0; i < json["columns"].size(); ++i) {
    const bool is_left = json["align"].string()[i] == 'l';
    columns.push_back(
        {json["columns"][i].string(), is_left ? Table::Align::kLeft : Table::Align::kRight});
  }
  Table table(std::move(columns));
  for (const Json& row : json["rows"].elements()) {
    table.AddRow(row.Get<std::vector<std::string>>());
  }
  return table;
}

std::string MarkdownOf(const Json& block) {
  if (const Json* text = block.Find("text")) return text->string() + "\n";
  if (const Json* heading = block.Find("heading")) {
    return fmt::format("{} {}\n", std::string(block["level"].Get<std::size_t>(), '#'),
                       heading->string());
  }
  if (const Json* table = block.Find("table")) return TableOf(*table).ToMarkdown();
  const Json& chart = block["chart"];
  return fmt::format("![{}]({})\n", chart["title"].string(), chart["file"].string());
}

// Reading a page back: whatever is wrong in it is said here, so that the rest need not ask.

Result<std::string> RequiredText(JsonObject& object, std::string_view field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require(field));
  return node.String();
}

Status CheckTexts(const JsonNode& node, std::size_t count) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> texts, node.Array());
  if (texts.size() != count) {
    return node.Error(fmt::format("has {} texts, must have {}", texts.size(), count));
  }
  for (const JsonNode& text : texts) FOOTHOLD_RETURN_IF_ERROR(text.String().status());
  return {};
}

Status CheckTable(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject table, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode align, table.Require("align"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string sides, align.String());
  if (sides.find_first_not_of("lr") != std::string::npos) {
    return align.Error("must have an l or an r for each column");
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode columns, table.Require("columns"));
  FOOTHOLD_RETURN_IF_ERROR(CheckTexts(columns, sides.size()));
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode rows, table.Require("rows"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> cells, rows.Array());
  for (const JsonNode& row : cells) FOOTHOLD_RETURN_IF_ERROR(CheckTexts(row, sides.size()));
  return table.RejectUnknown();
}

Status CheckBlock(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject block, node.Object());
  if (const auto table = block.Find("table")) {
    FOOTHOLD_RETURN_IF_ERROR(CheckTable(*table));
  } else if (const auto chart = block.Find("chart")) {
    FOOTHOLD_ASSIGN_OR_RETURN(JsonObject fields, chart->Object());
    for (const char* field : {"title", "file"}) {
      FOOTHOLD_RETURN_IF_ERROR(RequiredText(fields, field).status());
    }
  } else if (const auto heading = block.Find("heading")) {
    FOOTHOLD_RETURN_IF_ERROR(heading->String().status());
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode level, block.Require("level"));
    FOOTHOLD_RETURN_IF_ERROR(level.Int64(2, 4).status());
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode text, block.Require("text"));
    FOOTHOLD_RETURN_IF_ERROR(text.String().status());
  }
  return block.RejectUnknown();
}

}  // namespace

std::string Chart::FileName() const {
  std::string name;
  for (const char c : title) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (name.ends_with('-')) name.pop_back();
  return name + ".svg";
}

Page::Page(std::string name, std::string title, std::string command)
    : name_(std::move(name)), title_(std::move(title)), command_(std::move(command)) {}

void Page::Heading(std::string_view text, int level) {
  FOOTHOLD_CHECK(level >= 2 && level <= 4);
  blocks_.push_back({{"heading", text}, {"level", level}});
}

void Page::Text(std::string_view markdown) {
  while (markdown.ends_with('\n')) markdown.remove_suffix(1);
  if (!markdown.empty()) blocks_.push_back({{"text", markdown}});
}

void Page::Add(const Table& table) {
  std::string align;
  Json titles = Json::Array();
  for (const Table::Column& column : table.columns()) {
    align += column.align == Table::Align::kLeft ? 'l' : 'r';
    titles.push_back(column.title);
  }
  blocks_.push_back(
      {{"table", {{"columns", std::move(titles)}, {"align", align}, {"rows", table.rows()}}}});
}

void Page::Add(const Chart& chart) {
  Json json = {{"kind", chart.kind == Chart::Kind::kCurves ? "curves" : "points"},
               {"title", chart.title},
               {"file", chart.FileName()},
               {"x_label", chart.x_label},
               {"y_label", chart.y_label},
               {"y_min", chart.y_min},
               {"y_max", chart.y_max},
               {"series", Json::Array()}};
  for (const Series& one : chart.series) {
    FOOTHOLD_CHECK(one.y.size() == one.x.size() && one.low.size() == one.high.size());
    Json series = {{"name", one.name}, {"x", Rounded(one.x)}, {"y", Rounded(one.y)}};
    if (!one.low.empty()) {
      FOOTHOLD_CHECK(one.low.size() == one.x.size());
      series["low"] = Rounded(one.low);
      series["high"] = Rounded(one.high);
    }
    json["series"].push_back(std::move(series));
  }
  blocks_.push_back({{"chart", std::move(json)}});
}

void Page::SetMachine(const std::map<std::string, std::string>& machine) {
  std::string text;
  for (const auto& [name, value] : machine) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
  }
  machine_ = text;
}

std::string Page::ToText() const {
  std::string text;
  for (const Json& block : blocks_.elements()) {
    if (block.contains("chart")) continue;
    text += (text.empty() ? "" : "\n") + MarkdownOf(block);
  }
  return !has_machine() ? text : text + "\nMachine: " + machine_.string() + ".\n";
}

std::string Page::ToMarkdown() const {
  std::string text =
      fmt::format("# {}\n\n<!-- Written by {}, with {}.json beside it: do not edit. -->\n", title_,
                  command_, name_);
  if (has_machine()) text += "\nMachine: " + machine_.string() + ".\n";
  for (const Json& block : blocks_.elements()) text += "\n" + MarkdownOf(block);
  return text;
}

Json Page::AsJson() const {
  return {{"version", 1},        {"name", name_},       {"title", title_},
          {"command", command_}, {"machine", machine_}, {"page", blocks_}};
}

std::string Page::ToJson() const {
  Json json = AsJson();
  json["data"] = data_;
  constexpr int kDepth = 5;
  std::string text;
  AppendLines(json, kDepth, 0, text);
  return text + "\n";
}

std::string Page::ToHtml() const { return report::DocumentPage(AsJson()); }

Status Page::Write(Env& env, const std::string& folder) const {
  FOOTHOLD_RETURN_IF_ERROR(env.CreateDirectories(folder));
  FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(folder + "/" + name_ + ".json", ToJson()));
  return env.WriteFileAtomically(folder + "/" + name_ + ".md", ToMarkdown());
}

Result<Page> Page::Parse(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode root, JsonNode::Parse(json, path));
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject object, root.Object());
  Page page;
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode version, object.Require("version"));
  FOOTHOLD_RETURN_IF_ERROR(version.Int64(1, 1).status());
  FOOTHOLD_ASSIGN_OR_RETURN(page.name_, RequiredText(object, "name"));
  FOOTHOLD_ASSIGN_OR_RETURN(page.title_, RequiredText(object, "title"));
  FOOTHOLD_ASSIGN_OR_RETURN(page.command_, RequiredText(object, "command"));
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode machine, object.Require("machine"));
  if (!machine.value().is_null()) {
    FOOTHOLD_ASSIGN_OR_RETURN(page.machine_, machine.String());
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode blocks, object.Require("page"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> elements, blocks.Array());
  for (const JsonNode& block : elements) FOOTHOLD_RETURN_IF_ERROR(CheckBlock(block));
  page.blocks_ = blocks.value();
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode data, object.Require("data"));
  page.data_ = data.value();
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return page;
}

}  // namespace foothold::studies
