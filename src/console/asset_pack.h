// Files of the console by path, each compressed once, when it was built.
//
// The pack is text, then bytes: the line "pawl-pack 1"; a line for each file, "path digest bytes";
// an empty line; the files' gzip streams one after the other, in that order.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::console {

struct Asset {
  std::string_view digest;  // of the content: hexadecimal
  std::string_view gzip;    // the content, compressed
};

class AssetPack {
 public:
  // `bytes` outlive the pack. An empty text is a pack of no files; the error says what is wrong.
  static Result<AssetPack, std::string> read(std::string_view bytes);

  bool empty() const { return assets_.empty(); }
  // nullptr: there is no such file. `path` has no slash at its beginning.
  const Asset* find(std::string_view path) const;

 private:
  std::map<std::string, Asset, std::less<>> assets_;
};

// What a gzip stream holds, if that is not more than `bytes_max`.
std::optional<std::string> unpack_gzip(std::string_view gzip, std::size_t bytes_max);

}  // namespace pawl::console
