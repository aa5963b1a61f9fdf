// The records of one owner in a table of the catalog: those whose keys begin alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/catalog.h"

namespace pawl::runtime {

using CatalogRows = std::vector<std::pair<std::string, std::string>>;  // key, record

// In key order, as they stand in an update.
CatalogRows with_prefix(const Catalog::View& view, std::string_view table, std::string_view prefix);
// As they stand now, at most `limit` of those behind `after` (from the first one where it is
// empty).
CatalogRows with_prefix(const Catalog& catalog, std::string_view table, std::string_view prefix,
                        std::string after = {}, std::size_t limit = SIZE_MAX);

}  // namespace pawl::runtime
