// Logs are written here as RocksDB writes them, so that every byte can be damaged in turn; the
// tests at the end do the same to a real store.
#include "store/wal_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/crc32c.h"

namespace pawl::store {
namespace {

using Tail = WalScan::Tail;

constexpr std::size_t kBlock = 32768;

void append_fragment(std::string& wal, char type, std::string_view payload) {
  const std::uint32_t crc = crc32c(std::string(1, type) + std::string(payload));
  const std::uint32_t masked = (crc >> 15 | crc << 17) + 0xa282ead8u;
  for (int shift = 0; shift < 32; shift += 8) wal += static_cast<char>(masked >> shift);
  wal += static_cast<char>(payload.size());
  wal += static_cast<char>(payload.size() >> 8);
  wal += type;
  wal += payload;
}

void append_record(std::string& wal, std::string_view payload) {
  for (bool first = true;; first = false) {
    std::size_t left = kBlock - wal.size() % kBlock;
    if (left < 7) {
      wal.append(left, '\0');
      left = kBlock;
    }
    const std::size_t part = std::min(payload.size(), left - 7);
    const bool last = part == payload.size();
    const char type = first ? (last ? 1 : 2) : (last ? 4 : 3);
    append_fragment(wal, type, payload.substr(0, part));
    payload.remove_prefix(part);
    if (last) return;
  }
}

// Three records; the last one spans three blocks.
struct Example {
  Example() {
    append_record(bytes, "the first record");
    append_record(bytes, std::string(kBlock - 40, 'b'));
    intact = bytes.size();
    append_record(bytes, std::string(2 * kBlock, 'c'));
  }
  std::string bytes;
  std::size_t intact;  // where the last record begins
};

TEST(ScanWal, FindsNothingWrongWithWholeLogs) {
  EXPECT_EQ(scan_wal("").tail, Tail::kIntact);
  const Example example;
  EXPECT_EQ(scan_wal(example.bytes).tail, Tail::kIntact);
  EXPECT_EQ(scan_wal(example.bytes).intact_bytes, example.bytes.size());
  EXPECT_EQ(scan_wal(example.bytes.substr(0, example.intact)).tail, Tail::kIntact);
}

TEST(ScanWal, PaddingOfEveryLengthIsPassed) {
  for (std::size_t left = 0; left < 20; ++left) {
    std::string wal;
    append_record(wal, std::string(kBlock - 7 - left, 'a'));
    append_record(wal, "next");
    EXPECT_EQ(scan_wal(wal).tail, Tail::kIntact) << left;
  }
}

TEST(ScanWal, ALogCutAnywhereInItsLastRecordIsTorn) {
  const Example example;
  for (std::size_t size = example.intact + 1; size < example.bytes.size(); size += 101) {
    const WalScan scan = scan_wal(std::string_view(example.bytes).substr(0, size));
    // A cut within the padding before the record's first fragment leaves a whole log.
    if (scan.tail == Tail::kIntact) continue;
    ASSERT_EQ(scan.tail, Tail::kTorn) << size;
    ASSERT_EQ(scan.intact_bytes, example.intact) << size;
  }
}

TEST(ScanWal, PagesThatWereNotWrittenAreATear) {
  const Example example;
  for (std::size_t page = example.intact / 4096 + 1; page < example.bytes.size() / 4096; ++page) {
    std::string wal = example.bytes;
    wal.replace(page * 4096, 4096, 4096, '\0');
    const WalScan scan = scan_wal(wal);
    ASSERT_EQ(scan.tail, Tail::kTorn) << page;
    ASSERT_EQ(scan.intact_bytes, example.intact) << page;
  }
}

TEST(ScanWal, ZerosAfterTheLastRecordWereToBeWrittenOver) {
  const Example example;
  for (const std::size_t zeros : {1, 7, 100, 5000, 100'000}) {
    const WalScan scan = scan_wal(example.bytes + std::string(zeros, '\0'));
    EXPECT_EQ(scan.tail, Tail::kZeros) << zeros;
    EXPECT_EQ(scan.intact_bytes, example.bytes.size());
  }
  const std::string nothing(70'000, '\0');
  EXPECT_EQ(scan_wal(nothing).tail, Tail::kZeros);
  EXPECT_EQ(scan_wal(nothing).intact_bytes, 0u);
}

TEST(ScanWal, ARecordCutAnywhereBeforeZerosIsTorn) {
  const Example example;
  for (std::size_t size = example.intact + 100; size < example.bytes.size(); size += 512) {
    std::string wal = example.bytes;
    wal.resize(size / 512 * 512);
    const WalScan scan = scan_wal(wal + std::string(200'000, '\0'));
    ASSERT_EQ(scan.tail, Tail::kTorn) << size;
    ASSERT_EQ(scan.intact_bytes, example.intact) << size;
  }
}

TEST(ScanWal, RubbishAfterTheLastRecordIsATear) {
  const Example example;
  for (const std::string& rubbish : {std::string(1, 'x'), std::string("rubbish"),
                                     std::string(100, 'x'), std::string(5000, 'x')}) {
    const WalScan scan = scan_wal(example.bytes + rubbish);
    EXPECT_EQ(scan.tail, Tail::kTorn);
    EXPECT_EQ(scan.intact_bytes, example.bytes.size());
  }
}

TEST(ScanWal, AChangedByteBeforeTheLastRecordIsDamage) {
  const Example example;
  for (std::size_t offset = 0; offset < example.intact; offset += offset < 100 ? 1 : 997) {
    std::string wal = example.bytes;
    wal[offset] = static_cast<char>(wal[offset] ^ 0x10);
    const WalScan scan = scan_wal(wal);
    ASSERT_EQ(scan.tail, Tail::kDamaged) << offset;
    ASSERT_LE(scan.flaw_offset, offset);
    ASSERT_FALSE(scan.flaw.empty());
  }
}

TEST(ScanWal, AChangedByteInALastRecordThatIsThereWholeIsDamage) {
  std::string wal;
  append_record(wal, "the first record");
  const std::size_t intact = wal.size();
  append_record(wal, "the last record, acknowledged");
  for (const std::size_t offset : {intact, intact + 3, intact + 7, wal.size() - 1}) {
    std::string changed = wal;
    changed[offset] = static_cast<char>(changed[offset] ^ 0x10);
    EXPECT_EQ(scan_wal(changed).tail, Tail::kDamaged) << offset;
    EXPECT_EQ(scan_wal(changed + std::string(9000, '\0')).tail, Tail::kDamaged) << offset;
  }
}

TEST(ScanWal, FragmentsWithoutTheirRecordAreDamage) {
  std::string wal;
  append_fragment(wal, 3, "a middle without its first");
  append_record(wal, "next");
  EXPECT_EQ(scan_wal(wal).tail, Tail::kDamaged);
  wal.clear();
  append_fragment(wal, 2, "a first without its last");
  append_record(wal, "next");
  EXPECT_EQ(scan_wal(wal).tail, Tail::kDamaged);
}

}  // namespace
}  // namespace pawl::store
