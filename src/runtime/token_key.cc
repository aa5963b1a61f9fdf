#include "runtime/token_key.h"

#include <future>

#include "base/bytes.h"
#include "base/rng.h"

namespace pawl::runtime {

std::string load_token_key(Catalog& catalog) {
  constexpr const char* kTable = "secrets";
  constexpr const char* kName = "task-tokens";
  if (const auto known = catalog.get(kTable, kName)) return *known;
  SystemRng rng;
  std::string key;
  for (int word = 0; word < 4; ++word) put_big_endian_64(key, rng.next());
  std::promise<void> stored;
  catalog.update(
      [&key](const Catalog::View&) { return std::vector<Catalog::Change>{{kTable, kName, key}}; },
      [&stored] { stored.set_value(); });
  stored.get_future().wait();
  return key;
}

}  // namespace pawl::runtime
