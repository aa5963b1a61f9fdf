// Names that a template may use of what the serverless transform publishes: `!Ref Function.Version`
// and `!Ref Function.Alias`.
#pragma once

#include <map>
#include <string>

#include "json/value.h"

namespace pawl::templates {

// "Function.Alias" to the logical id of the resource that stands for it.
using PublishedNames = std::map<std::string, std::string, std::less<>>;

// The document with the ids instead of the names, in Ref, Fn::GetAtt and Fn::Sub.
json::Value with_published_names(json::Value document, const PublishedNames& names);

}  // namespace pawl::templates
