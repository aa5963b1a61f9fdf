// The hull of every durable record of this layer: a version byte before, a CRC-32C behind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "machine/codec.h"

namespace pawl::machine {

std::string open_record(std::uint8_t version);
void seal_record(std::string& record);
// The bytes between; `what` names the record in the message.
Result<std::string_view, DecodeError> unseal_record(std::string_view record, std::uint8_t version,
                                                    std::string_view what);

}  // namespace pawl::machine
