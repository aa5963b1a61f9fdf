// Executions by what their list rows say, for whoever does something with all of them. Not in the
// order of time but shard by shard, so that a page costs what it looks at, however many executions
// there are; a cursor says where the next page begins, and holds through restarts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "runtime/rows.h"
#include "store/store.h"

namespace pawl::runtime {

// All that is given must hold. Children of Map Runs belong to their parents: they are found by
// their Map Run's ARN only.
struct Selection {
  std::optional<std::string> owner{};  // a machine's ARN, or a Map Run's; none: every machine's
  std::vector<machine::Status> statuses{};  // none: any
  WallMillis started_from = 0;
  std::optional<WallMillis> started_before{};
  std::string name_prefix{};
  bool paused = false;  // only those that are paused by themselves
  bool halted = false;  // only those that have halted

  bool matches(const Summary& summary) const;
};

struct SelectionCursor {
  store::ShardId shard = 0;
  std::string key;  // of the first row to look at; empty: the shard's first
};
std::string encode(const SelectionCursor& cursor);
std::optional<SelectionCursor> decode_selection_cursor(std::string_view bytes);

struct SelectedPage {
  struct Match {
    ExecutionId id;
    Summary summary;
  };
  std::vector<Match> matches;
  std::size_t examined = 0;
  std::optional<SelectionCursor> next;  // nothing: that was the last page
};

// At most `matches_max` of them, after looking at a bounded number of rows.
SelectedPage select_executions(const store::Store& store, const Selection& selection,
                               const SelectionCursor& from, std::size_t matches_max,
                               Horizon horizon);

}  // namespace pawl::runtime
