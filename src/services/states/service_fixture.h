// The operations of Step Functions on a store in memory, with a real engine: for tests.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "json/writer.h"
#include "runtime/engine.h"
#include "services/states/service.h"
#include "store/sim_store.h"

namespace pawl::states {

class ServiceFixture : public testing::Test {
 protected:
  // Tasks wait until a test answers them.
  struct WaitingTasks final : runtime::TaskRunner {
    void run(runtime::TaskRequest request) override {
      const std::lock_guard lock(mutex);
      requests.push_back(std::move(request));
    }
    void cancel(const runtime::ExecutionId&, machine::EventId) override {}
    std::mutex mutex;
    std::vector<runtime::TaskRequest> requests;
  };
  // Draws one number for ever.
  struct FixedRng final : Rng {
    explicit FixedRng(std::uint64_t number) : number_(number) {}
    std::uint64_t next() override { return number_; }
    std::uint64_t number_;
  };

  ServiceFixture() {
    engine_ = std::make_unique<runtime::Engine>(
        runtime::Engine::Seams{
            .store = *store_,
            .clock = clock_,
            .make_rng = [] { return std::make_unique<SystemRng>(); },
            .tasks = tasks_,
            .definition = [this](const std::string& hash) { return directory_.definition(hash); },
            .activity_exists = [](std::string_view) { return true; }},
        runtime::Engine::Options{}, "key");
    service_ = std::make_unique<Service>(*engine_, catalog_, directory_, logs_, clock_,
                                         [this] { return random_.load(); });
    service_->add_to(operations_);
    engine_->run();
  }
  ~ServiceFixture() override { engine_->stop(); }

  // The answer's text, or "Code: message".
  std::string call(const std::string& operation, const std::string& input) {
    return call_service("states", operation, input);
  }
  std::string call_service(const std::string& service, const std::string& operation,
                           const std::string& input) {
    const runtime::Operation* found = operations_.find(service, operation);
    ENSURE(found != nullptr, operation);
    auto parsed = json::Value::parse(input);
    ENSURE(parsed.ok(), input);
    auto promise = std::make_shared<std::promise<std::string>>();
    (*found)({{}, *parsed, "request"}, [promise](const runtime::OperationResult& result) {
      promise->set_value(result.ok() ? std::string(result->text())
                                     : result.error().code + ": " + result.error().message);
    });
    return promise->get_future().get();
  }
  // A text member of a JSON text.
  static std::string member(const std::string& text, std::string_view name) {
    const auto parsed = json::Value::parse(text);
    if (!parsed.ok()) return "no JSON: " + text;
    const json::Node* node = parsed->root().find(name);
    if (node == nullptr) return "absent";
    return node->is_string() ? std::string(node->string()) : json::print(*node);
  }

  std::string create(const std::string& name, const std::string& definition,
                     const std::string& more = "") {
    std::string text;
    json::Writer(text).string(definition);
    return call("CreateStateMachine", R"({"name":")" + name + R"(","roleArn":")" + kRole +
                                          R"(","definition":)" + text + more + "}");
  }
  std::string update(const std::string& definition, const std::string& more = "") {
    std::string text;
    json::Writer(text).string(definition);
    return call("UpdateStateMachine",
                R"({"stateMachineArn":")" + kMachine + R"(","definition":)" + text + more + "}");
  }
  // Waits for the execution's end and answers its description.
  std::string end_of(const std::string& execution) {
    std::promise<void> closed;
    engine_->watch_end(
        runtime::id_of_execution(execution),
        [&closed](const std::optional<runtime::ExecutionView>&) { closed.set_value(); });
    closed.get_future().wait();
    return call("DescribeExecution", R"({"executionArn":")" + execution + R"("})");
  }

  static std::string pass(const std::string& comment) {
    return R"({"Comment":")" + comment +
           R"(","StartAt":"P","States":{"P":{"Type":"Pass","End":true}}})";
  }

  const std::string kRole = "arn:aws:iam::000000000000:role/r";
  const std::string kMachine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";

  std::atomic<std::uint64_t> random_ = 0;
  SystemClock clock_;
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make();
  runtime::Catalog catalog_{*store_};
  runtime::LogHorizons horizons_;
  runtime::Logs logs_{*store_, catalog_, clock_, horizons_};
  Directory directory_{catalog_};
  WaitingTasks tasks_;
  runtime::Operations operations_;
  std::unique_ptr<runtime::Engine> engine_;
  std::unique_ptr<Service> service_;
};

}  // namespace pawl::states
