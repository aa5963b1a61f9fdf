// The Distributed Map's seam to objects, bound to an S3 elsewhere (`--service-endpoint s3=URL`).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/remote_services.h"
#include "base/clock.h"
#include "objects/object_store.h"

namespace pawl::api {

class RemoteObjectStore final : public objects::ObjectStore {
 public:
  // Both outlive the store; `services` has an endpoint for s3.
  RemoteObjectStore(RemoteServices& services, const Clock& clock)
      : services_(services), clock_(clock) {}

  Result<std::string, objects::ObjectError> read(const std::string& bucket, const std::string& key,
                                                 std::uint64_t offset, std::size_t count) override;
  Result<std::vector<objects::ObjectInfo>, objects::ObjectError> list(const std::string& bucket,
                                                                      std::string_view prefix,
                                                                      const std::string& after,
                                                                      std::size_t limit) override;
  // Small objects are put whole, others in parts of which one is in memory.
  Result<std::unique_ptr<objects::ObjectWriter>, objects::ObjectError> create(
      const std::string& bucket, const std::string& key) override;

 private:
  RemoteServices& services_;
  const Clock& clock_;
};

}  // namespace pawl::api
