#include "services/cloudformation/template_url.h"

#include "base/hex.h"

namespace pawl::cloudformation {

namespace {

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                         hex_digit(text[i + 2]) >= 0;
    if (escaped) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::optional<ObjectPlace> place_of(std::string_view bucket, std::string_view key) {
  if (bucket.empty() || key.empty()) return std::nullopt;
  return ObjectPlace{std::string(bucket), percent_decoded(key)};
}

}  // namespace

std::optional<ObjectPlace> parse_object_url(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return std::nullopt;
  const std::string_view scheme = url.substr(0, scheme_end);
  url.remove_prefix(scheme_end + 3);
  url = url.substr(0, url.find('?'));
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view host = url.substr(0, slash);
  const std::string_view path = url.substr(slash + 1);
  if (scheme == "s3") return place_of(host, path);
  if (scheme != "http" && scheme != "https") return std::nullopt;
  const std::size_t virtual_host = host.find(".s3");
  const bool has_bucket = virtual_host != std::string_view::npos && virtual_host > 0 &&
                          virtual_host + 3 < host.size() &&
                          (host[virtual_host + 3] == '.' || host[virtual_host + 3] == '-');
  if (has_bucket) return place_of(host.substr(0, virtual_host), path);
  const std::size_t second = path.find('/');
  if (second == std::string_view::npos) return std::nullopt;
  return place_of(path.substr(0, second), path.substr(second + 1));
}

}  // namespace pawl::cloudformation
