#include "base/random_text.h"

namespace pawl {

std::string random_text(Rng& rng, std::string_view letters, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text.push_back(letters[rng.next() % letters.size()]);
  return text;
}

}  // namespace pawl
