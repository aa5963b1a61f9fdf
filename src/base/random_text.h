// Keys, ids and secrets of letters drawn at random.
#pragma once

#include <string>
#include <string_view>

#include "base/rng.h"

namespace pawl {

// `size` bytes, each of `letters` (64 at most, so that hardly one is likelier than another).
std::string random_text(Rng& rng, std::string_view letters, std::size_t size);

}  // namespace pawl
