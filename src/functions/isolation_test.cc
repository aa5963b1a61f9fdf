// What one function cannot do to another, to the server, or to the machine (decision 21).
#include <gmock/gmock.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <set>
#include <thread>

#include "functions/function_fixture.h"
#include "functions/user_ids.h"

namespace pawl::functions {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// From now on this thread, and whatever it starts, may not set the host's name.
bool forbid_host_name() {
  sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sethostname, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{std::size(instructions), instructions};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

class IsolationTest : public FunctionFixture {
 public:
  // Whether there is anything to test, said once where there is not.
  bool has(IsolationLevel least) {
    if (pool().isolation() >= least) return true;
    std::puts("this machine or user does not allow such isolation, not run");
    return false;
  }
};

TEST_F(IsolationTest, TheWorldHoldsNothingOfOthers) {
  if (!has(IsolationLevel::kUserNamespace)) return;
  const auto other = python("def handler(e, c): pass");
  std::ofstream(directory_ + "/secret") << "secret";
  const auto spec = python(
      "import os\n"
      "def handler(paths, c):\n"
      "  seen = [path for path in paths if os.path.lexists(path)]\n"
      "  for root, folders, files in os.walk('/'):\n"
      "    folders[:] = [f for f in folders if os.path.join(root, f) not in ('/proc', '/usr')]\n"
      "    seen += [os.path.join(root, name) for name in files if name in ('secret', 'shadow')]\n"
      "  return seen\n");
  const std::string paths = "[\"" + directory_ + "\",\"" + other->code_directory + "\",\"" +
                            options_.directory + "\",\"/etc/shadow\",\"/etc/machine-id\"]";
  EXPECT_EQ(invoke(spec, paths).payload, "[]");
}

TEST_F(IsolationTest, OtherProcessesAreNotSeen) {
  if (!has(IsolationLevel::kUserNamespace)) return;
  auto other = python("import time\ndef handler(e, c):\n  time.sleep(e)\n  return 'slept'");
  other->environment = {{"SECRET", "marker-of-another"}};
  auto sleeping = invoke_later(other, "2");
  const auto spec = python(
      "import ctypes, glob, os\n"
      "def handler(e, c):\n"
      "  found, processes = [], 0\n"
      "  for path in glob.glob('/proc/[0-9]*'):\n"
      "    processes += 1\n"
      "    for name in ('environ', 'cmdline', 'maps'):\n"
      "      try: text = open(path + '/' + name, 'rb').read()\n"
      "      except OSError: continue\n"
      "      if b'marker-of' + b'-another' in text: found.append(path)\n"
      "  libc = ctypes.CDLL(None, use_errno=True)\n"
      "  denied = []\n"
      "  for call in (lambda: libc.ptrace(16, 1, 0, 0), lambda: libc.unshare(0x10000000),\n"
      "               lambda: libc.process_vm_readv(1, None, 0, None, 0, 0),\n"
      "               lambda: libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)):\n"
      "    denied.append(call() == -1 and ctypes.get_errno() == 1)\n"
      "  try: os.kill(1, 9)\n"
      "  except PermissionError: pass\n"
      "  return [found, processes <= 3, denied]\n");
  EXPECT_EQ(invoke(spec).payload, "[[], true, [true, true, true, true]]");
  EXPECT_EQ(sleeping.get().payload, R"("slept")");
}

TEST_F(IsolationTest, NothingOfTheServersRightsIsLeft) {
  const auto spec = python(
      "import os\n"
      "def handler(e, c):\n"
      "  lines = dict(line.split(':\\t', 1) for line in open('/proc/self/status') if ':\\t' in "
      "line)\n"
      "  return [int(lines[n], 16) for n in ('CapEff', 'CapPrm', 'CapBnd')] + [\n"
      "      lines['NoNewPrivs'].strip(), lines['Seccomp'].strip()]\n");
  EXPECT_EQ(invoke(spec).payload, R"([0, 0, 0, "1", "2"])");
}

TEST_F(IsolationTest, EachEnvironmentIsAnotherUser) {
  if (!has(IsolationLevel::kUsers)) return;
  const std::string source =
      "import os, time\n"
      "def handler(e, c):\n  time.sleep(0.2)\n  return os.getresuid() + os.getresgid()\n";
  const auto first = python(source);
  const auto second = python(source);
  auto one = invoke_later(first, "{}");
  auto two = invoke_later(second, "{}");
  const auto ids = json::Value::parse(one.get().payload);
  const auto others = json::Value::parse(two.get().payload);
  ASSERT_TRUE(ids.ok() && others.ok());
  const std::string id = std::string(ids->root().at(0).number_text());
  EXPECT_GE(std::stoi(id), 61'184);
  EXPECT_LE(std::stoi(id), 65'519);
  for (const json::Node& each : ids->root()) EXPECT_EQ(each.number_text(), id);
  EXPECT_NE(others->root().at(0).number_text(), id);
}

TEST_F(IsolationTest, OnlyTmpIsWritable) {
  if (!has(IsolationLevel::kUserNamespace)) return;
  auto spec = python(
      "import os\n"
      "def handler(e, c):\n"
      "  wrote = []\n"
      "  for folder, _, _ in os.walk('/', followlinks=False):\n"
      "    if folder.startswith(('/proc', '/usr/share', '/usr/lib/')): continue\n"
      "    try:\n"
      "      open(folder + '/new', 'w').close()\n"
      "      wrote.append(folder)\n"
      "    except OSError: pass\n"
      "  return wrote\n");
  spec->timeout_seconds = 30;
  EXPECT_EQ(invoke(spec).payload, R"(["/tmp"])");
}

TEST_F(IsolationTest, DiskIsBounded) {
  if (!has(IsolationLevel::kUserNamespace)) return;
  auto spec = python(
      "def handler(e, c):\n"
      "  written, files = 0, 0\n"
      "  try:\n"
      "    while files < 100:\n"
      "      with open('/tmp/%d' % files, 'wb', 0) as file:\n"
      "        files += 1\n"
      "        for i in range(4): written += file.write(b'x' * 262144)\n"
      "  except OSError as error: return [written >> 20, error.strerror]\n");
  spec->tmp_mb = 16;
  EXPECT_EQ(invoke(spec).payload, R"([16, "No space left on device"])");
  auto large = python(
      "import signal\n"
      "def handler(e, c):\n"
      "  signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
      "  try: open('/tmp/one', 'wb', 0).truncate(17 << 20)\n"
      "  except OSError as error: return error.strerror\n");
  large->tmp_mb = 16;
  EXPECT_EQ(invoke(large).payload, R"("File too large")");
}

TEST_F(IsolationTest, ProcessesAreBounded) {
  if (!has(IsolationLevel::kUserNamespace)) return;
  auto bomb = python(
      "import os, time\n"
      "def handler(e, c):\n"
      "  for count in range(3000):\n"
      "    try: pid = os.fork()\n"
      "    except OSError: return count\n"
      "    if pid == 0: time.sleep(60)\n");
  bomb->memory_mb = 10'240;  // not what ends it
  bomb->timeout_seconds = 50;
  const InvocationResult result = invoke(bomb);
  ASSERT_EQ(result.kind, InvocationResult::Kind::kSucceeded) << result.payload;
  EXPECT_NE(result.payload, "null");
  EXPECT_LE(std::stoi(result.payload), 1'024);
  EXPECT_EQ(invoke(python("def handler(e, c):\n  return 'fine'")).payload, R"("fine")");
  pool().retire(bomb->identity);
}

TEST_F(IsolationTest, MemoryOfManyProcessesIsBounded) {
  auto spec = python(
      "import os, time\n"
      "def handler(e, c):\n"
      "  for i in range(8):\n"
      "    if os.fork() == 0:\n"
      "      x = bytearray(50 << 20)\n"
      "      time.sleep(20)\n"
      "  time.sleep(20)\n");
  const InvocationResult result = invoke(spec, "{}", LogTail::kWanted);
  EXPECT_THAT(result.payload, HasSubstr("signal: killed"));
}

TEST_F(IsolationTest, NobodyElseSpeaksToTheRuntimeApi) {
  if (!has(IsolationLevel::kUsers)) return;
  const auto victim =
      python("import os\ndef handler(e, c):\n  return os.environ['AWS_LAMBDA_RUNTIME_API']\n");
  const std::string address = invoke(victim).payload;
  const auto thief = python(
      "import http.client\n"
      "def handler(address, c):\n"
      "  connection = http.client.HTTPConnection(address, timeout=2)\n"
      "  try:\n"
      "    connection.request('GET', '/2018-06-01/runtime/invocation/next')\n"
      "    return connection.getresponse().status\n"
      "  except (OSError, http.client.HTTPException) as error: return 'refused'\n");
  EXPECT_EQ(invoke(thief, address).payload, R"("refused")");
}

// systemd's ProtectHostname= forbids it, and so do containers.
TEST_F(IsolationTest, NeedsNoRightToSetTheHostsName) {
  if (!has(IsolationLevel::kUserNamespace)) return;
  const IsolationLevel usual = pool().isolation();
  close_pool();
  std::thread([this, usual] {
    ASSERT_TRUE(forbid_host_name());
    EXPECT_EQ(pool().isolation(), usual);
    EXPECT_EQ(invoke(node("exports.handler = async () => 'runs'")).payload, R"("runs")");
    close_pool();
  }).join();
}

TEST_F(IsolationTest, IsAsMuchAsAskedFor) {
  options_.isolation = Isolation::kProcess;
  EXPECT_EQ(pool().isolation(), IsolationLevel::kProcess);
  EXPECT_EQ(invoke(node("exports.handler = async () => 'still runs'")).payload, R"("still runs")");
}

TEST(UserIds, BeginAtTheHashAndGoOnToTheNextFreeOne) {
  char name[] = "/tmp/pawl-users-XXXXXX";
  ASSERT_NE(::mkdtemp(name), nullptr);
  UserIds ids(name);
  UserIds of_another_server(name);
  std::set<std::uint32_t> taken;
  std::vector<UserIds::Lease> leases;
  const std::uint32_t first = ids.take("a function")->id();  // given back at once
  for (int i = 0; i < 20; ++i) {
    UserIds& from = i % 2 == 0 ? ids : of_another_server;
    auto lease = from.take("a function");
    ASSERT_TRUE(lease.has_value());
    EXPECT_GE(lease->id(), kUserIdFirst);
    EXPECT_LE(lease->id(), kUserIdLast);
    EXPECT_TRUE(taken.insert(lease->id()).second);
    leases.push_back(std::move(*lease));
  }
  EXPECT_TRUE(taken.contains(first));
  leases.clear();
  EXPECT_EQ(ids.take("a function")->id(), first);
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace pawl::functions
