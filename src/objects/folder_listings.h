// Folders listed page by page: what is behind a page is kept for the next one, so that a folder of
// very many files is read once and not for every page.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::objects {

// Files that are being written; no list shows them.
inline constexpr std::string_view kPartSuffix = ".pawl-part";

class FolderListings {
 public:
  // What is kept for all lists together, as nobody knows whether one is ever gone on with, has at
  // most so many keys, and one that is being read twice as many. A list of more reads its folder
  // again behind them.
  explicit FolderListings(std::size_t keys_max = 1'000'000) : keys_max_(keys_max) {}

  // Files below the folder in the order of their keys, which are their relative paths: those that
  // begin with `prefix`, behind the key `after`, at most `limit`. A list that goes on where a page
  // ended shows what was there when it began. Any thread.
  std::vector<std::string> page(const std::string& folder, std::string_view prefix,
                                const std::string& after, std::size_t limit);

 private:
  using Time = std::chrono::steady_clock::time_point;
  // What is left of a list whose last page ended with the key `after`.
  struct Rest {
    std::string folder;
    std::string prefix;
    std::string after;
    Time begun;
    std::vector<std::string> keys;  // the next one last
  };

  Rest begin(const std::string& folder, std::string_view prefix, const std::string& after);
  void keep(Rest rest);

  const std::size_t keys_max_;
  std::mutex mutex_;
  std::vector<Rest> rests_;  // oldest first; guarded by mutex_
};

}  // namespace pawl::objects
