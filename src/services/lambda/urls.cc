// Function URLs: their configurations. A URL belongs to a function or to an alias of it and keeps
// its id until it is deleted.
#include "services/lambda/urls.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/rng.h"
#include "base/utc_text.h"
#include "services/lambda/fields.h"
#include "services/lambda/service.h"
#include "services/lambda/urls.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

constexpr std::int64_t kPageMax = 50;

ServiceError no_url() { return resource_not_found("The resource you requested does not exist."); }
ServiceError no_function() { return resource_not_found("Function does not exist"); }

Result<FunctionName, ServiceError> name_in(const runtime::Call& call) {
  const Node input = call.input.root();
  FunctionName name =
      TRY(parse_function_name(call.principal, TRY(required_text(input, "FunctionName")),
                              text_member(input, "Qualifier").value_or("")));
  if (name.qualifier == kLatest || is_version_number(name.qualifier)) {
    return Err{validation_error(
        fmt::format("Value '{}' at 'qualifier' failed to satisfy constraint: Member must satisfy "
                    "regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)",
                    name.qualifier))};
  }
  return name;
}

std::string url_key(const FunctionName& name) {
  return name.qualifier.empty() ? name.key() : alias_key(name.key(), name.qualifier);
}

// "2026-05-01T12:00:00.123456Z"
std::string url_time(WallMillis now) {
  std::string text = iso_time_millis(now);
  return text.insert(text.size() - 1, "000");
}

// 32 letters and digits, which nobody can guess: a page of another site must not find a function.
std::string new_url_id() {
  constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyz234567";
  thread_local SystemRng rng;
  std::string id;
  for (int block = 0; block < 4; ++block) {
    std::uint64_t bits = rng.next();
    for (int i = 0; i < 8; ++i, bits >>= 5) id += kCharacters[bits & 31];
  }
  return id;
}

// What the request says over what there was.
std::string record_text(Node input, Node before, const std::string& id, const std::string& arn,
                        WallMillis now) {
  std::string text;
  json::Writer out(text);
  const auto either = [&](const char* name) -> const Node* {
    const Node* given = member(input, name);
    return given != nullptr ? given : member(before, name);
  };
  out.begin_object().key("Id").string(id).key("FunctionArn").string(arn);
  out.key("AuthType")
      .string(text_member(input, "AuthType")
                  .value_or(text_member(before, "AuthType").value_or("AWS_IAM")));
  if (const Node* cors = either("Cors"); cors != nullptr && cors->size() > 0) {
    out.key("Cors").node(*cors);
  }
  const std::string time = url_time(now);
  out.key("CreationTime").string(text_member(before, "CreationTime").value_or(time));
  out.key("LastModifiedTime").string(time);
  const Node* mode = either("InvokeMode");
  out.key("InvokeMode").string(mode != nullptr ? mode->string() : "BUFFERED").end_object();
  return text;
}

}  // namespace

void drop_url(const runtime::Catalog::View& view, const std::string& key,
              std::vector<runtime::Catalog::Change>& changes) {
  const std::string* record = view.find(kUrlTable, key);
  if (record == nullptr) return;
  const Value value = Value::trusted(*record);
  changes.push_back({std::string(kUrlIdTable), *text_member(value.root(), "Id"), std::nullopt});
  changes.push_back({std::string(kUrlTable), key, std::nullopt});
}

// "http://127.0.0.1:4566" -> "http://ID.lambda-url.us-east-1.localhost:4566/". Names below
// "localhost" are this machine; below another address there are none, and the path tells the URL.
std::string function_url(std::string_view endpoint, std::string_view id, std::string_view region) {
  // Asked before the server knows its own address.
  if (endpoint.empty()) return fmt::format("/_pawl/function-urls/{}/", id);
  const std::size_t host_begin = endpoint.find("://") + 3;
  const std::string_view scheme = endpoint.substr(0, host_begin);
  const std::size_t port_begin = endpoint.rfind(':');
  const std::string_view host = endpoint.substr(host_begin, port_begin - host_begin);
  const bool local = host.starts_with("127.") || host == "[::1]" || host == "localhost" ||
                     host == "0.0.0.0" || host == "[::]";
  if (!local) return fmt::format("{}/_pawl/function-urls/{}/", endpoint, id);
  return fmt::format("{}{}.lambda-url.{}.localhost{}/", scheme, id, region,
                     endpoint.substr(port_begin));
}

