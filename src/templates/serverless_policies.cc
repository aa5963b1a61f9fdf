#include "templates/serverless_policies.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pawl::templates {

namespace {

// Actions on resources named by one parameter; "{}" in a resource is the parameter's value.
struct PolicyTemplate {
  std::string_view name;
  std::string_view parameter;  // empty: none
  std::vector<std::string_view> actions;
  std::vector<std::string_view> resources;
};

#define REGIONAL "${AWS::Region}:${AWS::AccountId}"
const std::vector<PolicyTemplate>& policy_templates() {
  static const std::vector<PolicyTemplate> templates = {
      {"LambdaInvokePolicy",
       "FunctionName",
       {"lambda:InvokeFunction"},
       {"lambda:" REGIONAL ":function:{}*"}},
      {"S3ReadPolicy",
       "BucketName",
       {"s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation", "s3:GetObjectVersion",
        "s3:GetLifecycleConfiguration"},
       {"s3:::{}", "s3:::{}/*"}},
      {"S3WritePolicy",
       "BucketName",
       {"s3:PutObject", "s3:PutObjectAcl", "s3:PutLifecycleConfiguration"},
       {"s3:::{}", "s3:::{}/*"}},
      {"S3CrudPolicy",
       "BucketName",
       {"s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation", "s3:GetObjectVersion",
        "s3:PutObject", "s3:PutObjectAcl", "s3:GetLifecycleConfiguration",
        "s3:PutLifecycleConfiguration", "s3:DeleteObject"},
       {"s3:::{}", "s3:::{}/*"}},
      {"DynamoDBReadPolicy",
       "TableName",
       {"dynamodb:GetItem", "dynamodb:Scan", "dynamodb:Query", "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable"},
       {"dynamodb:" REGIONAL ":table/{}", "dynamodb:" REGIONAL ":table/{}/index/*"}},
      {"DynamoDBWritePolicy",
       "TableName",
       {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"},
       {"dynamodb:" REGIONAL ":table/{}", "dynamodb:" REGIONAL ":table/{}/index/*"}},
      {"DynamoDBCrudPolicy",
       "TableName",
       {"dynamodb:GetItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Scan",
        "dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable", "dynamodb:ConditionCheckItem"},
       {"dynamodb:" REGIONAL ":table/{}", "dynamodb:" REGIONAL ":table/{}/index/*"}},
      {"SNSPublishMessagePolicy", "TopicName", {"sns:Publish"}, {"sns:" REGIONAL ":{}"}},
      {"SQSSendMessagePolicy", "QueueName", {"sqs:SendMessage*"}, {"sqs:" REGIONAL ":{}"}},
      {"SQSPollerPolicy",
       "QueueName",
       {"sqs:ChangeMessageVisibility", "sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessage",
        "sqs:DeleteMessageBatch", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
       {"sqs:" REGIONAL ":{}"}},
      {"StepFunctionsExecutionPolicy",
       "StateMachineName",
       {"states:StartExecution"},
       {"states:" REGIONAL ":stateMachine:{}"}},
      {"EventBridgePutEventsPolicy",
       "EventBusName",
       {"events:PutEvents"},
       {"events:" REGIONAL ":event-bus/{}"}},
      {"SSMParameterReadPolicy",
       "ParameterName",
       {"ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath"},
       {"ssm:" REGIONAL ":parameter/{}"}},
      {"KMSDecryptPolicy", "KeyId", {"kms:Decrypt"}, {"kms:" REGIONAL ":key/{}"}},
      {"CodePipelineLambdaExecutionPolicy",
       "",
       {"codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"},
       {"*"}},
      {"CloudWatchPutMetricPolicy", "", {"cloudwatch:PutMetricData"}, {"*"}},
      {"CloudFormationDescribeStacksPolicy", "", {"cloudformation:DescribeStacks"}, {"*"}},
  };
  return templates;
}
#undef REGIONAL

const PolicyTemplate* find_template(std::string_view name) {
  const auto& all = policy_templates();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [name](const PolicyTemplate& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

void write_resource(json::Writer& out, std::string_view resource, const json::Node* value) {
  if (resource == "*") {
    out.string("*");
    return;
  }
  std::string text = "arn:${AWS::Partition}:" + std::string(resource);
  if (const std::size_t gap = text.find("{}"); gap != std::string::npos) {
    text.replace(gap, 2, "${value}");
  }
  out.begin_object().key("Fn::Sub").begin_array().string(text);
  out.begin_object().key("value").node(*value).end_object().end_array().end_object();
}

// Those under `service-role/` in IAM.
constexpr std::string_view kServiceRoles[] = {
    "AWSLambdaBasicExecutionRole",    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaENIManagementAccess",   "AWSLambdaKinesisExecutionRole",
    "AWSLambdaMSKExecutionRole",      "AWSLambdaRole",
    "AWSLambdaSQSQueueExecutionRole", "AWSLambdaVPCAccessExecutionRole"};

}  // namespace

std::string managed_policy_arn(std::string_view name) {
  const bool service_role = std::find(std::begin(kServiceRoles), std::end(kServiceRoles), name) !=
                            std::end(kServiceRoles);
  return fmt::format("arn:aws:iam::aws:policy/{}{}", service_role ? "service-role/" : "", name);
}

bool is_policy_template(std::string_view name) { return name.ends_with("Policy"); }

Result<void, std::string> write_policy_template(json::Writer& out, std::string_view name,
                                                json::Node parameters) {
  const PolicyTemplate* policy = find_template(name);
  if (policy == nullptr) {
    return Err{fmt::format("Policy template '{}' is not supported here.", name)};
  }
  const json::Node* value =
      policy->parameter.empty() ? nullptr : parameters.find(policy->parameter);
  if (!policy->parameter.empty() && value == nullptr) {
    return Err{fmt::format("Must specify valid parameter values for policy template '{}'", name)};
  }
  out.begin_object().key("Version").string("2012-10-17").key("Statement").begin_array();
  out.begin_object().key("Effect").string("Allow").key("Action").begin_array();
  for (const std::string_view action : policy->actions) out.string(action);
  out.end_array().key("Resource").begin_array();
  for (const std::string_view resource : policy->resources) write_resource(out, resource, value);
  out.end_array().end_object().end_array().end_object();
  return {};
}

}  // namespace pawl::templates
