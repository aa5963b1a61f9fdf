#include "services/s3/notifications.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "base/ascii.h"
#include "base/log.h"
#include "base/percent.h"
#include "base/utc_text.h"
#include "json/writer.h"
#include "services/s3/fields.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr std::string_view kFunctions = "LambdaFunctionConfigurations";

// "s3:ObjectCreated:*" is all of its kind.
bool names_event(std::string_view pattern, std::string_view event) {
  constexpr std::string_view kPrefix = "s3:";
  if (!pattern.starts_with(kPrefix)) return false;
  pattern.remove_prefix(kPrefix.size());
  if (!pattern.ends_with('*')) return pattern == event;
  return event.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool passes(json::Node configuration, std::string_view key) {
  const json::Node* filter = configuration.find("Filter");
  const json::Node* by_key = filter == nullptr ? nullptr : filter->find("Key");
  const json::Node* rules = by_key == nullptr ? nullptr : by_key->find("FilterRules");
  if (rules == nullptr) return true;
  return std::all_of(rules->begin(), rules->end(), [key](const json::Node& rule) {
    const Fields fields(rule);
    const std::string value = fields.text("Value");
    return lower_case(fields.text("Name")) == "suffix" ? key.ends_with(value)
                                                       : key.starts_with(value);
  });
}

bool wants(json::Node configuration, const ObjectEvent& event) {
  const json::Node* events = configuration.find("Events");
  if (events == nullptr || !passes(configuration, event.key)) return false;
  return std::any_of(events->begin(), events->end(), [&event](const json::Node& pattern) {
    return pattern.is_string() && names_event(pattern.string(), event.name);
  });
}

runtime::Principal owner_of(const Bucket& bucket) {
  return {.account = bucket.account, .region = bucket.region, .access_key = {}};
}

std::string invocation(const ObjectEvent& event, const Fields& configuration) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("FunctionName").string(configuration.text("LambdaFunctionArn"));
  out.key("InvocationType").string("Event");
  out.key("Payload").raw(event_text(event, configuration.text("Id"))).end_object();
  return text;
}

// Several answers that are one.
class Countdown {
 public:
  Countdown(std::size_t count, std::function<void()> done) : left_(count), done_(std::move(done)) {}
  void one() {
    if (--left_ == 0) done_();
  }

 private:
  std::atomic<std::size_t> left_;
  const std::function<void()> done_;
};

}  // namespace

std::string event_text(const ObjectEvent& event, std::string_view configuration) {
  const Bucket& bucket = *event.bucket;
  const std::string owner = owner_id(bucket.account);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Records").begin_array().begin_object();
  out.key("eventVersion").string("2.1").key("eventSource").string("aws:s3");
  out.key("awsRegion").string(bucket.region);
  std::string time = iso_time(event.time);
  time.insert(time.size() - 1, fmt::format(".{:03}", event.time % 1'000));
  out.key("eventTime").string(time).key("eventName").string(event.name);
  out.key("userIdentity").begin_object().key("principalId").string(owner).end_object();
  out.key("requestParameters").begin_object();
  out.key("sourceIPAddress").string("127.0.0.1").end_object();
  out.key("responseElements").begin_object().key("x-amz-request-id").string(event.request_id);
  out.key("x-amz-id-2").string(event.request_id).end_object();
  out.key("s3").begin_object().key("s3SchemaVersion").string("1.0");
  out.key("configurationId").string(configuration);
  out.key("bucket").begin_object().key("name").string(bucket.name);
  out.key("ownerIdentity").begin_object().key("principalId").string(owner).end_object();
  out.key("arn").string("arn:aws:s3:::" + bucket.name).end_object();
  out.key("object").begin_object().key("key").string(form_encode_key(event.key));
  if (event.name.starts_with("ObjectCreated")) {
    out.key("size").integer(static_cast<std::int64_t>(event.object.size));
    out.key("eTag").string(event.object.etag);
  }
  if (!event.object.version_id.empty()) out.key("versionId").string(event.object.version_id);
  out.key("sequencer").string(fmt::format("{:016X}", event.object.sequence));
  out.end_object().end_object().end_object().end_array().end_object();
  return text;
}

void Notifications::begin(const runtime::Operations& operations) {
  const std::unique_lock lock(mutex_);
  operations_ = &operations;
}

void Notifications::end() {
  const std::unique_lock lock(mutex_);
  operations_ = nullptr;
}

void Notifications::tell(const ObjectEvent& event, const std::function<void()>& done) const {
  const json::Value* configuration = event.bucket->configuration("Notification");
  const json::Node* functions =
      configuration == nullptr ? nullptr : configuration->root().find(kFunctions);
  std::vector<std::string> inputs;
  if (functions != nullptr) {
    for (const json::Node& each : *functions) {
      if (wants(each, event)) inputs.push_back(invocation(event, Fields(each)));
    }
  }
  if (inputs.empty()) return done();
  const auto countdown = std::make_shared<Countdown>(inputs.size(), done);
  const std::shared_lock lock(mutex_);
  const auto* invoke = operations_ == nullptr ? nullptr : operations_->find("lambda", "Invoke");
  for (std::string& input : inputs) {
    if (invoke == nullptr) {
      countdown->one();
      continue;
    }
    const runtime::Call call{owner_of(*event.bucket), json::Value::trusted(std::move(input)), {}};
    (*invoke)(call, [countdown, bucket = event.bucket](const OperationResult& result) {
      if (!result.ok()) {
        log_warning("bucket {}: a function was not told: {}", bucket->name, result.error().message);
      }
      countdown->one();
    });
  }
}

void Notifications::check(const Bucket& bucket, json::Node configuration,
                          const Checked& done) const {
  const json::Node* functions = configuration.find(kFunctions);
  const std::shared_lock lock(mutex_);
  const auto* find =
      operations_ == nullptr ? nullptr : operations_->find("lambda", "GetFunctionConfiguration");
  const std::size_t count = functions == nullptr || !functions->is_array() ? 0 : functions->size();
  if (count == 0 || find == nullptr) return done({});
  const auto known = std::make_shared<std::atomic<bool>>(true);
  const auto countdown = std::make_shared<Countdown>(count, [done, known] {
    if (*known) return done({});
    done(Err{
        error("InvalidArgument", "Unable to validate the following destination configurations")});
  });
  for (const json::Node& each : *functions) {
    std::string input;
    json::Writer out(input);
    out.begin_object().key("FunctionName").string(Fields(each).text("LambdaFunctionArn"));
    out.end_object();
    (*find)({owner_of(bucket), json::Value::trusted(std::move(input)), {}},
            [countdown, known](const OperationResult& result) {
              if (!result.ok()) *known = false;
              countdown->one();
            });
  }
}

}  // namespace pawl::s3
