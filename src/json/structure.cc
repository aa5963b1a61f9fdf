#include "json/structure.h"

#include <simdjson.h>

#include <algorithm>

namespace pawl::json {
namespace {

// Offsets take four bytes for each byte of text. A scanner that lives as long as its thread keeps
// no more than this many bytes' worth of them.
constexpr std::size_t kKeptBytesMax = 2u << 20;
constexpr std::size_t kFirstBytes = 16u << 10;

}  // namespace

Structure::Structure() = default;
Structure::~Structure() = default;

std::span<const std::uint32_t> Structure::scan(std::string_view text) {
  if (text.empty() || text.size() >= kTextBytesMax) return {};
  if (!stage_) {
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        std::max(text.size(), kFirstBytes), 1, stage_);
    if (error) return {};
  }
  const bool too_small = stage_->capacity() < text.size();
  const bool too_large = stage_->capacity() > kKeptBytesMax && text.size() <= kKeptBytesMax;
  if (too_small || too_large) {
    const std::size_t wanted = too_large ? kFirstBytes : 2 * stage_->capacity();
    if (stage_->set_capacity(std::min(std::max(text.size(), wanted), kTextBytesMax))) return {};
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (stage_->stage1(bytes, text.size(), simdjson::stage1_mode::regular)) return {};
  return {stage_->structural_indexes.get(), stage_->n_structural_indexes + 1};
}

}  // namespace pawl::json
