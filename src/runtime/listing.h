// Lists of executions: a merge of all shards' list rows, newest start first. List rows are written
// in the batch of the state they show, so what a list shows is true.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/rows.h"
#include "store/store.h"

namespace pawl::runtime {

struct ListRequest {
  std::string machine_arn;
  std::optional<machine::Status> status;
  std::function<bool(const Summary&)> wanted = nullptr;  // beside `status`; none: all are
  std::optional<ListPosition> after;                     // of the last entry of the page before
  std::size_t limit = 100;
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

ListPage list_executions(const store::Store& store, const ListRequest& request, Horizon horizon);

}  // namespace pawl::runtime
