// What hangs on a function beside its versions: tags and reserved concurrency.
#include <fmt/format.h>

#include <algorithm>

#include "services/lambda/fields.h"
#include "services/lambda/service.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

constexpr std::size_t kTagsMax = 50;

Result<FunctionName, ServiceError> name_in(const runtime::Call& call, std::string_view member) {
  return parse_function_name(call.principal, TRY(required_text(call.input.root(), member)));
}

}  // namespace

void Service::tag_resource(const Call& call, const Reply& reply) {
  const auto name = name_in(call, "Resource");
  if (!name.ok()) return reply(Err{name.error()});
  auto tags = text_map(call.input.root(), "Tags");
  change_function(
      *name, reply, [tags = std::move(tags)](FunctionRecord& record) -> OperationResult {
        for (const auto& tag : tags) {
          const auto known =
              std::find_if(record.tags.begin(), record.tags.end(),
                           [&](const auto& other) { return other.first == tag.first; });
          if (known == record.tags.end()) {
            record.tags.push_back(tag);
          } else {
            known->second = tag.second;
          }
        }
        if (record.tags.size() > kTagsMax) {
          return Err{invalid_parameter(fmt::format("A function may have {} tags", kTagsMax))};
        }
        return Value::trusted("{}");
      });
}

void Service::untag_resource(const Call& call, const Reply& reply) {
  const auto name = name_in(call, "Resource");
  if (!name.ok()) return reply(Err{name.error()});
  change_function(*name, reply, [call](FunctionRecord& record) -> OperationResult {
    const Node* keys = member(call.input.root(), "TagKeys");
    if (keys == nullptr) return Value::trusted("{}");
    for (const Node& key : *keys) {
      if (!key.is_string()) continue;
      std::erase_if(record.tags, [&](const auto& tag) { return tag.first == key.string(); });
    }
    return Value::trusted("{}");
  });
}

runtime::OperationResult Service::list_tags(const Call& call) {
  const FunctionName name = TRY(name_in(call, "Resource"));
  const auto record = Reader(catalog_.catalog()).function(name.key());
  if (!record) return Err{function_not_found(name.arn())};
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Tags").begin_object();
  for (const auto& [key, value] : record->tags) out.key(key).string(value);
  out.end_object().end_object();
  return Value::trusted(std::move(text));
}

void Service::put_function_concurrency(const Call& call, const Reply& reply) {
  const auto name = name_in(call, "FunctionName");
  if (!name.ok()) return reply(Err{name.error()});
  const auto count = integer_member(call.input.root(), "ReservedConcurrentExecutions");
  if (!count || *count < 0) {
    return reply(Err{validation_error(
        "Value at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have "
        "value greater than or equal to 0")});
  }
  change_function(*name, reply, [count](FunctionRecord& record) -> OperationResult {
    record.reserved_concurrency = count;
    return Value::trusted(fmt::format(R"({{"ReservedConcurrentExecutions":{}}})", *count));
  });
}

void Service::delete_function_concurrency(const Call& call, const Reply& reply) {
  const auto name = name_in(call, "FunctionName");
  if (!name.ok()) return reply(Err{name.error()});
  change_function(*name, reply, [](FunctionRecord& record) -> OperationResult {
    record.reserved_concurrency.reset();
    return Value::trusted("{}");
  });
}

runtime::OperationResult Service::get_function_concurrency(const Call& call) {
  const FunctionName name = TRY(name_in(call, "FunctionName"));
  const auto record = Reader(catalog_.catalog()).function(name.key());
  if (!record) return Err{function_not_found(name.arn())};
  if (!record->reserved_concurrency) return Value::trusted("{}");
  return Value::trusted(
      fmt::format(R"({{"ReservedConcurrentExecutions":{}}})", *record->reserved_concurrency));
}

// Code is not signed here: no function has a configuration of that.
runtime::OperationResult Service::get_code_signing(const Call& call) {
  const FunctionName name = TRY(name_in(call, "FunctionName"));
  if (!Reader(catalog_.catalog()).function(name.key())) return Err{function_not_found(name.arn())};
  std::string text;
  json::Writer out(text);
  out.begin_object().key("CodeSigningConfigArn").string("");
  out.key("FunctionName").string(name.name).end_object();
  return Value::trusted(std::move(text));
}

}  // namespace pawl::lambda
