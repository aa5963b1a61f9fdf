// What git sends as user and password: a key and its secret, what `aws codecommit
// credential-helper` makes of them, or a service-specific credential of an IAM user.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/signature.h"
#include "base/clock.h"

namespace pawl::api {

// Of an `Authorization: Basic` header (RFC 7617): the key's id or the credential's user name is the
// scope's key, the password the signature. Nothing when it is no such header.
std::optional<Authorization> read_basic(std::string_view header);

// The secret itself; or, not older than 15 minutes, a time and an AWS4 signature over the path.
bool is_git_password(const Authorization& basic, const SignedRequest& request,
                     std::string_view secret, WallMillis now);

}  // namespace pawl::api
