#include "services/sts/service.h"

#include <string>

#include "json/writer.h"
#include "runtime/execution_id.h"

namespace pawl::sts {

namespace {

// Without IAM users every caller is the account's root (AWS STS API, "GetCallerIdentity").
runtime::OperationResult get_caller_identity(const runtime::Call& call) {
  const runtime::Principal& principal = call.principal;
  std::string arn = "arn:";
  arn.append(runtime::partition_of(principal.region)).append(":iam::");
  arn.append(principal.account).append(":root");
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("UserId")
      .string(principal.account)
      .key("Account")
      .string(principal.account)
      .key("Arn")
      .string(arn)
      .end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

void add_operations(runtime::Operations& operations) {
  operations.add("sts", "GetCallerIdentity",
                 [](const runtime::Call& call, const runtime::Reply& reply) {
                   reply(get_caller_identity(call));
                 });
}

}  // namespace pawl::sts
