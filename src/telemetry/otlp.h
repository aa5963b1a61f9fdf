// Spans in OTLP's JSON encoding (opentelemetry-proto, ExportTraceServiceRequest).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "telemetry/span.h"

namespace pawl::telemetry {

std::string otlp_request(std::span<const Span> spans, std::string_view service_name);

}  // namespace pawl::telemetry
