#include "runtime/operations.h"

namespace pawl::runtime {

namespace {

template <class Services>
const typename Services::mapped_type::mapped_type* find_in(const Services& services,
                                                           std::string_view service,
                                                           std::string_view operation) {
  const auto operations = services.find(service);
  if (operations == services.end()) return nullptr;
  const auto found = operations->second.find(operation);
  return found == operations->second.end() ? nullptr : &found->second;
}

}  // namespace

void Operations::add(std::string_view service, std::string_view operation, Operation run) {
  auto& operations = services_[std::string(service)];
  const bool added = operations.emplace(std::string(operation), std::move(run)).second;
  ENSURE(added, service, operation);
}

const Operation* Operations::find(std::string_view service, std::string_view operation) const {
  return find_in(services_, service, operation);
}

void Operations::add_waiting(std::string_view service, std::string_view operation,
                             WaitingOperation run) {
  add(service, operation, [run](const Call& call, Reply reply) { run(call, std::move(reply)); });
  waiting_[std::string(service)].emplace(std::string(operation), std::move(run));
}

const WaitingOperation* Operations::find_waiting(std::string_view service,
                                                 std::string_view operation) const {
  return find_in(waiting_, service, operation);
}

void Operations::add_streamed(std::string_view service, std::string_view operation,
                              StreamedOperation run) {
  auto& operations = streamed_[std::string(service)];
  const bool added = operations.emplace(std::string(operation), std::move(run)).second;
  ENSURE(added, service, operation);
}

const StreamedOperation* Operations::find_streamed(std::string_view service,
                                                   std::string_view operation) const {
  return find_in(streamed_, service, operation);
}

void Operations::add_sinks(std::string_view service, OpenSink open) {
  const bool added = sinks_.emplace(std::string(service), std::move(open)).second;
  ENSURE(added, service);
}

const OpenSink* Operations::find_sinks(std::string_view service) const {
  const auto found = sinks_.find(service);
  return found == sinks_.end() ? nullptr : &found->second;
}

void Operations::add_any(std::string_view service, AnyOperation run) {
  const bool added = any_.emplace(std::string(service), std::move(run)).second;
  ENSURE(added, service);
}

const AnyOperation* Operations::find_any(std::string_view service) const {
  const auto found = any_.find(service);
  return found == any_.end() ? nullptr : &found->second;
}

bool Operations::has_service(std::string_view service) const {
  return services_.find(service) != services_.end() || any_.find(service) != any_.end();
}

}  // namespace pawl::runtime
