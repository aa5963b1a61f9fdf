#include "runtime/workflows.h"

#include <future>

#include "asl/parse.h"
#include "base/digest.h"
#include "runtime/listing.h"

namespace pawl::runtime {

namespace {

// Content hash -> "<machine>\n<definition>", kept for ever.
constexpr std::string_view kTable = "workflows";
// ARN of a machine in a region where it has run -> its name.
constexpr std::string_view kPlaceTable = "workflow-places";

std::string_view machine_of(std::string_view record) { return record.substr(0, record.find('\n')); }
std::string_view text_of(std::string_view record) { return record.substr(record.find('\n') + 1); }

void collect_tasks(json::Node node, std::vector<std::string>& names) {
  for (const json::Node& element : node) collect_tasks(element, names);
  for (const json::Member& member : node.members()) {
    const bool resource = member.key.string() == "Resource" && member.value.is_string() &&
                          member.value.string().starts_with(Workflows::kResourcePrefix);
    if (resource) {
      names.emplace_back(member.value.string().substr(Workflows::kResourcePrefix.size()));
    }
    collect_tasks(member.value, names);
  }
}

}  // namespace

void Workflows::add_task(std::string_view name, Task run) {
  const bool added = tasks_.emplace(std::string(name), std::move(run)).second;
  ENSURE(added, name);
}

void Workflows::add_machine(std::string_view name, std::string_view definition) {
  std::string record = std::string(name) + "\n" + std::string(definition);
  const std::string hash = *hex_digest(record, "SHA-256");
  ENSURE(current_.emplace(std::string(name), hash).second, name);
  if (catalog_.get(kTable, hash)) return;
  std::promise<void> durable;
  catalog_.update(
      [&](const Catalog::View&) {
        return std::vector<Catalog::Change>{{std::string(kTable), hash, record}};
      },
      [&durable] { durable.set_value(); });
  durable.get_future().wait();
}

const Workflows::Task* Workflows::find_task(std::string_view name) const {
  const auto found = tasks_.find(name);
  return found == tasks_.end() ? nullptr : &found->second;
}

std::shared_ptr<const asl::Machine> Workflows::definition(const std::string& hash) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = parsed_.find(hash); found != parsed_.end()) return found->second;
  const auto record = catalog_.get(kTable, hash);
  if (!record) return nullptr;
  auto outcome = asl::parse(text_of(*record), {.mode = asl::ParseOptions::Mode::kLenient});
  ENSURE(outcome.machine, "a workflow's definition does not parse", machine_of(*record));
  return parsed_.emplace(hash, std::move(outcome.machine)).first->second;
}

void Workflows::start(Engine& engine, std::string_view machine, std::string_view region,
                      const std::string& execution, json::Value input,
                      std::function<void(StartOutcome)> reply) {
  const auto current = current_.find(machine);
  ENSURE(current != current_.end(), machine);
  StartRequest request{.names = {.region = std::string(region),
                                 .account = std::string(kAccount),
                                 .machine = std::string(machine),
                                 .execution = execution},
                       .definition = definition(current->second),
                       .revision = current->second,
                       .revision_id = {},
                       .role_arn = {},
                       .trace_header = {},
                       .input = std::move(input),
                       .started_by = execution};
  const std::string place = request.names.machine_arn();
  if (catalog_.get(kPlaceTable, place)) return engine.start(std::move(request), std::move(reply));
  auto held = std::make_shared<StartRequest>(std::move(request));
  catalog_.update(
      [place, name = std::string(machine)](const Catalog::View&) {
        return std::vector<Catalog::Change>{{std::string(kPlaceTable), place, name}};
      },
      [&engine, held, reply = std::move(reply)] { engine.start(std::move(*held), reply); });
}

std::string Workflows::open_runs_of(const Engine& engine, store::Store& store,
                                    std::string_view machine, const std::string& revision) const {
  std::string runs;
  catalog_.for_each(kPlaceTable, [&](const std::string& place, const std::string& name) {
    if (name != machine) return;
    const ListPage page = list_executions(
        store,
        {.machine_arn = place,
         .statuses = {machine::Status::kRunning},
         .wanted = [&revision](const Summary& run) { return run.revision == revision; },
         .after = {}},
        engine.horizon());
    for (const ListEntry& entry : page.entries) {
      runs += (runs.empty() ? "" : ", ") + entry.summary.names.execution_arn();
    }
  });
  return runs;
}

std::string Workflows::missing_tasks(Engine& engine) const {
  std::string missing;
  catalog_.for_each(kTable, [&](const std::string& hash, const std::string& record) {
    std::vector<std::string> names;
    collect_tasks(json::Value::trusted(std::string(text_of(record))).root(), names);
    for (const std::string& name : names) {
      if (tasks_.contains(name)) continue;
      const std::string runs = open_runs_of(engine, engine.store(), machine_of(record), hash);
      if (!runs.empty())
        missing += "this release has no task " + name + ", which " + runs + " need; ";
    }
  });
  return missing;
}

}  // namespace pawl::runtime
