// Objects as files: <directory>/<bucket>/<key>, so that files may simply be put there.
#pragma once

#include <memory>
#include <string>

#include "objects/folder_listings.h"
#include "objects/object_store.h"

namespace pawl::objects {

class FolderObjectStore final : public ObjectStore {
 public:
  explicit FolderObjectStore(std::string directory) : directory_(std::move(directory)) {}

  Result<std::string, ObjectError> read(const std::string& bucket, const std::string& key,
                                        std::uint64_t offset, std::size_t count) override;
  Result<std::vector<ObjectInfo>, ObjectError> list(const std::string& bucket,
                                                    std::string_view prefix,
                                                    const std::string& after,
                                                    std::size_t limit) override;
  Result<std::unique_ptr<ObjectWriter>, ObjectError> create(const std::string& bucket,
                                                            const std::string& key) override;

 private:
  // Refuses names that would lead out of the directory, and buckets that are not there.
  Result<std::string, ObjectError> bucket_folder(const std::string& bucket) const;

  std::string directory_;
  std::unique_ptr<FolderListings> listings_ = std::make_unique<FolderListings>();
};

}  // namespace pawl::objects
