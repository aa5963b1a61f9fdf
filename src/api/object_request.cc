#include "api/object_request.h"

#include <algorithm>

#include "api/protocol.h"
#include "base/utf8.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

runtime::ServiceError incomplete_body() {
  return {.code = "IncompleteBody",
          .message =
              "You did not provide the number of bytes specified by the Content-Length HTTP "
              "header",
          .members = {}};
}

// Later members of one name win: what became known behind the head goes behind its members.
json::Value with_members(const json::Value& input, std::string_view members) {
  std::string text(input.text());
  text.pop_back();
  if (text.size() > 1 && !members.empty()) text += ",";
  text.append(members).append("}");
  return json::Value::trusted(std::move(text));
}

}  // namespace

bool takes_bytes(const OperationModel& operation) {
  return std::any_of(
      operation.input->members.begin(), operation.input->members.end(), [](const Member& member) {
        return member.location == Location::kPayload && member.shape->type == ShapeType::kBlob;
      });
}

void ObjectRequest::refuse(runtime::ServiceError error) {
  if (!error_) error_ = std::move(error);
}

void ObjectRequest::write(std::string bytes, std::function<void()> done) {
  if (error_) return done();
  if (parts_.decoder) {
    std::string decoded;
    if (auto step = parts_.decoder->decode(bytes, decoded); !step.ok()) {
      refuse(std::move(step).error());
      return done();
    }
    bytes = std::move(decoded);
  }
  received_ += bytes.size();
  if (parts_.bytes && received_ > *parts_.bytes) {
    refuse(incomplete_body());
    return done();
  }
  if (parts_.sink == nullptr) {
    kept_ += bytes;
    return done();
  }
  if (bytes.empty()) return done();
  // A write that failed is found again, and said, by the operation.
  parts_.sink->write(std::move(bytes),
                     [done = std::move(done)](const Result<void, runtime::BodyError>&) { done(); });
}

Result<void, runtime::ServiceError> ObjectRequest::complete() {
  if (error_) return Err{std::move(*error_)};
  std::string members;
  json::Writer out(members);
  out.begin_object();
  if (parts_.decoder) {
    for (const auto& [name, value] : TRY(parts_.decoder->finish())) {
      for (const Member& member : parts_.route.operation->input->members) {
        if (member.location == Location::kHeader && member.wire_name == name &&
            is_valid_utf8(value)) {
          out.key(member.name).string(value);
        }
      }
    }
  }
  if (parts_.bytes && received_ != *parts_.bytes) return Err{incomplete_body()};
  out.key("ContentLength").integer(static_cast<std::int64_t>(received_));
  out.end_object();
  parts_.call.input =
      with_members(parts_.call.input, std::string_view(members).substr(1, members.size() - 2));
  return {};
}

void ObjectRequest::finish(const Respond& respond) {
  const std::string id = parts_.call.request_id;
  if (auto completed = complete(); !completed.ok()) {
    return respond(write_error(Protocol::kRestXml, parts_.route.service.get(),
                               std::move(completed).error(), id));
  }
  runtime::RequestBody body{.bytes = std::move(kept_), .staged = std::move(parts_.sink)};
  (*parts_.operation)(parts_.call, std::move(body),
                      [route = parts_.route, id,
                       respond](Result<runtime::StreamedOutput, runtime::ServiceError> result) {
                        respond(write_streamed(route, std::move(result), id));
                      });
}

}  // namespace pawl::api
