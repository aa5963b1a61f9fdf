// AWS Systems Manager's parameter store (API version 2014-11-06): names with values, versions,
// labels and tags. A SecureString is encrypted at rest, and shown so unless asked for decrypted.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "runtime/catalog.h"
#include "runtime/operations.h"
#include "services/ssm/records.h"

namespace pawl::ssm {

class Service {
 public:
  // Catalog and clock outlive the service; `key` encrypts what is secret.
  Service(runtime::Catalog& catalog, const Clock& clock, SecretKey key)
      : catalog_(catalog), clock_(clock), key_(std::move(key)) {}

  // Adds every operation to the table, under the signing name "ssm".
  void add_to(runtime::Operations& operations);

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;
  using Answer = runtime::OperationResult;

  // write.cc
  void put_parameter(const Call& call, const Reply& reply);
  void delete_parameter(const Call& call, const Reply& reply);
  void delete_parameters(const Call& call, const Reply& reply);
  void label_version(const Call& call, const Reply& reply);
  // read.cc
  Answer get_parameter(const Call& call);
  Answer get_parameters(const Call& call);
  Answer get_by_path(const Call& call);
  Answer get_history(const Call& call);
  Answer describe_parameters(const Call& call);
  // tags.cc
  void add_tags(const Call& call, const Reply& reply);
  void remove_tags(const Call& call, const Reply& reply);
  Answer list_tags(const Call& call);

  // A parameter and one of its versions, by "name", "name:selector" or an ARN.
  struct Found {
    Parameter parameter;
    Version version;
    std::string selector;  // ":5", as it was asked for
  };
  Result<Found, ServiceError> find(const Call& call, const std::string& name) const;
  std::optional<Parameter> stored(const Call& call, const std::string& name) const;
  // By name.
  std::vector<Parameter> all_of(const Call& call) const;
  // Changes what is stored under a name, in the order of the catalog's updates. An error, or no
  // change at all, writes nothing.
  using Change = std::function<Answer(std::optional<Parameter>&)>;
  void change(const Call& call, const std::string& name, Change change, const Reply& reply);

  runtime::Catalog& catalog_;
  const Clock& clock_;
  const SecretKey key_;
};

// Why a name is none, or nothing.
std::optional<ServiceError> name_problem(std::string_view name);

}  // namespace pawl::ssm
