#include "machine/codec_texts.h"

#include <algorithm>
#include <functional>

namespace pawl::machine {
namespace {

// Long texts differ in length or at their ends nearly always; the rest is compared, not hashed.
constexpr std::size_t kHashedBytes = 128;

std::size_t hash_of(std::string_view text) {
  const std::hash<std::string_view> hash;
  if (text.size() <= 2 * kHashedBytes) return hash(text);
  const std::size_t front = hash(text.substr(0, kHashedBytes));
  const std::size_t back = hash(text.substr(text.size() - kHashedBytes));
  return front * 31 + back + text.size();
}

std::size_t shared_bytes(std::string_view left, std::string_view right) {
  const std::size_t limit = std::min({left.size(), right.size(), kSharedBytesMax});
  std::size_t shared = 0;
  while (shared < limit && left[shared] == right[shared]) ++shared;
  return shared;
}

}  // namespace

void TextWriter::put(std::string& out, std::string_view text) {
  const std::size_t hash = hash_of(text);
  std::uint32_t& slot = slot_of(text, hash);
  if (slot != kEmpty) {
    put_varint(out, kFirstKnownText + slot);
    return;
  }
  const std::size_t shared = known_.empty() ? 0 : shared_bytes(known_.back().text, text);
  put_varint(out, kNewText);
  put_varint(out, shared);
  put_bytes(out, text.substr(shared));
  slot = static_cast<std::uint32_t>(known_.size());
  known_.push_back({text, hash});
  if (known_.size() * 2 > slots_.size()) grow();
}

std::uint32_t& TextWriter::slot_of(std::string_view text, std::size_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t place = hash & mask;
  while (slots_[place] != kEmpty) {
    const Known& known = known_[slots_[place]];
    const bool same_place = known.text.data() == text.data() && known.text.size() == text.size();
    if (same_place || (known.hash == hash && known.text == text)) break;
    place = (place + 1) & mask;
  }
  return slots_[place];
}

void TextWriter::grow() {
  slots_.assign(slots_.size() * 2, kEmpty);
  for (std::uint32_t index = 0; index < known_.size(); ++index) {
    slot_of(known_[index].text, known_[index].hash) = index;
  }
}

std::string_view TextReader::take(ByteReader& in, std::string_view predicted) {
  const std::uint64_t reference = in.varint();
  if (reference == kPredictedText) return predicted;
  const Known* found = known(in, reference);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

json::Value TextReader::take_value(ByteReader& in, const json::Value& predicted) {
  const std::uint64_t reference = in.varint();
  if (reference == kPredictedText) return predicted;
  Known* found = known(in, reference);
  if (found == nullptr) return {};
  if (!found->value) found->value = json::Value::trusted(found->text);
  return *found->value;
}

TextReader::Known* TextReader::known(ByteReader& in, std::uint64_t reference) {
  if (reference != kNewText) {
    if (reference - kFirstKnownText >= known_.size()) {
      ok_ = false;
      return nullptr;
    }
    return &known_[static_cast<std::size_t>(reference - kFirstKnownText)];
  }
  const std::uint64_t shared = in.varint();
  const std::string_view rest = in.bytes();
  const std::string_view before = known_.empty() ? std::string_view() : known_.back().text;
  if (!in.ok() || shared > std::min(before.size(), kSharedBytesMax)) {
    ok_ = false;
    return nullptr;
  }
  std::string text(before.substr(0, static_cast<std::size_t>(shared)));
  text += rest;
  return &known_.emplace_back(Known{std::move(text), std::nullopt});
}

}  // namespace pawl::machine
