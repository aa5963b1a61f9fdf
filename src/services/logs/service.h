// CloudWatch Logs (API version 2014-03-28), as far as workflows and functions need it: groups,
// streams, events, retention and tags. What executions log and what functions print is read here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/catalog.h"
#include "runtime/logs.h"
#include "runtime/operations.h"
#include "services/logs/fields.h"
#include "services/logs/function_logs.h"

namespace pawl::logs {

class Service {
 public:
  // Both outlive the service. `function_logs`: <data-dir>/functions/logs.
  Service(runtime::Logs& logs, runtime::Catalog& catalog, const std::string& function_logs);

  // Adds every operation to the table, under the signing name "logs".
  void add_to(runtime::Operations& operations);

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;
  using Answer = runtime::OperationResult;

  // A group: stored, or a function's, or both.
  struct Group {
    runtime::LogGroupName name;
    std::optional<runtime::LogGroup> stored;
    bool of_function = false;
  };

  // groups.cc
  void create_group(const Call& call, const Reply& reply);
  void delete_group(const Call& call, const Reply& reply);
  Answer describe_groups(const Call& call);
  void put_retention(const Call& call, const Reply& reply);
  void delete_retention(const Call& call, const Reply& reply);
  void change_retention(const Call& call, std::int64_t days, const Reply& reply);
  Result<Group, ServiceError> find_group(const Call& call) const;
  // The stored group, made first where a function's has none yet.
  void with_stored(const Call& call, const Reply& reply,
                   const std::function<void(const runtime::LogGroup&)>& go_on);

  // tags.cc
  void tag(const Call& call, const Reply& reply);
  void untag(const Call& call, const Reply& reply);
  Answer list_tags(const Call& call);
  void change_tags(const Call& call, const Reply& reply,
                   const std::function<void(std::map<std::string, std::string>&)>& change);

  // streams.cc
  void create_stream(const Call& call, const Reply& reply);
  void delete_stream(const Call& call, const Reply& reply);
  Answer describe_streams(const Call& call);

  // events.cc
  void put_events(const Call& call, const Reply& reply);
  // events_read.cc
  Answer get_events(const Call& call);
  Answer filter_events(const Call& call);

  runtime::Logs& logs_;
  runtime::Catalog& catalog_;
  FunctionLogs functions_;
};

}  // namespace pawl::logs
