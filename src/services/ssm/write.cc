// Parameters made, replaced, labelled and deleted.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "services/ssm/service.h"

namespace pawl::ssm {

namespace {

using json::Node;

constexpr std::size_t kNameMax = 2'048;
constexpr std::size_t kLevelsMax = 15;
constexpr std::size_t kStandardValueMax = 4'096;
constexpr std::size_t kAdvancedValueMax = 8'192;
constexpr std::size_t kLabelsMax = 10;

bool begins_with_word(std::string_view name, std::string_view word) {
  if (name.starts_with('/')) name.remove_prefix(1);
  return equal_ignoring_case(name.substr(0, word.size()), word);
}

// Whether all of `value` matches; nothing where the pattern is none.
std::optional<bool> matches(const std::string& pattern, const std::string& value) {
  int code = 0;
  PCRE2_SIZE offset = 0;
  const std::unique_ptr<pcre2_code, void (*)(pcre2_code*)> compiled(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), PCRE2_UTF, &code,
                    &offset, nullptr),
      pcre2_code_free);
  if (!compiled) return std::nullopt;
  constexpr std::uint32_t kStepsMax = 100'000;
  const std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> context(
      pcre2_match_context_create(nullptr), pcre2_match_context_free);
  pcre2_set_match_limit(context.get(), kStepsMax);
  const std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(
      pcre2_match_data_create_from_pattern(compiled.get(), nullptr), pcre2_match_data_free);
  return pcre2_match(compiled.get(), reinterpret_cast<PCRE2_SPTR>(value.data()), value.size(), 0, 0,
                     data.get(), context.get()) >= 0;
}

std::optional<ServiceError> value_problem(const Version& version) {
  if (version.value.empty()) {
    return error("ValidationException",
                 "1 validation error detected: Value '' at 'value' failed to satisfy constraint: "
                 "Member must have length greater than or equal to 1");
  }
  const bool standard = version.tier == "Standard";
  if (version.value.size() > (standard ? kStandardValueMax : kAdvancedValueMax)) {
    return error("ValidationException",
                 standard
                     ? "Standard tier parameters support a maximum parameter value of 4096 "
                       "characters. To create a larger parameter value, upgrade the parameter to "
                       "use the advanced-parameter tier. For more information, see "
                       "https://docs.aws.amazon.com/systems-manager/latest/userguide/"
                       "parameter-store-advanced-parameters.html"
                     : "Advanced tier parameters support a maximum parameter value of 8192 "
                       "characters.");
  }
  if (version.allowed_pattern.empty()) return std::nullopt;
  const auto matched = matches(version.allowed_pattern, version.value);
  if (!matched) {
    return error("InvalidAllowedPatternException",
                 "The specified regular expression " + version.allowed_pattern + " is not valid.");
  }
  if (*matched) return std::nullopt;
  return error(
      "ParameterPatternMismatchException",
      "Parameter value, cannot be validated against allowedPattern: " + version.allowed_pattern);
}

// The next version, as the input says it over what there is.
Result<Version, ServiceError> next_version(Node input, const std::optional<Parameter>& before) {
  const Version old = before ? before->newest() : Version();
  Version next{.number = old.number + 1,
               .value = text_of(input, "Value"),
               .type = text_of(input, "Type", old.type),
               .description = text_of(input, "Description", old.description),
               .key_id = text_of(input, "KeyId", old.key_id),
               .allowed_pattern = text_of(input, "AllowedPattern"),
               .tier = text_of(input, "Tier", old.tier.empty() ? "Standard" : old.tier),
               .data_type = text_of(input, "DataType", "text"),
               .user = {}};
  if (next.tier == "Intelligent-Tiering") {
    next.tier = next.value.size() > kStandardValueMax ? "Advanced" : "Standard";
  }
  if (next.type.empty()) {
    return Err{
        error("ValidationException", "A parameter type is required when you create a parameter.")};
  }
  if (next.type == "SecureString" && next.key_id.empty()) next.key_id = "alias/aws/ssm";
  if (next.type != "SecureString" && !text_of(input, "KeyId").empty()) {
    return Err{
        error("ValidationException", "KeyId is required for SecureString type parameter only.")};
  }
  if (before && old.tier == "Advanced" && next.tier == "Standard") {
    return Err{error("ValidationException",
                     "This parameter uses the advanced-parameter tier. You can't downgrade a "
                     "parameter from the advanced-parameter tier to the standard-parameter tier. "
                     "If necessary, you can delete the advanced parameter and recreate it as a "
                     "standard parameter.")};
  }
  if (auto problem = value_problem(next)) return Err{*std::move(problem)};
  return next;
}

json::Value put_answer(const Version& version) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("Version")
      .integer(version.number)
      .key("Tier")
      .string(version.tier)
      .end_object();
  return json::Value::trusted(std::move(text));
}

ServiceError all_versions_labelled(const Parameter& parameter) {
  return error("ParameterMaxVersionLimitExceeded",
               "You attempted to create a new version of " + parameter.name +
                   " by calling the PutParameter API with the overwrite flag. Version " +
                   std::to_string(parameter.versions.front().number) +
                   ", the oldest version, can't be deleted because it has a label associated with "
                   "it. Move the label to another version of the parameter, and try again.");
}

}  // namespace

