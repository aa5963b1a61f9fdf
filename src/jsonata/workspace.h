// The memory that evaluations work with, and what of it they leave to the next one; internal to the
// layer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "jsonata/errors.h"
#include "jsonata/function.h"
#include "jsonata/value.h"

namespace pawl::jsonata {

// Lists that are in use last in, first out, and keep their room: a thread's evaluations share them.
class ScratchLists {
 public:
  std::vector<Value>& take() {
    if (used_ == lists_.size()) lists_.push_back(std::make_unique<std::vector<Value>>());
    return *lists_[used_++];
  }
  void give_back() {
    constexpr std::size_t kKeptMax = 1u << 16;  // most evaluations need less
    std::vector<Value>& list = *lists_[--used_];
    if (list.capacity() > kKeptMax) [[unlikely]] {
      list = {};
    } else {
      list.clear();
    }
  }

 private:
  std::vector<std::unique_ptr<std::vector<Value>>> lists_;
  std::size_t used_ = 0;
};

// A list whose first items need no allocation: most expressions have few names.
template <class T, std::size_t kFew>
class ShortList {
 public:
  ShortList() = default;
  ShortList(const ShortList&) = delete;
  ShortList& operator=(const ShortList&) = delete;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t index) { return items_[index]; }
  const T& operator[](std::size_t index) const { return items_[index]; }
  T& back() { return items_[size_ - 1]; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }

  void reserve(std::size_t size) {
    if (size <= room_) return;
    auto more = std::make_unique_for_overwrite<T[]>(size);
    std::copy_n(items_, size_, more.get());
    many_ = std::move(more);
    items_ = many_.get();
    room_ = size;
  }
  void grow(std::size_t size, T value) {
    reserve(size);
    for (; size_ < size; ++size_) items_[size_] = value;
  }
  void push_back(T value) {
    if (size_ == room_) reserve(room_ * 2);
    items_[size_++] = value;
  }

 private:
  static_assert(std::is_trivially_copyable_v<T>);
  alignas(T) std::byte few_[kFew * sizeof(T)];  // nothing is in it before grow() says so
  T* items_ = reinterpret_cast<T*>(few_);
  std::size_t size_ = 0;
  std::size_t room_ = kFew;
  std::unique_ptr<T[]> many_;
};

// Frames that nobody holds on to, last in, first out: a thread's evaluations share them. The first
// lie in the object itself: most expressions need no more.
class FrameStack {
 public:
  struct Mark {
    std::size_t block;
    std::size_t used;
  };
  Mark mark() const { return {block_, used_}; }
  void release(Mark mark) {
    block_ = mark.block;
    used_ = mark.used;
  }
  // When an evaluation ends: most never need what lies beyond the first blocks.
  void end(Mark mark) {
    constexpr std::size_t kKeptBlocks = 4;
    release(mark);
    if (blocks_.size() > std::max(block_, kKeptBlocks)) [[unlikely]]
      blocks_.resize(block_);
  }
  void* take(std::size_t bytes) {
    if (block_ != 0 || used_ + bytes > kFirstBytes) return take_beyond_first(bytes);
    std::byte* place = first_ + used_;
    used_ += bytes;
    return place;
  }

 private:
  void* take_beyond_first(std::size_t bytes);

  static constexpr std::size_t kFirstBytes = 1024;
  static constexpr std::size_t kBlockBytes = 1u << 16;

  alignas(16) std::byte first_[kFirstBytes];
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::size_t block_ = 0;  // 0: `first_`
  std::size_t used_ = 0;
};

// What a thread's evaluations use one after the other, so that they begin with little to do.
struct Workspace {
  ScratchLists scratch;
  PendingCall pending;
  Mistake mistake;
  FrameStack frames;
};

}  // namespace pawl::jsonata
