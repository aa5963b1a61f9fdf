// The texts of one record: names, pointers, payloads. Each distinct text is written once, where it
// first occurs, without the beginning that it shares with the text written before it; later
// occurrences are numbers (docs/formats/events.md, "Texts").
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "json/value.h"

namespace pawl::machine {

// What stands for a text: kPredicted, kNew with the text, or kFirstKnown + its number.
inline constexpr std::uint64_t kPredictedText = 0;
inline constexpr std::uint64_t kNewText = 1;
inline constexpr std::uint64_t kFirstKnownText = 2;
// Bounds what a small record can grow to when it is read.
inline constexpr std::size_t kSharedBytesMax = 255;

class TextWriter {
 public:
  TextWriter() : slots_(kSlotsInitial, kEmpty) {}
  // `text` must live as long as the writer.
  void put(std::string& out, std::string_view text);

 private:
  static constexpr std::size_t kSlotsInitial = 64;
  static constexpr std::uint32_t kEmpty = 0xffffffff;

  std::uint32_t& slot_of(std::string_view text, std::size_t hash);
  void grow();

  struct Known {
    std::string_view text;
    std::size_t hash;
  };
  std::vector<Known> known_;
  std::vector<std::uint32_t> slots_;  // open addressing: indexes into known_
};

class TextReader {
 public:
  // The next text; kPredictedText stands for `predicted`. Empty when the bytes are malformed, which
  // `in.ok()` or ok() tells. Views live as long as the reader.
  std::string_view take(ByteReader& in, std::string_view predicted);
  json::Value take_value(ByteReader& in, const json::Value& predicted);
  bool ok() const { return ok_; }

 private:
  struct Known {
    std::string text;
    std::optional<json::Value> value;
  };
  Known* known(ByteReader& in, std::uint64_t reference);

  std::deque<Known> known_;
  bool ok_ = true;
};

}  // namespace pawl::machine
