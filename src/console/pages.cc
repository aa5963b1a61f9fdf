#include "console/pages.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ensure.h"

namespace pawl::console {

namespace {

constexpr std::string_view kRoot = "/_pawl/";
constexpr std::string_view kAssets = "assets/";
constexpr std::string_view kIndex = "index.html";
constexpr std::size_t kFileBytesMax = 32u << 20;

// The first words of the addresses that the page draws (console/src/router.ts).
constexpr std::array kPlaces = {
    std::string_view("machines"),     std::string_view("executions"), std::string_view("functions"),
    std::string_view("activities"),   std::string_view("map-runs"),   std::string_view("stacks"),
    std::string_view("buckets"),      std::string_view("pipelines"),  std::string_view("compare"),
    std::string_view("repositories"), std::string_view("settings")};

// Only what this server has built runs, and it talks to this server alone. Text of users becomes
// text: no string becomes script or markup (Trusted Types), no style comes from outside a file.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

std::string_view content_type_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kTypes = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".woff2", "font/woff2"},
      {".png", "image/png"},
      {".json", "application/json"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

void add_guards(api::HttpResponse& response) {
  response.headers.emplace_back("Content-Security-Policy", kPolicy);
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

bool is_place(std::string_view rest) {
  const std::string_view first = rest.substr(0, rest.find('/'));
  return rest.empty() || std::find(kPlaces.begin(), kPlaces.end(), first) != kPlaces.end();
}

// "gzip;q=0" is a client of its own kind: it gets the plain bytes, as one that says nothing.
bool takes_gzip(const api::HttpRequest& request) {
  const std::string_view accepted = request.headers.value("accept-encoding");
  const std::size_t place = accepted.find("gzip");
  return place != std::string_view::npos && accepted.substr(place, 8) != "gzip;q=0";
}

// A browser that was given an address, not a program.
bool wants_page(const api::HttpRequest& request) {
  return request.headers.value("accept").find("text/html") != std::string_view::npos;
}

bool has_it(const api::HttpRequest& request, std::string_view tag) {
  return request.headers.value("if-none-match").find(tag) != std::string_view::npos;
}

api::HttpResponse redirect() {
  api::HttpResponse response;
  response.status = 308;
  response.content_type = "";
  response.headers.emplace_back("Location", kRoot);
  return response;
}

}  // namespace

Pages::Pages(std::string_view pack) {
  auto read = AssetPack::read(pack);
  ENSURE(read.ok(), read.ok() ? "" : read.error());
  pack_ = std::move(read).value();
}

std::optional<api::HttpResponse> Pages::answer(const api::HttpRequest& request,
                                               std::string_view path) const {
  if (pack_.empty()) return std::nullopt;
  if (path == "/_pawl") return redirect();
  if (!path.starts_with(kRoot)) return std::nullopt;
  std::string_view rest = path.substr(kRoot.size());
  const bool is_file = rest.starts_with(kAssets);
  const bool is_known = is_file || is_place(rest);
  if (!is_known && !wants_page(request)) return std::nullopt;
  if (!is_file) rest = kIndex;
  const Asset* asset = pack_.find(rest);
  if (asset == nullptr) return std::nullopt;

  api::HttpResponse response;
  add_guards(response);
  if (!is_known) response.status = 404;  // the page says so in its own words
  const std::string tag = "\"" + std::string(asset->digest) + "\"";
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Vary", "Accept-Encoding");
  // A file's name tells its content; the page says which files it needs now.
  response.headers.emplace_back("Cache-Control",
                                is_file ? "public, max-age=31536000, immutable" : "no-cache");
  if (is_known && has_it(request, tag)) {
    response.status = 304;
    return response;
  }
  response.content_type = content_type_of(rest);
  if (takes_gzip(request)) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = std::string(asset->gzip);
    return response;
  }
  auto text = unpack_gzip(asset->gzip, kFileBytesMax);
  ENSURE(text.has_value(), rest);
  response.body = std::move(*text);
  return response;
}

}  // namespace pawl::console
