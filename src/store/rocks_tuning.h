// How RocksDB is set up: durability (decision D4) and the shape of its two column families
// (decision D19). The figures behind each choice are in docs/adr/0003-store-layout.md.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <memory>
#include <string_view>
#include <vector>

namespace pawl::store {

inline constexpr std::string_view kHistoryFamily = "history";

// The state space lives in the default column family, history in its own.
rocksdb::DBOptions database_options();
std::vector<rocksdb::ColumnFamilyDescriptor> column_families();

}  // namespace pawl::store
