// What is PUT to addresses that resources were given: wait conditions' signals, and the answers of
// custom resources. The address holds a secret and needs no signature.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/catalog.h"

namespace pawl::cloudformation {

struct Signal {
  std::string unique_id, status, reason, data;
};

// A secret that follows from the operation's id, which nobody is told.
std::string signal_token(std::string_view operation, std::string_view logical_id);
std::string signal_url(std::string_view endpoint, std::string_view token);

// Everything that has come, by unique id.
std::vector<Signal> signals_of(const runtime::Catalog& catalog, std::string_view token);
// Blocks until it is durable.
void put_record(runtime::Catalog& catalog, std::string_view table, const std::string& key,
                std::optional<std::string> record);
void forget_signals(runtime::Catalog& catalog, std::string_view token);

}  // namespace pawl::cloudformation
