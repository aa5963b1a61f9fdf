// What the operations of services answer, as far as mocks are held against it.
//
// A shape is written
//   s s(1,64)   a string, with the bounds of its length      t    a timestamp (text)
//   n n(0,900)  a number, with its bounds                    b    a boolean
//   e(A|B)      one of these strings                         B    a blob (base64 text)
//   [x]         a list of x                                  <x>  a map to x
//   {a:x,b*:y}  a structure; b is required                   j    any value
//   @Name       the shape of that name
#pragma once

#include <string_view>

namespace pawl::states {

// Of "sfn", "startExecution", as the SDK integrations name service and action; empty: not known.
std::string_view mock_shape(std::string_view service, std::string_view action);
// Of `@Name`.
std::string_view named_mock_shape(std::string_view name);

}  // namespace pawl::states
