// Search attributes (docs/search.md, docs/adr/0016): values out of executions' inputs and outputs
// by which lists can be asked. An execution's summary has its values; a row for each of them,
// ordered by value, is written with the list row.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "jsonpath/path.h"
#include "runtime/execution_id.h"
#include "runtime/search_value.h"

namespace pawl::runtime {

struct SearchAttribute {
  enum class Source { kInput, kOutput };

  std::uint32_t id = 0;  // of this declaration; never given twice in a machine
  std::string name;
  Source source = Source::kInput;
  jsonpath::Path path;
};
using SearchAttributes = std::vector<SearchAttribute>;

// What machines have declared. Thread-safe.
class SearchDeclarations {
 public:
  // nullptr: nothing. Costs next to nothing where no machine has declared anything.
  std::shared_ptr<const SearchAttributes> of(std::uint64_t machine) const;
  void set(std::uint64_t machine, SearchAttributes attributes);

 private:
  std::atomic<bool> any_{false};
  mutable std::shared_mutex mutex_;
  std::map<std::uint64_t, std::shared_ptr<const SearchAttributes>> machines_;
};

// The values that the attributes of `source` have in a document, put over `entries`. What is no
// text, number or boolean, or too long, is not indexed.
void index_document(const SearchAttributes& attributes, SearchAttribute::Source source,
                    const json::Value& document, std::vector<SearchEntry>& entries);

}  // namespace pawl::runtime
