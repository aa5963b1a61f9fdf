// The items of an ItemReader, one after the other (step-functions.md B6.9). A stream can be opened
// again at the position behind any item, so that a Map Run survives its process.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "machine/event.h"
#include "machine/map_run_settings.h"
#include "objects/object_store.h"

namespace pawl::objects {

struct StreamItem {
  std::string text;                  // one JSON text, compact
  std::string position;              // behind the item
  std::optional<std::string> key{};  // of an object's member; `text` is its value
  std::string source{};              // `$$.Map.Item.Source`, where the stream reads several objects
};

// Blocks while it reads; one thread at a time.
class ItemStream {
 public:
  virtual ~ItemStream() = default;
  // Nothing at the end. A fault is States.ItemReaderFailed.
  virtual Result<std::optional<StreamItem>, machine::Fault> next() = 0;
};

// `position` is empty at the beginning. `store` outlives the stream.
Result<std::unique_ptr<ItemStream>, machine::Fault> open_items(
    ObjectStore& store, const machine::ReaderSettings& settings, const std::string& position);

// `$$.Map.Item.Source`, where the item has none of its own.
std::string source_of(const machine::ReaderSettings& settings);

machine::Fault item_reader_failed(std::string cause);
machine::Fault item_reader_failed(const ObjectError& error);

}  // namespace pawl::objects
