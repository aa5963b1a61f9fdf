// The recursion behind run_path; internal to run_path.cc and scan.cc.
#pragma once

#include <string_view>
#include <vector>

#include "jsonpath/evaluation.h"

namespace pawl::jsonpath {

// Runs one path's steps. `at` is always how `model` was reached; `index` the step to apply to it.
class PathRunner {
 public:
  PathRunner(const std::vector<Step>& steps, Evaluation& evaluation,
             std::vector<json::Node>& results)
      : steps_(steps), evaluation_(evaluation), results_(results) {}

  Outcome run(std::size_t index, Model model, const Trail& at);
  // Goes on behind step `index`, which found `found`.
  Outcome proceed(std::size_t index, Model found, const Trail& at);
  // Whether a filter step takes the item.
  Outcome accept(const Step& step, Model item);

  const std::vector<Step>& steps() const { return steps_; }
  Evaluation& evaluation() { return evaluation_; }
  bool is_leaf(std::size_t index) const { return index + 1 == steps_.size(); }

 private:
  static const json::Node kNull;

  Outcome property(std::size_t index, Model model, const Trail& at);
  Outcome properties(std::size_t index, Model model, const Trail& at);
  std::optional<json::Member> find_whole(const json::Node& object, std::string_view name) const;
  Outcome no_property(const Step& step, const Trail& at);
  Outcome indexes(std::size_t index, Model model, const Trail& at);
  Outcome slice(std::size_t index, std::int64_t from, std::int64_t to, Model array,
                const Trail& at);
  Outcome element(std::size_t index, std::int64_t place, Model array, const Trail& at);
  Outcome wildcard(std::size_t index, Model model, const Trail& at);
  Outcome filter(std::size_t index, Model model, const Trail& at);
  // "Filter: [0]['a'] can only be applied to arrays. Current context is: ..."
  Outcome refuse(std::size_t index, std::string_view why, Model model);

  const std::vector<Step>& steps_;
  Evaluation& evaluation_;
  std::vector<json::Node>& results_;
  std::vector<json::Member> members_;
};

}  // namespace pawl::jsonpath
