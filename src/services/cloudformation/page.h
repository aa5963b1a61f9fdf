// Lists in pages: the token is what the last page ended with.
#pragma once

#include <string>
#include <string_view>

namespace pawl::cloudformation {

// The key as a token that clients cannot mistake for something to read.
std::string make_token(std::string_view key);
// The key again; the token's own text when it is none of ours.
std::string read_token(std::string_view token);

}  // namespace pawl::cloudformation
