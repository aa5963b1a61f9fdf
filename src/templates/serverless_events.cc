#include "templates/serverless_events.h"

#include <fmt/format.h>

#include <algorithm>

#include "templates/serverless_role.h"

namespace pawl::templates {

namespace {

using json::Node;
using json::Writer;

// Events whose resources are of types that are not here.
struct Missing {
  std::string_view event, resource;
};
constexpr Missing kMissing[] = {
    {"Api", "AWS::ApiGateway::RestApi"},    {"HttpApi", "AWS::ApiGatewayV2::Api"},
    {"Cognito", "AWS::Cognito::UserPool"},  {"DocumentDB", "AWS::DocDB::DBCluster"},
    {"IoTRule", "AWS::IoT::TopicRule"},     {"MQ", "AWS::AmazonMQ::Broker"},
    {"MSK", "AWS::MSK::Cluster"},           {"ScheduleV2", "AWS::Scheduler::Schedule"},
    {"SelfManagedKafka", "a Kafka cluster"}};

std::string invalid(std::string_view event, std::string_view what) {
  return fmt::format("Event with id [{}] is invalid. {}", event, what);
}

Written require(std::string_view event, Node properties, std::string_view name) {
  if (!member_of(properties, name).is_null()) return {};
  return Err{invalid(event, fmt::format("Missing required property '{}'.", name))};
}

struct Event {
  std::string id, type;
  Node properties;
};

Result<std::vector<Event>, std::string> events_of(Node properties) {
  std::vector<Event> events;
  const Node given = member_of(properties, "Events");
  for (const json::Member& member : given.members()) {
    const Node type = member_of(member.value, "Type");
    Event event{std::string(member.key.string()),
                type.is_string() ? std::string(type.string()) : "",
                member_of(member.value, "Properties")};
    const auto missing =
        std::find_if(std::begin(kMissing), std::end(kMissing),
                     [&event](const Missing& each) { return each.event == event.type; });
    if (missing != std::end(kMissing)) {
      return Err{invalid(event.id, fmt::format("Events of type '{}' need {}, which is not here.",
                                               event.type, missing->resource))};
    }
    events.push_back(std::move(event));
  }
  return events;
}

bool is_mapping(std::string_view type) {
  return type == "SQS" || type == "Kinesis" || type == "DynamoDB";
}

bool is_rule(std::string_view type) {
  return type == "Schedule" || type == "EventBridgeRule" || type == "CloudWatchEvent";
}

// ENABLED, DISABLED or what the template says.
void write_state(Writer& out, Node properties) {
  const Node enabled = member_of(properties, "Enabled");
  if (enabled.is_boolean()) {
    out.key("State").string(enabled.boolean() ? "ENABLED" : "DISABLED");
  } else {
    copy_members(out, properties, {"State"});
  }
}

class FunctionEvents {
 public:
  FunctionEvents(Writer& out, const EventTarget& target, NotificationsByBucket& notifications)
      : out_(out), target_(target), notifications_(notifications) {}

  Written write(const Event& event) {
    const std::string name = target_.name + event.id;
    if (is_rule(event.type)) return write_rule(name, event);
    if (is_mapping(event.type)) return write_mapping(name, event);
    if (event.type == "SNS") return write_subscription(name, event);
    if (event.type == "S3") return write_notification(name, event);
    if (event.type == "CloudWatchLogs") return write_log_filter(name, event);
    if (event.type == "AlexaSkill") {
      begin_permission(name, "alexa-appkit.amazon.com");
      copy_members(out_, event.properties, {"SkillId=EventSourceToken"});
      out_.end_object().end_object();
      return {};
    }
    return Err{invalid(event.id, fmt::format("Events of type '{}' are not known.", event.type))};
  }

 private:
  void begin(const std::string& name, std::string_view type) {
    out_.key(name).begin_object().key("Type").string(type);
    write_condition(out_, target_.resource);
  }

  // The published alias, or the function.
  void write_function_reference() {
    write_reference(out_, target_.alias.empty() ? target_.name : target_.alias);
  }
  void write_function_arn(Writer& out) const {
    target_.alias.empty() ? write_attribute_of(out, target_.name, "Arn")
                          : write_reference(out, target_.alias);
  }

  void begin_permission(const std::string& name, std::string_view principal) {
    begin(name + "Permission", "AWS::Lambda::Permission");
    out_.key("Properties").begin_object().key("Action").string("lambda:InvokeFunction");
    out_.key("FunctionName");
    write_function_reference();
    out_.key("Principal").string(principal);
  }

