// The files that hold objects' bytes, in one directory of the data directory:
//
//     incoming/ID    being written, or just referred to by a committed row
//     data/XX/ID     referred to by a row
//
// A file's name is durable before the row that refers to it is committed. So after a crash only
// what is in `incoming` can be without a row, and only what a garbage row names can be left over.
// Blocks; called on worker threads (all but pin and unpin).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/s3/record.h"

namespace pawl::s3 {

struct FileError {
  std::string message;
};

// One that nobody else has.
DataId new_data_id();

class DataFiles;

// A file being written. Goes with the object unless it is kept.
class IncomingFile {
 public:
  // Removes the file when it was not kept.
  ~IncomingFile();
  IncomingFile(const IncomingFile&) = delete;
  IncomingFile& operator=(const IncomingFile&) = delete;

  const DataId& id() const { return id_; }
  Result<void, FileError> append(std::string_view bytes);
  // Bytes and name are durable.
  Result<void, FileError> seal();
  // A row that refers to it is committed: it stays, whatever happens to this object.
  void keep() { kept_ = true; }
  // Its last name, once it is kept.
  void rename();

 private:
  friend class DataFiles;
  IncomingFile(DataFiles& files, DataId id, int descriptor)
      : files_(files), id_(std::move(id)), descriptor_(descriptor) {}

  DataFiles& files_;
  const DataId id_;
  int descriptor_;
  bool kept_ = false;
};

class DataFiles {
 public:
  static Result<std::unique_ptr<DataFiles>, FileError> open(const std::string& directory);
  ~DataFiles();

  Result<std::unique_ptr<IncomingFile>, FileError> create();

  // Fewer than `count` at the file's end only.
  Result<std::string, FileError> read(const DataId& id, std::uint64_t offset,
                                      std::size_t count) const;

  // While it is pinned a file stays, though nothing refers to it any more.
  void pin(const DataId& id);
  // True: it is to be removed now.
  bool unpin(const DataId& id);
  // False: somebody reads it; unpin() will say when it may go.
  bool may_remove(const DataId& id);
  void remove(const DataId& id);
  // While somebody holds them, may_remove() and unpin() give none away. True: the last hold went,
  // and what was to be removed meanwhile may go.
  void hold();
  bool release();

  // After a crash: every incoming file is kept if `is_referred` says so, else removed.
  void settle(const std::function<bool(const DataId& id)>& is_referred);

  std::string path_of(const DataId& id) const;
  // Below the directory: where a file is, and where it may still be.
  static std::string name_of(const DataId& id);
  static std::string incoming_name(const DataId& id);

 private:
  friend class IncomingFile;
  explicit DataFiles(std::string directory) : directory_(std::move(directory)) {}

  std::string incoming_path(const DataId& id) const;

  const std::string directory_;
  int incoming_descriptor_ = -1;  // of the directory, to sync it
  struct Pins {
    int count = 0;
    bool doomed = false;
  };
  std::mutex mutex_;
  std::map<DataId, Pins> pins_;  // guarded by mutex_
  int holds_ = 0;                // guarded by mutex_
};

}  // namespace pawl::s3
