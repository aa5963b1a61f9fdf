// Reading an object's bytes, one range of them, while they may be replaced or deleted.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/s3/service.h"

namespace pawl::s3 {

class Service::Reader final : public runtime::BodySource,
                              public std::enable_shared_from_this<Service::Reader> {
 public:
  using Release = std::function<void(const DataId&)>;
  // The files are pinned; `release` unpins them. All outlive the reader.
  Reader(ObjectRecord record, std::vector<Extent> extents, DataFiles& files,
         runtime::Background& threads, Release release);
  ~Reader() override;

  const ObjectRecord& record() const { return record_; }
  // Reads [begin, begin + count) from now on.
  void narrow(std::uint64_t begin, std::uint64_t count);

  std::uint64_t size() const override { return end_ - begin_; }
  void read(std::size_t count, Done done) override;
  // At any place of the object, on the caller's thread; blocks.
  Result<std::string, FileError> read_at(std::uint64_t offset, std::size_t count) const;
  // All of the range, on the caller's thread; blocks.
  Result<std::string, FileError> read_narrowed() const {
    return read_at(begin_, static_cast<std::size_t>(size()));
  }

 private:
  ObjectRecord record_;
  const std::vector<Extent> extents_;
  DataFiles& files_;
  runtime::Background& threads_;
  const Release release_;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace pawl::s3
