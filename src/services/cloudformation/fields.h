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
  // The same of a request for a stack: at most 50, each key once, none of AWS's own.
  ::pawl::Result<std::vector<Tag>, ServiceError> checked_tags() const;
  ::pawl::Result<std::vector<std::string>, ServiceError> capabilities() const;
};

ServiceError validation_error(std::string message);
ServiceError service_error(std::string code, std::string message, int status = 400);
ServiceError from_template(const templates::TemplateError& error);
// How an operation says that a stack is not there: "Stack with id s", "Stack [s]" or "Stack 's'".
enum class StackWords { kWithId, kBracketed, kQuoted };
ServiceError no_such_stack(std::string_view name, StackWords words = StackWords::kWithId);
json::Value empty_answer();

void write_tags(json::Writer& out, const std::vector<Tag>& tags);

}  // namespace pawl::cloudformation
