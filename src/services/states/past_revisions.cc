#include "services/states/past_revisions.h"

#include "json/number.h"
#include "json/writer.h"
#include "services/states/arns.h"
#include "services/states/fields.h"

namespace pawl::states {

namespace {

void write_record(json::Writer& out, const PastRevision& revision) {
  out.begin_object().key("revisionId").string(revision.revision_id);
  out.key("definition").string(revision.definition_hash);
  out.key("roleArn").string(revision.role_arn);
  out.key("time").integer(revision.time).end_object();
}

std::string text_in(json::Node entry, std::string_view member) {
  const json::Node* node = entry.find(member);
  return node != nullptr && node->is_string() ? std::string(node->string()) : std::string();
}

// The members of a revision, into an open object.
void write_revision(json::Writer& out, const PastRevision& revision) {
  out.key("revisionId").string(revision.revision_id).key("updateDate");
  write_time(out, revision.time);
  out.key("roleArn").string(revision.role_arn);
}

::pawl::Result<std::vector<PastRevision>, runtime::ServiceError> revisions_of(
    const runtime::Catalog& catalog, const Directory& directory, const Fields& fields) {
  const Arn arn = TRY(required_arn(fields, "stateMachineArn", "stateMachine"));
  const auto machine = directory.machine(arn.unqualified());
  if (!machine) {
    return Err{service_error("StateMachineDoesNotExist",
                             "State Machine Does Not Exist: '" + arn.text + "'")};
  }
  std::vector<PastRevision> revisions{revision_of(*machine)};
  const auto record = catalog.get(kPastRevisionTable, machine->arn);
  for (PastRevision& past : read_past_revisions(record.value_or(""))) {
    revisions.push_back(std::move(past));
  }
  return revisions;
}

}  // namespace

PastRevision revision_of(const MachineRecord& machine) {
  return {.revision_id =
              machine.revision_id.empty() ? std::string(kFirstRevision) : machine.revision_id,
          .definition_hash = machine.definition_hash,
          .role_arn = machine.role_arn,
          .time = machine.update_time};
}

std::vector<PastRevision> read_past_revisions(std::string_view record) {
  std::vector<PastRevision> revisions;
  if (record.empty()) return revisions;
  const json::Value list = json::Value::trusted(std::string(record));
  for (const json::Node& entry : list.root()) {
    const json::Node* time = entry.find("time");
    revisions.push_back({.revision_id = text_in(entry, "revisionId"),
                         .definition_hash = text_in(entry, "definition"),
                         .role_arn = text_in(entry, "roleArn"),
                         .time = time ? json::to_int64(time->number_text()).value_or(0) : 0});
  }
  return revisions;
}

std::string add_past_revision(std::string_view record, const MachineRecord& past) {
  std::vector<PastRevision> revisions = read_past_revisions(record);
  revisions.insert(revisions.begin(), revision_of(past));
  if (revisions.size() > kPastRevisionsMax) revisions.resize(kPastRevisionsMax);
  std::string text;
  json::Writer out(text);
  out.begin_array();
  for (const PastRevision& revision : revisions) write_record(out, revision);
  out.end_array();
  return text;
}

runtime::OperationResult list_revisions(const runtime::Catalog& catalog, const Directory& directory,
                                        const runtime::Call& call) {
  const std::vector<PastRevision> revisions =
      TRY(revisions_of(catalog, directory, Fields(call.input)));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("revisions").begin_array();
  for (const PastRevision& revision : revisions) {
    out.begin_object();
    write_revision(out, revision);
    out.end_object();
  }
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

runtime::OperationResult describe_revision(const runtime::Catalog& catalog,
                                           const Directory& directory, const runtime::Call& call) {
  const Fields fields(call.input);
  const std::string_view wanted = TRY(fields.required("revisionId"));
  const std::vector<PastRevision> revisions = TRY(revisions_of(catalog, directory, fields));
  for (const PastRevision& revision : revisions) {
    if (revision.revision_id != wanted) continue;
    std::string text;
    json::Writer out(text);
    out.begin_object();
    write_revision(out, revision);
    out.key("definition")
        .string(directory.definition_text(revision.definition_hash).value_or("{}"));
    out.end_object();
    return json::Value::trusted(std::move(text));
  }
  return Err{service_error("ResourceNotFound",
                           "There is no such revision: '" + std::string(wanted) + "'")};
}

}  // namespace pawl::states
