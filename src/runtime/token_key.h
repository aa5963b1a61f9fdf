// The secret that signs task tokens: made once for a store, and kept in it.
#pragma once

#include <string>

#include "runtime/catalog.h"

namespace pawl::runtime {

// Waits for the store when the key has to be made first.
std::string load_token_key(Catalog& catalog);

}  // namespace pawl::runtime
