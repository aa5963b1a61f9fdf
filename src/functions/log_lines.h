// Cuts a stream of output into lines, with an upper bound on what an unfinished one may hold.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace pawl::functions {

class LogLines {
 public:
  explicit LogLines(std::size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}

  template <class Line>
  void feed(std::string_view bytes, const Line& line) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::size_t taken = std::min(end, bytes.size());
      const std::size_t room = line_bytes_max_ - partial_.size();
      if (taken > room) {  // too long: split
        emit(bytes.substr(0, room), line);
        bytes.remove_prefix(room);
      } else if (end == std::string_view::npos) {
        partial_.append(bytes);
        return;
      } else {
        emit(bytes.substr(0, end), line);
        bytes.remove_prefix(end + 1);
      }
    }
  }

  // What stands there without a newline.
  template <class Line>
  void finish(const Line& line) {
    if (!partial_.empty()) emit({}, line);
  }

 private:
  template <class Line>
  void emit(std::string_view bytes, const Line& line) {
    if (partial_.empty()) {
      line(bytes);
      return;
    }
    partial_.append(bytes);
    line(std::string_view(partial_));
    partial_.clear();
  }

  std::size_t line_bytes_max_;
  std::string partial_;
};

}  // namespace pawl::functions
