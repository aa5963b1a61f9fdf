#include "services/s3/errors.h"

#include "base/utc_text.h"
#include "json/writer.h"
#include "services/s3/text.h"

namespace pawl::s3 {

ServiceError error(std::string_view code, std::string message, int status) {
  return {.code = std::string(code),
          .message = std::move(message),
          .http_status = status,
          .members = {}};
}

ServiceError with(ServiceError given, std::string_view name, std::string_view value) {
  std::string text;
  json::print_string_to(value, text);
  given.members.emplace_back(name, std::move(text));
  return given;
}

ServiceError no_such_bucket(std::string_view bucket) {
  return with(error("NoSuchBucket", "The specified bucket does not exist", 404), "BucketName",
              bucket);
}

ServiceError no_such_key(std::string_view key) {
  return with(error("NoSuchKey", "The specified key does not exist.", 404), "Key", key);
}

ServiceError no_such_version(std::string_view key, std::string_view version) {
  return with(
      with(error("NoSuchVersion", "The specified version does not exist.", 404), "Key", key),
      "VersionId", version);
}

ServiceError no_such_upload(std::string_view upload) {
  return with(error("NoSuchUpload",
                    "The specified upload does not exist. The upload ID may be invalid, or the "
                    "upload may have been aborted or completed.",
                    404),
              "UploadId", upload);
}

ServiceError invalid_argument(std::string message, std::string_view name, std::string_view value) {
  return with(with(error("InvalidArgument", std::move(message)), "ArgumentName", name),
              "ArgumentValue", value);
}

ServiceError precondition_failed(std::string_view condition) {
  return with(error("PreconditionFailed",
                    "At least one of the pre-conditions you specified did not hold", 412),
              "Condition", condition);
}

ServiceError not_modified(std::string_view etag, std::int64_t last_modified_ms) {
  return with(with(error("NotModified", "Not Modified", 304), "ETag", quoted(etag)),
              "Last-Modified", http_time(last_modified_ms));
}

ServiceError bad_digest(std::string_view what) {
  return error("BadDigest", "The " + std::string(what) +
                                " you specified did not match the calculated checksum.");
}

ServiceError internal_error(std::string message) {
  return error("InternalError", std::move(message), 500);
}

ServiceError no_space() {
  return error("ServiceUnavailable", "There is too little free space on disk", 503);
}

}  // namespace pawl::s3
