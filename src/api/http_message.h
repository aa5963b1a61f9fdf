// One HTTP request and one HTTP response, as the rest of this layer sees them: no sockets, no
// library types. Header names are lower case, values are trimmed; both are bytes as sent.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "json/value.h"
#include "runtime/body.h"

namespace pawl::api {

// The header fields of a message in the order sent, in one block of memory.
class HeaderList {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  void add(std::string_view name, std::string_view value);
  // The value of the first field of that name (lower case); empty when there is none.
  std::string_view value(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::size_t count(std::string_view name) const;

  std::size_t size() const { return spans_.size(); }
  // Views live until the next add().
  Field at(std::size_t index) const;
  std::size_t bytes() const { return text_.size(); }

 private:
  struct Span {
    std::uint32_t at;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };
  const Span* find(std::string_view name) const;
  std::string_view name_of(const Span& span) const;

  std::string text_;  // name, value, name, value ...
  std::vector<Span> spans_;
};

struct HttpRequest {
  std::string method;
  std::string target;  // as sent: origin form, absolute form or "*"
  int minor_version = 1;
  HeaderList headers;
  std::string body;
  std::string peer{};  // the client's address
};

struct HttpResponse {
  // A part of a JSON document, kept alive with it: answers are written from where they stand.
  struct Slice {
    json::Value owner;
    std::string_view text;
  };

  enum class Content : std::uint8_t { kSent, kLeftOut };  // left out: an answer to HEAD

  int status = 200;
  Content content = Content::kSent;
  std::string_view content_type = "application/json";  // of static storage; empty: no such field
  std::string request_id;
  std::vector<std::pair<std::string, std::string>> headers;
  std::variant<std::string, Slice, std::shared_ptr<runtime::BodySource>> body;
  // What an answer to HEAD says instead of the body's own length.
  std::optional<std::uint64_t> announced_bytes{};

  std::uint64_t body_bytes() const;
  // Its length is not known: only the end of the connection ends it.
  bool is_endless() const;
  // Of a body that is in memory; of another one, nothing.
  std::string_view body_text() const;
  std::shared_ptr<runtime::BodySource> source() const;
  // What goes onto the wire behind the head.
  std::string_view sent_body() const;
  void set_body(json::Value value);
};

// The response's status line and header fields with the empty line after them. `date` is the value
// of the Date field.
enum class AfterResponse : std::uint8_t {
  kKeepAlive,     // as HTTP/1.1 does unless told otherwise
  kSayKeepAlive,  // told so, as HTTP/1.0 needs it
  kClose,
};
void append_head(std::string& out, const HttpResponse& response, std::string_view date,
                 AfterResponse after);

}  // namespace pawl::api
