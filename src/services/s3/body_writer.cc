#include "services/s3/body_writer.h"

#include <utility>

#include "base/log.h"

namespace pawl::s3 {

namespace {

std::vector<Checksum> checksums_of(const ChecksumKinds& kinds) {
  std::vector<Checksum> checksums;
  checksums.emplace_back(ChecksumKind::kMd5);
  for (const ChecksumKind kind : kinds) {
    if (kind != ChecksumKind::kMd5) checksums.emplace_back(kind);
  }
  return checksums;
}

std::map<ChecksumKind, std::string> finished(std::vector<Checksum>& checksums) {
  std::map<ChecksumKind, std::string> values;
  for (Checksum& checksum : checksums) values[checksum.kind()] = checksum.finish();
  return values;
}

ServiceError unwritable(const FileError& failure) {
  log_error("an object was not written: {}", failure.message);
  return internal_error("We encountered an internal error. Please try again.");
}

}  // namespace

BodyWriter::BodyWriter(runtime::Background& threads, DataFiles& files, const ChecksumKinds& kinds)
    : threads_(threads), files_(files), checksums_(checksums_of(kinds)) {}

void BodyWriter::write(std::string bytes, Done done) {
  enqueue([this, bytes = std::move(bytes), done = std::move(done)] { done(take(bytes)); });
}

void BodyWriter::finish(Kept kept) {
  enqueue([this, kept = std::move(kept)] { kept(seal()); });
}

// One step at a time, in order; each on a thread that may block.
void BodyWriter::enqueue(std::function<void()> step) {
  const std::lock_guard lock(mutex_);
  steps_.push_back(std::move(step));
  if (running_) return;
  running_ = true;
  threads_.run([self = shared_from_this()] { self->run_steps(); });
}

void BodyWriter::run_steps() {
  for (;;) {
    std::function<void()> step;
    {
      const std::lock_guard lock(mutex_);
      if (steps_.empty()) {
        running_ = false;
        return;
      }
      step = std::move(steps_.front());
      steps_.pop_front();
    }
    step();
  }
}

Result<void, runtime::BodyError> BodyWriter::take(const std::string& bytes) {
  if (error_) return Err{runtime::BodyError{error_->message}};
  if (file_ == nullptr) {
    auto file = files_.create();
    if (!file.ok()) {
      error_ = file.error();
      return Err{runtime::BodyError{error_->message}};
    }
    file_ = std::move(file).value();
  }
  for (Checksum& checksum : checksums_) checksum.add(bytes);
  size_ += bytes.size();
  if (auto written = file_->append(bytes); !written.ok()) {
    error_ = written.error();
    return Err{runtime::BodyError{error_->message}};
  }
  return {};
}

Result<KeptBytes, ServiceError> BodyWriter::seal() {
  if (error_) return Err{unwritable(*error_)};
  KeptBytes kept;
  kept.size = size_;
  kept.checksums = finished(checksums_);
  if (file_ == nullptr) return kept;
  if (auto sealed = file_->seal(); !sealed.ok()) return Err{unwritable(sealed.error())};
  kept.data = {Storage::kFile, file_->id()};
  kept.file = std::move(file_);
  return kept;
}

void keep_bytes(runtime::Background& threads, DataFiles& files, std::string bytes,
                const ChecksumKinds& kinds, const Kept& kept) {
  if (bytes.size() > kInlineBytesMax) {
    const auto writer = std::make_shared<BodyWriter>(threads, files, kinds);
    writer->write(std::move(bytes), [](const Result<void, runtime::BodyError>&) {});
    return writer->finish(kept);
  }
  KeptBytes small;
  std::vector<Checksum> checksums = checksums_of(kinds);
  for (Checksum& checksum : checksums) checksum.add(bytes);
  small.checksums = finished(checksums);
  small.size = bytes.size();
  if (!bytes.empty()) small.data = {Storage::kInline, new_data_id()};
  small.bytes = std::move(bytes);
  kept(std::move(small));
}

}  // namespace pawl::s3
