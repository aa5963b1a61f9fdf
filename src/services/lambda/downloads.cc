// Packages as they came, at addresses that hold their own permission and end after ten minutes, as
// AWS's presigned ones do.
#include <fmt/format.h>

#include "services/lambda/fields.h"
#include "services/lambda/package_body.h"
#include "services/lambda/service.h"

namespace pawl::lambda {
namespace {

constexpr std::int64_t kSecondsMax = 600;
constexpr std::string_view kPurpose = "download";

std::string signed_text(std::string_view sha256, std::int64_t ends) {
  return fmt::format("{}/{}", sha256, ends);
}

Err<ServiceError> refused(std::string code, std::string message, int status) {
  return Err{ServiceError{std::move(code), std::move(message), status, {}}};
}

}  // namespace

std::string Service::download_url(const std::string& sha256) const {
  const std::int64_t ends = clock_.wall_now() / 1000 + kSecondsMax;
  const std::lock_guard lock(endpoint_mutex_);
  return fmt::format("{}/_pawl/packages/{}?Expires={}&Signature={}", endpoint_, sha256, ends,
                     key_.sign(kPurpose, signed_text(sha256, ends)));
}

void Service::download(const Call& call, const runtime::StreamedReply& reply) {
  const json::Node input = call.input.root();
  const std::string sha256 = text_member(input, "Package").value_or("");
  const std::int64_t ends = integer_member(input, "Expires").value_or(0);
  const std::string signature = text_member(input, "Signature").value_or("");
  if (!key_.verify(kPurpose, signed_text(sha256, ends), signature)) {
    return reply(refused("SignatureDoesNotMatch", "The address is not one of this server's", 403));
  }
  if (ends < clock_.wall_now() / 1000) {
    return reply(refused("AccessDenied", "Request has expired", 403));
  }
  // Only now: before, the name is somebody else's text.
  auto body = PackageBody::open(codes_.zip_file(sha256), downloads_);
  if (!body) return reply(refused("NoSuchKey", "The specified key does not exist.", 404));
  reply(runtime::StreamedOutput{json::Value::trusted(R"({"ContentType":"application/zip"})"),
                                {{}, std::move(body)}});
}

}  // namespace pawl::lambda
