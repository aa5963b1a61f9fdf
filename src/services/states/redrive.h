// What an execution's description says about redrives.
#pragma once

#include <string_view>

#include "json/writer.h"
#include "runtime/rows.h"

namespace pawl::states {

// redriveCount, redriveDate, redriveStatus and redriveStatusReason; `not_redrivable` is the reason,
// empty: it may be redriven.
void write_redrive(json::Writer& out, const runtime::Summary& summary,
                   std::string_view not_redrivable);

}  // namespace pawl::states
