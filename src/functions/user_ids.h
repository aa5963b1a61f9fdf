// User ids that exist while an environment does: out of systemd's range for dynamic users,
// beginning at the hash of the function's name, on to the next one that is free. Nothing that such
// a user made outlives the environment, so an id may be used again at once.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_descriptor.h"

namespace pawl::functions {

inline constexpr std::uint32_t kUserIdFirst = 61'184;
inline constexpr std::uint32_t kUserIdLast = 65'519;

// Belongs to one thread.
class UserIds {
 public:
  // `locks`: a directory that all servers of this machine share; a lock on a file in it holds an
  // id. Where it cannot be made, ids are told apart within this server only.
  explicit UserIds(std::string locks);

  // Holds an id until it goes.
  class Lease {
   public:
    Lease(UserIds& ids, std::uint32_t id, FileDescriptor lock)
        : ids_(&ids), id_(id), lock_(std::move(lock)) {}
    Lease(Lease&& other) noexcept
        : ids_(std::exchange(other.ids_, nullptr)), id_(other.id_), lock_(std::move(other.lock_)) {}
    Lease& operator=(Lease&& other) noexcept {
      std::swap(ids_, other.ids_);
      std::swap(id_, other.id_);
      lock_ = std::move(other.lock_);
      return *this;
    }
    ~Lease() {
      if (ids_ != nullptr) ids_->taken_.erase(id_);
    }
    std::uint32_t id() const { return id_; }

   private:
    UserIds* ids_;
    std::uint32_t id_;
    FileDescriptor lock_;
  };

  // Nothing: all are taken.
  std::optional<Lease> take(std::string_view name);

 private:
  std::optional<FileDescriptor> lock(std::uint32_t id) const;

  std::string locks_;  // empty: none
  std::set<std::uint32_t> taken_;
};

}  // namespace pawl::functions
