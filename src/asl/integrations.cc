// One row an action. Required fields are those whose absence the service is known to refuse.
#include "asl/integrations.h"

namespace pawl::asl {
namespace {

// More fields than these are required by the services themselves; refusing them here too would
// refuse definitions that AWS accepts.
constexpr std::string_view kFunctionName[] = {"FunctionName"};
constexpr std::string_view kQueueMessage[] = {"QueueUrl", "MessageBody"};
constexpr std::string_view kMessage[] = {"Message"};
constexpr std::string_view kTableItem[] = {"TableName", "Item"};
constexpr std::string_view kTableKey[] = {"TableName", "Key"};
constexpr std::string_view kStateMachine[] = {"StateMachineArn"};
constexpr std::string_view kEntries[] = {"Entries"};
constexpr std::string_view kTaskDefinition[] = {"TaskDefinition"};
constexpr std::string_view kJobName[] = {"JobName"};

constexpr unsigned char kJob = kSync;
constexpr unsigned char kJobOrToken = kSync | kToken;

constexpr Integration kIntegrations[] = {
    {"lambda", "invoke", kToken, kFunctionName},
    {"sqs", "sendMessage", kToken, kQueueMessage},
    {"sns", "publish", kToken, kMessage},
    {"states", "startExecution", kSync | kSync2 | kToken, kStateMachine},
    {"events", "putEvents", kToken, kEntries},
    {"apigateway", "invoke", kToken},
    {"http", "invoke"},

    // Answered at once: neither jobs nor tokens.
    {"dynamodb", "getItem", kRequestOnly, kTableKey},
    {"dynamodb", "putItem", kRequestOnly, kTableItem},
    {"dynamodb", "updateItem", kRequestOnly, kTableKey},
    {"dynamodb", "deleteItem", kRequestOnly, kTableKey},

    // Jobs, which `.sync` waits for.
    {"ecs", "runTask", kJobOrToken, kTaskDefinition},
    {"batch", "submitJob", kJob},
    {"glue", "startJobRun", kJob, kJobName},
    {"databrew", "startJobRun", kJob},
    {"mediaconvert", "createJob", kJob},
    {"bedrock", "invokeModel", kToken},
    {"bedrock", "createModelCustomizationJob", kJobOrToken},

    // Services where only some actions start a job.
    {"codebuild", "startBuild", kJob},
    {"codebuild", "stopBuild"},
    {"codebuild", "batchDeleteBuilds"},
    {"codebuild", "batchGetReports"},
    {"codebuild", "startBuildBatch", kJob},
    {"codebuild", "stopBuildBatch"},
    {"codebuild", "retryBuildBatch", kJob},
    {"codebuild", "deleteBuildBatch"},

    {"athena", "startQueryExecution", kJob},
    {"athena", "stopQueryExecution"},
    {"athena", "getQueryExecution"},
    {"athena", "getQueryResults"},

    {"elasticmapreduce", "createCluster", kJob},
    {"elasticmapreduce", "terminateCluster", kJob},
    {"elasticmapreduce", "addStep", kJob},
    {"elasticmapreduce", "cancelStep"},
    {"elasticmapreduce", "setClusterTerminationProtection"},
    {"elasticmapreduce", "modifyInstanceFleetByName"},
    {"elasticmapreduce", "modifyInstanceGroupByName"},
    {"emr-containers", "createVirtualCluster"},
    {"emr-containers", "deleteVirtualCluster", kJob},
    {"emr-containers", "startJobRun", kJob},
    {"emr-serverless", "createApplication", kJob},
    {"emr-serverless", "startApplication", kJob},
    {"emr-serverless", "stopApplication", kJob},
    {"emr-serverless", "deleteApplication", kJob},
    {"emr-serverless", "startJobRun", kJob},
    {"emr-serverless", "cancelJobRun", kJob},

    {"eks", "createCluster", kJob},
    {"eks", "deleteCluster", kJob},
    {"eks", "createNodegroup", kJob},
    {"eks", "deleteNodegroup", kJob},
    {"eks", "createFargateProfile", kJob},
    {"eks", "deleteFargateProfile", kJob},
    {"eks", "call", kToken},
    {"eks", "runJob", kJobOrToken},

    {"sagemaker", "createTrainingJob", kJob},
    {"sagemaker", "createTransformJob", kJob},
    {"sagemaker", "createProcessingJob", kJob},
    {"sagemaker", "createHyperParameterTuningJob", kJob},
    {"sagemaker", "createLabelingJob", kJob},
    {"sagemaker", "createEndpoint"},
    {"sagemaker", "createEndpointConfig"},
    {"sagemaker", "createModel"},
    {"sagemaker", "updateEndpoint"},
};

}  // namespace

bool Integration::offers(const TaskResource& resource) const {
  switch (resource.pattern) {
    case TaskPattern::kRequestResponse:
      return true;
    case TaskPattern::kSync:
      return (patterns & (resource.sync_version == 2 ? kSync2 : kSync)) != 0;
    case TaskPattern::kWaitForTaskToken:
      return (patterns & kToken) != 0;
  }
  return false;
}

const Integration* find_integration(std::string_view service, std::string_view action) {
  for (const Integration& integration : kIntegrations) {
    if (integration.service == service && integration.action == action) return &integration;
  }
  return nullptr;
}

}  // namespace pawl::asl
