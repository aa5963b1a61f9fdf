// The decoders of what the store finds on disk: no bytes may crash them, and what they accept must
// be what they would have written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/data_directory.h"
#include "store/wal_check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const pawl::store::WalScan scan = pawl::store::scan_wal(bytes);
  if (scan.intact_bytes > size || scan.flaw_offset > size) std::abort();
  // What is kept of a torn log must be a whole log.
  const std::string kept = bytes.substr(0, scan.intact_bytes);
  if (pawl::store::scan_wal(kept).tail != pawl::store::WalScan::Tail::kIntact) std::abort();
  static_cast<void>(pawl::store::parse_meta(bytes));
  return 0;
}
