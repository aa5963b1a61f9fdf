#include "store/wal_check.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/crc32c.h"
#include "store/data_directory.h"

namespace pawl::store {

namespace {

// RocksDB's log format: blocks of 32 KiB; a fragment is checksum (4 bytes, little-endian, masked),
// length (2, little-endian), type (1) and payload; it never crosses a block's end, and fewer than
// seven bytes left in a block are padding. A record is one full fragment, or first, middles, last.
constexpr std::size_t kBlockBytes = 32768;
constexpr std::size_t kHeaderBytes = 7;
constexpr std::size_t kSectorBytes = 512;
enum FragmentType : std::uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

struct Fragment {
  std::uint32_t checksum;
  std::size_t bytes;  // with its header
  std::uint8_t type;
};

// The header at `offset`; there must be room for one.
Fragment header_at(std::string_view wal, std::size_t offset) {
  std::uint32_t checksum = 0;
  for (std::size_t i = 4; i-- > 0;) checksum = checksum << 8 | byte_at(wal, offset + i);
  const std::size_t length = byte_at(wal, offset + 4) | std::size_t{byte_at(wal, offset + 5)} << 8;
  return {checksum, kHeaderBytes + length, byte_at(wal, offset + 6)};
}

// RocksDB stores a checksum rotated and shifted, so that checksums of checksums stay good.
bool checksum_fits(std::string_view wal, std::size_t offset, const Fragment& fragment) {
  const std::uint32_t crc = crc32c(wal.substr(offset + 6, fragment.bytes - 6));
  return ((crc >> 15 | crc << 17) + 0xa282ead8u) == fragment.checksum;
}

std::size_t block_end(std::size_t offset) { return (offset / kBlockBytes + 1) * kBlockBytes; }

// The whole, undamaged fragment at `offset`, if one is there.
std::optional<Fragment> fragment_at(std::string_view wal, std::size_t offset) {
  const std::size_t end = std::min(block_end(offset), wal.size());
  if (offset + kHeaderBytes > end) return std::nullopt;
  const Fragment fragment = header_at(wal, offset);
  if (fragment.type < kFull || fragment.type > kLast || offset + fragment.bytes > end ||
      !checksum_fits(wal, offset, fragment)) {
    return std::nullopt;
  }
  return fragment;
}

// Whether a record begins anywhere at or after the flaw at `offset`. The store writes and syncs one
// record at a time, so what comes before another record was synced, and acknowledged.
bool record_begins_after(std::string_view wal, std::size_t offset) {
  // Within the flawed block a header may be at any byte, in later blocks the first is at the start.
  std::size_t at = offset;
  for (const std::size_t end = std::min(block_end(offset), wal.size()); at < end; ++at) {
    const auto fragment = fragment_at(wal, at);
    if (fragment && (fragment->type == kFull || fragment->type == kFirst)) return true;
  }
  for (std::size_t block = block_end(offset); block < wal.size(); block += kBlockBytes) {
    at = block;
    while (const auto fragment = fragment_at(wal, at)) {
      if (fragment->type == kFull || fragment->type == kFirst) return true;
      at += fragment->bytes;
      if (at >= block + kBlockBytes) break;
    }
  }
  return false;
}

bool only_zeros(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
}

// A crash leaves sectors that were not written as zeros.
bool has_unwritten_sector(std::string_view wal, std::size_t from, std::size_t to) {
  for (std::size_t sector = from; sector < to;) {
    const std::size_t end = std::min((sector / kSectorBytes + 1) * kSectorBytes, to);
    if (only_zeros(wal.substr(sector, end - sector))) return true;
    sector = end;
  }
  return false;
}

class WalReader {
 public:
  explicit WalReader(std::string_view wal) : wal_(wal) {}

  WalScan scan() {
    std::string_view flaw;
    while (flaw.empty() && offset_ < wal_.size()) flaw = step();
    if (flaw.empty() && in_record_) flaw = "the log ends inside a record";
    if (flaw.empty()) return {WalScan::Tail::kIntact, wal_.size(), 0, {}};
    if (!in_record_ && only_zeros(wal_.substr(intact_bytes_))) {
      return {WalScan::Tail::kZeros, intact_bytes_, offset_, "zeros to be written over"};
    }
    const WalScan::Tail tail = is_torn() ? WalScan::Tail::kTorn : WalScan::Tail::kDamaged;
    return {tail, intact_bytes_, offset_, flaw};
  }

