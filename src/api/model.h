// A service as a table (decision D11): how it is spoken to, and one row an operation. The protocols
// are written once; a new service is a new table.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/shape.h"

namespace pawl::api {

enum class Protocol : std::uint8_t {
  kJson10,    // X-Amz-Target, application/x-amz-json-1.0
  kJson11,    // the same, 1.1
  kRestJson,  // method and path
  kQuery,     // form in, XML out
  kRestXml,   // method, path, query and host; XML in and out
};

// Whether a call without credentials is harmless: mutating ones must be signed even where no
// signature is checked, so that no web page can make them (decision D20).
// kHoldsSecret: whoever knows the path may call it, as with a presigned address.
enum class Effect : std::uint8_t { kReads, kWrites, kHoldsSecret };

// Uploads may be larger than other requests; objects larger than memory.
enum class BodySize : std::uint8_t { kOrdinary, kUpload, kObject };

struct Http {
  std::string_view method = "POST";
  std::string_view path = "/";  // "/functions/{FunctionName}/code"; {Name+} takes the rest
  int status = 200;
};

struct OperationModel {
  std::string_view name;
  Effect effect = Effect::kWrites;
  Http http = {};
  const Shape* input = nullptr;
  const Shape* output = nullptr;  // only where the wire needs it: locations, XML forms
  BodySize body_size = BodySize::kOrdinary;
};

// How a service answers with an error that its model knows.
struct ErrorModel {
  int status = 400;
  std::string_view message_member = "message";
};

struct Wire {
  std::string_view signing_name;  // in the credential scope and in runtime::Operations
  Protocol protocol = Protocol::kJson10;
  std::string_view target_prefix = {};  // of X-Amz-Target, for the JSON protocols
  std::string_view xml_namespace = {};  // for the protocols that speak XML
};

class ServiceModel {
 public:
  explicit ServiceModel(Wire wire) : wire_(wire) {}
  ServiceModel(ServiceModel&&) = default;
  ServiceModel(const ServiceModel&) = delete;
  ServiceModel& operator=(const ServiceModel&) = delete;

  const Wire& wire() const { return wire_; }
  Shapes& shapes() { return shapes_; }

  // A row; its input is a structure of `members`.
  void add(OperationModel operation, std::vector<Member> members);
  void add_error(std::string_view code, ErrorModel error) { errors_[code] = error; }

  const std::vector<OperationModel>& operations() const { return operations_; }
  const OperationModel* find(std::string_view operation) const;
  const ErrorModel* find_error(std::string_view code) const;

 private:
  Wire wire_;
  Shapes shapes_;
  std::vector<OperationModel> operations_;
  std::map<std::string_view, std::size_t> by_name_;
  std::map<std::string_view, ErrorModel> errors_;
};

// AWS's payload limits are checked, or lifted (decision D9's `limits`).
enum class PayloadLimits : std::uint8_t { kAws, kNone };

ServiceModel states_model(PayloadLimits limits);
ServiceModel lambda_model();
ServiceModel sts_model();
ServiceModel logs_model();
ServiceModel codecommit_model();
// Its operations have no signing name of AWS: they are asked for with a password.
inline constexpr std::string_view kGitService = "git";
ServiceModel git_model();
ServiceModel packages_model();
ServiceModel cloudformation_model();
ServiceModel codepipeline_model();
ServiceModel pawl_model();
ServiceModel s3_model();
ServiceModel iam_model();
ServiceModel ssm_model();

}  // namespace pawl::api
