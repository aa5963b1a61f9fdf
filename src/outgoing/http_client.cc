// libcurl's multi interface on one thread.
#include "outgoing/http_client.h"

#include <curl/curl.h>

#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/ascii.h"
#include "base/ensure.h"

namespace pawl::outgoing {

namespace {

constexpr int kPollMillis = 1'000;
constexpr std::string_view kBlanks = " \t\r\n";

// A request under way, and what has come of its answer.
struct Exchange {
  Request request;
  HttpClient::Reply reply;
  std::size_t answer_bytes_max = 0;
  Answer answer = {};
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers = {nullptr, curl_slist_free_all};

  void add_header(const char* line) { headers.reset(curl_slist_append(headers.release(), line)); }
};

std::size_t take_body(const char* data, std::size_t size, std::size_t count, void* target) {
  auto& exchange = *static_cast<Exchange*>(target);
  const std::size_t bytes = size * count;
  if (exchange.answer.body.size() + bytes > exchange.answer_bytes_max) return 0;
  exchange.answer.body.append(data, bytes);
  return bytes;
}

std::size_t take_header(const char* data, std::size_t size, std::size_t count, void* target) {
  auto& exchange = *static_cast<Exchange*>(target);
  const std::string_view line(data, size * count);
  // The head of "100 Continue" comes first and does not count.
  if (line.starts_with("HTTP/")) exchange.answer.headers.clear();
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    exchange.answer.headers.emplace_back(lower_case(trimmed(line.substr(0, colon), kBlanks)),
                                         trimmed(line.substr(colon + 1), kBlanks));
  }
  return line.size();
}

// "host:80" of "http://host:80/path".
std::string authority_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  return url.substr(begin, url.find('/', begin) - begin);
}

Failure not_connected(const std::string& authority, const char* reason) {
  return {Failure::Kind::kUnreachable, "Connect to " + authority + " failed: " + reason};
}

Failure failure_of(CURL* handle, CURLcode code, const Exchange& exchange) {
  using Kind = Failure::Kind;
  const std::string authority = authority_of(exchange.request.url);
  long system_error = 0;
  curl_off_t connected_after = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &system_error);
  curl_easy_getinfo(handle, CURLINFO_CONNECT_TIME_T, &connected_after);
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return not_connected(authority, std::strerror(static_cast<int>(system_error)));
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Kind::kUnreachable,
              authority.substr(0, authority.rfind(':')) + ": Name or service not known"};
    case CURLE_OPERATION_TIMEDOUT:
      if (connected_after == 0) return not_connected(authority, "connect timed out");
      return {Kind::kTimedOut, "Read timed out"};
    case CURLE_WRITE_ERROR:
      return {Kind::kFailed,
              "The answer is longer than " + std::to_string(exchange.answer_bytes_max) + " bytes"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return {Kind::kUnreachable, curl_easy_strerror(code)};
    default:
      return {Kind::kFailed, curl_easy_strerror(code)};
  }
}

}  // namespace

std::string_view Answer::header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (field == name) return value;
  }
  return {};
}

class HttpClient::Loop {
 public:
  Loop(Limits limits, std::string ca_bundle)
      : limits_(limits), ca_bundle_(std::move(ca_bundle)), multi_(new_multi()) {
    ENSURE(multi_ != nullptr);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(limits_.connections_max));
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    for (const auto& [handle, exchange] : open_) {
      curl_multi_remove_handle(multi_, handle);
      curl_easy_cleanup(handle);
    }
    for (CURL* handle : idle_) curl_easy_cleanup(handle);
    curl_multi_cleanup(multi_);
  }

  void send(Request request, Reply reply) {
    auto exchange = std::make_unique<Exchange>(
        Exchange{std::move(request), std::move(reply), limits_.answer_bytes_max});
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() < limits_.waiting_max) waiting_.push_back(std::move(exchange));
    }
    if (exchange) {
      return exchange->reply(
          Err{Failure{Failure::Kind::kBusy, "Timeout waiting for connection from pool"}});
    }
    curl_multi_wakeup(multi_);
  }

 private:
  static CURLM* new_multi() {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return curl_multi_init();
  }

  void run() {
    while (begin_waiting()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      if (finish_done()) continue;  // a connection is free again
      curl_multi_poll(multi_, nullptr, 0, kPollMillis, nullptr);
    }
  }

  // False when it is time to end.
  bool begin_waiting() {
    std::vector<std::unique_ptr<Exchange>> begun;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
      while (!waiting_.empty() && open_.size() + begun.size() < limits_.connections_max) {
        begun.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    for (auto& exchange : begun) begin(std::move(exchange));
    return true;
  }

  void begin(std::unique_ptr<Exchange> exchange) {
    CURL* handle = idle_.empty() ? curl_easy_init() : idle_.back();
    ENSURE(handle != nullptr);
    if (!idle_.empty()) idle_.pop_back();
    set_options(handle, *exchange);
    open_.emplace(handle, std::move(exchange));
    curl_multi_add_handle(multi_, handle);
  }

  void set_options(CURL* handle, Exchange& exchange) const {
    const Request& request = exchange.request;
    for (const std::string& header : request.headers) exchange.add_header(header.c_str());
    // Bodies are sent at once: the other side has nothing to say before it has read them.
    exchange.add_header("Expect:");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, exchange.headers.get());
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    }
    // The answer to HEAD tells of a body that does not come.
    if (request.method == "HEAD") curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(limits_.connect_timeout.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    if (!ca_bundle_.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, ca_bundle_.c_str());
  }

  bool finish_done() {
    bool any = false;
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      any = true;
      finish(message->easy_handle, message->data.result);
    }
    return any;
  }

  void finish(CURL* handle, CURLcode code) {
    const auto found = open_.find(handle);
    const std::unique_ptr<Exchange> exchange = std::move(found->second);
    open_.erase(found);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    const Failure failure = failure_of(handle, code, *exchange);
    curl_multi_remove_handle(multi_, handle);
    curl_easy_reset(handle);
    idle_.push_back(handle);
    if (code != CURLE_OK) return exchange->reply(Err{failure});
    exchange->answer.status = static_cast<int>(status);
    exchange->reply(std::move(exchange->answer));
  }

  const Limits limits_;
  const std::string ca_bundle_;
  CURLM* const multi_;
  // The loop's own.
  std::map<CURL*, std::unique_ptr<Exchange>> open_;
  std::vector<CURL*> idle_;

  std::mutex mutex_;
  std::deque<std::unique_ptr<Exchange>> waiting_;  // guarded by mutex_
  bool stopping_ = false;                          // guarded by mutex_
  std::thread thread_;
};

HttpClient::HttpClient(Limits limits, std::string ca_bundle)
    : loop_(std::make_unique<Loop>(limits, std::move(ca_bundle))) {}

HttpClient::~HttpClient() = default;

void HttpClient::send(Request request, Reply reply) {
  loop_->send(std::move(request), std::move(reply));
}

}  // namespace pawl::outgoing
