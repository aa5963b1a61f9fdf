// The rows of asynchronous Express executions: all that a shard knows of them.
#include <utility>

#include "runtime/shard.h"

namespace pawl::runtime {

void Shard::put_express(const ExecutionId& id, std::string record, Effect written) {
  const std::uint64_t number = batch_number();
  batch_.put(store::Space::kState, express_key(id), std::move(record));
  gate_->after(number, std::move(written));
}

void Shard::erase_express(const ExecutionId& id) {
  batch_number();
  batch_.erase(store::Space::kState, express_key(id));
}

std::vector<std::pair<ExecutionId, std::string>> Shard::express_rows() const {
  std::vector<std::pair<ExecutionId, std::string>> rows;
  environment_.store.scan(id_, store::Space::kState, "e", "f", store::Store::Direction::kForward,
                          [&rows](std::string_view key, std::string_view record) {
                            if (const auto id = parse_id_key(key)) rows.emplace_back(*id, record);
                            return true;
                          });
  return rows;
}

}  // namespace pawl::runtime
