// CloudFormation (API version 2010-05-15): stacks and change sets. What an operation does to a
// stack's resources is a workflow of the engine (decision D10): workflow.cc has the machine, its
// tasks are next_phase and handle_resource. Everything that is known of a stack is in the catalog,
// so that a task which comes again after a crash goes on where the last one stopped.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "runtime/background.h"
#include "runtime/catalog.h"
#include "runtime/engine.h"
#include "runtime/operations.h"
#include "runtime/workflows.h"
#include "services/cloudformation/fields.h"
#include "services/cloudformation/prepared.h"
#include "services/cloudformation/records.h"
#include "services/cloudformation/resource_type.h"
#include "services/cloudformation/services.h"
#include "services/cloudformation/stack_edit.h"
#include "templates/evaluate.h"

namespace pawl::cloudformation {

class Service {
 public:
  struct Parts {
    runtime::Catalog& catalog;
    runtime::Engine& engine;
    runtime::Workflows& workflows;
    const runtime::Operations& operations;  // that resources are made by
    const Clock& clock;
  };
  // Everything in `parts` outlives the service. Adds its machine and tasks to the workflows.
  explicit Service(Parts parts);
  ~Service() { stop(); }

  // Adds every operation to the table, under the signing name "cloudformation".
  void add_to(runtime::Operations& operations);
  // Where functions reach this server: custom resources answer there.
  void set_endpoint(std::string url) { endpoint_ = std::move(url); }
  // Starts the runs of operations that were on record before their run was; the engine runs.
  void resume();
  // No task runs any more; comes before the engine stops.
  void stop();

  // For resource types. Blocking.
  runtime::OperationResult call(std::string_view operation, const runtime::Principal& principal,
                                std::string input);
  std::optional<StackRecord> find_stack(const std::string& id) const;
  std::optional<std::string> stack_id_named(const runtime::Principal& principal,
                                            const std::string& name) const;
  const std::string& endpoint() const { return endpoint_; }
  runtime::Catalog& catalog() { return parts_.catalog; }

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;
  using Result = runtime::OperationResult;
  template <class T>
  using Checked = ::pawl::Result<T, ServiceError>;

  // prepared.cc: what the calls that bring a template share.
  Checked<std::string> template_text(const Call& call, const StackContent* before) const;
  Checked<Prepared> prepare(const Call& call, const StackRecord& stack, const StackContent* before,
                            Expansion expansion) const;
  Checked<void> check_types(const templates::Template& parsed) const;
  templates::StoredParameter stored_parameters(const runtime::Principal& principal) const;
  std::shared_ptr<const templates::Template> parsed_template(const std::string& hash) const;
  std::string template_of(const std::string& hash) const;

  // stacks.cc
  Result create_stack(const Call& call);
  Result update_stack(const Call& call);
  Result delete_stack(const Call& call);
  Result cancel_update(const Call& call);
  Result continue_rollback(const Call& call);
  Result rollback_stack(const Call& call);
  Result set_policy(const Call& call);
  Result get_policy(const Call& call);
  Result set_protection(const Call& call);
  bool changes_something(const StackRecord& stack, const Prepared& prepared) const;
  Checked<StackRecord> stack_named(const Call& call, const std::string& name,
                                   StackWords words = StackWords::kWithId) const;
  // The one that the request names.
  Checked<StackRecord> stack_of(const Call& call, StackWords words) const;

  // stacks_read.cc
  Result describe_stacks(const Call& call);
  Result list_stacks(const Call& call);
  Result describe_events(const Call& call);
  Result describe_resource(const Call& call);
  Result describe_resources(const Call& call);
  Result list_resources(const Call& call);
  Result list_exports(const Call& call);
  Result list_imports(const Call& call);

  // templates_read.cc
  struct Described {
    json::Value original;
    templates::Template parsed;
    std::vector<std::string> transforms;
  };
  Checked<Described> described(const std::string& text) const;
  Result get_template(const Call& call);
  Result get_summary(const Call& call);
  Result validate_template(const Call& call);

  // change_sets.cc
  Result create_change_set(const Call& call);
  Result describe_change_set(const Call& call);
  Result list_change_sets(const Call& call);
  Result execute_change_set(const Call& call);
  Result delete_change_set(const Call& call);
  Checked<ChangeSetRecord> change_set_named(const Call& call) const;
  Checked<StackRecord> stack_for_change_set(const Call& call, const std::string& type);
  std::string changes_of(const StackRecord& stack, const Prepared& prepared) const;

  // signals.cc
  Result signal_resource(const Call& call);
  Result take_signal(const Call& call);

