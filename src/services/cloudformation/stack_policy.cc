#include "services/cloudformation/stack_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "json/value.h"

namespace pawl::cloudformation {

namespace {

using json::Node;

std::string_view action_name(UpdateAction action) {
  switch (action) {
    case UpdateAction::kModify:
      return "Update:Modify";
    case UpdateAction::kReplace:
      return "Update:Replace";
    case UpdateAction::kDelete:
      return "Update:Delete";
  }
  return "";
}

// `*` stands for any text.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t at = 0;
  std::size_t from = 0;
  while (from < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = from;
    } else if (at < pattern.size() && pattern[at] == text[from]) {
      ++at;
      ++from;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      from = ++resume;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

bool any_text(const Node* texts, const std::function<bool(std::string_view)>& test) {
  if (texts == nullptr) return false;
  if (texts->is_string()) return test(texts->string());
  return std::any_of(texts->begin(), texts->end(),
                     [&test](const Node& each) { return each.is_string() && test(each.string()); });
}

// StringEquals and StringLike of ResourceType.
bool condition_holds(const Node* condition, std::string_view type) {
  if (condition == nullptr) return true;
  for (const json::Member& test : condition->members()) {
    const bool like = test.key.string() == "StringLike";
    if (!like && test.key.string() != "StringEquals") return false;
    const Node* types = test.value.find("ResourceType");
    const bool holds = any_text(
        types, [&](std::string_view each) { return like ? matches(each, type) : each == type; });
    if (!holds) return false;
  }
  return true;
}

bool applies(const Node& statement, const PolicyQuestion& question) {
  const std::string action(action_name(question.action));
  const auto names_action = [&action](std::string_view each) {
    std::string pattern(each);
    if (pattern == "*") return true;
    return matches(pattern, action);
  };
  const std::string resource = "LogicalResourceId/" + std::string(question.logical_id);
  const auto names_resource = [&resource](std::string_view each) {
    return each == "*" || matches(each, resource);
  };
  const Node* actions = statement.find("Action");
  const bool of_action = actions != nullptr ? any_text(actions, names_action)
                                            : !any_text(statement.find("NotAction"), names_action);
  const Node* resources = statement.find("Resource");
  const bool of_resource = resources != nullptr
                               ? any_text(resources, names_resource)
                               : !any_text(statement.find("NotResource"), names_resource);
  return of_action && of_resource && condition_holds(statement.find("Condition"), question.type);
}

// The statements of a policy: a list, or one alone.
std::vector<Node> statements_of(Node policy) {
  const Node* given = policy.find("Statement");
  if (given == nullptr) return {};
  if (given->is_object()) return {*given};
  return {given->begin(), given->end()};
}

}  // namespace

std::optional<std::string> denied_by(std::string_view policy, const PolicyQuestion& question) {
  if (policy.empty()) return std::nullopt;
  const auto parsed = json::Value::parse(std::string(policy));
  if (!parsed.ok()) return std::nullopt;
  bool allowed = false;
  std::size_t number = 0;
  for (const Node& statement : statements_of(parsed->root())) {
    ++number;
    if (!applies(statement, question)) continue;
    const Node* effect = statement.find("Effect");
    if (effect != nullptr && effect->is_string() && effect->string() == "Allow") {
      allowed = true;
      continue;
    }
    return fmt::format(
        "Action denied by stack policy: Statement [#{}] does not allow [{}] for resource "
        "[LogicalResourceId/{}]",
        number, action_name(question.action), question.logical_id);
  }
  if (allowed) return std::nullopt;
  return fmt::format(
      "Action not allowed by stack policy: no statement allows [{}] for resource "
      "[LogicalResourceId/{}]",
      action_name(question.action), question.logical_id);
}

Result<void, std::string> check_stack_policy(std::string_view policy) {
  const auto invalid = [](std::string_view why) {
    return Err{fmt::format("Error validating stack policy: {}", why)};
  };
  const auto parsed = json::Value::parse(std::string(policy));
  if (!parsed.ok() || !parsed->root().is_object()) return invalid("Invalid stack policy");
  const std::vector<Node> statements = statements_of(parsed->root());
  if (statements.empty()) return invalid("Policy has no statements");
  for (const Node& statement : statements) {
    const Node* effect = statement.find("Effect");
    const bool known = effect != nullptr && effect->is_string() &&
                       (effect->string() == "Allow" || effect->string() == "Deny");
    if (!known) return invalid("Invalid statement effect");
    if (statement.find("Principal") == nullptr) return invalid("Statement has no principal");
  }
  return {};
}

}  // namespace pawl::cloudformation
