#include "json/writer.h"

#include <charconv>
#include <cmath>

#include "json/value.h"

namespace pawl::json {
namespace {

template <class Number>
void put_number(Number value, std::string& out) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace

void Writer::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

Writer& Writer::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
  return *this;
}

Writer& Writer::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  print_string_to(name, out_);
  out_ += ':';
  first_ = true;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  separate();
  print_string_to(text, out_);
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  separate();
  put_number(value, out_);
  return *this;
}

Writer& Writer::real(double value) {
  ENSURE(std::isfinite(value), value);
  separate();
  put_number(value, out_);
  return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }
Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view text) {
  separate();
  out_ += text;
  return *this;
}

Writer& Writer::node(Node node) {
  separate();
  print_to(node, out_);
  return *this;
}

}  // namespace pawl::json
