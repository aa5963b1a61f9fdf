// What a Map Run comes to: its children's outputs as one array, or files of records in an object
// store (step-functions.md B6.10). Reads the children's rows; blocks.
#pragma once

#include "objects/object_store.h"
#include "runtime/map_run.h"
#include "runtime/rows.h"
#include "store/store.h"

namespace pawl::runtime {

struct MapResults {
  json::Value output;
  std::optional<machine::Fault> fault;  // instead of the output
  std::uint64_t written = 0;            // records, with a ResultWriter
  std::uint64_t ticket = 0;
};

struct MapResultsRequest {
  MapRunRecord record;
  machine::MapRunSettings settings;
  std::string state_name;
  std::size_t output_bytes_max = 0;
};

MapResults collect_map_results(const store::Store& store, Horizon horizon,
                               objects::ObjectStore* objects, const MapResultsRequest& request);

}  // namespace pawl::runtime
