#include "services/lambda/role_credentials.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/writer.h"
#include "services/lambda/fields.h"

namespace pawl::lambda {
namespace {

constexpr WallMillis kGivenAgainMillis = 3'600'000;
constexpr int kSeconds = 43'200;  // the longest session of a role
constexpr std::size_t kKeptMax = 10'000;

// The role in the function's own account: AWS refuses any other when the function is created.
std::string own_role(const functions::FunctionSpec& spec) {
  const std::size_t role = spec.role.find(":role/");
  const std::size_t iam = spec.role.find(":iam::");
  if (role == std::string::npos || iam == std::string::npos || role < iam) return spec.role;
  return spec.role.substr(0, iam + 6) + spec.account + spec.role.substr(role);
}

std::string assume_input(const functions::FunctionSpec& spec) {
  // AWS's sessions have the function's name; a session's name has two letters at least.
  const std::string session = spec.name.size() > 1 ? spec.name : spec.name + "-function";
  std::string input;
  json::Writer out(input);
  out.begin_object().key("RoleArn").string(own_role(spec));
  out.key("RoleSessionName").string(session);
  out.key("DurationSeconds").integer(kSeconds).end_object();
  return input;
}

functions::Credentials read_credentials(const runtime::OperationResult& result) {
  const json::Node* found = result.ok() ? member(result->root(), "Credentials") : nullptr;
  if (found == nullptr) return {};
  const auto text = [&](const char* name) { return text_member(*found, name).value_or(""); };
  return {text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken")};
}

}  // namespace

void RoleCredentials::find(const functions::SharedSpec& spec, Take take) {
  std::string key = spec->arn + "\n" + spec->role;
  functions::Credentials known;
  {
    const std::lock_guard lock(mutex_);
    const auto found = issued_.find(key);
    if (found != issued_.end() && clock_.wall_now() - found->second.at < kGivenAgainMillis) {
      known = found->second.credentials;
    }
  }
  const runtime::Operation* assume = services_.find("sts", "AssumeRole");
  if (!known.access_key.empty() || assume == nullptr) return take(std::move(known));
  const runtime::Call call{
      .principal = {.account = spec->account, .region = spec->region, .access_key = {}},
      .input = json::Value::trusted(assume_input(*spec)),
      .request_id = {}};
  (*assume)(call, [self = shared_from_this(), key = std::move(key),
                   take = std::move(take)](const runtime::OperationResult& result) {
    functions::Credentials credentials = read_credentials(result);
    self->keep(key, credentials);
    take(std::move(credentials));
  });
}

void RoleCredentials::keep(const std::string& key, const functions::Credentials& credentials) {
  const std::lock_guard lock(mutex_);
  const WallMillis now = clock_.wall_now();
  if (issued_.size() >= kKeptMax) {
    std::erase_if(issued_,
                  [&](const auto& entry) { return now - entry.second.at >= kGivenAgainMillis; });
  }
  issued_[key] = {credentials, now};
}

}  // namespace pawl::lambda
