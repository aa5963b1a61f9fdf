// A regular expression of a service model. Matches whole texts, as Java's Pattern.matches does.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pawl::api {

class Pattern {
 public:
  // `text` is one of our own tables' patterns: one that does not compile is a bug.
  explicit Pattern(std::string_view text);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  // `subject` is valid UTF-8. Thread-safe. A subject that needs too many steps does not match.
  bool matches(std::string_view subject) const;
  std::string_view text() const { return text_; }

 private:
  struct Code;
  std::string text_;
  std::unique_ptr<Code> code_;
};

}  // namespace pawl::api