 private:
  // Goes past one fragment or the padding of a block; or says what is wrong there.
  std::string_view step() {
    const std::size_t block_left = block_end(offset_) - offset_;
    if (block_left < kHeaderBytes) {
      offset_ = std::min(offset_ + block_left, wal_.size());
      return {};
    }
    const std::size_t left = wal_.size() - offset_;
    if (left < kHeaderBytes) return "the log ends inside a fragment's header";
    const Fragment fragment = header_at(wal_, offset_);
    if (fragment.bytes > block_left) return "a fragment longer than its block";
    if (fragment.bytes > left) return "the log ends inside a fragment";
    // Types that this build does not know carry a checksum too.
    if (!checksum_fits(wal_, offset_, fragment)) {
      record_end_ = offset_ + fragment.bytes;
      return "a checksum that does not fit";
    }
    return pass(fragment);
  }

  std::string_view pass(const Fragment& fragment) {
    const bool goes_on = fragment.type == kMiddle || fragment.type == kLast;
    if (goes_on != in_record_ && fragment.type >= kFull && fragment.type <= kLast) {
      return "a record without its beginning or end";
    }
    offset_ += fragment.bytes;
    in_record_ = fragment.type == kFirst || fragment.type == kMiddle;
    if (!in_record_) intact_bytes_ = offset_;
    return {};
  }

  // The flaw is in the last record. If that is there whole and without a hole, its bytes were
  // written and have changed since: it may have been acknowledged, and is not ours to drop.
  bool is_torn() const {
    if (record_begins_after(wal_, offset_)) return false;
    return record_end_ == 0 || !only_zeros(wal_.substr(record_end_)) ||
           has_unwritten_sector(wal_, intact_bytes_, record_end_);
  }

  const std::string_view wal_;
  std::size_t offset_ = 0;
  std::size_t intact_bytes_ = 0;
  bool in_record_ = false;
  std::size_t record_end_ = 0;  // of a last fragment whose checksum does not fit; 0: none such
};

Result<void, StoreError> cut(const std::string& path, std::uint64_t bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool done =
      file >= 0 && ::ftruncate(file, static_cast<off_t>(bytes)) == 0 && ::fsync(file) == 0;
  const std::string reason = std::strerror(errno);
  if (file >= 0) ::close(file);
  if (!done) return Err{StoreError{"cannot cut the tail of " + path + ": " + reason}};
  return {};
}

std::vector<std::string> wals_of(const std::string& directory) {
  std::vector<std::string> wals;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".log") wals.push_back(entry.path().string());
  }
  // Their names are numbers of equal width until they grow longer.
  std::sort(wals.begin(), wals.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);
  });
  return wals;
}

}  // namespace

WalScan scan_wal(std::string_view wal) { return WalReader(wal).scan(); }

Result<void, StoreError> check_wals(const std::string& directory,
                                    const std::function<void(const std::string&)>& notice) {
  const std::vector<std::string> wals = wals_of(directory);
  for (const std::string& path : wals) {
    const std::string bytes = TRY(read_file(path));
    const WalScan scan = scan_wal(bytes);
    if (scan.tail == WalScan::Tail::kIntact) continue;
    if (scan.tail == WalScan::Tail::kZeros) {
      TRY(cut(path, scan.intact_bytes));
      continue;
    }
    if (scan.tail == WalScan::Tail::kDamaged || path != wals.back()) {
      return Err{StoreError{path + " is damaged at byte " + std::to_string(scan.flaw_offset) +
                            " of " + std::to_string(bytes.size()) + ": " + std::string(scan.flaw) +
                            ". What follows was acknowledged, so the store does not open without "
                            "it; restore a backup, or the file"}};
    }
    TRY(cut(path, scan.intact_bytes));
    notice("cut " + std::to_string(bytes.size() - scan.intact_bytes) + " bytes off the end of " +
           path + ": a write that was never acknowledged (" + std::string(scan.flaw) + ")");
  }
  return {};
}

}  // namespace pawl::store
