// `orders@$o.stock@$s[$s.sku = $o.sku]`: which of a step's items fit a row, by a hash of their keys
// instead of a comparison of each with each.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/object_index.h"
#include "jsonata/nodes.h"

namespace pawl::jsonata {

// One step's, for as long as its rows are made. Keys are views of values that outlive it.
class HashJoin {
 public:
  // Nothing: the condition is no equality between a path that begins with the name that the step
  // binds to its items, and one that begins with a name bound before.
  static std::optional<HashJoin> of(const Step& step, const Filter* condition,
                                    const TupleLayout& layout);

  const Node& item_key() const { return *item_key_; }
  const Node& row_key() const { return *row_key_; }

  // Whether an index of these items pays: there are some, and the row before had the same.
  bool wants(const Value& items);
  bool is_indexed() const { return indexed_; }
  void add(std::string_view key, std::uint32_t item) { items_of_[key].push_back(item); }
  void finish() { indexed_ = true; }
  // The numbers of the items with this key, in order; nullptr: none.
  const std::vector<std::uint32_t>* find(std::string_view key) const;

 private:
  struct Hash {
    std::size_t operator()(std::string_view key) const { return json::hash_key(key); }
  };
  HashJoin(const Node& item_key, const Node& row_key) : item_key_(&item_key), row_key_(&row_key) {}

  const Node* item_key_;
  const Node* row_key_;
  const Value* elements_ = nullptr;
  std::size_t size_ = 0;
  bool indexed_ = false;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>, Hash> items_of_;
};

}  // namespace pawl::jsonata
