// Gathering responses into few pieces.
#include "api/outbox.h"

#include "base/ensure.h"

namespace pawl::api {

namespace {
// Copying so much costs less than another piece in the write.
constexpr std::size_t kCopiedBytesMax = 4'096;
}  // namespace

std::string& Outbox::open_block() {
  if (sealed_ || segments_.back().is_slice) {
    segments_.emplace_back();
    sealed_ = false;
  }
  return segments_.back().text;
}

void Outbox::append_piece(std::string bytes) {
  if (bytes.empty()) return;
  bytes_ += bytes.size();
  Segment segment;
  segment.text = std::move(bytes);
  segments_.push_back(std::move(segment));
  sealed_ = true;
}

void Outbox::append(std::string_view bytes) {
  open_block().append(bytes);
  bytes_ += bytes.size();
}

void Outbox::append(HttpResponse response, std::string_view date, AfterResponse after) {
  std::string& block = open_block();
  const std::size_t before = block.size();
  append_head(block, response, date, after);
  const std::string_view body = response.sent_body();
  if (body.size() <= kCopiedBytesMax) {
    block.append(body);
    bytes_ += block.size() - before;
    return;
  }
  bytes_ += block.size() - before + body.size();
  Segment segment;
  if (auto* slice = std::get_if<HttpResponse::Slice>(&response.body)) {
    segment.slice = std::move(*slice);
    segment.is_slice = true;
  } else {
    segment.text = std::move(std::get<std::string>(response.body));
  }
  segments_.push_back(std::move(segment));
}

std::vector<std::string_view> Outbox::front(std::size_t count) const {
  std::vector<std::string_view> pieces;
  std::size_t skip = written_;
  for (const Segment& segment : segments_) {
    if (pieces.size() == count) break;
    pieces.push_back(segment.view().substr(skip));
    skip = 0;
  }
  return pieces;
}

void Outbox::consume(std::size_t bytes) {
  ENSURE(bytes <= bytes_, bytes, bytes_);
  bytes_ -= bytes;
  while (bytes > 0) {
    const std::size_t left = segments_.front().view().size() - written_;
    if (bytes < left) {
      written_ += bytes;
      return;
    }
    bytes -= left;
    written_ = 0;
    segments_.pop_front();
  }
  if (segments_.empty()) sealed_ = true;
}

}  // namespace pawl::api
