// ItemReader, ItemBatcher and ResultWriter of a Distributed Map (reference/step-functions.md B6.8
// to B6.10).
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

// Which of the actions `arn:<partition>:states:::s3:<action>` names.
std::optional<std::size_t> resource_of(const Fields& fields,
                                       std::initializer_list<std::string_view> actions) {
  const std::optional<std::string> arn = fields.string("Resource");
  if (!arn) return std::nullopt;
  std::size_t index = 0;
  for (const std::string_view action : actions) {
    if (arn->starts_with("arn:") && arn->ends_with(std::string(":states:::s3:").append(action))) {
      return index;
    }
    ++index;
  }
  fields.diagnostics().rule(fields.place_of("Resource"),
                            "The field 'Resource' does not match any of the allowed values");
  return std::nullopt;
}

// Parameters or Arguments, of which the shape leaves the query language's own.
std::optional<Template> request_of(const Fields& fields) {
  auto parameters = template_field(fields, "Parameters");
  return parameters ? std::move(parameters) : template_field(fields, "Arguments");
}

std::vector<std::string> header_names(const Fields& config, json::Node headers) {
  std::vector<std::string> names;
  const Place place = config.place_of("CSVHeaders");
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (headers.at(i).is_string()) {
      names.emplace_back(headers.at(i).string());
    } else {
      report_wrong_type(config.diagnostics(), place.element(i), "[STRING]");
    }
  }
  return names;
}

// Headers stand in the first row or are given; a CSV reader must say which.
void parse_csv(const Fields& config, ItemReader& reader) {
  constexpr char kDelimiters[] = {',', '|', ';', ' ', '\t'};
  if (reader.input_type == ItemReader::InputType::kCsv && !config.has("CSVHeaderLocation")) {
    config.diagnostics().rule(config.place(), "The field 'CSVHeaderLocation' is required");
  }
  const bool given = config.one_of("CSVHeaderLocation", {"FIRST_ROW", "GIVEN"}) == 1;
  if (given) config.require({"CSVHeaders"});
  const auto delimiter =
      config.one_of("CSVDelimiter", {"COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"});
  reader.csv_delimiter = kDelimiters[delimiter.value_or(0)];
  const json::Node* headers = config.array("CSVHeaders");
  if (headers == nullptr) return;
  auto names = header_names(config, *headers);
  if (given) reader.csv_headers = std::move(names);
}

ItemReader::InputType input_type_of(const Fields& config) {
  using enum ItemReader::InputType;
  constexpr ItemReader::InputType kTypes[] = {kCsv, kJson, kJsonLines, kParquet, kManifest};
  const auto type = config.one_of("InputType", {"CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"});
  return type ? kTypes[*type] : kNone;
}

void parse_reader_config(const Walk& walk, const Fields& fields, const Place& state,
                         ItemReader& reader) {
  const json::Node* node = fields.object("ReaderConfig");
  if (node == nullptr) return;
  const Place place = fields.place_of("ReaderConfig");
  const json::Node* type = node->find("InputType");
  const bool json = type != nullptr && type->is_string() && type->string().starts_with("JSON");
  const Fields config(walk.diagnostics, *node, place,
                      {json ? std::span<const FieldRule>(kJsonReaderConfigFields)
                            : std::span<const FieldRule>(kReaderConfigFields),
                       fields.language()},
                      state);
  reader.input_type = input_type_of(config);
  if (config.one_of("ManifestType", {"ATHENA_DATA", "S3_INVENTORY"}) == 0) {
    reader.manifest_type = ItemReader::ManifestType::kAthena;
  }
  if (config.one_of("Transformation", {"NONE", "LOAD_AND_FLATTEN"}) == 1) {
    reader.transformation = ItemReader::Transformation::kLoadAndFlatten;
  }
  reader.items_pointer = config.string("ItemsPointer").value_or("");
  parse_csv(config, reader);
  config.at_most_one_of({"MaxItems", "MaxItemsPath"});
  // Zero means all. What a path or JSONata answers is checked at run time.
  reader.max_items = integer_field(config, "MaxItems", "MaxItemsPath", {0, kMaxItemsMax});
}

}  // namespace

std::optional<ItemReader> parse_item_reader(const Walk& walk, const Fields& map) {
  const json::Node* node = map.object("ItemReader");
  if (node == nullptr) return std::nullopt;
  const Place place = map.place_of("ItemReader");
  const Fields fields(walk.diagnostics, *node, place, {kReaderFields, map.language()}, map.place());
  ItemReader reader;
  fields.require({"Resource"});
  if (resource_of(fields, {"getObject", "listObjectsV2"}) == 1) {
    reader.source = ItemReader::Source::kListing;
  }
  reader.arguments = request_of(fields);
  parse_reader_config(walk, fields, map.place(), reader);
  return reader;
}

std::optional<ItemBatcher> parse_item_batcher(const Walk& walk, const Fields& map) {
  const json::Node* node = map.object("ItemBatcher");
  if (node == nullptr) return std::nullopt;
  const Place place = map.place_of("ItemBatcher");
  const Fields fields(walk.diagnostics, *node, place, {kBatcherFields, map.language()},
                      map.place());
  ItemBatcher batcher;
  fields.at_most_one_of({"MaxItemsPerBatch", "MaxItemsPerBatchPath"});
  batcher.items_max = integer_field(fields, "MaxItemsPerBatch", "MaxItemsPerBatchPath", {.min = 1});
  fields.at_most_one_of({"MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"});
  batcher.bytes_max = integer_field(fields, "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath",
                                    {1, kBatchBytesMax});
  batcher.batch_input = template_field(fields, "BatchInput");
  return batcher;
}

std::optional<ResultWriter> parse_result_writer(const Walk& walk, const Fields& map) {
  const json::Node* node = map.object("ResultWriter");
  if (node == nullptr) return std::nullopt;
  const Place place = map.place_of("ResultWriter");
  const Fields fields(walk.diagnostics, *node, place, {kWriterFields, map.language()}, map.place());
  ResultWriter writer;
  resource_of(fields, {"putObject"});
  writer.arguments = request_of(fields);
  writer.writes = fields.has("Resource") && writer.arguments.has_value();
  if (writer.writes) writer.transformation = ResultWriter::Transformation::kNone;
  const json::Node* config_node = fields.object("WriterConfig");
  if (config_node == nullptr) return writer;
  const Place config_place = fields.place_of("WriterConfig");
  const Fields config(walk.diagnostics, *config_node, config_place, {kWriterConfigFields});
  if (const auto shape = config.one_of("Transformation", {"NONE", "COMPACT", "FLATTEN"})) {
    writer.transformation = static_cast<ResultWriter::Transformation>(*shape);
  }
  if (config.one_of("OutputType", {"JSON", "JSONL"}) == 1) {
    writer.output_type = ResultWriter::OutputType::kJsonLines;
  }
  return writer;
}

}  // namespace pawl::asl
