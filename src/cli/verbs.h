// How a family of commands adds itself to the command line without knowing it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/serve_settings.h"

namespace pawl::cli {

using Finish = std::function<Result<Command, std::string>(const Environment&)>;
using AddVerb =
    std::function<CLI::App*(const std::string& name, const std::string& help,
                            const std::string& footer, std::vector<Setting> settings, Finish)>;

// The fields that the parser fills; they outlive it.
struct OperateFields {
  PauseOptions pause{.verb = PauseOptions::Verb::kPause};
  PauseOptions resume{.verb = PauseOptions::Verb::kResume};
  OnFailureOptions on_failure;
  BulkOptions go_on{.action = BulkOptions::Action::kContinue};
  BulkOptions fail{.action = BulkOptions::Action::kFail};
  BulkOptions stop{.action = BulkOptions::Action::kStop};
  BulkOptions redrive{.action = BulkOptions::Action::kRedrive};
  BulkOptions remove{.action = BulkOptions::Action::kDelete};
  ListOptions list;
  SearchOptions search;
};

// operate_verbs.cc: pause, resume, on-failure, continue, fail, stop, redrive, delete, list, search.
void add_operate_verbs(const AddVerb& add, OperateFields& fields);

// import_command.cc
void add_import_verb(const AddVerb& add, ImportOptions& fields);

}  // namespace pawl::cli
