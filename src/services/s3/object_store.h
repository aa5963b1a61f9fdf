// The Distributed Map's seam to objects, bound to this service: readers and result writers.
#pragma once

#include <memory>

#include "objects/object_store.h"
#include "services/s3/service.h"

namespace pawl::s3 {

class BucketObjectStore final : public objects::ObjectStore {
 public:
  // `service` outlives the store.
  explicit BucketObjectStore(Service& service) : service_(service) {}

  Result<std::string, objects::ObjectError> read(const std::string& bucket, const std::string& key,
                                                 std::uint64_t offset, std::size_t count) override;
  Result<std::vector<objects::ObjectInfo>, objects::ObjectError> list(const std::string& bucket,
                                                                      std::string_view prefix,
                                                                      const std::string& after,
                                                                      std::size_t limit) override;
  Result<std::unique_ptr<objects::ObjectWriter>, objects::ObjectError> create(
      const std::string& bucket, const std::string& key) override;

 private:
  Result<Service::Place, objects::ObjectError> place_of(const std::string& bucket,
                                                        const std::string& key) const;

  Service& service_;
};

}  // namespace pawl::s3
