// Pipelines: made, shown, changed, deleted, tagged.
#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "services/codepipeline/client.h"
#include "services/codepipeline/service.h"
#include "services/codepipeline/structure.h"

namespace pawl::codepipeline {

namespace {

constexpr std::size_t kTagsMax = 50;
constexpr std::size_t kPipelinesPage = 100;

Result<TextMap, ServiceError> read_tags(json::Node input) {
  TextMap tags;
  const json::Node* given = node_in(input, "tags");
  if (given == nullptr) return tags;
  for (const json::Node& each : *given) {
    const std::string name = text_in(each, "key");
    if (name.starts_with("aws:")) {
      return Err{error("InvalidTagsException",
                       "Not allowed to modify system tags. System tags start with 'aws:'. "
                       "msg=[Caller is an end user and not allowed to mutate system tags]")};
    }
    tags[name] = text_in(each, "value");
  }
  return tags;
}

ServiceError too_many_tags(const std::string& arn) {
  return error("TooManyTagsException", fmt::format("Tag limit exceeded for resource [{}].", arn));
}

void write_tags(json::Writer& out, const TextMap& tags) {
  out.key("tags").begin_array();
  for (const auto& [name, value] : tags) {
    out.begin_object().key("key").string(name).key("value").string(value).end_object();
  }
  out.end_array();
}

json::Value pipeline_answer(const PipelineRecord& pipeline, const TextMap* tags) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("pipeline").raw(pipeline.declaration);
  if (tags != nullptr) write_tags(out, *tags);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// The newest revisions that there are of a pipeline's sources: older changes start nothing.
std::vector<std::pair<std::string, std::string>> newest_revisions(const std::string& key,
                                                                  const Declaration& declared,
                                                                  const Client& client) {
  std::vector<std::pair<std::string, std::string>> revisions;
  const Stage& first = declared.stages.front();
  for (const Action& action : first.actions) {
    const ActionTypeInfo* type = find_builtin(action.type);
    if (type == nullptr || !type->newest) continue;
    revisions.emplace_back(seen_key(key, first.name, action), type->newest(client, action));
  }
  return revisions;
}

std::string declared_json(const runtime::Call& call, std::int64_t version) {
  return shown_declaration(*node_in(call.input.root(), "pipeline"), version);
}

}  // namespace

Service::Checked<Declaration> Service::checked_declaration(const Call& call) const {
  const json::Node* given = node_in(call.input.root(), "pipeline");
  if (given == nullptr || !given->is_object()) return Err{missing("pipeline")};
  Declaration declared = TRY(read_declaration(*given));
  std::vector<std::unique_ptr<ActionTypeInfo>> customs;
  TRY(check_structure(declared, call.principal.region, [&](const ActionTypeId& id) {
    std::optional<ActionTypeInfo> custom;
    const ActionTypeInfo* found = find_type(call.principal, id, custom);
    if (!custom) return found;
    customs.push_back(std::make_unique<ActionTypeInfo>(*std::move(custom)));
    return static_cast<const ActionTypeInfo*>(customs.back().get());
  }));
  return declared;
}

Service::Answer Service::create_pipeline(const Call& call) {
  const Declaration declared = TRY(checked_declaration(call));
  const TextMap tags = TRY(read_tags(call.input.root()));
  PipelineRecord pipeline;
  pipeline.account = call.principal.account;
  pipeline.region = call.principal.region;
  pipeline.name = declared.name;
  pipeline.created = pipeline.updated = parts_.clock.wall_now();
  pipeline.declaration = declared_json(call, 1);
  pipeline.tags = tags;
  if (tags.size() > kTagsMax) return Err{too_many_tags(pipeline.arn())};
  const std::string key = pipeline.key();
  const Client client(parts_.operations, call.principal);
  const auto revisions = newest_revisions(key, declared, client);
  bool in_use = false;
  ExecutionRecord first;
  std::promise<void> durable;
  parts_.catalog.update(
      [&](const View& view) {
        in_use = view.find(kPipelineTable, key) != nullptr;
        if (in_use) return Changes();
        thread_local SystemRng rng;
        Edit edit(view, pipeline, parts_.clock.wall_now(), rng);
        edit.change(kVersionTable, key + "#1", pipeline.declaration);
        for (const auto& [seen, revision] : revisions) edit.change(kSeenTable, seen, revision);
        add_execution(edit, {"CreatePipeline", caller_arn(call.principal)}, first);
        return edit.finish();
      },
      [&durable] { durable.set_value(); });
  durable.get_future().wait();
  if (in_use) {
    return Err{error("PipelineNameInUseException",
                     fmt::format("A pipeline with the name '{}' already exists in account '{}'",
                                 declared.name, call.principal.account))};
  }
  start_run(pipeline, first);
  return pipeline_answer(pipeline, &tags);
}

Service::Answer Service::update_pipeline(const Call& call) {
  const Declaration declared = TRY(checked_declaration(call));
  const PipelineRecord known = TRY(pipeline_named(call, declared.name));
  const Client client(parts_.operations, call.principal);
  const auto revisions = newest_revisions(known.key(), declared, client);
  PipelineRecord changed;
  TRY(edit(known.key(), [&](Edit& edit) -> Checked<void> {
    PipelineRecord& pipeline = edit.pipeline();
    pipeline.declaration = declared_json(call, ++pipeline.version);
    pipeline.updated = edit.now();
    edit.change(kVersionTable, fmt::format("{}#{}", edit.key(), pipeline.version),
                pipeline.declaration);
    for (const auto& [seen, revision] : revisions) {
      if (edit.view().find(kSeenTable, seen) == nullptr) edit.change(kSeenTable, seen, revision);
    }
    changed = pipeline;
    return {};
  }));
  return pipeline_answer(changed, nullptr);
}

Service::Answer Service::get_pipeline(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "name"));
  const std::int64_t version = integer_in(call.input.root(), "version", pipeline.version);
  const auto declared =
      parts_.catalog.get(kVersionTable, fmt::format("{}#{}", pipeline.key(), version));
  if (!declared) {
    return Err{error("PipelineVersionNotFoundException",
                     fmt::format("Account '{}' does not have a version '{}' of pipeline '{}'",
                                 pipeline.account, version, pipeline.name))};
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("pipeline").raw(*declared).key("metadata").begin_object();
  out.key("pipelineArn").string(pipeline.arn());
  write_time(out, "created", pipeline.created);
  write_time(out, "updated", pipeline.updated);
  out.end_object().end_object();
  return json::Value::trusted(std::move(text));
}

