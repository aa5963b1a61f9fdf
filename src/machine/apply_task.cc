// What the events of a task change.
#include "base/ensure.h"
#include "machine/apply.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

OpenTask& task_of(Strand& strand, EventId task) {
  ENSURE(strand.phase == Phase::kTask && strand.task && strand.task->id == task, task);
  return *strand.task;
}

}  // namespace

void apply_body(Execution& execution, const Event& event, const TaskScheduled& body) {
  Strand& strand = strand_at(execution, event.strand);
  strand.phase = Phase::kTask;
  strand.tail = event.id;
  strand.due = 0;
  strand.task = OpenTask{.id = event.id, .scheduled = body};
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const TaskStarted& body) {
  Strand& strand = strand_at(execution, event.strand);
  task_of(strand, body.task).started = true;
  strand.tail = event.id;
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const TaskSubmitted& body) {
  Strand& strand = strand_at(execution, event.strand);
  task_of(strand, body.task).submitted = true;
  strand.tail = event.id;
}

void apply_body(Execution& execution, const Event& event, const TaskSucceeded& body) {
  Strand& strand = strand_at(execution, event.strand);
  task_of(strand, body.task);
  strand.task.reset();
  strand.phase = Phase::kResult;
  strand.tail = event.id;
  strand.data = body.output;
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const TaskFailed& body) {
  Strand& strand = strand_at(execution, event.strand);
  task_of(strand, body.task);
  strand.task.reset();
  strand.phase = Phase::kFault;
  strand.tail = event.id;
  strand.fault = body.fault;
  strand.fault_heartbeat = body.heartbeat;
  strand.fault_final = false;
  settle(execution, strand.id);
}

}  // namespace pawl::machine
