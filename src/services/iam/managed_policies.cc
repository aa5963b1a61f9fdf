// AWS's own policies, as far as workflows, functions and deployments attach them by name. A
// document allows what the policy's name says.
#include <algorithm>

#include "services/iam/records.h"

namespace pawl::iam {

namespace {

struct Row {
  std::string_view path;
  std::string_view name;
  std::string_view actions;  // with commas between them
};

constexpr Row kRows[] = {
    {"/", "AWSLambdaExecute", "logs:*,s3:GetObject,s3:PutObject"},
    {"/", "AWSStepFunctionsConsoleFullAccess",
     "states:*,iam:ListRoles,iam:PassRole,lambda:ListFunctions"},
    {"/", "AWSStepFunctionsFullAccess", "states:*"},
    {"/", "AWSStepFunctionsReadOnlyAccess", "states:Describe*,states:Get*,states:List*"},
    {"/", "AWSCloudFormationFullAccess", "cloudformation:*"},
    {"/", "AWSCloudFormationReadOnlyAccess",
     "cloudformation:Describe*,cloudformation:Get*,cloudformation:List*"},
    {"/", "AWSCodeBuildAdminAccess", "codebuild:*,codecommit:Get*,codecommit:List*,logs:*,s3:*"},
    {"/", "AWSCodeBuildDeveloperAccess", "codebuild:*,logs:GetLogEvents,s3:GetObject"},
    {"/", "AWSCodeCommitFullAccess", "codecommit:*"},
    {"/", "AWSCodeCommitPowerUser", "codecommit:*"},
    {"/", "AWSCodeCommitReadOnly",
     "codecommit:BatchGet*,codecommit:Get*,codecommit:List*,codecommit:GitPull"},
    {"/", "AWSCodePipeline_FullAccess", "codepipeline:*,s3:*,iam:PassRole"},
    {"/", "AWSCodePipeline_ReadOnlyAccess", "codepipeline:Get*,codepipeline:List*"},
    {"/", "AWSCodePipelineCustomActionAccess",
     "codepipeline:AcknowledgeJob,codepipeline:GetJobDetails,codepipeline:PollForJobs,"
     "codepipeline:PutJobFailureResult,codepipeline:PutJobSuccessResult"},
    {"/", "AWSLambda_FullAccess", "lambda:*,logs:*,iam:PassRole"},
    {"/", "AWSLambda_ReadOnlyAccess", "lambda:Get*,lambda:List*,logs:*"},
    {"/", "AWSXRayDaemonWriteAccess",
     "xray:PutTraceSegments,xray:PutTelemetryRecords,xray:GetSamplingRules,"
     "xray:GetSamplingTargets,xray:GetSamplingStatisticSummaries"},
    {"/", "AWSXrayFullAccess", "xray:*"},
    {"/", "AWSXrayWriteOnlyAccess",
     "xray:PutTraceSegments,xray:PutTelemetryRecords,xray:GetSamplingRules,"
     "xray:GetSamplingTargets,xray:GetSamplingStatisticSummaries"},
    {"/", "AdministratorAccess", "*"},
    {"/", "AmazonAPIGatewayAdministrator", "apigateway:*"},
    {"/", "AmazonAPIGatewayInvokeFullAccess", "execute-api:Invoke,execute-api:ManageConnections"},
    {"/", "AmazonAthenaFullAccess", "athena:*,glue:*,s3:*"},
    {"/", "AmazonDynamoDBFullAccess", "dynamodb:*"},
    {"/", "AmazonDynamoDBReadOnlyAccess",
     "dynamodb:BatchGetItem,dynamodb:Describe*,dynamodb:GetItem,dynamodb:List*,dynamodb:Query,"
     "dynamodb:Scan"},
    {"/", "AmazonEC2ContainerRegistryFullAccess", "ecr:*"},
    {"/", "AmazonEC2ContainerRegistryReadOnly",
     "ecr:BatchGetImage,ecr:Describe*,ecr:Get*,ecr:List*"},
    {"/", "AmazonEC2FullAccess", "ec2:*,elasticloadbalancing:*"},
    {"/", "AmazonEC2ReadOnlyAccess", "ec2:Describe*,elasticloadbalancing:Describe*"},
    {"/", "AmazonECS_FullAccess", "ecs:*,iam:PassRole"},
    {"/", "AmazonEventBridgeFullAccess", "events:*,schemas:*,scheduler:*,pipes:*"},
    {"/", "AmazonEventBridgeReadOnlyAccess", "events:Describe*,events:List*"},
    {"/", "AmazonKinesisFullAccess", "kinesis:*"},
    {"/", "AmazonS3FullAccess", "s3:*,s3-object-lambda:*"},
    {"/", "AmazonS3ReadOnlyAccess",
     "s3:Get*,s3:List*,s3:Describe*,s3-object-lambda:Get*,s3-object-lambda:List*"},
    {"/", "AmazonSNSFullAccess", "sns:*"},
    {"/", "AmazonSNSReadOnlyAccess", "sns:GetTopicAttributes,sns:List*"},
    {"/", "AmazonSQSFullAccess", "sqs:*"},
    {"/", "AmazonSQSReadOnlyAccess", "sqs:GetQueueAttributes,sqs:GetQueueUrl,sqs:ListQueues"},
    {"/", "AmazonSSMFullAccess", "ssm:*"},
    {"/", "AmazonSSMReadOnlyAccess", "ssm:Describe*,ssm:Get*,ssm:List*"},
    {"/", "CloudWatchFullAccess", "cloudwatch:*,logs:*,sns:*"},
    {"/", "CloudWatchEventsFullAccess", "events:*"},
    {"/", "CloudWatchLogsFullAccess", "logs:*,cloudwatch:GenerateQuery"},
    {"/", "CloudWatchLogsReadOnlyAccess",
     "logs:Describe*,logs:Get*,logs:List*,logs:StartQuery,logs:FilterLogEvents"},
    {"/", "CloudWatchReadOnlyAccess", "cloudwatch:Describe*,cloudwatch:Get*,cloudwatch:List*"},
    {"/", "IAMFullAccess", "iam:*"},
    {"/", "IAMReadOnlyAccess", "iam:Get*,iam:List*"},
    {"/", "IAMUserChangePassword", "iam:ChangePassword,iam:GetAccountPasswordPolicy"},
    {"/", "PowerUserAccess", "*"},
    {"/", "ReadOnlyAccess",
     "apigateway:GET,cloudformation:Describe*,cloudformation:Get*,cloudformation:List*,"
     "codecommit:Get*,codecommit:List*,codepipeline:Get*,codepipeline:List*,dynamodb:Describe*,"
     "dynamodb:Get*,dynamodb:List*,ec2:Describe*,ec2:Get*,ecr:Describe*,ecr:Get*,ecr:List*,"
     "events:Describe*,events:List*,iam:Get*,iam:List*,kms:Describe*,kms:Get*,kms:List*,"
     "lambda:Get*,lambda:List*,logs:Describe*,logs:FilterLogEvents,logs:Get*,logs:List*,"
     "route53:Get*,route53:List*,s3:Get*,s3:List*,sns:Get*,sns:List*,sqs:Get*,sqs:List*,"
     "ssm:Describe*,ssm:Get*,ssm:List*,states:Describe*,states:Get*,states:List*,sts:Get*"},
    {"/", "SecretsManagerReadWrite", "secretsmanager:*"},
    {"/service-role/", "AWSLambdaBasicExecutionRole",
     "logs:CreateLogGroup,logs:CreateLogStream,logs:PutLogEvents"},
    {"/service-role/", "AWSLambdaDynamoDBExecutionRole",
     "dynamodb:DescribeStream,dynamodb:GetRecords,dynamodb:GetShardIterator,dynamodb:ListStreams,"
     "logs:CreateLogGroup,logs:CreateLogStream,logs:PutLogEvents"},
    {"/service-role/", "AWSLambdaKinesisExecutionRole",
     "kinesis:Describe*,kinesis:Get*,kinesis:List*,logs:CreateLogGroup,logs:CreateLogStream,"
     "logs:PutLogEvents"},
    {"/service-role/", "AWSLambdaRole", "lambda:InvokeFunction"},
    {"/service-role/", "AWSLambdaSQSQueueExecutionRole",
     "sqs:ReceiveMessage,sqs:DeleteMessage,sqs:GetQueueAttributes,logs:CreateLogGroup,"
     "logs:CreateLogStream,logs:PutLogEvents"},
    {"/service-role/", "AWSLambdaVPCAccessExecutionRole",
     "logs:CreateLogGroup,logs:CreateLogStream,logs:PutLogEvents,ec2:CreateNetworkInterface,"
     "ec2:DescribeNetworkInterfaces,ec2:DeleteNetworkInterface"},
    {"/service-role/", "AmazonAPIGatewayPushToCloudWatchLogs",
     "logs:CreateLogGroup,logs:CreateLogStream,logs:DescribeLogGroups,logs:DescribeLogStreams,"
     "logs:PutLogEvents,logs:GetLogEvents,logs:FilterLogEvents"},
    {"/service-role/", "AmazonEC2ContainerServiceforEC2Role", "ecs:*,ecr:Get*,logs:PutLogEvents"},
    {"/service-role/", "AmazonECSTaskExecutionRolePolicy",
     "ecr:GetAuthorizationToken,ecr:BatchCheckLayerAvailability,ecr:GetDownloadUrlForLayer,"
     "ecr:BatchGetImage,logs:CreateLogStream,logs:PutLogEvents"},
};

std::string document_of(const Row& row) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Version").string("2012-10-17");
  out.key("Statement").begin_array().begin_object();
  out.key("Effect").string("Allow").key("Action");
  if (row.name == "PowerUserAccess") {
    // All but who may do what.
    text.resize(text.size() - std::string_view("\"Action\":").size());
    text += R"("NotAction":["iam:*","organizations:*","account:*"])";
    return text + R"(,"Resource":"*"}]})";
  }
  out.begin_array();
  for (std::string_view rest = row.actions; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    out.string(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  out.end_array().key("Resource").string("*").end_object().end_array().end_object();
  return text;
}

std::vector<Policy> make_policies() {
  constexpr std::string_view kTime = "2015-02-06T18:39:46Z";
  std::vector<Policy> policies;
  for (const Row& row : kRows) {
    Policy policy;
    policy.name = row.name;
    policy.path = row.path;
    policy.arn = "arn:aws:iam::aws:policy" + std::string(row.path) + std::string(row.name);
    policy.id = "ANPA" + std::to_string(1'000'000'000'000'000 + policies.size()).substr(0, 17);
    policy.created = policy.updated = kTime;
    policy.versions.push_back({"v1", document_of(row), std::string(kTime)});
    policies.push_back(std::move(policy));
  }
  std::sort(policies.begin(), policies.end(),
            [](const Policy& left, const Policy& right) { return left.arn < right.arn; });
  return policies;
}

}  // namespace

const std::vector<Policy>& managed_policies() {
  static const std::vector<Policy> kPolicies = make_policies();
  return kPolicies;
}

const Policy* find_managed_policy(std::string_view arn) {
  for (const Policy& policy : managed_policies()) {
    if (policy.arn == arn) return &policy;
  }
  return nullptr;
}

}  // namespace pawl::iam
