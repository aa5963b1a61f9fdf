// `pawl import`: copies state machines, activities and functions from one account into another.
// Running it again changes only what differs.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/aws_account.h"

namespace pawl::cli {

// What became of one thing.
struct ImportedItem {
  enum class Action { kUnchanged, kCreated, kUpdated, kFailed };
  std::string kind, name;
  Action action = Action::kUnchanged;
  std::vector<std::string> notes;  // what it has there and not here, or why it failed

  void changed(Action to);  // created stays created
};
std::string_view action_name(ImportedItem::Action action);

class Import {
 public:
  enum class Writes { kYes, kNo };  // kNo: only tells what it would do
  struct Options {
    Writes writes = Writes::kYes;
    std::string prefix;  // of names; empty: everything
  };
  // Both outlive the import.
  Import(AwsAccount& from, AwsAccount& to, Options options)
      : from_(from), to_(to), options_(std::move(options)) {}

  // Error: nothing could be read at all.
  Result<void, std::string> run();
  const std::vector<ImportedItem>& items() const { return items_; }

 private:
  using Answer = Result<json::Value, CallError>;
  using Names = std::map<std::string, std::string>;  // version there -> version here

  // import_functions.cc
  Result<void, std::string> import_functions();
  void import_function(json::Node configuration);
  Result<void, std::string> bring_function(ImportedItem& item, const std::string& name);
  Result<Names, std::string> bring_function_versions(ImportedItem& item, const std::string& name);
  Result<void, std::string> bring_function_state(ImportedItem& item, const std::string& name,
                                                 const std::string& version);
  Result<void, std::string> bring_function_aliases(ImportedItem& item, const std::string& name,
                                                   const Names& versions);
  Result<std::string, std::string> package_of(const json::Value& function);
  // import_machines.cc
  Result<void, std::string> import_activities();
  Result<void, std::string> import_machines();
  Result<void, std::string> bring_machine(ImportedItem& item, const std::string& arn);
  Result<void, std::string> bring_machine_state(ImportedItem& item, const json::Value& there);
  Result<Names, std::string> bring_machine_versions(ImportedItem& item, const std::string& arn);
  Result<void, std::string> bring_machine_aliases(ImportedItem& item, const std::string& arn,
                                                  const Names& versions);
  Result<void, std::string> bring_tags(ImportedItem& item, const std::string& arn);
  void make_log_groups(ImportedItem& item, json::Node logging);

  bool wanted(std::string_view name) const { return name.starts_with(options_.prefix); }
  bool writes() const { return options_.writes == Writes::kYes; }
  // A write at the target, left out where nothing is written; says what it made of the item.
  Answer write(ImportedItem& item, ImportedItem::Action action, std::string_view service,
               std::string_view operation, const std::string& input);
  // All elements of a paged list.
  Result<std::vector<json::Value>, std::string> list(AwsAccount& account, std::string_view service,
                                                     std::string_view operation,
                                                     std::string_view member,
                                                     const std::string& input_members,
                                                     std::string_view token_in,
                                                     std::string_view token_out);
  // ARNs of the one account as the other one has them.
  std::string here(std::string text) const;

  AwsAccount& from_;
  AwsAccount& to_;
  const Options options_;
  std::string account_there_, account_here_;
  std::vector<ImportedItem> items_;
};

// `{"name":"value",...}` of texts.
std::string object_of(std::initializer_list<std::pair<std::string_view, std::string>> members);

}  // namespace pawl::cli
