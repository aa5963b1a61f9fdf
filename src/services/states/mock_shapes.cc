#include "services/states/mock_shapes.h"

namespace pawl::states {

namespace {

struct NamedShape {
  std::string_view name;
  std::string_view shape;
};

constexpr NamedShape kNamed[] = {
    {"AttributeValue",
     "{S:s,N:s,B:B,SS:[s],NS:[s],BS:[B],M:<@AttributeValue>,L:[@AttributeValue],NULL:b,BOOL:b}"},
    {"Capacity", "{ReadCapacityUnits:n,WriteCapacityUnits:n,CapacityUnits:n}"},
    {"ConsumedCapacity",
     "{TableName:s,CapacityUnits:n,ReadCapacityUnits:n,WriteCapacityUnits:n,Table:@Capacity,"
     "LocalSecondaryIndexes:<@Capacity>,GlobalSecondaryIndexes:<@Capacity>}"},
    {"ItemCollectionMetrics", "{ItemCollectionKey:<@AttributeValue>,SizeEstimateRangeGB:[n]}"},
    {"WriteOutput",
     "{Attributes:<@AttributeValue>,ConsumedCapacity:@ConsumedCapacity,"
     "ItemCollectionMetrics:@ItemCollectionMetrics}"},
    {"QueryOutput",
     "{Items:[<@AttributeValue>],Count:n,ScannedCount:n,LastEvaluatedKey:<@AttributeValue>,"
     "ConsumedCapacity:@ConsumedCapacity}"},
    {"StorageClass",
     "e(STANDARD|REDUCED_REDUNDANCY|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|GLACIER|"
     "DEEP_ARCHIVE|OUTPOSTS|GLACIER_IR|SNOW|EXPRESS_ONEZONE|FSX_OPENZFS|FSX_ONTAP)"},
    {"Encryption", "e(AES256|aws:fsx|aws:kms|aws:kms:dsse)"},
    {"KmsAlgorithm", "e(SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE)"},
    {"Runtime",
     "e(nodejs|nodejs4.3|nodejs6.10|nodejs8.10|nodejs10.x|nodejs12.x|nodejs14.x|nodejs16.x|"
     "nodejs18.x|nodejs20.x|nodejs22.x|nodejs24.x|java8|java8.al2|java11|java17|java21|java25|"
     "python2.7|python3.6|python3.7|python3.8|python3.9|python3.10|python3.11|python3.12|"
     "python3.13|python3.14|dotnetcore1.0|dotnetcore2.0|dotnetcore2.1|dotnetcore3.1|dotnet6|"
     "dotnet8|dotnet10|nodejs4.3-edge|go1.x|ruby2.5|ruby2.7|ruby3.2|ruby3.3|ruby3.4|provided|"
     "provided.al2|provided.al2023)"},
    {"FunctionConfiguration",
     "{FunctionName:s(1,170),FunctionArn:s,Runtime:@Runtime,Role:s,Handler:s(0,128),CodeSize:n,"
     "Description:s(0,256),Timeout:n(1,900),MemorySize:n(128,10240),LastModified:s,CodeSha256:s,"
     "Version:s(1,1024),Environment:{Variables:<s>,Error:{ErrorCode:s,Message:s}},KMSKeyArn:s,"
     "VpcConfig:{SubnetIds:[s],SecurityGroupIds:[s],VpcId:s,Ipv6AllowedForDualStack:b},"
     "DeadLetterConfig:{TargetArn:s},TracingConfig:{Mode:e(Active|PassThrough)},MasterArn:s,"
     "RevisionId:s,Layers:[{Arn:s(1,140),CodeSize:n,SigningProfileVersionArn:s,SigningJobArn:s}],"
     "State:e(Pending|Active|Inactive|Failed|Deactivating|Deactivated|ActiveNonInvocable|Deleting),"
     "StateReason:s,StateReasonCode:s,LastUpdateStatus:e(Successful|Failed|InProgress),"
     "LastUpdateStatusReason:s,LastUpdateStatusReasonCode:s,PackageType:e(Zip|Image),"
     "Architectures:[e(x86_64|arm64)],EphemeralStorage:{Size*:n(512,10240)},"
     "SnapStart:{ApplyOn:e(PublishedVersions|None),OptimizationStatus:e(On|Off)},"
     "LoggingConfig:{LogFormat:e(JSON|Text),ApplicationLogLevel:e(TRACE|DEBUG|INFO|WARN|ERROR|"
     "FATAL),"
     "SystemLogLevel:e(DEBUG|INFO|WARN),LogGroup:s(1,512)}}"},
    {"InvokeOutput",
     "{StatusCode:n,FunctionError:s,LogResult:s,Payload:j,ExecutedVersion:s(1,1024)}"},
    {"Details", "{Included:b}"},
    {"ExecutionStatus", "e(RUNNING|SUCCEEDED|FAILED|TIMED_OUT|ABORTED|PENDING_REDRIVE)"},
    {"MachineType", "e(STANDARD|EXPRESS)"},
    {"Execution",
     "{ExecutionArn*:s(1,256),StateMachineArn*:s(1,256),Name:s(1,80),Status*:@ExecutionStatus,"
     "StartDate*:t,StopDate:t,Input:j,InputDetails:@Details,Output:j,OutputDetails:@Details,"
     "TraceHeader:s(0,256),MapRunArn:s(1,2000),Error:s(0,256),Cause:s(0,32768),"
     "StateMachineVersionArn:s(1,256),StateMachineAliasArn:s(1,256),RedriveCount:n,RedriveDate:t,"
     "RedriveStatus:e(REDRIVABLE|NOT_REDRIVABLE|REDRIVABLE_BY_MAP_RUN),RedriveStatusReason:s}"},
};

struct OperationShape {
  std::string_view service;
  std::string_view action;
  std::string_view shape;
};

constexpr OperationShape kOperations[] = {
    {"eventbridge", "putEvents",
     "{FailedEntryCount:n,Entries:[{EventId:s,ErrorCode:s,ErrorMessage:s}]}"},
    {"sfn", "startExecution", "{ExecutionArn*:s(1,256),StartDate*:t}"},
    {"sfn", "startSyncExecution",
     "{ExecutionArn*:s(1,256),StateMachineArn:s(1,256),Name:s(1,80),StartDate*:t,StopDate*:t,"
     "Status*:e(SUCCEEDED|FAILED|TIMED_OUT),Error:s(0,256),Cause:s(0,32768),Input:s,"
     "InputDetails:@Details,Output:s,OutputDetails:@Details,TraceHeader:s(0,256),"
     "BillingDetails:{BilledMemoryUsedInMB:n(0,),BilledDurationInMilliseconds:n(0,)}}"},
    {"sfn", "stopExecution", "{StopDate*:t}"},
    {"sfn", "describeExecution", "@Execution"},
    {"sfn", "describeStateMachine",
     "{StateMachineArn*:s(1,256),Name*:s(1,80),Status:e(ACTIVE|DELETING),Definition*:s,"
     "RoleArn*:s(1,256),Type*:@MachineType,CreationDate*:t,Label:s,RevisionId:s,Description:s}"},
    {"sfn", "listExecutions",
     "{Executions*:[{ExecutionArn*:s(1,256),StateMachineArn*:s(1,256),Name*:s(1,80),"
     "Status*:@ExecutionStatus,StartDate*:t,StopDate:t}],NextToken:s(1,3096)}"},
    {"sfn", "listStateMachines",
     "{StateMachines*:[{StateMachineArn*:s(1,256),Name*:s(1,80),Type*:@MachineType,"
     "CreationDate*:t}],NextToken:s(1,1024)}"},
    {"dynamodb", "getItem", "{Item:<@AttributeValue>,ConsumedCapacity:@ConsumedCapacity}"},
    {"dynamodb", "putItem", "@WriteOutput"},
    {"dynamodb", "updateItem", "@WriteOutput"},
    {"dynamodb", "deleteItem", "@WriteOutput"},
    {"dynamodb", "query", "@QueryOutput"},
    {"dynamodb", "scan", "@QueryOutput"},
    {"s3", "getObject",
     "{Body:j,DeleteMarker:b,AcceptRanges:s,Expiration:s,Restore:s,LastModified:t,ContentLength:n,"
     "ETag:s,ChecksumCRC32:s,ChecksumCRC32C:s,ChecksumSHA1:s,ChecksumSHA256:s,"
     "VersionId:s,CacheControl:s,ContentDisposition:s,ContentEncoding:s,ContentLanguage:s,"
     "ContentRange:s,ContentType:s,Expires:t,WebsiteRedirectLocation:s,"
     "ServerSideEncryption:@Encryption,Metadata:<s>,SSECustomerAlgorithm:s,SSECustomerKeyMD5:s,"
     "SSEKMSKeyId:s,BucketKeyEnabled:b,StorageClass:@StorageClass,RequestCharged:e(requester),"
     "ReplicationStatus:e(COMPLETE|PENDING|FAILED|REPLICA|COMPLETED),PartsCount:n,TagCount:n,"
     "ObjectLockMode:e(GOVERNANCE|COMPLIANCE),ObjectLockRetainUntilDate:t,"
     "ObjectLockLegalHoldStatus:e(ON|OFF)}"},
    {"s3", "headObject",
     "{DeleteMarker:b,AcceptRanges:s,LastModified:t,ContentLength:n,ETag:s,VersionId:s,"
     "ContentType:s,ServerSideEncryption:@Encryption,Metadata:<s>,StorageClass:@StorageClass}"},
    {"s3", "putObject",
     "{Expiration:s,ETag:s,ServerSideEncryption:@Encryption,VersionId:s,SSEKMSKeyId:s,"
     "BucketKeyEnabled:b,Size:n,RequestCharged:e(requester)}"},
    {"s3", "listObjectsV2",
     "{IsTruncated:b,Contents:[{Key:s(1,),LastModified:t,ETag:s,Size:n,StorageClass:s,"
     "Owner:{DisplayName:s,ID:s}}],Name:s,Prefix:s,Delimiter:s,MaxKeys:n,"
     "CommonPrefixes:[{Prefix:s}],EncodingType:e(url),KeyCount:n,ContinuationToken:s,"
     "NextContinuationToken:s,StartAfter:s}"},
    {"s3", "listBuckets",
     "{Buckets:[{Name:s,CreationDate:t,BucketRegion:s}],Owner:{DisplayName:s,ID:s},"
     "ContinuationToken:s,Prefix:s}"},
    {"kms", "encrypt",
     "{CiphertextBlob:B(1,6144),KeyId:s(1,2048),EncryptionAlgorithm:@KmsAlgorithm}"},
    {"kms", "decrypt",
     "{KeyId:s(1,2048),Plaintext:B(1,4096),EncryptionAlgorithm:@KmsAlgorithm,"
     "CiphertextForRecipient:B(1,6144),KeyMaterialId:s}"},
    {"kms", "generateDataKey",
     "{CiphertextBlob:B(1,6144),Plaintext:B(1,4096),KeyId:s(1,2048),"
     "CiphertextForRecipient:B(1,6144),KeyMaterialId:s}"},
    {"lambda", "invoke", "@InvokeOutput"},
    {"lambda", "getFunction",
     "{Configuration:@FunctionConfiguration,Code:{RepositoryType:s,Location:s,ImageUri:s,"
     "ResolvedImageUri:s,SourceKMSKeyArn:s},Tags:<s>,TagsError:{ErrorCode*:s(10,21),"
     "Message*:s(84,1000)},Concurrency:{ReservedConcurrentExecutions:n(0,)}}"},
    {"lambda", "getFunctionConfiguration", "@FunctionConfiguration"},
    {"lambda", "listFunctions", "{NextMarker:s,Functions:[@FunctionConfiguration]}"},
    {"sqs", "sendMessage",
     "{MD5OfMessageBody:s,MD5OfMessageAttributes:s,MD5OfMessageSystemAttributes:s,MessageId:s,"
     "SequenceNumber:s}"},
    {"sqs", "receiveMessage",
     "{Messages:[{MessageId:s,ReceiptHandle:s,MD5OfBody:s,Body:s,Attributes:<s>}]}"},
    {"sns", "publish", "{MessageId:s,SequenceNumber:s}"},
    {"secretsmanager", "getSecretValue",
     "{ARN:s(20,2048),Name:s(1,256),VersionId:s(32,64),SecretBinary:B(1,65536),"
     "SecretString:s(1,65536),VersionStages:[s(1,256)],CreatedDate:t}"},
    {"ssm", "getParameter",
     "{Parameter:{Name:s(1,2048),Type:e(String|StringList|SecureString),Value:s,Version:n,"
     "Selector:s,SourceResult:s,LastModifiedDate:t,ARN:s,DataType:s}}"},
    {"sts", "getCallerIdentity", "{UserId:s,Account:s,Arn:s(20,2048)}"},
    {"codebuild", "batchGetBuilds",
     "{Builds:[{Id:s(1,),Arn:s(1,),BuildNumber:n}],"
     "BuildsNotFound:[s(1,)]}"},
};

}  // namespace

std::string_view mock_shape(std::string_view service, std::string_view action) {
  for (const OperationShape& operation : kOperations) {
    if (operation.service == service && operation.action == action) return operation.shape;
  }
  return {};
}

std::string_view named_mock_shape(std::string_view name) {
  for (const NamedShape& named : kNamed) {
    if (named.name == name) return named.shape;
  }
  return {};
}

}  // namespace pawl::states
