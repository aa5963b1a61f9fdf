#include "cli/server.h"

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "api/credentials.h"
#include "api/http_endpoints.h"
#include "api/remote_objects.h"
#include "api/remote_services.h"
#include "api/server.h"
#include "base/clock.h"
#include "cli/live_resources.h"
#include "cli/read_file.h"
#include "cli/settings.h"
#include "console/change_feed.h"
#include "console/embedded.h"
#include "console/pages.h"
#include "console/service.h"
#include "objects/folder_object_store.h"
#include "runtime/catalog.h"
#include "runtime/crash_record.h"
#include "runtime/engine.h"
#include "runtime/log_pair.h"
#include "runtime/logs.h"
#include "runtime/operations.h"
#include "runtime/quarantine.h"
#include "runtime/token_key.h"
#include "runtime/workflows.h"
#include "services/admin/backup.h"
#include "services/admin/service.h"
#include "services/cloudformation/service.h"
#include "services/codecommit/backup.h"
#include "services/codecommit/service.h"
#include "services/codepipeline/service.h"
#include "services/iam/service.h"
#include "services/lambda/service.h"
#include "services/logs/service.h"
#include "services/s3/backup.h"
#include "services/s3/object_store.h"
#include "services/s3/service.h"
#include "services/ssm/service.h"
#include "services/states/definition_sweep.h"
#include "services/states/execution_log.h"
#include "services/states/service.h"
#include "services/states/task_runner.h"
#include "services/sts/service.h"
#include "store/observed_store.h"
#include "store/rocks_store.h"
#include "telemetry/exporter.h"

