// What git begins before it writes (gitrepository-layout(5), git-pack-objects(1)): locks beside the
// files that are to be replaced, and objects under names that nothing refers to.
#pragma once

#include <string>
#include <string_view>

namespace pawl::git {

// Whether a file is one of these. `path` is relative to the repository: "refs/heads/main.lock".
bool is_unfinished(std::string_view path);

// Removes them: whoever began them was killed, and a lock that stays refuses every later writer.
// Nobody else may be using the repository.
void remove_unfinished(const std::string& repository);

}  // namespace pawl::git
