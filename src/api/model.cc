// Looking rows up in a service's table.
#include "api/model.h"

#include "base/ensure.h"

namespace pawl::api {

void ServiceModel::add(OperationModel operation, std::vector<Member> members) {
  operation.input = shapes_.structure(operation.name, std::move(members));
  const bool added = by_name_.emplace(operation.name, operations_.size()).second;
  ENSURE(added, wire_.signing_name, operation.name);
  operations_.push_back(operation);
}

const OperationModel* ServiceModel::find(std::string_view operation) const {
  const auto found = by_name_.find(operation);
  return found == by_name_.end() ? nullptr : &operations_[found->second];
}

const ErrorModel* ServiceModel::find_error(std::string_view code) const {
  const auto found = errors_.find(code);
  return found == errors_.end() ? nullptr : &found->second;
}

}  // namespace pawl::api
