// The rows an execution has in the store, and their keys (docs/formats/store.md). All keys are
// relative to the owning shard.
//
// Space kState
//   'x' id16                          -> closed4 Pointer: where the execution's list row is
//   'l' machine8 ~start8 id16         -> closed4 Summary: newest start first within a machine
//   'z' stop8 start8 id16             -> (empty) a run of several batches closed: delete it later
//   't' due8 id16 kind1 event8        -> (empty) a durable timer
//   'o' id16                          -> (empty) has open tasks: start-up hands them out again
//   'i' id16                          -> state image (machine/codec.h), with its event count
//   'r' id16                          -> (empty) a capped step: go on with Continue at start-up
//   'n'                               -> OpenCount: how many executions are open, and halted
//   'q' id16                          -> reason: quarantined
//   'e' id16                          -> an asynchronous Express execution: run it at start-up
//   'h' id16                          -> Hold (pause.h): a resume has to see to it
//   'm' id16                          -> closed4 Map Run (map_run.h), by the digest of its ARN
//   'p' parent16 event8               -> closed4 the ARN of a Map Run of this execution
//   'u' id16                          -> (empty) an open Map Run: start-up goes on with it
//   's' ...                           -> closed4, a search attribute's value (search_value.h)
// Space kHistory
//   start8 id16 first8                -> closed4, one record of events; first8: events before it
//
// closed4 is the second at which the execution closed, or 0 if it had not when the row was written.
// Compaction leaves rows out whose second has passed the retention, and readers do not see them: a
// run that closes in its first batch is never deleted by a write (docs/adr/0003).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "machine/execution.h"
#include "runtime/execution_id.h"
#include "runtime/pause.h"
#include "runtime/search_value.h"

namespace pawl::runtime {

// Executions that closed before this second are as good as gone.
struct Horizon {
  std::uint32_t second = 0;  // 0: nothing expires

  static Horizon at(WallMillis now, std::int64_t retention_ms);
  bool hides(std::uint32_t closed) const { return closed != 0 && closed < second; }
};
// The row's closed4; 0 for rows that have none.
std::uint32_t closed_second(store::Space space, std::string_view key, std::string_view value);

// List rows and history records come in order of time (store::ArrivesInOrder).
bool arrives_in_order(store::Space space, std::string_view key);

// Of the state that has been halted the longest.
struct HaltNote {
  WallMillis since = 0;
  std::string state;
  std::string error;
  friend bool operator==(const HaltNote&, const HaltNote&) = default;
};

// Everything about an execution that is not in its events, and what lists show.
struct Summary {
  ExecutionNames names{};
  std::string revision{};  // content hash of the definition it runs
  WallMillis start_time = 0;
  machine::Status status = machine::Status::kRunning;
  WallMillis stop_time = 0;       // 0 while running
  std::uint64_t event_count = 0;  // once closed
  std::uint64_t last_record = 0;  // first8 of the record that closed it
  std::string trace_header{};
  std::string revision_id{};  // as shown by DescribeStateMachineForExecution; may be empty
  WallMillis revision_time = 0;
  std::string role_arn{};
  std::string input_digest{};  // 8 bytes: is a repeated StartExecution the same one?
  std::string started_by{};    // the parent's task, of a child execution
  std::int64_t version = 0;    // of the machine, that the start named or its alias drew
  std::string alias{};         // that the start named
  std::int32_t redrive_count = 0;
  WallMillis redrive_time = 0;  // of the last redrive; 0: none
  // RedriveExecution's client tokens, the newest last.
  struct RedriveToken {
    WallMillis time = 0;
    std::string token;
  };
  std::vector<RedriveToken> redrive_tokens{};
  // Another execution whose events this one's history begins with, and the last one's id.
  std::string forked_from{};
  machine::EventId forked_event = 0;
  bool history_full = false;  // it closed with no room in its history for more
  std::string map_run{};      // ARN of the Map Run whose child it is
  std::string map_state{};    // of a child: the Map state whose item processor it runs
  std::vector<SearchEntry> search{};
  std::optional<Pause> pause{};  // of this execution alone
  std::optional<HaltNote> halt{};

