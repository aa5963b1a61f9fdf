#include "jsonata/text_functions.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

constexpr std::string_view kBlanks = " \t\n\r";

// The first UTF-16 unit of the character at `offset`; 0 behind the end.
char32_t first_unit(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return 0;
  const char32_t code = character_at(text, offset).code;
  return code > 0xFFFF ? high_surrogate(code) : code;
}

// Array.prototype.slice: an index from the front, negative ones from the end.
std::size_t slice_index(double index, std::size_t count) {
  if (std::isnan(index)) return 0;
  const auto size = static_cast<double>(count);
  const double whole = std::trunc(index);
  return static_cast<std::size_t>(whole < 0 ? std::max(0.0, size + whole) : std::min(whole, size));
}

// The byte at which character number `index` begins.
std::size_t character_offset(std::string_view text, std::size_t index) {
  std::size_t offset = 0;
  for (; index > 0 && offset < text.size(); --index) offset += character_size(text[offset]);
  return std::min(offset, text.size());
}

std::string_view characters(std::string_view text, std::size_t count, double begin, double end) {
  const std::size_t first = slice_index(begin, count);
  const std::size_t last = std::max(first, slice_index(end, count));
  if (count == text.size()) return text.substr(first, last - first);
  const std::size_t offset = character_offset(text, first);
  return text.substr(offset, character_offset(text.substr(offset), last - first));
}

// What a start before the text's begin counts as.
double clamped_start(double start, std::size_t count) {
  return static_cast<double>(count) + start < 0 ? 0 : start;
}

// ECMA-262's ToUint32, for the limit of String.prototype.split.
std::size_t to_uint32(double value) {
  if (!std::isfinite(value)) return 0;
  return static_cast<std::size_t>(std::fmod(std::trunc(value), 4294967296.0));
}

std::vector<std::string> split_units(std::string_view text, std::size_t limit) {
  std::vector<std::string> units;
  for (std::size_t at = 0; at < text.size() && units.size() < limit;) {
    const Character character = character_at(text, at);
    at += character.size;
    if (character.code <= 0xFFFF) {
      append_character(character.code, units.emplace_back());
      continue;
    }
    append_character(high_surrogate(character.code), units.emplace_back());
    if (units.size() < limit) append_character(low_surrogate(character.code), units.emplace_back());
  }
  return units;
}

// Sixteen bytes that the compiler handles at once, and how many of them a block has: as many as
// keep the additions from waiting for each other.
using Bytes = signed char __attribute__((vector_size(16)));
constexpr std::size_t kBlockParts = 4;
constexpr std::size_t kBlockBytes = kBlockParts * sizeof(Bytes);

// The continuation bytes, 0x80 to 0xBF, among so many blocks: each count holds up to 255.
std::size_t count_continuations(const char* text, std::size_t blocks) {
  Bytes counts[kBlockParts] = {};
  for (std::size_t block = 0; block < blocks; ++block, text += kBlockBytes) {
    for (std::size_t part = 0; part < kBlockParts; ++part) {
      Bytes bytes;
      std::memcpy(&bytes, text + part * sizeof bytes, sizeof bytes);
      counts[part] -= bytes < -0x40;
    }
  }
  std::size_t sum = 0;
  for (const Bytes& part : counts) {
    for (std::size_t i = 0; i < sizeof part; ++i) sum += static_cast<unsigned char>(part[i]);
  }
  return sum;
}

// The first of so many bytes in which the two differ, or `size`.
std::size_t first_difference(const char* left, const char* right, std::size_t size) {
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= size; at += sizeof(std::uint64_t)) {
    std::uint64_t one = 0;
    std::uint64_t other = 0;
    std::memcpy(&one, left + at, sizeof one);
    std::memcpy(&other, right + at, sizeof other);
    if (one != other) break;
  }
  while (at < size && left[at] == right[at]) ++at;
  return at;
}

}  // namespace

