// Access keys of users, and their passwords for single services (git over HTTP).
#include <algorithm>
#include <cctype>

#include "json/record.h"
#include "services/iam/service.h"

namespace pawl::iam {

namespace {

constexpr std::string_view kKeys = "iam-access-keys";  // by the key's id, which is unique
constexpr std::string_view kCredentials = "iam-service-credentials";  // by the credential's id
constexpr std::string_view kUsernames = "iam-service-user-names";     // likewise: its id
constexpr std::string_view kGitService = "codecommit.amazonaws.com";
constexpr std::size_t kKeysMax = 2;
constexpr std::size_t kCredentialsMax = 2;  // for one service

// What both tables' records have.
struct Credential {
  std::string id;
  std::string account;
  std::string user;
  std::string secret;
  std::string status = "Active";
  std::string created;
  std::string service;   // of a service's credential
  std::string username;  // likewise

  std::string record() const;
  static std::optional<Credential> parse(const std::string& record);
  bool is_of(const std::string& other_account, const std::string& other_user) const {
    return account == other_account && user == other_user;
  }
};

template <class Fields>
void describe(Fields& fields, Credential& credential) {
  fields("id", credential.id);
  fields("account", credential.account);
  fields("user", credential.user);
  fields("secret", credential.secret);
  fields("status", credential.status);
  fields("created", credential.created);
  fields("service", credential.service);
  fields("username", credential.username);
}

std::string Credential::record() const { return json::record_text(*this); }

std::optional<Credential> Credential::parse(const std::string& record) {
  return json::read_record<Credential>(record);
}

ServiceError no_key(const std::string& id) {
  return no_such_entity("The Access Key with id " + id + " cannot be found.");
}

ServiceError no_credential(const std::string& id) {
  return no_such_entity("Service specific credential " + id + " cannot be found.");
}

bool user_exists(const runtime::Catalog::View& view, const std::string& account,
                 const std::string& user) {
  return view.find(kUser.table, record_key(account, user)) != nullptr;
}

// Shown once with its password.
enum class Secret { kShown, kHidden };

std::string credential_json(const Credential& credential, Secret secret) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("UserName").string(credential.user);
  out.key("Status").string(credential.status);
  out.key("ServiceUserName").string(credential.username);
  if (secret == Secret::kShown) out.key("ServicePassword").string(credential.secret);
  out.key("CreateDate").string(credential.created);
  out.key("ServiceSpecificCredentialId").string(credential.id);
  out.key("ServiceName").string(credential.service).end_object();
  return text;
}

json::Value credential_answer(const Credential& credential) {
  return json::Value::trusted(
      "{\"ServiceSpecificCredential\":" + credential_json(credential, Secret::kShown) + "}");
}

}  // namespace

std::optional<runtime::AccessKey> Service::find_key(std::string_view access_key) const {
  const bool is_password = !access_key.starts_with("AKIA");
  std::optional<std::string> record;
  if (is_password) {
    const auto id = catalog_.get(kUsernames, access_key);
    if (id) record = catalog_.get(kCredentials, *id);
  } else {
    record = catalog_.get(kKeys, access_key);
  }
  const auto key = record ? Credential::parse(*record) : std::nullopt;
  if (!key || (is_password && key->service != kGitService)) return std::nullopt;
  const auto stored = catalog_.get(kUser.table, record_key(key->account, key->user));
  const auto user = stored ? Entity::parse(*stored) : std::nullopt;
  if (!user) return std::nullopt;
  return runtime::AccessKey{.secret = key->secret,
                            .session_token = {},
                            .account = key->account,
                            .arn = user->arn,
                            .user_id = user->id,
                            .usable = key->status == "Active",
                            .is_password = is_password};
}

