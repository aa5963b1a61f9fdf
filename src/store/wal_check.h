// Looks through RocksDB's write-ahead logs before RocksDB opens them: zeros that were to be written
// over (store/zero_filled_logs.h) and a torn tail (a write that the last crash cut short and nobody
// was told of) are cut off; damage to anything before it refuses the
// store and says where. RocksDB alone would stop at either with "checksum mismatch".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace pawl::store {

struct WalScan {
  enum class Tail { kIntact, kZeros, kTorn, kDamaged };
  Tail tail = Tail::kIntact;
  std::uint64_t intact_bytes = 0;  // up to the end of the last whole record before any flaw
  std::uint64_t flaw_offset = 0;   // unless intact
  std::string_view flaw = {};      // in words
};

// Of the bytes of one log in RocksDB's log format (32 KiB blocks of checksummed fragments).
WalScan scan_wal(std::string_view wal);

// Every log of the database directory may end in zeros; the newest may end torn, of which `notice`
// hears.
Result<void, StoreError> check_wals(const std::string& directory,
                                    const std::function<void(const std::string&)>& notice);

}  // namespace pawl::store
