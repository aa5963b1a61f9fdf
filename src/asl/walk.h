// The one walk over a definition that compiles and checks it at once. Each function takes one kind
// of object, reports what is wrong with it, and answers what it could compile; when anything is
// broken the machine is thrown away, so a default stands in for what could not be compiled.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "asl/diagnostics.h"
#include "asl/fields.h"
#include "asl/model.h"
#include "asl/parse.h"

namespace pawl::asl {

struct Walk {
  const ParseOptions& options;
  Diagnostics& diagnostics;
  Machine& machine;
  // Of the workflow that the walk is in: a Distributed Map's children may be Express.
  MachineType type;
  // Of the states so far, shared by all levels of the walk.
  std::size_t& state_pointer_bytes;
};

// The top level.
void parse_machine(const Walk& walk, json::Node definition, const Place& place);
// StartAt and States of any level; adds the states to the machine.
Block parse_block(const Walk& walk, const Fields& fields);
// One state; `place` ends with its name.
void parse_state(const Walk& walk, json::Node state, const Place& place,
                 const std::string& block_pointer, std::string_view name);

// One state type each.
PassState parse_pass(const Walk& walk, const Fields& fields);
TaskState parse_task(const Walk& walk, const Fields& fields);
ChoiceState parse_choice(const Walk& walk, const Fields& fields);
WaitState parse_wait(const Walk& walk, const Fields& fields);
FailState parse_fail(const Walk& walk, const Fields& fields);
ParallelState parse_parallel(const Walk& walk, const Fields& fields);
MapState parse_map(const Walk& walk, const Fields& fields);

// Lists that several types have.
std::vector<Retrier> parse_retry(const Walk& walk, const Fields& fields);
std::vector<Catcher> parse_catch(const Walk& walk, const Fields& fields);

// The objects of a Distributed Map; nothing when the Map has none.
std::optional<ItemReader> parse_item_reader(const Walk& walk, const Fields& map);
std::optional<ItemBatcher> parse_item_batcher(const Walk& walk, const Fields& map);
std::optional<ResultWriter> parse_result_writer(const Walk& walk, const Fields& map);

}  // namespace pawl::asl
