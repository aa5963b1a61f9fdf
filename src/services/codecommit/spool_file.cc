#include "services/codecommit/spool_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace pawl::codecommit {

namespace {

runtime::BodyError failed(const char* what) {
  return {std::string(what) + ": " + std::strerror(errno)};
}

}  // namespace

Result<std::shared_ptr<SpoolFile>, runtime::BodyError> SpoolFile::create(
    const std::string& directory, runtime::Background& threads) {
  std::error_code ignored;
  std::filesystem::create_directories(directory, ignored);
  const int file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return Err{failed("no file for a body can be made")};
  return std::make_shared<SpoolFile>(file, threads);
}

SpoolFile::~SpoolFile() { ::close(file_); }

void SpoolFile::write(std::string bytes, Done done) {
  {
    const std::lock_guard lock(mutex_);
    pieces_.push_back({std::move(bytes), std::move(done)});
    if (std::exchange(writing_, true)) return;
  }
  threads_.run([self = shared_from_this()] { self->write_pieces(); });
}

// In the order in which they came.
void SpoolFile::write_pieces() {
  for (;;) {
    Piece piece;
    {
      const std::lock_guard lock(mutex_);
      writing_ = !pieces_.empty();
      if (!writing_) return settled_.notify_all();
      piece = std::move(pieces_.front());
      pieces_.pop_front();
    }
    auto kept = append(piece.bytes);
    if (!kept.ok()) {
      const std::lock_guard lock(mutex_);
      lost_ = kept.error();
    }
    piece.done(std::move(kept));
  }
}

Result<void, runtime::BodyError> SpoolFile::settle() {
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [this] { return !writing_; });
  if (lost_) return Err{*lost_};
  return {};
}

Result<void, runtime::BodyError> SpoolFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Err{failed("the body cannot be written")};
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

SpooledBody::SpooledBody(std::shared_ptr<SpoolFile> file, std::uint64_t offset)
    : file_(std::move(file)), position_(offset) {
  struct stat facts{};
  const bool known = ::fstat(file_->file(), &facts) == 0;
  const auto end = known ? static_cast<std::uint64_t>(facts.st_size) : offset;
  size_ = end > offset ? end - offset : 0;
}

void SpooledBody::read(std::size_t count, Done done) {
  file_->threads().run([self = shared_from_this(), count, done = std::move(done)] {
    std::string bytes(count, '\0');
    const ssize_t got = ::pread(self->file_->file(), bytes.data(), bytes.size(),
                                static_cast<off_t>(self->position_));
    if (got <= 0) return done(Err{failed("the answer cannot be read")});
    bytes.resize(static_cast<std::size_t>(got));
    self->position_ += static_cast<std::uint64_t>(got);
    done(std::move(bytes));
  });
}

}  // namespace pawl::codecommit
