// Reads XML documents that clients send, by shape. The only file that knows the XML library is
// xml_reader.cc. No document type, no entities but XML's own: nothing in a document can grow.
#pragma once

#include <string>
#include <string_view>

#include "api/shape.h"
#include "base/result.h"

namespace pawl::api {

// The document as JSON of the structure, numbers and booleans as such; elements that the structure
// does not have are passed over. `root` is the name its element must have. The error says what is
// wrong with the document.
Result<std::string, std::string> read_xml(std::string_view document, std::string_view root,
                                          const Shape& structure);

}  // namespace pawl::api
