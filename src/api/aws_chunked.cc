#include "api/aws_chunked.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/digest.h"
#include "base/hex.h"

namespace pawl::api {

namespace {

constexpr std::size_t kLineBytesMax = 4'096;
constexpr std::size_t kFieldsMax = 16;
// SHA-256 of nothing: there are no header fields of a chunk.
constexpr std::string_view kEmptyHash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

runtime::ServiceError malformed() {
  return {.code = "InvalidRequest",
          .message = "The body is no well-formed aws-chunked content",
          .members = {}};
}

runtime::ServiceError mismatch() {
  return {.code = "InvalidSignatureException",
          .message = "A chunk's signature does not match",
          .members = {}};
}

}  // namespace

Result<std::optional<ChunkedForm>, runtime::ServiceError> chunked_form(std::string_view announced) {
  if (announced.substr(0, 10) != "STREAMING-") return std::optional<ChunkedForm>();
  if (announced == "STREAMING-UNSIGNED-PAYLOAD-TRAILER") {
    return std::optional(ChunkedForm{.is_signed = false, .has_trailer = true});
  }
  if (announced == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") {
    return std::optional(ChunkedForm{.is_signed = true, .has_trailer = false});
  }
  if (announced == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") {
    return std::optional(ChunkedForm{.is_signed = true, .has_trailer = true});
  }
  return Err{runtime::ServiceError{
      .code = "InvalidArgument",
      .message = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, "
                 "STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
                 "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
      .members = {}}};
}

ChunkedDecoder::ChunkedDecoder(ChunkedForm form, std::optional<ChunkSigner> signer)
    : form_(form), signer_(std::move(signer)) {}

ChunkedDecoder::Step ChunkedDecoder::decode(std::string_view bytes, std::string& out) {
  while (!bytes.empty() && state_ != State::kDone) {
    if (state_ == State::kData) {
      const std::string_view piece = bytes.substr(0, std::min<std::uint64_t>(left_, bytes.size()));
      out.append(piece);
      if (chunk_hash_) chunk_hash_->add(piece);
      left_ -= piece.size();
      bytes.remove_prefix(piece.size());
      if (left_ == 0) state_ = State::kDataEnd;
      continue;
    }
    const std::size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    if (line_.size() > kLineBytesMax) return Err{malformed()};
    if (end == std::string_view::npos) return {};
    bytes.remove_prefix(end + 1);
    if (line_.empty() || line_.back() != '\r') return Err{malformed()};
    line_.pop_back();
    const std::string line = std::move(line_);
    line_.clear();
    TRY(read_line(line));
  }
  return {};
}

ChunkedDecoder::Step ChunkedDecoder::read_line(std::string_view line) {
  switch (state_) {
    case State::kChunkHead:
      return begin_chunk(line);
    case State::kDataEnd:
      if (!line.empty()) return Err{malformed()};
      TRY(end_chunk());
      state_ = State::kChunkHead;
      return {};
    case State::kTrailer:
      return read_field(line);
    case State::kData:
    case State::kDone:
      return Err{malformed()};
  }
  return {};
}

// "400;chunk-signature=0a1b..."
ChunkedDecoder::Step ChunkedDecoder::begin_chunk(std::string_view line) {
  constexpr std::string_view kSignature = "chunk-signature=";
  const std::size_t semicolon = std::min(line.find(';'), line.size());
  const auto read = std::from_chars(line.data(), line.data() + semicolon, left_, 16);
  if (read.ec != std::errc() || read.ptr != line.data() + semicolon || semicolon == 0) {
    return Err{malformed()};
  }
  const std::size_t at = line.find(kSignature);
  chunk_signature_ = at == std::string_view::npos
                         ? std::string()
                         : std::string(line.substr(at + kSignature.size()));
  if (signer_ && form_.is_signed) chunk_hash_.emplace(ChecksumKind::kSha256);
  if (left_ > 0) {
    state_ = State::kData;
    return {};
  }
  TRY(end_chunk());
  // Without a trailer, too, there is an empty line at the end.
  state_ = State::kTrailer;
  return {};
}

// Each signature is over the one before: no chunk can be taken out, put in or moved.
std::string ChunkedDecoder::chain(std::string_view algorithm, std::string_view hashes) const {
  const CredentialScope& scope = signer_->head.scope;
  std::string text(algorithm);
  text.append("\n").append(signer_->head.date).append("\n");
  text += scope.date + "/" + scope.region + "/" + scope.service + "/aws4_request\n";
  text += signer_->head.signature + "\n";
  text.append(hashes);
  return sign(scope, signer_->secret, text);
}

ChunkedDecoder::Step ChunkedDecoder::end_chunk() {
  if (!chunk_hash_) return {};
  const std::string hashes = std::string(kEmptyHash) + "\n" + encode_hex(chunk_hash_->finish());
  const std::string expected = chain("AWS4-HMAC-SHA256-PAYLOAD", hashes);
  chunk_hash_.reset();
  if (!equal_in_constant_time(expected, chunk_signature_)) return Err{mismatch()};
  signer_->head.signature = expected;
  return {};
}

ChunkedDecoder::Step ChunkedDecoder::read_field(std::string_view line) {
  constexpr std::string_view kSignature = "x-amz-trailer-signature";
  if (line.empty()) {
    if (signer_ && form_.is_signed && form_.has_trailer) return Err{mismatch()};
    state_ = State::kDone;
    return {};
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || fields_.size() == kFieldsMax) return Err{malformed()};
  std::string name = lower_case(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (name == kSignature) return check_trailer(value);
  trailer_text_.append(name).append(":").append(value).append("\n");
  fields_.emplace_back(std::move(name), value);
  return {};
}

ChunkedDecoder::Step ChunkedDecoder::check_trailer(std::string_view signature) {
  if (signer_ && form_.is_signed) {
    const std::string expected =
        chain("AWS4-HMAC-SHA256-TRAILER", encode_hex(sha256(trailer_text_)));
    if (!equal_in_constant_time(expected, signature)) return Err{mismatch()};
  }
  state_ = State::kDone;
  return {};
}

Result<std::vector<std::pair<std::string, std::string>>, runtime::ServiceError>
ChunkedDecoder::finish() {
  // Some clients leave the last line end out.
  const bool whole = state_ == State::kDone || (state_ == State::kTrailer && line_.empty() &&
                                                !(signer_ && form_.is_signed && form_.has_trailer));
  if (!whole) {
    return Err{runtime::ServiceError{.code = "IncompleteBody",
                                     .message = "The request body terminated unexpectedly",
                                     .members = {}}};
  }
  return std::move(fields_);
}

}  // namespace pawl::api
