#include "formats/member_names.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

namespace foothold {
namespace {

/// Follows the parser through the text and collects the keys of one object; then stops it.
class Collector : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Collector(const std::vector<std::string>& place) : place_(place) {}

  std::vector<std::string> names;

  bool null() override { return Next(); }
  bool boolean(bool /*value*/) override { return Next(); }
  bool number_integer(number_integer_t /*value*/) override { return Next(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return Next(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return Next(); }
  bool string(string_t& /*value*/) override { return Next(); }
  bool binary(binary_t& /*value*/) override { return Next(); }
  bool start_object(std::size_t /*size*/) override {
    Open(false);
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    Open(true);
    return true;
  }
  bool key(string_t& name) override {
    Level& level = open_.back();
    if (level.is_at_place) names.push_back(name);
    // Names below the place, and off the way to it, are of no interest.
    level.leads_there = level.is_on_way && name == place_[open_.size() - 1];
    return true;
  }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  struct Level {
    bool is_array = false;
    bool is_at_place = false;
    bool is_on_way = false;    // to the place, which lies deeper
    bool leads_there = false;  // the value that comes next
    std::size_t element = 0;   // number of that value in an array
  };

  void Open(bool is_array) {
    const bool reached = open_.empty() || open_.back().leads_there;
    Level level;
    level.is_array = is_array;
    level.is_at_place = reached && !is_array && open_.size() == place_.size();
    level.is_on_way = reached && open_.size() < place_.size();
    level.leads_there = level.is_on_way && is_array && place_[open_.size()] == "0";
    open_.push_back(level);
  }

  /// A value is over.
  bool Next() {
    if (open_.empty() || !open_.back().is_array) return true;
    Level& level = open_.back();
    ++level.element;
    level.leads_there =
        level.is_on_way && std::to_string(level.element) == place_[open_.size() - 1];
    return true;
  }

  bool Close() {
    const bool done = open_.back().is_at_place;
    open_.pop_back();
    return !done && Next();
  }

  const std::vector<std::string>& place_;
  std::vector<Level> open_;
};

}  // namespace

std::vector<std::string> MemberNames(std::string_view text, const std::vector<std::string>& place) {
  Collector collector(place);
  nlohmann::json::sax_parse(text, &collector);
  return std::move(collector.names);
}

}  // namespace foothold
