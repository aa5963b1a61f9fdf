// `..`: the walk through everything below; internal to the layer.
#pragma once

#include "jsonpath/run_path.h"

namespace pawl::jsonpath {

class Scan {
 public:
  explicit Scan(PathRunner& runner) : runner_(runner) {}

  // Applies the step behind the scan (step `index`) wherever it fits, from `model` downwards.
  Outcome run(std::size_t index, Model model, const Trail& at);

 private:
  Outcome walk(Model model, const Trail& at);
  Outcome walk_object(Model model, const Trail& at);
  Outcome walk_array(Model model, const Trail& at);
  Outcome walk_for_name(const json::Node& node, const Trail& at);
  Outcome walk_members_for_name(const json::Node& object, const Trail& at);
  Outcome apply(Model model, const Trail& at);
  // kNotFound: the step does not fit here.
  Outcome fits(Model model);

  PathRunner& runner_;
  std::size_t target_ = 0;
};

}  // namespace pawl::jsonpath
