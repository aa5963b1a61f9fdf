// The revisions that a state machine had before its current one, so that what has changed can be
// looked at afterwards. One record of the catalog a machine, the newest first; definitions are
// stored by their hashes, as those of current revisions are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "runtime/catalog.h"
#include "runtime/operations.h"
#include "services/states/directory.h"

namespace pawl::states {

inline constexpr std::string_view kPastRevisionTable = "past-revisions";  // by the machine's ARN
// Of each machine; older ones are forgotten.
inline constexpr std::size_t kPastRevisionsMax = 50;
// What AWS calls the revision of a machine that was never updated.
inline constexpr std::string_view kFirstRevision = "INITIAL";

struct PastRevision {
  std::string revision_id;  // kFirstRevision: the first
  std::string definition_hash;
  std::string role_arn;
  WallMillis time = 0;  // when it became the current one
};

PastRevision revision_of(const MachineRecord& machine);

std::vector<PastRevision> read_past_revisions(std::string_view record);

// The machine's record with one more revision in front. `record` is the one before, or empty.
std::string add_past_revision(std::string_view record, const MachineRecord& past);

// ListRevisions and DescribeRevision (docs/console.md): the current one first.
runtime::OperationResult list_revisions(const runtime::Catalog& catalog, const Directory& directory,
                                        const runtime::Call& call);
runtime::OperationResult describe_revision(const runtime::Catalog& catalog,
                                           const Directory& directory, const runtime::Call& call);

}  // namespace pawl::states
