// What workers get of a job (jobs.h).
#include <fmt/format.h>

#include "runtime/execution_id.h"
#include "services/codepipeline/jobs.h"

namespace pawl::codepipeline {

namespace {

constexpr std::size_t kOldJobsMax = 3;

void write_artifacts(json::Writer& out, std::string_view member,
                     const std::vector<Artifact>& artifacts) {
  out.key(member).begin_array();
  for (const Artifact& artifact : artifacts) {
    out.begin_object().key("location").begin_object().key("s3Location").begin_object();
    out.key("bucketName").string(artifact.bucket).key("objectKey").string(artifact.object_key);
    out.end_object().key("type").string("S3").end_object();
    out.key("name").string(artifact.name).key("revision");
    artifact.revision.empty() ? out.null() : out.string(artifact.revision);
    out.end_object();
  }
  out.end_array();
}

void write_configuration(json::Writer& out, const TextMap& configuration) {
  out.key("actionConfiguration").begin_object().key("configuration").begin_object();
  for (const auto& [name, value] : configuration) out.key(name).string(value);
  out.end_object().end_object();
}

// What both forms have.
void write_data(json::Writer& out, const Client& client, const JobView& job,
                const std::string& credentials) {
  write_configuration(out, job.run.configuration);
  write_artifacts(out, "inputArtifacts", job.run.inputs);
  write_artifacts(out, "outputArtifacts", job.run.outputs);
  out.key("artifactCredentials").raw(credentials);
  write_text(out, "continuationToken", job.run.job.continuation_token);
  const ArtifactStore& store = job.pipeline.store_of(client.principal().region);
  if (store.encryption_key_id.empty()) return;
  out.key("encryptionKey").begin_object().key("id").string(store.encryption_key_id);
  out.key("type").string(store.encryption_key_type).end_object();
}

}  // namespace

Result<std::string, ServiceError> artifact_credentials(const Client& client, const JobView& job,
                                                       WallMillis now) {
  constexpr std::int64_t kSeconds = 3'600;
  const std::string& role =
      job.action.role_arn.empty() ? job.pipeline.role_arn : job.action.role_arn;
  std::string input;
  json::Writer out(input);
  out.begin_object().key("RoleArn").string(role);
  out.key("RoleSessionName").string(job.run.id).key("DurationSeconds").integer(kSeconds);
  out.end_object();
  const json::Value answer = TRY(client.call("sts", "AssumeRole", std::move(input)));
  const json::Node* credentials = answer.root().find("Credentials");
  if (credentials == nullptr) return Err{error("InternalError", "AssumeRole has no credentials")};
  std::string text;
  json::Writer shown(text);
  shown.begin_object().key("accessKeyId").string(text_in(*credentials, "AccessKeyId"));
  shown.key("secretAccessKey").string(text_in(*credentials, "SecretAccessKey"));
  shown.key("sessionToken").string(text_in(*credentials, "SessionToken"));
  shown.key("expirationTime").integer(now + kSeconds * 1'000).end_object();
  return text;
}

std::string lambda_event(const Client& client, const JobView& job, const std::string& credentials) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("CodePipeline.job").begin_object().key("id").string(job.run.job.id);
  out.key("accountId").string(client.principal().account).key("data").begin_object();
  write_data(out, client, job, credentials);
  out.end_object().end_object().end_object();
  return text;
}

void write_job_details(json::Writer& out, const Client& client, const JobView& job,
                       const std::string& credentials) {
  const runtime::Principal& owner = client.principal();
  out.key("id").string(job.run.job.id).key("accountId").string(owner.account);
  out.key("data").begin_object();
  write_type(out, "actionTypeId", job.action.type);
  out.key("pipelineContext").begin_object().key("pipelineName").string(job.pipeline.name);
  out.key("stage").begin_object().key("name").string(job.run.stage).end_object();
  out.key("action").begin_object().key("name").string(job.run.action);
  out.key("actionExecutionId").string(job.run.id).end_object();
  out.key("pipelineArn")
      .string(fmt::format("arn:{}:codepipeline:{}:{}:{}", runtime::partition_of(owner.region),
                          owner.region, owner.account, job.pipeline.name));
  out.key("pipelineExecutionId").string(job.execution_id).end_object();
  write_data(out, client, job, credentials);
  out.end_object();
}

void begin_job(ActionRun& run, Rng& rng, WallMillis due) {
  if (!run.job.id.empty()) run.old_jobs.push_back(run.job.id);
  if (run.old_jobs.size() > kOldJobsMax) run.old_jobs.erase(run.old_jobs.begin());
  run.job = {};
  run.job.id = make_uuid(rng);
  run.job.status = "Created";
  run.job.due = due;
}

}  // namespace pawl::codepipeline
