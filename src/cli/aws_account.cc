#include "cli/aws_account.h"

#include <fmt/core.h>

#include <future>

namespace pawl::cli {

namespace {

constexpr std::string_view kServices[] = {"states", "lambda", "logs"};
constexpr std::size_t kAnswerBytesMax = 512u << 20;  // a package, at its largest
constexpr std::chrono::minutes kDownloadPatience{15};

std::string aws_endpoint(std::string_view service, std::string_view region) {
  const bool china = region.starts_with("cn-");
  return fmt::format("https://{}.{}.amazonaws.com{}", service, region, china ? ".cn" : "");
}

api::RemoteOptions remote_options(const AccountOptions& options) {
  api::RemoteOptions remote;
  for (const std::string_view service : kServices) {
    remote.endpoints[std::string(service)] =
        options.endpoint.empty() ? aws_endpoint(service, options.region) : options.endpoint;
  }
  remote.keys = options.keys;
  remote.region = options.region;
  remote.ca_bundle = options.ca_bundle;
  return remote;
}

CallError failed(const outgoing::Failure& failure, const std::string& where) {
  return {.code = {}, .message = fmt::format("{}: {}", where, failure.message)};
}

}  // namespace

AwsAccount::AwsAccount(AccountOptions options)
    : options_(std::move(options)),
      client_({.connections_max = 4,
               .waiting_max = 64,
               .answer_bytes_max = kAnswerBytesMax,
               .connect_timeout = std::chrono::milliseconds(10'000)},
              options_.ca_bundle),
      services_(remote_options(options_), clock_) {
  services_.add_to(operations_);
}

std::string AwsAccount::endpoint_of(std::string_view service) const {
  return options_.endpoint.empty() ? aws_endpoint(service, options_.region) : options_.endpoint;
}

Result<json::Value, CallError> AwsAccount::call(std::string_view service,
                                                std::string_view operation,
                                                const std::string& input) {
  const runtime::Call made{
      .principal = {.account = {}, .region = options_.region, .access_key = {}},
      .input = json::Value::trusted(input),
      .request_id = {}};
  const auto answered = std::make_shared<std::promise<runtime::OperationResult>>();
  auto answer = answered->get_future();
  runtime::Reply reply = [answered](runtime::OperationResult result) {
    answered->set_value(std::move(result));
  };
  if (const auto* any = operations_.find_any(service)) {
    (*any)(operation, made, std::move(reply));
  } else if (const auto* found = operations_.find(service, operation)) {
    (*found)(made, std::move(reply));
  } else {
    return Err{CallError{.code = {}, .message = fmt::format("no operation {}", operation)}};
  }
  auto result = answer.get();
  if (result.ok()) return std::move(result).value();
  return Err{CallError{.code = result.error().code, .message = result.error().message}};
}

Result<std::string, CallError> AwsAccount::account_id() {
  api::UnsignedRequest request;
  request.endpoint = endpoint_of("sts");
  while (request.endpoint.ends_with('/')) request.endpoint.pop_back();
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body = "Action=GetCallerIdentity&Version=2011-06-15";
  outgoing::Request made = api::sign_request(std::move(request), options_.keys, options_.region,
                                             "sts", clock_.wall_now());
  const std::string where = made.url;
  std::promise<outgoing::HttpClient::Outcome> answered;
  client_.send(std::move(made), [&answered](outgoing::HttpClient::Outcome outcome) {
    answered.set_value(std::move(outcome));
  });
  const auto outcome = answered.get_future().get();
  if (!outcome.ok()) return Err{failed(outcome.error(), where)};
  const auto between = [&outcome](std::string_view begin, std::string_view end) {
    const std::size_t from = outcome->body.find(begin);
    const std::size_t to = outcome->body.find(end, from);
    if (from == std::string::npos || to == std::string::npos) return std::string();
    return outcome->body.substr(from + begin.size(), to - from - begin.size());
  };
  if (outcome->status < 300) return between("<Account>", "</Account>");
  return Err{CallError{.code = between("<Code>", "</Code>"),
                       .message = between("<Message>", "</Message>")}};
}

Result<std::string, CallError> AwsAccount::download(const std::string& url) {
  std::promise<outgoing::HttpClient::Outcome> answered;
  client_.send(
      {.method = "GET", .url = url, .headers = {}, .body = {}, .timeout = kDownloadPatience},
      [&answered](outgoing::HttpClient::Outcome outcome) {
        answered.set_value(std::move(outcome));
      });
  auto outcome = answered.get_future().get();
  const std::string where = url.substr(0, url.find('?'));  // what follows is a signature
  if (!outcome.ok()) return Err{failed(outcome.error(), where)};
  if (outcome->status >= 300) {
    return Err{
        CallError{.code = {}, .message = fmt::format("{}: HTTP {}", where, outcome->status)}};
  }
  return std::move(outcome).value().body;
}

std::string text_in(json::Node object, std::string_view name) {
  const json::Node* found = object.find(name);
  return found != nullptr && found->is_string() ? std::string(found->string()) : std::string();
}

}  // namespace pawl::cli
