// The durable form of Events and of whole Executions (docs/formats/events.md).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "machine/execution.h"

namespace pawl::machine {

struct DecodeError {
  std::string message;
};

// One record: the events of one batch, self-contained, versioned, with a CRC-32C. A payload or name
// that occurs more than once in the record is stored once.
std::string encode_events(std::span<const Event> events);
// Refuses damage and newer versions with a message; never crashes, whatever the bytes are.
Result<std::vector<Event>, DecodeError> decode_events(std::string_view record);

// The state image (decision D17): a cache of the Execution after its last event.
std::string encode_image(const Execution& execution);
Result<Execution, DecodeError> decode_image(std::string_view image);

}  // namespace pawl::machine
