// What an execution waits for, in words and as data: Pawl's own operation Explain
// (docs/extensions.md).
#pragma once

#include <memory>

#include "asl/model.h"
#include "json/value.h"
#include "runtime/engine.h"
#include "runtime/shard.h"

namespace pawl::states {

// What an explanation looks up besides the execution itself.
struct ExplainSources {
  runtime::Engine& engine;
  const Clock& clock;
  std::shared_ptr<const asl::Machine> definition;  // that the execution runs
};

json::Value explain(const runtime::Inspection& seen, const ExplainSources& sources);

}  // namespace pawl::states
