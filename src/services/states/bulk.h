// One chunk of an operation on all executions of a selection, and what was left of it
// (docs/operate.md). The client asks for chunk after chunk: the server holds nothing between them.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/engine.h"
#include "runtime/selection.h"
#include "services/states/fields.h"

namespace pawl::states {

enum class BulkAction { kStop, kRedrive, kDelete, kContinue, kFail };
struct BulkOrder {
  BulkAction action;
  machine::Fault fault{};  // of kStop
  // Of kContinue: which definition they go on with.
  enum class Definition { kPinned, kLatest } definition = Definition::kPinned;
};

// What became of one execution.
enum class BulkEnd {
  kDone,
  kSkipped,  // the action does not fit it, or fits no more
  kFailed,   // it would fit: try again
  kNone,     // there was nothing to do
};
using BulkDone = std::function<void(BulkEnd)>;

// A filter as the operations Bulk and List take it. Error: a value that means nothing.
Result<runtime::Selection, runtime::ServiceError> read_selection(const Fields& fields);
// The filter as a text: a page's token belongs to one of them.
std::string selection_text(const Fields& fields);

// Counts the ends of a chunk; answers when all have come. Any thread.
class BulkChunk {
 public:
  // `finished` is called once, after expect()ed many ends.
  BulkChunk(std::size_t expected, std::function<void(const BulkChunk&)> finished)
      : left_(expected), finished_(std::move(finished)) {}

  void end(BulkEnd end);

  std::size_t done = 0;
  std::size_t skipped = 0;
  std::size_t failed = 0;

 private:
  std::mutex mutex_;
  std::size_t left_;
  std::function<void(const BulkChunk&)> finished_;
};

}  // namespace pawl::states
