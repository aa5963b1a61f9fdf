#include "cli/import.h"

#include <fmt/core.h>

#include <utility>

#include "json/writer.h"

namespace pawl::cli {

void ImportedItem::changed(Action to) {
  if (action == Action::kFailed || (action == Action::kCreated && to == Action::kUpdated)) return;
  action = to;
}

std::string_view action_name(ImportedItem::Action action) {
  switch (action) {
    case ImportedItem::Action::kUnchanged:
      return "unchanged";
    case ImportedItem::Action::kCreated:
      return "created";
    case ImportedItem::Action::kUpdated:
      return "updated";
    case ImportedItem::Action::kFailed:
      return "failed";
  }
  return "";
}

Result<void, std::string> Import::run() {
  auto there = from_.account_id();
  if (!there.ok()) return Err{"the source: " + there.error().text()};
  auto own = to_.account_id();
  if (!own.ok()) return Err{"the target: " + own.error().text()};
  account_there_ = *there;
  account_here_ = *own;
  TRY(import_functions());
  TRY(import_activities());
  return import_machines();
}

Import::Answer Import::write(ImportedItem& item, ImportedItem::Action action,
                             std::string_view service, std::string_view operation,
                             const std::string& input) {
  item.changed(action);
  if (!writes()) return json::Value::trusted("{}");
  return to_.call(service, operation, input);
}

Result<std::vector<json::Value>, std::string> Import::list(
    AwsAccount& account, std::string_view service, std::string_view operation,
    std::string_view member, const std::string& input_members, std::string_view token_in,
    std::string_view token_out) {
  std::vector<json::Value> elements;
  std::string token;
  do {
    std::string input;
    json::Writer out(input);
    out.begin_object();
    const json::Value given = json::Value::trusted(input_members);
    for (const json::Member& each : given.root().members()) {
      out.key(each.key.string()).node(each.value);
    }
    if (!token.empty()) out.key(token_in).string(token);
    out.end_object();
    const auto page = account.call(service, operation, input);
    if (!page.ok()) return Err{fmt::format("{}: {}", operation, page.error().text())};
    if (const json::Node* list = page->root().find(member)) {
      for (const json::Node& each : *list) elements.push_back(json::Value::of(each));
    }
    token = text_in(page->root(), token_out);
  } while (!token.empty());
  return elements;
}

std::string Import::here(std::string text) const {
  if (account_there_ == account_here_) return text;
  const std::string from = ":" + from_.region() + ":" + account_there_ + ":";
  const std::string to = ":" + to_.region() + ":" + account_here_ + ":";
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string object_of(std::initializer_list<std::pair<std::string_view, std::string>> members) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [name, value] : members) out.key(name).string(value);
  out.end_object();
  return text;
}

}  // namespace pawl::cli
