// Security Token Service (API version 2011-06-15): who the caller is, and temporary credentials of
// roles. That a role may be assumed is not checked yet: what its policies say is kept by IAM.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "runtime/access_key.h"
#include "runtime/catalog.h"
#include "runtime/operations.h"

namespace pawl::sts {

class Service {
 public:
  // All outlive the service. `operations` is where IAM is asked for a role's id.
  Service(runtime::Catalog& catalog, const Clock& clock, const runtime::Operations& operations)
      : catalog_(catalog), clock_(clock), operations_(operations) {}

  // Adds the operations to the table, under the signing name "sts".
  void add_to(runtime::Operations& operations);

  // Keys of sessions. Thread-safe.
  std::optional<runtime::AccessKey> find_key(std::string_view access_key) const;

 private:
  // Whose the credentials are, and until when.
  struct Session {
    std::string account;
    std::string arn;
    std::string user_id;
    std::int64_t seconds = 0;
  };
  using Issued = std::function<void(const std::string& credentials)>;
  void issue(const Session& session, Issued issued);
  void assume_role(const runtime::Call& call, bool with_web_identity, const runtime::Reply& reply);
  static json::Value assumed_answer(const Session& session, const std::string& credentials,
                                    bool with_web_identity);
  void get_session_token(const runtime::Call& call, const runtime::Reply& reply);
  // What IAM says of a role, or what holds for one that IAM does not have.
  struct Role {
    std::string id;
    std::int64_t session_seconds_max = 43'200;
  };
  void with_role(const runtime::Call& call, const std::string& role,
                 std::function<void(const Role& role)> go_on);

  runtime::Catalog& catalog_;
  const Clock& clock_;
  const runtime::Operations& operations_;
};

}  // namespace pawl::sts
