// For tests: sound JSON with a few bytes taken away, changed or added.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::json {

class DamagedTexts {
 public:
  // `alphabet`: what changed and added bytes are drawn from. The same seed gives the same texts.
  DamagedTexts(std::vector<std::string> sound, std::string_view alphabet, unsigned seed)
      : sound_(std::move(sound)), alphabet_(alphabet), random_(seed) {}

  std::string next() {
    std::string text = sound_[below(sound_.size())];
    for (std::size_t changes = 1 + below(3); changes > 0 && !text.empty(); --changes) damage(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  void damage(std::string& text) {
    const std::size_t place = below(text.size());
    switch (below(4)) {
      case 0:
        text.erase(place, 1 + below(3));
        break;
      case 1:
        text[place] = alphabet_[below(alphabet_.size())];
        break;
      case 2:
        text.insert(place, 1, alphabet_[below(alphabet_.size())]);
        break;
      default:
        text.resize(place);
        break;
    }
  }

  const std::vector<std::string> sound_;
  const std::string alphabet_;
  std::mt19937 random_;
};

}  // namespace pawl::json
