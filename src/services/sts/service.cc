#include "services/sts/service.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/broken_rules.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/random_text.h"
#include "base/utc_text.h"
#include "json/number.h"
#include "json/writer.h"
#include "runtime/execution_id.h"

namespace pawl::sts {

namespace {

using runtime::Call;
using runtime::Reply;
using runtime::ServiceError;

constexpr std::string_view kTable = "sts-sessions";  // by access key
// A session that has ended is kept so long, to be told from one that never was.
constexpr WallMillis kEndedKeptMillis = 3'600'000;

std::string text_of(const json::Value& value, std::string_view name) {
  const json::Node* node = value.root().find(name);
  if (node == nullptr) return {};
  if (node->is_string()) return std::string(node->string());
  return node->is_number() ? std::string(node->number_text()) : std::string();
}

ServiceError validation(std::string message) {
  return {.code = "ValidationError", .message = std::move(message), .members = {}};
}

// Without IAM users every caller is the account's root (AWS STS API, "GetCallerIdentity").
runtime::OperationResult get_caller_identity(const Call& call) {
  const runtime::Principal& principal = call.principal;
  std::string arn = principal.arn;
  if (arn.empty()) {
    arn.append("arn:").append(runtime::partition_of(principal.region)).append(":iam::");
    arn.append(principal.account).append(":root");
  }
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("UserId")
      .string(principal.user_id.empty() ? principal.account : principal.user_id)
      .key("Account")
      .string(principal.account)
      .key("Arn")
      .string(arn)
      .end_object();
  return json::Value::trusted(std::move(text));
}

Result<std::int64_t, ServiceError> read_seconds(const Call& call, std::int64_t fallback,
                                                std::int64_t seconds_max) {
  const std::string text = text_of(call.input, "DurationSeconds");
  if (text.empty()) return fallback;
  const std::int64_t seconds = json::to_int64(text).value_or(0);
  if (seconds >= 900 && seconds <= seconds_max) return seconds;
  return Err{validation("1 validation error detected: Value '" + text +
                        "' at 'durationSeconds' failed to satisfy constraint: Member must have "
                        "value " +
                        (seconds < 900 ? "greater than or equal to 900"
                                       : "less than or equal to " + std::to_string(seconds_max)))};
}

struct RoleName {
  std::string account;
  std::string name;
};

// "arn:aws:iam::123456789012:role/path/name"
std::optional<RoleName> parse_role(const std::string& arn) {
  const std::size_t account = arn.find(":iam::");
  const std::size_t role = arn.find(":role/");
  if (!arn.starts_with("arn:") || account == std::string::npos || role == std::string::npos ||
      role < account + 6) {
    return std::nullopt;
  }
  RoleName name{arn.substr(account + 6, role - account - 6), arn.substr(arn.rfind('/') + 1)};
  if (name.account.empty() || name.name.empty()) return std::nullopt;
  return name;
}

bool has_session_letters(std::string_view name) {
  constexpr std::string_view kOthers = "_+=,.@-";
  return std::all_of(name.begin(), name.end(), [&](char byte) {
    return is_letter_or_digit(byte) || kOthers.find(byte) != std::string_view::npos;
  });
}

constexpr TextRules kSessionName{
    .length_min = 2, .length_max = 64, .pattern = "[\\w+=,.@-]*", .fits = has_session_letters};

}  // namespace

std::optional<runtime::AccessKey> Service::find_key(std::string_view access_key) const {
  if (!access_key.starts_with("ASIA")) return std::nullopt;
  const auto record = catalog_.get(kTable, access_key);
  if (!record) return std::nullopt;
  const auto session = json::Value::parse(*record);
  if (!session.ok()) return std::nullopt;
  const WallMillis ends = json::to_int64(text_of(*session, "ends")).value_or(0);
  return runtime::AccessKey{.secret = text_of(*session, "secret"),
                            .session_token = text_of(*session, "token"),
                            .account = text_of(*session, "account"),
                            .arn = text_of(*session, "arn"),
                            .user_id = text_of(*session, "userId"),
                            .usable = clock_.wall_now() < ends};
}

// Writes the session down, and forgets those that ended long ago.
void Service::issue(const Session& session, Issued issued) {
  constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  thread_local SystemRng rng;
  const std::string key = "ASIA" + random_text(rng, kCapitals, 16);
  const std::string secret = random_text(rng, kLetters, 40);
  const std::string token = "FwoGZXIvYXdz" + random_text(rng, kLetters, 200);
  const WallMillis ends = clock_.wall_now() + session.seconds * 1000;
  std::string record;
  json::Writer out(record);
  out.begin_object().key("secret").string(secret).key("token").string(token);
  out.key("account").string(session.account).key("arn").string(session.arn);
  out.key("userId").string(session.user_id).key("ends").integer(ends).end_object();
  std::string credentials;
  json::Writer shown(credentials);
  shown.begin_object().key("AccessKeyId").string(key).key("SecretAccessKey").string(secret);
  shown.key("SessionToken").string(token).key("Expiration").string(iso_time(ends)).end_object();
  catalog_.update(
      [key, record, now = clock_.wall_now()](const runtime::Catalog::View& view) {
        std::vector<runtime::Catalog::Change> changes;
        for (const auto& [old, stored] : view.table(kTable)) {
          const auto parsed = json::Value::parse(stored);
          const WallMillis end =
              parsed.ok() ? json::to_int64(text_of(*parsed, "ends")).value_or(0) : 0;
          if (end + kEndedKeptMillis < now) {
            changes.push_back({std::string(kTable), old, std::nullopt});
          }
        }
        changes.push_back({std::string(kTable), key, record});
        return changes;
      },
      [issued = std::move(issued), credentials] { issued(credentials); });
}

// A role that IAM does not have has an id that follows from its name.
void Service::with_role(const Call& call, const std::string& role,
                        std::function<void(const Role& role)> go_on) {
  Role derived;
  derived.id = "AROA" + upper_case(encode_hex(sha256(role)).substr(0, 17));
  const runtime::Operation* get_role = operations_.find("iam", "GetRole");
  const auto name = parse_role(role);
  if (get_role == nullptr || !name) return go_on(derived);
  std::string input;
  json::Writer(input).begin_object().key("RoleName").string(name->name).end_object();
  Call asked{call.principal, json::Value::trusted(std::move(input)), call.request_id};
  asked.principal.account = name->account;
  (*get_role)(asked, [derived, go_on = std::move(go_on)](const runtime::OperationResult& result) {
    const json::Node* found = result.ok() ? result->root().find("Role") : nullptr;
    const json::Node* id = found == nullptr ? nullptr : found->find("RoleId");
    if (id == nullptr) return go_on(derived);
    Role known{std::string(id->string()), derived.session_seconds_max};
    if (const json::Node* seconds = found->find("MaxSessionDuration")) {
      known.session_seconds_max =
          json::to_int64(seconds->number_text()).value_or(known.session_seconds_max);
    }
    go_on(known);
  });
}

// The answer of AssumeRole and of its like with a web identity.
json::Value Service::assumed_answer(const Session& session, const std::string& credentials,
                                    bool with_web_identity) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Credentials").raw(credentials);
  out.key("AssumedRoleUser").begin_object();
  out.key("AssumedRoleId").string(session.user_id).key("Arn").string(session.arn).end_object();
  if (with_web_identity) {
    out.key("SubjectFromWebIdentityToken").string(session.user_id);
  } else {
    out.key("PackedPolicySize").integer(0);
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void Service::assume_role(const Call& call, bool with_web_identity, const Reply& reply) {
  const std::string role = text_of(call.input, "RoleArn");
  const std::string session_name = text_of(call.input, "RoleSessionName");
  const auto name = parse_role(role);
  if (!name) return reply(Err{validation(role + " is invalid")});
  if (auto broken = broken_rules("roleSessionName", session_name, kSessionName)) {
    return reply(Err{validation(std::move(*broken))});
  }
  const auto seconds = read_seconds(call, 3'600, 43'200);
  if (!seconds.ok()) return reply(Err{seconds.error()});
  Session session{.account = name->account,
                  .arn = "arn:" + std::string(runtime::partition_of(call.principal.region)) +
                         ":sts::" + name->account + ":assumed-role/" + name->name + "/" +
                         session_name,
                  .user_id = {},
                  .seconds = *seconds};
  // The role's setting does not limit the sessions that services of AWS assume: they have no keys.
  const bool limited = with_web_identity || !call.principal.access_key.empty();
  with_role(call, role,
            [this, limited, session = std::move(session), session_name, reply,
             with_web_identity](const Role& known) mutable {
              if (limited && session.seconds > known.session_seconds_max) {
                return reply(Err{validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this "
                    "role.")});
              }
              session.user_id = known.id + ":" + session_name;
              issue(session, [session, reply, with_web_identity](const std::string& credentials) {
                reply(assumed_answer(session, credentials, with_web_identity));
              });
            });
}

void Service::get_session_token(const Call& call, const Reply& reply) {
  const auto seconds = read_seconds(call, 43'200, 129'600);
  if (!seconds.ok()) return reply(Err{seconds.error()});
  const Session session{.account = call.principal.account,
                        .arn = call.principal.arn,
                        .user_id = call.principal.user_id,
                        .seconds = *seconds};
  issue(session, [reply](const std::string& credentials) {
    reply(json::Value::trusted("{\"Credentials\":" + credentials + "}"));
  });
}

void Service::add_to(runtime::Operations& operations) {
  operations.add("sts", "GetCallerIdentity",
                 [](const Call& call, const Reply& reply) { reply(get_caller_identity(call)); });
  operations.add("sts", "AssumeRole",
                 [this](const Call& call, const Reply& reply) { assume_role(call, false, reply); });
  operations.add("sts", "AssumeRoleWithWebIdentity",
                 [this](const Call& call, const Reply& reply) { assume_role(call, true, reply); });
  operations.add("sts", "GetSessionToken",
                 [this](const Call& call, const Reply& reply) { get_session_token(call, reply); });
  operations.add("sts", "GetAccessKeyInfo", [this](const Call& call, const Reply& reply) {
    const auto session = find_key(text_of(call.input, "AccessKeyId"));
    std::string text;
    json::Writer(text)
        .begin_object()
        .key("Account")
        .string(session ? session->account : call.principal.account)
        .end_object();
    reply(json::Value::trusted(std::move(text)));
  });
}

}  // namespace pawl::sts
