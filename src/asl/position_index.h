// Line and column of places in a definition's text, for messages only. The parsed nodes do not know
// where they stood, so the text is scanned once more, and only when something is wrong.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::asl {

// 1-based, columns in characters (code points); 0 when unknown.
struct Position {
  std::size_t line = 0;
  std::size_t column = 0;
};

class PositionIndex {
 public:
  // `text` must be JSON. Finds the places of the given JSON pointers: a member's place is its key,
  // an element's its value.
  PositionIndex(std::string_view text, const std::vector<std::string>& pointers);
  ~PositionIndex();

  // The place of `pointer`, which was given above, or of the nearest value around it that is there.
  Position find(std::string_view pointer) const;

  struct Wanted;  // one value on the way to a given pointer, in position_index.cc

 private:
  std::unique_ptr<Wanted> root_;
};

}  // namespace pawl::asl
