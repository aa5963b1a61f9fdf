// The evaluator behind evaluate(): one member a function. Arguments that are not known yet stay, as
// far as they could be evaluated, inside the function, which stays too.
#pragma once

#include <optional>
#include <string>

#include "templates/evaluate.h"
#include "templates/intrinsic.h"

namespace pawl::templates {

class Evaluator {
 public:
  using Answer = Result<Evaluated, TemplateError>;

  Evaluator(json::Arena& arena, const Scope& scope) : arena_(arena), scope_(scope) {}

  Answer evaluate(json::Node node);

 private:
  // evaluate.cc
  Answer evaluate_array(json::Node node);
  Answer evaluate_object(json::Node node);
  Answer evaluate_call(const Intrinsic& call);
  Answer ref(json::Node argument);
  Answer get_attribute(json::Node argument);
  Answer sub(json::Node argument);
  Answer choose(json::Node argument);
  Result<std::optional<Evaluated>, TemplateError> value_of(const std::string& name);
  Result<std::optional<Evaluated>, TemplateError> attribute_of(const std::string& resource,
                                                               const std::string& attribute);
  Result<std::optional<std::string>, TemplateError> sub_value(const std::string& name,
                                                              json::Node names);
  std::optional<Evaluated> pseudo_parameter(std::string_view name);
  Evaluated pending(std::string_view key, json::Node argument);
  Evaluated text(std::string_view value);
  json::Node copy(json::Node node);
  static Err<TemplateError> too_large();

  // functions.cc
  Answer join(json::Node argument);
  Answer split(json::Node argument);
  Answer select(json::Node argument);
  Answer base64(json::Node argument);
  Answer find_in_map(json::Node argument);
  Answer import_value(json::Node argument);
  Answer cidr(json::Node argument);
  Answer zones(json::Node argument);
  Answer length(json::Node argument);
  Answer to_json_string(json::Node argument);
  Answer resolve_dynamic(std::string_view value);

  json::Arena& arena_;
  const Scope& scope_;
};

}  // namespace pawl::templates
