// What the events of a Distributed Map and of its Map Run change.
#include "base/ensure.h"
#include "machine/apply.h"
#include "machine/strand_tree.h"

namespace pawl::machine {

void apply_body(Execution& execution, const Event& event, const DistributedMapStarted& body) {
  Strand& strand = strand_at(execution, event.strand);
  strand.phase = Phase::kMapStarted;
  strand.tail = event.id;
  strand.due = 0;
  strand.map_run = OpenMapRun{.id = 0, .arn = {}, .settings = {}, .items = body.items, .ended = 0};
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const MapRunStarted& body) {
  Strand& strand = strand_at(execution, event.strand);
  ENSURE(strand.phase == Phase::kMapStarted && strand.map_run, event.id);
  strand.phase = Phase::kMapRun;
  strand.tail = event.id;
  strand.map_run->id = event.id;
  strand.map_run->arn = body.arn;
  strand.map_run->settings = body.settings;
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const MapRunEnded& body) {
  Strand& strand = strand_at(execution, event.strand);
  ENSURE(strand.phase == Phase::kMapRun && strand.map_run->id == body.map_run, event.id);
  if (body.end == MapRunEnd::kSucceeded) {
    // MapStateSucceeded points here, MapStateExited at MapRunStarted: `tail` stays (D3).
    strand.phase = Phase::kMapRunDone;
    strand.map_run->ended = event.id;
    strand.data = body.result;
  } else {
    strand.phase = Phase::kFault;
    strand.tail = event.id;
    strand.fault = body.fault;
    strand.fault_heartbeat = false;
    strand.fault_final = false;  // the run stays known: a redrive goes on with it
  }
  settle(execution, strand.id);
}

void apply_body(Execution& execution, const Event& event, const MapRunRedriven& body) {
  Strand& strand = strand_at(execution, event.strand);
  ENSURE(strand.phase == Phase::kMapStarted && strand.map_run, event.id);
  strand.phase = Phase::kMapRun;
  strand.tail = event.id;
  strand.map_run->id = event.id;
  strand.map_run->redrive_count = body.redrive_count;
  settle(execution, strand.id);
}

}  // namespace pawl::machine
