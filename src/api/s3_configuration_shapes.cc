// Amazon S3's operations on the configurations of buckets.
#include "api/s3_shapes.h"

namespace pawl::api {

namespace {

constexpr std::string_view kConfigurationOperations = R"(
group Grants: GrantFullControl header x-amz-grant-full-control, GrantRead header x-amz-grant-read,
    GrantReadACP header x-amz-grant-read-acp, GrantWriteACP header x-amz-grant-write-acp
structure VersioningConfiguration: MFADelete as MfaDelete, Status
structure Tag: Key!, Value!
structure Tagging: TagSet! [Tag/Tag]
structure PolicyStatus: IsPublic bool
structure RedirectAllRequestsTo: HostName!, Protocol
structure IndexDocument: Suffix!
structure ErrorDocument: Key!
structure RoutingRule: Condition Condition, Redirect! Redirect
structure WebsiteConfiguration: ErrorDocument ErrorDocument, IndexDocument IndexDocument,
    RedirectAllRequestsTo RedirectAllRequestsTo, RoutingRules [RoutingRule/RoutingRule]
structure CORSRule: ID, AllowedHeaders [string] as AllowedHeader,
    AllowedMethods! [string] as AllowedMethod, AllowedOrigins! [string] as AllowedOrigin,
    ExposeHeaders [string] as ExposeHeader, MaxAgeSeconds int
structure CORSConfiguration: CORSRules! [CORSRule] as CORSRule
structure LifecycleRule: Expiration LifecycleExpiration, ID, Prefix, Filter LifecycleRuleFilter,
    Status!, Transitions [Transition] as Transition,
    NoncurrentVersionTransitions [NoncurrentVersionTransition] as NoncurrentVersionTransition,
    NoncurrentVersionExpiration NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload AbortIncompleteMultipartUpload
structure BucketLifecycleConfiguration: Rules! [LifecycleRule] as Rule
structure ServerSideEncryptionConfiguration: Rules! [ServerSideEncryptionRule] as Rule
structure PublicAccessBlockConfiguration: BlockPublicAcls bool, IgnorePublicAcls bool,
    BlockPublicPolicy bool, RestrictPublicBuckets bool
structure OwnershipControls: Rules! [OwnershipControlsRule] as Rule
structure TopicConfiguration: Id, TopicArn! as Topic, Events! [string] as Event,
    Filter NotificationConfigurationFilter
structure QueueConfiguration: Id, QueueArn! as Queue, Events! [string] as Event,
    Filter NotificationConfigurationFilter
structure LambdaFunctionConfiguration: Id, LambdaFunctionArn! as CloudFunction,
    Events! [string] as Event, Filter NotificationConfigurationFilter
structure EventBridgeConfiguration:
structure NotificationConfiguration:
    TopicConfigurations [TopicConfiguration] as TopicConfiguration,
    QueueConfigurations [QueueConfiguration] as QueueConfiguration,
    LambdaFunctionConfigurations [LambdaFunctionConfiguration] as CloudFunctionConfiguration,
    EventBridgeConfiguration EventBridgeConfiguration
structure Owner: DisplayName, ID
structure Grant: Grantee Grantee, Permission
structure AccessControlPolicy: Grants [Grant/Grant] as AccessControlList, Owner Owner
structure LoggingEnabled: TargetBucket!, TargetGrants [TargetGrant/Grant], TargetPrefix!,
    TargetObjectKeyFormat TargetObjectKeyFormat
structure BucketLoggingStatus: LoggingEnabled LoggingEnabled
structure AccelerateConfiguration: Status
structure RequestPaymentConfiguration: Payer!
structure ObjectLockConfiguration: ObjectLockEnabled, Rule ObjectLockRule
structure ReplicationConfiguration: Role!, Rules! [ReplicationRule] as Rule
structure Condition: HttpErrorCodeReturnedEquals, KeyPrefixEquals
structure Redirect: HostName, HttpRedirectCode, Protocol, ReplaceKeyPrefixWith, ReplaceKeyWith
structure LifecycleExpiration: Date time, Days int, ExpiredObjectDeleteMarker bool
structure LifecycleRuleFilter: Prefix, Tag Tag, ObjectSizeGreaterThan long,
    ObjectSizeLessThan long, And LifecycleRuleAndOperator
structure Transition: Date time, Days int, StorageClass
structure NoncurrentVersionTransition: NoncurrentDays int, StorageClass,
    NewerNoncurrentVersions int
structure NoncurrentVersionExpiration: NoncurrentDays int, NewerNoncurrentVersions int
structure AbortIncompleteMultipartUpload: DaysAfterInitiation int
structure ServerSideEncryptionRule:
    ApplyServerSideEncryptionByDefault ServerSideEncryptionByDefault, BucketKeyEnabled bool,
    BlockedEncryptionTypes BlockedEncryptionTypes
structure OwnershipControlsRule: ObjectOwnership!
structure NotificationConfigurationFilter: Key S3KeyFilter as S3Key
structure Grantee: DisplayName, EmailAddress, ID, Type! attribute xsi:type, URI
structure TargetGrant: Grantee Grantee, Permission
structure TargetObjectKeyFormat: SimplePrefix SimplePrefix, PartitionedPrefix PartitionedPrefix
structure ObjectLockRule: DefaultRetention DefaultRetention
structure ReplicationRule: ID, Priority int, Prefix, Filter ReplicationRuleFilter, Status!,
    SourceSelectionCriteria SourceSelectionCriteria,
    ExistingObjectReplication ExistingObjectReplication, Destination! Destination,
    DeleteMarkerReplication DeleteMarkerReplication
structure LifecycleRuleAndOperator: Prefix, Tags [Tag] as Tag, ObjectSizeGreaterThan long,
    ObjectSizeLessThan long
structure ServerSideEncryptionByDefault: SSEAlgorithm!, KMSMasterKeyID
structure BlockedEncryptionTypes: EncryptionType [string]
structure S3KeyFilter: FilterRules [FilterRule] as FilterRule
structure SimplePrefix:
structure PartitionedPrefix: PartitionDateSource
structure DefaultRetention: Mode, Days int, Years int
structure ReplicationRuleFilter: Prefix, Tag Tag, And ReplicationRuleAndOperator
structure SourceSelectionCriteria: SseKmsEncryptedObjects SseKmsEncryptedObjects,
    ReplicaModifications ReplicaModifications
structure ExistingObjectReplication: Status!
structure Destination: Bucket!, Account, StorageClass,
    AccessControlTranslation AccessControlTranslation,
    EncryptionConfiguration EncryptionConfiguration, ReplicationTime ReplicationTime,
    Metrics Metrics
structure DeleteMarkerReplication: Status
structure FilterRule: Name, Value
structure ReplicationRuleAndOperator: Prefix, Tags [Tag] as Tag
structure SseKmsEncryptedObjects: Status!
structure ReplicaModifications: Status!
structure AccessControlTranslation: Owner!
structure EncryptionConfiguration: ReplicaKmsKeyID
structure ReplicationTime: Status!, Time! ReplicationTimeValue
structure Metrics: Status!, EventThreshold ReplicationTimeValue
structure ReplicationTimeValue: Minutes int
operation GetBucketVersioning GET /{Bucket}?versioning
  in Bucket! path
  out VersioningConfiguration: Status, MFADelete as MfaDelete
operation PutBucketVersioning PUT /{Bucket}?versioning
  in Bucket! path, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm,
    VersioningConfiguration! VersioningConfiguration payload
operation GetBucketTagging GET /{Bucket}?tagging
  in Bucket! path
  out Tagging: TagSet! [Tag/Tag]
operation PutBucketTagging PUT /{Bucket}?tagging
  in Bucket! path, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm, Tagging! Tagging payload
operation DeleteBucketTagging DELETE /{Bucket}?tagging 204
  in Bucket! path
operation GetBucketPolicy GET /{Bucket}?policy
  in Bucket! path
  out Policy payload
operation PutBucketPolicy PUT /{Bucket}?policy
  in Bucket! path, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm, Policy! payload
operation DeleteBucketPolicy DELETE /{Bucket}?policy 204
  in Bucket! path
operation GetBucketPolicyStatus GET /{Bucket}?policyStatus
  in Bucket! path
  out PolicyStatus PolicyStatus payload
operation GetBucketWebsite GET /{Bucket}?website
  in Bucket! path
  out WebsiteConfiguration: RedirectAllRequestsTo RedirectAllRequestsTo,
    IndexDocument IndexDocument, ErrorDocument ErrorDocument,
    RoutingRules [RoutingRule/RoutingRule]
operation PutBucketWebsite PUT /{Bucket}?website
  in Bucket! path, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm,
    WebsiteConfiguration! WebsiteConfiguration payload
operation DeleteBucketWebsite DELETE /{Bucket}?website 204
  in Bucket! path
operation GetBucketCors GET /{Bucket}?cors
  in Bucket! path
  out CORSConfiguration: CORSRules [CORSRule] as CORSRule
operation PutBucketCors PUT /{Bucket}?cors
  in Bucket! path, CORSConfiguration! CORSConfiguration payload, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm
operation DeleteBucketCors DELETE /{Bucket}?cors 204
  in Bucket! path
operation GetBucketLifecycleConfiguration GET /{Bucket}?lifecycle
  in Bucket! path
  out LifecycleConfiguration: Rules [LifecycleRule] as Rule,
    TransitionDefaultMinimumObjectSize header x-amz-transition-default-minimum-object-size
operation PutBucketLifecycleConfiguration PUT /{Bucket}?lifecycle
  in Bucket! path, ChecksumAlgorithm header x-amz-sdk-checksum-algorithm,
    LifecycleConfiguration BucketLifecycleConfiguration payload,
    TransitionDefaultMinimumObjectSize header x-amz-transition-default-minimum-object-size
  out TransitionDefaultMinimumObjectSize header x-amz-transition-default-minimum-object-size
operation DeleteBucketLifecycle DELETE /{Bucket}?lifecycle 204
  in Bucket! path
operation GetBucketEncryption GET /{Bucket}?encryption
  in Bucket! path
  out ServerSideEncryptionConfiguration ServerSideEncryptionConfiguration payload
operation PutBucketEncryption PUT /{Bucket}?encryption
  in Bucket! path, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm,
    ServerSideEncryptionConfiguration! ServerSideEncryptionConfiguration payload
operation DeleteBucketEncryption DELETE /{Bucket}?encryption 204
  in Bucket! path
operation GetPublicAccessBlock GET /{Bucket}?publicAccessBlock
  in Bucket! path
  out PublicAccessBlockConfiguration PublicAccessBlockConfiguration payload
operation PutPublicAccessBlock PUT /{Bucket}?publicAccessBlock
  in Bucket! path, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm,
    PublicAccessBlockConfiguration! PublicAccessBlockConfiguration payload
operation DeletePublicAccessBlock DELETE /{Bucket}?publicAccessBlock 204
  in Bucket! path
operation GetBucketOwnershipControls GET /{Bucket}?ownershipControls
  in Bucket! path
  out OwnershipControls OwnershipControls payload
operation PutBucketOwnershipControls PUT /{Bucket}?ownershipControls
  in Bucket! path, ContentMD5 header content-md5, OwnershipControls! OwnershipControls payload,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm
operation DeleteBucketOwnershipControls DELETE /{Bucket}?ownershipControls 204
  in Bucket! path
operation GetBucketNotificationConfiguration GET /{Bucket}?notification
  in Bucket! path
  out NotificationConfiguration: TopicConfigurations [TopicConfiguration] as TopicConfiguration,
    QueueConfigurations [QueueConfiguration] as QueueConfiguration,
    LambdaFunctionConfigurations [LambdaFunctionConfiguration] as CloudFunctionConfiguration,
    EventBridgeConfiguration EventBridgeConfiguration
operation PutBucketNotificationConfiguration PUT /{Bucket}?notification
  in Bucket! path, NotificationConfiguration! NotificationConfiguration payload,
    SkipDestinationValidation bool header x-amz-skip-destination-validation
operation GetBucketAcl GET /{Bucket}?acl
  in Bucket! path
  out AccessControlPolicy: Owner Owner, Grants [Grant/Grant] as AccessControlList
operation PutBucketAcl PUT /{Bucket}?acl
  in ACL header x-amz-acl, AccessControlPolicy AccessControlPolicy payload, Bucket! path,
    ContentMD5 header content-md5, ChecksumAlgorithm header x-amz-sdk-checksum-algorithm, +Grants,
    GrantWrite header x-amz-grant-write
operation GetBucketLogging GET /{Bucket}?logging
  in Bucket! path
  out BucketLoggingStatus: LoggingEnabled LoggingEnabled
operation PutBucketLogging PUT /{Bucket}?logging
  in Bucket! path, BucketLoggingStatus! BucketLoggingStatus payload,
    ContentMD5 header content-md5, ChecksumAlgorithm header x-amz-sdk-checksum-algorithm
operation GetBucketAccelerateConfiguration GET /{Bucket}?accelerate
  in Bucket! path
  out AccelerateConfiguration: Status
operation PutBucketAccelerateConfiguration PUT /{Bucket}?accelerate
  in Bucket! path, AccelerateConfiguration! AccelerateConfiguration payload,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm
operation GetBucketRequestPayment GET /{Bucket}?requestPayment
  in Bucket! path
  out RequestPaymentConfiguration: Payer
operation PutBucketRequestPayment PUT /{Bucket}?requestPayment
  in Bucket! path, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm,
    RequestPaymentConfiguration! RequestPaymentConfiguration payload
operation GetObjectLockConfiguration GET /{Bucket}?object-lock
  in Bucket! path
  out ObjectLockConfiguration ObjectLockConfiguration payload
operation PutObjectLockConfiguration PUT /{Bucket}?object-lock
  in Bucket! path, ObjectLockConfiguration ObjectLockConfiguration payload,
    Token header x-amz-bucket-object-lock-token, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm
  out
operation GetBucketReplication GET /{Bucket}?replication
  in Bucket! path
  out ReplicationConfiguration ReplicationConfiguration payload
operation PutBucketReplication PUT /{Bucket}?replication
  in Bucket! path, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm,
    ReplicationConfiguration! ReplicationConfiguration payload,
    Token header x-amz-bucket-object-lock-token
operation DeleteBucketReplication DELETE /{Bucket}?replication 204
  in Bucket! path
)";

}  // namespace

void add_configuration_operations(ServiceModel& model) {
  add_operations(model, kConfigurationOperations);
}

}  // namespace pawl::api
