// Every limit of the engine in one place. Those that AWS has carry AWS's value (decision D9); the
// clause is that of the service's quota page. Sizes are bytes of UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pawl {

struct Limits {
  std::size_t payload_bytes_max = 262'144;   // state input, output, result, parameters
  std::int64_t history_events_max = 25'000;  // the last one is the ExecutionFailed
  std::size_t definition_bytes_max = 1'048'576;
  int json_depth_max = 1'000;
  int intrinsic_depth_max = 10;
  int map_concurrency_max = 40;          // inline Map
  int map_run_concurrency_max = 10'000;  // children of a Distributed Map at once
  std::int64_t wait_seconds_max = 99'999'999;
  std::int64_t wait_days_max = 24'855;              // "Wait state delay is too long."
  std::int64_t execution_seconds_max = 31'536'000;  // one year
  std::int64_t redrive_seconds_max = 1'209'600;     // after the end: 14 days
  std::int64_t redrive_token_seconds = 900;         // how long a clientToken is known
  std::size_t redrive_tokens_max = 10;
  std::int64_t execution_seconds_default = 0;  // of a definition without TimeoutSeconds; 0: none
  std::int64_t express_seconds_max = 300;      // of an Express execution; 0: none
  std::size_t state_name_characters_max = 80;
  std::size_t label_characters_max = 40;  // of a Distributed Map
  std::size_t variable_name_characters_max = 80;
  // Our own: what is kept of a definition's diagnostics, and how long all its states' JSON pointers
  // may be together, which nesting multiplies.
  std::size_t diagnostics_max = 1'000;
  std::size_t diagnostics_bytes_max = 4u << 20;
  std::size_t state_pointers_bytes_max = 16u << 20;
  std::size_t variables_bytes_max = 10u << 20;  // all of one execution
  // Of one JSONata evaluation. The service stops at about 7 MB.
  std::int64_t jsonata_milliseconds_max = 1'000;
  std::size_t jsonata_bytes_max = 64u << 20;
  std::size_t error_bytes_max = 256;
  std::size_t cause_bytes_max = 32'768;
  // Our own: how much one decide() may do before it commits and goes on (decision D3).
  std::int64_t step_fuel_max = 5'000;     // events
  std::size_t step_bytes_max = 4u << 20;  // payload bytes newly written
};

// `limits = "aws"`.
inline constexpr Limits kAwsLimits{};

}  // namespace pawl
