#include "cli/history_line.h"

#include <fmt/core.h>

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

// On one line: a run of blanks and line ends becomes one blank.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

// Cut where it would not fit; never inside a UTF-8 character.
std::string shortened(std::string_view text) {
  std::string line = one_line(text.substr(0, 4 * kPayloadCharactersMax));
  if (line.size() <= kPayloadCharactersMax) return line;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80;
  };
  std::size_t end = kPayloadCharactersMax;
  while (end > 0 && continues(end)) --end;
  line.resize(end);
  return line + "...";
}

// "function:name" of an ARN, anything else as it is.
std::string_view without_arn_prefix(std::string_view text) {
  std::string_view rest = text;
  for (int colons = 0; colons < 5; ++colons) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return text;
    rest.remove_prefix(colon + 1);
  }
  return text.substr(0, 4) == "arn:" ? rest : text;
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
    words += words.empty() ? "" : "  ";
    words += std::string(before) + shortened(without_arn_prefix(text));
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
