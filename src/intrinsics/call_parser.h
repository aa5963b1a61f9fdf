// Text -> CallNode (States Language, "Intrinsic Functions"); internal to the layer.
#pragma once

#include <string_view>

#include "base/result.h"
#include "intrinsics/call.h"
#include "intrinsics/call_node.h"

namespace pawl::intrinsics {

Result<CallNode, CompileError> parse_call(std::string_view text);

}  // namespace pawl::intrinsics
