// Reading an operation's input, and the errors of CloudFormation.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/members.h"
#include "json/writer.h"
#include "runtime/operations.h"
#include "services/cloudformation/records.h"
#include "templates/error.h"

namespace pawl::cloudformation {

using runtime::ServiceError;

class Fields : public json::Members {
 public:
  // `input` outlives this object.
  explicit Fields(const json::Value& input) : Members(input.root()) {}

  // Empty when absent.
  std::string text(std::string_view name) const { return std::string(text_or(name, {})); }
  Result<std::string, ServiceError> required(std::string_view name) const;
  std::vector<Tag> tags() const;
};

ServiceError validation_error(std::string message);
ServiceError service_error(std::string code, std::string message, int status = 400);
ServiceError from_template(const templates::TemplateError& error);
ServiceError no_such_stack(std::string_view name);
json::Value empty_answer();

void write_tags(json::Writer& out, const std::vector<Tag>& tags);

}  // namespace pawl::cloudformation
