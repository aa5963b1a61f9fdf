// Parameters shown: one, several, below a path, as a list of what they are.
#include <algorithm>
#include <functional>

#include "json/number.h"
#include "services/ssm/service.h"

namespace pawl::ssm {

namespace {

using json::Node;
using json::Writer;

// A secret is shown as it is stored unless it is asked for decrypted.
Result<std::string, ServiceError> shown_value(const SecretKey& key, const Parameter& parameter,
                                              const Version& version, Node input) {
  if (!flag_of(input, "WithDecryption")) return version.value;
  return plain_value(key, parameter, version);
}

void write_time(Writer& out, WallMillis time) { out.real(static_cast<double>(time) / 1'000); }

void write_parameter(Writer& out, const Parameter& parameter, const Version& version,
                     const std::string& selector, const std::string& value) {
  out.begin_object().key("Name").string(parameter.name).key("Type").string(version.type);
  out.key("Value").string(value);
  out.key("Version").integer(version.number);
  if (!selector.empty()) out.key("Selector").string(selector);
  out.key("LastModifiedDate");
  write_time(out, version.modified);
  out.key("ARN").string(parameter.arn()).key("DataType").string(version.data_type).end_object();
}

// What DescribeParameters and GetParameterHistory have in common.
void write_metadata(Writer& out, const Parameter& parameter, const Version& version) {
  out.key("Name").string(parameter.name).key("Type").string(version.type);
  if (!version.key_id.empty()) out.key("KeyId").string(version.key_id);
  out.key("LastModifiedDate");
  write_time(out, version.modified);
  out.key("LastModifiedUser").string(version.user);
  if (!version.description.empty()) out.key("Description").string(version.description);
  if (!version.allowed_pattern.empty()) {
    out.key("AllowedPattern").string(version.allowed_pattern);
  }
  out.key("Version").integer(version.number).key("Tier").string(version.tier);
  out.key("Policies").begin_array().end_array();
  out.key("DataType").string(version.data_type);
}

// What a filter's key names of a parameter; a parameter may have several labels.
std::vector<std::string> values_of(const Parameter& parameter, std::string_view key) {
  const Version& version = parameter.newest();
  if (key == "Name") return {parameter.name};
  if (key == "Type") return {version.type};
  if (key == "KeyId") return {version.key_id};
  if (key == "Tier") return {version.tier};
  if (key == "DataType") return {version.data_type};
  if (key == "Label") return {version.labels.begin(), version.labels.end()};
  if (key.starts_with("tag:")) {
    const auto tag = parameter.tags.find(std::string(key.substr(4)));
    if (tag != parameter.tags.end()) return {tag->second};
  }
  return {};
}

// Whether the parameter is below the path: all levels of it, or the next one only.
bool is_below(std::string_view name, std::string_view path, bool all_levels) {
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!name.starts_with('/') || !name.starts_with(path)) return false;
  const std::string_view rest = name.substr(path.size());
  if (!rest.starts_with('/')) return false;
  return all_levels || rest.find('/', 1) == std::string_view::npos;
}

bool passes(const Parameter& parameter, Node filter) {
  const std::string key = text_of(filter, "Key");
  const std::string option = text_of(filter, "Option", key == "Path" ? "OneLevel" : "Equals");
  const std::vector<std::string> wanted = texts_of(filter, "Values");
  const auto any = [&wanted](const auto& test) {
    return std::any_of(wanted.begin(), wanted.end(), test);
  };
  if (key == "Path") {
    return any([&](const std::string& path) {
      return is_below(parameter.name, path, option == "Recursive");
    });
  }
  const std::vector<std::string> values = values_of(parameter, key);
  if (wanted.empty() && key.starts_with("tag:")) return !values.empty();
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    return any([&](const std::string& each) {
      if (option == "BeginsWith") return value.starts_with(each);
      if (option == "Contains") return value.find(each) != std::string::npos;
      return value == each;
    });
  });
}

std::optional<ServiceError> filter_problem(Node input) {
  const Node* filters = input.find("ParameterFilters");
  if (filters == nullptr || !filters->is_array()) return std::nullopt;
  constexpr std::string_view kKeys[] = {"Name", "Type",  "KeyId",   "Path",
                                        "Tier", "Label", "DataType"};
  for (const Node& filter : *filters) {
    const std::string key = text_of(filter, "Key");
    if (!key.starts_with("tag:") &&
        std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys)) {
      return error("InvalidFilterKey", "The specified key is not valid: " + key);
    }
    const std::string option = text_of(filter, "Option", "Equals");
    constexpr std::string_view kOptions[] = {"Equals", "BeginsWith", "Contains", "Recursive",
                                             "OneLevel"};
    if (std::find(std::begin(kOptions), std::end(kOptions), option) == std::end(kOptions)) {
      return error("InvalidFilterOption", "The specified filter option is not valid: " + option);
    }
  }
  return std::nullopt;
}

