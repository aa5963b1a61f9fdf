// A request's body, or an answer's, in a file without a name: gone with its last user, whatever
// happens to the process.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/background.h"
#include "runtime/body.h"

namespace pawl::codecommit {

class SpoolFile final : public runtime::BodySink, public std::enable_shared_from_this<SpoolFile> {
 public:
  // In `directory`. `threads` outlives it.
  static Result<std::shared_ptr<SpoolFile>, runtime::BodyError> create(
      const std::string& directory, runtime::Background& threads);
  SpoolFile(int file, runtime::Background& threads) : file_(file), threads_(threads) {}
  ~SpoolFile() override;
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  int file() const { return file_; }
  runtime::Background& threads() const { return threads_; }

  void write(std::string bytes, Done done) override;
  // Waits until everything that was handed over is in the file; says whether it is.
  Result<void, runtime::BodyError> settle();
  // On the caller's thread.
  Result<void, runtime::BodyError> append(std::string_view bytes);

 private:
  struct Piece {
    std::string bytes;
    Done done;
  };
  void write_pieces();

  const int file_;
  runtime::Background& threads_;
  std::mutex mutex_;
  std::condition_variable settled_;
  std::deque<Piece> pieces_;                // guarded by mutex_
  bool writing_ = false;                    // guarded by mutex_
  std::optional<runtime::BodyError> lost_;  // guarded by mutex_: why a piece is not there
};

// The rest of a file, from `offset` on.
class SpooledBody final : public runtime::BodySource,
                          public std::enable_shared_from_this<SpooledBody> {
 public:
  SpooledBody(std::shared_ptr<SpoolFile> file, std::uint64_t offset);

  std::uint64_t size() const override { return size_; }
  void read(std::size_t count, Done done) override;

 private:
  const std::shared_ptr<SpoolFile> file_;
  std::uint64_t position_;
  std::uint64_t size_;
};

}  // namespace pawl::codecommit