std::optional<ServiceError> name_problem(std::string_view name) {
  const bool letters = std::all_of(name.begin(), name.end(), [](unsigned char byte) {
    return std::isalnum(byte) != 0 || byte == '.' || byte == '-' || byte == '_' || byte == '/';
  });
  const auto slashes = static_cast<std::size_t>(std::count(name.begin(), name.end(), '/'));
  if (slashes > kLevelsMax) {
    return error("HierarchyLevelLimitExceededException",
                 "Hierarchy depth exceeds limit. Parameter name hierarchy has a limit of 15 "
                 "levels.");
  }
  if (begins_with_word(name, "aws")) {
    return error("AccessDeniedException",
                 "No access to reserved parameter name: " + std::string(name) + ".");
  }
  const bool path = name.find('/') == std::string_view::npos || name.starts_with('/');
  if (letters && path && !name.empty() && name.size() <= kNameMax && !name.ends_with('/') &&
      name.find("//") == std::string_view::npos && !begins_with_word(name, "ssm")) {
    return std::nullopt;
  }
  return error("ValidationException",
               path
                   ? "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed "
                     "as a path, it can consist of sub-paths divided by slash symbol; each "
                     "sub-path can be formed as a mix of letters, numbers and the following 3 "
                     "symbols .-_"
                   : "Parameter name must be a fully qualified name.");
}

void Service::put_parameter(const Call& call, const Reply& reply) {
  const Node input = call.input.root();
  const std::string name = text_of(input, "Name");
  if (auto problem = name_problem(name)) return reply(Err{*std::move(problem)});
  const bool overwrite = flag_of(input, "Overwrite");
  const Node* tags = input.find("Tags");
  const bool tagged = tags != nullptr && tags->is_array() && tags->size() > 0;
  if (overwrite && tagged) {
    return reply(Err{error("ValidationException",
                           "Invalid request: tags and overwrite can't be used together. To create "
                           "a parameter with tags, please remove overwrite flag. To update tags "
                           "for an existing parameter, please use AddTagsToResource or "
                           "RemoveTagsFromResource.")});
  }
  change(
      call, name,
      [call, name, overwrite,
       now = clock_.wall_now()](std::optional<Parameter>& parameter) -> Answer {
        const Node given = call.input.root();
        if (parameter && !overwrite) {
          return Err{error("ParameterAlreadyExists",
                           "The parameter already exists. To overwrite this value, set the "
                           "overwrite option in the request to true.")};
        }
        Version next = TRY(next_version(given, parameter));
        next.modified = now;
        next.user = call.principal.arn.empty() ? "arn:aws:iam::" + call.principal.account + ":root"
                                               : call.principal.arn;
        if (!parameter) {
          parameter = Parameter{.account = call.principal.account,
                                .region = call.principal.region,
                                .name = name,
                                .versions = {}};
          if (const Node* list = given.find("Tags")) {
            for (const Node& tag : *list)
              parameter->tags[text_of(tag, "Key")] = text_of(tag, "Value");
          }
        }
        parameter->versions.push_back(next);
        if (parameter->versions.size() > kVersionsMax) {
          if (!parameter->versions.front().labels.empty()) {
            return Err{all_versions_labelled(*parameter)};
          }
          parameter->versions.erase(parameter->versions.begin());
        }
        return put_answer(next);
      },
      reply);
}

void Service::delete_parameter(const Call& call, const Reply& reply) {
  change(
      call, text_of(call.input.root(), "Name"),
      [](std::optional<Parameter>& parameter) -> Answer {
        if (!parameter) return Err{error("ParameterNotFound")};
        parameter.reset();
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::delete_parameters(const Call& call, const Reply& reply) {
  const auto answer = std::make_shared<std::string>();
  catalog_.update(
      [call, answer](const runtime::Catalog::View& view) {
        std::vector<runtime::Catalog::Change> changes;
        std::vector<std::string> missing;
        json::Writer out(*answer);
        out.begin_object().key("DeletedParameters").begin_array();
        for (const std::string& name : texts_of(call.input.root(), "Names")) {
          const std::string key = parameter_key(call.principal, name);
          if (view.find(kParameterTable, key) == nullptr) {
            missing.push_back(name);
            continue;
          }
          out.string(name);
          changes.push_back({std::string(kParameterTable), key, std::nullopt});
        }
        out.end_array().key("InvalidParameters").begin_array();
        for (const std::string& name : missing) out.string(name);
        out.end_array().end_object();
        return changes;
      },
      [answer, reply] { reply(json::Value::trusted(std::move(*answer))); });
}

void Service::label_version(const Call& call, const Reply& reply) {
  change(
      call, text_of(call.input.root(), "Name"),
      [call](std::optional<Parameter>& parameter) -> Answer {
        if (!parameter) return Err{error("ParameterNotFound")};
        const Node input = call.input.root();
        const std::int64_t number =
            integer_of(input, "ParameterVersion", parameter->newest().number);
        if (parameter->find(std::to_string(number)) == nullptr) {
          return Err{error("ParameterVersionNotFound",
                           "Systems Manager could not find version " + std::to_string(number) +
                               " of " + parameter->name + ". Verify the version and try again.")};
        }
        for (const std::string& label : texts_of(input, "Labels")) {
          for (Version& version : parameter->versions) {
            version.labels.erase(label);
            if (version.number == number) version.labels.insert(label);
          }
        }
        if (parameter->find(std::to_string(number))->labels.size() > kLabelsMax) {
          return Err{error("ParameterVersionLabelLimitExceeded",
                           "A parameter version can have a maximum of 10 labels.")};
        }
        std::string text;
        json::Writer(text)
            .begin_object()
            .key("InvalidLabels")
            .begin_array()
            .end_array()
            .key("ParameterVersion")
            .integer(number)
            .end_object();
        return json::Value::trusted(std::move(text));
      },
      reply);
}

}  // namespace pawl::ssm
