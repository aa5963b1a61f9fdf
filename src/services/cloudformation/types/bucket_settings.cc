#include "services/cloudformation/types/bucket_settings.h"

#include "services/cloudformation/services.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Convert = void (*)(Writer& out, Node given);

void as_given(Writer& out, Node given) { out.node(given); }

// Members under other names; those that the table does not have are left out.
struct Renamed {
  std::string_view from, to;
};
void write_renamed(Writer& out, Node given, std::initializer_list<Renamed> members) {
  for (const auto& [from, to] : members) {
    if (const Node* value = given.find(from)) out.key(to).node(*value);
  }
}

void encryption(Writer& out, Node given) {
  out.begin_object().key("Rules").begin_array();
  if (const Node* rules = given.find("ServerSideEncryptionConfiguration")) {
    for (const Node& rule : *rules) {
      out.begin_object();
      write_renamed(out, rule,
                    {{"ServerSideEncryptionByDefault", "ApplyServerSideEncryptionByDefault"},
                     {"BucketKeyEnabled", "BucketKeyEnabled"}});
      out.end_object();
    }
  }
  out.end_array().end_object();
}

void cors(Writer& out, Node given) {
  out.begin_object().key("CORSRules").begin_array();
  if (const Node* rules = given.find("CorsRules")) {
    for (const Node& rule : *rules) {
      out.begin_object();
      write_renamed(out, rule,
                    {{"Id", "ID"},
                     {"AllowedHeaders", "AllowedHeaders"},
                     {"AllowedMethods", "AllowedMethods"},
                     {"AllowedOrigins", "AllowedOrigins"},
                     {"ExposedHeaders", "ExposeHeaders"},
                     {"MaxAge", "MaxAgeSeconds"}});
      out.end_object();
    }
  }
  out.end_array().end_object();
}

void write_filter(Writer& out, Node configuration) {
  const Node* filter = configuration.find("Filter");
  const Node* by_key = filter == nullptr ? nullptr : filter->find("S3Key");
  const Node* rules = by_key == nullptr ? nullptr : by_key->find("Rules");
  if (rules == nullptr) return;
  out.key("Filter").begin_object().key("Key").begin_object();
  out.key("FilterRules").node(*rules).end_object().end_object();
}

void notifications(Writer& out, Node given) {
  struct Kind {
    std::string_view from, to, target, arn;
  };
  constexpr Kind kKinds[] = {
      {"LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"},
      {"QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"},
      {"TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"}};
  out.begin_object();
  for (const Kind& kind : kKinds) {
    const Node* configurations = given.find(kind.from);
    if (configurations == nullptr || configurations->size() == 0) continue;
    out.key(kind.to).begin_array();
    for (const Node& each : *configurations) {
      out.begin_object();
      write_renamed(out, each, {{kind.target, kind.arn}});
      if (const Node* event = each.find("Event")) {
        out.key("Events").begin_array().node(*event).end_array();
      }
      write_filter(out, each);
      out.end_object();
    }
    out.end_array();
  }
  const Node* bridge = given.find("EventBridgeConfiguration");
  if (bridge != nullptr) out.key("EventBridgeConfiguration").begin_object().end_object();
  out.end_object();
}

void tags(Writer& out, Node given) {
  out.begin_object().key("TagSet").raw(tag_list(given, "Key", "Value")).end_object();
}

struct Setting {
  std::string_view property;
  std::string_view put;
  std::string_view member;
  std::string_view remove;  // empty: an empty configuration is none
  Convert convert;
};
constexpr Setting kSettings[] = {
    {"NotificationConfiguration", "PutBucketNotificationConfiguration", "NotificationConfiguration",
     "", notifications},
    {"BucketEncryption", "PutBucketEncryption", "ServerSideEncryptionConfiguration",
     "DeleteBucketEncryption", encryption},
    {"PublicAccessBlockConfiguration", "PutPublicAccessBlock", "PublicAccessBlockConfiguration",
     "DeletePublicAccessBlock", as_given},
    {"OwnershipControls", "PutBucketOwnershipControls", "OwnershipControls",
     "DeleteBucketOwnershipControls", as_given},
    {"CorsConfiguration", "PutBucketCors", "CORSConfiguration", "DeleteBucketCors", cors},
    {"Tags", "PutBucketTagging", "Tagging", "DeleteBucketTagging", tags}};

std::optional<Failure> change(const Request& request, const Setting& setting, const Node* now) {
  const bool removes = now == nullptr && !setting.remove.empty();
  std::string input;
  Writer out(input);
  out.begin_object().key("Bucket").string(request.physical_id);
  if (!removes) {
    out.key(setting.member);
    now == nullptr ? void(out.begin_object().end_object()) : setting.convert(out, *now);
  }
  out.end_object();
  const auto answer = request.services.call(request, "s3", removes ? setting.remove : setting.put,
                                            std::move(input));
  if (answer.ok()) return std::nullopt;
  return failure_of(request, "S3", answer.error());
}

}  // namespace

std::optional<Failure> set_bucket_settings(const Request& request) {
  for (const Setting& setting : kSettings) {
    const Node* now = request.properties.find(setting.property);
    const Node* before = request.previous.find(setting.property);
    if (now == nullptr && before == nullptr) continue;
    if (now != nullptr && before != nullptr && json::equal(*now, *before)) continue;
    if (auto failure = change(request, setting, now)) return failure;
  }
  return std::nullopt;
}

}  // namespace pawl::cloudformation
