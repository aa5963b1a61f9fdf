#include "jsonata/stringify.h"

#include <bit>
#include <cmath>
#include <vector>

#include "json/value.h"
#include "json/writer.h"
#include "jsonata/errors.h"
#include "jsonata/natives.h"
#include "jsonata/number_text.h"

namespace pawl::jsonata {
namespace {

// What is printed of a value that has parts: next of its parts.
struct OpenContainer {
  Value value;
  std::uint32_t next = 0;
};

// Prints without recursion: values may be nested deeper than the stack.
class Printer {
 public:
  enum class Numbers { kRounded, kExact };

  Printer(std::string& out, std::size_t bytes_max, Layout layout, Numbers numbers)
      : out_(out), bytes_max_(out.size() + bytes_max), layout_(layout), numbers_(numbers) {}

  enum class Outcome { kDone, kTooLong, kNotFinite };

  Outcome run(const Value& root) {
    if (!scalar(root)) return Outcome::kNotFinite;
    while (!open_.empty()) {
      if (out_.size() > bytes_max_) return Outcome::kTooLong;
      OpenContainer& container = open_.back();
      const Value value = container.value;
      const std::uint32_t index = container.next++;
      if (index == value.size()) {
        open_.pop_back();
        if (value.size() > 0) new_line();
        out_ += value.is_array() ? ']' : '}';
        continue;
      }
      if (index > 0) out_ += ',';
      new_line();
      const Value* part = nullptr;
      if (value.is_array()) {
        part = &value.elements()[index];
      } else {
        print_string(value.entries()[index].key.text());
        out_ += layout_ == Layout::kIndented ? ": " : ":";
        part = &value.entries()[index].value;
      }
      if (!scalar(*part)) return Outcome::kNotFinite;
    }
    return out_.size() > bytes_max_ ? Outcome::kTooLong : Outcome::kDone;
  }

 private:
  void print_string(std::string_view text) { append_json_text(text, out_); }

  void new_line() {
    if (layout_ != Layout::kIndented) return;
    out_ += '\n';
    out_.append(open_.size() * 2, ' ');
  }

  // Prints a scalar, or opens a container. False for a number that JSON has not.
  bool scalar(const Value& value) {
    switch (value.tag()) {
      case Tag::kBoolean:
        out_ += value.truth() ? "true" : "false";
        return true;
      case Tag::kReal:
      case Tag::kNumberText:
        return number(value);
      case Tag::kString:
        print_string(value.text());
        return true;
      case Tag::kArray:
      case Tag::kObject:
        if (!splice(value)) {
          out_ += value.is_array() ? '[' : '{';
          open_.push_back({value});
        }
        return true;
      case Tag::kFunction:
        function(*value.function());
        return true;
      default:
        out_ += "null";
        return true;
    }
  }

  // In messages built-in functions are shown as what jsonata-js has for them.
  void function(const Function& function) {
    if (numbers_ == Numbers::kRounded || function.kind != Function::Kind::kNative) {
      out_ += "\"\"";
      return;
    }
    out_ += R"({"_jsonata_function":true,"signature":{"definition":)";
    print_string(function.native->signature_text);
    out_ += "}}";
  }

  // What comes from a document and was spelled there as it is printed here.
  bool splice(const Value& value) {
    if (layout_ != Layout::kCompact || value.has(Value::kBuilt)) return false;
    const std::string_view text = std::bit_cast<json::Node>(value).ecmascript_text();
    if (text.empty() || out_.size() + text.size() > bytes_max_) return false;
    out_ += text;
    return true;
  }

  bool number(const Value& value) {
    const double real = value.to_real();
    if (!std::isfinite(real)) {
      out_ += "null";
      return numbers_ == Numbers::kExact || std::isnan(real);
    }
    out_ += (numbers_ == Numbers::kRounded ? rounded_number_text(real) : number_text(real)).view();
    return true;
  }

  std::string& out_;
  const std::size_t bytes_max_;
  const Layout layout_;
  const Numbers numbers_;
  std::vector<OpenContainer> open_;
};

}  // namespace

bool append_string(Evaluation& evaluation, const Value& value, Layout layout, std::string& out) {
  switch (value.tag()) {
    case Tag::kUndefined:
    case Tag::kFunction:
      return true;
    case Tag::kString:
      out += value.text();
      return true;
    case Tag::kReal:
    case Tag::kNumberText: {
      const double real = value.to_real();
      if (!std::isfinite(real)) return evaluation.fail("D3001", value), false;
      out += rounded_number_text(real).view();
      return true;
    }
    default:
      break;
  }
  const std::size_t bytes_max = evaluation.scope.budget.bytes_max;
  switch (Printer(out, bytes_max, layout, Printer::Numbers::kRounded).run(value)) {
    case Printer::Outcome::kDone:
      return true;
    case Printer::Outcome::kNotFinite:
      return evaluation.fail("D1001", Value::undefined()), evaluation.mistake.value = "null", false;
    case Printer::Outcome::kTooLong:
      break;
  }
  return evaluation.has_room(bytes_max + 1);
}

std::string shown_text(const Value& value, std::size_t bytes_max) {
  if (value.is_undefined()) return "undefined";
  std::string text;
  Printer(text, bytes_max, Layout::kCompact, Printer::Numbers::kExact).run(value);
  return text;
}

}  // namespace pawl::jsonata
