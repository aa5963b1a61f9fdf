// A field list is written once and serves both directions: `fields(archive, body)` calls the same
// methods on a Writer, which appends the fields, and on a Reader, which sets them.
//
// Unsigned numbers are varints, signed ones zigzag varints, enumerations their durable numbers,
// optionals a byte 0 or 1 and the value, lists a count and the elements. A Reader that meets
// malformed bytes goes on with zeros; `ok()` tells at the end.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "machine/codec_texts.h"
#include "machine/execution.h"

namespace pawl::machine {

// The greatest number of each durable enumeration; numbers begin at 1, those of Status at 0.
constexpr StateType last_of(StateType) { return StateType::kMap; }
constexpr TaskKind last_of(TaskKind) { return TaskKind::kService; }
constexpr TaskFailure last_of(TaskFailure) { return TaskFailure::kSubmitFailed; }
constexpr MapIterationEnd last_of(MapIterationEnd) { return MapIterationEnd::kAborted; }
constexpr Status last_of(Status) { return Status::kAborted; }
constexpr MapRunEnd last_of(MapRunEnd) { return MapRunEnd::kAborted; }
constexpr HaltChange last_of(HaltChange) { return HaltChange::kTriesAgain; }
constexpr Phase last_of(Phase) { return Phase::kMapRunDone; }

// Differences and sums that wrap around: any bytes decode without overflow, and any values encode.
constexpr std::int64_t minus(std::int64_t left, std::int64_t right) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) -
                                   static_cast<std::uint64_t>(right));
}
constexpr std::int64_t plus(std::int64_t left, std::int64_t right) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) +
                                   static_cast<std::uint64_t>(right));
}

class Writer {
 public:
  static constexpr bool kWrites = true;
  explicit Writer(std::string& out) : out_(out) {}

  template <std::integral Number>
  void number(const Number& value) {
    if constexpr (std::is_signed_v<Number>) {
      put_signed(out_, value);
    } else {
      put_varint(out_, value);
    }
  }
  template <class Enumeration>
  void enumeration(const Enumeration& value) {
    out_.push_back(static_cast<char>(value));
  }
  void flag(const bool& value) { out_.push_back(value ? 1 : 0); }
  // Near `base`, so that it stays short.
  void time(const WallMillis& value, WallMillis base) { put_signed(out_, minus(value, base)); }
  void text(std::string_view value, std::string_view predicted) {
    if (value == predicted) {
      put_varint(out_, kPredictedText);
    } else {
      texts_.put(out_, value);
    }
  }
  void text(std::string_view value) { text(value, {}); }
  void value(const json::Value& value, const json::Value& predicted) {
    if (value.same_document(predicted) || value.text() == predicted.text()) {
      put_varint(out_, kPredictedText);
    } else {
      texts_.put(out_, value.text());
    }
  }
  void value(const json::Value& value) { this->value(value, json::Value()); }
  template <class Value, class Field>
  void optional(const std::optional<Value>& value, Field field) {
    out_.push_back(value ? 1 : 0);
    if (value) field(*value);
  }
  template <class Element, class Field>
  void list(const std::vector<Element>& values, Field field) {
    put_varint(out_, values.size());
    for (const Element& element : values) field(element);
  }

 private:
  std::string& out_;
  TextWriter texts_;
};

class Reader {
 public:
  static constexpr bool kWrites = false;
  explicit Reader(std::string_view bytes) : in_(bytes) {}

  bool ok() const { return ok_ && in_.ok() && texts_.ok(); }
  bool at_end() const { return in_.at_end(); }
  // Upper bound of a list's length: an element has at least one byte.
  std::size_t bytes_left() const { return in_.rest().size(); }
  void fail() { ok_ = false; }

  template <std::integral Number>
  void number(Number& value) {
    if constexpr (std::is_signed_v<Number>) {
      const std::int64_t read = in_.signed_varint();
      value = static_cast<Number>(read);
      if (value != read) fail();
    } else {
      const std::uint64_t read = in_.varint();
      value = static_cast<Number>(read);
      if (value != read) fail();
    }
  }
  template <class Enumeration>
  void enumeration(Enumeration& value) {
    const std::uint8_t read = in_.byte();
    const bool named = read <= static_cast<std::uint8_t>(last_of(Enumeration{})) &&
                       (read > 0 || std::is_same_v<Enumeration, Status>);
    if (!named) fail();
    value = static_cast<Enumeration>(read);
  }
  void byte(std::uint8_t& value) { value = in_.byte(); }
  void flag(bool& value) { value = in_.byte() != 0; }
  void time(WallMillis& value, WallMillis base) { value = plus(in_.signed_varint(), base); }
  void text(std::string& value, std::string_view predicted) { value = texts_.take(in_, predicted); }
  void text(std::string& value) { value = texts_.take(in_, {}); }
  void value(json::Value& value, const json::Value& predicted) {
    value = texts_.take_value(in_, predicted);
  }
  void value(json::Value& value) { value = texts_.take_value(in_, {}); }
  template <class Value, class Field>
  void optional(std::optional<Value>& value, Field field) {
    value.reset();
    if (in_.byte() != 0 && ok()) field(value.emplace());
  }
  template <class Element, class Field>
  void list(std::vector<Element>& values, Field field) {
    std::uint64_t count = in_.varint();
    values.clear();
    for (; count > 0 && ok(); --count) {
      if (in_.at_end()) return fail();
      field(values.emplace_back());
    }
  }

 private:
  ByteReader in_;
  TextReader texts_;
  bool ok_ = true;
};

// What a field list takes: const for a Writer.
template <class Archive, class Body>
using Of = std::conditional_t<Archive::kWrites, const Body, Body>;

template <class Archive>
void fields(Archive& archive, Of<Archive, Fault>& fault) {
  archive.optional(fault.error, [&](auto& text) { archive.text(text); });
  archive.optional(fault.cause, [&](auto& text) { archive.text(text); });
}

}  // namespace pawl::machine
