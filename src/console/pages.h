// The console's pages over HTTP: the files of its pack, and its one HTML page for every address
// that the page itself draws. What a page may do is bounded by its Content-Security-Policy.
#pragma once

#include <optional>
#include <string_view>

#include "api/http_message.h"
#include "console/asset_pack.h"

namespace pawl::console {

class Pages {
 public:
  // `pack` is what embedded_pack() tells, or a test's own; it outlives the pages.
  explicit Pages(std::string_view pack);

  // The answer to a GET or HEAD of `path`, which begins with "/_pawl"; nothing: no page of the
  // console. Any thread.
  std::optional<api::HttpResponse> answer(const api::HttpRequest& request,
                                          std::string_view path) const;

 private:
  AssetPack pack_;
};

}  // namespace pawl::console
