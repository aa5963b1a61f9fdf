// Records of events and state images: whatever the bytes are, decoding answers a value or a
// refusal, and what it answers encodes and decodes to the same again.
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "base/ensure.h"
#include "machine/codec.h"

namespace {

using pawl::machine::decode_events;
using pawl::machine::decode_image;

// The checksum would refuse nearly all inputs: it is made right, as damage by a bug of ours has it.
std::string sealed(const std::uint8_t* data, std::size_t size) {
  std::string record = "\x01";
  record.append(reinterpret_cast<const char*>(data), size);
  pawl::put_big_endian_32(record, pawl::crc32c(record));
  return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string record = sealed(data, size);
  if (const auto events = decode_events(record); events.ok()) {
    const std::string again = encode_events(*events);
    const auto twice = decode_events(again);
    ENSURE(twice.ok() && encode_events(*twice) == again, size);
  }
  if (const auto execution = decode_image(record); execution.ok()) {
    const std::string again = encode_image(*execution);
    const auto twice = decode_image(again);
    ENSURE(twice.ok() && encode_image(*twice) == again, size);
    (void)pending_commands(*execution);
  }
  (void)decode_events({reinterpret_cast<const char*>(data), size});
  (void)decode_image({reinterpret_cast<const char*>(data), size});
  return 0;
}
