// Nothing of a function outlives its environment, its timeout, the pool, or the server's death by
// SIGKILL: neither the runtime nor what it has started.
#include <dirent.h>
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>
#include <functional>
#include <thread>

#include "base/read_file.h"
#include "functions/function_fixture.h"

namespace pawl::functions {
namespace {

// How many living processes have `marker` in their command line.
int living(const std::string& marker) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto line = read_file(entry.path() / "cmdline");  // an error where it has just ended
    if (line.ok() && line->find(marker) != std::string::npos) ++count;
  }
  return count;
}

// Whether `met` comes to hold of how many are living. (In the middle of an exec a process has no
// command line.)
bool becomes(const std::string& marker, const std::function<bool(int)>& met) {
  for (int i = 0; i < 1000; ++i) {
    if (met(living(marker))) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

bool all_end(const std::string& marker) {
  return becomes(marker, [](int living) { return living == 0; });
}
bool some_live(const std::string& marker) {
  return becomes(marker, [](int living) { return living > 0; });
}

class DeathTest : public FunctionFixture, public ::testing::WithParamInterface<Isolation> {
 public:
  DeathTest() { options_.isolation = GetParam(); }

  // Leaves two processes behind: one in its group, one in a session of its own, reparented.
  SharedSpec spreading_function(const std::string& then) {
    auto spec = python(
        "import os, subprocess, time\n"
        "def handler(e, c):\n"
        "  subprocess.Popen(['sleep', '" +
        marker_ +
        "'])\n"
        "  subprocess.Popen(['sh', '-c', 'setsid sleep " +
        marker_ + " & exit']).wait()\n" + then);
    spec->timeout_seconds = 20;
    return spec;
  }

  // A time to sleep that nothing else on this machine sleeps.
  const std::string marker_ =
      "98" + std::to_string(getpid()) + std::to_string(time(nullptr) % 10'000);
};

TEST_P(DeathTest, OfTheRuntime) {
  const auto spec = spreading_function("  os._exit(1)\n");
  EXPECT_THAT(invoke(spec).payload, ::testing::HasSubstr("exit status 1"));
  EXPECT_TRUE(all_end(marker_));
}

TEST_P(DeathTest, OfTheEnvironment) {
  const auto spec = spreading_function("  return 1\n");
  EXPECT_EQ(invoke(spec).payload, "1");
  // What it started goes on between invocations.
  EXPECT_TRUE(becomes(marker_, [](int living) { return living >= 2; }));
  pool().retire(spec->identity);
  EXPECT_TRUE(all_end(marker_));
}

TEST_P(DeathTest, OfThePool) {
  const auto spec = spreading_function("  time.sleep(60)\n");
  auto result = invoke_later(spec, "{}");
  EXPECT_TRUE(some_live(marker_));
  close_pool();
  EXPECT_EQ(living(marker_), 0);
  EXPECT_EQ(result.get().kind, InvocationResult::Kind::kStopped);
}

TEST_P(DeathTest, ByTimeout) {
  auto spec = std::make_shared<FunctionSpec>(*spreading_function("  time.sleep(60)\n"));
  spec->timeout_seconds = 3;
  EXPECT_THAT(invoke(spec).payload, ::testing::HasSubstr("Sandbox.Timedout"));
  EXPECT_TRUE(all_end(marker_));
}

TEST_P(DeathTest, OfTheServerBySigkill) {
  const auto spec = spreading_function("  time.sleep(60)\n");
  const pid_t server = fork();
  ASSERT_GE(server, 0);
  if (server == 0) {
    auto result = invoke_later(spec, "{}");
    result.wait();
    _exit(0);
  }
  EXPECT_TRUE(some_live(marker_));
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  EXPECT_TRUE(all_end(marker_));
  EXPECT_TRUE(all_end(spec->code_directory));  // the supervisors' command lines
}

INSTANTIATE_TEST_SUITE_P(Isolations, DeathTest,
                         ::testing::Values(Isolation::kAuto, Isolation::kProcess),
                         [](const auto& parameter) {
                           return parameter.param == Isolation::kAuto ? "Best" : "Session";
                         });

}  // namespace
}  // namespace pawl::functions
