// How CodeCommit calls the modes of files.
#pragma once

#include <optional>
#include <string_view>

#include "git/repository.h"

namespace pawl::codecommit {

inline std::string_view name_of(git::FileMode mode) {
  if (mode == git::FileMode::kExecutable) return "EXECUTABLE";
  if (mode == git::FileMode::kSymlink) return "SYMLINK";
  return "NORMAL";
}

inline std::optional<git::FileMode> mode_of(std::string_view name) {
  if (name == "NORMAL") return git::FileMode::kNormal;
  if (name == "EXECUTABLE") return git::FileMode::kExecutable;
  if (name == "SYMLINK") return git::FileMode::kSymlink;
  return std::nullopt;
}

}  // namespace pawl::codecommit
