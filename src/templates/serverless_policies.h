// Policies of serverless functions and state machines: names of managed ones, statements, and
// templates of statements.
#pragma once

#include <string>
#include <string_view>

#include "json/writer.h"
#include "templates/error.h"

namespace pawl::templates {

// Whether the name is one of AWS's own policies, and then its ARN.
std::string managed_policy_arn(std::string_view name);

// Writes the document of `{S3ReadPolicy: {BucketName: ...}}`; an error for templates that there are
// not here, or that lack their parameter.
Result<void, std::string> write_policy_template(json::Writer& out, std::string_view name,
                                                json::Node parameters);
bool is_policy_template(std::string_view name);

}  // namespace pawl::templates
