#include "services/lambda/resolver.h"

#include <mutex>
#include <vector>

#include "services/lambda/records.h"

namespace pawl::lambda {
namespace {

// Names that never existed must not fill the memory; only found ones are kept, and not without end.
constexpr std::size_t kTargetsMax = 100'000;

std::string cache_key(const runtime::Principal& principal, std::string_view function,
                      std::string_view qualifier) {
  std::string key;
  key.reserve(principal.account.size() + principal.region.size() + function.size() +
              qualifier.size() + 3);
  key.append(principal.account).append(1, '\n').append(principal.region).append(1, '\n');
  key.append(function).append(1, '\n').append(qualifier);
  return key;
}

}  // namespace

Result<SharedTarget, ServiceError> Resolver::resolve(const runtime::Principal& principal,
                                                     std::string_view function,
                                                     std::string_view qualifier) {
  std::string key = cache_key(principal, function, qualifier);
  std::uint64_t seen = 0;
  {
    const std::shared_lock lock(mutex_);
    const auto found = targets_.find(key);
    if (found != targets_.end()) return found->second;
    seen = changes_;
  }
  SharedTarget target = TRY(look_up(TRY(parse_function_name(principal, function, qualifier))));
  const std::unique_lock lock(mutex_);
  // What changed meanwhile may not be in what we have read.
  if (seen == changes_ && targets_.size() < kTargetsMax) targets_.emplace(std::move(key), target);
  return target;
}

Result<SharedTarget, ServiceError> Resolver::look_up(const FunctionName& name) {
  const Reader reader(catalog_);
  const std::string key = name.key();
  // Invoke's message always shows a qualifier.
  const auto missing = [&] {
    FunctionName shown = name;
    if (shown.qualifier.empty()) shown.qualifier = kLatest;
    return Err{function_not_found(shown.qualified_arn())};
  };
  const auto function = reader.function(key);
  if (!function) return missing();
  const auto spec = [&](std::string_view version) -> Result<functions::SharedSpec, ServiceError> {
    if (version.empty()) return functions::SharedSpec();
    auto configuration =
        version == kLatest ? std::optional(function->latest) : reader.version(key, version);
    if (!configuration) return functions::SharedSpec();
    return spec_of(std::move(*configuration));
  };
  auto target = std::make_shared<Target>();
  target->invoked_arn = name.qualified_arn();
  const bool direct =
      name.qualifier.empty() || name.qualifier == kLatest || is_version_number(name.qualifier);
  if (direct) {
    target->spec = TRY(spec(name.qualifier.empty() ? kLatest : std::string_view(name.qualifier)));
  } else if (const auto alias = reader.alias(key, name.qualifier)) {
    target->spec = TRY(spec(alias->version));
    target->second = TRY(spec(alias->second_version));
    target->second_weight = alias->second_weight;
  }
  if (!target->spec) return missing();
  if (function->reserved_concurrency) {
    target->reservation = std::make_shared<const Reservation>(
        Reservation{*function->reserved_concurrency, running_of(key)});
  }
  return SharedTarget(std::move(target));
}

Result<functions::SharedSpec, ServiceError> Resolver::spec_of(Configuration configuration) {
  unseal(key_, configuration);
  if (configuration.environment_lost) {
    return Err{ServiceError{"KMSAccessDeniedException",
                            "Lambda was unable to decrypt the environment variables because the "
                            "key that they were encrypted with is not there.",
                            502,
                            {}}};
  }
  functions::CodeLease layers;
  if (!configuration.layers.empty()) {
    std::vector<std::string> names;
    for (const LayerUse& layer : configuration.layers) names.push_back(layer.code_sha256);
    auto merged = codes_.merged(names);
    if (!merged.ok()) {
      return Err{ServiceError{"ServiceException", merged.error().message, 500, {}}};
    }
    layers = std::move(merged).value();
  }
  return make_spec(configuration, codes_.lease(configuration.code_sha256), std::move(layers));
}

std::shared_ptr<std::atomic<std::int64_t>> Resolver::running_of(const std::string& function_key) {
  const std::unique_lock lock(mutex_);
  auto& running = running_[function_key];
  if (!running) running = std::make_shared<std::atomic<std::int64_t>>(0);
  return running;
}

void Resolver::forget() {
  const std::unique_lock lock(mutex_);
  ++changes_;
  targets_.clear();
  std::erase_if(running_, [](const auto& entry) { return entry.second.use_count() == 1; });
}

}  // namespace pawl::lambda