  Written write_rule(const std::string& name, const Event& event) {
    const Node given = event.properties;
    const bool schedule = event.type == "Schedule";
    TRY(require(event.id, given, schedule ? "Schedule" : "Pattern"));
    begin(name, "AWS::Events::Rule");
    out_.key("Properties").begin_object();
    copy_members(out_, given,
                 {"Schedule=ScheduleExpression", "Pattern=EventPattern", "EventBusName", "Name",
                  "RuleName=Name", "Description"});
    write_state(out_, given);
    out_.key("Targets").begin_array().begin_object().key("Arn");
    write_function_arn(out_);
    const Node id = member_of(member_of(given, "Target"), "Id");
    out_.key("Id");
    id.is_null() ? void(out_.string(name + "LambdaTarget")) : void(out_.node(id));
    copy_members(out_, given, {"Input", "InputPath", "InputTransformer", "RetryPolicy"});
    write_dead_letters(given);
    out_.end_object().end_array().end_object().end_object();
    begin_permission(name, "events.amazonaws.com");
    out_.key("SourceArn");
    write_attribute_of(out_, name, "Arn");
    out_.end_object().end_object();
    return {};
  }

  void write_dead_letters(Node given) {
    const Node arn = member_of(member_of(given, "DeadLetterConfig"), "Arn");
    if (!arn.is_null())
      out_.key("DeadLetterConfig").begin_object().key("Arn").node(arn).end_object();
  }

  Written write_mapping(const std::string& name, const Event& event) {
    const char* source = event.type == "SQS" ? "Queue" : "Stream";
    TRY(require(event.id, event.properties, source));
    begin(name, "AWS::Lambda::EventSourceMapping");
    out_.key("Properties").begin_object().key("FunctionName");
    write_function_reference();
    out_.key("EventSourceArn").node(member_of(event.properties, source));
    copy_members(out_, event.properties,
                 {"BatchSize", "Enabled", "StartingPosition", "StartingPositionTimestamp",
                  "MaximumBatchingWindowInSeconds", "MaximumRetryAttempts",
                  "BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds", "DestinationConfig",
                  "ParallelizationFactor", "TumblingWindowInSeconds", "FunctionResponseTypes",
                  "FilterCriteria", "KmsKeyArn", "ScalingConfig", "MetricsConfig"});
    out_.end_object().end_object();
    return {};
  }

  Written write_subscription(const std::string& name, const Event& event) {
    TRY(require(event.id, event.properties, "Topic"));
    begin(name, "AWS::SNS::Subscription");
    out_.key("Properties").begin_object().key("Protocol").string("lambda").key("Endpoint");
    write_function_arn(out_);
    copy_members(
        out_, event.properties,
        {"Topic=TopicArn", "Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"});
    out_.end_object().end_object();
    begin_permission(name, "sns.amazonaws.com");
    copy_members(out_, event.properties, {"Topic=SourceArn"});
    out_.end_object().end_object();
    return {};
  }

  Written write_log_filter(const std::string& name, const Event& event) {
    TRY(require(event.id, event.properties, "LogGroupName"));
    TRY(require(event.id, event.properties, "FilterPattern"));
    begin(name, "AWS::Logs::SubscriptionFilter");
    out_.key("DependsOn").begin_array().string(name + "Permission").end_array();
    out_.key("Properties").begin_object().key("DestinationArn");
    write_function_arn(out_);
    copy_members(out_, event.properties, {"FilterPattern", "LogGroupName"});
    out_.end_object().end_object();
    begin_permission(name, "logs.amazonaws.com");
    out_.key("SourceArn").begin_object().key("Fn::Sub").begin_array();
    out_.string(
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
        "${__LogGroupName__}:*");
    out_.begin_object().key("__LogGroupName__").node(member_of(event.properties, "LogGroupName"));
    out_.end_object().end_array().end_object().end_object().end_object();
    return {};
  }

  // The bucket itself is written with what it has gathered.
  Written write_notification(const std::string& name, const Event& event) {
    TRY(require(event.id, event.properties, "Events"));
    const Node bucket = member_of(member_of(event.properties, "Bucket"), "Ref");
    if (!bucket.is_string()) {
      return Err{invalid(event.id, "S3 events must reference an S3 bucket in the same template.")};
    }
    begin_permission(name, "s3.amazonaws.com");
    out_.key("SourceAccount");
    write_reference(out_, "AWS::AccountId");
    out_.end_object().end_object();
    BucketNotifications& gathered = notifications_[std::string(bucket.string())];
    gathered.needs.push_back(name + "Permission");
    const Node events = member_of(event.properties, "Events");
    const auto add = [&](const Node& kind) {
      std::string configuration;
      Writer out(configuration);
      out.begin_object().key("Event").node(kind).key("Function");
      write_function_arn(out);
      copy_members(out, event.properties, {"Filter"});
      out.end_object();
      gathered.configurations.push_back(std::move(configuration));
    };
    if (!events.is_array()) add(events);
    for (const Node& kind : events) add(kind);
    return {};
  }

