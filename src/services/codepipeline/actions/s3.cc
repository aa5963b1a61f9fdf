// Source: S3, whose artifact is the object as it is; and Deploy: S3.
#include <fmt/format.h>

#include "services/codepipeline/action_types.h"
#include "services/codepipeline/archive.h"
#include "services/codepipeline/client.h"

namespace pawl::codepipeline {

namespace {

std::string setting_of(const Action& action, const char* name) {
  const auto found = action.configuration.find(name);
  return found == action.configuration.end() ? std::string() : found->second;
}

std::string head_input(const std::string& bucket, const std::string& key,
                       const std::string& version) {
  std::string input;
  json::Writer out(input);
  out.begin_object().key("Bucket").string(bucket).key("Key").string(key);
  write_text(out, "VersionId", version);
  out.end_object();
  return input;
}

std::string unquoted(std::string etag) {
  if (etag.size() >= 2 && etag.front() == '"') return etag.substr(1, etag.size() - 2);
  return etag;
}

// Of a bucket without versions the ETag tells one state of the object from another.
std::string revision_of(const json::Value& head) {
  const std::string version = text_in(head.root(), "VersionId");
  return version.empty() || version == "null" ? unquoted(text_in(head.root(), "ETag")) : version;
}

struct Wanted {
  std::string key;
  std::string version;
};

Wanted wanted_object(const Work& work) {
  Wanted wanted{work.text("S3ObjectKey"), {}};
  for (const SourceOverride& each : work.execution.overrides) {
    if (each.action != work.action.name) continue;
    if (each.type == "S3_OBJECT_KEY") wanted.key = each.value;
    if (each.type == "S3_OBJECT_VERSION_ID") wanted.version = each.value;
  }
  return wanted;
}

Progress take_source(Work& work) {
  const Client client = work.client.in_region(work.action.region);
  const std::string bucket = work.text("S3Bucket");
  const Wanted wanted = wanted_object(work);
  const auto object = client.read_object(bucket, wanted.key, wanted.version);
  if (!object.ok()) {
    return Failure{"ConfigurationError",
                   fmt::format("The action failed because the object with the key {} could not be "
                               "read from the bucket {}: {}",
                               wanted.key, bucket, object.error().message),
                   {}};
  }
  const std::string revision = revision_of(object->head);
  for (Artifact& output : work.run.outputs) {
    output.revision = revision;
    const auto kept = work.client.put_object(output.bucket, output.object_key, object->bytes);
    if (!kept.ok()) return Failure{"ConfigurationError", kept.error().message, {}};
  }
  Success success;
  success.revision = {revision, revision, "Amazon S3 version id: " + revision, {}, work.now};
  success.variables = {{"BucketName", bucket},
                       {"ETag", unquoted(text_in(object->head.root(), "ETag"))},
                       {"ObjectKey", wanted.key},
                       {"VersionId", text_in(object->head.root(), "VersionId")}};
  success.summary = success.revision.summary;
  return success;
}

std::string newest(const Client& client, const Action& action) {
  const auto head =
      client.in_region(action.region)
          .call("s3", "HeadObject",
                head_input(setting_of(action, "S3Bucket"), setting_of(action, "S3ObjectKey"), {}));
  return head.ok() ? revision_of(*head) : std::string();
}

// Members of PutObject beside the object's place.
std::string attributes_of(const Work& work) {
  std::string more;
  const auto add = [&](const char* setting, const char* member) {
    if (const std::string value = work.text(setting); !value.empty()) {
      more.append(",\"").append(member).append("\":");
      json::print_string_to(value, more);
    }
  };
  add("CannedACL", "ACL");
  add("CacheControl", "CacheControl");
  return more;
}

std::string content_type(std::string_view path) {
  static const std::map<std::string_view, std::string_view> types = {
      {"html", "text/html"},        {"css", "text/css"},        {"js", "application/javascript"},
      {"json", "application/json"}, {"txt", "text/plain"},      {"xml", "application/xml"},
      {"png", "image/png"},         {"jpg", "image/jpeg"},      {"svg", "image/svg+xml"},
      {"pdf", "application/pdf"},   {"zip", "application/zip"}, {"gif", "image/gif"}};
  const std::size_t dot = path.rfind('.');
  const auto found = dot == std::string_view::npos ? types.end() : types.find(path.substr(dot + 1));
  return std::string(found == types.end() ? "application/octet-stream" : found->second);
}

Progress deploy(Work& work) {
  const Client client = work.client.in_region(work.action.region);
  const Artifact& input = *work.input();
  const std::string bucket = work.text("BucketName");
  const std::string key = work.text("ObjectKey");
  const auto artifact = work.client.read_object(input.bucket, input.object_key);
  if (!artifact.ok()) return Failure{"JobFailed", artifact.error().message, {}};
  const std::string more = attributes_of(work);
  const auto put = [&](const std::string& to, std::string bytes) -> Result<void, std::string> {
    const auto kept = client.put_object(bucket, to, std::move(bytes),
                                        more + ",\"ContentType\":\"" + content_type(to) + "\"");
    if (!kept.ok()) return Err{kept.error().message};
    return {};
  };
  Result<void, std::string> done;
  if (work.text("Extract") == "true") {
    const std::string folder = key.empty() || key.ends_with('/') ? key : key + "/";
    done = for_each_file(artifact->bytes, [&](const std::string& path, std::string content) {
      return put(folder + path, std::move(content));
    });
  } else if (key.empty()) {
    done = Err{std::string("ObjectKey is required where Extract is false")};
  } else {
    done = put(key, artifact->bytes);
  }
  if (!done.ok()) return Failure{"JobFailed", done.error(), {}};
  return Success{.summary = "Deployment Succeeded"};
}

}  // namespace

ActionTypeInfo s3_source() {
  return {.id = {"Source", "AWS", "S3", "1"},
          .inputs = {0, 0},
          .outputs = {1, 1},
          .configuration = {{.name = "S3Bucket", .is_required = true},
                            {.name = "S3ObjectKey", .is_required = true},
                            {.name = "PollForSourceChanges"},
                            {.name = "AllowOverrideForS3ObjectKey"}},
          .perform = take_source,
          .newest = newest};
}

ActionTypeInfo s3_deploy() {
  return {.id = {"Deploy", "AWS", "S3", "1"},
          .inputs = {1, 1},
          .outputs = {0, 0},
          .configuration = {{.name = "BucketName", .is_required = true},
                            {.name = "Extract", .is_required = true},
                            {.name = "ObjectKey"},
                            {.name = "KMSEncryptionKeyARN"},
                            {.name = "CannedACL"},
                            {.name = "CacheControl"}},
          .perform = deploy};
}

}  // namespace pawl::codepipeline
