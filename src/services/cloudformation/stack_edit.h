// One durable change of a stack: its record, its resources and its events in one batch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/cloudformation/records.h"

namespace pawl::cloudformation {

class StackEdit {
 public:
  // `stack` as it stands in `view`, or a new one.
  StackEdit(const View& view, StackRecord stack, WallMillis now)
      : view_(view), stack_(std::move(stack)), now_(now) {}

  const View& view() const { return view_; }
  StackRecord& stack() { return stack_; }
  WallMillis now() const { return now_; }

  // The stack's status, with its event.
  void set_status(std::string_view status, std::string_view reason = {});
  std::optional<ResourceRecord> resource(const std::string& logical_id) const;
  std::vector<ResourceRecord> resources() const;
  // Writes the resource as it is now, without an event.
  void put(const ResourceRecord& resource);
  // The same with its status, time and event.
  void put(ResourceRecord& resource, std::string_view status, std::string_view reason);
  void erase(const std::string& logical_id);
  // An event of a resource, whose record is written otherwise.
  void add_event(const ResourceRecord& resource);

  std::optional<OperationRecord> operation() const;
  void put(const OperationRecord& operation);
  void end_operation();

  void change(std::string_view table, std::string key, std::optional<std::string> record);
  // The stack's record last. Ends the edit.
  Changes finish();

  std::string token;  // ClientRequestToken of the events

 private:
  struct Event {
    std::string logical_id, physical_id, type, status, reason, properties;
  };
  void write_event(const Event& event);

  const View& view_;
  StackRecord stack_;
  const WallMillis now_;
  Changes changes_;
};

}  // namespace pawl::cloudformation
