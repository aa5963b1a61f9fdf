#include "objects/byte_stream.h"

#include <zlib.h>

namespace pawl::objects {
namespace {

constexpr std::size_t kRangeBytes = 256u << 10;
constexpr int kGzipOrZlib = 15 + 32;

}  // namespace

class ByteStream::Inflater {
 public:
  Inflater() { inflateInit2(&stream_, kGzipOrZlib); }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Several gzip members may follow each other.
  Result<std::string, ObjectError> feed(std::string& bytes) {
    std::string out;
    stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) {
      const std::size_t had = out.size();
      out.resize(had + kRangeBytes);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + had);
      stream_.avail_out = kRangeBytes;
      const int outcome = inflate(&stream_, Z_NO_FLUSH);
      out.resize(out.size() - stream_.avail_out);
      if (outcome == Z_STREAM_END) {
        inflateReset2(&stream_, kGzipOrZlib);
      } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
        return Err{ObjectError{ObjectError::Kind::kFailed, "The object is not valid gzip."}};
      }
    }
    return out;
  }

 private:
  z_stream stream_{};
};

ByteStream::ByteStream(ObjectStore& store, std::string bucket, std::string key)
    : store_(store), bucket_(std::move(bucket)), key_(std::move(key)) {
  if (key_.ends_with(".gz")) inflater_ = std::make_unique<Inflater>();
}

ByteStream::~ByteStream() = default;

Result<void, ObjectError> ByteStream::fill() {
  buffer_.clear();
  next_ = 0;
  while (buffer_.empty() && !ended_) {
    std::string bytes = TRY(store_.read(bucket_, key_, offset_, kRangeBytes));
    offset_ += bytes.size();
    ended_ = bytes.size() < kRangeBytes;
    buffer_ = inflater_ ? TRY(inflater_->feed(bytes)) : std::move(bytes);
  }
  return {};
}

Result<void, ObjectError> ByteStream::seek(std::uint64_t position) {
  buffer_.clear();
  next_ = 0;
  ended_ = false;
  if (!inflater_) {
    offset_ = position_ = position;
    return {};
  }
  inflater_ = std::make_unique<Inflater>();
  offset_ = position_ = 0;
  while (position_ < position) {
    if (!TRY(peek())) return {};
    advance();
  }
  return {};
}

}  // namespace pawl::objects
