// The fields of every event body, in their durable order (docs/formats/events.md). Never change a
// list that was released: add an event kind instead.
//
// A `Trace` remembers what the strand's former events in the same record said; what an event
// repeats of it takes one byte. Writer and Reader follow the same trace.
#pragma once

#include <string_view>

#include "machine/codec_archive.h"
#include "machine/event.h"

namespace pawl::machine {

struct Trace {
  EventId tail = 0;           // of the strand's last event that later ones mostly point at
  std::string_view name;      // of the current state
  std::string_view pointer;   // of the state entered next
  std::string_view resource;  // of the last task
  std::string_view resource_type;
  json::Value payload;  // last input, output or parameters
};

// What the fields of one event are read against.
struct EventFrame {
  EventId id = 0;
  WallMillis time = 0;
  Trace& trace;
};

// The state's name is the last part of its pointer, unless it has escapes.
inline std::string_view predicted_name(std::string_view pointer) {
  return pointer.substr(pointer.rfind('/') + 1);
}

template <class Archive>
void task_reference(Archive& archive, EventFrame& frame, Of<Archive, EventId>& task) {
  std::int64_t back = minus(frame.id, task);
  archive.number(back);
  if constexpr (!Archive::kWrites) task = minus(frame.id, back);
}

template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, ExecutionStarted>& body) {
  archive.value(body.input);
  archive.text(body.role_arn);
  archive.text(body.start_pointer);
  archive.optional(body.timeout_at, [&](auto& at) { archive.time(at, frame.time); });
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, ExecutionSucceeded>& body) {
  archive.value(body.output, frame.trace.payload);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, ExecutionFailed>& body) {
  fields(archive, body.fault);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, ExecutionAborted>& body) {
  fields(archive, body.fault);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, ExecutionTimedOut>& body) {
  fields(archive, body.fault);
}

template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, StateEntered>& body) {
  archive.enumeration(body.type);
  archive.text(body.pointer, frame.trace.pointer);
  archive.text(body.name, predicted_name(body.pointer));
  archive.value(body.input, frame.trace.payload);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, StateExited>& body) {
  archive.enumeration(body.type);
  archive.text(body.name, frame.trace.name);
  archive.value(body.output, frame.trace.payload);
  archive.optional(body.assigned, [&](auto& assigned) { archive.value(assigned); });
  archive.text(body.next_pointer);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, StateAborted>& body) {
  archive.enumeration(body.type);
}

template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, TaskScheduled>& body) {
  archive.enumeration(body.kind);
  archive.text(body.resource, frame.trace.resource);
  archive.text(body.resource_type, frame.trace.resource_type);
  archive.text(body.region);
  archive.value(body.parameters, frame.trace.payload);
  archive.optional(body.timeout_seconds, [&](auto& seconds) { archive.number(seconds); });
  archive.optional(body.heartbeat_seconds, [&](auto& seconds) { archive.number(seconds); });
  archive.optional(body.credentials_role_arn, [&](auto& arn) { archive.text(arn); });
  archive.number(body.retry_count);
  archive.optional(body.timeout_at, [&](auto& at) { archive.time(at, frame.time); });
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, TaskStarted>& body) {
  archive.enumeration(body.kind);
  task_reference(archive, frame, body.task);
  archive.text(body.resource, frame.trace.resource);
  archive.text(body.resource_type, frame.trace.resource_type);
  archive.optional(body.worker_name, [&](auto& name) { archive.text(name); });
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, TaskSubmitted>& body) {
  task_reference(archive, frame, body.task);
  archive.text(body.resource, frame.trace.resource);
  archive.text(body.resource_type, frame.trace.resource_type);
  archive.value(body.output);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, TaskSucceeded>& body) {
  archive.enumeration(body.kind);
  task_reference(archive, frame, body.task);
  archive.text(body.resource, frame.trace.resource);
  archive.text(body.resource_type, frame.trace.resource_type);
  archive.value(body.output, frame.trace.payload);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, TaskFailed>& body) {
  archive.enumeration(body.kind);
  archive.enumeration(body.failure);
  task_reference(archive, frame, body.task);
  archive.text(body.resource, frame.trace.resource);
  archive.text(body.resource_type, frame.trace.resource_type);
  fields(archive, body.fault);
  archive.flag(body.heartbeat);
}

template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, ParallelStarted>& body) {
  archive.list(body.branch_pointers, [&](auto& pointer) { archive.text(pointer); });
  archive.value(body.input, frame.trace.payload);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, MapStarted>& body) {
  archive.value(body.items, frame.trace.payload);
  archive.number(body.length);
  archive.number(body.concurrency);
  archive.text(body.start_pointer);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, MapIterationStarted>& body) {
  archive.text(body.name, frame.trace.name);
  archive.number(body.index);
  archive.number(body.child);
  archive.value(body.input);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, MapIterationEnded>& body) {
  archive.enumeration(body.end);
  archive.text(body.name, frame.trace.name);
  archive.number(body.index);
  archive.number(body.child);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, ContainerSucceeded>& body) {
  archive.enumeration(body.type);
  archive.value(body.result);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, ContainerFailed>& body) {
  archive.enumeration(body.type);
}

template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, EvaluationFailed>& body) {
  fields(archive, body.fault);
  archive.optional(body.location, [&](auto& location) { archive.text(location); });
  archive.text(body.state, frame.trace.name);
  archive.flag(body.in_catcher);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, WaitStarted>& body) {
  archive.time(body.due, frame.time);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, RetryScheduled>& body) {
  archive.number(body.retrier);
  archive.time(body.due, frame.time);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, FaultRaised>& body) {
  fields(archive, body.fault);
  archive.number(body.caused_by);
  archive.number(body.child);
  archive.flag(body.heartbeat);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, ExecutionRedriven>& body) {
  archive.number(body.redrive_count);
  archive.optional(body.timeout_at, [&](auto& at) { archive.time(at, frame.time); });
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, ExecutionForked>& body) {
  archive.optional(body.input, [&](auto& input) { archive.value(input); });
  archive.number(body.target);
  archive.optional(body.timeout_at, [&](auto& at) { archive.time(at, frame.time); });
}

template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, DistributedMapStarted>& body) {
  archive.value(body.items, frame.trace.payload);
  archive.number(body.length);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, MapRunStarted>& body) {
  archive.text(body.arn);
  archive.value(body.settings);
}
template <class Archive>
void fields(Archive& archive, EventFrame& frame, Of<Archive, MapRunEnded>& body) {
  task_reference(archive, frame, body.map_run);
  archive.enumeration(body.end);
  fields(archive, body.fault);
  archive.value(body.result);
}
template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, MapRunRedriven>& body) {
  archive.text(body.arn);
  archive.number(body.redrive_count);
}

template <class Archive>
void fields(Archive& archive, EventFrame&, Of<Archive, HaltChanged>& body) {
  archive.enumeration(body.change);
  archive.optional(body.fault, [&](auto& fault) { fields(archive, fault); });
}

}  // namespace pawl::machine
