// Closed-loop load on a Step Functions endpoint on loopback: one thread, one connection a run in
// flight, HTTP/1.1 keep-alive. Prints one JSON line.
//
//   pawl_load --port 4566 --machine ARN [--mode poll|start|sync] [--in-flight 64] [--seconds 10]
//             [--runs N] [--names PREFIX] [--pid SERVER_PID] [--row NAME]
//
// mode poll   a run counts when DescribeExecution says SUCCEEDED
// mode start  a run counts when StartExecution answers: a durable acknowledgement
// mode sync   a run counts when StartSyncExecution answers that it succeeded
// --runs      stops after N runs instead of after --seconds
// --names     the executions are called PREFIX1, PREFIX2, ... and get {"n": N} as input
// --pid       adds the server's CPU a run (its child processes apart) and its resident memory
//
// The generator's own CPU a run is reported beside, because both share the machine.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

enum class Mode { kPoll, kStart, kSync };

Mode parse_mode(std::string_view text) {
  if (text == "start") return Mode::kStart;
  return text == "sync" ? Mode::kSync : Mode::kPoll;
}

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::kPoll:
      return "poll";
    case Mode::kStart:
      return "start";
    case Mode::kSync:
      return "sync";
  }
  return "";
}

struct Options {
  int port = 4566;
  std::string machine;
  std::string row = "load";
  std::string names;
  Mode mode = Mode::kPoll;
  int in_flight = 64;
  double seconds = 10;
  std::uint64_t runs_max = UINT64_MAX;
  long pid = 0;
};

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "pawl_load: %s\n", why.c_str());
  std::exit(1);
}

Options parse_options(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < argc; i += 2) given[argv[i]] = argv[i + 1];
  Options options;
  for (const auto& [name, value] : given) {
    if (name == "--port")
      options.port = std::stoi(value);
    else if (name == "--machine")
      options.machine = value;
    else if (name == "--row")
      options.row = value;
    else if (name == "--names")
      options.names = value;
    else if (name == "--mode")
      options.mode = parse_mode(value);
    else if (name == "--in-flight")
      options.in_flight = std::stoi(value);
    else if (name == "--seconds")
      options.seconds = std::stod(value);
    else if (name == "--runs")
      options.runs_max = std::stoull(value);
    else if (name == "--pid")
      options.pid = std::stol(value);
    else
      die("unknown option " + name);
  }
  if (options.machine.empty()) die("--machine ARN is missing; the head of bench/load.cc says more");
  return options;
}

std::string request(std::string_view operation, std::string_view body) {
  std::string text = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  text += "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AWSStepFunctions.";
  text.append(operation);
  text +=
      "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request,"
      " SignedHeaders=host, Signature=0\r\nContent-Length: ";
  text += std::to_string(body.size());
  text += "\r\n\r\n";
  return text.append(body);
}

// `input` as it stands in a JSON string; without a `name` the server gives one.
std::string start_of(const Options& options, const std::string& input, const std::string& name) {
  std::string body = "{\"stateMachineArn\":\"" + options.machine + "\",\"input\":\"" + input + '"';
  if (!name.empty()) body += ",\"name\":\"" + name + '"';
  const bool sync = options.mode == Mode::kSync;
  return request(sync ? "StartSyncExecution" : "StartExecution", body + '}');
}

// The text of member `name`; the answers asked for hold no escapes in these members.
std::string_view member(std::string_view body, std::string_view name) {
  const std::string quoted = '"' + std::string(name) + "\":\"";
  const std::size_t at = body.find(quoted);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = body.substr(at + quoted.size());
  return rest.substr(0, rest.find('"'));
}

struct Connection {
  int socket = -1;
  std::string in;
  std::string execution;  // being polled; empty: a start is on its way
  Clock::time_point began;
};

