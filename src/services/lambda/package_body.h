// A package's ZIP file as the body of an answer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/file_descriptor.h"
#include "runtime/background.h"
#include "runtime/body.h"

namespace pawl::lambda {

class PackageBody final : public runtime::BodySource,
                          public std::enable_shared_from_this<PackageBody> {
 public:
  // nullptr: no such file. `threads` outlives it; so does whoever leases the package, which may be
  // removed all the same.
  static std::shared_ptr<PackageBody> open(const std::string& file, runtime::Background& threads);
  PackageBody(FileDescriptor file, std::uint64_t size, runtime::Background& threads)
      : file_(std::move(file)), size_(size), threads_(threads) {}

  std::uint64_t size() const override { return size_; }
  void read(std::size_t count, Done done) override;

 private:
  const FileDescriptor file_;
  const std::uint64_t size_;
  runtime::Background& threads_;
  std::uint64_t position_ = 0;
};

}  // namespace pawl::lambda
