// Backups of a data directory: the store's own, and beside it the files that its rows refer to.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/backup_part.h"
#include "store/store.h"

namespace pawl::admin {

// Where a data directory keeps what the Lambda service runs, and the code of it.
std::string functions_directory(const std::string& data_dir);

// The packages of functions. `hold`: as BackupPart's.
runtime::BackupPart packages_part(const std::string& data_dir,
                                  std::function<std::shared_ptr<void>()> hold);

// How far a backup is; read by other threads.
struct BackupProgress {
  enum class Phase : std::uint8_t { kStore, kFiles, kChecksums, kDone };
  std::atomic<Phase> phase = Phase::kStore;
  std::atomic<std::uint64_t> files = 0;          // taken, in kFiles
  std::atomic<std::uint64_t> files_checked = 0;  // read for their checksums
  std::atomic<std::uint64_t> bytes_checked = 0;
};
std::string_view phase_name(BackupProgress::Phase phase);

// Copies everything durable to `destination`, which must be absent; it appears when it is whole.
// The store stays live. Error: a line that says what could not be done.
Result<void, std::string> back_up(store::Store& store, const std::string& data_dir,
                                  const std::vector<runtime::BackupPart>& parts,
                                  const std::string& destination, BackupProgress& progress);

// Makes a data directory, which must be absent or empty, out of a backup.
Result<void, std::string> restore(const std::string& backup, const std::string& data_dir);

}  // namespace pawl::admin
