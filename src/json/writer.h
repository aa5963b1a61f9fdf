// Writes JSON text front to back, without building nodes first: API answers, history events.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/node.h"

namespace pawl::json {

// `"` + escaped text + `"`.
void print_string_to(std::string_view text, std::string& out);

// Commas are the writer's business; that keys and values alternate is the caller's.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }
  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& integer(std::int64_t value);
  Writer& real(double value);
  Writer& boolean(bool value);
  Writer& null();
  // `text` must be one JSON text.
  Writer& raw(std::string_view text);
  Writer& node(Node node);

 private:
  Writer& open(char bracket);
  Writer& close(char bracket);
  void separate();

  std::string& out_;
  bool first_ = true;
};

}  // namespace pawl::json
