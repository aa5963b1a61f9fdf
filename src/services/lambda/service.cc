#include "services/lambda/service.h"

#include <set>
#include <utility>

#include "base/rng.h"
#include "services/lambda/layers.h"
#include "services/lambda/role_credentials.h"

namespace pawl::lambda {
namespace {

constexpr MonotonicMicros kCollectAgainMicros = 60'000'000;

}  // namespace

Result<std::unique_ptr<Service>, std::string> Service::open(ServiceOptions options,
                                                            runtime::Catalog& catalog,
                                                            const Clock& clock) {
  if (options.others != nullptr) {
    auto credentials = std::make_shared<RoleCredentials>(*options.others, clock);
    options.pool.find_credentials = [credentials](const functions::SharedSpec& spec,
                                                  RoleCredentials::Take take) {
      credentials->find(spec, std::move(take));
    };
  }
  SecretKey key = TRY(SecretKey::load(options.pool.directory + "/key"));
  auto pool = functions::Pool::open(options.pool, clock);
  if (!pool.ok()) return Err{std::move(pool).error().message};
  std::unique_ptr<Service> service(
      new Service(std::move(options), std::move(pool).value(), std::move(key), catalog, clock));
  service->work_.start();
  service->work_.post([raw = service.get()] { raw->collect_code(); });
  return service;
}

Service::Service(ServiceOptions options, std::unique_ptr<functions::Pool> pool, SecretKey key,
                 runtime::Catalog& catalog, const Clock& clock)
    : catalog_(catalog),
      clock_(clock),
      others_(options.others),
      key_(std::move(key)),
      codes_(options.pool.directory + "/code", options.packages),
      resolver_(catalog, codes_, key_),
      pool_(std::move(pool)),
      events_(
          catalog_, work_, clock, std::move(options.events),
          [this](const Event& event, EventQueue::Finished finished) {
            run_event(event, std::move(finished));
          },
          [this](const Event& event) { return policy_of(event); }),
      draws_(SystemRng().next()) {}

Service::~Service() {
  work_.stop();
  downloads_.stop();
  pool_.reset();
  catalog_.close();
}

void Service::add_to(runtime::Operations& operations) {
  using Writes = void (Service::*)(const Call&, const Reply&);
  using Reads = OperationResult (Service::*)(const Call&);
  const std::pair<const char*, Writes> writes[] = {
      {"CreateFunction", &Service::create_function},
      {"UpdateFunctionCode", &Service::update_function_code},
      {"UpdateFunctionConfiguration", &Service::update_function_configuration},
      {"DeleteFunction", &Service::delete_function},
      {"PublishVersion", &Service::publish_version},
      {"CreateAlias", &Service::create_alias},
      {"UpdateAlias", &Service::update_alias},
      {"DeleteAlias", &Service::delete_alias},
      {"TagResource", &Service::tag_resource},
      {"UntagResource", &Service::untag_resource},
      {"PutFunctionConcurrency", &Service::put_function_concurrency},
      {"DeleteFunctionConcurrency", &Service::delete_function_concurrency},
      {"AddPermission", &Service::add_permission},
      {"RemovePermission", &Service::remove_permission},
      {"PublishLayerVersion", &Service::publish_layer_version},
      {"DeleteLayerVersion", &Service::delete_layer_version},
      {"PutFunctionEventInvokeConfig", &Service::put_event_configuration},
      {"UpdateFunctionEventInvokeConfig", &Service::update_event_configuration},
      {"DeleteFunctionEventInvokeConfig", &Service::delete_event_configuration},
      {"CreateFunctionUrlConfig", &Service::create_url},
      {"UpdateFunctionUrlConfig", &Service::update_url},
      {"DeleteFunctionUrlConfig", &Service::delete_url},
      {"CreateEventSourceMapping", &Service::create_event_source},
      {"UpdateEventSourceMapping", &Service::update_event_source},
      {"DeleteEventSourceMapping", &Service::delete_event_source},
      {"Invoke", &Service::invoke_operation}};
  for (const auto& [name, write] : writes) {
    operations.add("lambda", name, [this, run = write](const Call& call, const Reply& reply) {
      (this->*run)(call, reply);
    });
  }
  const std::pair<const char*, Reads> reads[] = {
      {"GetFunction", &Service::get_function},
      {"GetFunctionConfiguration", &Service::get_function_configuration},
      {"ListFunctions", &Service::list_functions},
      {"ListVersionsByFunction", &Service::list_versions},
      {"GetAccountSettings", &Service::get_account_settings},
      {"GetAlias", &Service::get_alias},
      {"ListAliases", &Service::list_aliases},
      {"ListTags", &Service::list_tags},
      {"GetFunctionConcurrency", &Service::get_function_concurrency},
      {"GetFunctionCodeSigningConfig", &Service::get_code_signing},
      {"GetLayerVersion", &Service::get_layer_version},
      {"ListLayers", &Service::list_layers},
      {"ListLayerVersions", &Service::list_layer_versions},
      {"GetFunctionEventInvokeConfig", &Service::get_event_configuration},
      {"ListFunctionEventInvokeConfigs", &Service::list_event_configurations},
      {"GetFunctionUrlConfig", &Service::get_url},
      {"ListFunctionUrlConfigs", &Service::list_urls},
      {"GetEventSourceMapping", &Service::get_event_source},
      {"ListEventSourceMappings", &Service::list_event_sources},
      {"GetPolicy", &Service::get_policy}};
  for (const auto& [name, read] : reads) {
    operations.add("lambda", name, [this, run = read](const Call& call, const Reply& reply) {
      reply((this->*run)(call));
    });
  }
  operations.add_streamed("packages", "GetPackage",
                          [this](const Call& call, const runtime::RequestBody&,
                                 const runtime::StreamedReply& reply) { download(call, reply); });
  operations.add_streamed(
      "function-urls", "Request",
      [this](const Call& call, const runtime::RequestBody& body,
             const runtime::StreamedReply& reply) { answer_url_request(call, body, reply); });
}

void Service::set_endpoint(std::string url) {
  pool_->set_endpoint(url);
  const std::lock_guard lock(endpoint_mutex_);
  endpoint_ = std::move(url);
}

void Service::transact(const Reply& reply, Decide decide) {
  struct Outcome {
    std::optional<OperationResult> result;
    std::vector<std::string> retired;
  };
  auto outcome = std::make_shared<Outcome>();
  // What `decide` holds, such as a lease of a package, it holds until the change can be seen: the
  // catalog shows it only when it is durable.
  auto held = std::make_shared<const Decide>(std::move(decide));
  catalog_.update(
      [outcome, held](const View& view) {
        Update update;
        outcome->result = (*held)(view, update);
        if (!outcome->result->ok()) return std::vector<Change>();
        outcome->retired = std::move(update.retired);
        return std::move(update.changes);
      },
      [this, outcome, held, reply] {
        // Before the answer: who has it sees the change in the next call.
        resolver_.forget();
        for (std::string& identity : outcome->retired) pool_->retire(std::move(identity));
        if (!outcome->retired.empty()) work_.post([this] { collect_code(); });
        reply(std::move(*outcome->result));
      });
}

void Service::change_function(const FunctionName& name, const Reply& reply, ChangeRecord change) {
  transact(reply, [name, change = std::move(change)](const View& view, Update& update) {
    auto record = Reader(view).function(name.key());
    if (!record) return OperationResult(Err{function_not_found(name.arn())});
    OperationResult result = change(*record);
    update.changes.push_back({std::string(kFunctionTable), name.key(), encode(*record)});
    return result;
  });
}

std::string Service::new_id() const {
  thread_local SystemRng rng;
  return make_uuid(rng);
}

void Service::collect_code() {
  const auto read_references = [this] {
    std::set<std::string> referenced;
    const auto refer = [&referenced](const Configuration& configuration) {
      referenced.insert(configuration.code_sha256);
      std::vector<std::string> layers;
      for (const LayerUse& layer : configuration.layers) layers.push_back(layer.code_sha256);
      referenced.insert(layers.begin(), layers.end());
      if (layers.size() > 1) referenced.insert(functions::CodeStore::merged_name(layers));
    };
    const auto& catalog = catalog_.catalog();
    catalog.for_each(kFunctionTable, [&](const std::string&, const std::string& record) {
      refer(decode_function(record).latest);
    });
    catalog.for_each(kVersionTable, [&](const std::string&, const std::string& record) {
      refer(decode_configuration(record));
    });
    catalog.for_each(kLayerTable, [&](const std::string&, const std::string& record) {
      referenced.insert(decode_layer(record).code_sha256);
    });
    return referenced;
  };
  if (codes_.collect(read_references)) {
    work_.at(monotonic_now() + kCollectAgainMicros, [this] { collect_code(); });
  }
}

}  // namespace pawl::lambda