void Service::create_key(const Call& call, const Reply& reply) {
  const auto user = Input(call.input.root()).name("UserName", 64);
  if (!user.ok()) return reply(Err{user.error()});
  const Credential made{.id = "AKIA" + make_id("").substr(0, 16),
                        .account = call.principal.account,
                        .user = *user,
                        .secret = make_secret(40),
                        .created = now(),
                        .service = {},
                        .username = {}};
  write(
      [made](const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        if (!user_exists(view, made.account, made.user)) {
          return Err{no_such_entity("The user with name " + made.user + " cannot be found.")};
        }
        std::size_t count = 0;
        for (const auto& [id, record] : view.table(kKeys)) {
          const auto key = Credential::parse(record);
          if (key && key->is_of(made.account, made.user)) ++count;
        }
        if (count >= kKeysMax) {
          return Err{limit_exceeded("Cannot exceed quota for AccessKeysPerUser: 2")};
        }
        changes.push_back({std::string(kKeys), made.id, made.record()});
        std::string text;
        json::Writer out(text);
        out.begin_object().key("AccessKey").begin_object();
        out.key("UserName").string(made.user).key("AccessKeyId").string(made.id);
        out.key("Status").string(made.status).key("SecretAccessKey").string(made.secret);
        out.key("CreateDate").string(made.created).end_object().end_object();
        return json::Value::trusted(std::move(text));
      },
      reply);
}

