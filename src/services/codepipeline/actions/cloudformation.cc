// Deploy: CloudFormation. Stack operations are begun under the action run's id as their token: a
// run that comes again after a crash sees by the stack's events whether it has begun one.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "services/codepipeline/action_types.h"
#include "services/codepipeline/client.h"
#include "services/codepipeline/stack_template.h"

namespace pawl::codepipeline {

namespace {

using json::Node;

Failure failed(std::string message) { return {"JobFailed", std::move(message), {}}; }
Failure misconfigured(std::string message) {
  return {"ConfigurationError", std::move(message), {}};
}

struct StackState {
  bool exists = false;
  std::string id;
  std::string status;
  std::string reason;
  TextMap outputs;
  std::vector<std::string> parameters;

  bool is_busy() const { return status.ends_with("_IN_PROGRESS") && !is_only_reviewed(); }
  // A change set has made it, and nothing was executed yet.
  bool is_only_reviewed() const { return status == "REVIEW_IN_PROGRESS"; }
};

// One stack operation of one action.
class Deployment {
 public:
  Deployment(Work& work, Client client)
      : work_(work), client_(std::move(client)), stack_(work.text("StackName")) {}

  Progress step() {
    const std::string mode = work_.text("ActionMode");
    if (phase() == "watching") return watch();
    if (phase() == "change-set") return watch_change_set();
    auto state = describe(stack_);
    if (!state.ok()) return misconfigured(state.error());
    if (state->is_busy()) {
      // Ours, if the server ended between the call and its note; else somebody else's to wait for.
      return phase() == "calling" && has_begun() ? watching() : later();
    }
    if (phase() == "calling" && has_begun()) return watching();
    if (mode == "CREATE_UPDATE") return create_or_update(*state);
    if (mode == "REPLACE_ON_FAILURE") return replace(*state);
    if (mode == "DELETE_ONLY") return remove(*state);
    if (mode == "CHANGE_SET_REPLACE") return replace_change_set(*state);
    if (mode == "CHANGE_SET_EXECUTE") return execute_change_set();
    return misconfigured(fmt::format("'{}' is not a valid ActionMode", mode));
  }

 private:
  const std::string& phase() { return work_.run.data["phase"]; }
  void enter(std::string phase) {
    work_.run.data["phase"] = std::move(phase);
    work_.save();
  }
  Progress later() const { return Waiting{work_.now + work_.poll_millis}; }
  Progress watching() {
    enter("watching");
    return later();
  }

  Answer call(std::string_view operation, const std::function<void(json::Writer&)>& members) const {
    std::string input;
    json::Writer out(input);
    out.begin_object();
    members(out);
    out.end_object();
    return client_.call("cloudformation", operation, std::move(input), work_.run.id);
  }

  Result<StackState, std::string> describe(const std::string& stack) const {
    const auto answer =
        call("DescribeStacks", [&](json::Writer& out) { out.key("StackName").string(stack); });
    if (!answer.ok()) {
      const bool none = answer.error().message.find("does not exist") != std::string::npos;
      if (none) return StackState();
      return Err{answer.error().message};
    }
    const Node& found = answer->root().find("Stacks")->at(0);
    StackState state{true,
                     text_in(found, "StackId"),
                     text_in(found, "StackStatus"),
                     text_in(found, "StackStatusReason"),
                     {},
                     {}};
    if (const Node* outputs = node_in(found, "Outputs")) {
      for (const Node& each : *outputs) {
        state.outputs[text_in(each, "OutputKey")] = text_in(each, "OutputValue");
      }
    }
    if (const Node* parameters = node_in(found, "Parameters")) {
      for (const Node& each : *parameters) {
        state.parameters.push_back(text_in(each, "ParameterKey"));
      }
    }
    return state;
  }

  // Whether an operation was begun under our token.
  bool has_begun() const {
    const auto answer = call("DescribeStackEvents",
                             [&](json::Writer& out) { out.key("StackName").string(stack()); });
    if (!answer.ok()) return false;
    const Node* events = answer->root().find("StackEvents");
    return events != nullptr &&
           std::any_of(events->begin(), events->end(), [this](const Node& event) {
             return text_in(event, "ClientRequestToken") == work_.run.id;
           });
  }

  // By its id once that is known: a stack that is deleted has no name.
  std::string stack() const {
    const auto id = work_.run.data.find("stack");
    return id == work_.run.data.end() ? stack_ : id->second;
  }

