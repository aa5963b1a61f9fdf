// AWS CodeCommit, API version 2015-04-13: repositories, branches, commits, files and tags. What is
// missing or wrong is told by the service, in exceptions of its own, so no member is required here.
#include "api/model.h"

namespace pawl::api {

namespace {

struct Shared {
  const Shape* text;
  const Shape* integer;
  const Shape* boolean;
  const Shape* blob;
  const Shape* texts;
  const Shape* tags;
};

void add_repositories(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  model.add({.name = "CreateRepository"}, {{"repositoryName", s.text},
                                           {"repositoryDescription", s.text},
                                           {"tags", s.tags},
                                           {"kmsKeyId", s.text}});
  model.add({.name = "DeleteRepository"}, {{"repositoryName", s.text}});
  model.add({.name = "GetRepository", .effect = Effect::kReads}, {{"repositoryName", s.text}});
  model.add({.name = "ListRepositories", .effect = Effect::kReads},
            {{"nextToken", s.text},
             {"sortBy", shapes.enumeration({"repositoryName", "lastModifiedDate"})},
             {"order", shapes.enumeration({"ascending", "descending"})}});
  model.add({.name = "BatchGetRepositories", .effect = Effect::kReads},
            {{"repositoryNames", s.texts}});
  model.add({.name = "UpdateRepositoryName"}, {{"oldName", s.text}, {"newName", s.text}});
  model.add({.name = "UpdateRepositoryDescription"},
            {{"repositoryName", s.text}, {"repositoryDescription", s.text}});
  model.add({.name = "TagResource"}, {{"resourceArn", s.text}, {"tags", s.tags}});
  model.add({.name = "UntagResource"}, {{"resourceArn", s.text}, {"tagKeys", s.texts}});
  model.add({.name = "ListTagsForResource", .effect = Effect::kReads},
            {{"resourceArn", s.text}, {"nextToken", s.text}});
}

void add_branches(ServiceModel& model, const Shared& s) {
  model.add({.name = "CreateBranch"},
            {{"repositoryName", s.text}, {"branchName", s.text}, {"commitId", s.text}});
  model.add({.name = "GetBranch", .effect = Effect::kReads},
            {{"repositoryName", s.text}, {"branchName", s.text}});
  model.add({.name = "ListBranches", .effect = Effect::kReads},
            {{"repositoryName", s.text}, {"nextToken", s.text}});
  model.add({.name = "DeleteBranch"}, {{"repositoryName", s.text}, {"branchName", s.text}});
  model.add({.name = "UpdateDefaultBranch"},
            {{"repositoryName", s.text}, {"defaultBranchName", s.text}});
}

void add_reads(ServiceModel& model, const Shared& s) {
  model.add({.name = "GetCommit", .effect = Effect::kReads},
            {{"repositoryName", s.text}, {"commitId", s.text}});
  model.add({.name = "BatchGetCommits", .effect = Effect::kReads},
            {{"repositoryName", s.text}, {"commitIds", s.texts}});
  model.add({.name = "GetFile", .effect = Effect::kReads},
            {{"repositoryName", s.text}, {"commitSpecifier", s.text}, {"filePath", s.text}});
  model.add({.name = "GetFolder", .effect = Effect::kReads},
            {{"repositoryName", s.text}, {"commitSpecifier", s.text}, {"folderPath", s.text}});
  model.add({.name = "GetBlob", .effect = Effect::kReads},
            {{"repositoryName", s.text}, {"blobId", s.text}});
  model.add({.name = "GetDifferences", .effect = Effect::kReads},
            {{"repositoryName", s.text},
             {"beforeCommitSpecifier", s.text},
             {"afterCommitSpecifier", s.text},
             {"beforePath", s.text},
             {"afterPath", s.text},
             {"MaxResults", s.integer},
             {"NextToken", s.text}});
}

void add_writes(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* source =
      shapes.structure("SourceFileSpecifier", {{"filePath", s.text}, {"isMove", s.boolean}});
  const Shape* put = shapes.structure("PutFileEntry", {{"filePath", s.text},
                                                       {"fileMode", s.text},
                                                       {"fileContent", s.blob},
                                                       {"sourceFile", source}});
  const Shape* remove = shapes.structure("DeleteFileEntry", {{"filePath", s.text}});
  const Shape* mode =
      shapes.structure("SetFileModeEntry", {{"filePath", s.text}, {"fileMode", s.text}});
  model.add({.name = "CreateCommit"}, {{"repositoryName", s.text},
                                       {"branchName", s.text},
                                       {"parentCommitId", s.text},
                                       {"authorName", s.text},
                                       {"email", s.text},
                                       {"commitMessage", s.text},
                                       {"keepEmptyFolders", s.boolean},
                                       {"putFiles", shapes.list(put)},
                                       {"deleteFiles", shapes.list(remove)},
                                       {"setFileModes", shapes.list(mode)}});
  model.add({.name = "PutFile"}, {{"repositoryName", s.text},
                                  {"branchName", s.text},
                                  {"fileContent", s.blob},
                                  {"filePath", s.text},
                                  {"fileMode", s.text},
                                  {"parentCommitId", s.text},
                                  {"commitMessage", s.text},
                                  {"name", s.text},
                                  {"email", s.text}});
  model.add({.name = "DeleteFile"}, {{"repositoryName", s.text},
                                     {"branchName", s.text},
                                     {"filePath", s.text},
                                     {"parentCommitId", s.text},
                                     {"keepEmptyFolders", s.boolean},
                                     {"commitMessage", s.text},
                                     {"name", s.text},
                                     {"email", s.text}});
}

}  // namespace

ServiceModel codecommit_model() {
  ServiceModel model({.signing_name = "codecommit",
                      .protocol = Protocol::kJson11,
                      .target_prefix = "CodeCommit_20150413"});
  Shapes& shapes = model.shapes();
  const Shape* text = shapes.string();
  const Shared shared{.text = text,
                      .integer = shapes.integer(),
                      .boolean = shapes.boolean(),
                      .blob = shapes.blob(),
                      .texts = shapes.list(text),
                      .tags = shapes.map(text, text)};
  add_repositories(model, shared);
  add_branches(model, shared);
  add_reads(model, shared);
  add_writes(model, shared);
  return model;
}

}  // namespace pawl::api
