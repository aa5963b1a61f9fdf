#include "machine/map_run_settings.h"

#include "json/number.h"
#include "json/writer.h"

namespace pawl::machine {
namespace {

template <class Enumeration>
std::int64_t number_of(Enumeration value) {
  return static_cast<std::int64_t>(value);
}

void write(json::Writer& out, const ReaderSettings& reader) {
  out.key("reader").begin_object();
  out.key("source").integer(number_of(reader.source));
  out.key("inputType").integer(number_of(reader.input_type));
  out.key("manifestType").integer(number_of(reader.manifest_type));
  out.key("transformation").integer(number_of(reader.transformation));
  out.key("bucket").string(reader.bucket).key("key").string(reader.key);
  out.key("prefix").string(reader.prefix);
  out.key("delimiter").string(std::string(1, reader.csv_delimiter));
  if (reader.csv_headers) {
    out.key("headers").begin_array();
    for (const std::string& header : *reader.csv_headers) out.string(header);
    out.end_array();
  }
  out.key("maxItems").integer(reader.items_max);
  out.key("pointer").string(reader.items_pointer).end_object();
}

void write(json::Writer& out, const BatchSettings& batches) {
  out.key("batches").begin_object();
  out.key("items").integer(batches.items_max).key("bytes").integer(batches.bytes_max);
  if (batches.input) out.key("input").raw(batches.input->text());
  out.end_object();
}

void write(json::Writer& out, const WriterSettings& writer) {
  out.key("writer").begin_object();
  out.key("writes").boolean(writer.writes);
  out.key("transformation").integer(number_of(writer.transformation));
  out.key("outputType").integer(number_of(writer.output_type));
  out.key("bucket").string(writer.bucket).key("prefix").string(writer.prefix).end_object();
}

// Reads members that are there in every settings object of this build; what an older one lacks is
// zero or empty.
class Members {
 public:
  explicit Members(json::Node object) : object_(object) {}

  std::int64_t integer(std::string_view name) const {
    const json::Node* value = object_.find(name);
    if (value == nullptr || !value->is_number()) return 0;
    return json::to_int64(value->number_text()).value_or(0);
  }
  template <class Enumeration>
  Enumeration enumeration(std::string_view name) const {
    return static_cast<Enumeration>(integer(name));
  }
  double real(std::string_view name) const {
    const json::Node* value = object_.find(name);
    return value != nullptr && value->is_number() ? json::to_double(value->number_text()) : 0;
  }
  bool flag(std::string_view name) const {
    const json::Node* value = object_.find(name);
    return value != nullptr && value->is_boolean() && value->boolean();
  }
  std::string text(std::string_view name) const {
    const json::Node* value = object_.find(name);
    return value != nullptr && value->is_string() ? std::string(value->string()) : std::string();
  }
  const json::Node* find(std::string_view name) const { return object_.find(name); }

 private:
  json::Node object_;
};

ReaderSettings read_reader(json::Node object) {
  const Members members(object);
  ReaderSettings reader;
  reader.source = members.enumeration<asl::ItemReader::Source>("source");
  reader.input_type = members.enumeration<asl::ItemReader::InputType>("inputType");
  reader.manifest_type = members.enumeration<asl::ItemReader::ManifestType>("manifestType");
  reader.transformation = members.enumeration<asl::ItemReader::Transformation>("transformation");
  reader.bucket = members.text("bucket");
  reader.key = members.text("key");
  reader.prefix = members.text("prefix");
  const std::string delimiter = members.text("delimiter");
  if (!delimiter.empty()) reader.csv_delimiter = delimiter.front();
  if (const json::Node* headers = members.find("headers")) {
    reader.csv_headers.emplace();
    for (const json::Node& header : *headers) reader.csv_headers->emplace_back(header.string());
  }
  reader.items_max = members.integer("maxItems");
  reader.items_pointer = members.text("pointer");
  return reader;
}

BatchSettings read_batches(json::Node object) {
  const Members members(object);
  BatchSettings batches;
  batches.items_max = members.integer("items");
  batches.bytes_max = members.integer("bytes");
  if (const json::Node* input = members.find("input")) batches.input = json::Value::of(*input);
  return batches;
}

WriterSettings read_writer(json::Node object) {
  const Members members(object);
  WriterSettings writer;
  writer.writes = members.flag("writes");
  writer.transformation = members.enumeration<asl::ResultWriter::Transformation>("transformation");
  writer.output_type = members.enumeration<asl::ResultWriter::OutputType>("outputType");
  writer.bucket = members.text("bucket");
  writer.prefix = members.text("prefix");
  return writer;
}

}  // namespace

json::Value to_json(const MapRunSettings& settings) {
  std::string text;
  json::Writer out(text);
  json::Arena arena;
  out.begin_object().key("state").string(settings.state_pointer);
  out.key("express").boolean(settings.execution_type == asl::MachineType::kExpress);
  out.key("concurrency").integer(settings.concurrency);
  if (settings.has_tolerated_count) {
    out.key("toleratedFailureCount").integer(settings.tolerated_failure_count);
  }
  out.key("toleratedFailurePercentage");
  out.raw(arena.real(settings.tolerated_failure_percentage).number_text());
  if (settings.reader) write(out, *settings.reader);
  if (settings.batches) write(out, *settings.batches);
  if (settings.writer) write(out, *settings.writer);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

MapRunSettings map_run_settings(const json::Value& value) {
  const Members members(value.root());
  MapRunSettings settings;
  settings.state_pointer = members.text("state");
  if (members.flag("express")) settings.execution_type = asl::MachineType::kExpress;
  settings.concurrency = members.integer("concurrency");
  settings.has_tolerated_count = members.find("toleratedFailureCount") != nullptr;
  settings.tolerated_failure_count = members.integer("toleratedFailureCount");
  settings.tolerated_failure_percentage = members.real("toleratedFailurePercentage");
  if (const json::Node* reader = members.find("reader")) settings.reader = read_reader(*reader);
  if (const json::Node* batches = members.find("batches")) {
    settings.batches = read_batches(*batches);
  }
  if (const json::Node* writer = members.find("writer")) settings.writer = read_writer(*writer);
  return settings;
}

}  // namespace pawl::machine
