// Path text -> steps, as Jayway 2.0.0's PathCompiler reads it; internal to the layer.
//
// It is no grammar but a scanner with habits: brackets are matched without regard to quotes, what a
// bracket means is decided by the first telling character in it, and `.name` is read as `['name']`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jsonpath/program.h"

namespace pawl::jsonpath {

// What a whole path shares with the paths inside its filters.
struct Numbering {
  std::vector<std::string> document_paths;  // the `$` paths in filters; their number is their place
  std::uint8_t hints = 0;
  int depth = 0;  // of filters in filters
};

// More steps than this, and deeper filters, are refused: no document needs them.
inline constexpr std::size_t kStepsMax = 1'000;
inline constexpr int kFilterDepthMax = 32;

// `text` is not empty.
Result<CompiledPath, Exception> parse_path(std::string_view text, Numbering& numbering);

}  // namespace pawl::jsonpath
