// Source: CodeCommit. The artifact is the commit's tree as an archive.
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

#include "base/utc_text.h"
#include "services/codepipeline/action_types.h"
#include "services/codepipeline/archive.h"
#include "services/codepipeline/client.h"
#include "zip/writer.h"

namespace pawl::codepipeline {

namespace {

constexpr std::uint32_t kSubmodule = 0160000;

std::string branch_input(const std::string& repository, const std::string& branch) {
  std::string input;
  json::Writer out(input);
  out.begin_object().key("repositoryName").string(repository);
  out.key("branchName").string(branch).end_object();
  return input;
}

std::string commit_at(const json::Value& answer) {
  const json::Node* branch = answer.root().find("branch");
  return branch ? text_in(*branch, "commitId") : std::string();
}

WallMillis date_millis(const std::string& date) {
  return std::strtoll(date.c_str(), nullptr, 10) * 1'000;
}

// "1484167798 -0800" as "2017-01-11T20:03:18Z".
std::string iso_date(const std::string& date) { return iso_time(date_millis(date)); }

// One page of the tree's files into the archive; answers the next page's token.
Result<std::string, std::string> add_page(const Client& client, const std::string& repository,
                                          const std::string& commit, const std::string& token,
                                          zip::Writer& archive) {
  std::string input;
  json::Writer out(input);
  out.begin_object().key("repositoryName").string(repository);
  out.key("afterCommitSpecifier").string(commit);
  write_text(out, "NextToken", token);
  out.end_object();
  const auto page = client.call("codecommit", "GetDifferences", std::move(input));
  if (!page.ok()) return Err{page.error().message};
  for (const json::Node& difference : *page->root().find("differences")) {
    const json::Node& blob = *difference.find("afterBlob");
    const auto mode =
        static_cast<std::uint32_t>(std::strtoul(text_in(blob, "mode").c_str(), nullptr, 8));
    if (mode == kSubmodule) continue;
    const auto bytes = client.read_blob(repository, text_in(blob, "blobId"));
    if (!bytes.ok()) return Err{bytes.error().message};
    TRY(archive.add(text_in(blob, "path"), mode, *bytes));
  }
  return text_in(page->root(), "NextToken");
}

Result<void, std::string> write_artifact(const Client& client, const std::string& repository,
                                         const std::string& commit, const Artifact& output) {
  auto upload =
      client.begin_upload(output.bucket, output.object_key, ",\"ContentType\":\"application/zip\"");
  if (!upload.ok()) return Err{upload.error().message};
  zip::Writer archive([&upload](std::string bytes) { return upload->append(std::move(bytes)); });
  std::string token;
  do {
    token = TRY(add_page(client, repository, commit, token, archive));
  } while (!token.empty());
  TRY(archive.finish());
  if (const auto kept = upload->finish(); !kept.ok()) return Err{kept.error().message};
  return {};
}

Result<std::string, Failure> wanted_commit(const Work& work, const Client& client) {
  for (const SourceOverride& each : work.execution.overrides) {
    if (each.action == work.action.name && each.type == "COMMIT_ID") return each.value;
  }
  const std::string repository = work.text("RepositoryName");
  const std::string branch = work.text("BranchName");
  const auto head = client.call("codecommit", "GetBranch", branch_input(repository, branch));
  if (head.ok()) return commit_at(*head);
  if (head.error().code == "BranchDoesNotExistException") {
    return Err{Failure{
        "ConfigurationError",
        fmt::format("The action failed because no branch named {} was found in the selected AWS "
                    "CodeCommit repository {}. Make sure you are using the correct branch name, "
                    "and then try again. Error: null",
                    branch, repository),
        {}}};
  }
  return Err{Failure{"ConfigurationError", head.error().message, {}}};
}

Success succeeded(const Work& work, const json::Node& commit, const std::string& id) {
  const json::Node author = *commit.find("author");
  const json::Node committer = *commit.find("committer");
  const std::string repository = work.text("RepositoryName");
  std::string message = text_in(commit, "message");
  Success success;
  success.revision = {id, id, message.substr(0, 2'048),
                      fmt::format("https://{0}.console.aws.amazon.com/codecommit/home#/repository/"
                                  "{1}/commit/{2}",
                                  work.client.principal().region, repository, id),
                      date_millis(text_in(committer, "date"))};
  success.variables = {{"AuthorDate", iso_date(text_in(author, "date"))},
                       {"BranchName", work.text("BranchName")},
                       {"CommitId", id},
                       {"CommitMessage", message},
                       {"CommitterDate", iso_date(text_in(committer, "date"))},
                       {"RepositoryName", repository}};
  success.summary = message.substr(0, 2'048);
  success.external_id = id;
  success.external_url = success.revision.url;
  return success;
}

Progress perform(Work& work) {
  const Client client = work.client.in_region(work.action.region);
  const auto found = wanted_commit(work, client);
  if (!found.ok()) return found.error();
  const std::string& id = *found;
  const std::string repository = work.text("RepositoryName");
  std::string input;
  json::Writer out(input);
  out.begin_object().key("repositoryName").string(repository).key("commitId").string(id);
  out.end_object();
  const auto commit = client.call("codecommit", "GetCommit", std::move(input));
  if (!commit.ok()) return Failure{"ConfigurationError", commit.error().message, {}};
  for (Artifact& output : work.run.outputs) {
    output.revision = id;
    if (const auto written = write_artifact(client, repository, id, output); !written.ok()) {
      return Failure{
          "ConfigurationError", "The artifact could not be written: " + written.error(), {}};
    }
  }
  return succeeded(work, *commit->root().find("commit"), id);
}

std::string newest(const Client& client, const Action& action) {
  const auto setting = [&action](const char* name) {
    const auto found = action.configuration.find(name);
    return found == action.configuration.end() ? std::string() : found->second;
  };
  const auto head = client.in_region(action.region)
                        .call("codecommit", "GetBranch",
                              branch_input(setting("RepositoryName"), setting("BranchName")));
  return head.ok() ? commit_at(*head) : std::string();
}

}  // namespace

ActionTypeInfo codecommit_source() {
  return {.id = {"Source", "AWS", "CodeCommit", "1"},
          .inputs = {0, 0},
          .outputs = {1, 1},
          .configuration = {{.name = "RepositoryName", .is_required = true},
                            {.name = "BranchName", .is_required = true},
                            {.name = "PollForSourceChanges"},
                            {.name = "OutputArtifactFormat"}},
          .perform = perform,
          .newest = newest};
}

}  // namespace pawl::codepipeline