bool passes_all(const Parameter& parameter, Node input) {
  for (const char* member : {"ParameterFilters", "Filters"}) {
    const Node* filters = input.find(member);
    if (filters == nullptr || !filters->is_array()) continue;
    for (const Node& filter : *filters) {
      if (!passes(parameter, filter)) return false;
    }
  }
  return true;
}

using WriteElement = std::function<Result<void, ServiceError>(Writer&, std::size_t)>;

// A page of what `write` makes of each element; the token is the place of the next one.
template <typename Elements>
runtime::OperationResult page_of(Node input, std::string_view member, std::int64_t default_size,
                                 const Elements& elements, const WriteElement& write) {
  const std::string token = text_of(input, "NextToken");
  const auto begin = token.empty() ? std::optional<std::int64_t>(0) : json::to_int64(token);
  if (!begin || *begin < 0 || *begin > static_cast<std::int64_t>(elements.size())) {
    return Err{error("InvalidNextToken", "The specified token is not valid.")};
  }
  const auto first = static_cast<std::size_t>(*begin);
  const auto size = static_cast<std::size_t>(integer_of(input, "MaxResults", default_size));
  const std::size_t end = std::min(elements.size(), first + size);
  std::string text;
  Writer out(text);
  out.begin_object().key(member).begin_array();
  for (std::size_t i = first; i < end; ++i) TRY(write(out, i));
  out.end_array();
  if (end < elements.size()) out.key("NextToken").string(std::to_string(end));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

Service::Answer Service::get_parameter(const Call& call) {
  const Node input = call.input.root();
  const Found found = TRY(find(call, text_of(input, "Name")));
  const std::string value = TRY(shown_value(key_, found.parameter, found.version, input));
  std::string text;
  Writer out(text);
  out.begin_object().key("Parameter");
  write_parameter(out, found.parameter, found.version, found.selector, value);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::get_parameters(const Call& call) {
  const Node input = call.input.root();
  std::vector<std::string> missing;
  std::string text;
  Writer out(text);
  out.begin_object().key("Parameters").begin_array();
  for (const std::string& name : texts_of(input, "Names")) {
    const auto found = find(call, name);
    if (!found.ok()) {
      missing.push_back(name);
      continue;
    }
    const std::string value = TRY(shown_value(key_, found->parameter, found->version, input));
    write_parameter(out, found->parameter, found->version, found->selector, value);
  }
  out.end_array().key("InvalidParameters").begin_array();
  for (const std::string& name : missing) out.string(name);
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::get_by_path(const Call& call) {
  const Node input = call.input.root();
  const std::string path = text_of(input, "Path");
  if (!path.starts_with('/')) {
    return Err{error("ValidationException",
                     "The parameter doesn't meet the parameter name requirements. The parameter "
                     "name must begin with a forward slash \"/\". It can't be prefixed with "
                     "\\\"aws\\\" or \\\"ssm\\\" (case-insensitive). It must use only letters, "
                     "numbers, or the following symbols: . (period), - (hyphen), _ (underscore). "
                     "Special characters are not allowed. All sub-paths, if specified, must use "
                     "the forward slash symbol \"/\". Valid example: "
                     "/get/parameters2-/by1./path0_.")};
  }
  if (auto problem = filter_problem(input)) return Err{*std::move(problem)};
  std::vector<Parameter> parameters = all_of(call);
  std::erase_if(parameters, [&](const Parameter& each) {
    return !is_below(each.name, path, flag_of(input, "Recursive")) || !passes_all(each, input);
  });
  return page_of(input, "Parameters", 10, parameters,
                 [&](Writer& out, std::size_t i) -> Result<void, ServiceError> {
                   const Parameter& each = parameters[i];
                   const std::string value = TRY(shown_value(key_, each, each.newest(), input));
                   write_parameter(out, each, each.newest(), "", value);
                   return {};
                 });
}

Service::Answer Service::get_history(const Call& call) {
  const Node input = call.input.root();
  const Found found = TRY(find(call, text_of(input, "Name")));
  const std::vector<Version>& versions = found.parameter.versions;
  return page_of(
      input, "Parameters", 50, versions,
      [&](Writer& out, std::size_t i) -> Result<void, ServiceError> {
        out.begin_object();
        write_metadata(out, found.parameter, versions[i]);
        out.key("Value").string(TRY(shown_value(key_, found.parameter, versions[i], input)));
        out.key("Labels").begin_array();
        for (const std::string& label : versions[i].labels) out.string(label);
        out.end_array().end_object();
        return {};
      });
}

Service::Answer Service::describe_parameters(const Call& call) {
  const Node input = call.input.root();
  if (auto problem = filter_problem(input)) return Err{*std::move(problem)};
  std::vector<Parameter> parameters = all_of(call);
  std::erase_if(parameters, [&input](const Parameter& each) { return !passes_all(each, input); });
  return page_of(input, "Parameters", 50, parameters,
                 [&](Writer& out, std::size_t i) -> Result<void, ServiceError> {
                   out.begin_object();
                   write_metadata(out, parameters[i], parameters[i].newest());
                   out.key("ARN").string(parameters[i].arn()).end_object();
                   return {};
                 });
}

}  // namespace pawl::ssm
