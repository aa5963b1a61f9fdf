#include "runtime/catalog_rows.h"

#include <algorithm>

namespace pawl::runtime {

CatalogRows with_prefix(const Catalog::View& view, std::string_view table,
                        std::string_view prefix) {
  CatalogRows rows;
  const Catalog::Table& records = view.table(table);
  for (auto at = records.lower_bound(prefix); at != records.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    rows.emplace_back(at->first, at->second);
  }
  return rows;
}

CatalogRows with_prefix(const Catalog& catalog, std::string_view table, std::string_view prefix,
                        std::string after, std::size_t limit) {
  constexpr std::size_t kPage = 256;
  // What is listed stands behind `after`: the prefix itself is no record's key.
  if (after.empty()) after = prefix;
  CatalogRows rows;
  while (rows.size() < limit) {
    const std::size_t wanted = std::min(kPage, limit - rows.size());
    CatalogRows page = catalog.list(table, after, wanted);
    for (auto& row : page) {
      if (!row.first.starts_with(prefix)) return rows;
      after = row.first;
      rows.push_back(std::move(row));
    }
    if (page.size() < wanted) return rows;
  }
  return rows;
}

}  // namespace pawl::runtime