namespace pawl::cli {

// In order of construction; destroyed the other way round: functions end before the engine that
// they answer to.
struct Server::Parts {
  SystemClock clock;
  runtime::LogHorizons log_horizons;
  console::ChangeFeed changes;  // hears of the store's commits until the last one
  std::unique_ptr<store::Store> store;
  std::unique_ptr<telemetry::Exporter> traces;  // nullptr: none are wanted
  const console::Pages pages{console::embedded_pack()};
  console::Service console_service{changes};
  std::unique_ptr<runtime::Catalog> catalog;
  std::unique_ptr<runtime::Logs> logs;
  std::unique_ptr<runtime::Workflows> workflows;
  std::unique_ptr<states::Directory> directory;
  runtime::Operations operations;       // that clients call
  runtime::Operations task_operations;  // that tasks call
  std::unique_ptr<s3::Service> s3_service;
  std::unique_ptr<objects::ObjectStore> objects;  // of Distributed Maps
  std::unique_ptr<states::TaskRunner> tasks;
  std::unique_ptr<runtime::Engine> engine;
  std::unique_ptr<api::RemoteServices> remote;
  std::unique_ptr<api::HttpEndpoints> http_endpoints;
  // Functions are given credentials until the last one has ended.
  std::unique_ptr<iam::Service> iam_service;
  std::unique_ptr<sts::Service> sts_service;
  std::unique_ptr<lambda::Service> lambda_service;
  std::unique_ptr<states::Service> states_service;
  std::unique_ptr<states::DefinitionSweep> definition_sweep;
  std::unique_ptr<logs::Service> logs_service;
  std::unique_ptr<codecommit::Service> codecommit_service;
  std::unique_ptr<admin::Service> admin_service;
  std::unique_ptr<ssm::Service> ssm_service;
  std::unique_ptr<cloudformation::Service> cloudformation_service;
  std::unique_ptr<codepipeline::Service> codepipeline_service;
  std::unique_ptr<api::Server> api;
  std::string url;
};

namespace {

// A pass reads a row of every execution.
constexpr std::chrono::hours kDefinitionSweepPeriod{6};

Limits limits_of(const ServeOptions& options) {
  Limits limits = kAwsLimits;
  if (options.history_events_max) limits.history_events_max = *options.history_events_max;
  if (options.limits == ServeOptions::Limits::kAws) return limits;
  limits.payload_bytes_max = limits.variables_bytes_max = 256u << 20;
  limits.history_events_max = options.history_events_max.value_or(INT64_MAX / 2);
  limits.map_concurrency_max = 10'000;
  limits.express_seconds_max = 0;
  limits.redrive_seconds_max = limits.execution_seconds_max =
      100 * kAwsLimits.execution_seconds_max;
  return limits;
}

runtime::Engine::Options engine_options(const ServeOptions& options,
                                        const runtime::Catalog& catalog) {
  runtime::Engine::Options engine;
  engine.threads = static_cast<unsigned>(options.threads);
  engine.limits = limits_of(options);
  engine.resident_max = static_cast<std::size_t>(options.resident_max);
  engine.retention_ms = options.retention_seconds.value_or(0) * 1000;
  if (options.lost_task == ServeOptions::LostTask::kFail) {
    engine.lost_task = runtime::LostTask::kFail;
  }
  engine.pauses = states::load_pauses(catalog);
  return engine;
}

// `clock` and `logs` outlive the store.
Result<std::unique_ptr<store::Store>, store::StoreError> open_store(
    const ServeOptions& options, const Clock& clock, const runtime::LogHorizons& logs) {
  store::RocksOptions rocks;
  rocks.directory = options.data_dir;
  rocks.free_space_floor_bytes = options.free_space_floor_mib << 20;
  rocks.arrives_in_order = runtime::arrives_in_order;
  const std::int64_t retention = options.retention_seconds.value_or(0) * 1000;
  rocks.expired = [&clock, &logs, retention](store::Space space, std::string_view key,
                                             std::string_view value) {
    const WallMillis now = clock.wall_now();
    if (space == store::Space::kHistory && runtime::is_log_key(key)) return logs.expired(key, now);
    const runtime::Horizon horizon = runtime::Horizon::at(now, retention);
    return horizon.hides(runtime::closed_second(space, key, value));
  };
  // Log groups have retentions of their own, also where executions are kept for ever.
  constexpr std::int64_t kLogsLeaveAfterSeconds = 30 * 86'400;
  rocks.expires_after_seconds =
      static_cast<std::uint64_t>(options.retention_seconds.value_or(kLogsLeaveAfterSeconds));
  return store::open_rocks_store(rocks);
}

Result<api::ServerOptions, std::string> api_options(const ServeOptions& options) {
  api::ServerOptions api;
  api.host = options.host;
  api.port = options.port;
  api.threads = options.threads;
  if (!options.tls_certificate_file.empty()) {
    api.tls = api::TlsFiles{options.tls_certificate_file, options.tls_key_file};
  }
  api.handler.allowed_origins = options.allowed_origins;
  if (options.limits == ServeOptions::Limits::kNone) {
    api.handler.payload_limits = api::PayloadLimits::kNone;
  }
  if (options.credentials_file) {
    auto credentials = api::Credentials::read(*options.credentials_file);
    if (!credentials.ok()) {
      const api::CredentialsError& error = credentials.error();
      const std::string line = error.line > 0 ? fmt::format(":{}", error.line) : "";
      return Err{fmt::format("{}{}: {}", *options.credentials_file, line, error.message)};
    }
    api.handler.credentials = std::move(credentials).value();
  }
  return api;
}

functions::Isolation isolation_of(const ServeOptions& options) {
  switch (options.isolation) {
    case ServeOptions::Isolation::kAuto:
      return functions::Isolation::kAuto;
    case ServeOptions::Isolation::kFull:
      return functions::Isolation::kFull;
    case ServeOptions::Isolation::kProcess:
      return functions::Isolation::kProcess;
  }
  return functions::Isolation::kAuto;
}

// The SDKs for functions: of an installed Pawl in ../lib beside the program, of a build where
// `./dev setup` puts them. Empty: neither is there.
std::string found_sdks() {
  std::error_code error;
  const auto program = std::filesystem::canonical("/proc/self/exe", error);
  for (const char* place : {"../lib/pawl/runtime", "../tools/runtime"}) {
    const auto directory = program.parent_path() / place;
    if (std::filesystem::is_directory(directory / "node_modules", error) ||
        std::filesystem::is_directory(directory / "python", error)) {
      return std::filesystem::canonical(directory, error).string();
    }
  }
  return {};
}

std::string_view isolation_name(functions::IsolationLevel level) {
  switch (level) {
    case functions::IsolationLevel::kUsers:
      return "users";
    case functions::IsolationLevel::kUserNamespace:
      return "user-namespace";
    case functions::IsolationLevel::kProcess:
      return "process";
  }
  return "";
}

std::string environment(const char* name) {
  const char* text = std::getenv(name);
  return text != nullptr ? text : "";
}

// Keys from where the AWS tools have them; `test` for emulators, which take any.
api::RemoteOptions remote_options(const ServeOptions& options) {
  api::RemoteOptions remote;
  remote.endpoints = options.service_endpoints;
  if (!environment("AWS_ACCESS_KEY_ID").empty()) {
    remote.keys = {.access_key = environment("AWS_ACCESS_KEY_ID"),
                   .secret = environment("AWS_SECRET_ACCESS_KEY"),
                   .session_token = environment("AWS_SESSION_TOKEN")};
  }
  remote.region = environment("AWS_REGION");
  remote.ca_bundle = environment("AWS_CA_BUNDLE");
  return remote;
}

Result<api::HttpEndpoints::Options, std::string> http_options(const ServeOptions& options) {
  api::HttpEndpoints::Options http{.origins = options.http_endpoints,
                                   .connections = {},
                                   .ca_bundle = environment("AWS_CA_BUNDLE"),
                                   .limits = {}};
  const std::string& file = options.http_connections_file;
  if (file.empty()) return http;
  auto connections = api::read_http_connections(TRY(read_file(file)));
  if (!connections.ok()) return Err{file + ": " + connections.error()};
  http.connections = std::move(connections).value();
  return http;
}

// A folder that a setting names is there from the beginning: without it all that needs it fails.
Result<void, std::string> check_folders(const ServeOptions& options) {
  const std::pair<const char*, std::string> folders[] = {
      {"--objects", options.objects_dir.value_or("")}, {"--function-sdks", options.function_sdks}};
  for (const auto& [flag, folder] : folders) {
    std::error_code error;
    if (folder.empty() || std::filesystem::is_directory(folder, error)) continue;
    return Err{fmt::format("{}: there is no directory {}", flag, folder)};
  }
  return {};
}

// The endpoint's own settings are those of every OpenTelemetry SDK.
telemetry::ExporterOptions exporter_options(const ServeOptions& options) {
  telemetry::ExporterOptions exporter;
  exporter.endpoint = options.otlp_endpoint;
  for (const std::string& entry : split_list(environment("OTEL_EXPORTER_OTLP_HEADERS"))) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos) continue;
    exporter.headers.push_back(entry.substr(0, equals) + ": " + entry.substr(equals + 1));
  }
  if (!environment("OTEL_SERVICE_NAME").empty()) {
    exporter.service_name = environment("OTEL_SERVICE_NAME");
  }
  exporter.ca_bundle = environment("OTEL_EXPORTER_OTLP_CERTIFICATE");
  return exporter;
}