  // Whose list it is in: its Map Run's, or its machine's.
  std::string list_owner() const { return map_run.empty() ? names.machine_arn() : map_run; }
  // Its machine's, without a Map state's label.
  std::string own_machine_arn() const;
  std::string version_arn() const;
  std::string alias_arn() const;
};

struct Pointer {
  WallMillis closed = 0;  // 0, unless the first batch closed the run
  std::uint64_t machine = 0;
  WallMillis start_time = 0;
};

struct TimerKey {
  WallMillis due = 0;
  ExecutionId execution;
  machine::TimerId timer{};
};

std::string encode(const Summary& summary);
std::string encode(const Pointer& pointer);
// A history row's value, and the record in it.
std::string encode_record(WallMillis closed, std::string_view record);
std::string_view record_of(std::string_view row);
// Empty: damaged or of an unknown version.
std::optional<Summary> decode_summary(std::string_view bytes);
// Its status alone, without reading the rest.
std::optional<machine::Status> decode_status(std::string_view bytes);
// Its execution's name alone, a view into the row.
std::optional<std::string_view> decode_name(std::string_view bytes);
std::optional<Pointer> decode_pointer(std::string_view bytes);

std::string pointer_key(const ExecutionId& id);
std::string list_prefix(std::uint64_t machine);
std::string list_key(std::uint64_t machine, WallMillis start, const ExecutionId& id);
struct ListPosition {
  WallMillis start = 0;
  ExecutionId id;
  friend auto operator<=>(const ListPosition&, const ListPosition&) = default;
};
std::optional<ListPosition> parse_list_key(std::string_view key);

std::string timer_key(const TimerKey& timer);
std::string timer_bound(WallMillis due);  // all timers due before `due` sort before it
std::optional<TimerKey> parse_timer_key(std::string_view key);

std::string open_tasks_key(const ExecutionId& id);
struct ExpiryKey {
  WallMillis stop = 0;
  WallMillis start = 0;
  ExecutionId execution;
};
std::string expiry_key(const ExpiryKey& expiry);
std::string expiry_bound(WallMillis stop);  // all that stopped before `stop` sort before it
std::optional<ExpiryKey> parse_expiry_key(std::string_view key);

std::string image_key(const ExecutionId& id);
// How many executions of the shard are open, not counting those that close in their first batch.
std::string open_count_key();
struct OpenCount {
  std::int64_t open = 0;
  std::int64_t halted = 0;
  friend bool operator==(const OpenCount&, const OpenCount&) = default;
};
std::string encode(const OpenCount& count);
OpenCount decode_open_count(std::string_view bytes);
std::string runnable_key(const ExecutionId& id);
std::string quarantine_key(const ExecutionId& id);
std::string hold_key(const ExecutionId& id);
std::string express_key(const ExecutionId& id);
std::string map_run_key(const ExecutionId& map_run);
std::string open_map_run_key(const ExecutionId& map_run);
std::string map_runs_prefix(const ExecutionId& parent);
std::string map_runs_key(const ExecutionId& parent, machine::EventId event);
// The id of an 'e', 'h', 'm', 'o', 'r', 'q' or 'u' row.
std::optional<ExecutionId> parse_id_key(std::string_view key);

std::string history_prefix(WallMillis start, const ExecutionId& id);
std::string history_key(WallMillis start, const ExecutionId& id, std::uint64_t first);
struct HistoryPosition {
  WallMillis start = 0;
  ExecutionId execution;
  std::uint64_t first = 0;
};
std::optional<HistoryPosition> parse_history_key(std::string_view key);

// The smallest key greater than every key that begins with `prefix`.
std::string after_prefix(std::string prefix);

}  // namespace pawl::runtime
