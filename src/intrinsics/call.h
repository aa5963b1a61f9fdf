// The 18 intrinsic functions of the States Language (spec, "Intrinsic Functions"), as the service
// runs them (reference/step-functions.md B9).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/rng.h"
#include "json/value.h"
#include "jsonpath/query.h"

namespace pawl::intrinsics {

struct CompileError {
  std::string message;
};

struct EvalError {
  // Complete cause text as the service words it, without the "An error occurred while executing
  // the state" prefix, e.g. "The function 'States.Array($.x)' had the following error: ...".
  std::string cause;
};

struct CallNode;  // immutable, defined in call_node.h

// An immutable compiled call with its nested calls; any thread may evaluate it.
class Call {
 public:
  // Refuses what the service refuses when a definition is created: unknown functions, bad syntax,
  // too deep nesting. A wrong number of arguments is found out by evaluate, as there.
  static Result<Call, CompileError> compile(std::string_view text);

  const std::string& text() const;
  // Draws from `rng` only in States.UUID and States.MathRandom without a seed. The answer points
  // into the scope's nodes or `arena`.
  Result<json::Node, EvalError> evaluate(const jsonpath::Scope& scope, json::Arena& arena,
                                         Rng& rng) const;
  // Calls `visit(query)` for every path among the arguments, nested ones included.
  template <class Visit>
  void for_each_query(Visit visit) const {
    struct Visitor final : QueryVisitor {
      explicit Visitor(Visit& inner) : visit(inner) {}
      void operator()(const jsonpath::Query& query) override { visit(query); }
      Visit& visit;
    } visitor(visit);
    visit_queries(visitor);
  }

 private:
  struct QueryVisitor {
    virtual ~QueryVisitor() = default;
    virtual void operator()(const jsonpath::Query& query) = 0;
  };
  static void visit_queries(const CallNode& node, QueryVisitor& visitor);
  void visit_queries(QueryVisitor& visitor) const { visit_queries(*node_, visitor); }

  explicit Call(std::shared_ptr<const CallNode> node) : node_(std::move(node)) {}
  std::shared_ptr<const CallNode> node_;
};

}  // namespace pawl::intrinsics
