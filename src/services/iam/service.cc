#include "services/iam/service.h"

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/random_text.h"
#include "base/utc_text.h"
#include "runtime/execution_id.h"

namespace pawl::iam {

namespace {

// A marker is a name, encoded so that nobody takes it for something to build.
std::string name_of_marker(std::string_view marker) {
  return decode_hex(marker).value_or(std::string(marker));
}

std::string random_letters(std::string_view letters, std::size_t size) {
  thread_local SystemRng rng;
  return random_text(rng, letters, size);
}

}  // namespace

std::string make_id(std::string_view prefix) {
  return std::string(prefix) + random_letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17);
}

std::string make_secret(std::size_t letters) {
  return random_letters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                        letters);
}

std::string arn_of(const runtime::Principal& principal, std::string_view kind,
                   std::string_view path, std::string_view name) {
  std::string arn = "arn:";
  arn.append(runtime::partition_of(principal.region)).append(":iam::");
  arn.append(principal.account).append(":").append(kind).append(path).append(name);
  return arn;
}

std::string record_key(std::string_view account, std::string_view name) {
  return std::string(account) + "/" + lower_case(name);
}

std::string Service::now() const { return iso_time(clock_.wall_now()); }

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
  if (truncated_) out.key("Marker").string(encode_hex(last_));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::iam
