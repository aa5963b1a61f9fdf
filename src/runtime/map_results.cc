#include "runtime/map_results.h"

#include "json/writer.h"
#include "machine/timestamps.h"
#include "runtime/children_summaries.h"
#include "runtime/read_view.h"

namespace pawl::runtime {

namespace {

using asl::ResultWriter;
using machine::Fault;
using machine::Status;

constexpr std::size_t kChunkBytes = 1u << 20;

Fault writer_failed(const objects::ObjectError& error) {
  return {.error = "States.ResultWriterFailed", .cause = error.message};
}

std::string_view name_of(Status status) {
  switch (status) {
    case Status::kSucceeded:
      return "SUCCEEDED";
    case Status::kTimedOut:
      return "TIMED_OUT";
    case Status::kAborted:
      return "ABORTED";
    case Status::kFailed:
      return "FAILED";
    case Status::kNotStarted:
    case Status::kRunning:
      break;
  }
  return "RUNNING";
}

void write_data(json::Writer& out, std::string_view name, const json::Value& data) {
  out.key(name).string(data.text());
  out.key(std::string(name) + "Details").begin_object().key("Included").boolean(true).end_object();
}

// The child as DescribeExecution shows it, in the service's names for files.
std::string record_of_child(const ExecutionView& view) {
  const Summary& summary = view.summary;
  const bool succeeded = summary.status == Status::kSucceeded;
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (view.fault.cause) out.key("Cause").string(*view.fault.cause);
  if (view.fault.error) out.key("Error").string(*view.fault.error);
  out.key("ExecutionArn").string(summary.names.execution_arn());
  write_data(out, "Input", view.input);
  out.key("Name").string(summary.names.execution);
  if (succeeded) write_data(out, "Output", view.output);
  out.key("RedriveCount").integer(summary.redrive_count);
  if (summary.redrive_time != 0) {
    out.key("RedriveDate").string(machine::print_timestamp(summary.redrive_time));
  }
  out.key("RedriveStatus").string(succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN");
  if (succeeded) {
    out.key("RedriveStatusReason").string("Execution is SUCCEEDED and cannot be redriven");
  }
  out.key("StartDate").string(machine::print_timestamp(summary.start_time));
  out.key("StateMachineArn").string(summary.names.machine_arn());
  out.key("Status").string(name_of(summary.status));
  out.key("StopDate").string(machine::print_timestamp(summary.stop_time));
  out.end_object();
  return text;
}

// A list of JSON texts that grows: an array, or one text a line.
class List {
 public:
  explicit List(ResultWriter::OutputType type) : type_(type) {
    if (type_ == ResultWriter::OutputType::kJson) text_ = "[";
  }

  void add(std::string_view element) {
    if (!first_) text_ += type_ == ResultWriter::OutputType::kJson ? ',' : '\n';
    first_ = false;
    text_ += element;
  }
  std::string finish() {
    if (type_ == ResultWriter::OutputType::kJson) text_ += ']';
    return take();
  }
  std::string take() { return std::exchange(text_, {}); }
  std::size_t bytes() const { return text_.size(); }

 private:
  const ResultWriter::OutputType type_;
  std::string text_;
  bool first_ = true;
};

// What the list gets of a child.
void add_child(List& list, const ExecutionView& view, ResultWriter::Transformation shape) {
  if (shape == ResultWriter::Transformation::kNone) return list.add(record_of_child(view));
  if (shape == ResultWriter::Transformation::kFlatten && view.output.root().is_array()) {
    for (const json::Node& element : view.output.root()) list.add(json::print(element));
  } else {
    list.add(view.output.text());
  }
}

// One of the files SUCCEEDED_0.json and FAILED_0.json; it appears with its first record.
class ResultFile {
 public:
  ResultFile(objects::ObjectStore& store, std::string bucket, std::string key,
             ResultWriter::OutputType type)
      : store_(store), bucket_(std::move(bucket)), key_(std::move(key)), list_(type) {}

  Result<void, objects::ObjectError> add(const ExecutionView& view,
                                         ResultWriter::Transformation shape) {
    if (!writer_) writer_ = TRY(store_.create(bucket_, key_));
    add_child(list_, view, shape);
    if (list_.bytes() >= kChunkBytes) return writer_->append(list_.take());
    return {};
  }
  Result<void, objects::ObjectError> finish(json::Writer& manifest) {
    if (!writer_) return {};
    TRY(writer_->append(list_.finish()));
    const objects::ObjectInfo info = TRY(writer_->finish());
    manifest.begin_object().key("Key").string(info.key);
    manifest.key("Size").integer(static_cast<std::int64_t>(info.size)).end_object();
    return {};
  }

 private:
  objects::ObjectStore& store_;
  const std::string bucket_;
  const std::string key_;
  List list_;
  std::unique_ptr<objects::ObjectWriter> writer_;
};

class Collector {
 public:
  Collector(const store::Store& store, Horizon horizon, const MapResultsRequest& request)
      : store_(store), request_(request), summaries_(store, request.record.arn, horizon) {}

  MapResults as_output() {
    const auto shape = request_.settings.writer ? request_.settings.writer->transformation
                                                : ResultWriter::Transformation::kCompact;
    List list(ResultWriter::OutputType::kJson);
    for (std::int64_t child = 0; child < request_.record.children_total; ++child) {
      const auto view = view_of(child);
      if (!view || view->summary.status != Status::kSucceeded) continue;
      add_child(list, *view, shape);
      if (list.bytes() > request_.output_bytes_max) {
        return {.output = {},
                .fault = Fault{.error = "States.DataLimitExceeded",
                               .cause = "The state/task '" + request_.state_name +
                                        "' returned a result with a size exceeding the maximum "
                                        "number of bytes service limit."},
                .written = 0};
      }
    }
    return {.output = json::Value::trusted(list.finish()), .fault = {}, .written = 0};
  }

  Result<MapResults, objects::ObjectError> as_files(objects::ObjectStore& objects) {
    const machine::WriterSettings& writer = *request_.settings.writer;
    const std::string& arn = request_.record.arn;
    std::string folder =
        writer.prefix.empty() || writer.prefix.ends_with('/') ? writer.prefix : writer.prefix + "/";
    folder += arn.substr(arn.rfind(':') + 1) + "/";
    const bool lines = writer.output_type == ResultWriter::OutputType::kJsonLines;
    const std::string suffix = lines ? "_0.jsonl" : "_0.json";
    ResultFile succeeded(objects, writer.bucket, folder + "SUCCEEDED" + suffix, writer.output_type);
    ResultFile failed(objects, writer.bucket, folder + "FAILED" + suffix, writer.output_type);
    MapResults results;
    for (std::int64_t child = 0; child < request_.record.children_total; ++child) {
      const auto view = view_of(child);
      if (!view) continue;
      const bool good = view->summary.status == Status::kSucceeded;
      // A failed child has no output: its record is all there is.
      TRY((good ? succeeded : failed)
              .add(*view, good ? writer.transformation : ResultWriter::Transformation::kNone));
      ++results.written;
    }
    std::string text;
    json::Writer manifest(text);
    manifest.begin_object().key("DestinationBucket").string(writer.bucket);
    manifest.key("MapRunArn").string(arn).key("ResultFiles").begin_object();
    manifest.key("FAILED").begin_array();
    TRY(failed.finish(manifest));
    manifest.end_array().key("PENDING").begin_array().end_array().key("SUCCEEDED").begin_array();
    TRY(succeeded.finish(manifest));
    manifest.end_array().end_object().end_object();
    const std::string key = folder + "manifest.json";
    const auto file = TRY(objects.create(writer.bucket, key));
    TRY(file->append(text));
    TRY(file->finish());
    results.output = details(key);
    return results;
  }

 private:
  std::optional<ExecutionView> view_of(std::int64_t child) {
    const std::int32_t generation =
        generation_of_child(store_, request_.record, request_.settings, child);
    const ExecutionNames names =
        names_of_child(request_.record, request_.settings, child, generation);
    const ExecutionId id = id_of_execution(names.execution_arn());
    auto summary = summaries_.of(id);
    if (!summary) return std::nullopt;
    return runtime::view_of(store_, std::move(*summary), id);
  }

  json::Value details(const std::string& key) const {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("MapRunArn").string(request_.record.arn);
    out.key("ResultWriterDetails").begin_object();
    out.key("Bucket").string(request_.settings.writer->bucket).key("Key").string(key);
    out.end_object().end_object();
    return json::Value::trusted(std::move(text));
  }

  const store::Store& store_;
  const MapResultsRequest& request_;
  ChildrenSummaries summaries_;
};

}  // namespace

MapResults collect_map_results(const store::Store& store, Horizon horizon,
                               objects::ObjectStore* objects, const MapResultsRequest& request) {
  Collector collector(store, horizon, request);
  if (!request.settings.writer || !request.settings.writer->writes) return collector.as_output();
  if (objects == nullptr) {
    return {.output = {},
            .fault = writer_failed({.message = "There is no object store."}),
            .written = 0};
  }
  auto files = collector.as_files(*objects);
  if (files.ok()) return std::move(files).value();
  return {.output = {}, .fault = writer_failed(files.error()), .written = 0};
}

}  // namespace pawl::runtime