// When to ask next whether a run is done: somewhat before its like were done, then often enough
// that the latency seen is a few hundredths too long at most. Asking without pause would measure
// little but the asking.
class Polling {
 public:
  void saw(Clock::duration latency) {
    mean_ = mean_ == Clock::duration::zero() ? latency : mean_ + (latency - mean_) / 4;
  }
  Clock::time_point first(Clock::time_point began) const { return began + mean_ * 3 / 4; }
  static Clock::time_point next(Clock::time_point began) {
    const Clock::time_point now = Clock::now();
    return now + std::max<Clock::duration>(kShortest, (now - began) / 32);
  }

 private:
  static constexpr std::chrono::microseconds kShortest{100};
  Clock::duration mean_ = Clock::duration::zero();
};

class Load {
 public:
  explicit Load(const Options& options) : options_(options), start_(start_of(options, "{}", "")) {}

  void run() {
    epoll_ = epoll_create1(0);
    connections_.resize(static_cast<std::size_t>(options_.in_flight));
    for (std::size_t i = 0; i < connections_.size(); ++i) open(i);
    const double cpu_before = server_cpu_ms();
    const double own_before = own_cpu_ms();
    const Clock::time_point began = Clock::now();
    deadline_ = began + std::chrono::microseconds(static_cast<long>(options_.seconds * 1e6));
    for (Connection& connection : connections_) start(connection);
    while (busy_ > 0) wait();
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    report(seconds, server_cpu_ms() - cpu_before, own_cpu_ms() - own_before);
  }

 private:
  void open(std::size_t index) {
    Connection& connection = connections_[index];
    connection.socket = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(connection.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      die("nothing listens on 127.0.0.1:" + std::to_string(options_.port));
    }
    const int on = 1;
    setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
  }

