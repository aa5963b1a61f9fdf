#include "services/lambda/answer_text.h"

#include "base/utf8.h"
#include "json/writer.h"

namespace pawl::lambda {
json::Value value_of_answer(std::string text) {
  auto parsed = json::Value::parse(text);
  if (parsed.ok()) return std::move(parsed).value();
  std::string quoted;
  json::Writer(quoted).string(valid_utf8(text));
  return json::Value::trusted(std::move(quoted));
}

}  // namespace pawl::lambda
