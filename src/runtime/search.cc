#include "runtime/search.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "json/arena.h"

namespace pawl::runtime {

std::shared_ptr<const SearchAttributes> SearchDeclarations::of(std::uint64_t machine) const {
  if (!any_) return nullptr;
  const std::shared_lock lock(mutex_);
  const auto found = machines_.find(machine);
  return found == machines_.end() ? nullptr : found->second;
}

void SearchDeclarations::set(std::uint64_t machine, SearchAttributes attributes) {
  const std::unique_lock lock(mutex_);
  if (attributes.empty()) {
    machines_.erase(machine);
  } else {
    machines_[machine] = std::make_shared<const SearchAttributes>(std::move(attributes));
  }
  any_ = !machines_.empty();
}

void index_document(const SearchAttributes& attributes, SearchAttribute::Source source,
                    const json::Value& document, std::vector<SearchEntry>& entries) {
  json::Arena arena;
  for (const SearchAttribute& attribute : attributes) {
    if (attribute.source != source) continue;
    std::erase_if(entries,
                  [&](const SearchEntry& entry) { return entry.attribute == attribute.id; });
    const auto found = attribute.path.evaluate(document.root(), arena);
    if (!found.ok()) continue;  // the execution has no such value
    if (auto value = SearchValue::of(*found)) {
      entries.push_back({attribute.id, std::move(*value)});
    }
  }
}

}  // namespace pawl::runtime
