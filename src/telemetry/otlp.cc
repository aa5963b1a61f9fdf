#include "telemetry/otlp.h"

#include "json/writer.h"

namespace pawl::telemetry {

namespace {

constexpr int kInternal = 1;     // SPAN_KIND_INTERNAL
constexpr int kStatusError = 2;  // STATUS_CODE_ERROR

void write_text(json::Writer& out, std::string_view key, std::string_view value) {
  out.begin_object().key("key").string(key);
  out.key("value").begin_object().key("stringValue").string(value).end_object().end_object();
}

// 64-bit numbers are texts in the JSON encoding of protocol buffers.
void write_number(json::Writer& out, std::string_view key, std::int64_t value) {
  out.begin_object().key("key").string(key).key("value").begin_object();
  out.key("intValue").string(std::to_string(value)).end_object().end_object();
}

std::string nanoseconds(WallMillis time) { return std::to_string(time) + "000000"; }

void write_span(json::Writer& out, const Span& span) {
  out.begin_object().key("traceId").string(span.trace_id).key("spanId").string(span.id);
  if (!span.parent.empty()) out.key("parentSpanId").string(span.parent);
  out.key("name").string(span.name).key("kind").integer(kInternal);
  out.key("startTimeUnixNano").string(nanoseconds(span.start));
  out.key("endTimeUnixNano").string(nanoseconds(span.end));
  out.key("attributes").begin_array();
  for (const auto& [key, value] : span.attributes) write_text(out, key, value);
  if (span.retries > 0) write_number(out, "pawl.state.retries", span.retries);
  out.end_array().key("status").begin_object();
  if (span.failed) out.key("code").integer(kStatusError).key("message").string(span.message);
  out.end_object().end_object();
}

}  // namespace

std::string otlp_request(std::span<const Span> spans, std::string_view service_name) {
  std::string text;
  text.reserve(spans.size() * 700 + 300);
  json::Writer out(text);
  out.begin_object().key("resourceSpans").begin_array().begin_object();
  out.key("resource").begin_object().key("attributes").begin_array();
  write_text(out, "service.name", service_name);
  out.end_array().end_object();
  out.key("scopeSpans").begin_array().begin_object();
  out.key("scope").begin_object().key("name").string("pawl").end_object();
  out.key("spans").begin_array();
  for (const Span& span : spans) write_span(out, span);
  out.end_array().end_object().end_array().end_object().end_array().end_object();
  return text;
}

}  // namespace pawl::telemetry
