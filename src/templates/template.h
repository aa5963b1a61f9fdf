// A template as plain data. Nodes point into `document`, which the template keeps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "templates/error.h"

namespace pawl::templates {

struct Parameter {
  std::string name;
  std::string type;  // "String", "List<Number>", "AWS::SSM::Parameter::Value<String>"
  std::optional<std::string> default_value;
  std::optional<std::string> description;
  std::vector<std::string> allowed_values;
  std::optional<std::string> allowed_pattern;
  std::optional<std::string> constraint_description;
  std::optional<double> min_value, max_value;
  std::optional<std::size_t> min_length, max_length;
  bool no_echo = false;

  // Its value is a list: Ref answers an array.
  bool is_list() const;
  bool is_ssm() const;
};

struct Condition {
  std::string name;
  json::Node expression;
};

// What becomes of a resource that its stack lets go.
enum class DeletionPolicy { kDelete, kRetain, kSnapshot, kRetainExceptOnCreate };

struct Resource {
  std::string name;  // the logical id
  std::string type;
  json::Node properties;  // an object, maybe empty
  std::vector<std::string> depends_on;
  std::string condition;  // empty: none
  DeletionPolicy deletion_policy = DeletionPolicy::kDelete;
  DeletionPolicy update_replace_policy = DeletionPolicy::kDelete;
  json::Node metadata;         // null: none
  json::Node creation_policy;  // null: none
  json::Node update_policy;    // null: none
};

struct Output {
  std::string name;
  json::Node value;
  std::string description;
  std::string condition;
  json::Node export_name;  // null: not exported
};

struct Template {
  json::Value document;
  std::string description;
  std::vector<std::string> transforms;
  json::Node metadata;
  json::Node mappings;  // an object, maybe empty
  json::Node rules;
  std::vector<Parameter> parameters;
  std::vector<Condition> conditions;
  std::vector<Resource> resources;
  std::vector<Output> outputs;

  const Parameter* parameter(std::string_view name) const;
  const Condition* condition(std::string_view name) const;
  const Resource* resource(std::string_view name) const;
};

// Checks the form of a template that holds no transforms any more (or names them only), and that
// everything which its functions name is there.
Result<Template, TemplateError> parse_template(json::Value document);

// Description, metadata and parameters of a template whose transforms are not applied.
Result<Template, TemplateError> parse_head(json::Value document);

// The names in `Transform`: a text or a list of them.
std::vector<std::string> transforms_of(json::Node document);

}  // namespace pawl::templates
