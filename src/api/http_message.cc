// HTTP messages as plain data: the header list, and the bytes of a response's head.
#include "api/http_message.h"

#include "base/ascii.h"
#include "base/ensure.h"
#include "base/http_status.h"

namespace pawl::api {

namespace {

constexpr std::size_t kUsualBytes = 512;  // of the names and values of a request

// A value that came from outside may not start a new line in our head.
void append_value(std::string& out, std::string_view value) {
  out.append(value);
  for (std::size_t at = out.size() - value.size(); at < out.size(); ++at) {
    const auto code = static_cast<unsigned char>(out[at]);
    if (code < 0x20 || code == 0x7f) out[at] = ' ';
  }
}

// A 204 and a 304 have none (RFC 9110 sections 15.3.5 and 15.4.5) and say nothing of its length.
bool has_body(int status) { return status != 204 && status != 304; }

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  append_value(out, value);
  out.append("\r\n");
}

}  // namespace

void HeaderList::add(std::string_view name, std::string_view value) {
  spans_.push_back({static_cast<std::uint32_t>(text_.size()),
                    static_cast<std::uint32_t>(name.size()),
                    static_cast<std::uint32_t>(value.size())});
  if (spans_.size() == 1) text_.reserve(kUsualBytes);  // one allocation for most requests
  text_.append(name);
  for (std::size_t at = text_.size() - name.size(); at < text_.size(); ++at) {
    text_[at] = lower_case(text_[at]);
  }
  text_.append(value);
}

std::string_view HeaderList::name_of(const Span& span) const {
  return {text_.data() + span.at, span.name_size};
}

const HeaderList::Span* HeaderList::find(std::string_view name) const {
  for (const Span& span : spans_) {
    if (name_of(span) == name) return &span;
  }
  return nullptr;
}

std::string_view HeaderList::value(std::string_view name) const {
  const Span* span = find(name);
  if (span == nullptr) return {};
  return std::string_view(text_).substr(span->at + span->name_size, span->value_size);
}

std::size_t HeaderList::count(std::string_view name) const {
  std::size_t found = 0;
  for (const Span& span : spans_) found += name_of(span) == name ? 1 : 0;
  return found;
}

HeaderList::Field HeaderList::at(std::size_t index) const {
  ENSURE(index < spans_.size(), index);
  const Span& span = spans_[index];
  const std::string_view text = text_;
  return {text.substr(span.at, span.name_size),
          text.substr(span.at + span.name_size, span.value_size)};
}

std::string_view HttpResponse::body_text() const {
  if (const auto* text = std::get_if<std::string>(&body)) return *text;
  if (const auto* slice = std::get_if<Slice>(&body)) return slice->text;
  return {};
}

std::shared_ptr<runtime::BodySource> HttpResponse::source() const {
  const auto* source = std::get_if<std::shared_ptr<runtime::BodySource>>(&body);
  return source == nullptr ? nullptr : *source;
}

std::uint64_t HttpResponse::body_bytes() const {
  if (announced_bytes) return *announced_bytes;
  const auto streamed = source();
  return streamed == nullptr ? body_text().size() : streamed->size();
}

bool HttpResponse::is_endless() const {
  const auto streamed = source();
  return streamed != nullptr && streamed->size() == runtime::BodySource::kEndless;
}

std::string_view HttpResponse::sent_body() const {
  return !has_body(status) || content == Content::kLeftOut ? std::string_view() : body_text();
}

void HttpResponse::set_body(json::Value value) {
  const std::string_view text = value.text();
  body = Slice{std::move(value), text};
}

void append_head(std::string& out, const HttpResponse& response, std::string_view date,
                 AfterResponse after) {
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason_phrase(response.status)).append("\r\n");
  if (!response.request_id.empty()) append_field(out, "x-amzn-RequestId", response.request_id);
  if (has_body(response.status)) {
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    if (!response.is_endless()) {
      append_field(out, "Content-Length", std::to_string(response.body_bytes()));
    }
  }
  for (const auto& [name, value] : response.headers) append_field(out, name, value);
  append_field(out, "Date", date);
  if (after == AfterResponse::kClose) append_field(out, "Connection", "close");
  if (after == AfterResponse::kSayKeepAlive) append_field(out, "Connection", "keep-alive");
  out.append("\r\n");
}

}  // namespace pawl::api
