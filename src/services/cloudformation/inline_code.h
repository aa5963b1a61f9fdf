// Lambda's inline code (`Code: {ZipFile: text}`) as the package that the Lambda service takes.
#pragma once

#include <string>
#include <string_view>

namespace pawl::cloudformation {

// A zip archive, in base64: index.js or index.py with `code`, and beside it the module that answers
// custom resources (`cfn-response`, `cfnresponse`).
std::string inline_package(std::string_view runtime, std::string_view code);

}  // namespace pawl::cloudformation
