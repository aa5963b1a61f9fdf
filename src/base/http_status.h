// The words behind HTTP's status codes.
#pragma once

#include <string_view>

namespace pawl {

// "Not Found" (RFC 9110 section 15); empty for a code that Pawl has no use for: clients read the
// number, the phrase may be missing (RFC 9112 section 4).
std::string_view reason_phrase(int status);

}  // namespace pawl
