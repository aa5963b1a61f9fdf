#include "api/xml_reader.h"

#include <pugixml.hpp>

#include "api/url.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "json/number.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

using Written = Result<void, std::string>;

// "s3:Tag" -> "Tag".
std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string text_of(const pugi::xml_node& element) {
  std::string text;
  for (const pugi::xml_node& child : element.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  return text;
}

Written write_value(json::Writer& out, const pugi::xml_node& element, const Shape& shape);

Written write_scalar(json::Writer& out, const pugi::xml_node& element, const Shape& shape) {
  const std::string text = text_of(element);
  const std::string_view word = trimmed(text, " \t\r\n");
  if (is_whole_number(shape.type)) {
    if (!json::is_integral_text(word) || !json::to_int64(word)) {
      return Err{std::string(element.name()) + " is not an integer"};
    }
    out.raw(word);
  } else if (shape.type == ShapeType::kBoolean) {
    if (word != "true" && word != "false") {
      return Err{std::string(element.name()) + " is neither true nor false"};
    }
    out.boolean(word == "true");
  } else {
    out.string(text);
  }
  return {};
}

Written write_flattened(json::Writer& out, const pugi::xml_node& parent, std::string_view name,
                        const Shape& list) {
  out.begin_array();
  for (const pugi::xml_node& child : parent.children()) {
    if (local_name(child.name()) == name) TRY(write_value(out, child, *list.element));
  }
  out.end_array();
  return {};
}

pugi::xml_node child_named(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& child : parent.children()) {
    if (child.type() == pugi::node_element && local_name(child.name()) == name) return child;
  }
  return {};
}

Written write_structure(json::Writer& out, const pugi::xml_node& element, const Shape& shape) {
  out.begin_object();
  for (const Member& member : shape.members) {
    const std::string_view name = member.wire_name.empty() ? member.name : member.wire_name;
    if (member.location == Location::kAttribute) {
      const pugi::xml_attribute attribute = element.attribute(std::string(name).c_str());
      if (attribute) out.key(member.name).string(attribute.value());
      continue;
    }
    const pugi::xml_node child = child_named(element, name);
    if (!child) {
      if (member.presence == Presence::kRequired) {
        return Err{std::string(element.name()) + " has no " + std::string(name)};
      }
      continue;
    }
    out.key(member.name);
    const bool flattened =
        member.shape->type == ShapeType::kList && member.shape->form == ListForm::kFlattened;
    TRY(flattened ? write_flattened(out, element, name, *member.shape)
                  : write_value(out, child, *member.shape));
  }
  out.end_object();
  return {};
}

// As deep as the shapes are, however deep the document is.
Written write_value(json::Writer& out, const pugi::xml_node& element, const Shape& shape) {
  if (shape.type == ShapeType::kStructure) return write_structure(out, element, shape);
  if (shape.type == ShapeType::kList) {
    return write_flattened(out, element, shape.element_name, shape);
  }
  return write_scalar(out, element, shape);
}

}  // namespace

Result<std::string, std::string> read_xml(std::string_view document, std::string_view root,
                                          const Shape& structure) {
  if (!is_valid_utf8(document)) return Err{std::string("the document is not valid UTF-8")};
  pugi::xml_document parsed;
  constexpr unsigned kOptions = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol |
                                pugi::parse_ws_pcdata_single | pugi::parse_doctype;
  const pugi::xml_parse_result result =
      parsed.load_buffer(document.data(), document.size(), kOptions, pugi::encoding_utf8);
  if (!result) return Err{std::string(result.description())};
  for (const pugi::xml_node& node : parsed.children()) {
    if (node.type() == pugi::node_doctype) return Err{std::string("there is a document type")};
  }
  const pugi::xml_node element = parsed.document_element();
  if (local_name(element.name()) != root) {
    return Err{"the document is no " + std::string(root)};
  }
  std::string text;
  json::Writer out(text);
  TRY(write_structure(out, element, structure));
  return text;
}

}  // namespace pawl::api
