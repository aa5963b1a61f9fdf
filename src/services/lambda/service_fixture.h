// The service on a simulated store, with real processes and buckets of strings beside it.
#pragma once

#include <gtest/gtest.h>
#include <zip.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/base64.h"
#include "services/lambda/fields.h"
#include "services/lambda/service.h"
#include "store/sim_store.h"
#include "store/test_directory.h"

namespace pawl::lambda {

inline std::string zip_of(const std::string& path, const std::string& text) {
  zip_error_t error;
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
  const auto index = static_cast<zip_uint64_t>(zip_file_add(archive, path.c_str(), source, 0));
  zip_file_set_mtime(archive, index, 1'700'000'000, 0);
  ENSURE(zip_close(archive) == 0);
  zip_stat_t stat;
  zip_source_stat(target, &stat);
  std::string bytes(stat.size, '\0');
  zip_source_open(target);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}
inline std::string zip_base64(const std::string& path, const std::string& text) {
  return encode_base64(zip_of(path, text));
}

// Buckets of strings, read in pieces.
class FakeObjects {
 public:
  void put(const std::string& bucket, const std::string& key, std::string bytes) {
    objects_[bucket + "/" + key] = std::move(bytes);
  }
  void add_to(runtime::Operations& operations) {
    operations.add_streamed("s3", "GetObject",
                            [this](const runtime::Call& call, const runtime::RequestBody&,
                                   const runtime::StreamedReply& reply) { get(call, reply); });
  }

 private:
  class Source final : public runtime::BodySource {
   public:
    explicit Source(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    void read(std::size_t count, Done done) override {
      std::string piece = bytes_.substr(at_, std::min<std::size_t>(count, 1'000));
      at_ += piece.size();
      done(std::move(piece));
    }

   private:
    std::string bytes_;
    std::size_t at_ = 0;
  };

  void get(const runtime::Call& call, const runtime::StreamedReply& reply) {
    const json::Node input = call.input.root();
    std::string name =
        text_member(input, "Bucket").value_or("") + "/" + text_member(input, "Key").value_or("");
    if (const auto version = text_member(input, "VersionId")) name += "#" + *version;
    const auto found = objects_.find(name);
    if (found == objects_.end()) {
      return reply(Err{ServiceError{"NoSuchKey", "The specified key does not exist.", 404, {}}});
    }
    reply(runtime::StreamedOutput{json::Value::trusted("{}"),
                                  {{}, std::make_shared<Source>(found->second)}});
  }

  std::map<std::string, std::string> objects_;
};

class ServiceTest : public ::testing::Test {
 public:
  ServiceTest() {
    objects_.add_to(others_);
    open();
  }
  ~ServiceTest() override { close(); }

  void open() {
    catalog_ = std::make_unique<runtime::Catalog>(*store_);
    ServiceOptions options;
    options.pool.directory = directory_.path() + "/functions";
    options.events.retry_delays_ms = {20, 40};
    options.packages = packages_;
    options.pool.isolation = isolation_;
    options.others = &others_;
    auto opened = Service::open(std::move(options), *catalog_, clock_);
    ENSURE(opened.ok(), opened.error());
    service_ = std::move(opened).value();
    service_->run();
    operations_ = std::make_unique<runtime::Operations>();
    service_->add_to(*operations_);
  }
  void close() {
    service_.reset();
    catalog_.reset();
  }
  void restart() {
    close();
    open();
  }

  // The answer's text, or "Code: message (status)".
  std::string call(const std::string& operation, const std::string& input) {
    const runtime::Operation* found = operations_->find("lambda", operation);
    ENSURE(found != nullptr, operation);
    auto promise = std::make_shared<std::promise<std::string>>();
    auto parsed = json::Value::parse(input);
    ENSURE(parsed.ok(), input);
    (*found)({{}, *parsed, "request-" + std::to_string(++calls_)},
             [promise](runtime::OperationResult result) {
               promise->set_value(result.ok()
                                      ? std::string(result->text())
                                      : result.error().code + ": " + result.error().message + " (" +
                                            std::to_string(result.error().http_status) + ")");
             });
    auto answer = promise->get_future();
    ENSURE(answer.wait_for(std::chrono::seconds(60)) == std::future_status::ready, operation);
    return answer.get();
  }
  std::string field(const std::string& answer, const char* name) {
    const auto parsed = json::Value::parse(answer);
    if (!parsed.ok()) return "(no JSON) " + answer;
    const json::Node* found = parsed->root().find(name);
    if (found == nullptr) return "(absent)";
    return found->is_string() ? std::string(found->string()) : json::print(*found);
  }
  std::string create(const std::string& name, const std::string& source,
                     const std::string& more = "") {
    return call("CreateFunction",
                R"({"FunctionName":")" + name +
                    R"(","Runtime":"python3.12","Role":"arn:aws:iam::000000000000:role/r",)"
                    R"("Handler":"handler.handler","Code":{"ZipFile":")" +
                    zip_base64("handler.py", source) + R"("})" + more + "}");
  }
  std::string invoke(const std::string& name, const std::string& more = "") {
    return call("Invoke", R"({"FunctionName":")" + name + R"(")" + more + "}");
  }
  // Functions find the machine's own files from now on.
  void see_the_machine() {
    isolation_ = functions::Isolation::kProcess;
    restart();
  }
  // Until no event waits, or for ten seconds.
  bool events_end() {
    for (int i = 0; i < 1000; ++i) {
      if (service_->events().waiting() == 0) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  store::TestDirectory directory_;
  functions::ArchiveLimits packages_;
  functions::Isolation isolation_ = functions::Isolation::kAuto;
  FakeObjects objects_;
  runtime::Operations others_;  // what the service finds beside itself
  SystemClock clock_;
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make();
  std::unique_ptr<runtime::Catalog> catalog_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<runtime::Operations> operations_;
  int calls_ = 0;
};

inline constexpr const char* kEcho = "def handler(event, context):\n  return event\n";
inline const std::string kArn = "arn:aws:lambda:us-east-1:000000000000:function:";

}  // namespace pawl::lambda
