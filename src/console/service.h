// The console's one operation of its own: the stream of changes (docs/console.md). All else that
// it shows and does is of other services.
#pragma once

#include "console/change_feed.h"
#include "runtime/operations.h"

namespace pawl::console {

class Service {
 public:
  // `feed` outlives the service.
  explicit Service(ChangeFeed& feed) : feed_(feed) {}

  // Adds the operation to the table, under the signing name "pawl". The service outlives it.
  void add_to(runtime::Operations& operations);

 private:
  ChangeFeed& feed_;
};

}  // namespace pawl::console
