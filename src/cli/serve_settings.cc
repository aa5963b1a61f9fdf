#include "cli/serve_settings.h"

#include <fmt/core.h>
#include <unistd.h>

#include <thread>

#include "api/http_endpoints.h"
#include "api/remote_services.h"

namespace pawl::cli {

namespace {

using Taken = Result<void, std::string>;

// "127.0.0.1:4566", "[::1]:0", ":8080" (loopback), "4566".
Taken set_address(ServeOptions& options, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::string_view host = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const auto number = parse_whole_number(port, 0, 65'535);
  if (!number.ok()) return Err{std::string("is no HOST:PORT")};
  if (!host.empty()) options.host = host == "localhost" ? "127.0.0.1" : host;
  options.port = static_cast<std::uint16_t>(*number);
  return {};
}

Setting number_setting(std::string name, std::string value_name, std::string help, long long least,
                       long long most, std::function<void(long long)> take) {
  return {std::move(name), std::move(value_name), std::move(help),
          [least, most, take = std::move(take)](std::string_view text) -> Taken {
            take(TRY(parse_whole_number(text, least, most)));
            return {};
          }};
}

template <class Choice>
Setting choice_setting(std::string name, std::string help,
                       std::vector<std::pair<std::string, Choice>> choices, Choice& target) {
  std::string words;
  for (const auto& [word, choice] : choices) words += (words.empty() ? "" : "|") + word;
  return {std::move(name), words, std::move(help),
          [choices = std::move(choices), words, &target](std::string_view text) -> Taken {
            for (const auto& [word, choice] : choices) {
              if (word == text) {
                target = choice;
                return {};
              }
            }
            return Err{fmt::format("is none of {}", words)};
          }};
}

Setting text_setting(std::string name, std::string value_name, std::string help,
                     std::function<void(std::string)> take) {
  return {std::move(name), std::move(value_name), std::move(help),
          [take = std::move(take)](std::string_view text) -> Taken {
            if (text.empty()) return Err{std::string("is empty")};
            take(std::string(text));
            return {};
          }};
}

// "90d", "12h", "30m", "45s".
Result<std::int64_t, std::string> parse_duration(std::string_view text) {
  static constexpr std::pair<char, std::int64_t> kUnits[] = {
      {'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}};
  for (const auto& [letter, seconds] : kUnits) {
    if (!text.ends_with(letter)) continue;
    return TRY(parse_whole_number(text.substr(0, text.size() - 1), 1, 100'000'000)) * seconds;
  }
  return Err{std::string("is no duration such as 90d, 12h, 30m or 45s")};
}

Setting pipeline_interval_setting(ServeOptions& options) {
  return {"pipeline-interval", "DURATION",
          "Before a pipeline's action goes on with its continuation token, and between looks at "
          "the buckets of sources: 5s, 200ms (default 5s)",
          [&options](std::string_view text) -> Taken {
            if (text.ends_with("ms")) {
              options.pipeline_interval_millis =
                  TRY(parse_whole_number(text.substr(0, text.size() - 2), 10, 86'400'000));
              return {};
            }
            options.pipeline_interval_millis = TRY(parse_duration(text)) * 1'000;
            return {};
          }};
}

Setting retention_setting(ServeOptions& options) {
  return {"retention", "DURATION|never",
          "How long closed executions and their histories are kept (default 90d)",
          [&options](std::string_view text) -> Taken {
            if (text == "never") {
              options.retention_seconds.reset();
              return {};
            }
            options.retention_seconds = TRY(parse_duration(text));
            return {};
          }};
}

Setting service_endpoint_setting(ServeOptions& options) {
  return {.name = "service-endpoint",
          .value_name = "SERVICE=URL",
          .help =
              "Tasks call this service there (lambda=https://...), signed with "
              "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; may be repeated",
          .set = [&options](std::string_view text) -> Taken {
            for (const std::string& entry : split_list(text)) {
              const std::size_t equals = entry.find('=');
              if (equals == std::string::npos) return Err{std::string("is no SERVICE=URL")};
              const std::string service = entry.substr(0, equals);
              const std::string url = entry.substr(equals + 1);
              if (const auto problem = api::endpoint_problem(service, url)) return Err{*problem};
              options.service_endpoints[service] = url;
            }
            return {};
          },
          .times = Setting::Times::kMany};
}

Setting allowed_origins_setting(ServeOptions& options) {
  return {"allowed-origins", "URL,...",
          "Web origins whose pages may call this server (default: none but its own)",
          [&options](std::string_view text) -> Taken {
            const std::vector<std::string> origins = split_list(text);
            for (const std::string& origin : origins) {
              if (origin == "*") return Err{std::string("names no origin: each is named here")};
              if (const auto problem = api::origin_problem(origin)) return Err{*problem};
            }
            options.allowed_origins = origins;
            return {};
          }};
}

Setting http_endpoints_setting(ServeOptions& options) {
  return {"http-endpoints", "URL,...",
          "Origins that http:invoke tasks may call (https://api.example.com), or * for all "
          "(default: none)",
          [&options](std::string_view text) -> Taken {
            const std::vector<std::string> origins = split_list(text);
            for (const std::string& origin : origins) {
              if (const auto problem = api::origin_problem(origin)) return Err{*problem};
            }
            options.http_endpoints = origins;
            return {};
          }};
}

Setting address_setting(ServeOptions& options) {
  return {"listen", "HOST:PORT",
          "Address to listen on (default 127.0.0.1:4566; port 0 takes a free one). An address "
          "that others can reach needs --credentials",
          [&options](std::string_view text) { return set_address(options, text); }};
}

// How the server tells what it does.
void add_observing_settings(std::vector<Setting>& settings, ServeOptions& options) {
  settings.push_back(choice_setting<LogLevel>("log-level", "What is logged (default info)",
                                              {{"debug", LogLevel::kDebug},
                                               {"info", LogLevel::kInfo},
                                               {"warning", LogLevel::kWarning},
                                               {"error", LogLevel::kError}},
                                              options.log_level));
  settings.push_back(choice_setting<LogFormat>(
      "log-format", "The log as lines of text, or of JSON objects (default text)",
      {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}, options.log_format));
  settings.push_back({"otlp-endpoint", "URL",
                      "OpenTelemetry collector that traces go to, by OTLP over HTTP (default "
                      "$OTEL_EXPORTER_OTLP_ENDPOINT, else none)",
                      [&options](std::string_view text) -> Taken {
                        if (!text.starts_with("http://") && !text.starts_with("https://")) {
                          return Err{std::string("is no http:// or https:// address")};
                        }
                        options.otlp_endpoint = text;
                        return {};
                      }});
}

void add_function_settings(std::vector<Setting>& settings, ServeOptions& options) {
  using Isolation = ServeOptions::Isolation;
  settings.push_back(number_setting(
      "function-concurrency", "N", "Function environments alive at once (default 64)", 1, 10'000,
      [&options](long long value) { options.function_concurrency = static_cast<int>(value); }));
  settings.push_back(choice_setting<Isolation>(
      "isolation",
      "What stands between functions: namespaces, and as root a user each (full), the process "
      "alone, "
      "or the most that is allowed here (default auto)",
      {{"auto", Isolation::kAuto}, {"full", Isolation::kFull}, {"process", Isolation::kProcess}},
      options.isolation));
  settings.push_back(text_setting(
      "function-sdks", "DIR",
      "AWS SDKs that functions find: node_modules and python in it (default: those installed with "
      "Pawl)",
      [&options](std::string text) { options.function_sdks = std::move(text); }));
}

bool is_loopback(const std::string& host) { return host == "::1" || host.rfind("127.", 0) == 0; }

}  // namespace

Setting data_dir_setting(std::string& data_dir) {
  return text_setting("data-dir", "DIR",
                      "Where everything durable is kept (default /var/lib/pawl as root, else "
                      "$XDG_STATE_HOME/pawl)",
                      [&data_dir](std::string text) { data_dir = std::move(text); });
}

std::vector<Setting> client_settings(Client& client) {
  return {text_setting("endpoint", "URL", "The server (default http://127.0.0.1:4566)",
                       [&client](std::string text) { client.endpoint = std::move(text); }),
          text_setting("region", "REGION", "The region of its resources (default us-east-1)",
                       [&client](std::string text) { client.region = std::move(text); }),
          text_setting("ca-bundle", "FILE",
                       "Authorities trusted for https (PEM; default $AWS_CA_BUNDLE, else the "
                       "system's)",
                       [&client](std::string text) { client.ca_bundle = std::move(text); })};
}

std::vector<Setting> serve_settings(ServeOptions& options) {
  using Limits = ServeOptions::Limits;
  using LostTask = ServeOptions::LostTask;
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::vector<Setting> settings;
  settings.push_back(address_setting(options));
  settings.push_back(data_dir_setting(options.data_dir));
  settings.push_back(text_setting(
      "objects", "DIR",
      "Distributed Maps read and write folders here, one a bucket (default: Pawl's own "
      "buckets)",
      [&options](std::string text) { options.objects_dir = std::move(text); }));
  settings.push_back(
      text_setting("credentials", "FILE",
                   "Access keys that may call: `ACCESS_KEY SECRET` a line, or a credentials file "
                   "of the AWS CLI; "
                   "signatures are then verified",
                   [&options](std::string text) { options.credentials_file = std::move(text); }));
  settings.push_back(text_setting(
      "tls-cert", "FILE", "Serve HTTPS with this certificate and its chain (PEM)",
      [&options](std::string text) { options.tls_certificate_file = std::move(text); }));
  settings.push_back(
      text_setting("tls-key", "FILE", "The private key of the certificate (PEM)",
                   [&options](std::string text) { options.tls_key_file = std::move(text); }));
  settings.push_back(service_endpoint_setting(options));
  settings.push_back(http_endpoints_setting(options));
  settings.push_back(text_setting(
      "http-connections", "FILE",
      "The connections that http:invoke tasks name: {\"NAME\": {\"AuthorizationType\": ..., "
      "\"AuthParameters\": ...}}",
      [&options](std::string text) { options.http_connections_file = std::move(text); }));
  settings.push_back(choice_setting<Limits>(
      "limits", "AWS's quotas on payloads, histories and concurrency, or none (default aws)",
      {{"aws", Limits::kAws}, {"none", Limits::kNone}}, options.limits));
  settings.push_back(number_setting(
      "history-events-max", "N",
      "Events that the history of a Standard execution may have (default: as --limits says)", 100,
      1'000'000'000, [&options](long long value) { options.history_events_max = value; }));
  settings.push_back(retention_setting(options));
  settings.push_back(
      number_setting("threads", "N", "Threads that run executions (default: one a core)", 1, 64,
                     [&options](long long value) { options.threads = static_cast<int>(value); }));
  settings.push_back(number_setting(
      "resident-max", "N", "Idle executions kept in memory (default 100000)", 0, 100'000'000,
      [&options](long long value) { options.resident_max = static_cast<int>(value); }));
  settings.push_back(allowed_origins_setting(options));
  settings.push_back(pipeline_interval_setting(options));
  add_function_settings(settings, options);
  settings.push_back(choice_setting<LostTask>(
      "lost-task",
      "A function call that was running when the server died is made again, or fails with a "
      "retriable error (default retry)",
      {{"retry", LostTask::kRetry}, {"fail", LostTask::kFail}}, options.lost_task));
  settings.push_back(number_setting(
      "free-space-floor", "MIB", "New work is refused below this much free disk (default 256)", 0,
      1'000'000'000, [&options](long long value) {
        options.free_space_floor_mib = static_cast<std::uint64_t>(value);
      }));
  add_observing_settings(settings, options);
  return settings;
}

std::string default_data_dir(const Environment& environment) {
  if (::geteuid() == 0) return "/var/lib/pawl";
  if (const auto state = environment("XDG_STATE_HOME"); state && !state->empty()) {
    return *state + "/pawl";
  }
  return environment("HOME").value_or(".") + "/.local/state/pawl";
}

std::optional<std::string> refusal(const ServeOptions& options) {
  if (options.tls_certificate_file.empty() != options.tls_key_file.empty()) {
    return "HTTPS needs both --tls-cert FILE and --tls-key FILE";
  }
  if (is_loopback(options.host) || options.credentials_file) return std::nullopt;
  return fmt::format(
      "--listen {}: others could reach this address, so it needs --credentials FILE "
      "(`ACCESS_KEY SECRET` a line)",
      options.host);
}

}  // namespace pawl::cli
