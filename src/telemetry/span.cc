#include "telemetry/span.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/hex.h"

namespace pawl::telemetry {

namespace {

bool is_id(std::string_view text, std::size_t digits) {
  const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  const auto is_zero = [](char c) { return c == '0'; };
  return text.size() == digits && std::ranges::all_of(text, is_hex) &&
         !std::ranges::all_of(text, is_zero);
}

// The value of `name=` among parts with ';' between them.
std::string_view part(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view field = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (field.starts_with(' ')) field.remove_prefix(1);
    if (field.starts_with(name)) return field.substr(name.size());
  }
  return {};
}

// "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
std::optional<TraceContext> read_xray(std::string_view header) {
  const std::string_view root = part(header, "Root=");
  if (root.size() != 35 || !root.starts_with("1-") || root[10] != '-') return std::nullopt;
  TraceContext context{std::string(root.substr(2, 8)).append(root.substr(11)), {}, true};
  if (!is_id(context.trace_id, 32)) return std::nullopt;
  if (is_id(part(header, "Parent="), 16)) context.parent = part(header, "Parent=");
  context.sampled = part(header, "Sampled=") != "0";
  return context;
}

// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" (W3C Trace Context section 3.2)
std::optional<TraceContext> read_traceparent(std::string_view header) {
  if (header.size() != 55 || !header.starts_with("00-") || header[35] != '-' || header[52] != '-') {
    return std::nullopt;
  }
  const std::string_view trace = header.substr(3, 32);
  const std::string_view parent = header.substr(36, 16);
  if (!is_id(trace, 32) || !is_id(parent, 16)) return std::nullopt;
  const std::size_t flags = std::string_view(kHexDigits).find(header[54]);
  return TraceContext{std::string(trace), std::string(parent),
                      flags != std::string_view::npos && flags % 2 == 1};
}

// Never change: a restart must find the same ids again.
std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

}  // namespace

TraceContext trace_context(const runtime::ExecutionId& id, std::string_view trace_header) {
  if (const auto context = read_xray(trace_header)) return *context;
  if (const auto context = read_traceparent(trace_header)) return *context;
  return {encode_hex(id.view()), {}, true};
}

std::string span_id(const runtime::ExecutionId& id, machine::EventId entered) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : id.bytes) value = mixed(value * 256 + byte + 1);
  value = mixed(value + static_cast<std::uint64_t>(entered) * 0x9E3779B97F4A7C15u);
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(value >> shift & 0xFF));
  }
  return value == 0 ? "0000000000000001" : encode_hex(bytes);
}

}  // namespace pawl::telemetry
