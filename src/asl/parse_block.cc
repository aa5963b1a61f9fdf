// The top level of a machine, and what it shares with branches and item processors.
#include "asl/field_table.h"
#include "asl/query_fields.h"
#include "asl/walk.h"
#include "base/limits.h"

namespace pawl::asl {
namespace {

QueryLanguage machine_language(const Fields& fields) {
  const json::Node* language = fields.find("QueryLanguage");
  if (language == nullptr) return QueryLanguage::kJsonPath;
  if (fields.string("QueryLanguage")) check_query_language(fields);
  return query_language_written(*language);
}

}  // namespace

void parse_machine(const Walk& walk, json::Node definition, const Place& place) {
  const Fields fields(walk.diagnostics, definition, place, machine_shape());
  Machine& machine = walk.machine;
  machine.query_language = machine_language(fields);
  fields.one_of("Version", {"1.0"});
  machine.comment = fields.string("Comment").value_or("");
  // Zero is accepted, although the specification asks for a positive number (A5.1).
  machine.timeout_seconds = fields.integer("TimeoutSeconds", {0, kAwsLimits.wait_seconds_max});
  machine.top = parse_block(walk, fields);
}

Block parse_block(const Walk& walk, const Fields& fields) {
  Block block;
  block.pointer = fields.place().pointer();
  fields.require({"States", "StartAt"});
  block.start_at = fields.string("StartAt").value_or("");
  const json::Node* states = fields.object("States");
  if (states == nullptr) return block;
  const Place place = fields.place_of("States");
  if (states->size() == 0) walk.diagnostics.broken(place, "Value cannot be empty");
  for (const json::Member& member : states->members()) {
    const std::string_view name = member.key.string();
    parse_state(walk, member.value, place.state(name), block.pointer, name);
  }
  return block;
}

}  // namespace pawl::asl
