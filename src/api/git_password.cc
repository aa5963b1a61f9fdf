#include "api/git_password.h"

#include <array>
#include <cstdlib>
#include <ctime>

#include "api/model.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/hex.h"

namespace pawl::api {

namespace {

constexpr WallMillis kValidMillis = 15 * 60'000;
constexpr std::size_t kTimeLength = 15;  // 20260101T120000

// The helper signs for the client's region, which the request does not tell.
constexpr std::array<std::string_view, 30> kRegions = {
    "us-east-1",    "us-east-2",      "us-west-1",      "us-west-2",      "af-south-1",
    "ap-east-1",    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
    "ap-south-2",   "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
    "ca-central-1", "ca-west-1",      "eu-central-1",   "eu-central-2",   "eu-north-1",
    "eu-south-1",   "eu-south-2",     "eu-west-1",      "eu-west-2",      "eu-west-3",
    "il-central-1", "me-central-1",   "me-south-1",     "sa-east-1",      "us-gov-west-1"};

// "20260101T120000" as UTC; nothing where it is no time.
std::optional<WallMillis> parse_time(const std::string& text) {
  std::tm time{};
  const char* end = ::strptime(text.c_str(), "%Y%m%dT%H%M%S", &time);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return static_cast<WallMillis>(::timegm(&time)) * 1'000;
}

std::string_view without_port(std::string_view host) { return host.substr(0, host.rfind(':')); }

// The repository's path: what stands before /info/refs, /git-upload-pack and /git-receive-pack.
std::string_view repository_path(std::string_view path) {
  for (const std::string_view end : {"/info/refs", "/git-upload-pack", "/git-receive-pack"}) {
    if (path.ends_with(end)) return path.substr(0, path.size() - end.size());
  }
  return path;
}

}  // namespace

std::optional<Authorization> read_basic(std::string_view header) {
  constexpr std::string_view kScheme = "Basic ";
  if (!header.starts_with(kScheme)) return std::nullopt;
  const auto text = decode_base64(header.substr(kScheme.size()));
  const std::size_t colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  Authorization basic;
  basic.form = SignatureForm::kBasic;
  // A temporary key's token follows its id.
  const std::string user = text->substr(0, colon);
  const std::size_t percent = std::min(user.find('%'), user.size());
  basic.scope.access_key = user.substr(0, percent);
  if (percent < user.size()) basic.session_token = user.substr(percent + 1);
  basic.scope.region = "*";
  basic.scope.service = kGitService;
  basic.signature = text->substr(colon + 1);
  return basic;
}

bool is_git_password(const Authorization& basic, const SignedRequest& request,
                     std::string_view secret, WallMillis now) {
  const std::string& password = basic.signature;
  if (equal_in_constant_time(password, secret)) return true;
  if (password.size() <= kTimeLength || password[kTimeLength] != 'Z') return false;
  const std::string time = password.substr(0, kTimeLength);
  const auto signed_at = parse_time(time);
  if (!signed_at || std::abs(now - *signed_at) > kValidMillis) return false;
  const std::string host(without_port(request.http.headers.value("host")));
  const std::string canonical = "GIT\n" + std::string(repository_path(request.target.path)) +
                                "\n\nhost:" + host + "\n\nhost\n";
  CredentialScope scope{
      .access_key = {}, .date = time.substr(0, 8), .region = {}, .service = "codecommit"};
  for (const std::string_view region : kRegions) {
    scope.region = region;
    const std::string text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope.date + "/" + scope.region +
                             "/codecommit/aws4_request\n" + encode_hex(sha256(canonical));
    if (equal_in_constant_time(password.substr(kTimeLength + 1), sign(scope, secret, text))) {
      return true;
    }
  }
  return false;
}

}  // namespace pawl::api
