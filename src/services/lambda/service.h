// AWS Lambda's API operations as plain functions over the pool, the code store and the catalog. One
// file a family; wire names and status codes are the API layer's.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret_key.h"
#include "functions/code_store.h"
#include "functions/loop.h"
#include "functions/pool.h"
#include "runtime/background.h"
#include "runtime/catalog.h"
#include "runtime/functions.h"
#include "runtime/operations.h"
#include "services/lambda/event_queue.h"
#include "services/lambda/records.h"
#include "services/lambda/resolver.h"
#include "services/lambda/url_event.h"

namespace pawl::lambda {

struct ServiceOptions {
  functions::PoolOptions pool;  // pool.directory: <data-dir>/functions
  functions::ArchiveLimits packages;
  EventQueue::Options events;
  // Pawl's other services, for code in buckets and roles' credentials; outlive the service. Null:
  // there are none.
  const runtime::Operations* others = nullptr;
};

class Service final : public runtime::FunctionInvoker {
 public:
  // Opens the pool below `options.pool.directory` and removes packages that nothing refers to.
  // `catalog` and `clock` outlive the service.
  static Result<std::unique_ptr<Service>, std::string> open(ServiceOptions options,
                                                            runtime::Catalog& catalog,
                                                            const Clock& clock);
  // Ends every function. While that happens an invocation may stay unanswered: to its caller that
  // is a crash of the server (decision D16), and must not be recorded as the function's failure.
  ~Service() override;

  // Adds every operation to the table, under the signing name "lambda".
  void add_to(runtime::Operations& operations);
  // Goes on with accepted events, when everything that functions may call is in its place.
  void run() { events_.recover(); }
  // Where clients and functions find this server.
  void set_endpoint(std::string url);

  // RequestResponse. Replies on the pool's thread.
  void invoke(runtime::FunctionCall call, runtime::FunctionInvoker::Reply reply) override;

  functions::Pool& pool() { return *pool_; }
  const EventQueue& events() const { return events_; }
  // No package is removed while the answer lives.
  std::shared_ptr<void> hold_code() { return codes_.hold(); }

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;  // of an operation
  using OperationResult = runtime::OperationResult;
  using View = runtime::Catalog::View;
  using Change = runtime::Catalog::Change;
  // What an update writes, and whose environments end with it.
  struct Update {
    std::vector<Change> changes;
    std::vector<std::string> retired;  // identities
  };
  using Decide = std::function<OperationResult(const View& view, Update& update)>;

  Service(ServiceOptions options, std::unique_ptr<functions::Pool> pool, SecretKey key,
          runtime::Catalog& catalog, const Clock& clock);

  // functions.cc
  void create_function(const Call& call, const Reply& reply);
  void update_function_code(const Call& call, const Reply& reply);
  void update_function_configuration(const Call& call, const Reply& reply);
  void delete_function(const Call& call, const Reply& reply);
  // functions_read.cc
  OperationResult get_function(const Call& call);
  OperationResult get_function_configuration(const Call& call);
  OperationResult list_functions(const Call& call);
  OperationResult list_versions(const Call& call);
  OperationResult get_account_settings(const Call& call);
  // downloads.cc: packages, for whoever has a signed address
  std::string download_url(const std::string& sha256) const;
  void download(const Call& call, const runtime::StreamedReply& reply);
  // versions.cc
  void publish_version(const Call& call, const Reply& reply);
  // aliases.cc
  void create_alias(const Call& call, const Reply& reply);
  void update_alias(const Call& call, const Reply& reply);
  void delete_alias(const Call& call, const Reply& reply);
  OperationResult get_alias(const Call& call);
  OperationResult list_aliases(const Call& call);
  // attributes.cc: tags and reserved concurrency
  void tag_resource(const Call& call, const Reply& reply);
  void untag_resource(const Call& call, const Reply& reply);
  OperationResult list_tags(const Call& call);
  void put_function_concurrency(const Call& call, const Reply& reply);
  void delete_function_concurrency(const Call& call, const Reply& reply);
  OperationResult get_function_concurrency(const Call& call);
  OperationResult get_code_signing(const Call& call);
  // policy.cc
  void add_permission(const Call& call, const Reply& reply);
  void remove_permission(const Call& call, const Reply& reply);
  OperationResult get_policy(const Call& call);
  // layers.cc
  void publish_layer_version(const Call& call, const Reply& reply);
  void delete_layer_version(const Call& call, const Reply& reply);
  OperationResult get_layer_version(const Call& call);
  OperationResult list_layers(const Call& call);
  OperationResult list_layer_versions(const Call& call);
  // event_configurations.cc: what becomes of asynchronous invocations
  void put_event_configuration(const Call& call, const Reply& reply);
  void update_event_configuration(const Call& call, const Reply& reply);
  void delete_event_configuration(const Call& call, const Reply& reply);
  OperationResult get_event_configuration(const Call& call);
  OperationResult list_event_configurations(const Call& call);
  EventQueue::Policy policy_of(const Event& event) const;
  // urls.cc: functions' addresses
  void create_url(const Call& call, const Reply& reply);
  void update_url(const Call& call, const Reply& reply);
  void delete_url(const Call& call, const Reply& reply);
  OperationResult get_url(const Call& call);
  OperationResult list_urls(const Call& call);
  std::string shown_url(json::Node record, const std::string& region) const;
  // url_requests.cc: requests to them
  void answer_url_request(const Call& call, const runtime::RequestBody& body,
                          const runtime::StreamedReply& reply);
  UrlRequest url_request(const Call& call, std::string_view body, const FunctionName& name) const;
  // event_sources.cc: mappings of sources to functions
  void create_event_source(const Call& call, const Reply& reply);
  void update_event_source(const Call& call, const Reply& reply);
  void delete_event_source(const Call& call, const Reply& reply);
  OperationResult get_event_source(const Call& call);
  OperationResult list_event_sources(const Call& call);
  // invoke.cc
  void invoke_operation(const Call& call, const Reply& reply);
  void invoke_event(const Call& call, runtime::FunctionCall wanted, const Reply& reply);
  void run_event(const Event& event, EventQueue::Finished finished);

  using ChangeRecord = std::function<OperationResult(FunctionRecord& record)>;
  // Reads one function's record, changes it, writes it back.
  void change_function(const FunctionName& name, const Reply& reply, ChangeRecord change);
  // A catalog update that answers; an error writes nothing.
  void transact(const Reply& reply, Decide decide);
  // Publishes $LATEST unless it is published already; the version.
  Configuration publish(FunctionRecord& record, std::optional<std::string> description,
                        Update& update) const;
  // Unpacking takes as long as the disk does: not on the caller's thread.
  // `code`: the node of the call's input that says where the package is.
  void with_package(const Reply& reply, const Call& call, json::Node code,
                    std::function<void(functions::StoredCode)> use);
  std::string new_id() const;
  // Removes packages that no version refers to and nothing runs from.
  void collect_code();

  CatalogWriter catalog_;
  const Clock& clock_;
  const runtime::Operations* others_;
  const SecretKey key_;
  functions::CodeStore codes_;
  Resolver resolver_;
  functions::Loop work_;  // packages, timers
  std::unique_ptr<functions::Pool> pool_;
  EventQueue events_;
  std::atomic<std::uint64_t> draws_;  // seeds of alias draws
  runtime::Background downloads_{1};
  mutable std::mutex endpoint_mutex_;
  std::string endpoint_;  // guarded by endpoint_mutex_
};

}  // namespace pawl::lambda