  // operations.cc
  // Begins an operation: `edit` has its first status. The stack must have none open.
  void put_operation(StackEdit& edit, OperationRecord operation) const;
  void start_run(const StackRecord& stack, const std::string& operation);
  void next_phase(const runtime::WorkflowTask& task, const runtime::Workflows::Reply& reply);
  json::Value next_phase_of(const std::string& stack_id, const std::string& operation_id,
                            const std::string& after);
  void advance(StackEdit& edit, OperationRecord& operation);
  void finish(StackEdit& edit, const OperationRecord& operation, std::string_view status,
              std::string_view reason);
  void after_apply(StackEdit& edit, OperationRecord& operation);
  void after_rollback(StackEdit& edit, OperationRecord& operation);
  void after_removal(StackEdit& edit, OperationRecord& operation);
  std::vector<std::string> items_of(const StackRecord& stack,
                                    const OperationRecord& operation) const;
  // Why the stack's policy does not let go what the template has no more.
  std::optional<std::string> denied_removal(const StackRecord& stack,
                                            const OperationRecord& operation) const;
  // Outputs and exports of an applied template, into the edit's stack; the error fails the update.
  ::pawl::Result<void, std::string> publish_outputs(StackEdit& edit);

  // handling.cc
  void handle_resource(const runtime::WorkflowTask& task, const runtime::Workflows::Reply& reply);
  struct Item {
    std::string stack_id, operation_id, phase, logical_id;
  };
  // A task that is not run before others are settled.
  struct Waiting {
    std::set<std::string> blockers;  // logical ids
    std::function<void()> look_again;
  };
  std::set<std::string> blockers_of(const Item& item) const;
  bool is_removed(const StackRecord& stack, const OperationRecord& operation,
                  const ResourceRecord& record) const;
  void wake(const Item& item);
  int handle(const Item& item);  // seconds to wait, 0: settled
  int apply(const Item& item, const StackRecord& stack, const OperationRecord& operation);
  int roll_back(const Item& item, const StackRecord& stack, const OperationRecord& operation);
  int remove(const Item& item, const StackRecord& stack, const OperationRecord& operation);
  // A resource as the template wants it.
  struct Desired {
    json::Value properties;
    std::string shown;            // without secrets; empty: there are none
    std::string creation_policy;  // empty: none
  };
  ::pawl::Result<Desired, std::string> desired_properties(const StackRecord& stack,
                                                          const templates::Resource& resource,
                                                          const ResourceType& type) const;
  json::Value creation_policy_of(const StackRecord& stack, const std::string& logical_id) const;
  bool takes_too_long(const StackRecord& stack, const OperationRecord& operation) const;
  OperationRecord in_time(const Item& item, const StackRecord& stack, OperationRecord operation);
  void begin_removal(const Item& item, ResourceRecord& found, ResourceRecord& target,
                     const std::string& token);
  int settle(const Item& item, ResourceRecord record, const Outcome& outcome,
             std::string_view verb);
  int create(const Item& item, const StackRecord& stack, ResourceRecord record);
  int change(const Item& item, const StackRecord& stack, ResourceRecord record,
             const json::Value& properties);
  int replace(const Item& item, const StackRecord& stack, const ResourceRecord& record,
              const templates::Resource& resource, const json::Value& properties);
  // `after`: a status that the resource has just before.
  int fail(const Item& item, ResourceRecord record, std::string_view verb, std::string reason,
           std::string_view after = {});
  Request request_for(const StackRecord& stack, const ResourceRecord& record, json::Node properties,
                      json::Node previous, std::string token) const;
  std::optional<ResourceRecord> find_resource(const std::string& stack_id,
                                              const std::string& logical_id) const;
  std::optional<OperationRecord> find_operation(const std::string& stack_id) const;
  // Evaluation against the resources that the stack has.
  templates::Knowledge knowledge_of(const StackRecord& stack, std::set<std::string>* imports) const;
  templates::Surroundings surroundings_of(const StackRecord& stack) const;

  // Blocks until the edit is durable.
  void edit(const std::string& stack_id, const std::function<void(StackEdit&)>& change);
  ::pawl::Result<void, ServiceError> edit_checked(
      const std::string& stack_id,
      const std::function<::pawl::Result<void, ServiceError>(StackEdit&)>& change);
  std::string new_uuid() const;

  Parts parts_;
  Services services_;
  ResourceTypes types_;
  std::string endpoint_;
  mutable std::mutex templates_mutex_;
  mutable std::map<std::string, std::shared_ptr<const templates::Template>> parsed_;
  std::mutex waiting_mutex_;
  std::map<std::string, std::vector<Waiting>> waiting_;  // by stack
  static constexpr unsigned kApiThreads = 2;
  static constexpr unsigned kWorkThreads = 6;
  runtime::Background api_{kApiThreads};
  runtime::Background work_{kWorkThreads};
};

bool may_be_updated(std::string_view status);
::pawl::Result<void, ServiceError> check_stack_name(const std::string& name);
std::string stack_arn(const runtime::Principal& principal, std::string_view name,
                      std::string_view uuid);

// Adds all types of resources there are.
void add_all_types(ResourceTypes& types, Service& service);

}  // namespace pawl::cloudformation
