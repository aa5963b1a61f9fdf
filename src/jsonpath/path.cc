#include "jsonpath/path.h"

#include "jsonpath/evaluation.h"
#include "jsonpath/path_parser.h"

namespace pawl::jsonpath {
namespace {

PathError other(std::string exception, std::string message) {
  return {PathError::Kind::kOther, std::move(message), std::move(exception)};
}

}  // namespace

Result<Path, PathError> Path::compile(std::string_view text) {
  if (text.empty()) {
    return Err{other("IllegalArgumentException", "json can not be null or empty")};
  }
  Numbering numbering;
  Result<CompiledPath, Exception> compiled = parse_path(text, numbering);
  if (!compiled.ok()) {
    return Err{PathError{PathError::Kind::kInvalidPath, std::move(compiled).error().text, {}}};
  }
  compiled->document_paths = numbering.document_paths.size();
  return Path(std::make_shared<const CompiledPath>(std::move(compiled).value()));
}

const std::string& Path::text() const { return compiled_->text; }

bool Path::definite() const { return compiled_->definite; }

bool Path::is_root() const { return compiled_->steps.size() == 1; }

bool Path::is_reference() const {
  const std::vector<Step>& steps = compiled_->steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool fits =
        i == 0 ? steps[i].kind == Step::Kind::kRoot
               : steps[i].kind == Step::Kind::kProperty || steps[i].kind == Step::Kind::kIndex;
    if (!fits) return false;
  }
  return compiled_->from_document;
}

Result<json::Node, PathError> Path::evaluate(json::Node root, json::Arena& arena,
                                             Provider provider) const {
  if (root.is_null() && provider == Provider::kMap) {
    return Err{other("IllegalArgumentException", "root can not be null")};
  }
  const Model start{&root, provider == Provider::kNode};
  if (compiled_->definite) {
    Hints hints{};
    const Located located = locate(compiled_->steps, root, provider, hints);
    if (located.outcome == Outcome::kDone) return *located.node;
  }
  Evaluation evaluation(arena, root, provider, compiled_->document_paths);
  std::vector<json::Node> results;
  constexpr std::size_t kUsualResults = 16;
  results.reserve(kUsualResults);
  const Outcome outcome = run_path(*compiled_, start, evaluation, results);
  if (outcome != Outcome::kDone) return Err{std::move(evaluation.error)};
  return compiled_->definite ? results.front() : arena.array(results);
}

}  // namespace pawl::jsonpath
