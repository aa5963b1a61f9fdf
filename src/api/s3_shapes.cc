// Amazon S3, API version 2006-03-01: how it is spoken to, and the operations on objects. Those on
// buckets and their configurations are in s3_bucket_shapes.cc and s3_configuration_shapes.cc.
#include "api/s3_shapes.h"

namespace pawl::api {

namespace {

constexpr std::string_view kObjectOperations = R"(
group Place: Bucket! path, Key! path
group CheckHeaders: ChecksumCRC32 header x-amz-checksum-crc32,
    ChecksumCRC32C header x-amz-checksum-crc32c,
    ChecksumCRC64NVME header x-amz-checksum-crc64nvme, ChecksumSHA1 header x-amz-checksum-sha1,
    ChecksumSHA256 header x-amz-checksum-sha256
group Bytes: ContentLength long header content-length, ContentMD5 header content-md5,
    ContentSha256 header x-amz-content-sha256, Trailer header x-amz-trailer
group Checks: ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256
group System: CacheControl header cache-control, ContentDisposition header content-disposition,
    ContentEncoding header content-encoding, ContentLanguage header content-language,
    ContentType header content-type, Expires header expires,
    WebsiteRedirectLocation header x-amz-website-redirect-location,
    StorageClass header x-amz-storage-class, Metadata map header x-amz-meta-
group Encryption: ServerSideEncryption header x-amz-server-side-encryption,
    SSEKMSKeyId header x-amz-server-side-encryption-aws-kms-key-id
group Customer: SSECustomerAlgorithm header x-amz-server-side-encryption-customer-algorithm,
    SSECustomerKeyMD5 header x-amz-server-side-encryption-customer-key-md5
group Lock: ObjectLockMode header x-amz-object-lock-mode,
    ObjectLockRetainUntilDate time header x-amz-object-lock-retain-until-date,
    ObjectLockLegalHoldStatus header x-amz-object-lock-legal-hold
group Grants: GrantFullControl header x-amz-grant-full-control, GrantRead header x-amz-grant-read,
    GrantReadACP header x-amz-grant-read-acp, GrantWriteACP header x-amz-grant-write-acp
group Conditions: IfMatch header if-match, IfModifiedSince time header if-modified-since,
    IfNoneMatch header if-none-match, IfUnmodifiedSince time header if-unmodified-since
group CopySources: CopySource! header x-amz-copy-source,
    CopySourceIfMatch header x-amz-copy-source-if-match,
    CopySourceIfModifiedSince time header x-amz-copy-source-if-modified-since,
    CopySourceIfNoneMatch header x-amz-copy-source-if-none-match,
    CopySourceIfUnmodifiedSince time header x-amz-copy-source-if-unmodified-since
group Responses: ResponseCacheControl query response-cache-control,
    ResponseContentDisposition query response-content-disposition,
    ResponseContentEncoding query response-content-encoding,
    ResponseContentLanguage query response-content-language,
    ResponseContentType query response-content-type, ResponseExpires query response-expires
group Described: DeleteMarker bool header x-amz-delete-marker, AcceptRanges header accept-ranges,
    Expiration header x-amz-expiration, Restore header x-amz-restore,
    LastModified time header last-modified, ContentLength long header content-length,
    ETag header etag, +CheckHeaders, ChecksumType header x-amz-checksum-type,
    MissingMeta int header x-amz-missing-meta, VersionId header x-amz-version-id, +System,
    ContentRange header content-range, +Encryption,
    ReplicationStatus header x-amz-replication-status, PartsCount int header x-amz-mp-parts-count,
    TagCount int header x-amz-tagging-count, +Lock
structure CopyObjectResult: ETag, LastModified time, ChecksumType, +Checks
structure Tag: Key!, Value!
structure Tagging: TagSet! [Tag/Tag]
structure Owner: DisplayName, ID
structure Grant: Grantee Grantee, Permission
structure AccessControlPolicy: Grants [Grant/Grant] as AccessControlList, Owner Owner
structure Checksum: +Checks, ChecksumType
structure GetObjectAttributesParts: TotalPartsCount int as PartsCount, PartNumberMarker int,
    NextPartNumberMarker int, MaxParts int, IsTruncated bool, Parts [ObjectPart] as Part
structure CopyPartResult: ETag, LastModified time, +Checks
structure CompletedMultipartUpload: Parts [CompletedPart] as Part
structure Part: PartNumber int, LastModified time, ETag, Size long, +Checks
structure Initiator: ID, DisplayName
structure Grantee: DisplayName, EmailAddress, ID, Type! attribute xsi:type, URI
structure ObjectPart: PartNumber int, Size long, +Checks
structure CompletedPart: ETag, +Checks, PartNumber int
operation PutObject PUT /{Bucket}/{Key+}
  in ACL header x-amz-acl, Body blob payload, +Place, +System, +Bytes,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm, +CheckHeaders, IfMatch header if-match,
    IfNoneMatch header if-none-match, +Grants,
    WriteOffsetBytes long header x-amz-write-offset-bytes, +Encryption, +Customer,
    Tagging header x-amz-tagging, +Lock
  out Expiration header x-amz-expiration, ETag header etag, +CheckHeaders,
    ChecksumType header x-amz-checksum-type, +Encryption, VersionId header x-amz-version-id,
    +Customer, Size long header x-amz-object-size
operation GetObject GET /{Bucket}/{Key+}
  in +Place, +Conditions, Range header range, +Responses, VersionId query versionId, +Customer,
    PartNumber int query partNumber, ChecksumMode header x-amz-checksum-mode
  out Body blob payload, HttpStatus int status, +Described, +Customer
operation HeadObject HEAD /{Bucket}/{Key+}
  in +Place, +Conditions, Range header range, +Responses, VersionId query versionId, +Customer,
    PartNumber int query partNumber, ChecksumMode header x-amz-checksum-mode
  out HttpStatus int status, +Described, ArchiveStatus header x-amz-archive-status, +Customer
operation DeleteObject DELETE /{Bucket}/{Key+} 204
  in +Place, VersionId query versionId,
    BypassGovernanceRetention bool header x-amz-bypass-governance-retention,
    IfMatch header if-match,
    IfMatchLastModifiedTime time header x-amz-if-match-last-modified-time,
    IfMatchSize long header x-amz-if-match-size
  out DeleteMarker bool header x-amz-delete-marker, VersionId header x-amz-version-id
operation CopyObject PUT /{Bucket}/{Key+}
  in ACL header x-amz-acl, +Place, +System, ChecksumAlgorithm header x-amz-checksum-algorithm,
    +CopySources, +Grants, IfMatch header if-match, IfNoneMatch header if-none-match,
    MetadataDirective header x-amz-metadata-directive,
    TaggingDirective header x-amz-tagging-directive, +Encryption, +Customer,
    Tagging header x-amz-tagging, +Lock
  out CopyObjectResult CopyObjectResult payload, Expiration header x-amz-expiration,
    CopySourceVersionId header x-amz-copy-source-version-id, VersionId header x-amz-version-id,
    +Encryption, +Customer
operation GetObjectTagging GET /{Bucket}/{Key+}?tagging
  in +Place, VersionId query versionId
  out Tagging: VersionId header x-amz-version-id, TagSet! [Tag/Tag]
operation PutObjectTagging PUT /{Bucket}/{Key+}?tagging
  in +Place, VersionId query versionId, ContentMD5 header content-md5,
    ChecksumAlgorithm header x-amz-sdk-checksum-algorithm, Tagging! Tagging payload
  out VersionId header x-amz-version-id
operation DeleteObjectTagging DELETE /{Bucket}/{Key+}?tagging 204
  in +Place, VersionId query versionId
  out VersionId header x-amz-version-id
operation GetObjectAcl GET /{Bucket}/{Key+}?acl
  in +Place, VersionId query versionId
  out AccessControlPolicy: Owner Owner, Grants [Grant/Grant] as AccessControlList
operation PutObjectAcl PUT /{Bucket}/{Key+}?acl
  in ACL header x-amz-acl, AccessControlPolicy AccessControlPolicy payload, +Place,
    ContentMD5 header content-md5, ChecksumAlgorithm header x-amz-sdk-checksum-algorithm, +Grants,
    GrantWrite header x-amz-grant-write, VersionId query versionId
  out
operation GetObjectAttributes GET /{Bucket}/{Key+}?attributes
  in +Place, VersionId query versionId, MaxParts int header x-amz-max-parts,
    PartNumberMarker int header x-amz-part-number-marker, +Customer,
    ObjectAttributes! [string] header x-amz-object-attributes
  out GetObjectAttributesResponse: DeleteMarker bool header x-amz-delete-marker,
    LastModified time header last-modified, VersionId header x-amz-version-id, ETag,
    Checksum Checksum, ObjectParts GetObjectAttributesParts, StorageClass, ObjectSize long
operation CreateMultipartUpload POST /{Bucket}/{Key+}?uploads
  in ACL header x-amz-acl, +Place, +System, +Grants, +Encryption, +Customer,
    Tagging header x-amz-tagging, +Lock, ChecksumAlgorithm header x-amz-checksum-algorithm,
    ChecksumType header x-amz-checksum-type
  out InitiateMultipartUploadResult: AbortDate time header x-amz-abort-date,
    AbortRuleId header x-amz-abort-rule-id, Bucket, Key, UploadId, +Encryption, +Customer,
    ChecksumAlgorithm header x-amz-checksum-algorithm, ChecksumType header x-amz-checksum-type
operation UploadPart PUT /{Bucket}/{Key+}
  in Body blob payload, +Place, +Bytes, ChecksumAlgorithm header x-amz-sdk-checksum-algorithm,
    +CheckHeaders, PartNumber! int query partNumber, UploadId! query uploadId, +Customer
  out +Encryption, ETag header etag, +CheckHeaders, +Customer
operation UploadPartCopy PUT /{Bucket}/{Key+}
  in +Place, +CopySources, CopySourceRange header x-amz-copy-source-range,
    PartNumber! int query partNumber, UploadId! query uploadId, +Customer
  out CopySourceVersionId header x-amz-copy-source-version-id,
    CopyPartResult CopyPartResult payload, +Encryption, +Customer
operation CompleteMultipartUpload POST /{Bucket}/{Key+}
  in +Place, MultipartUpload CompletedMultipartUpload payload CompleteMultipartUpload,
    UploadId! query uploadId, +CheckHeaders, ChecksumType header x-amz-checksum-type,
    MpuObjectSize long header x-amz-mp-object-size, IfMatch header if-match,
    IfNoneMatch header if-none-match, +Customer
  out CompleteMultipartUploadResult: Location, Bucket, Key, Expiration header x-amz-expiration,
    ETag, +Checks, ChecksumType, +Encryption, VersionId header x-amz-version-id
operation AbortMultipartUpload DELETE /{Bucket}/{Key+} 204
  in +Place, UploadId! query uploadId,
    IfMatchInitiatedTime time header x-amz-if-match-initiated-time
  out
operation ListParts GET /{Bucket}/{Key+}
  in +Place, MaxParts int query max-parts, PartNumberMarker int query part-number-marker,
    UploadId! query uploadId, +Customer
  out ListPartsResult: AbortDate time header x-amz-abort-date,
    AbortRuleId header x-amz-abort-rule-id, Bucket, Key, UploadId, PartNumberMarker int,
    NextPartNumberMarker int, MaxParts int, IsTruncated bool, Parts [Part] as Part,
    Initiator Initiator, Owner Owner, StorageClass, ChecksumAlgorithm, ChecksumType
)";

}  // namespace

void add_object_operations(ServiceModel& model) { add_operations(model, kObjectOperations); }

ServiceModel s3_model() {
  ServiceModel model({.signing_name = "s3",
                      .protocol = Protocol::kRestXml,
                      .xml_namespace = "http://s3.amazonaws.com/doc/2006-03-01/"});
  add_object_operations(model);
  add_bucket_operations(model);
  add_configuration_operations(model);
  return model;
}

}  // namespace pawl::api