std::string url_of(const ServeOptions& options, std::uint16_t port) {
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  const std::string_view scheme = options.tls_certificate_file.empty() ? "http" : "https";
  return fmt::format(fmt::runtime(is_ipv6 ? "{}://[{}]:{}" : "{}://{}:{}"), scheme, options.host,
                     port);
}

void write_metrics_of(const telemetry::Exporter& traces, MetricsText& out) {
  const telemetry::Exporter::Counters counters = traces.counters();
  out.counter("pawl_traces_spans_exported_total", "Spans that the collector has taken.")
      .sample(counters.spans_exported);
  out.counter("pawl_traces_spans_dropped_total", "Spans that the collector would not take.")
      .sample(counters.spans_dropped);
  out.counter("pawl_traces_events_dropped_total",
              "Events for which the exporter's queue had no room; they are read again.")
      .sample(counters.facts_dropped);
}

std::string metrics_page(const runtime::Engine& engine, const store::Store& store,
                         functions::Pool& functions, const telemetry::Exporter* traces) {
  MetricsText out;
  engine.write_metrics(out);
  const store::Store::Stats stats = store.stats();
  out.counter("pawl_store_batches_total", "Batches made durable.").sample(stats.batches);
  out.counter("pawl_store_syncs_total", "Writes synced to disk.").sample(stats.syncs);
  out.counter("pawl_store_written_bytes_total", "Bytes of rows written.").sample(stats.bytes);
  out.gauge("pawl_store_disk_bytes", "Bytes of all live files.").sample(stats.disk_bytes);
  out.gauge("pawl_store_compaction_debt_bytes", "Bytes that compaction has still to rewrite.")
      .sample(stats.compaction_debt_bytes);
  out.gauge("pawl_store_queue", "Batches that wait to be written.").sample(stats.waiting);
  out.histogram("pawl_store_write_seconds", "One write with its sync.").sample(stats.writes);
  const functions::PoolStats pool = functions.stats();
  out.counter("pawl_function_invocations_total", "Function calls.").sample(pool.invocations);
  out.counter("pawl_function_environments_started_total", "Function environments started.")
      .sample(pool.started);
  out.gauge("pawl_function_environments", "Function environments alive.")
      .sample(pool.environments - pool.idle, {{"state", "busy"}})
      .sample(pool.idle, {{"state", "idle"}});
  out.gauge("pawl_function_queue", "Function calls that wait for an environment.")
      .sample(pool.queued);
  out.gauge("pawl_function_isolation", "1, with what stands between functions as `level`.")
      .sample(1, {{"level", std::string(isolation_name(functions.isolation()))}});
  if (traces != nullptr) write_metrics_of(*traces, out);
  return out.take();
}

}  // namespace

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() { stop(); }