  void write_source(json::Writer& out, const StackTemplate& source, const StackState& state) const {
    out.key("StackName").string(stack_).key("TemplateBody").string(source.body);
    out.key("Parameters").begin_array();
    for (const auto& [name, value] : source.parameters) {
      out.begin_object().key("ParameterKey").string(name);
      out.key("ParameterValue").string(value).end_object();
    }
    for (const std::string& name : kept_parameters(source, state)) {
      out.begin_object().key("ParameterKey").string(name);
      out.key("UsePreviousValue").boolean(true).end_object();
    }
    out.end_array().key("Capabilities").begin_array();
    for (const std::string& each : split(work_.text("Capabilities"))) out.string(each);
    out.end_array();
    write_text(out, "RoleARN", work_.text("RoleArn"));
    if (!source.tags.empty()) {
      out.key("Tags").begin_array();
      for (const auto& [name, value] : source.tags) {
        out.begin_object().key("Key").string(name).key("Value").string(value).end_object();
      }
      out.end_array();
    }
  }

  // What the stack has and nobody gives anew keeps its value.
  std::vector<std::string> kept_parameters(const StackTemplate& source,
                                           const StackState& state) const {
    std::vector<std::string> kept;
    if (state.parameters.empty()) return kept;
    const auto summary = call("GetTemplateSummary", [&](json::Writer& out) {
      out.key("TemplateBody").string(source.body);
    });
    const Node* declared = summary.ok() ? node_in(summary->root(), "Parameters") : nullptr;
    if (declared == nullptr) return kept;
    for (const Node& each : *declared) {
      const std::string name = text_in(each, "ParameterKey");
      const bool had = std::find(state.parameters.begin(), state.parameters.end(), name) !=
                       state.parameters.end();
      if (had && !source.parameters.contains(name)) kept.push_back(name);
    }
    return kept;
  }

  Progress create_or_update(const StackState& state) {
    const auto source = read_stack_template(work_);
    if (!source.ok()) return misconfigured(source.error());
    const bool exists = state.exists && !state.is_only_reviewed();
    enter("calling");
    const auto answer = call(exists ? "UpdateStack" : "CreateStack", [&](json::Writer& out) {
      write_source(out, *source, state);
      out.key("ClientRequestToken").string(work_.run.id);
      if (!source->policy.empty()) out.key("StackPolicyBody").string(source->policy);
    });
    if (answer.ok()) {
      work_.run.data["stack"] = text_in(answer->root(), "StackId");
      return watching();
    }
    if (answer.error().message.starts_with("No updates are to be performed")) {
      return succeeded(state);
    }
    return failed(answer.error().message);
  }

  Progress replace(const StackState& state) {
    constexpr std::array kFailed = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED",
                                    "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED"};
    const bool is_failed = std::find(kFailed.begin(), kFailed.end(), state.status) != kFailed.end();
    if (!is_failed) return create_or_update(state);
    const auto answer = call("DeleteStack", [&](json::Writer& out) {
      out.key("StackName").string(stack_);
      write_text(out, "RoleARN", work_.text("RoleArn"));
    });
    if (!answer.ok()) return failed(answer.error().message);
    return later();
  }

  Progress remove(const StackState& state) {
    if (!state.exists) return Success{.summary = "The stack does not exist"};
    work_.run.data["stack"] = state.id;
    enter("calling");
    const auto answer = call("DeleteStack", [&](json::Writer& out) {
      out.key("StackName").string(stack_).key("ClientRequestToken").string(work_.run.id);
      write_text(out, "RoleARN", work_.text("RoleArn"));
    });
    if (!answer.ok()) return failed(answer.error().message);
    return watching();
  }

  void write_change_set(json::Writer& out) const {
    out.key("StackName").string(stack_);
    out.key("ChangeSetName").string(work_.text("ChangeSetName"));
  }

  Progress replace_change_set(const StackState& state) {
    if (work_.text("ChangeSetName").empty()) return misconfigured("ChangeSetName is required");
    const auto source = read_stack_template(work_);
    if (!source.ok()) return misconfigured(source.error());
    if (state.exists) {
      const auto gone = call("DeleteChangeSet", [&](json::Writer& out) { write_change_set(out); });
      if (!gone.ok() && gone.error().code.find("NotFound") == std::string::npos) {
        return failed(gone.error().message);
      }
    }
    const bool creates = !state.exists || state.is_only_reviewed();
    const auto answer = call("CreateChangeSet", [&](json::Writer& out) {
      write_source(out, *source, state);
      out.key("ChangeSetName").string(work_.text("ChangeSetName"));
      out.key("ChangeSetType").string(creates ? "CREATE" : "UPDATE");
    });
    if (!answer.ok()) return failed(answer.error().message);
    work_.run.data["stack"] = text_in(answer->root(), "StackId");
    enter("change-set");
    return watch_change_set();
  }

