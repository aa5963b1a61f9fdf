#include "machine/payload.h"

#include "machine/strand_tree.h"

namespace pawl::machine {

namespace {

// `Invalid path '$.x' : <Jayway's words>`.
Fault invalid_path(const Work& work, const jsonpath::Query& query,
                   const jsonpath::PathError& error) {
  return runtime_fault(work, "Invalid path '" + query.text + "' : " + error.message);
}

// Where the service evaluates no path at all, `$` included.
bool selects_from_nothing(const jsonpath::Query& query, json::Node input) {
  return query.source == jsonpath::Query::Source::kInput && input.is_null();
}
Fault null_input(const Work& work) {
  return runtime_fault(work, "Unable to apply Path transformation to null or empty input.");
}

}  // namespace

Result<json::Node, jsonpath::PathError> Evaluation::query(const jsonpath::Query& query,
                                                          json::Node input) {
  return jsonpath::evaluate(query, scope_for(query, input), arena_);
}

Result<json::Node, Failure> Evaluation::select(const jsonpath::Query& query, json::Node input) {
  if (selects_from_nothing(query, input)) return Err{null_input(work_)};
  auto found = this->query(query, input);
  if (!found.ok()) return Err{invalid_path(work_, query, found.error())};
  return *found;
}

Result<json::Node, Failure> Evaluation::expression(const asl::Expression& expression,
                                                   std::string_view field, const Payload& input) {
  if (const auto* function = std::get_if<intrinsics::Call>(&expression)) {
    return call(*function, input);
  }
  const auto& path = std::get<jsonpath::Query>(expression);
  if (selects_from_nothing(path, input.node())) return Err{null_input(work_)};
  auto found = query(path, input.node());
  if (!found.ok()) return Err{path_fault(path, field, input, found.error())};
  return *found;
}

Fault Evaluation::path_fault(const jsonpath::Query& query, std::string_view field,
                             const Payload& input, const jsonpath::PathError& error) const {
  if (error.kind != jsonpath::PathError::Kind::kNotFound) return invalid_path(work_, query, error);
  std::string cause = "The JSONPath '" + query.text + "' specified for the field '";
  cause += field;
  cause += "' could not be found in the input '" + input.text() + "'";
  return runtime_fault(work_, cause);
}

Result<json::Node, Failure> Evaluation::call(const intrinsics::Call& call, const Payload& input) {
  jsonpath::Scope scope{.input = input.node(), .context = {}, .variables = {}};
  call.for_each_query([&](const jsonpath::Query& query) {
    if (query.source == jsonpath::Query::Source::kContext) scope.context = context();
    if (query.source == jsonpath::Query::Source::kVariable) scope.variables = variables();
  });
  auto result = call.evaluate(scope, arena_, work_.rng);
  if (!result.ok()) return Err{runtime_fault(work_, result.error().cause)};
  return *result;
}

Result<json::Node, Failure> Evaluation::instantiate(const asl::Template& form,
                                                    const Payload& input) {
  if (const auto* literal = std::get_if<asl::TemplateLiteral>(&form.form)) return literal->node;
  if (const auto* members = std::get_if<asl::TemplateObject>(&form.form)) {
    return object(*members, input);
  }
  if (const auto* elements = std::get_if<asl::TemplateArray>(&form.form)) {
    return array(*elements, input);
  }
  if (const auto* value = std::get_if<asl::TemplateExpression>(&form.form)) {
    return expression(value->expression, value->field, input);
  }
  return jsonata(std::get<asl::TemplateJsonata>(form.form));
}

Result<json::Node, Failure> Evaluation::object(const asl::TemplateObject& form,
                                               const Payload& input) {
  std::vector<json::Member> members;
  members.reserve(form.members.size());
  for (const asl::TemplateMember& member : form.members) {
    members.push_back({json::Node::string(member.key), TRY(instantiate(*member.value, input))});
  }
  return arena_.object(members);
}

Result<json::Node, Failure> Evaluation::array(const asl::TemplateArray& form,
                                              const Payload& input) {
  std::vector<json::Node> elements;
  elements.reserve(form.elements.size());
  for (const asl::Template& element : form.elements) {
    elements.push_back(TRY(instantiate(element, input)));
  }
  return arena_.array(elements);
}

void Evaluation::note(Stage stage, const Payload& payload) const {
  Inspection* inspection = work_.context.inspection;
  if (inspection) inspection->values.insert_or_assign(stage, payload.value());
}

json::Node Evaluation::context() {
  if (!context_) {
    const auto item = item_ ? item_ : map_item_of(work_.execution, work_.strand);
    context_ = context_object(work_, item, arena_);
  }
  return *context_;
}

// Inner scopes read outer ones (step-functions.md B3).
json::Node Evaluation::variables() {
  if (!variables_) {
    std::vector<const Strand*> scopes{&work_.strand};
    while (!is_top(*scopes.back())) {
      scopes.push_back(&strand_at(work_.execution, scopes.back()->parent));
    }
    json::ObjectBuilder visible(arena_);
    // An inner variable hides an outer one of the same name.
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
      for (const auto& [name, value] : (*scope)->variables) visible.set(name, value.root());
    }
    variables_ = visible.finish();
  }
  return *variables_;
}

jsonpath::Scope Evaluation::scope_for(const jsonpath::Query& query, json::Node input) {
  jsonpath::Scope scope{.input = input, .context = {}, .variables = {}};
  if (query.source == jsonpath::Query::Source::kContext) scope.context = context();
  if (query.source == jsonpath::Query::Source::kVariable) scope.variables = variables();
  return scope;
}

}  // namespace pawl::machine
