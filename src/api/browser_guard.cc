// Origin, Sec-Fetch-Site and Host.
#include "api/browser_guard.h"

#include <algorithm>

#include "base/ascii.h"

namespace pawl::api {

namespace {

// 127.0.0.0/8, spelled out.
bool is_loopback_ipv4(std::string_view host) {
  int octets = 0;
  int value = -1;
  int first = -1;
  for (std::size_t i = 0; i <= host.size(); ++i) {
    if (i < host.size() && host[i] >= '0' && host[i] <= '9') {
      value = std::max(value, 0) * 10 + (host[i] - '0');
      if (value > 255) return false;
    } else if ((i == host.size() || host[i] == '.') && value >= 0) {
      if (octets++ == 0) first = value;
      value = -1;
    } else {
      return false;
    }
  }
  return octets == 4 && first == 127;
}

std::string_view host_of(const HttpRequest& request, const Target& target) {
  return target.authority.empty() ? request.headers.value("host") : target.authority;
}

// Browsers name the page in every POST, so this one is none's. A GET may be one's own.
bool is_of_no_page(const HttpRequest& request) {
  return request.method == "POST" && !request.headers.has("origin") &&
         !request.headers.has("sec-fetch-site");
}

}  // namespace

std::string_view without_port(std::string_view authority) {
  if (!authority.empty() && authority.front() == '[') {
    const std::size_t end = authority.find(']');
    return end == std::string_view::npos ? authority : authority.substr(0, end + 1);
  }
  return authority.substr(0, authority.find(':'));
}

bool is_loopback_name(std::string_view host) {
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  constexpr std::string_view kSuffix = ".localhost";
  const bool below_localhost =
      host.size() > kSuffix.size() && host.substr(host.size() - kSuffix.size()) == kSuffix;
  return host == "localhost" || host == "[::1]" || below_localhost || is_loopback_ipv4(host);
}

BrowserGuard::BrowserGuard(std::vector<std::string> origins, std::vector<std::string> hosts,
                           HostCheck host_check)
    : origins_(std::move(origins)), hosts_(std::move(hosts)), host_check_(host_check) {
  for (std::string& host : hosts_) host = lower_case(host);
  // A page that is trusted may be this server's own under that name, by way of a proxy.
  for (const std::string& origin : origins_) {
    const std::size_t scheme = origin.find("://");
    if (scheme == std::string::npos) continue;
    hosts_.push_back(lower_case(without_port(std::string_view(origin).substr(scheme + 3))));
  }
}

bool BrowserGuard::is_allowed_origin(std::string_view origin) const {
  return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

bool BrowserGuard::is_allowed_host(std::string_view host) const {
  std::string name = lower_case(without_port(host));
  // SDKs put it before the host for StartSyncExecution and TestState.
  constexpr std::string_view kSyncPrefix = "sync-";
  if (name.substr(0, kSyncPrefix.size()) == kSyncPrefix) name.erase(0, kSyncPrefix.size());
  return is_loopback_name(name) || std::find(hosts_.begin(), hosts_.end(), name) != hosts_.end();
}

std::optional<std::string> BrowserGuard::host_refusal(const HttpRequest& request,
                                                      const Target& target) const {
  const std::string_view host = host_of(request, target);
  // A browser always sends Host; without it nothing could have been rebound.
  if (host_check_ == HostCheck::kNone || host.empty() || is_allowed_host(host) ||
      is_of_no_page(request)) {
    return std::nullopt;
  }
  return "Host '" + printable(host) +
         "' is not a name of this server; an origin of that name in --allowed-origins makes it one";
}

std::optional<std::string> BrowserGuard::refusal(const HttpRequest& request,
                                                 const Target& target) const {
  if (auto refused = host_refusal(request, target)) return refused;
  const std::string_view host = host_of(request, target);
  if (request.headers.has("origin")) {
    const std::string_view origin = request.headers.value("origin");
    const std::size_t scheme = origin.find("://");
    const bool same =
        scheme != std::string_view::npos && !host.empty() && origin.substr(scheme + 3) == host;
    if (!same && !is_allowed_origin(origin)) {
      return "Origin '" + printable(origin) + "' is not allowed to call this server";
    }
  } else if (request.headers.value("sec-fetch-site") == "cross-site") {
    return "Requests from other sites are not allowed";
  }
  return std::nullopt;
}

std::string_view BrowserGuard::allowed_origin(const HttpRequest& request) const {
  const std::string_view origin = request.headers.value("origin");
  return is_allowed_origin(origin) ? origin : std::string_view();
}

}  // namespace pawl::api
