#include "cli/history_line.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace pawl::cli {

namespace {

constexpr std::size_t kPayloadCharactersMax = 90;

double number_of(const json::Node* node) {
  if (node == nullptr || !node->is_number()) return 0;
  const std::string_view text = node->number_text();
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// One line, cut where it would not fit; never inside a UTF-8 character.
std::string shortened(std::string_view text) {
  std::string line(text.substr(0, kPayloadCharactersMax));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  if (text.size() <= kPayloadCharactersMax) return line;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  std::size_t end = kPayloadCharactersMax;
  while (end > 0 && continues(end)) --end;
  line.resize(end);
  return line + "...";
}

// The object that holds what is particular to the event's type.
const json::Node* details_of(json::Node event) {
  for (const json::Member& member : event.members()) {
    if (member.key.string().ends_with("EventDetails")) return &member.value;
  }
  return nullptr;
}

std::string describe(json::Node details) {
  std::string words;
  const auto add = [&](std::string_view name, std::string_view before) {
    const json::Node* member = details.find(name);
    if (member == nullptr) return;
    const std::string text =
        member->is_string() ? std::string(member->string()) : json::print(*member);
    words += (words.empty() ? "" : "  ") + std::string(before) + shortened(text);
  };
  add("name", "");
  add("index", "#");
  add("length", "items: ");
  add("workerName", "");
  add("resource", "");
  add("error", "");
  add("cause", "");
  for (const char* payload : {"input", "parameters", "output"}) {
    if (details.find(payload) != nullptr) {
      add(payload, "");
      break;
    }
  }
  return words;
}

}  // namespace

std::int64_t event_id(json::Node event) {
  return static_cast<std::int64_t>(number_of(event.find("id")));
}

double event_time(json::Node event) { return number_of(event.find("timestamp")); }

std::string history_line(json::Node event, double first_time) {
  const json::Node* type = event.find("type");
  const std::string_view type_name = type != nullptr && type->is_string() ? type->string() : "?";
  const json::Node* details = details_of(event);
  std::string line = fmt::format("{:>5}  +{:.3f} s  {:<26}", event_id(event),
                                 event_time(event) - first_time, type_name);
  if (details != nullptr) line += "  " + describe(*details);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace pawl::cli
