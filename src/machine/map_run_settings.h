// What a Map Run needs to know, as its MapRunStarted event records it: every field of the Map state
// is evaluated by then. A durable format (docs/formats/events.md, "Settings of a Map Run"): members
// are added, never changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "asl/model.h"
#include "json/value.h"

namespace pawl::machine {

struct ReaderSettings {
  asl::ItemReader::Source source{};
  asl::ItemReader::InputType input_type{};
  asl::ItemReader::ManifestType manifest_type{};
  asl::ItemReader::Transformation transformation{};
  std::string bucket;
  std::string key;     // of getObject
  std::string prefix;  // of listObjectsV2
  char csv_delimiter = ',';
  std::optional<std::vector<std::string>> csv_headers;
  std::int64_t items_max = 0;  // 0: all; below: the run fails
  std::string items_pointer;
};

struct BatchSettings {
  std::int64_t items_max = 0;  // 0: no limit
  std::int64_t bytes_max = 0;
  std::optional<json::Value> input;  // BatchInput
};

struct WriterSettings {
  bool writes = false;
  asl::ResultWriter::Transformation transformation{};
  asl::ResultWriter::OutputType output_type{};
  std::string bucket;
  std::string prefix;
};

struct MapRunSettings {
  std::string state_pointer;  // of the Map state in its definition
  asl::MachineType execution_type{};
  std::int64_t concurrency = 0;  // 0: no limit of its own
  std::int64_t tolerated_failure_count = 0;
  bool has_tolerated_count = false;
  double tolerated_failure_percentage = 0;
  std::optional<ReaderSettings> reader;
  std::optional<BatchSettings> batches;
  std::optional<WriterSettings> writer;
};

json::Value to_json(const MapRunSettings& settings);
MapRunSettings map_run_settings(const json::Value& settings);

}  // namespace pawl::machine
