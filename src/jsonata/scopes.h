// Where variables live: names are resolved to slots of frames when an expression is compiled.
//
// A lambda has a frame. The variables of the blocks in it are further slots of that frame, unless a
// lambda inside might keep one of several rounds' variables: then the block has a frame of its own.
// A variable may be read before it is assigned, by which it means the outer one of that name; so
// a name resolves to all places that may be meant, innermost first.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace pawl::jsonata {

struct FrameLayout {
  FrameLayout* parent = nullptr;
  std::uint16_t slots = 0;
};

struct NamedSlot {
  std::string_view name;
  std::uint16_t slot;
  bool always_bound;  // a parameter
};

struct NameScope {
  NameScope* outer = nullptr;
  FrameLayout* frame = nullptr;
  std::vector<NamedSlot> names;
};

// Variables of the expression around an $eval, which the evaluated text sees.
struct OuterName {
  std::string_view name;
  std::uint16_t hops;  // from the frame that runs the $eval
  std::uint16_t slot;
};

}  // namespace pawl::jsonata
