// Versions: an immutable copy of $LATEST under a number.
#include <fmt/format.h>

#include "services/lambda/fields.h"
#include "services/lambda/service.h"

namespace pawl::lambda {

// AWS publishes nothing when neither code nor configuration has changed since the last version.
Configuration Service::publish(FunctionRecord& record, std::optional<std::string> description,
                               Update& update) const {
  Configuration version = record.latest;
  version.version = std::to_string(++record.versions);
  version.revision_id = new_id();
  if (description) version.description = std::move(*description);
  record.published_revision = record.latest.revision_id;
  update.changes.push_back({std::string(kVersionTable),
                            version_key(version.function.key(), version.version), encode(version)});
  return version;
}

void Service::publish_version(const Call& call, const Reply& reply) {
  const json::Node input = call.input.root();
  const auto text = required_text(input, "FunctionName");
  if (!text.ok()) return reply(Err{text.error()});
  const auto name = parse_function_name(call.principal, *text);
  if (!name.ok()) return reply(Err{name.error()});
  transact(reply, [this, call, name = *name](const View& view, Update& update) {
    const json::Node request = call.input.root();
    const Reader reader(view);
    auto record = reader.function(name.key());
    if (!record) return OperationResult(Err{function_not_found(name.arn())});
    const Configuration& latest = record->latest;
    const auto revision = text_member(request, "RevisionId");
    if (revision && *revision != latest.revision_id) {
      return OperationResult(Err{revision_mismatch()});
    }
    const auto sha = text_member(request, "CodeSha256");
    if (sha && !sha->empty() && *sha != latest.code_sha256_base64) {
      return OperationResult(Err{invalid_parameter(fmt::format(
          "CodeSHA256 ({}) is different from current CodeSHA256 in $LATEST ({}). Please try again "
          "with the CodeSHA256 in $LATEST.",
          *sha, latest.code_sha256_base64))});
    }
    const std::string number = std::to_string(record->versions);
    auto published = record->published_revision == latest.revision_id
                         ? reader.version(name.key(), number)
                         : std::nullopt;
    if (!published) {
      published = publish(*record, text_member(request, "Description"), update);
      update.changes.push_back({std::string(kFunctionTable), name.key(), encode(*record)});
    }
    unseal(key_, *published);
    return OperationResult(
        json::Value::trusted(configuration_text(*published, published->version)));
  });
}

}  // namespace pawl::lambda
