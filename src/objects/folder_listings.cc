#include "objects/folder_listings.h"

#include <algorithm>
#include <filesystem>
#include <numeric>

namespace pawl::objects {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRestsMax = 8;
// An old rest could be taken for the beginning of another list.
constexpr std::chrono::minutes kRestAgeMax{5};

// The first of the keys that are added, in their order.
class FirstKeys {
 public:
  explicit FirstKeys(std::size_t keys_max) : keys_max_(keys_max) {}

  void add(std::string key) {
    keys_.push_back(std::move(key));
    if (keys_.size() == 2 * keys_max_) drop_last();
  }
  std::vector<std::string> sorted() && {
    if (keys_.size() > keys_max_) drop_last();
    std::sort(keys_.begin(), keys_.end());
    return std::move(keys_);
  }

 private:
  void drop_last() {
    const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(keys_max_);
    std::nth_element(keys_.begin(), end, keys_.end());
    keys_.erase(end, keys_.end());
  }

  const std::size_t keys_max_;
  std::vector<std::string> keys_;
};

// The keys of a folder's files, below `relative`, that are wanted; folders that cannot hold one are
// not entered.
void collect(const fs::path& folder, const std::string& relative, std::string_view prefix,
             const std::string& after, FirstKeys& keys) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::string key = relative + entry.path().filename().string();
    if (entry.is_directory(error)) {
      key += '/';
      const std::size_t shared = std::min(prefix.size(), key.size());
      if (key.compare(0, shared, prefix.substr(0, shared)) != 0) continue;
      collect(entry.path(), key, prefix, after, keys);
    } else if (key.starts_with(prefix) && key > after && !key.ends_with(kPartSuffix)) {
      keys.add(std::move(key));
    }
  }
}

}  // namespace

FolderListings::Rest FolderListings::begin(const std::string& folder, std::string_view prefix,
                                           const std::string& after) {
  const Time now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(rests_, [&](const Rest& rest) { return now - rest.begun > kRestAgeMax; });
    const auto found = std::find_if(rests_.rbegin(), rests_.rend(), [&](const Rest& rest) {
      return rest.folder == folder && rest.prefix == prefix && rest.after == after;
    });
    if (found != rests_.rend()) {
      Rest rest = std::move(*found);
      rests_.erase(std::next(found).base());
      return rest;
    }
  }
  Rest rest{.folder = folder, .prefix = std::string(prefix), .after = {}, .begun = now, .keys = {}};
  FirstKeys keys(keys_max_);
  collect(folder, "", prefix, after, keys);
  rest.keys = std::move(keys).sorted();
  std::reverse(rest.keys.begin(), rest.keys.end());
  return rest;
}

void FolderListings::keep(Rest rest) {
  const std::lock_guard lock(mutex_);
  const auto keys = [](std::size_t sum, const Rest& kept) { return sum + kept.keys.size(); };
  while (!rests_.empty() &&
         (rests_.size() == kRestsMax ||
          std::accumulate(rests_.begin(), rests_.end(), rest.keys.size(), keys) > keys_max_)) {
    rests_.erase(rests_.begin());
  }
  rests_.push_back(std::move(rest));
}

std::vector<std::string> FolderListings::page(const std::string& folder, std::string_view prefix,
                                              const std::string& after, std::size_t limit) {
  Rest rest = begin(folder, prefix, after);
  std::vector<std::string> keys;
  std::error_code error;
  while (keys.size() < limit && !rest.keys.empty()) {
    // A file may have gone since.
    if (fs::exists(folder + "/" + rest.keys.back(), error)) {
      keys.push_back(std::move(rest.keys.back()));
    }
    rest.keys.pop_back();
  }
  if (rest.keys.empty() || keys.empty()) return keys;
  rest.after = keys.back();
  keep(std::move(rest));
  return keys;
}

}  // namespace pawl::objects
