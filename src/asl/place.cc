// Prints places as AWS locations and as JSON pointers.
#include "asl/place.h"

namespace pawl::asl {

void append_pointer_token(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (const char character : name) {
    if (character == '~') {
      pointer += "~0";
    } else if (character == '/') {
      pointer += "~1";
    } else {
      pointer += character;
    }
  }
}

std::string Place::location() const {
  if (step_ == Step::kRoot) return "/";
  std::string text = parent_->step_ == Step::kRoot ? std::string() : parent_->location();
  if (step_ == Step::kElement) return text + '[' + std::to_string(index_) + ']';
  return text.append("/").append(key_);
}

std::string Place::location_in_state() const {
  if (step_ == Step::kRoot || step_ == Step::kState) return {};
  std::string text = parent_->location_in_state();
  if (step_ == Step::kElement) return text + '[' + std::to_string(index_) + ']';
  if (!text.empty()) text += '/';
  return text.append(key_);
}

std::string Place::pointer() const {
  if (step_ == Step::kRoot) return {};
  std::string text = parent_->pointer();
  if (step_ == Step::kElement) return text.append("/").append(std::to_string(index_));
  append_pointer_token(text, key_);
  return text;
}

}  // namespace pawl::asl
