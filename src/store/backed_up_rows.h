// The rows of a backup, to look at: what must be beside them follows from them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/store.h"

namespace pawl::store {

class BackedUpRows {
 public:
  virtual ~BackedUpRows() = default;
  // Forward, as Store::scan.
  virtual Result<void, StoreError> scan(ShardId shard, Space space, std::string_view from,
                                        std::string_view to, const Store::Visit& visit) const = 0;
};

// Of what Store::backup has made in `directory`, which stays as it is.
Result<std::unique_ptr<BackedUpRows>, StoreError> read_backup(const std::string& directory);

}  // namespace pawl::store
