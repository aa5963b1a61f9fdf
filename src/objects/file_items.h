// Items inside one object: rows of CSV, elements of a JSON array, lines of JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "objects/byte_stream.h"
#include "objects/item_stream.h"

namespace pawl::objects {

struct FilePlace {
  ObjectStore& store;
  std::string bucket;
  std::string key;
  std::uint64_t position = 0;  // behind the last item; 0: the beginning
};

using OpenedItems = Result<std::unique_ptr<ItemStream>, machine::Fault>;

// `headers`: given ones; else the first row has them.
OpenedItems open_csv(const FilePlace& place, char delimiter,
                     const std::optional<std::vector<std::string>>& headers);
// `pointer` (RFC 6901) leads to the array; empty: the document is one.
OpenedItems open_json(const FilePlace& place, const std::string& pointer);
OpenedItems open_json_lines(const FilePlace& place);
// By the settings' input type.
OpenedItems open_file(const FilePlace& place, const machine::ReaderSettings& settings);

}  // namespace pawl::objects
