// One execution environment: a process group behind the Runtime API, its log pipe, its deadline.
// Lives on the pool's loop thread; runs one invocation at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "functions/control_groups.h"
#include "functions/function_spec.h"
#include "functions/invocation.h"
#include "functions/log_lines.h"
#include "functions/log_store.h"
#include "functions/loop.h"
#include "functions/pool.h"
#include "functions/runtime_connection.h"
#include "functions/runtimes.h"
#include "functions/spawner.h"
#include "functions/user_ids.h"
#include "functions/world.h"

namespace pawl::functions {

// What all environments of a pool share.
struct EnvironmentSetting {
  Loop& loop;
  Spawner& spawner;
  LogStore& logs;
  const Clock& clock;
  Interpreters interpreters;
  std::string program;            // pawl-environment on disk
  std::string runtime_directory;  // the runtime clients on disk
  std::string tmp_root;           // for private temporary directories, without namespaces
  std::string node_modules;       // the SDKs for Node, or empty
  std::string python_modules;     // the same for Python
  IsolationLevel isolation = IsolationLevel::kProcess;
  World world;  // of every level but kProcess
  InterpreterInWorld node;
  InterpreterInWorld python;
  ControlGroups groups;
  UserIds* users = nullptr;  // of kUsers
  std::string endpoint_url;
  FindCredentials find_credentials;
};

// Why an environment ended before it asked for its first invocation.
struct StartFailure {
  std::string error_type;
  std::string message;
  std::string payload;  // the runtime's own error object, if it sent one
};

class Environment final : private RuntimeConnection::Owner {
 public:
  enum class State { kStarting, kIdle, kBusy, kReturned, kEnded };

  class Owner {
   public:
    virtual ~Owner() = default;
    // It has initialised itself; on_ready follows.
    virtual void on_started(Environment& environment) = 0;
    // Idle: it asks for an invocation.
    virtual void on_ready(Environment& environment) = 0;
    // No invocation will run here again. `failure` when it never became ready.
    virtual void on_ended(Environment& environment, std::optional<StartFailure> failure) = 0;
    // All its processes are gone; it may be destroyed, but not from here.
    virtual void on_gone(Environment& environment) = 0;
  };

  Environment(EnvironmentSetting& setting, SharedSpec spec, std::string id, Owner& owner);
  ~Environment() override;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  void start();
  // Idle only.
  void run(Invocation invocation, Done done);
  // Ended only: the invocation that it was started for fails as the start did.
  void fail_unstarted(Invocation invocation, Done done, const StartFailure& failure);
  // Kills everything in it. An invocation that runs gets `kStopped`.
  void stop();

  State state() const { return state_; }
  const FunctionSpec& spec() const { return *spec_; }
  MonotonicMicros idle_since() const { return idle_since_; }
  MonotonicMicros started() const { return started_; }
  double init_millis() const { return init_millis_; }
  // The last invocation's, for scheduling.
  double last_duration_millis() const { return last_duration_millis_; }

 private:
  struct Running {
    Invocation invocation;
    Done done;
    MonotonicMicros started = 0;
    std::string tail;  // of the log, when wanted
  };

  // RuntimeConnection::Owner
  void on_request(RuntimeConnection& connection, RuntimeRequest request) override;
  void on_closed(RuntimeConnection& connection) override;

  Result<void, std::string> open_descriptors(Program& program);
  bool open_listener();
  Program make_program();
  std::vector<std::string> make_command() const;
  Places places() const;
  bool in_world() const { return setting_.isolation != IsolationLevel::kProcess; }
  void add_world(std::vector<std::string>& arguments) const;
  const InterpreterInWorld* interpreter() const;
  bool is_own(const FileDescriptor& connection) const;
  void launch();
  // False when nobody waits to be accepted.
  bool accept_connection();
  void accept_all();
  void add_connection(FileDescriptor socket);
  void on_spawned(int pid);
  void watch_process(int pid);

  void on_next(RuntimeConnection& connection);
  void on_answer(RuntimeConnection& connection, RuntimeRequest request);
  void on_init_error(RuntimeConnection& connection, RuntimeRequest request);
  void on_control();
  void on_log();
  void on_deadline();
  void arm_deadline(MonotonicMicros due);
  void disarm_deadline();

  std::string invocation_head(const Invocation& invocation) const;
  void drain_log();
  void log(std::string_view line);
  void finish(InvocationResult result, std::string_view status);
  void log_report(const Running& running, const InvocationResult& result, std::string_view status);
  void hear_out();
  void fail_exit(int wait_status);
  // Ends the environment; what runs in it fails as given.
  void end(std::optional<StartFailure> failure);

  EnvironmentSetting& setting_;
  SharedSpec spec_;
  std::string id_;
  std::string log_stream_;
  Owner& owner_;
  LogFile& log_file_;
  LogLines lines_;
  State state_ = State::kStarting;

  int pid_ = 0;
  FileDescriptor process_;  // pidfd of pawl-environment
  FileDescriptor control_;
  FileDescriptor log_pipe_;
  FileDescriptor listener_;
  std::string runtime_api_;
  std::string tmp_directory_;
  std::optional<UserIds::Lease> user_;
  Credentials credentials_;
  std::vector<std::unique_ptr<RuntimeConnection>> connections_;
  RuntimeConnection* parked_ = nullptr;  // waits for an invocation

  std::optional<Running> running_;
  std::optional<Loop::Timer> deadline_;
  std::optional<StartFailure> start_failure_;
  std::string start_tail_;  // of the log, until the first invocation
  MonotonicMicros started_ = 0;
  MonotonicMicros idle_since_ = 0;
  double init_millis_ = 0;
  bool init_reported_ = false;
  double last_duration_millis_ = 0;
  std::int64_t memory_peak_kib_ = 0;
  bool over_memory_ = false;
  bool runtime_gone_ = false;
};

}  // namespace pawl::functions