Result<std::unique_ptr<Server>, std::string> Server::start(const ServeOptions& options) {
  auto api = api_options(options);
  if (!api.ok()) return Err{std::move(api).error()};
  TRY(check_folders(options));
  auto http = TRY(http_options(options));

  auto parts = std::make_unique<Parts>();
  Parts& p = *parts;
  auto store = open_store(options, p.clock, p.log_horizons);
  if (!store.ok()) return Err{store.error().message};
  p.store = std::make_unique<store::ObservedStore>(
      std::move(store).value(), [&p](store::ShardId shard, const store::Batch& batch) {
        return tell_resources(p.changes, shard, batch);
      });
  const std::string crashes = (std::filesystem::path(options.data_dir) / "crashes").string();
  runtime::quarantine_crashers(*p.store, crashes);
  runtime::install_crash_record(crashes);

  if (!options.otlp_endpoint.empty()) {
    p.traces = std::make_unique<telemetry::Exporter>(
        exporter_options(options),
        [&p](const runtime::ExecutionId& id) { return telemetry::read_facts(*p.store, id); });
  }

  p.catalog = std::make_unique<runtime::Catalog>(*p.store);
  p.logs = std::make_unique<runtime::Logs>(*p.store, *p.catalog, p.clock, p.log_horizons);
  p.workflows = std::make_unique<runtime::Workflows>(*p.catalog);
  p.directory = std::make_unique<states::Directory>(*p.catalog);
  if (!options.service_endpoints.empty()) {
    p.remote = std::make_unique<api::RemoteServices>(remote_options(options), p.clock);
  }
  if (!options.http_endpoints.empty()) {
    p.http_endpoints = std::make_unique<api::HttpEndpoints>(std::move(http));
  }
  TRY(open_objects(p, options));
  p.tasks = std::make_unique<states::TaskRunner>(p.task_operations, p.clock);
  open_engine(p, options);
  states::load_search(*p.catalog, p.engine->search());
  states::load_halting(*p.catalog, p.engine->halting());
  if (auto added = add_services(p, options); !added.ok()) return Err{std::move(added).error()};

  api->give_up = [&p] { p.engine->abandon_express(); };
  api->handler.find_key = [&p](std::string_view access_key) {
    auto key = p.sts_service->find_key(access_key);
    return key ? key : p.iam_service->find_key(access_key);
  };
  api->handler.metrics = [&p] {
    return metrics_page(*p.engine, *p.store, p.lambda_service->pool(), p.traces.get());
  };
  api->handler.pages = [&p](const api::HttpRequest& request, std::string_view path) {
    return p.pages.answer(request, path);
  };
  const store::Store& health_of = *p.store;
  p.api = std::make_unique<api::Server>(
      p.operations, p.clock,
      [&health_of] { return api::Health{health_of.has_space() ? "ok" : "disk full"}; },
      std::move(api).value());
  // Functions are told where Pawl is before the first open task can start one.
  if (const auto listening = p.api->start(); !listening.ok()) {
    return Err{listening.error().message};
  }
  p.url = url_of(options, p.api->port());
  if (auto running = run_engine(p); !running.ok()) return Err{std::move(running).error()};
  p.states_service->resume_unfinished();
  p.definition_sweep =
      std::make_unique<states::DefinitionSweep>(*p.engine, *p.store, *p.catalog, *p.directory);
  p.definition_sweep->run(kDefinitionSweepPeriod);
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

void Server::open_engine(Parts& p, const ServeOptions& options) {
  p.engine = std::make_unique<runtime::Engine>(
      runtime::Engine::Seams{
          .store = *p.store,
          .clock = p.clock,
          .make_rng = [] { return std::make_unique<SystemRng>(); },
          .tasks = *p.tasks,
          .definition =
              [&p](const std::string& hash) {
                auto definition = p.directory->definition(hash);
                return definition ? definition : p.workflows->definition(hash);
              },
          .activity_exists = [&p](std::string_view arn) { return p.directory->has_activity(arn); },
          .log_of = [&p](const runtime::ExecutionNames& names)
              -> std::shared_ptr<const runtime::ExecutionLog> {
            // A Map Run's children, of `machine/label`, log where their parent does.
            runtime::ExecutionNames owner = names;
            owner.machine.resize(std::min(owner.machine.find('/'), owner.machine.size()));
            const auto machine = p.directory->machine(owner.machine_arn());
            return machine ? states::execution_log_of(*machine, *p.logs) : nullptr;
          },
          .traces = runtime::both_logs(p.traces ? p.traces->log() : nullptr, p.changes.log()),
          .objects = p.objects.get()},
      engine_options(options, *p.catalog), runtime::load_token_key(*p.catalog));
}

Result<void, std::string> Server::open_objects(Parts& p, const ServeOptions& options) {
  p.s3_service =
      TRY(s3::Service::open((std::filesystem::path(options.data_dir) / "objects").string(),
                            *p.store, *p.catalog, p.clock));
  if (options.objects_dir) {
    p.objects = std::make_unique<objects::FolderObjectStore>(*options.objects_dir);
  } else if (p.remote && p.remote->has("s3")) {
    p.objects = std::make_unique<api::RemoteObjectStore>(*p.remote, p.clock);
  } else {
    p.objects = std::make_unique<s3::BucketObjectStore>(*p.s3_service);
  }
  return {};
}

// Open runs go on, with everything that their tasks may ask for in its place.
Result<void, std::string> Server::run_engine(Parts& p) {
  p.lambda_service->set_endpoint(p.url);
  p.lambda_service->run();
  p.codecommit_service->set_endpoint(p.url);
  p.cloudformation_service->set_endpoint(p.url);
  if (std::string missing = p.workflows->missing_tasks(*p.engine); !missing.empty()) {
    return Err{std::move(missing)};
  }
  p.engine->run();
  p.cloudformation_service->resume();
  p.codepipeline_service->resume();
  return {};
}

// The services, and their operations in the table.
Result<void, std::string> Server::add_services(Parts& p, const ServeOptions& options) {
  lambda::ServiceOptions lambda;
  lambda.pool.directory = admin::functions_directory(options.data_dir);
  lambda.pool.environments_max = static_cast<std::size_t>(options.function_concurrency);
  // Tasks are delivered again before the server listens; with a fixed port the address is known.
  if (options.port != 0) lambda.pool.endpoint_url = url_of(options, options.port);
  lambda.others = &p.operations;
  lambda.pool.isolation = isolation_of(options);
  lambda.pool.sdk_directory = options.function_sdks.empty() ? found_sdks() : options.function_sdks;
  p.lambda_service = TRY(lambda::Service::open(lambda, *p.catalog, p.clock));
  p.lambda_service->add_to(p.operations);

  p.states_service =
      std::make_unique<states::Service>(*p.engine, *p.catalog, *p.directory, *p.logs, p.clock, [] {
        thread_local SystemRng rng;
        return rng.next();
      });
  p.states_service->add_to(p.operations);
  p.logs_service =
      std::make_unique<logs::Service>(*p.logs, *p.catalog, lambda.pool.directory + "/logs");
  p.logs_service->add_to(p.operations);
  p.codecommit_service = std::make_unique<codecommit::Service>(options.data_dir + "/repositories",
                                                               *p.catalog, p.clock);
  p.codecommit_service->add_to(p.operations);
  p.codecommit_service->add_transfers(p.operations);
  p.admin_service = std::make_unique<admin::Service>(
      *p.store, options.data_dir,
      std::vector{
          s3::backup_part(p.s3_service.get()),
          codecommit::backup_part(options.data_dir, p.codecommit_service.get()),
          admin::packages_part(options.data_dir, [&p] { return p.lambda_service->hold_code(); })});
  p.admin_service->add_operations(p.operations);
  p.console_service.add_to(p.operations);
  p.s3_service->add_to(p.operations);
  p.s3_service->notifications().begin(p.operations);
  p.iam_service = std::make_unique<iam::Service>(*p.catalog, p.clock);
  p.iam_service->add_to(p.operations);
  p.sts_service = std::make_unique<sts::Service>(*p.catalog, p.clock, p.operations);
  p.sts_service->add_to(p.operations);
  p.ssm_service = std::make_unique<ssm::Service>(
      *p.catalog, p.clock, TRY(SecretKey::load(lambda.pool.directory + "/key")));
  p.ssm_service->add_to(p.operations);
  p.cloudformation_service = std::make_unique<cloudformation::Service>(
      cloudformation::Service::Parts{*p.catalog, *p.engine, *p.workflows, p.operations, p.clock});
  p.cloudformation_service->add_to(p.operations);
  p.codepipeline_service = std::make_unique<codepipeline::Service>(
      codepipeline::Service::Parts{*p.catalog, *p.engine, *p.workflows, p.operations, p.clock,
                                   options.pipeline_interval_millis});
  p.codepipeline_service->add_to(p.operations);
  p.codecommit_service->on_branch_moved([&p](const codecommit::BranchMoved& moved) {
    p.codepipeline_service->branch_moved(
        {.account = moved.account, .region = moved.region, .access_key = {}}, moved.repository,
        moved.branch, moved.commit);
  });
  p.tasks->bind(*p.workflows);
  add_task_services(p);
  return {};
}

// Tasks call Pawl's own services, but for those that live elsewhere.
void Server::add_task_services(Parts& p) {
  if (p.remote) p.remote->add_to(p.task_operations);
  if (p.http_endpoints) p.http_endpoints->add_to(p.task_operations);
  const auto is_remote = [&p](std::string_view service) {
    return p.remote && p.remote->has(service);
  };
  if (!is_remote("lambda")) p.lambda_service->add_to(p.task_operations);
  if (!is_remote("states")) p.states_service->add_to(p.task_operations);
  if (!is_remote("codecommit")) p.codecommit_service->add_to(p.task_operations);
  if (!is_remote("cloudformation")) p.cloudformation_service->add_to(p.task_operations);
  if (!is_remote("logs")) p.logs_service->add_to(p.task_operations);
  if (!is_remote("s3")) p.s3_service->add_to(p.task_operations);
  if (!is_remote("codepipeline")) p.codepipeline_service->add_to(p.task_operations);
  p.iam_service->add_to(p.task_operations);
  p.sts_service->add_to(p.task_operations);
  if (!is_remote("ssm")) p.ssm_service->add_to(p.task_operations);
  if (is_remote("lambda")) {
    p.tasks->bind(*p.engine, *p.remote);
  } else {
    p.tasks->bind(*p.engine, *p.lambda_service);
  }
}

const std::string& Server::url() const { return parts_->url; }

void Server::stop() {
  if (!parts_) return;
  // Polls end first, so that the server need not wait for them; then requests; then executions.
  parts_->engine->activities().close();
  parts_->changes.stop();
  parts_->api->stop();
  if (parts_->definition_sweep) parts_->definition_sweep->stop();
  parts_->codepipeline_service->stop();
  parts_->cloudformation_service->stop();
  parts_->engine->stop();
  parts_->s3_service->notifications().end();
  parts_.reset();
}

}  // namespace pawl::cli
