// A call on the first line, the state's input behind it: refused, failed with a cause, or answered.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "base/rng.h"
#include "intrinsics/call.h"

namespace json = pawl::json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = text.find('\n');
  const auto call = pawl::intrinsics::Call::compile(text.substr(0, line_end));
  if (!call.ok()) {
    ENSURE(!call.error().message.empty());
    return 0;
  }
  ENSURE(call->text() == text.substr(0, line_end));
  call->for_each_query([](const auto& query) { ENSURE(query.text.starts_with('$')); });
  if (line_end == std::string_view::npos) return 0;

  json::Arena arena;
  const std::string document(text.substr(line_end + 1));
  const auto input = json::parse_into(arena, document);
  if (!input.ok()) return 0;
  const pawl::jsonpath::Scope scope{*input, *input, *input};
  const auto evaluate = [&](json::Arena& place) {
    pawl::SeededRng rng(1);
    const auto result = call->evaluate(scope, place, rng);
    return result.ok() ? json::print(*result) : result.error().cause;
  };
  json::Arena first;
  json::Arena second;
  const std::string answer = evaluate(first);
  ENSURE(!answer.empty());
  ENSURE(answer == evaluate(second));
  return 0;
}
