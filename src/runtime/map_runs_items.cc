// The items of Map Runs: pages of them are read on other threads, or taken from the state's data,
// and made into inputs of children.
#include <algorithm>
#include <utility>

#include "machine/map_run.h"
#include "runtime/crash_record.h"
#include "runtime/map_runs.h"

namespace pawl::runtime {

namespace {

using machine::Fault;
using machine::MapRunEnd;

// Items held in memory, and how they are read.
constexpr std::size_t kReadyMax = 2'000;
constexpr std::size_t kPageItems = 1'000;
constexpr std::size_t kPageBytes = 1u << 20;
// Items of one child. A batch must not depend on how many items happen to be ready: after a restart
// it is made again.
constexpr std::size_t kBatchItemsMax = 100'000;

// Blocks; on a thread of its own.
ReadPage read_page(objects::ObjectStore& store, const machine::ReaderSettings& settings,
                   const std::string& position, std::shared_ptr<objects::ItemStream> stream) {
  ReadPage page;
  if (!stream) {
    auto opened = objects::open_items(store, settings, position);
    if (!opened.ok()) {
      page.fault = std::move(opened).error();
      return page;
    }
    stream = std::move(opened).value();
  }
  std::size_t bytes = 0;
  while (page.items.size() < kPageItems && bytes < kPageBytes) {
    auto item = stream->next();
    if (!item.ok()) {
      page.fault = std::move(item).error();
      return page;
    }
    if (!*item) {
      page.at_end = true;
      break;
    }
    bytes += (*item)->text.size();
    page.items.push_back({.value = json::Value::trusted(std::move((*item)->text)),
                          .key = std::move((*item)->key),
                          .source = std::move((*item)->source),
                          .position = std::move((*item)->position)});
  }
  page.stream = std::move(stream);
  return page;
}

Fault too_large() {
  return {.error = "States.DataLimitExceeded",
          .cause = "The item or batch exceeds the maximum number of bytes service limit."};
}

// {"BatchInput": ..., "Items": [...]}.
json::Value batch_of(const machine::BatchSettings& batches, std::string items) {
  std::string text = "{";
  if (batches.input) text.append("\"BatchInput\":").append(batches.input->text()).append(",");
  text.append("\"Items\":[").append(items).append("]}");
  return json::Value::trusted(std::move(text));
}

std::uint64_t seed_of_item(const ExecutionId& map_run, std::int64_t index) {
  std::uint64_t seed = 0;
  for (std::size_t i = 0; i < sizeof seed; ++i) seed = seed << 8 | map_run.bytes[i];
  return seed + static_cast<std::uint64_t>(index);
}

}  // namespace

void MapRuns::read_items(MapRun& run) {
  if (run.end_of_items || run.ticket != 0) return;
  if (run.ready.size() >= kReadyMax && !run.batch_waits) return;
  run.batch_waits = false;
  if (!run.settings.reader) return read_state_items(run);
  if (environment_.objects == nullptr) {
    return end_early(run, MapRunEnd::kFailed,
                     objects::item_reader_failed("There is no object store."));
  }
  run.ticket = ++last_ticket_;
  environment_.run_blocking([this, id = run.id, ticket = run.ticket,
                             settings = *run.settings.reader, position = run.read.position,
                             stream = std::exchange(run.stream, nullptr)] {
    auto page =
        std::make_shared<ReadPage>(read_page(*environment_.objects, settings, position, stream));
    page->ticket = ticket;
    host_.post([id, page](MapRuns& runs) { runs.items_were_read(id, *page); });
  });
}

void MapRuns::read_state_items(MapRun& run) {
  const json::Node items = run.state_items.root();
  for (std::size_t left = kPageItems; left > 0; --left, ++run.read.item) {
    if (run.read.item >= static_cast<std::int64_t>(items.size())) {
      run.end_of_items = true;
      break;
    }
    const machine::MapItem item = machine::item_at(items, run.read.item);
    ReadItem read{.value = json::Value::of(item.value), .position = {}};
    if (item.key) read.key = std::string(*item.key);
    run.ready.push_back(std::move(read));
  }
  run.record.items_total = run.read.item;
}

void MapRuns::items_were_read(const ExecutionId& id, ReadPage& page) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || found->second->ticket != page.ticket) return;
  MapRun& run = *found->second;
  run.ticket = 0;
  run.stream = std::move(page.stream);
  const std::int64_t most = run.settings.reader->items_max;
  for (ReadItem& item : page.items) {
    if (most > 0 && run.read.item >= most) break;
    ++run.read.item;
    run.read.position = item.position;
    run.ready.push_back(std::move(item));
  }
  run.end_of_items = page.at_end || (most > 0 && run.read.item >= most);
  run.record.items_total = std::max(run.record.items_total, run.read.item);
  if (page.fault && !run.end_of_items && !run.record.ending) {
    end_early(run, MapRunEnd::kFailed, *page.fault);
  }
  drive(id);
}

void MapRuns::take_items(MapRun& run, std::size_t count) {
  for (; count > 0; --count) {
    ++run.next.item;
    run.next.position = std::move(run.ready.front().position);
    run.ready.pop_front();
  }
}

// The input of the next child: one item, or a batch. No items: a batch waits for more of them.
Result<MapChildInput, Fault> MapRuns::child_input(MapRun& run, Cell& parent) {
  const std::size_t bytes_max = environment_.limits.payload_bytes_max;
  if (!run.settings.batches) {
    json::Value input = TRY(selected_item(run, parent, 0));
    if (input.bytes() > bytes_max) return Err{too_large()};
    return MapChildInput{std::move(input), run.next, 1};
  }
  const machine::BatchSettings& batches = *run.settings.batches;
  const std::size_t limit = batches.bytes_max > 0
                                ? std::min(static_cast<std::size_t>(batches.bytes_max), bytes_max)
                                : bytes_max;
  std::string items;
  std::size_t count = 0;
  const std::size_t hull = batch_of(batches, {}).bytes();
  const std::size_t most =
      batches.items_max > 0 ? std::min(static_cast<std::size_t>(batches.items_max), kBatchItemsMax)
                            : kBatchItemsMax;
  for (; count < run.ready.size() && count < most; ++count) {
    const json::Value item = TRY(selected_item(run, parent, count));
    if (count > 0 && hull + items.size() + 1 + item.bytes() > limit) break;
    if (hull + item.bytes() > bytes_max) return Err{too_large()};
    if (count > 0) items += ',';
    items += item.text();
  }
  const bool full = count < run.ready.size() || count == most;
  if (!full && !run.end_of_items) return MapChildInput{{}, run.next, 0};
  return MapChildInput{batch_of(batches, std::move(items)), run.next,
                       static_cast<std::int64_t>(count)};
}

Result<json::Value, Fault> MapRuns::selected_item(MapRun& run, Cell& parent, std::size_t place) {
  ReadItem& item = run.ready[place];
  if (!item.selected) {
    const CrashScope scope(parent.id);
    const std::int64_t index = run.next.item + static_cast<std::int64_t>(place);
    machine::Context context = host_.context_of(parent);
    // An item selected again after a restart is the same, and so are batches.
    context.seed = seed_of_item(run.id, index);
    if (run.settings.batches) context.now = run.record.start_time;
    const machine::MapItem shown{.index = index,
                                 .value = item.value.root(),
                                 .source = item.source.empty() ? run.source : item.source,
                                 .key = item.key};
    item.selected = TRY(machine::selected_item(parent.execution, run.record.event, shown, context));
    item.value = json::Value();
  }
  return *item.selected;
}

}  // namespace pawl::runtime
