#include "services/lambda/package_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace pawl::lambda {

std::shared_ptr<PackageBody> PackageBody::open(const std::string& file,
                                               runtime::Background& threads) {
  FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!opened.open() || fstat(opened.get(), &status) != 0) return nullptr;
  return std::make_shared<PackageBody>(std::move(opened),
                                       static_cast<std::uint64_t>(status.st_size), threads);
}

void PackageBody::read(std::size_t count, Done done) {
  threads_.run([self = shared_from_this(), count, done = std::move(done)] {
    std::string bytes(std::min<std::uint64_t>(count, self->size_ - self->position_), '\0');
    const ssize_t length =
        ::pread(self->file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(self->position_));
    if (length <= 0) return done(Err{runtime::BodyError{"the package cannot be read"}});
    bytes.resize(static_cast<std::size_t>(length));
    self->position_ += bytes.size();
    done(std::move(bytes));
  });
}

}  // namespace pawl::lambda
