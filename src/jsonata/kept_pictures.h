// Pictures of dates and numbers that an expression's text spells: analysed when they are first
// used, and kept with the program.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "jsonata/date_picture.h"
#include "jsonata/integer_picture.h"
#include "jsonata/number_picture.h"

namespace pawl::jsonata {

// One picture, which several threads may look for and bring; the first one stays.
template <class Picture>
class KeptPicture {
 public:
  KeptPicture() = default;
  ~KeptPicture() { delete kept_.load(); }
  KeptPicture(const KeptPicture&) = delete;
  KeptPicture& operator=(const KeptPicture&) = delete;

  const Picture* find() const { return kept_.load(std::memory_order_acquire); }
  const Picture* keep(Picture picture) const {
    auto made = std::make_unique<const Picture>(std::move(picture));
    const Picture* first = nullptr;
    if (kept_.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) {
      return made.release();
    }
    return first;
  }

 private:
  mutable std::atomic<const Picture*> kept_ = nullptr;
};

// A literal, as each of the pictures that it may be taken for.
struct KeptPictures {
  explicit KeptPictures(std::string_view the_text) : text(the_text) {}

  const std::string_view text;
  KeptPicture<DatePicture> date;
  KeptPicture<NumberPicture> number;
  KeptPicture<IntegerPicture> integer;
};

// The picture that `text` is: the kept one when it is that literal (`kept` may be nullptr), else
// one that `own` will hold.
template <class Picture>
Result<const Picture*, Failure> find_picture(std::string_view text, const KeptPictures* kept,
                                             KeptPicture<Picture> KeptPictures::* kind,
                                             std::optional<Picture>& own) {
  const bool is_literal =
      kept != nullptr && kept->text.data() == text.data() && kept->text.size() == text.size();
  if (!is_literal) return &own.emplace(TRY(Picture::compile(text)));
  if (const Picture* found = (kept->*kind).find()) return found;
  return (kept->*kind).keep(TRY(Picture::compile(text)));
}

}  // namespace pawl::jsonata
