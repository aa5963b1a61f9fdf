#include "services/s3/reader.h"

#include <algorithm>

#include "base/ensure.h"

namespace pawl::s3 {

Service::Reader::Reader(ObjectRecord record, std::vector<Extent> extents, DataFiles& files,
                        runtime::Background& threads, Release release)
    : record_(std::move(record)),
      extents_(std::move(extents)),
      files_(files),
      threads_(threads),
      release_(std::move(release)),
      end_(record_.size) {}

Service::Reader::~Reader() {
  for (const Extent& extent : extents_) {
    if (!extent.file.empty()) release_(extent.file);
  }
}

void Service::Reader::narrow(std::uint64_t begin, std::uint64_t count) {
  ENSURE(begin + count <= record_.size, begin, count);
  begin_ = position_ = begin;
  end_ = begin + count;
}

Result<std::string, FileError> Service::Reader::read_at(std::uint64_t offset,
                                                        std::size_t count) const {
  std::string bytes;
  std::uint64_t begin = 0;
  for (const Extent& extent : extents_) {
    const std::uint64_t end = begin + extent.size;
    if (offset < end && bytes.size() < count) {
      const std::uint64_t inside = offset - begin;
      const auto wanted = static_cast<std::size_t>(
          std::min<std::uint64_t>(count - bytes.size(), extent.size - inside));
      if (extent.file.empty()) {
        bytes.append(extent.bytes, static_cast<std::size_t>(inside), wanted);
      } else {
        const std::string piece = TRY(files_.read(extent.file, inside, wanted));
        if (piece.size() != wanted) return Err{FileError{"a file is shorter than it was"}};
        bytes += piece;
      }
      offset += wanted;
    }
    begin = end;
  }
  return bytes;
}

void Service::Reader::read(std::size_t count, Done done) {
  count = static_cast<std::size_t>(std::min<std::uint64_t>(count, end_ - position_));
  const std::uint64_t from = position_;
  position_ += count;
  threads_.run([self = shared_from_this(), from, count, done = std::move(done)] {
    auto bytes = self->read_at(from, count);
    if (!bytes.ok()) return done(Err{runtime::BodyError{bytes.error().message}});
    done(std::move(bytes).value());
  });
}

}  // namespace pawl::s3
