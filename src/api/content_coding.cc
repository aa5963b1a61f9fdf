#include "api/content_coding.h"

#include <zlib.h>

#include <algorithm>
#include <optional>

#include "api/url.h"

namespace pawl::api {

namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;
constexpr std::size_t kChunkBytes = 64 * 1024;

runtime::ServiceError refused(int status, std::string code, std::string message) {
  return {
      .code = std::move(code), .message = std::move(message), .http_status = status, .members = {}};
}

// Owns zlib's state of one stream.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  enum class Outcome { kWhole, kDamaged, kTooLarge };

  // One member: that is what clients send.
  Outcome inflate_all(std::string& packed, std::string& unpacked, std::size_t bytes_max) {
    if (!ready_) return Outcome::kDamaged;
    stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    while (state == Z_OK) {
      const std::size_t begin = unpacked.size();
      if (begin > bytes_max) return Outcome::kTooLarge;
      const std::size_t room = std::min(kChunkBytes, bytes_max + 1 - begin);
      unpacked.resize(begin + room);
      stream_.next_out = reinterpret_cast<Bytef*>(unpacked.data() + begin);
      stream_.avail_out = static_cast<uInt>(room);
      state = ::inflate(&stream_, Z_NO_FLUSH);
      unpacked.resize(begin + room - stream_.avail_out);
    }
    if (unpacked.size() > bytes_max) return Outcome::kTooLarge;
    return state == Z_STREAM_END && stream_.avail_in == 0 ? Outcome::kWhole : Outcome::kDamaged;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

Result<void, runtime::ServiceError> decode_content(HttpRequest& request, std::size_t bytes_max) {
  const std::string_view coding = request.headers.value("content-encoding");
  // What the AWS SDKs say of bodies signed in chunks, and of bodies as they are.
  if (coding.empty() || coding == "identity" || coding == "aws-chunked") return {};
  if (coding != "gzip" && coding != "x-gzip") {
    return Err{refused(415, "UnsupportedMediaTypeException",
                       "The only Content-Encoding read is gzip, not '" + printable(coding) + "'")};
  }
  std::string unpacked;
  switch (Inflater().inflate_all(request.body, unpacked, bytes_max)) {
    case Inflater::Outcome::kWhole:
      request.body = std::move(unpacked);
      return {};
    case Inflater::Outcome::kDamaged:
      return Err{refused(400, "SerializationException", "The body is no gzip data")};
    case Inflater::Outcome::kTooLarge:
      return Err{
          refused(413, "RequestEntityTooLargeException",
                  "The body is longer than " + std::to_string(bytes_max) + " bytes when unpacked")};
  }
  return {};
}

}  // namespace pawl::api
