#include "services/codepipeline/fields.h"

#include "json/members.h"
#include "runtime/execution_id.h"

namespace pawl::codepipeline {

using json::Node;

const Node* node_in(Node node, std::string_view name) { return json::Members(node).node(name); }

std::string text_in(Node node, std::string_view name) {
  return std::string(json::Members(node).text_or(name, {}));
}

std::int64_t integer_in(Node node, std::string_view name, std::int64_t fallback) {
  return json::Members(node).integer(name).value_or(fallback);
}

bool flag_in(Node node, std::string_view name) { return json::Members(node).flag(name); }

TextMap text_map_in(Node node, std::string_view name) {
  TextMap map;
  const Node* found = node.find(name);
  if (found == nullptr) return map;
  for (const json::Member& member : found->members()) {
    if (member.value.is_string()) map[std::string(member.key.string())] = member.value.string();
  }
  return map;
}

std::vector<std::string> texts_in(Node node, std::string_view name) {
  return json::Members(node).texts(name);
}

void write_text(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.key(name).string(text);
}

void write_integer(json::Writer& out, std::string_view name, std::int64_t value) {
  if (value != 0) out.key(name).integer(value);
}

void write_map(json::Writer& out, std::string_view name, const TextMap& map) {
  if (map.empty()) return;
  out.key(name).begin_object();
  for (const auto& [key, value] : map) out.key(key).string(value);
  out.end_object();
}

void write_time(json::Writer& out, std::string_view name, std::int64_t millis) {
  if (millis != 0) out.key(name).real(static_cast<double>(millis) / 1'000);
}

ServiceError error(std::string code, std::string message) {
  return {.code = std::move(code), .message = std::move(message), .members = {}};
}

ServiceError validation_error(std::string message) {
  return error("ValidationException", std::move(message));
}

ServiceError missing(std::string_view member) {
  return validation_error("1 validation error detected: Value null at '" + std::string(member) +
                          "' failed to satisfy constraint: Member must not be null");
}

json::Value empty_answer() { return json::Value::trusted("{}"); }

std::string caller_arn(const runtime::Principal& principal) {
  if (!principal.arn.empty()) return principal.arn;
  return "arn:" + std::string(runtime::partition_of(principal.region)) +
         ":iam::" + principal.account + ":root";
}

}  // namespace pawl::codepipeline
