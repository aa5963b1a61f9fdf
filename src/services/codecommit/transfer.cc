// Push and clone: Git's own protocol, by git itself (git/http_backend.h). Bodies of any size pass
// through files without names.
#include "git/http_backend.h"
#include "services/codecommit/service.h"
#include "services/codecommit/spool_file.h"

namespace pawl::codecommit {

namespace {

constexpr std::chrono::minutes kPatience{30};

std::string header_of(const git::HttpBackendAnswer& answer, std::string_view name) {
  for (const auto& [header, value] : answer.headers) {
    if (header == name) return value;
  }
  return "";
}

json::Value described(const git::HttpBackendAnswer& answer) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("contentType").string(header_of(answer, "Content-Type"));
  out.key("cacheControl").string("no-cache, max-age=0, must-revalidate").end_object();
  return json::Value::trusted(std::move(text));
}

ServiceError refused(const git::HttpBackendAnswer& answer) {
  ServiceError refusal = error("GitRequestRefused", "git refuses the request");
  refusal.http_status = answer.status;
  return refusal;
}

ServiceError spool_failed(const runtime::BodyError& failure) {
  ServiceError failed = error("InternalFailure", failure.message);
  failed.http_status = 500;
  return failed;
}

}  // namespace

void Service::add_transfers(runtime::Operations& operations) {
  const auto add = [&](const char* name, const char* method, const char* path, bool pushes) {
    operations.add_streamed(
        "git", name,
        [=, this](const Call& call, runtime::RequestBody body, runtime::StreamedReply reply) {
          transfers_.run([=, this, body = std::move(body), reply = std::move(reply)] {
            reply(transfer(call, body, {.repository = {}, .path = path, .method = method}, pushes));
          });
        });
  };
  add("AdvertiseReferences", "GET", "/info/refs", false);
  add("UploadPack", "POST", "/git-upload-pack", false);
  add("ReceivePack", "POST", "/git-receive-pack", true);
  operations.add_sinks(
      "git",
      [this](std::string_view,
             const Call&) -> Result<std::shared_ptr<runtime::BodySink>, ServiceError> {
        auto file = SpoolFile::create(directory_, background_);
        if (!file.ok()) return Err{spool_failed(file.error())};
        return std::shared_ptr<runtime::BodySink>(std::move(file).value());
      });
}

Result<runtime::StreamedOutput, ServiceError> Service::transfer(const Call& call,
                                                                const runtime::RequestBody& body,
                                                                git::HttpBackendRequest request,
                                                                bool pushes) {
  const Fields fields(call.input.root());
  const std::string name = fields.text_or("repositoryName", "");
  const auto record = find_for_git(call.principal, name);
  if (!record) {
    ServiceError missing = no_such_repository(name);
    missing.http_status = 404;
    return Err{std::move(missing)};
  }
  request.repository = folder(*record);
  if (const auto service = fields.text("service")) request.query = "service=" + *service;
  request.content_type = fields.text_or("contentType", "");
  request.content_encoding = fields.text_or("contentEncoding", "");
  request.protocol = fields.text_or("gitProtocol", "");
  request.user = call.principal.access_key.empty() ? "anonymous" : call.principal.access_key;
  // Staged in the sink that we gave.
  auto input = std::static_pointer_cast<SpoolFile>(body.staged);
  if (!input) {
    auto made = SpoolFile::create(directory_, background_);
    if (!made.ok()) return Err{spool_failed(made.error())};
    input = std::move(made).value();
    if (const auto kept = input->append(body.bytes); !kept.ok()) {
      return Err{spool_failed(kept.error())};
    }
  }
  if (const auto settled = input->settle(); !settled.ok()) {
    return Err{spool_failed(settled.error())};
  }
  auto output = SpoolFile::create(directory_, background_);
  if (!output.ok()) return Err{spool_failed(output.error())};
  const std::map<std::string, std::string> before =
      pushes ? heads_of(*record) : std::map<std::string, std::string>();
  const auto answer = git::run_http_backend(request, input->file(), (*output)->file(), kPatience);
  if (!answer.ok()) return Err{git_failed(answer.error())};
  if (answer->status >= 300) return Err{refused(*answer)};
  if (pushes) {
    was_pushed(*record);
    for (const auto& [branch, commit] : heads_of(*record)) {
      const auto known = before.find(branch);
      if (known == before.end() || known->second != commit) tell(*record, branch, commit);
    }
  }
  return runtime::StreamedOutput{
      .output = described(*answer),
      .body = {.bytes = {}, .source = std::make_shared<SpooledBody>(*output, answer->body_offset)}};
}

// A clone URL names no region: the caller's own, or wherever the account has one of this name. Git
// tells its password only when it is asked, which a server that verifies none does not do for
// reading: who has not said yet which account is meant gets any.
std::optional<RepositoryRecord> Service::find_for_git(const runtime::Principal& principal,
                                                      std::string_view name) const {
  const auto stored = catalog_.get(kRepositoryTable, repository_key(principal, name));
  if (stored) return RepositoryRecord::from_json(*stored);
  std::optional<RepositoryRecord> found;
  catalog_.for_each(kRepositoryTable, [&](const std::string&, const std::string& text) {
    if (found) return;
    auto record = RepositoryRecord::from_json(text);
    if (!record) return;
    const bool may_be_meant = principal.access_key.empty() || record->account == principal.account;
    if (may_be_meant && record->name == name) {
      found = std::move(record);
    }
  });
  return found;
}

std::map<std::string, std::string> Service::heads_of(const RepositoryRecord& record) const {
  std::map<std::string, std::string> heads;
  auto repository = git::Repository::open(folder(record));
  if (!repository.ok()) return heads;
  for (git::Branch& branch : repository->branches()) {
    heads[branch.name] = std::move(branch.commit);
  }
  return heads;
}

// The first branch that there ever was becomes the default one.
void Service::was_pushed(const RepositoryRecord& record) {
  if (!record.default_branch.empty()) return;
  auto repository = git::Repository::open(folder(record));
  if (!repository.ok()) return;
  const auto branches = repository->branches();
  if (branches.empty()) return;
  const std::string& branch = branches.front().name;
  if (repository->set_head(branch).ok()) make_default(record.key(), branch);
}

}  // namespace pawl::codecommit
