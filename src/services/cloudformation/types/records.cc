// Types with nothing behind them here: what a template says of them is kept, named and shown, so
// that others can refer to it (docs/stacks.md lists them).
#include <fmt/format.h>

#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Writer;

struct RecordType {
  std::string_view name;
  std::string_view name_property;
  std::string_view arn;  // of {region}, {account} and {name}; empty: none
  std::vector<std::string_view> attributes;
};

Made made_record(const RecordType& type, const Request& request) {
  std::string attributes;
  Writer out(attributes);
  out.begin_object();
  for (const std::string_view attribute : type.attributes) {
    out.key(attribute);
    if (attribute == "Arn") {
      out.string(fmt::format(fmt::runtime(type.arn), fmt::arg("region", request.stack.region),
                             fmt::arg("account", request.stack.account),
                             fmt::arg("name", request.physical_id)));
    } else if (attribute == "RepositoryUri") {
      out.string(fmt::format("{}.dkr.ecr.{}.amazonaws.com/{}", request.stack.account,
                             request.stack.region, request.physical_id));
    } else if (attribute == "KeyId") {
      out.string(request.physical_id);
    } else {
      out.string(request.text(attribute));
    }
  }
  out.end_object();
  return {request.physical_id, attributes};
}

void add_record(ResourceTypes& types, RecordType type) {
  const std::string_view name_property = type.name_property;
  const bool lower = type.name == "AWS::ECR::Repository";
  ResourceType added;
  added.name = type.name;
  added.attributes = type.attributes;
  added.name_property = name_property;
  if (!name_property.empty()) {
    added.properties = {{name_property, PropertyKind::kText, Replaces::kAlways}};
  }
  added.choose_id = [name_property, lower](const Request& request) {
    const std::string given = name_property.empty() ? "" : request.text(name_property);
    if (!given.empty()) return given;
    return generated_name(request, 128, lower ? Letters::kLower : Letters::kMixed);
  };
  added.create = [type](const Request& request) -> Outcome { return made_record(type, request); };
  added.update = added.create;
  added.remove = [](const Request& request) -> Outcome { return Made{request.physical_id}; };
  added.takes_any_property = true;
  types.add(std::move(added));
}

}  // namespace

void add_record_types(ResourceTypes& types) {
  add_record(types, {"AWS::CDK::Metadata", "", "", {}});
  add_record(
      types,
      {"AWS::Events::Rule", "Name", "arn:aws:events:{region}:{account}:rule/{name}", {"Arn"}});
  add_record(types, {"AWS::ECR::Repository",
                     "RepositoryName",
                     "arn:aws:ecr:{region}:{account}:repository/{name}",
                     {"Arn", "RepositoryUri"}});
  add_record(types,
             {"AWS::KMS::Key", "", "arn:aws:kms:{region}:{account}:key/{name}", {"Arn", "KeyId"}});
  add_record(types, {"AWS::KMS::Alias", "AliasName", "", {}});
}

}  // namespace pawl::cloudformation