  Writer& out_;
  const EventTarget& target_;
  NotificationsByBucket& notifications_;
};

// The role by which a rule starts a state machine.
void write_rule_role(Writer& out, const std::string& name, const std::string& machine,
                     Node resource) {
  out.key(name + "Role").begin_object().key("Type").string("AWS::IAM::Role");
  write_condition(out, resource);
  out.key("Properties").begin_object().key("AssumeRolePolicyDocument");
  write_trust(out, "events.amazonaws.com");
  out.key("Policies").begin_array().begin_object();
  out.key("PolicyName").string(name + "RoleStartExecutionPolicy").key("PolicyDocument");
  out.begin_object().key("Version").string("2012-10-17").key("Statement").begin_array();
  out.begin_object().key("Action").string("states:StartExecution").key("Effect").string("Allow");
  out.key("Resource");
  write_reference(out, machine);
  out.end_object().end_array().end_object().end_object().end_array().end_object().end_object();
}

}  // namespace

Written write_function_events(Writer& out, const EventTarget& target, Node properties,
                              NotificationsByBucket& notifications) {
  FunctionEvents events(out, target, notifications);
  for (const Event& event : TRY(events_of(properties))) TRY(events.write(event));
  return {};
}

std::vector<std::string> event_policy_names(Node properties) {
  std::vector<std::string> names;
  const Node given = member_of(properties, "Events");
  for (const json::Member& member : given.members()) {
    const Node type = member_of(member.value, "Type");
    const std::string_view kind = type.is_string() ? type.string() : std::string_view();
    std::string name;
    if (kind == "SQS") name = "AWSLambdaSQSQueueExecutionRole";
    if (kind == "Kinesis") name = "AWSLambdaKinesisExecutionRole";
    if (kind == "DynamoDB") name = "AWSLambdaDynamoDBExecutionRole";
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

Written write_state_machine_events(Writer& out, const std::string& machine, Node resource,
                                   Node properties) {
  for (const Event& event : TRY(events_of(properties))) {
    if (!is_rule(event.type)) {
      return Err{invalid(event.id, fmt::format("Events of type '{}' are not known.", event.type))};
    }
    TRY(require(event.id, event.properties, event.type == "Schedule" ? "Schedule" : "Pattern"));
    const std::string name = machine + event.id;
    const Node role = member_of(event.properties, "RoleArn");
    out.key(name).begin_object().key("Type").string("AWS::Events::Rule");
    write_condition(out, resource);
    out.key("Properties").begin_object();
    copy_members(out, event.properties,
                 {"Schedule=ScheduleExpression", "Pattern=EventPattern", "EventBusName", "Name",
                  "RuleName=Name", "Description"});
    write_state(out, event.properties);
    out.key("Targets").begin_array().begin_object().key("Arn");
    write_reference(out, machine);
    out.key("Id").string(name + "StepFunctionsTarget").key("RoleArn");
    role.is_null() ? write_attribute_of(out, name + "Role", "Arn") : void(out.node(role));
    copy_members(out, event.properties, {"Input", "InputPath", "InputTransformer", "RetryPolicy"});
    out.end_object().end_array().end_object().end_object();
    if (role.is_null()) write_rule_role(out, name, machine, resource);
  }
  return {};
}

void write_bucket(Writer& out, const std::string& name, Node resource,
                  const BucketNotifications& notifications) {
  const Node properties = member_of(resource, "Properties");
  const Node given = member_of(properties, "NotificationConfiguration");
  out.key(name).begin_object();
  for (const json::Member& member : resource.members()) {
    const std::string_view key = member.key.string();
    if (key != "Properties" && key != "DependsOn") out.key(key).node(member.value);
  }
  out.key("DependsOn").begin_array();
  const Node depends = member_of(resource, "DependsOn");
  if (depends.is_string()) out.node(depends);
  for (const Node& each : depends) out.node(each);
  for (const std::string& need : notifications.needs) out.string(need);
  out.end_array().key("Properties").begin_object();
  for (const json::Member& member : properties.members()) {
    if (member.key.string() != "NotificationConfiguration") {
      out.key(member.key.string()).node(member.value);
    }
  }
  out.key("NotificationConfiguration").begin_object();
  for (const json::Member& member : given.members()) {
    if (member.key.string() != "LambdaConfigurations") {
      out.key(member.key.string()).node(member.value);
    }
  }
  out.key("LambdaConfigurations").begin_array();
  for (const Node& each : member_of(given, "LambdaConfigurations")) out.node(each);
  for (const std::string& each : notifications.configurations) out.raw(each);
  out.end_array().end_object().end_object().end_object();
}

}  // namespace pawl::templates
