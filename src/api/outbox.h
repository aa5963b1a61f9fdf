// Bytes on their way to one client, in order. Heads and small bodies share one block; large bodies
// are written from the document they belong to.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "api/http_message.h"

namespace pawl::api {

class Outbox {
 public:
  void append(HttpResponse response, std::string_view date, AfterResponse after);
  void append(std::string_view bytes);
  // Keeps the bytes where they are: a piece of a body that is streamed.
  void append_piece(std::string bytes);

  bool empty() const { return segments_.empty(); }
  std::size_t bytes() const { return bytes_; }

  // The next bytes to write, at most `count` pieces. Valid until consume(); append() leaves them
  // alone only after seal().
  std::vector<std::string_view> front(std::size_t count) const;
  // Later appends go to new blocks: those there now are being written.
  void seal() { sealed_ = true; }
  void consume(std::size_t bytes);

 private:
  struct Segment {
    std::string text;           // owns the bytes, or
    HttpResponse::Slice slice;  // points at them
    bool is_slice = false;
    std::string_view view() const { return is_slice ? slice.text : std::string_view(text); }
  };
  std::string& open_block();

  std::deque<Segment> segments_;
  std::size_t written_ = 0;  // of the first segment
  std::size_t bytes_ = 0;
  bool sealed_ = true;
};

}  // namespace pawl::api
