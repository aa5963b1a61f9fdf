// Reading JSON members, and the errors of CodePipeline.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "json/writer.h"
#include "runtime/operations.h"

namespace pawl::codepipeline {

using runtime::ServiceError;
using TextMap = std::map<std::string, std::string>;

// nullptr when absent or null.
const json::Node* node_in(json::Node node, std::string_view name);
// Empty when it is no text.
std::string text_in(json::Node node, std::string_view name);
std::int64_t integer_in(json::Node node, std::string_view name, std::int64_t fallback = 0);
bool flag_in(json::Node node, std::string_view name);
TextMap text_map_in(json::Node node, std::string_view name);
std::vector<std::string> texts_in(json::Node node, std::string_view name);

// Written only where there is something to say.
void write_text(json::Writer& out, std::string_view name, std::string_view text);
void write_integer(json::Writer& out, std::string_view name, std::int64_t value);
void write_map(json::Writer& out, std::string_view name, const TextMap& map);
// Seconds since 1970 with milliseconds, as json-1.1 has them; nothing for 0.
void write_time(json::Writer& out, std::string_view name, std::int64_t millis);

ServiceError error(std::string code, std::string message);
ServiceError validation_error(std::string message);
// A required member that is not there, in the words of the API's validation.
ServiceError missing(std::string_view member);
json::Value empty_answer();
// Who calls, as records tell it.
std::string caller_arn(const runtime::Principal& principal);

}  // namespace pawl::codepipeline
