// The coding aws-chunked: a body in chunks that may each be signed, with fields behind it (SigV4,
// "Transferring payload in multiple chunks"). Decoded piece by piece as it comes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/signature.h"
#include "base/checksum.h"
#include "runtime/operations.h"

namespace pawl::api {

// What `x-amz-content-sha256` says of such a body.
struct ChunkedForm {
  bool is_signed = false;
  bool has_trailer = false;
};
// Nothing when it announces no chunks; an error when it announces unknown ones.
Result<std::optional<ChunkedForm>, runtime::ServiceError> chunked_form(std::string_view announced);

// What chunks are signed with; the first follows the signature of the head.
struct ChunkSigner {
  Authorization head;
  std::string secret;
};

class ChunkedDecoder {
 public:
  // Without a signer signatures are read and not looked at.
  ChunkedDecoder(ChunkedForm form, std::optional<ChunkSigner> signer);

  // Appends what the bytes decode to.
  Result<void, runtime::ServiceError> decode(std::string_view bytes, std::string& out);
  // After the last bytes: whether the body is whole, and its fields (names in lower case).
  Result<std::vector<std::pair<std::string, std::string>>, runtime::ServiceError> finish();

 private:
  enum class State { kChunkHead, kData, kDataEnd, kTrailer, kDone };
  using Step = Result<void, runtime::ServiceError>;

  Step read_line(std::string_view line);
  Step begin_chunk(std::string_view line);
  Step end_chunk();
  Step read_field(std::string_view line);
  Step check_trailer(std::string_view signature);
  std::string chain(std::string_view algorithm, std::string_view hashes) const;

  const ChunkedForm form_;
  std::optional<ChunkSigner> signer_;
  State state_ = State::kChunkHead;
  std::string line_;  // what has come of a line
  std::uint64_t left_ = 0;
  std::string chunk_signature_;
  std::optional<Checksum> chunk_hash_;
  std::string trailer_text_;
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace pawl::api
