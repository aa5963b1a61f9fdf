// What keeps web pages out (decision D20). A browser on this machine can reach a loopback port: a
// page may neither call the API across origins nor rebind its own name to our address.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http_message.h"
#include "api/url.h"

namespace pawl::api {

class BrowserGuard {
 public:
  // `hosts` are the names that Host may have besides the loopback ones and those of `origins`.
  // HostCheck::kNone where signatures are verified: they guard the server under any name.
  enum class HostCheck { kLoopback, kNone };
  BrowserGuard(std::vector<std::string> origins, std::vector<std::string> hosts,
               HostCheck host_check);

  // Why the request is refused for the name that it calls this server by, or nothing. What no page
  // can have sent, as the POST of every SDK, may use any name.
  std::optional<std::string> host_refusal(const HttpRequest& request, const Target& target) const;

  // Why the request is refused, or nothing.
  std::optional<std::string> refusal(const HttpRequest& request, const Target& target) const;

  // The request's Origin when it is one allowed by name: it gets CORS fields. Else empty.
  std::string_view allowed_origin(const HttpRequest& request) const;

 private:
  bool is_allowed_host(std::string_view host) const;
  bool is_allowed_origin(std::string_view origin) const;

  std::vector<std::string> origins_;
  std::vector<std::string> hosts_;
  HostCheck host_check_;
};

// "localhost", "127.0.0.1", "[::1]", "name.localhost"; without port.
bool is_loopback_name(std::string_view host);

// "example.com:8080" -> "example.com"; "[::1]:80" -> "[::1]".
std::string_view without_port(std::string_view authority);

}  // namespace pawl::api
