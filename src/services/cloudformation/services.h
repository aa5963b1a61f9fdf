// Calls of other services, for code that may wait for the answer.
#pragma once

#include <string>
#include <string_view>

#include "runtime/operations.h"
#include "services/cloudformation/resource_type.h"

namespace pawl::cloudformation {

using Answer = Result<json::Value, runtime::ServiceError>;

class Services {
 public:
  // `operations` outlives this.
  explicit Services(const runtime::Operations& operations) : operations_(operations) {}

  // Blocks. `input` is JSON with the operation's members.
  Answer call(const runtime::Principal& principal, std::string_view service,
              std::string_view operation, std::string input, std::string_view request_id) const;
  // The same in the name of a resource's stack.
  Answer call(const Request& request, std::string_view service, std::string_view operation,
              std::string input) const;
  // The bytes of an object, of at most a few megabytes; blocks.
  ::pawl::Result<std::string, runtime::ServiceError> read(const runtime::Principal& principal,
                                                          std::string_view bucket,
                                                          std::string_view key,
                                                          std::string_view request_id) const;

 private:
  const runtime::Operations& operations_;
};

// What a resource's status says of a refused call.
Failure failure_of(const Request& request, std::string_view service,
                   const runtime::ServiceError& error);

// A text member of an answer; empty when there is none.
std::string text_in(const json::Value& answer, std::string_view member);
// The node's properties as an object, some left out; what `add` writes stands first.
std::string properties_with(json::Node properties, std::initializer_list<std::string_view> without,
                            const std::function<void(json::Writer&)>& add);
// `[{Key, Value}]` as `{key: value}`, or with the names of the members that the service wants.
std::string tag_map(json::Node tags);
std::string tag_list(json::Node tags, std::string_view key_name, std::string_view value_name);
// The value with all names of members beginning in lower case, as Step Functions has them.
void write_camel_case(json::Writer& out, json::Node node);

}  // namespace pawl::cloudformation
