// Where a test finds the files that it reads. Only tests link this; what it is compiled with is
// the one thing in a build that differs from checkout to checkout.
#pragma once

#include <filesystem>

namespace pawl {

// The checkout that this was compiled in, absolute.
std::filesystem::path source_dir();

// The shared cases: PAWL_SHARED, or the folder "shared" beside the checkout. Nobody says that it
// is there: a test that does not find its file in it skips itself.
std::filesystem::path shared_dir();

}  // namespace pawl
