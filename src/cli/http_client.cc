#include "cli/http_client.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <cstdlib>
#include <memory>

namespace pawl::cli {

namespace {

constexpr long kConnectTimeoutSeconds = 5;

std::string environment_or(const char* name, const char* fallback) {
  const char* text = std::getenv(name);
  return text != nullptr ? text : fallback;
}

std::size_t append(const char* data, std::size_t size, std::size_t count, void* target) {
  static_cast<std::string*>(target)->append(data, size * count);
  return size * count;
}

std::string text_member(json::Node node, std::string_view name) {
  const json::Node* member = node.find(name);
  return member != nullptr && member->is_string() ? std::string(member->string()) : "";
}

}  // namespace

Result<HttpAnswer, HttpError> post(const Client& client, const std::string& service,
                                   const std::string& path, const std::vector<std::string>& headers,
                                   const std::string& body) {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return Err{HttpError{HttpError::Kind::kFailed, "libcurl cannot start"}};
  curl_slist* lines = nullptr;
  for (const std::string& header : headers) lines = curl_slist_append(lines, header.c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owner(lines, curl_slist_free_all);

  HttpAnswer answer;
  const std::string url = client.endpoint + path;
  const std::string keys = environment_or("AWS_ACCESS_KEY_ID", "test") + ":" +
                           environment_or("AWS_SECRET_ACCESS_KEY", "test");
  const std::string signing = fmt::format("aws:amz:{}:{}", client.region, service);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  const std::string ca_bundle =
      client.ca_bundle.empty() ? environment_or("AWS_CA_BUNDLE", "") : client.ca_bundle;
  if (!ca_bundle.empty()) curl_easy_setopt(curl.get(), CURLOPT_CAINFO, ca_bundle.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, lines);
  curl_easy_setopt(curl.get(), CURLOPT_USERPWD, keys.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_AWS_SIGV4, signing.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, kConnectTimeoutSeconds);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, client.timeout_seconds);

  const CURLcode code = curl_easy_perform(curl.get());
  if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST) {
    return Err{
        HttpError{HttpError::Kind::kUnreachable, fmt::format("no server at {}", client.endpoint)}};
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
    return Err{HttpError{HttpError::Kind::kFailed,
                         fmt::format("{}: {}; --ca-bundle FILE names the authorities to trust",
                                     client.endpoint, curl_easy_strerror(code))}};
  }
  if (code != CURLE_OK) {
    return Err{HttpError{HttpError::Kind::kFailed,
                         fmt::format("{}: {}", client.endpoint, curl_easy_strerror(code))}};
  }
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

namespace {

Result<json::Value, std::string> read_answer(const Client& client, const std::string& operation,
                                             const Result<HttpAnswer, HttpError>& answer) {
  if (!answer.ok()) return Err{answer.error().message};
  auto parsed = json::Value::parse(answer->body);
  if (!parsed.ok()) {
    return Err{fmt::format("{}: the answer to {} is no JSON (HTTP {})", client.endpoint, operation,
                           answer->status)};
  }
  if (answer->status >= 300) {
    const std::string code = text_member(parsed->root(), "__type");
    return Err{(code.empty() ? "" : code + ": ") + text_member(parsed->root(), "message")};
  }
  return std::move(parsed).value();
}

}  // namespace

Result<json::Value, std::string> call_states(const Client& client, const std::string& operation,
                                             const std::string& input) {
  return read_answer(client, operation,
                     post(client, "states", "/",
                          {"Content-Type: application/x-amz-json-1.0",
                           "X-Amz-Target: AWSStepFunctions." + operation},
                          input));
}

Result<json::Value, std::string> call_pawl(const Client& client, const std::string& path,
                                           const std::string& input) {
  return read_answer(
      client, path,
      post(client, "pawl", "/_pawl/" + path, {"Content-Type: application/json"}, input));
}

}  // namespace pawl::cli
