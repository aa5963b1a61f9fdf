// The addresses of functions, and what goes with the function or alias that they belong to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/catalog.h"

namespace pawl::lambda {

// `endpoint`: scheme, host and port of this server.
std::string function_url(std::string_view endpoint, std::string_view id, std::string_view region);

// Removes the URL of a function's or alias's key, if there is one.
void drop_url(const runtime::Catalog::View& view, const std::string& key,
              std::vector<runtime::Catalog::Change>& changes);

}  // namespace pawl::lambda
