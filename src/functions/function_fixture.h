// A pool on a throw-away directory, and functions written in the test itself.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "functions/pool.h"

namespace pawl::functions {

class FunctionFixture : public ::testing::Test {
 public:
  FunctionFixture() {
    set_log_level(LogLevel::kError);
    std::string name = (std::filesystem::temp_directory_path() / "pawl-functions-XXXXXX").string();
    ENSURE(::mkdtemp(name.data()) != nullptr, name);
    directory_ = name;
    options_.directory = directory_ + "/functions";
  }
  ~FunctionFixture() override {
    pool_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  Pool& pool() {
    if (!pool_) {
      auto opened = Pool::open(options_, clock_);
      ENSURE(opened.ok(), opened.error().message);
      pool_ = std::move(opened).value();
    }
    return *pool_;
  }

  void close_pool() { pool_.reset(); }

  // A function whose package holds these files (path, text).
  std::shared_ptr<FunctionSpec> function(
      const std::string& runtime, const std::string& handler,
      const std::vector<std::pair<std::string, std::string>>& files) {
    auto spec = std::make_shared<FunctionSpec>();
    ::chmod(directory_.c_str(), 0755);  // what is kept from a function is not kept by this
    spec->name = "f" + std::to_string(++made_);
    spec->arn = "arn:aws:lambda:us-east-1:000000000000:function:" + spec->name;
    spec->identity = spec->arn + ":1";
    spec->runtime = runtime;
    spec->handler = handler;
    spec->timeout_seconds = 30;  // for what hangs: no measure of how fast this machine is
    spec->log_group = "/aws/lambda/" + spec->name;
    spec->code_directory = directory_ + "/code/" + spec->name;
    for (const auto& [path, text] : files) {
      const std::filesystem::path file = spec->code_directory + "/" + path;
      std::filesystem::create_directories(file.parent_path());
      std::ofstream(file) << text;
      ::chmod(file.c_str(), 0755);
    }
    return spec;
  }
  std::shared_ptr<FunctionSpec> node(const std::string& text) {
    return function("nodejs20.x", "index.handler", {{"index.js", text}});
  }
  std::shared_ptr<FunctionSpec> python(const std::string& text) {
    return function("python3.12", "handler.handler", {{"handler.py", text}});
  }

  std::future<InvocationResult> invoke_later(const SharedSpec& spec, const std::string& payload,
                                             LogTail tail = LogTail::kNone) {
    auto promise = std::make_shared<std::promise<InvocationResult>>();
    Invocation invocation;
    invocation.request_id = "request-" + std::to_string(++requests_);
    invocation.payload = json::Value::trusted(payload);
    invocation.log_tail = tail;
    pool().invoke(spec, std::move(invocation),
                  [promise](InvocationResult result) { promise->set_value(std::move(result)); });
    return promise->get_future();
  }
  InvocationResult invoke(const SharedSpec& spec, const std::string& payload = "{}",
                          LogTail tail = LogTail::kNone) {
    auto later = invoke_later(spec, payload, tail);
    ENSURE(later.wait_for(std::chrono::seconds(60)) == std::future_status::ready, spec->name);
    return later.get();
  }

  std::string directory_;
  PoolOptions options_;

 private:
  SystemClock clock_;
  std::unique_ptr<Pool> pool_;
  int made_ = 0;
  int requests_ = 0;
};

}  // namespace pawl::functions
