#include "services/iam/service.h"

#include <algorithm>
#include <ctime>
#include <memory>

#include "runtime/execution_id.h"

namespace pawl::iam {

namespace {

std::string random_text(std::string_view letters, std::size_t size) {
  thread_local SystemRng rng;
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text.push_back(letters[rng.next() % letters.size()]);
  return text;
}

// Markers are names; they are encoded so that nobody takes them for something to build.
std::string marker_of(std::string_view name) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char byte : name) {
    text.push_back(kHex[static_cast<unsigned char>(byte) >> 4]);
    text.push_back(kHex[static_cast<unsigned char>(byte) & 15]);
  }
  return text;
}

std::string name_of_marker(std::string_view marker) {
  std::string name;
  for (std::size_t i = 0; i + 1 < marker.size(); i += 2) {
    const auto digit = [&](char byte) { return byte >= 'a' ? byte - 'a' + 10 : byte - '0'; };
    name.push_back(static_cast<char>(digit(marker[i]) * 16 + digit(marker[i + 1])));
  }
  return name;
}

}  // namespace

std::string make_id(std::string_view prefix) {
  return std::string(prefix) + random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17);
}

std::string make_secret(std::size_t letters) {
  return random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", letters);
}

std::string arn_of(const runtime::Principal& principal, std::string_view kind,
                   std::string_view path, std::string_view name) {
  std::string arn = "arn:";
  arn.append(runtime::partition_of(principal.region)).append(":iam::");
  arn.append(principal.account).append(":").append(kind).append(path).append(name);
  return arn;
}

std::string record_key(std::string_view account, std::string_view name) {
  std::string key(account);
  key.push_back('/');
  for (const char byte : name) {
    key.push_back(byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte);
  }
  return key;
}

std::string Service::now() const {
  const std::time_t seconds = clock_.wall_now() / 1000;
  std::tm time{};
  gmtime_r(&seconds, &time);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &time);
  return {text, size};
}

void Service::write(Write run, const Reply& reply) {
  const auto answer = std::make_shared<std::optional<Result<json::Value, ServiceError>>>();
  catalog_.update(
      [run = std::move(run), answer](const View& view) {
        Changes changes;
        answer->emplace(run(view, changes));
        if (!(*answer)->ok()) changes.clear();
        return changes;
      },
      [answer, reply] { reply(std::move(**answer)); });
}

void Service::add_read(runtime::Operations& operations, std::string_view name, Read run) const {
  operations.add("iam", name,
                 [this, run](const Call& call, const Reply& reply) { reply((this->*run)(call)); });
}

void Service::add_write(runtime::Operations& operations, std::string_view name, Run run) {
  operations.add("iam", name,
                 [this, run](const Call& call, const Reply& reply) { (this->*run)(call, reply); });
}

void Service::add_to(runtime::Operations& operations) {
  add_entity_operations(operations, kRole);
  add_entity_operations(operations, kUser);
  add_policy_operations(operations);
  add_profile_operations(operations);
  add_key_operations(operations);
}

Page::Page(const Input& input, std::string_view member)
    : member_(member),
      marker_(name_of_marker(input.text("Marker"))),
      limit_(static_cast<std::size_t>(
          std::clamp<std::int64_t>(input.integer("MaxItems", 100), 1, 1'000))) {}

bool Page::add(const std::string& name, const std::string& json) {
  if (!marker_.empty() && name <= marker_) return true;
  if (count_ == limit_) {
    truncated_ = true;
    return false;
  }
  if (count_++ > 0) items_ += ",";
  items_ += json;
  last_ = name;
  return true;
}

json::Value Page::finish() {
  std::string text;
  json::Writer out(text);
  out.begin_object().key(member_).raw("[" + items_ + "]");
  out.key("IsTruncated").boolean(truncated_);
  if (truncated_) out.key("Marker").string(marker_of(last_));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::iam
