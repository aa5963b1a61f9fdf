// ItemReader, ItemBatcher and ResultWriter of a Distributed Map (reference/step-functions.md B6.8
// to B6.10): their shape is checked with the definition, their templates are compiled in use.
#include "asl/query_fields.h"
#include "asl/template.h"
#include "asl/walk.h"

namespace pawl::asl {
namespace {

using enum Languages;

constexpr FieldRule kReaderFields[] = {
    {"Resource"}, {"Parameters", kJsonPath}, {"Arguments", kJsonata}, {"ReaderConfig"}};
constexpr FieldRule kReaderConfigFields[] = {
    {"InputType"},         {"ManifestType"}, {"Transformation"}, {"CSVDelimiter"},
    {"CSVHeaderLocation"}, {"CSVHeaders"},   {"MaxItems"},       {"MaxItemsPath", kJsonPath},
    {"ItemsPointer"}};
// What a file of JSON values has: no columns, so nothing about headers.
constexpr FieldRule kJsonReaderConfigFields[] = {{"InputType"},
                                                 {"ManifestType"},
                                                 {"Transformation"},
                                                 {"MaxItems"},
                                                 {"MaxItemsPath", kJsonPath},
                                                 {"ItemsPointer"}};
constexpr FieldRule kBatcherFields[] = {{"MaxItemsPerBatch"},
                                        {"MaxItemsPerBatchPath", kJsonPath},
                                        {"MaxInputBytesPerBatch"},
                                        {"MaxInputBytesPerBatchPath", kJsonPath},
                                        {"BatchInput"}};
constexpr FieldRule kWriterFields[] = {
    {"Resource"}, {"Parameters", kJsonPath}, {"Arguments", kJsonata}, {"WriterConfig"}};
constexpr FieldRule kWriterConfigFields[] = {{"Transformation"}, {"OutputType"}};

constexpr std::int64_t kMaxItemsMax = 100'000'000;
constexpr std::int64_t kBatchBytesMax = 262'144;

// `arn:<partition>:states:::s3:<action>` with one of the actions.
void check_resource(const Fields& fields, std::initializer_list<std::string_view> actions) {
  const std::optional<std::string> arn = fields.string("Resource");
  if (!arn) return;
  for (const std::string_view action : actions) {
    if (arn->starts_with("arn:") && arn->ends_with(std::string(":states:::s3:").append(action))) {
      return;
    }
  }
  fields.diagnostics().rule(fields.place_of("Resource"),
                            "The field 'Resource' does not match any of the allowed values");
}

// Parameters or Arguments, of which the shape leaves the query language's own.
void check_request(const Fields& fields) {
  template_field(fields, "Parameters");
  template_field(fields, "Arguments");
}

// Headers stand in the first row or are given; a CSV reader must say which.
void check_csv(const Fields& config) {
  const json::Node* type = config.find("InputType");
  const bool csv = type != nullptr && type->is_string() && type->string() == "CSV";
  if (csv && !config.has("CSVHeaderLocation")) {
    config.diagnostics().rule(config.place(), "The field 'CSVHeaderLocation' is required");
  }
  if (config.one_of("CSVHeaderLocation", {"FIRST_ROW", "GIVEN"}) == 1) {
    config.require({"CSVHeaders"});
  }
  config.one_of("CSVDelimiter", {"COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"});
  const json::Node* headers = config.array("CSVHeaders");
  if (headers == nullptr) return;
  const Place place = config.place_of("CSVHeaders");
  for (std::size_t i = 0; i < headers->size(); ++i) {
    if (!headers->at(i).is_string()) {
      report_wrong_type(config.diagnostics(), place.element(i), "[STRING]");
    }
  }
}

void check_reader_config(const Walk& walk, const Fields& reader, const Place& state) {
  const json::Node* node = reader.object("ReaderConfig");
  if (node == nullptr) return;
  const Place place = reader.place_of("ReaderConfig");
  const json::Node* type = node->find("InputType");
  const bool json = type != nullptr && type->is_string() && type->string().starts_with("JSON");
  const Fields config(walk.diagnostics, *node, place,
                      {json ? std::span<const FieldRule>(kJsonReaderConfigFields)
                            : std::span<const FieldRule>(kReaderConfigFields),
                       reader.language()},
                      state);
  config.one_of("InputType", {"CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"});
  config.one_of("ManifestType", {"ATHENA_DATA", "S3_INVENTORY"});
  config.one_of("Transformation", {"NONE", "LOAD_AND_FLATTEN"});
  config.string("ItemsPointer");
  check_csv(config);
  config.at_most_one_of({"MaxItems", "MaxItemsPath"});
  // Zero means all. What a path or JSONata answers is checked at run time.
  integer_field(config, "MaxItems", "MaxItemsPath", {0, kMaxItemsMax});
}

}  // namespace

void check_item_reader(const Walk& walk, const Fields& map) {
  const json::Node* node = map.object("ItemReader");
  if (node == nullptr) return;
  const Place place = map.place_of("ItemReader");
  const Fields reader(walk.diagnostics, *node, place, {kReaderFields, map.language()}, map.place());
  reader.require({"Resource"});
  check_resource(reader, {"getObject", "listObjectsV2"});
  check_request(reader);
  check_reader_config(walk, reader, map.place());
}

void check_item_batcher(const Walk& walk, const Fields& map) {
  const json::Node* node = map.object("ItemBatcher");
  if (node == nullptr) return;
  const Place place = map.place_of("ItemBatcher");
  const Fields batcher(walk.diagnostics, *node, place, {kBatcherFields, map.language()},
                       map.place());
  batcher.at_most_one_of({"MaxItemsPerBatch", "MaxItemsPerBatchPath"});
  integer_field(batcher, "MaxItemsPerBatch", "MaxItemsPerBatchPath", {.min = 1});
  batcher.at_most_one_of({"MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"});
  integer_field(batcher, "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", {1, kBatchBytesMax});
  template_field(batcher, "BatchInput");
}

void check_result_writer(const Walk& walk, const Fields& map) {
  const json::Node* node = map.object("ResultWriter");
  if (node == nullptr) return;
  const Place place = map.place_of("ResultWriter");
  const Fields writer(walk.diagnostics, *node, place, {kWriterFields, map.language()}, map.place());
  check_resource(writer, {"putObject"});
  check_request(writer);
  const json::Node* config_node = writer.object("WriterConfig");
  if (config_node == nullptr) return;
  const Place config_place = writer.place_of("WriterConfig");
  const Fields config(walk.diagnostics, *config_node, config_place, {kWriterConfigFields});
  config.one_of("Transformation", {"NONE", "COMPACT", "FLATTEN"});
  config.one_of("OutputType", {"JSON", "JSONL"});
}

}  // namespace pawl::asl
