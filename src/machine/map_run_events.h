// The events of a Distributed Map and of its Map Run; see event.h.
#pragma once

#include <cstdint>
#include <string>

#include "json/value.h"
#include "machine/fault.h"

namespace pawl::machine {

// MapStateStarted of a Distributed Map; items of an ItemReader are not known yet.
struct DistributedMapStarted {
  json::Value items;
  std::int64_t length = 0;
};
// MapRunStarted: this event's id is the run's. For `settings` see map_run_settings.h.
struct MapRunStarted {
  std::string arn;
  json::Value settings;
};
enum class MapRunEnd : std::uint8_t { kSucceeded = 1, kFailed = 2, kAborted = 3 };
struct MapRunEnded {
  EventId map_run;
  MapRunEnd end;
  Fault fault;         // of kFailed
  json::Value result;  // of kSucceeded: what the Map state's work comes to
};

// The run goes on with what has not succeeded of it; from here on this event's id is the run's.
struct MapRunRedriven {
  std::string arn;
  std::int32_t redrive_count;
};

}  // namespace pawl::machine
