// The commands of the binary: what each was asked for, as plain data, and how it is run. A run
// answers the exit code: 0, 1 (failed) or 2 (wrong use).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/log.h"
#include "cli/selection_options.h"

namespace pawl::cli {

enum class Output { kText, kJson };

struct ServeOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4566;  // 0: any free one
  std::string data_dir;
  // Access keys and secrets; with it signatures are verified and any address may be listened on.
  std::optional<std::string> objects_dir;  // else `objects` in the data directory
  std::optional<std::string> credentials_file;
  // Signing name -> URL: services of tasks that live elsewhere.
  std::map<std::string, std::string> service_endpoints;
  // Origins that `http:invoke` tasks may call, and the file of the connections they name.
  std::vector<std::string> http_endpoints;
  std::string http_connections_file;
  // PEM files; both or none. With them HTTPS is served.
  std::string tls_certificate_file;
  std::string tls_key_file;
  enum class Limits { kAws, kNone } limits = Limits::kAws;
  std::optional<std::int64_t> history_events_max;  // instead of what `limits` says
  // Closed executions are kept this long; nothing: for ever.
  std::optional<std::int64_t> retention_seconds = 90 * 86'400;
  int threads = 2;
  int resident_max = 100'000;  // idle executions kept in memory
  std::vector<std::string> allowed_origins;
  int function_concurrency = 64;  // function environments alive at once
  enum class Isolation { kAuto, kFull, kProcess } isolation = Isolation::kAuto;
  std::string function_sdks;  // a directory with node_modules and python; empty: looked for
  // What becomes of a function call that was running when the server died.
  enum class LostTask { kRetry, kFail } lost_task = LostTask::kRetry;
  std::uint64_t free_space_floor_mib = 256;
  // Between the continuations of a pipeline's action, and two looks at a bucket it takes from.
  std::int64_t pipeline_interval_millis = 5'000;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;
  std::string otlp_endpoint;  // of an OpenTelemetry collector; empty: no traces
};

// How to reach a running server.
struct Client {
  std::string endpoint = "http://127.0.0.1:4566";
  std::string region = "us-east-1";
  std::string ca_bundle;       // PEM file of the authorities trusted; empty: those of the system
  long timeout_seconds = 120;  // of one request; 0: none
};

struct RunOptions {
  std::string definition_file;
  std::string input = "{}";  // JSON text
  bool express = false;
  Output output = Output::kText;
};
struct ValidateOptions {
  std::vector<std::string> definition_files;
  bool express = false;
  Output output = Output::kText;
};
struct JsonPathOptions {
  // Without one, requests are read line by line (jsonpath/command.h).
  std::optional<std::string> path;
  std::string document_file = "-";
  enum class Provider { kMap, kNode } provider = Provider::kMap;
};
struct JsonataOptions {
  // Without one, requests are read line by line (jsonata/command.h).
  std::optional<std::string> expression;
  enum class Dialect { kStepFunctions, kFull } dialect = Dialect::kStepFunctions;
};
struct LogsOptions {
  Client client;
  std::string subject;               // an execution's ARN, or a function's name or ARN
  std::string data_dir;              // where functions' logs are
  std::optional<std::int64_t> tail;  // only the last lines of a function's log
  bool follow = false;
  std::int64_t after = 0;  // only events with a higher id
  Output output = Output::kText;
};
struct ExplainOptions {
  Client client;
  std::string execution_arn;
  Output output = Output::kText;
};
struct ForkOptions {
  Client client;
  std::string execution_arn;
  std::int64_t event = 0;
  std::string name;             // empty: a new one
  std::string input;            // JSON text; empty: as it was
  std::string definition_file;  // empty: the same one
  std::string machine_arn;      // whose definition it runs; empty: the same one's
};
// Of one target, or of everything; kList takes neither.
struct PauseOptions {
  enum class Verb { kPause, kResume, kList } verb = Verb::kPause;
  Client client{};
  std::string target{};  // ARN of an execution or a state machine
  bool all = false;
  std::string reason{};
  std::string by{};
  Output output = Output::kText;
};
// What becomes of a machine's executions where they would fail.
struct OnFailureOptions {
  enum class Verb { kHalt, kFail, kList } verb = Verb::kList;
  Client client{};
  std::string machine{};
  Output output = Output::kText;
};
// Executions by ARN, or by a filter.
struct BulkOptions {
  enum class Action { kStop, kRedrive, kDelete, kContinue, kFail } action = Action::kStop;
  Client client{};
  std::vector<std::string> executions{};
  SelectionOptions selection{};
  bool dry_run = false;
  std::string error{};  // of kStop
  std::string cause{};
  bool latest = false;  // of kContinue: with the machine's definition as it is now
  std::string from{};   // where an interrupted command goes on
  Output output = Output::kText;
};
struct ListOptions {
  Client client{};
  SelectionOptions selection{};
  std::int64_t limit = 100;
  std::string from{};
  Output output = Output::kText;
};
struct SearchOptions {
  enum class Verb { kDeclare, kList, kRemove } verb = Verb::kList;
  Client client{};
  std::string machine{};
  std::vector<std::string> attributes{};  // NAME=PATH to declare, names to remove
  Output output = Output::kText;
};
struct EnvOptions {
  enum class Shell { kPosix, kFish } shell = Shell::kPosix;
  bool hosts = false;  // the line for the hosts file instead
  Client client;
};
struct BackupOptions {
  Client client;
  std::string data_dir;
  std::string destination;
};
struct RestoreOptions {
  std::string source;
  std::string data_dir;
};
struct ImportOptions {
  Client client{};            // where to
  std::string from{};         // endpoint of the source; empty: AWS
  std::string from_region{};  // empty: AWS_REGION, AWS_DEFAULT_REGION, else the target's
  std::string prefix{};       // of names
  bool dry_run = false;
  Output output = Output::kText;
};
struct VersionOptions {
  Output output = Output::kText;
};
struct CompletionOptions {
  enum class Shell { kBash, kZsh, kFish } shell = Shell::kBash;
};

using Command =
    std::variant<ServeOptions, RunOptions, ValidateOptions, JsonPathOptions, JsonataOptions,
                 LogsOptions, ExplainOptions, ForkOptions, PauseOptions, OnFailureOptions,
                 BulkOptions, ListOptions, SearchOptions, EnvOptions, BackupOptions, RestoreOptions,
                 ImportOptions, VersionOptions, CompletionOptions>;

int run(const ServeOptions& options);
int run(const RunOptions& options);
int run(const ValidateOptions& options);
int run(const JsonPathOptions& options);
int run(const JsonataOptions& options);
int run(const LogsOptions& options);
int run(const ExplainOptions& options);
int run(const ForkOptions& options);
int run(const PauseOptions& options);
int run(const OnFailureOptions& options);
int run(const BulkOptions& options);
int run(const ListOptions& options);
int run(const SearchOptions& options);
int run(const EnvOptions& options);
int run(const BackupOptions& options);
int run(const RestoreOptions& options);
int run(const ImportOptions& options);
int run(const VersionOptions& options);
int run(const CompletionOptions& options);

}  // namespace pawl::cli