  void send_text(Connection& connection, std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = send(connection.socket, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) die("the server closed a connection");
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void start(Connection& connection) {
    if (Clock::now() >= deadline_ || started_ >= options_.runs_max) return;
    ++started_;
    ++busy_;
    connection.execution.clear();
    connection.began = Clock::now();
    send_text(connection, options_.names.empty() ? start_ : numbered());
  }

  std::string numbered() const {
    const std::string number = std::to_string(started_);
    return start_of(options_, R"({\"n\": )" + number + "}", options_.names + number);
  }

  void wait() {
    timespec timeout{30, 0};
    if (!due_.empty()) {
      const auto left = std::max(Clock::duration::zero(), due_.begin()->first - Clock::now());
      timeout = {0, std::chrono::duration_cast<std::chrono::nanoseconds>(left).count()};
    }
    epoll_event events[64];
    const int count = epoll_pwait2(epoll_, events, 64, &timeout, nullptr);
    if (count == 0 && due_.empty()) die("no answer in 30 s");
    for (int i = 0; i < count; ++i) read(connections_[events[i].data.u64]);
    while (!due_.empty() && due_.begin()->first <= Clock::now()) {
      Connection& connection = *due_.begin()->second;
      due_.erase(due_.begin());
      ask(connection);
    }
  }

  void ask(Connection& connection) {
    send_text(connection,
              request("DescribeExecution", "{\"executionArn\":\"" + connection.execution + "\"}"));
  }

  void ask_at(Connection& connection, Clock::time_point when) {
    if (when <= Clock::now()) return ask(connection);
    due_.emplace(std::min(when, Clock::now() + std::chrono::milliseconds(500)), &connection);
  }

  void read(Connection& connection) {
    char buffer[16384];
    const ssize_t got = recv(connection.socket, buffer, sizeof buffer, 0);
    if (got <= 0) die("the server closed a connection");
    connection.in.append(buffer, static_cast<std::size_t>(got));
    const std::size_t head = connection.in.find("\r\n\r\n");
    if (head == std::string::npos) return;
    const std::size_t length = content_length(std::string_view(connection.in).substr(0, head));
    if (connection.in.size() < head + 4 + length) return;
    const bool success = std::string_view(connection.in).substr(9, 3) == "200";
    const std::string body = connection.in.substr(head + 4, length);
    connection.in.erase(0, head + 4 + length);
    answered(connection, success, body);
  }

  static std::size_t content_length(std::string_view head) {
    static constexpr std::string_view kName = "content-length:";
    for (std::size_t at = 0; at < head.size(); ++at) {
      if (head.size() - at < kName.size()) break;
      if (strncasecmp(head.data() + at, kName.data(), kName.size()) != 0) continue;
      at += kName.size();
      while (at < head.size() && head[at] == ' ') ++at;
      std::size_t length = 0;
      std::from_chars(head.data() + at, head.data() + head.size(), length);
      return length;
    }
    return 0;
  }

  void answered(Connection& connection, bool success, const std::string& body) {
    if (!success) {
      ++errors_;
      if (first_error_.empty()) first_error_ = body.substr(0, 200);
      return finish(connection, false);
    }
    if (connection.execution.empty() && options_.mode != Mode::kSync) {
      if (options_.mode == Mode::kStart) return finish(connection, true);
      connection.execution = member(body, "executionArn");
      ask_at(connection, polling_.first(connection.began));
    } else if (member(body, "status") != "RUNNING") {
      const bool succeeded = member(body, "status") == "SUCCEEDED";
      if (!succeeded && first_error_.empty()) first_error_ = body.substr(0, 200);
      if (!succeeded) ++errors_;
      return finish(connection, succeeded);
    } else {
      ask_at(connection, Polling::next(connection.began));
    }
  }

  void finish(Connection& connection, bool counts) {
    --busy_;
    if (counts) {
      const Clock::duration latency = Clock::now() - connection.began;
      polling_.saw(latency);
      latencies_.push_back(std::chrono::duration<float, std::milli>(latency).count());
    }
    if (errors_ < 50) start(connection);
  }

  double server_cpu_ms() const {
    if (options_.pid == 0) return 0;
    std::ifstream in("/proc/" + std::to_string(options_.pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(in)), {});
    text.erase(0, text.rfind(')') + 2);
    unsigned long user = 0;
    unsigned long system = 0;
    std::sscanf(text.c_str(), "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                &system);
    return static_cast<double>(user + system) * 1000.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  static double own_cpu_ms() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto millis = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return millis(usage.ru_utime) + millis(usage.ru_stime);
  }

  long resident_mib() const {
    std::ifstream in("/proc/" + std::to_string(options_.pid) + "/status");
    std::string line;
    while (std::getline(in, line)) {
      if (line.starts_with("VmRSS:")) return std::strtol(line.c_str() + 6, nullptr, 10) / 1024;
    }
    return 0;
  }

  float quantile(double share) const {
    if (latencies_.empty()) return 0;
    const auto index = static_cast<std::size_t>(share * static_cast<double>(latencies_.size()));
    return latencies_[std::min(index, latencies_.size() - 1)];
  }

  void report(double seconds, double server_ms, double own_ms) {
    std::sort(latencies_.begin(), latencies_.end());
    const auto runs = static_cast<double>(std::max<std::size_t>(1, latencies_.size()));
    std::printf(
        "{\"row\":\"%s\",\"mode\":\"%s\",\"in_flight\":%d,\"seconds\":%.2f,\"runs\":%zu,"
        "\"runs_per_s\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"server_cpu_ms_per_run\":%.4f,"
        "\"generator_cpu_ms_per_run\":%.4f,\"resident_mib\":%ld,\"errors\":%d%s%s%s}\n",
        options_.row.c_str(), name_of(options_.mode).data(), options_.in_flight, seconds,
        latencies_.size(), runs / seconds, quantile(0.5), quantile(0.99), server_ms / runs,
        own_ms / runs, resident_mib(), errors_, first_error_.empty() ? "" : ",\"first_error\":'",
        first_error_.c_str(), first_error_.empty() ? "" : "'");
    if (errors_ > 0) std::exit(1);
  }

  Options options_;
  const std::string start_;
  int epoll_ = -1;
  Polling polling_;
  std::multimap<Clock::time_point, Connection*> due_;
  int busy_ = 0;
  int errors_ = 0;
  std::uint64_t started_ = 0;
  std::string first_error_;
  Clock::time_point deadline_;
  std::vector<Connection> connections_;
  std::vector<float> latencies_;
};

}  // namespace

int main(int argc, char** argv) {
  Load(parse_options(argc, argv)).run();
  return 0;
}
