// Lists of executions: a merge of all shards' list rows, newest start first. List rows are written
// in the batch of the state they show, so what a list shows is true.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/rows.h"
#include "runtime/selection.h"
#include "store/store.h"

namespace pawl::runtime {

struct ListRequest {
  std::string machine_arn{};
  std::vector<machine::Status> statuses{};  // none: any
  std::string name_prefix{};
  std::function<bool(const Summary&)> wanted = nullptr;  // beside the others; none: all are
  std::optional<ListPosition> after{};                   // of the last entry of the page before
  std::size_t limit = 100;
  // What a page looks at; a row that is passed over by its status or name costs next to nothing.
  std::size_t rows_max = 200'000;
};

struct ListEntry {
  ListPosition position;
  Summary summary;
};

struct ListPage {
  std::vector<ListEntry> entries;
  // Where the next page begins; empty at the end. A page may be short and still have a next one:
  // the rows that one call looks at are bounded.
  std::optional<ListPosition> next;
};

// How many executions of a machine, or children of a Map Run, have which status.
struct StatusCounts {
  std::map<machine::Status, std::uint64_t> counts;
  std::uint64_t examined = 0;
  std::optional<SelectionCursor> next;  // where the rest is counted; nothing: that was all
};

// Of those that started at or after `from`, shard by shard from the cursor on. Reads at most
// `rows_max` rows, and of each only its status.
StatusCounts count_executions(const store::Store& store, std::string_view owner_arn,
                              WallMillis from, const SelectionCursor& cursor,
                              std::uint64_t rows_max, Horizon horizon);

ListPage list_executions(const store::Store& store, const ListRequest& request, Horizon horizon);

}  // namespace pawl::runtime
