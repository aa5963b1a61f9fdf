// Types of actions that the account has made for its own workers.
#include <fmt/format.h>

#include <future>

#include "services/codepipeline/service.h"

namespace pawl::codepipeline {

namespace {

ServiceError no_type(const ActionTypeId& type) {
  return error("ActionTypeNotFoundException",
               fmt::format("No action type found with Category: '{}', Provider: '{}', Owner: '{}', "
                           "Version: '{}'",
                           type.category, type.provider, type.owner, type.version));
}

ActionTypeId custom_id(json::Node input) {
  return {text_in(input, "category"), "Custom", text_in(input, "provider"),
          text_in(input, "version")};
}

void write_stored(json::Writer& out, const std::string& record) {
  const json::Value value = json::Value::trusted(record);
  const json::Node* settings = node_in(value.root(), "settings");
  write_type_info(out, custom_type(value.root()), settings ? *settings : json::Node());
}

void change_type(runtime::Catalog& catalog, const std::string& key,
                 const std::function<std::optional<std::string>(const std::string*)>& change) {
  std::promise<void> durable;
  catalog.update(
      [&](const View& view) {
        const std::string* before = view.find(kTypeTable, key);
        auto after = change(before);
        if (!after && before == nullptr) return Changes();
        return Changes{{std::string(kTypeTable), key, std::move(after)}};
      },
      [&durable] { durable.set_value(); });
  durable.get_future().wait();
}

}  // namespace

const ActionTypeInfo* Service::find_type(const runtime::Principal& owner, const ActionTypeId& id,
                                         std::optional<ActionTypeInfo>& custom) const {
  if (id.owner != "Custom") return find_builtin(id);
  const auto record = parts_.catalog.get(kTypeTable, type_key(owner, id));
  if (!record) return nullptr;
  custom = custom_type(json::Value::trusted(*record).root());
  return &*custom;
}

Service::Answer Service::create_custom_type(const Call& call) {
  const ActionTypeId id = custom_id(call.input.root());
  const std::string record(json::print(call.input.root()));
  bool exists = false;
  change_type(parts_.catalog, type_key(call.principal, id),
              [&](const std::string* before) -> std::optional<std::string> {
                exists = before != nullptr;
                return exists ? *before : record;
              });
  if (exists) {
    return Err{error("LimitExceededException",
                     fmt::format("The action type with Category: '{}', Provider: '{}', Version: "
                                 "'{}' already exists",
                                 id.category, id.provider, id.version))};
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("actionType");
  write_stored(out, record);
  if (const json::Node* tags = node_in(call.input.root(), "tags")) out.key("tags").node(*tags);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::delete_custom_type(const Call& call) {
  change_type(parts_.catalog, type_key(call.principal, custom_id(call.input.root())),
              [](const std::string*) { return std::nullopt; });
  return empty_answer();
}

Service::Answer Service::list_types(const Call& call) {
  const std::string owner = text_in(call.input.root(), "actionOwnerFilter");
  std::string text;
  json::Writer out(text);
  out.begin_object().key("actionTypes").begin_array();
  if (owner.empty() || owner == "AWS") {
    for (const ActionTypeInfo& type : builtin_types()) write_type_info(out, type, json::Node());
  }
  if (owner.empty() || owner == "Custom") {
    const std::string prefix = call.principal.account + "/" + call.principal.region + "/";
    for (const auto& [key, record] : with_prefix(parts_.catalog, kTypeTable, prefix)) {
      write_stored(out, record);
    }
  }
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

// ActionTypeDeclaration: the newer description of a type, of its executor.
Service::Answer Service::get_type(const Call& call) {
  const ActionTypeId id = read_type(call.input.root());
  const ActionTypeInfo* type = find_builtin(id);
  if (type == nullptr) return Err{no_type(id)};
  std::string text;
  json::Writer out(text);
  out.begin_object().key("actionType").begin_object();
  write_type(out, "id", type->id);
  out.key("executor").begin_object().key("type").string("JobWorker");
  out.key("configuration").begin_object().key("jobWorkerExecutorConfiguration").begin_object();
  out.end_object().end_object().end_object();
  const auto write_count = [&out](std::string_view member, const Count& count) {
    out.key(member).begin_object();
    out.key("minimumCount").integer(static_cast<std::int64_t>(count.min));
    out.key("maximumCount").integer(static_cast<std::int64_t>(count.max)).end_object();
  };
  write_count("inputArtifactDetails", type->inputs);
  write_count("outputArtifactDetails", type->outputs);
  out.key("properties").begin_array();
  for (const Configuration& each : type->configuration) {
    out.begin_object().key("name").string(each.name).key("optional").boolean(!each.is_required);
    out.key("key").boolean(each.is_key).key("noEcho").boolean(each.is_secret).end_object();
  }
  out.end_array().end_object().end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::codepipeline
