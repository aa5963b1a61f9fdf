// Over libyaml's events, so that depth and size are bounded here and nothing recurses.
#include "templates/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "templates/limits.h"

namespace pawl::templates {

namespace {

using json::Node;

constexpr std::string_view kShortForms[] = {
    "And",    "Base64", "Cidr",        "Equals", "FindInMap",    "GetAZs",
    "GetAtt", "If",     "ImportValue", "Join",   "Length",       "Not",
    "Or",     "Select", "Split",       "Sub",    "ToJsonString", "Transform"};

// The key of the long form; nothing when there is no such function.
std::optional<std::string> long_form(std::string_view tag) {
  tag.remove_prefix(1);
  if (tag == "Ref" || tag == "Condition") return std::string(tag);
  if (std::find(std::begin(kShortForms), std::end(kShortForms), tag) == std::end(kShortForms)) {
    return std::nullopt;
  }
  return "Fn::" + std::string(tag);
}

struct ParserDeleter {
  void operator()(yaml_parser_t* parser) const {
    yaml_parser_delete(parser);
    delete parser;
  }
};

// One libyaml event, freed with the object.
struct Event {
  Event() = default;
  ~Event() { yaml_event_delete(&event); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t event{};
};

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

bool is_number(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  const auto parsed = json::Value::parse(std::string(text));
  return parsed.ok() && parsed->root().is_number() && parsed->text() == text;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// YAML 1.1 section 10.3 and its type repository: null and bool; numbers where JSON has them too, so
// that account ids with leading zeros stay text.
Node plain_scalar(json::Arena& arena, std::string_view text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return Node::null();
  if (is_one_of(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})) {
    return Node::boolean(true);
  }
  if (is_one_of(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})) {
    return Node::boolean(false);
  }
  return is_number(text) ? arena.number(text) : arena.string(text);
}

// A mapping or sequence that is being read.
struct Open {
  Open(json::Arena& arena, bool mapping, std::string tag_of)
      : is_mapping(mapping), tag(std::move(tag_of)), members(arena) {}
  bool is_mapping;
  std::string tag;
  std::vector<Node> elements;
  json::ObjectBuilder members;
  std::optional<std::string> key;
};

class Reader {
 public:
  Reader(json::Arena& arena, std::string_view text) : arena_(arena), parser_(new yaml_parser_t{}) {
    ENSURE(yaml_parser_initialize(parser_.get()) == 1);
    yaml_parser_set_encoding(parser_.get(), YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser_.get(), reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }

  Result<Node, TemplateError> read() {
    for (;;) {
      Event next;
      if (yaml_parser_parse(parser_.get(), &next.event) == 0) {
        return not_well_formed(parser_->problem_mark);
      }
      if (next.event.type == YAML_STREAM_END_EVENT) break;
      if (next.event.type == YAML_DOCUMENT_START_EVENT && documents_++ > 0) {
        return not_well_formed(next.event.start_mark);
      }
      TRY(take(next.event));
    }
    return root_;
  }

 private:
  using Taken = Result<void, TemplateError>;

  static Err<TemplateError> not_well_formed(const yaml_mark_t& mark) {
    return template_error(
        fmt::format("Template format error: YAML not well-formed. (line {}, column {})",
                    mark.line + 1, mark.column + 1));
  }

  Taken take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_ALIAS_EVENT:
        return template_error(
            "Template error: YAML aliases are not allowed in CloudFormation templates");
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return open(event, text_of(event.data.sequence_start.tag));
      case YAML_MAPPING_START_EVENT:
        return open(event, text_of(event.data.mapping_start.tag));
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return close(event);
      case YAML_NO_EVENT:
      case YAML_STREAM_START_EVENT:
      case YAML_STREAM_END_EVENT:
      case YAML_DOCUMENT_START_EVENT:
      case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return {};
  }

  Taken open(const yaml_event_t& event, std::string_view tag) {
    const bool mapping = event.type == YAML_MAPPING_START_EVENT;
    if (open_.size() >= kDepthMax || is_waiting_for_key()) {
      return not_well_formed(event.start_mark);
    }
    open_.push_back(std::make_unique<Open>(arena_, mapping, std::string(tag)));
    return {};
  }

  Taken close(const yaml_event_t& event) {
    const std::unique_ptr<Open> closed = std::move(open_.back());
    open_.pop_back();
    const Node node =
        closed->is_mapping ? closed->members.finish() : arena_.array(closed->elements);
    return put(event, tagged(node, closed->tag));
  }

  Taken scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    const std::string_view value(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (is_waiting_for_key()) {
      open_.back()->key = std::string(value);
      return {};
    }
    const std::string_view tag = text_of(scalar.tag);
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag.empty();
    return put(event, tagged(plain ? plain_scalar(arena_, value) : arena_.string(value), tag));
  }

  // Nothing: the tag names no function.
  std::optional<Node> tagged(Node value, std::string_view tag) {
    if (tag.empty() || !tag.starts_with('!') || tag == "!") return value;
    const auto key = long_form(tag);
    if (!key) return std::nullopt;
    if (*key == "Fn::GetAtt" && value.is_string()) value = attribute_pair(value.string());
    return arena_.object({{arena_.string(*key), value}});
  }

  // `Resource.Attribute.Inner` is a resource's name and the rest.
  Node attribute_pair(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return arena_.string(text);
    return arena_.array({arena_.string(text.substr(0, dot)), arena_.string(text.substr(dot + 1))});
  }

  Taken put(const yaml_event_t& event, std::optional<Node> value) {
    if (!value) return not_well_formed(event.start_mark);
    if (open_.empty()) {
      root_ = *value;
    } else if (open_.back()->is_mapping) {
      open_.back()->members.set(arena_.copy(*open_.back()->key), *value);
      open_.back()->key.reset();
    } else {
      open_.back()->elements.push_back(*value);
    }
    return {};
  }

  bool is_waiting_for_key() const {
    return !open_.empty() && open_.back()->is_mapping && !open_.back()->key;
  }

  json::Arena& arena_;
  std::unique_ptr<yaml_parser_t, ParserDeleter> parser_;
  std::vector<std::unique_ptr<Open>> open_;
  Node root_;
  int documents_ = 0;
};

}  // namespace

Result<json::Node, TemplateError> parse_yaml(json::Arena& arena, std::string_view text) {
  return Reader(arena, text).read();
}

}  // namespace pawl::templates