  static bool has_no_changes(const json::Value& set) {
    const std::string reason = text_in(set.root(), "StatusReason");
    return text_in(set.root(), "Status") == "FAILED" &&
           (reason.find("didn't contain changes") != std::string::npos ||
            reason.find("No updates are to be performed") != std::string::npos);
  }

  Progress watch_change_set() {
    const auto set = call("DescribeChangeSet", [&](json::Writer& out) { write_change_set(out); });
    if (!set.ok()) return failed(set.error().message);
    const std::string status = text_in(set->root(), "Status");
    if (status.ends_with("_IN_PROGRESS") || status.ends_with("_PENDING")) return later();
    if (status == "CREATE_COMPLETE" || has_no_changes(*set)) {
      return Success{.summary = "Change set " + work_.text("ChangeSetName") + " was created.",
                     .external_id = text_in(set->root(), "ChangeSetId")};
    }
    return failed(text_in(set->root(), "StatusReason"));
  }

  Progress execute_change_set() {
    if (work_.text("ChangeSetName").empty()) return misconfigured("ChangeSetName is required");
    const auto set = call("DescribeChangeSet", [&](json::Writer& out) { write_change_set(out); });
    if (!set.ok()) return failed(set.error().message);
    if (has_no_changes(*set)) return Success{.summary = "The change set had no changes"};
    work_.run.data["stack"] = text_in(set->root(), "StackId");
    enter("calling");
    const auto answer = call("ExecuteChangeSet", [&](json::Writer& out) {
      write_change_set(out);
      out.key("ClientRequestToken").string(work_.run.id);
    });
    if (!answer.ok()) return failed(answer.error().message);
    return watching();
  }

  Progress watch() {
    const auto state = describe(stack());
    if (!state.ok()) return failed(state.error());
    const bool deletes = work_.text("ActionMode") == "DELETE_ONLY";
    if (state->is_busy()) return later();
    if (deletes && (!state->exists || state->status == "DELETE_COMPLETE")) {
      return Success{.summary = "Stack " + stack_ + " was deleted."};
    }
    const bool good = state->status == "CREATE_COMPLETE" || state->status == "UPDATE_COMPLETE";
    if (good && !deletes) return succeeded(*state);
    return Failure{"JobFailed",
                   fmt::format("Stack {} has status {}. {}", stack_, state->status,
                               state->reason.empty() ? first_failure() : state->reason),
                   state->id};
  }

  // Why the operation failed, as the first of its resources that did tells it.
  std::string first_failure() const {
    std::string reason;
    const auto answer = call("DescribeStackEvents",
                             [&](json::Writer& out) { out.key("StackName").string(stack()); });
    if (!answer.ok()) return reason;
    for (const Node& event : *answer->root().find("StackEvents")) {
      const bool ours = text_in(event, "ClientRequestToken") == work_.run.id;
      if (ours && text_in(event, "ResourceStatus").ends_with("_FAILED")) {
        reason =
            text_in(event, "LogicalResourceId") + ": " + text_in(event, "ResourceStatusReason");
      }
    }
    return reason;
  }

  Progress succeeded(const StackState& state) {
    if (const auto written = write_outputs(work_, state.outputs); !written.ok()) {
      return failed(written.error());
    }
    return Success{.variables = state.outputs,
                   .summary = "Stack " + stack_ + " has status " + state.status + ".",
                   .external_id = state.id};
  }

  Work& work_;
  const Client client_;
  const std::string stack_;
};

Progress perform(Work& work) {
  return Deployment(work, work.client.in_region(work.action.region)).step();
}

}  // namespace

ActionTypeInfo cloudformation_deploy() {
  return {.id = {"Deploy", "AWS", "CloudFormation", "1"},
          .inputs = {0, 10},
          .outputs = {0, 1},
          .configuration = {{.name = "ActionMode", .is_required = true},
                            {.name = "StackName", .is_required = true},
                            {.name = "Capabilities"},
                            {.name = "ChangeSetName"},
                            {.name = "RoleArn"},
                            {.name = "TemplatePath"},
                            {.name = "OutputFileName"},
                            {.name = "ParameterOverrides"},
                            {.name = "TemplateConfiguration"}},
          .perform = perform};
}

}  // namespace pawl::codepipeline
