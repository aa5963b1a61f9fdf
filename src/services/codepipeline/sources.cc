// Changes of sources start executions. What was dealt with is on record: a change that came while
// the server was down, or whose sender was never answered, is found when it starts.

#include "services/codepipeline/client.h"
#include "services/codepipeline/service.h"

namespace pawl::codepipeline {

namespace {

std::string setting_of(const Action& action, const char* name) {
  const auto found = action.configuration.find(name);
  return found == action.configuration.end() ? std::string() : found->second;
}

// Absent means true.
bool is_watched(const Action& action) {
  const std::string polls = setting_of(action, "PollForSourceChanges");
  return action.type.category == "Source" && action.type.owner == "AWS" && polls != "false" &&
         polls != "False";
}

}  // namespace

void Service::branch_moved(const runtime::Principal& owner, const std::string& repository,
                           const std::string& branch, const std::string& commit) {
  // Of the account's pipelines in any region: an action may name another one than its pipeline's.
  for (const auto& [key, record] :
       with_prefix(parts_.catalog, kPipelineTable, owner.account + "/")) {
    if (record.find(repository) == std::string::npos) continue;
    const PipelineRecord pipeline = PipelineRecord::from_json(record);
    const Declaration declared = trusted_declaration(pipeline.declaration);
    for (const Action& action : declared.stages.front().actions) {
      const std::string& region = action.region.empty() ? pipeline.region : action.region;
      if (action.type.provider == "CodeCommit" && is_watched(action) && region == owner.region &&
          setting_of(action, "RepositoryName") == repository &&
          setting_of(action, "BranchName") == branch) {
        source_changed(pipeline, declared.stages.front(), action, commit);
      }
    }
  }
}

void Service::source_changed(const PipelineRecord& pipeline, const Stage& stage,
                             const Action& action, const std::string& revision) {
  const std::string key = pipeline.key();
  const std::string seen = seen_key(key, stage.name, action);
  ExecutionRecord started;
  const auto done = edit(key, [&](Edit& edit) -> Checked<void> {
    const std::string* last = edit.view().find(kSeenTable, seen);
    if (last != nullptr && *last == revision) return {};
    edit.change(kSeenTable, seen, revision);
    add_execution(edit, {"PollForSourceChanges", action.name}, started);
    return {};
  });
  if (done.ok() && !started.id.empty()) start_run(pipeline, started);
}

void Service::watch_sources() {
  parking_.wait("", parking_.changes(""), parts_.clock.wall_now() + parts_.interval_millis, [this] {
    watch_.run([this] {
      look_at_sources(false);
      watch_sources();
    });
  });
}

// Repositories tell of their changes; buckets are asked. `all`: repositories too.
void Service::look_at_sources(bool all) {
  std::vector<PipelineRecord> pipelines;
  parts_.catalog.for_each(kPipelineTable, [&](const std::string&, const std::string& record) {
    if (all || record.find("S3ObjectKey") != std::string::npos) {
      pipelines.push_back(PipelineRecord::from_json(record));
    }
  });
  for (const PipelineRecord& pipeline : pipelines) {
    const Declaration declared = trusted_declaration(pipeline.declaration);
    const Stage& first = declared.stages.front();
    const Client client(parts_.operations, pipeline.principal());
    for (const Action& action : first.actions) {
      const ActionTypeInfo* type = find_builtin(action.type);
      const bool asked = type != nullptr && type->newest && is_watched(action) &&
                         (all || action.type.provider == "S3");
      if (!asked) continue;
      const std::string revision = type->newest(client, action);
      const auto seen =
          parts_.catalog.get(kSeenTable, seen_key(pipeline.key(), first.name, action));
      if (!revision.empty() && (!seen || *seen != revision)) {
        source_changed(pipeline, first, action, revision);
      }
    }
  }
}

}  // namespace pawl::codepipeline