// What is open of it finds nothing any more, and ends. No error where there is none.
Service::Answer Service::delete_pipeline(const Call& call) {
  const std::string name = text_in(call.input.root(), "name");
  if (name.empty()) return Err{missing("name")};
  const std::string key = pipeline_key(call.principal, name);
  std::promise<void> durable;
  parts_.catalog.update(
      [&key](const View& view) {
        Changes changes;
        if (view.find(kPipelineTable, key) == nullptr) return changes;
        changes.push_back({std::string(kPipelineTable), key, std::nullopt});
        for (const auto table :
             {kVersionTable, kExecutionTable, kIdTable, kOpenTable, kSeenTable}) {
          for (const auto& [row, record] : with_prefix(view, table, key + "#")) {
            changes.push_back({std::string(table), row, std::nullopt});
          }
        }
        for (const auto& [job, place] : view.table(kJobTable)) {
          if (place.starts_with(key + "\n")) {
            changes.push_back({std::string(kJobTable), job, std::nullopt});
          }
        }
        return changes;
      },
      [&durable] { durable.set_value(); });
  durable.get_future().wait();
  parking_.changed(key);
  return empty_answer();
}

Service::Answer Service::list_pipelines(const Call& call) {
  const json::Node input = call.input.root();
  const std::string prefix = pipeline_key(call.principal, "");
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(integer_in(input, "maxResults", kPipelinesPage), 1, 1'000));
  const std::string token = text_in(input, "nextToken");
  const Rows rows = with_prefix(parts_.catalog, kPipelineTable, prefix,
                                token.empty() ? std::string() : prefix + token, limit + 1);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("pipelines").begin_array();
  std::string last;
  for (std::size_t at = 0; at < rows.size() && at < limit; ++at) {
    const PipelineRecord pipeline = PipelineRecord::from_json(rows[at].second);
    const Declaration declared = trusted_declaration(pipeline.declaration);
    out.begin_object().key("name").string(pipeline.name).key("version").integer(pipeline.version);
    out.key("pipelineType").string(declared.type);
    out.key("executionMode").string(name_of(declared.mode));
    write_time(out, "created", pipeline.created);
    write_time(out, "updated", pipeline.updated);
    out.end_object();
    last = pipeline.name;
  }
  out.end_array();
  if (rows.size() > limit) out.key("nextToken").string(last);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// "arn:aws:codepipeline:us-east-1:123456789012:Name"
Service::Checked<PipelineRecord> Service::pipeline_of_arn(const Call& call) const {
  const std::string arn = text_in(call.input.root(), "resourceArn");
  std::size_t at = 0;
  for (int colons = 0; colons < 5 && at != std::string::npos; ++colons) {
    at = arn.find(':', at == 0 && colons == 0 ? 0 : at + 1);
  }
  if (at == std::string::npos) {
    return Err{error("InvalidArnException", fmt::format("Invalid ARN: {}", arn))};
  }
  const std::string name = arn.substr(at + 1);
  if (auto found = find_pipeline(pipeline_key(call.principal, name));
      found && found->arn() == arn) {
    return *std::move(found);
  }
  return Err{error("ResourceNotFoundException",
                   fmt::format("The account with id '{}' does not include a pipeline with the name "
                               "'{}'",
                               call.principal.account, name))};
}

Service::Answer Service::tag(const Call& call) {
  const PipelineRecord known = TRY(pipeline_of_arn(call));
  const TextMap tags = TRY(read_tags(call.input.root()));
  TRY(edit(known.key(), [&](Edit& edit) -> Checked<void> {
    TextMap& all = edit.pipeline().tags;
    for (const auto& [name, value] : tags) all[name] = value;
    if (all.size() > kTagsMax) return Err{too_many_tags(known.arn())};
    return {};
  }));
  return empty_answer();
}

Service::Answer Service::untag(const Call& call) {
  const PipelineRecord known = TRY(pipeline_of_arn(call));
  const auto names = texts_in(call.input.root(), "tagKeys");
  TRY(edit(known.key(), [&](Edit& edit) -> Checked<void> {
    for (const std::string& name : names) edit.pipeline().tags.erase(name);
    return {};
  }));
  return empty_answer();
}

Service::Answer Service::list_tags(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of_arn(call));
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_tags(out, pipeline.tags);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::codepipeline