std::size_t character_count(std::string_view text) {
  constexpr std::size_t kBlocksMax = 255;
  std::size_t count = text.size();
  for (std::size_t blocks; (blocks = std::min(text.size() / kBlockBytes, kBlocksMax)) > 0;) {
    count -= count_continuations(text.data(), blocks);
    text.remove_prefix(blocks * kBlockBytes);
  }
  for (const char byte : text) count -= is_continuation(byte) ? 1 : 0;
  return count;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) {
    count +=
        (is_continuation(byte) ? 0U : 1U) + (static_cast<unsigned char>(byte) >= 0xF0 ? 1U : 0U);
  }
  return count;
}

std::size_t utf16_offset(std::string_view text, std::size_t offset) {
  return utf16_length(text.substr(0, offset));
}

int compare_utf16(std::string_view left, std::string_view right) {
  const std::size_t common = std::min(left.size(), right.size());
  std::size_t offset = first_difference(left.data(), right.data(), common);
  if (offset == common) {
    return left.size() < right.size() ? -1 : left.size() > right.size() ? 1 : 0;
  }
  if (((left[offset] | right[offset]) & 0x80) == 0) return left[offset] < right[offset] ? -1 : 1;
  while (is_continuation(left[offset]) && offset > 0) --offset;
  char32_t first = first_unit(left, offset);
  char32_t second = first_unit(right, offset);
  if (first == second) {
    // Two pairs, or a pair and a lone half: the next unit decides.
    const auto next = [offset](std::string_view text) {
      const Character character = character_at(text, offset);
      return character.code > 0xFFFF ? low_surrogate(character.code)
                                     : first_unit(text, offset + character.size);
    };
    first = next(left);
    second = next(right);
  }
  return first < second ? -1 : first > second ? 1 : 0;
}

std::string_view substring(std::string_view text, double start) {
  const std::size_t count = character_count(text);
  return characters(text, count, clamped_start(start, count), static_cast<double>(count));
}

std::string_view substring(std::string_view text, double start, double length) {
  if (!(length > 0)) return text.substr(0, 0);
  const std::size_t count = character_count(text);
  const double begin = clamped_start(start, count);
  const double from_front = begin >= 0 ? begin : static_cast<double>(count) + begin;
  return characters(text, count, begin, from_front + length);
}

std::string_view substring_before(std::string_view text, std::string_view mark) {
  return text.substr(0, text.find(mark));
}

std::string_view substring_after(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? text : text.substr(at + mark.size());
}

bool contains(std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return true;
  if (part.find('\xED') == std::string_view::npos || !has_pairs(text)) return false;
  return with_surrogates(text).find(with_surrogates(part)) != std::string::npos;
}

std::string pad(std::string_view text, double width, std::string_view padding) {
  if (padding.empty()) padding = " ";
  const double missing = std::abs(width) - static_cast<double>(character_count(text));
  if (!(missing >= 1)) return std::string(text);
  auto left = static_cast<std::size_t>(missing);
  const std::size_t padding_count = character_count(padding);
  std::string filling;
  for (; left >= padding_count; left -= padding_count) filling += padding;
  filling += padding.substr(0, character_offset(padding, left));
  return width > 0 ? std::string(text) + filling : filling + std::string(text);
}

std::string trim(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; (at = text.find_first_not_of(kBlanks, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    if (!out.empty()) out += ' ';
    out += text.substr(at, end - at);
    at = end;
  }
  return out;
}

std::vector<std::string> split(std::string_view text, std::string_view separator,
                               std::optional<double> limit) {
  const std::size_t count = limit ? to_uint32(*limit) : SIZE_MAX;
  if (separator.empty()) return split_units(text, count);
  std::vector<std::string> parts;
  while (parts.size() < count) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + separator.size());
  }
  return parts;
}

std::string replace(std::string_view text, std::string_view pattern, std::string_view replacement,
                    std::optional<double> limit) {
  std::string out;
  for (double count = 0; !limit || count < *limit; ++count) {
    const std::size_t at = text.find(pattern);
    if (at == std::string_view::npos) break;
    out += text.substr(0, at);
    out += replacement;
    text.remove_prefix(at + pattern.size());
  }
  return out += text;
}

}  // namespace pawl::jsonata
