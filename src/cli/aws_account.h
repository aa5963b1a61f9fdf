// An account at an AWS-compatible endpoint, for commands that read or write one: every call blocks.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/remote_services.h"
#include "base/clock.h"
#include "json/value.h"
#include "outgoing/http_client.h"
#include "runtime/operations.h"

namespace pawl::cli {

struct AccountOptions {
  std::string endpoint;  // of all services; empty: AWS's own
  std::string region;
  api::SigningKeys keys;
  std::string ca_bundle;
};

// "ResourceNotFoundException: Function not found", with the code apart.
struct CallError {
  std::string code, message;
  std::string text() const { return code.empty() ? message : code + ": " + message; }
};

class AwsAccount {
 public:
  explicit AwsAccount(AccountOptions options);

  const std::string& region() const { return options_.region; }
  // Of Step Functions, Lambda and CloudWatch Logs. `input` is JSON with the operation's members.
  Result<json::Value, CallError> call(std::string_view service, std::string_view operation,
                                      const std::string& input);
  // By sts:GetCallerIdentity.
  Result<std::string, CallError> account_id();
  // What stands at an http(s) address, without a signature.
  Result<std::string, CallError> download(const std::string& url);

 private:
  std::string endpoint_of(std::string_view service) const;

  const AccountOptions options_;
  SystemClock clock_;
  outgoing::HttpClient client_;
  api::RemoteServices services_;
  runtime::Operations operations_;
};

// A text member; empty when there is none.
std::string text_in(json::Node object, std::string_view name);

}  // namespace pawl::cli
