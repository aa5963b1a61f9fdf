#include "services/codecommit/service.h"

#include <filesystem>
#include <future>
#include <set>
#include <utility>

#include "git/unfinished.h"

namespace pawl::codecommit {

Service::Service(std::string directory, runtime::Catalog& catalog, const Clock& clock)
    : directory_(std::move(directory)), catalog_(catalog), clock_(clock) {
  clean_up();
}

// What a crash left: folders without a record, and what git had begun in the others.
void Service::clean_up() {
  std::set<std::string> known;
  catalog_.for_each(kRepositoryTable, [&](const std::string&, const std::string& text) {
    if (const auto record = RepositoryRecord::from_json(text)) known.insert(folder(*record));
  });
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    if (known.contains(entry.path().string())) {
      git::remove_unfinished(entry.path().string());
    } else {
      std::filesystem::remove_all(entry.path(), error);
    }
  }
}

std::shared_ptr<void> Service::hold_folders() {
  const std::lock_guard lock(holds_mutex_);
  ++holds_;
  return std::shared_ptr<void>(static_cast<void*>(this), [this](void*) {
    std::vector<std::string> folders;
    {
      const std::lock_guard again(holds_mutex_);
      if (--holds_ == 0) folders.swap(to_remove_);
    }
    for (const std::string& each : folders) remove_folder(each);
  });
}

void Service::remove_folder(const std::string& folder) {
  {
    const std::lock_guard lock(holds_mutex_);
    if (holds_ > 0) return to_remove_.push_back(folder);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

void Service::add_to(runtime::Operations& operations) {
  const auto replied = [&](const char* name, void (Service::*run)(const Call&, const Reply&)) {
    operations.add("codecommit", name, [this, run](const Call& call, Reply reply) {
      background_.run([this, run, call, reply = std::move(reply)] { (this->*run)(call, reply); });
    });
  };
  const auto answered = [&](const char* name, Answer (Service::*run)(const Call&)) {
    operations.add("codecommit", name, [this, run](const Call& call, Reply reply) {
      background_.run([this, run, call, reply = std::move(reply)] { reply((this->*run)(call)); });
    });
  };
  operations.add_streamed(
      "codecommit", "ReadBlob",
      [this](const Call& call, const runtime::RequestBody&, const runtime::StreamedReply& reply) {
        background_.run([this, call, reply] { reply(read_blob(call)); });
      });
  replied("CreateRepository", &Service::create_repository);
  replied("DeleteRepository", &Service::delete_repository);
  answered("GetRepository", &Service::get_repository);
  answered("ListRepositories", &Service::list_repositories);
  answered("BatchGetRepositories", &Service::batch_get_repositories);
  replied("UpdateRepositoryName", &Service::update_name);
  replied("UpdateRepositoryDescription", &Service::update_description);
  replied("TagResource", &Service::tag);
  replied("UntagResource", &Service::untag);
  answered("ListTagsForResource", &Service::list_tags);
  answered("CreateBranch", &Service::create_branch);
  answered("GetBranch", &Service::get_branch);
  answered("ListBranches", &Service::list_branches);
  answered("DeleteBranch", &Service::delete_branch);
  replied("UpdateDefaultBranch", &Service::update_default_branch);
  answered("GetCommit", &Service::get_commit);
  answered("BatchGetCommits", &Service::batch_get_commits);
  answered("GetFile", &Service::get_file);
  answered("GetFolder", &Service::get_folder);
  answered("GetBlob", &Service::get_blob);
  answered("GetDifferences", &Service::get_differences);
  answered("CreateCommit", &Service::create_commit);
  answered("PutFile", &Service::put_file);
  answered("DeleteFile", &Service::delete_file);
}

std::string Service::folder(const RepositoryRecord& record) const {
  return directory_ + "/" + record.id + ".git";
}

Result<RepositoryRecord, ServiceError> Service::find(const Call& call) const {
  const std::string name =
      TRY(Fields(call.input.root())
              .required("repositoryName", "RepositoryNameRequiredException", "repository name"));
  const auto stored = catalog_.get(kRepositoryTable, repository_key(call.principal, name));
  auto record = stored ? RepositoryRecord::from_json(*stored) : std::nullopt;
  if (!record) return Err{no_such_repository(name)};
  return *std::move(record);
}

Result<Service::Opened, ServiceError> Service::open(const Call& call) const {
  RepositoryRecord record = TRY(find(call));
  auto repository = git::Repository::open(folder(record));
  if (!repository.ok()) return Err{git_failed(repository.error())};
  return Opened{std::move(record), std::move(repository).value()};
}

void Service::change(const std::string& key, const Change& change, const Reply& reply) {
  auto answer = std::make_shared<Answer>(empty_answer());
  catalog_.update(
      [key, change, answer](const runtime::Catalog::View& view) {
        std::vector<runtime::Catalog::Change> changes;
        const std::string* stored = view.find(kRepositoryTable, key);
        auto record = stored ? RepositoryRecord::from_json(*stored) : std::nullopt;
        if (!record) {
          *answer = Err{no_such_repository(key.substr(key.rfind('/') + 1))};
          return changes;
        }
        if (auto failed = change(*record)) {
          *answer = Err{*std::move(failed)};
          return changes;
        }
        if (record->key() != key) {
          if (view.find(kRepositoryTable, record->key())) {
            *answer = Err{error("RepositoryNameExistsException",
                                "Repository named " + record->name + " already exists")};
            return changes;
          }
          changes.push_back({std::string(kRepositoryTable), key, std::nullopt});
        }
        changes.push_back({std::string(kRepositoryTable), record->key(), record->to_json()});
        return changes;
      },
      [answer, reply] { reply(*answer); });
}

void Service::tell(const RepositoryRecord& record, const std::string& branch,
                   const std::string& commit) const {
  if (moved_) moved_({record.account, record.region, record.name, branch, commit});
}

// Waits until it is durable: what made the branch tells of it.
void Service::make_default(const std::string& key, const std::string& branch) {
  std::promise<void> durable;
  change(
      key,
      [branch, now = clock_.wall_now()](RepositoryRecord& record) {
        if (record.default_branch.empty()) record.default_branch = branch;
        record.modification_time = now;
        return std::optional<ServiceError>();
      },
      [&durable](const Answer&) { durable.set_value(); });
  durable.get_future().wait();
}

json::Value empty_answer() { return json::Value::trusted("{}"); }

}  // namespace pawl::codecommit
