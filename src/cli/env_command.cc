// `pawl env`: exports that point the AWS tools of a shell at the server. Keys that are already set
// are kept, because a server with --credentials knows only them.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <netdb.h>

#include <algorithm>

#include "cli/commands.h"

namespace pawl::cli {

namespace {

struct Variable {
  const char* name;
  std::string value;
  enum class Keep { kOld, kNew } keep;
};

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string posix_line(const Variable& variable) {
  if (variable.keep == Variable::Keep::kOld) {
    return fmt::format("export {0}=\"${{{0}:-{1}}}\"\n", variable.name, variable.value);
  }
  return fmt::format("export {}={}\n", variable.name, quoted(variable.value));
}

std::string fish_line(const Variable& variable) {
  const std::string set = fmt::format("set -gx {} {}", variable.name, quoted(variable.value));
  if (variable.keep == Variable::Keep::kOld) {
    return fmt::format("set -q {}; or {}\n", variable.name, set);
  }
  return set + "\n";
}

// "127.0.0.1" of "http://127.0.0.1:4566/x".
std::string host_of(const std::string& endpoint) {
  const std::size_t scheme = endpoint.find("://");
  std::string host = scheme == std::string::npos ? endpoint : endpoint.substr(scheme + 3);
  host.erase(std::min(host.find('/'), host.size()));
  if (!host.empty() && host.front() == '[') return host.substr(1, host.find(']') - 1);
  host.erase(std::min(host.find(':'), host.size()));
  return host;
}

// SDKs put `sync-` before the host for StartSyncExecution and TestState; no resolver knows the name
// that comes of it, so the hosts file has to.
int print_hosts_line(const Client& client) {
  const std::string host = host_of(client.endpoint);
  in_addr ipv4{};
  in6_addr ipv6{};
  const bool is_address = ::inet_pton(AF_INET, host.c_str(), &ipv4) == 1 ||
                          ::inet_pton(AF_INET6, host.c_str(), &ipv6) == 1;
  if (host == "127.0.0.1" || host == "localhost") {
    fmt::print("127.0.0.1 sync-127.0.0.1 sync-localhost\n");
  } else if (is_address) {
    fmt::print("{0} sync-{0}\n", host);
  } else {
    addrinfo* found = nullptr;
    char text[NI_MAXHOST] = "";
    if (::getaddrinfo(host.c_str(), nullptr, nullptr, &found) != 0) {
      fmt::print(stderr, "pawl env: no address is known for {}\n", host);
      return 1;
    }
    ::getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
    ::freeaddrinfo(found);
    fmt::print("{} sync-{}\n", text, host);
  }
  return 0;
}

}  // namespace

int run(const EnvOptions& options) {
  if (options.hosts) return print_hosts_line(options.client);
  using Keep = Variable::Keep;
  std::vector<Variable> variables = {
      {"AWS_ENDPOINT_URL", options.client.endpoint, Keep::kNew},
      {"AWS_REGION", options.client.region, Keep::kNew},
      {"AWS_DEFAULT_REGION", options.client.region, Keep::kNew},
      {"AWS_ACCESS_KEY_ID", "test", Keep::kOld},
      {"AWS_SECRET_ACCESS_KEY", "test", Keep::kOld},
  };
  if (!options.client.ca_bundle.empty()) {
    variables.push_back({"AWS_CA_BUNDLE", options.client.ca_bundle, Keep::kNew});
  }
  fmt::print("# AWS CLI before 2.13 does not read AWS_ENDPOINT_URL: aws --endpoint-url {}\n",
             options.client.endpoint);
  for (const Variable& variable : variables) {
    fmt::print("{}", options.shell == EnvOptions::Shell::kFish ? fish_line(variable)
                                                               : posix_line(variable));
  }
  return 0;
}

}  // namespace pawl::cli
