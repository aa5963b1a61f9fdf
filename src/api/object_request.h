// A request whose body is an object's bytes: decoded as it comes, handed to the service's sink (or
// kept, while it is small), and called with when it is whole.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/aws_chunked.h"
#include "api/http_message.h"
#include "api/router.h"
#include "runtime/operations.h"

namespace pawl::api {

// Larger bodies are streamed.
inline constexpr std::size_t kObjectInMemoryBytesMax = 512 * 1024;

class ObjectRequest {
 public:
  using Respond = std::function<void(HttpResponse)>;

  struct Parts {
    Route route;
    runtime::Call call;
    const runtime::StreamedOperation* operation;
    std::optional<ChunkedDecoder> decoder;    // of an aws-chunked body
    std::optional<std::uint64_t> bytes;       // announced, decoded
    std::shared_ptr<runtime::BodySink> sink;  // nullptr: kept in memory
  };
  explicit ObjectRequest(Parts parts) : parts_(std::move(parts)) {}

  // The next bytes as they stood in the message. `done`, once, on any thread, when they are out of
  // memory. What goes wrong is the answer of finish().
  void write(std::string bytes, std::function<void()> done);
  // All bytes have come.
  void finish(const Respond& respond);

 private:
  Result<void, runtime::ServiceError> complete();
  void refuse(runtime::ServiceError error);

  Parts parts_;
  std::string kept_;
  std::uint64_t received_ = 0;
  std::optional<runtime::ServiceError> error_;
};

// Whether the operation's body is bytes rather than a document.
bool takes_bytes(const OperationModel& operation);

}  // namespace pawl::api
