// What is kept of stacks, as records of the catalog (docs/formats/stacks.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "json/value.h"
#include "runtime/catalog_rows.h"
#include "templates/parameters.h"

namespace pawl::cloudformation {

using Change = runtime::Catalog::Change;
using Changes = std::vector<Change>;
using View = runtime::Catalog::View;

// Tables of the catalog, and their keys.
inline constexpr std::string_view kStackTable = "cfn-stacks";           // stack id
inline constexpr std::string_view kNameTable = "cfn-names";             // account:region:name
inline constexpr std::string_view kTemplateTable = "cfn-templates";     // SHA-256 of the text
inline constexpr std::string_view kResourceTable = "cfn-resources";     // stack id#logical id
inline constexpr std::string_view kEventTable = "cfn-events";           // stack id#countdown
inline constexpr std::string_view kChangeSetTable = "cfn-change-sets";  // stack id#name
inline constexpr std::string_view kOperationTable = "cfn-operations";   // stack id
inline constexpr std::string_view kExportTable = "cfn-exports";         // account:region:name
inline constexpr std::string_view kImportTable = "cfn-imports";  // account:region:name#stack id
inline constexpr std::string_view kSignalTable = "cfn-signals";  // handle#unique id

struct Tag {
  std::string key, value;
  friend bool operator==(const Tag&, const Tag&) = default;
};

struct StackOutput {
  std::string key, value, description, export_name;
};

// The part of a stack that an update replaces, and a rollback brings back.
struct StackContent {
  std::string template_hash;   // as it was given
  std::string processed_hash;  // with its transforms applied
  templates::ParameterValues parameters;
  std::vector<Tag> tags;
  std::vector<std::string> capabilities;
  std::vector<std::string> notification_arns;
  std::string role_arn;
  std::string description;
  std::vector<StackOutput> outputs;
};

enum class OnFailure { kRollback, kDelete, kDoNothing };

struct StackRecord {
  std::string id, name, account, region;
  std::string status, status_reason;
  StackContent content;
  WallMillis creation_time = 0, update_time = 0, deletion_time = 0;
  std::string change_set_id, parent_id, root_id;
  std::string policy;
  std::string creation_token;  // CreateStack's ClientRequestToken
  OnFailure on_failure = OnFailure::kRollback;
  std::int64_t timeout_minutes = 0;
  bool termination_protected = false;
  std::int64_t event_count = 0;

  std::string name_key() const { return account + ":" + region + ":" + name; }
  std::string to_json() const;
  static StackRecord from_json(std::string_view record);
};

struct ResourceRecord {
  std::string logical_id, type, physical_id;
  std::string status, status_reason;
  WallMillis time = 0;
  std::string properties = "{}";   // as they were given to the resource: JSON
  std::string shown;               // the same without secrets; empty: there are none
  std::string attributes = "{}";   // what GetAtt answers: JSON
  std::string metadata;            // JSON; empty: none
  std::vector<std::string> needs;  // logical ids
  std::string deletion_policy = "Delete", replace_policy = "Delete";
  // The operation and phase that has dealt with it: "<operation>/<phase>".
  std::string settled;
  // What the current operation has begun: the token of a call whose outcome is not on record yet.
  std::string begun;
  // A resource that the operation has replaced or is changing, as it was before: a record.
  std::string before;
  bool replaced = false;  // `before` is another physical resource

  std::string to_json() const;
  static ResourceRecord from_json(std::string_view record);
};

// An operation on a stack that is not over.
struct OperationRecord {
  std::string id;                   // the name of the workflow's run
  std::string kind;                 // "create", "update", "delete"
  std::string phase;                // "apply", "rollback", "cleanup", "remove"
  std::string token;                // ClientRequestToken
  std::string failure;              // why it failed; empty: it has not
  std::vector<std::string> failed;  // logical ids
  std::string failed_verb;          // "create", "update", "delete"
  bool keeps_on_failure = false;    // no rollback
  bool cancelled = false;
  std::vector<std::string> retained;  // DeleteStack's RetainResources
  std::string change_set;             // key of the change set that it executes
  std::string policy;                 // instead of the stack's, for this update
  // The stack's content and status before an update.
  std::string before;  // a StackRecord

  std::string to_json() const;
  static OperationRecord from_json(std::string_view record);
};

struct ChangeSetRecord {
  std::string id, name, description, type;  // type: CREATE, UPDATE
  std::string stack_id, stack_name;
  std::string status, status_reason, execution_status;
  WallMillis creation_time = 0;
  StackContent content;
  std::string changes = "[]";  // as DescribeChangeSet shows them
  std::string client_token;
  OnFailure on_failure = OnFailure::kRollback;
  std::string parent_id, root_id;

  std::string to_json() const;
  static ChangeSetRecord from_json(std::string_view record);
};

std::string resource_key(std::string_view stack_id, std::string_view logical_id);
std::string change_set_key(std::string_view stack_id, std::string_view name);

// "2026-11-22T06:00:00.123Z".
std::string iso_time(WallMillis time);

}  // namespace pawl::cloudformation