void Service::update_key(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  write(
      [id = input.text("AccessKeyId"), status = input.text("Status"),
       account = call.principal.account](const View& view,
                                         Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string* record = view.find(kKeys, id);
        auto key = record == nullptr ? std::nullopt : Credential::parse(*record);
        if (!key || key->account != account) return Err{no_key(id)};
        if (status != "Active" && status != "Inactive") {
          return Err{invalid_input("Status must be Active or Inactive")};
        }
        key->status = status;
        changes.push_back({std::string(kKeys), id, key->record()});
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::delete_key(const Call& call, const Reply& reply) {
  write(
      [id = Input(call.input.root()).text("AccessKeyId"), account = call.principal.account](
          const View& view, Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string* record = view.find(kKeys, id);
        const auto key = record == nullptr ? std::nullopt : Credential::parse(*record);
        if (!key || key->account != account) return Err{no_key(id)};
        changes.push_back({std::string(kKeys), id, std::nullopt});
        return json::Value::trusted("{}");
      },
      reply);
}

OperationResult Service::list_keys(const Call& call) const {
  const Entity user = TRY(find_entity(kUser, call));
  Page page(Input(call.input.root()), "AccessKeyMetadata");
  bool open = true;
  catalog_.for_each(kKeys, [&](const std::string& id, const std::string& record) {
    const auto key = Credential::parse(record);
    if (!open || !key || !key->is_of(call.principal.account, user.name)) return;
    std::string text;
    json::Writer out(text);
    out.begin_object().key("UserName").string(user.name).key("AccessKeyId").string(id);
    out.key("Status").string(key->status).key("CreateDate").string(key->created).end_object();
    open = page.add(id, text);
  });
  return page.finish();
}

OperationResult Service::key_last_used(const Call& call) const {
  const std::string id = TRY(Input(call.input.root()).required("AccessKeyId"));
  const auto record = catalog_.get(kKeys, id);
  const auto key = record ? Credential::parse(*record) : std::nullopt;
  if (!key) return Err{no_key(id)};
  std::string text;
  json::Writer out(text);
  out.begin_object().key("UserName").string(key->user);
  out.key("AccessKeyLastUsed").begin_object();
  // Uses are not recorded.
  out.key("ServiceName").string("N/A").key("Region").string("N/A").end_object().end_object();
  return json::Value::trusted(std::move(text));
}

void Service::create_credential(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  const auto user = input.name("UserName", 64);
  if (!user.ok()) return reply(Err{user.error()});
  const auto service = input.required("ServiceName");
  if (!service.ok()) return reply(Err{service.error()});
  Credential made{.id = make_id("ACCA"),
                  .account = call.principal.account,
                  .user = *user,
                  .secret = make_secret(44),
                  .created = now(),
                  .service = *service,
                  .username = {}};
  write(
      [made](const View& view, Changes& changes) mutable -> Result<json::Value, ServiceError> {
        if (!user_exists(view, made.account, made.user)) {
          return Err{no_such_entity("The user with name " + made.user + " cannot be found.")};
        }
        std::size_t count = 0;
        for (const auto& [id, record] : view.table(kCredentials)) {
          const auto other = Credential::parse(record);
          if (other && other->is_of(made.account, made.user) && other->service == made.service) {
            ++count;
          }
        }
        if (count >= kCredentialsMax) {
          return Err{
              limit_exceeded("Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2")};
        }
        const std::string end = "-at-" + made.account;
        made.username = made.user + end;
        for (int i = 1; view.find(kUsernames, made.username) != nullptr; ++i) {
          made.username = made.user + "+" + std::to_string(i) + end;
        }
        changes.push_back({std::string(kCredentials), made.id, made.record()});
        changes.push_back({std::string(kUsernames), made.username, made.id});
        return credential_answer(made);
      },
      reply);
}

void Service::update_credential(const Call& call, const Reply& reply) {
  const Input input(call.input.root());
  write(
      [id = input.text("ServiceSpecificCredentialId"), status = input.text("Status"),
       account = call.principal.account](const View& view,
                                         Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string* record = view.find(kCredentials, id);
        auto credential = record == nullptr ? std::nullopt : Credential::parse(*record);
        if (!credential || credential->account != account) return Err{no_credential(id)};
        if (status != "Active" && status != "Inactive") {
          return Err{invalid_input("Status must be Active or Inactive")};
        }
        credential->status = status;
        changes.push_back({std::string(kCredentials), id, credential->record()});
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::reset_credential(const Call& call, const Reply& reply) {
  write(
      [id = Input(call.input.root()).text("ServiceSpecificCredentialId"),
       account = call.principal.account](const View& view,
                                         Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string* record = view.find(kCredentials, id);
        auto credential = record == nullptr ? std::nullopt : Credential::parse(*record);
        if (!credential || credential->account != account) return Err{no_credential(id)};
        credential->secret = make_secret(44);
        changes.push_back({std::string(kCredentials), id, credential->record()});
        return credential_answer(*credential);
      },
      reply);
}

void Service::delete_credential(const Call& call, const Reply& reply) {
  write(
      [id = Input(call.input.root()).text("ServiceSpecificCredentialId"),
       account = call.principal.account](const View& view,
                                         Changes& changes) -> Result<json::Value, ServiceError> {
        const std::string* record = view.find(kCredentials, id);
        const auto credential = record == nullptr ? std::nullopt : Credential::parse(*record);
        if (!credential || credential->account != account) return Err{no_credential(id)};
        changes.push_back({std::string(kCredentials), id, std::nullopt});
        changes.push_back({std::string(kUsernames), credential->username, std::nullopt});
        return json::Value::trusted("{}");
      },
      reply);
}

OperationResult Service::list_credentials(const Call& call) const {
  const Entity user = TRY(find_entity(kUser, call));
  const std::string service = Input(call.input.root()).text("ServiceName");
  std::string items;
  catalog_.for_each(kCredentials, [&](const std::string&, const std::string& record) {
    const auto credential = Credential::parse(record);
    if (!credential || !credential->is_of(call.principal.account, user.name)) return;
    if (!service.empty() && credential->service != service) return;
    if (!items.empty()) items += ",";
    items += credential_json(*credential, Secret::kHidden);
  });
  return json::Value::trusted("{\"ServiceSpecificCredentials\":[" + items + "]}");
}

void Service::add_key_operations(runtime::Operations& operations) {
  add_write(operations, "CreateAccessKey", &Service::create_key);
  add_write(operations, "UpdateAccessKey", &Service::update_key);
  add_write(operations, "DeleteAccessKey", &Service::delete_key);
  add_read(operations, "ListAccessKeys", &Service::list_keys);
  add_read(operations, "GetAccessKeyLastUsed", &Service::key_last_used);
  add_write(operations, "CreateServiceSpecificCredential", &Service::create_credential);
  add_write(operations, "UpdateServiceSpecificCredential", &Service::update_credential);
  add_write(operations, "ResetServiceSpecificCredential", &Service::reset_credential);
  add_write(operations, "DeleteServiceSpecificCredential", &Service::delete_credential);
  add_read(operations, "ListServiceSpecificCredentials", &Service::list_credentials);
}

}  // namespace pawl::iam
