// Amazon S3's operations on buckets and on what is in them.
#include "api/s3_shapes.h"

namespace pawl::api {

namespace {

constexpr std::string_view kBucketOperations = R"(
group Grants: GrantFullControl header x-amz-grant-full-control, GrantRead header x-amz-grant-read,
    GrantReadACP header x-amz-grant-read-acp, GrantWriteACP header x-amz-grant-write-acp
structure Bucket: Name, CreationDate time, BucketRegion, BucketArn
structure Owner: DisplayName, ID
structure CreateBucketConfiguration: LocationConstraint, Location LocationInfo, Bucket BucketInfo,
    Tags [Tag/Tag]
structure Object: Key, LastModified time, ETag, ChecksumAlgorithm [string], ChecksumType,
    Size long, StorageClass, Owner Owner, RestoreStatus RestoreStatus
structure CommonPrefix: Prefix
structure ObjectVersion: ETag, ChecksumAlgorithm [string], ChecksumType, Size long, StorageClass,
    Key, VersionId, IsLatest bool, LastModified time, Owner Owner, RestoreStatus RestoreStatus
structure DeleteMarkerEntry: Owner Owner, Key, VersionId, IsLatest bool, LastModified time
structure Delete: Objects! [ObjectIdentifier] as Object, Quiet bool
structure DeletedObject: Key, VersionId, DeleteMarker bool, DeleteMarkerVersionId
structure Error: Key, VersionId, Code, Message
structure MultipartUpload: UploadId, Key, Initiated time, StorageClass, Owner Owner,
    Initiator Initiator, ChecksumAlgorithm, ChecksumType
structure LocationInfo: Type, Name
structure BucketInfo: DataRedundancy, Type
structure Tag: Key!, Value!
structure RestoreStatus: IsRestoreInProgress bool, RestoreExpiryDate time
structure ObjectIdentifier: Key!, VersionId, ETag, LastModifiedTime time, Size long
structure Initiator: ID, DisplayName
operation ListBuckets GET /
  in MaxBuckets int query max-buckets, ContinuationToken query continuation-token,
    Prefix query prefix, BucketRegion query bucket-region
  out ListAllMyBucketsResult: Buckets [Bucket/Bucket], Owner Owner, ContinuationToken, Prefix
operation CreateBucket PUT /{Bucket}
  in ACL header x-amz-acl, Bucket! path,
    CreateBucketConfiguration CreateBucketConfiguration payload, +Grants,
    GrantWrite header x-amz-grant-write,
    ObjectLockEnabledForBucket bool header x-amz-bucket-object-lock-enabled,
    ObjectOwnership header x-amz-object-ownership, BucketNamespace header x-amz-bucket-namespace
  out Location header location, BucketArn header x-amz-bucket-arn
operation HeadBucket HEAD /{Bucket}
  in Bucket! path
  out BucketArn header x-amz-bucket-arn, BucketLocationType header x-amz-bucket-location-type,
    BucketLocationName header x-amz-bucket-location-name, BucketRegion header x-amz-bucket-region,
    AccessPointAlias bool header x-amz-access-point-alias
operation DeleteBucket DELETE /{Bucket} 204
  in Bucket! path
operation GetBucketLocation GET /{Bucket}?location
  in Bucket! path
  out LocationConstraint: LocationConstraint
operation ListObjects GET /{Bucket}
  in Bucket! path, Delimiter query delimiter, EncodingType query encoding-type,
    Marker query marker, MaxKeys int query max-keys, Prefix query prefix,
    OptionalObjectAttributes [string] header x-amz-optional-object-attributes
  out ListBucketResult: IsTruncated bool, Marker, NextMarker, Contents [Object], Name, Prefix,
    Delimiter, MaxKeys int, CommonPrefixes [CommonPrefix], EncodingType
operation ListObjectsV2 GET /{Bucket}?list-type=2
  in Bucket! path, Delimiter query delimiter, EncodingType query encoding-type,
    MaxKeys int query max-keys, Prefix query prefix, ContinuationToken query continuation-token,
    FetchOwner bool query fetch-owner, StartAfter query start-after,
    OptionalObjectAttributes [string] header x-amz-optional-object-attributes
  out ListBucketResult: IsTruncated bool, Contents [Object], Name, Prefix, Delimiter, MaxKeys int,
    CommonPrefixes [CommonPrefix], EncodingType, KeyCount int, ContinuationToken,
    NextContinuationToken, StartAfter
operation ListObjectVersions GET /{Bucket}?versions
  in Bucket! path, Delimiter query delimiter, EncodingType query encoding-type,
    KeyMarker query key-marker, MaxKeys int query max-keys, Prefix query prefix,
    VersionIdMarker query version-id-marker,
    OptionalObjectAttributes [string] header x-amz-optional-object-attributes
  out ListVersionsResult: IsTruncated bool, KeyMarker, VersionIdMarker, NextKeyMarker,
    NextVersionIdMarker, Versions [ObjectVersion] as Version,
    DeleteMarkers [DeleteMarkerEntry] as DeleteMarker, Name, Prefix, Delimiter, MaxKeys int,
    CommonPrefixes [CommonPrefix], EncodingType
operation DeleteObjects POST /{Bucket}?delete
  in Bucket! path, Delete! Delete payload,
    BypassGovernanceRetention bool header x-amz-bypass-governance-retention,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm
  out DeleteResult: Deleted [DeletedObject], Errors [Error] as Error
operation ListMultipartUploads GET /{Bucket}?uploads
  in Bucket! path, Delimiter query delimiter, EncodingType query encoding-type,
    KeyMarker query key-marker, MaxUploads int query max-uploads, Prefix query prefix,
    UploadIdMarker query upload-id-marker
  out ListMultipartUploadsResult: Bucket, KeyMarker, UploadIdMarker, NextKeyMarker, Prefix,
    Delimiter, NextUploadIdMarker, MaxUploads int, IsTruncated bool,
    Uploads [MultipartUpload] as Upload, CommonPrefixes [CommonPrefix], EncodingType
)";

}  // namespace

void add_bucket_operations(ServiceModel& model) { add_operations(model, kBucketOperations); }

}  // namespace pawl::api
