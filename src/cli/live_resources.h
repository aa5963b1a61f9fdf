// Which of the resources that the stream of changes tells of a change of the catalog belongs to.
#pragma once

#include "console/change_feed.h"
#include "runtime/catalog.h"

namespace pawl::cli {

// Touches the stack or the pipeline whose record, execution, resource or event has changed.
void tell_resource(console::ChangeFeed& feed, const runtime::Catalog::Change& change);

}  // namespace pawl::cli
