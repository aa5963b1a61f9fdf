// CodeCommit (API version 2015-04-13): Git repositories by API, and pushed and cloned by git itself
// (/v1/repos/NAME).
//
// A repository is a record in the catalog and a folder named after its id: the folder is whole
// before the record is written, and goes after the record. What an operation has answered is
// synced. Operations block on the disk, so each runs on a thread of the service.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "git/http_backend.h"
#include "git/repository.h"
#include "runtime/background.h"
#include "runtime/catalog.h"
#include "runtime/operations.h"
#include "services/codecommit/fields.h"
#include "services/codecommit/records.h"

namespace pawl::codecommit {

// A branch has this commit now, and had another one or none.
struct BranchMoved {
  std::string account;
  std::string region;
  std::string repository;
  std::string branch;
  std::string commit;
};

class Service {
 public:
  // `directory` holds the repositories' folders; those without a record are removed. `catalog` and
  // `clock` outlive the service.
  Service(std::string directory, runtime::Catalog& catalog, const Clock& clock);
  ~Service() {
    transfers_.stop();
    background_.stop();
  }

  // Adds every operation to the table, under the signing name "codecommit".
  void add_to(runtime::Operations& operations);
  // Git's own protocol, under the name "git".
  void add_transfers(runtime::Operations& operations);
  // The server's address, for clone URLs; before it serves.
  void set_endpoint(std::string url) { endpoint_ = std::move(url); }
  // No repository's folder is removed while the answer lives; it must not outlive the service.
  std::shared_ptr<void> hold_folders();
  // Hears of every move before whoever made it is answered; may block, and must not call this
  // service. Set before the server serves.
  using Moved = std::function<void(const BranchMoved&)>;
  void on_branch_moved(Moved moved) { moved_ = std::move(moved); }

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;
  using Answer = runtime::OperationResult;
  struct Opened {
    RepositoryRecord record;
    git::Repository repository;
  };

  // repositories.cc
  void create_repository(const Call& call, const Reply& reply);
  void delete_repository(const Call& call, const Reply& reply);
  Answer get_repository(const Call& call);
  Answer list_repositories(const Call& call);
  Answer batch_get_repositories(const Call& call);
  void update_name(const Call& call, const Reply& reply);
  void update_description(const Call& call, const Reply& reply);
  // tags.cc
  void tag(const Call& call, const Reply& reply);
  void untag(const Call& call, const Reply& reply);
  Answer list_tags(const Call& call);
  // branches.cc
  Answer create_branch(const Call& call);
  Answer get_branch(const Call& call);
  Answer list_branches(const Call& call);
  Answer delete_branch(const Call& call);
  void update_default_branch(const Call& call, const Reply& reply);
  // read.cc
  Answer get_commit(const Call& call);
  Answer batch_get_commits(const Call& call);
  Answer get_file(const Call& call);
  Answer get_folder(const Call& call);
  Answer get_blob(const Call& call);
  // A blob of any size, for services that keep whole trees.
  Result<runtime::StreamedOutput, ServiceError> read_blob(const Call& call) const;
  Answer get_differences(const Call& call);
  // write.cc
  Answer create_commit(const Call& call);
  Answer put_file(const Call& call);
  Answer delete_file(const Call& call);

  // transfer.cc
  Result<runtime::StreamedOutput, ServiceError> transfer(const Call& call,
                                                         const runtime::RequestBody& body,
                                                         git::HttpBackendRequest request,
                                                         bool pushes);
  std::optional<RepositoryRecord> find_for_git(const runtime::Principal& principal,
                                               std::string_view name) const;
  void was_pushed(const RepositoryRecord& record);
  std::map<std::string, std::string> heads_of(const RepositoryRecord& record) const;
  void tell(const RepositoryRecord& record, const std::string& branch,
            const std::string& commit) const;

  std::string folder(const RepositoryRecord& record) const;
  Result<RepositoryRecord, ServiceError> find(const Call& call) const;
  Result<Opened, ServiceError> open(const Call& call) const;
  Result<git::Commit, ServiceError> commit_of(const Opened& opened,
                                              const std::string& specifier) const;
  // Writes the commit, and makes its branch the default one where there was none.
  Result<git::Commit, ServiceError> add_commit(Opened& opened, const git::NewCommit& commit);
  void make_default(const std::string& key, const std::string& branch);
  // Changes a repository's record, in the order of the catalog's updates; an error changes nothing.
  using Change = std::function<std::optional<ServiceError>(RepositoryRecord&)>;
  void change(const std::string& key, const Change& change, const Reply& reply);
  void clean_up();
  // Or later, where somebody holds it.
  void remove_folder(const std::string& folder);

  const std::string directory_;
  runtime::Catalog& catalog_;
  const Clock& clock_;
  std::string endpoint_;
  std::mutex holds_mutex_;
  int holds_ = 0;                       // guarded by holds_mutex_
  std::vector<std::string> to_remove_;  // guarded by holds_mutex_: when the last hold goes
  Moved moved_;
  runtime::Background background_{2};
  runtime::Background transfers_{4};  // each waits for git
};

json::Value empty_answer();

}  // namespace pawl::codecommit