std::string Service::shown_url(Node record, const std::string& region) const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  {
    const std::lock_guard lock(endpoint_mutex_);
    out.key("FunctionUrl")
        .string(function_url(endpoint_, text_member(record, "Id").value_or(""), region));
  }
  for (const json::Member& each : record.members()) {
    if (each.key.string() != "Id") out.key(each.key.string()).node(each.value);
  }
  out.end_object();
  return text;
}

void Service::create_url(const Call& call, const Reply& reply) {
  transact(reply, [this, call](const View& view, Update& update) -> OperationResult {
    const FunctionName name = TRY(name_in(call));
    const Reader reader(view);
    if (!reader.function(name.key())) return Err{no_function()};
    if (!name.qualifier.empty() && !reader.alias(name.key(), name.qualifier)) {
      return Err{no_function()};
    }
    if (view.find(kUrlTable, url_key(name)) != nullptr) {
      return Err{conflict(fmt::format(
          "Failed to create function url config for [functionArn = {}]. Error message:  "
          "FunctionUrlConfig exists for this Lambda function",
          name.qualified_arn()))};
    }
    TRY(required_text(call.input.root(), "AuthType"));
    const std::string id = new_url_id();
    const std::string record =
        record_text(call.input.root(), Node(), id, name.qualified_arn(), clock_.wall_now());
    update.changes.push_back({std::string(kUrlTable), url_key(name), record});
    update.changes.push_back({std::string(kUrlIdTable), id, url_key(name)});
    return Value::trusted(shown_url(Value::trusted(record).root(), name.region));
  });
}

void Service::update_url(const Call& call, const Reply& reply) {
  transact(reply, [this, call](const View& view, Update& update) -> OperationResult {
    const FunctionName name = TRY(name_in(call));
    const std::string* before = view.find(kUrlTable, url_key(name));
    if (before == nullptr) return Err{no_url()};
    const Value old = Value::trusted(*before);
    const std::string record =
        record_text(call.input.root(), old.root(), text_member(old.root(), "Id").value_or(""),
                    name.qualified_arn(), clock_.wall_now());
    update.changes.push_back({std::string(kUrlTable), url_key(name), record});
    return Value::trusted(shown_url(Value::trusted(record).root(), name.region));
  });
}

void Service::delete_url(const Call& call, const Reply& reply) {
  transact(reply, [call](const View& view, Update& update) -> OperationResult {
    const FunctionName name = TRY(name_in(call));
    if (view.find(kUrlTable, url_key(name)) == nullptr) return Err{no_url()};
    drop_url(view, url_key(name), update.changes);
    return Value::trusted("{}");
  });
}

runtime::OperationResult Service::get_url(const Call& call) {
  const FunctionName name = TRY(name_in(call));
  const auto record = Reader(catalog_.catalog()).get(kUrlTable, url_key(name));
  if (!record) return Err{no_url()};
  return Value::trusted(shown_url(Value::trusted(*record).root(), name.region));
}

runtime::OperationResult Service::list_urls(const Call& call) {
  const FunctionName name = TRY(name_in(call));
  const Node input = call.input.root();
  if (!Reader(catalog_.catalog()).function(name.key())) return Err{no_function()};
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(integer_member(input, "MaxItems").value_or(kPageMax), 1, kPageMax));
  const std::string marker = text_member(input, "Marker").value_or("");
  std::string text, last;
  json::Writer out(text);
  out.begin_object().key("FunctionUrlConfigs").begin_array();
  std::size_t count = 0;
  bool more = false;
  catalog_.catalog().for_each(kUrlTable, [&](const std::string& key, const std::string& record) {
    const bool own = key == name.key() || key.starts_with(name.key() + ":");
    if (more || !own || (!marker.empty() && key <= marker)) return;
    more = count == limit;
    if (more) return;
    out.raw(shown_url(Value::trusted(record).root(), name.region));
    last = key;
    ++count;
  });
  out.end_array();
  if (more) out.key("NextMarker").string(last);
  out.end_object();
  return Value::trusted(std::move(text));
}

}  // namespace pawl::lambda
