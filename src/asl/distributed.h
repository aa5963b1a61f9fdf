// What only a Distributed Map has: where its items come from, how they are batched, and where its
// results go (reference/step-functions.md B6.8 to B6.10).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "asl/payload.h"

namespace pawl::asl {

struct ItemReader {
  enum class Source { kObject, kListing } source = Source::kObject;  // getObject, listObjectsV2
  std::optional<Template> arguments;                                 // Parameters, or Arguments
  // Absent: a listing itself.
  enum class InputType { kNone, kCsv, kJson, kJsonLines, kParquet, kManifest } input_type{};
  enum class ManifestType { kInventory, kAthena } manifest_type{};
  enum class Transformation { kNone, kLoadAndFlatten } transformation{};
  char csv_delimiter = ',';
  // CSVHeaders, where they are given; else the first row has them.
  std::optional<std::vector<std::string>> csv_headers;
  std::optional<NumberField> max_items;
  std::string items_pointer;  // RFC 6901; empty: the whole document
};

struct ItemBatcher {
  std::optional<NumberField> items_max;
  std::optional<NumberField> bytes_max;
  std::optional<Template> batch_input;
};

struct ResultWriter {
  bool writes = false;                // to the object store; else it only shapes the state's output
  std::optional<Template> arguments;  // Parameters, or Arguments
  enum class Transformation { kNone, kCompact, kFlatten } transformation = Transformation::kCompact;
  enum class OutputType { kJson, kJsonLines } output_type = OutputType::kJson;
};

}  // namespace pawl::asl
