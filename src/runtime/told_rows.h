// What a row that was committed belongs to, for whoever hears of commits (store/observed_store.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace pawl::runtime {

// Views into the row's key.
struct CatalogRow {
  std::string_view table;
  std::string_view key;
};
// A record of the catalog; nothing: it is another row.
std::optional<CatalogRow> catalog_row(store::ShardId shard, const store::Batch::Row& row);

// The ARN of the Map Run whose row it is; nothing: it is another row, or it is being erased.
std::optional<std::string> map_run_of(const store::Batch::Row& row);

}  // namespace pawl::runtime
