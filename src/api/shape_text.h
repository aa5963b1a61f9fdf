// A service's shapes and operations written as text, where they are too many to be built call by
// call:
//
//     structure Tag: Key!, Value!
//     group Place: Bucket! path, Key! path
//     operation PutObjectTagging PUT /{Bucket}/{Key+}?tagging
//       in +Place, VersionId query versionId, Tagging! Tagging payload
//       out VersionId header x-amz-version-id
//
// A member is its name (with ! where required), its type, and its place. Types: none (a string),
// int, long, double, bool, time, blob, map (of strings; as header fields, all that begin with the
// place's name), a structure's name, [T] (a flattened list) and [T/Element] (a wrapped one).
// Places: none (the body), `path`, `query NAME`, `header NAME`, `status`, `payload` (the whole
// body, perhaps with the XML element's name), `attribute NAME` and `as NAME` (the XML element's
// name). A group stands for its members wherever +Group is. The first word of an output may be
// `Name:`, its XML element. Operations end with a status other than 200, and with `reads` where
// they change nothing (GET and HEAD do not need the word).
#pragma once

#include <string_view>

#include "api/model.h"

namespace pawl::api {

// `text` is a literal: the shapes keep views into it. A mistake in it is a bug.
void add_operations(ServiceModel& model, std::string_view text);

}  // namespace pawl::api
