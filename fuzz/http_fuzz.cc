// Requests without sockets: the bytes go through the request parser in pieces, and every request
// that comes out through the handler, in front of operations that answer with their input.
// The first byte chooses how the bytes are cut.
#include <cstdint>
#include <string>
#include <string_view>

#include "api/http_parser.h"
#include "api/outbox.h"
#include "api/request_handler.h"
#include "base/ensure.h"

namespace {

using namespace pawl;

class StoppedClock final : public Clock {
 public:
  WallMillis wall_now() const override { return 1'795'262'400'000; }
  BootMillis boot_now() const override { return 0; }
};

void add_echoes(runtime::Operations& operations, const api::ServiceModel& model) {
  for (const api::OperationModel& row : model.operations()) {
    operations.add(model.wire().signing_name, row.name,
                   [](const runtime::Call& call, const runtime::Reply& reply) {
                     // What services get is JSON, and an object.
                     ENSURE(json::Value::parse(std::string(call.input.text())).ok());
                     ENSURE(call.input.root().is_object());
                     reply(call.input);
                   });
  }
}

// Built once: the tables' patterns are what takes time.
struct World {
  World() : open(operations, clock, {}, {}), closed(operations, clock, {}, checking()) {
    add_echoes(operations, api::states_model(api::PayloadLimits::kAws));
    add_echoes(operations, api::lambda_model());
    add_echoes(operations, api::sts_model());
  }
  static api::HandlerOptions checking() {
    api::HandlerOptions options;
    options.credentials = api::Credentials::parse("AKIDEXAMPLE secret").value();
    options.allowed_origins = {"https://a.example"};
    return options;
  }
  StoppedClock clock;
  runtime::Operations operations;
  api::RequestHandler open;
  api::RequestHandler closed;
};

void answer(const api::RequestHandler& handler, const api::HttpRequest& request) {
  int answers = 0;
  handler.handle(request, "00000000-0000-4000-8000-000000000000", [&](api::HttpResponse response) {
    ++answers;
    const bool json = response.content_type.find("json") != std::string_view::npos;
    if (json && !response.body_text().empty()) {
      ENSURE(json::Value::parse(std::string(response.body_text())).ok(), response.body_text());
    }
    api::Outbox outbox;
    outbox.append(std::move(response), "now", api::AfterResponse::kKeepAlive);
  });
  ENSURE(answers == 1, answers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  if (size == 0) return 0;
  const std::size_t piece = data[0] == 0 ? size : data[0];
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  api::RequestParser parser({.head_bytes_max = 4'096, .fields_max = 32});
  std::size_t given = 0;
  while (given < bytes.size()) {
    given = std::min(given + piece, bytes.size());
    for (;;) {
      const auto step = parser.parse(bytes.substr(0, given));
      if (!step.ok()) return 0;
      ENSURE(step->consumed <= given);
      bytes.remove_prefix(step->consumed);
      given -= step->consumed;
      if (step->progress == api::RequestParser::Progress::kNeedMore) break;
      if (step->progress == api::RequestParser::Progress::kHead) {
        (void)world.open.body_size(parser.request());
        if (!parser.accept_body(1u << 16).ok()) return 0;
        continue;
      }
      const api::HttpRequest request = parser.take();
      answer(world.open, request);
      answer(world.closed, request);
    }
  }
  return 0;
}
