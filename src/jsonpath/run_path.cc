// The general way to evaluate: recursion along the steps, in Jayway's order, with its messages.
#include "jsonpath/run_path.h"

#include <algorithm>

#include "jsonpath/scan.h"

namespace pawl::jsonpath {

Result<std::string, Exception> fragment_of(const Step& step) {
  const auto number = [&step](std::size_t i) { return std::to_string(step.numbers[i]); };
  switch (step.kind) {
    case Step::Kind::kRoot:
      return std::string("$");
    case Step::Kind::kProperty:
      return "['" + step.name + "']";
    case Step::Kind::kProperties: {
      std::string text = "[";
      for (const std::string& name : step.names) {
        text.append(text.size() > 1 ? ", '" : "'").append(name).append("'");
      }
      return text + "]";
    }
    case Step::Kind::kIndex:
    case Step::Kind::kIndexes: {
      std::string text = "[" + number(0);
      for (std::size_t i = 1; i < step.numbers.size(); ++i) text += "," + number(i);
      return text + "]";
    }
    case Step::Kind::kFromLength:
      return "[@.size()" + number(0) + "]";
    case Step::Kind::kSliceFrom:
      return "[" + number(0) + ":]";
    case Step::Kind::kSliceTo:
      return "[:" + number(0) + "]";
    case Step::Kind::kSliceBetween:
      return "[" + number(0) + ":" + number(1) + "]";
    case Step::Kind::kWildcard:
      return std::string("[*]");
    case Step::Kind::kScan:
      return std::string("..");
    case Step::Kind::kFilter:
      return std::string("[?]");
    case Step::Kind::kPlaceholders:
      break;
  }
  constexpr std::int32_t kWritable = 5;
  if (step.numbers.front() > kWritable) {
    return Err{Exception{"Index " + std::to_string(step.numbers.front() - 1) +
                         " out of bounds for length 5"}};
  }
  std::string text = "[?";
  for (std::int32_t i = 1; i < step.numbers.front(); ++i) text += ",?";
  return text + "]";
}

const json::Node PathRunner::kNull = json::Node::null();

Outcome PathRunner::run(std::size_t index, Model model, const Trail& at) {
  const Step& step = steps_[index];
  switch (step.kind) {
    case Step::Kind::kRoot:
      return proceed(index, model, Trail{});
    case Step::Kind::kProperty:
      return property(index, model, at);
    case Step::Kind::kProperties:
      return properties(index, model, at);
    case Step::Kind::kIndex:
    case Step::Kind::kIndexes:
    case Step::Kind::kFromLength:
    case Step::Kind::kSliceFrom:
    case Step::Kind::kSliceTo:
    case Step::Kind::kSliceBetween:
      return indexes(index, model, at);
    case Step::Kind::kWildcard:
      return wildcard(index, model, at);
    case Step::Kind::kScan:
      return Scan(*this).run(index, model, at);
    case Step::Kind::kFilter:
    case Step::Kind::kPlaceholders:
      return filter(index, model, at);
  }
  return Outcome::kFailed;
}

Outcome PathRunner::proceed(std::size_t index, Model found, const Trail& at) {
  if (!evaluation_.spend()) return Outcome::kFailed;
  const json::Node* result = is_leaf(index) ? found.node : nullptr;
  if (steps_[index].plain_behind) {
    const auto rest = std::span(steps_).subspan(index + 1);
    result = locate(rest, *found.node, evaluation_.provider, evaluation_.hints).node;
  }
  if (result == nullptr) return run(index + 1, found, at);
  results_.push_back(*result);
  return Outcome::kDone;
}

Outcome PathRunner::property(std::size_t index, Model model, const Trail& at) {
  const Step& step = steps_[index];
  if (!model.node->is_object()) return no_property(step, at);
  const json::Node* found = find_member(*model.node, step.name, evaluation_.hints[step.hint]);
  const Trail here{&at, step.name, Trail::kName};
  if (found != nullptr) return proceed(index, {found, false}, here);
  if (is_leaf(index)) {
    return evaluation_.not_found([&] { return "No results for path: " + to_string(here); });
  }
  if (!step.missing_is_error) return Outcome::kDone;
  return evaluation_.not_found([&] { return "Missing property in path " + to_string(here); });
}

Outcome PathRunner::no_property(const Step& step, const Trail& at) {
  return evaluation_.not_found([&] {
    return "Property " + fragment_of(step).value() + " not found in path " + to_string(at);
  });
}

// The key comes from the document or the arena: the answer may outlive the path.
std::optional<json::Member> PathRunner::find_whole(const json::Node& object,
                                                   std::string_view name) const {
  constexpr std::size_t kScannedMax = 16;
  if (object.size() > kScannedMax) {
    const json::Node* value = object.find(name);
    if (value == nullptr) return std::nullopt;
    return json::Member{evaluation_.arena.string(name), *value};
  }
  for (const json::Member& member : object.members()) {
    if (same_name(member.key.string(), name)) return member;
  }
  return std::nullopt;
}

Outcome PathRunner::properties(std::size_t index, Model model, const Trail& at) {
  const Step& step = steps_[index];
  if (!model.node->is_object()) return no_property(step, at);
  if (!is_leaf(index)) {
    return evaluation_.invalid("Multi properties can only be used as path leafs: " + to_string(at) +
                               fragment_of(step).value());
  }
  members_.clear();
  for (const std::size_t place : step.distinct) {
    if (!evaluation_.spend()) return Outcome::kFailed;
    if (const auto member = find_whole(*model.node, step.names[place])) {
      members_.push_back(*member);
    }
  }
  if (!evaluation_.spend()) return Outcome::kFailed;
  results_.push_back(evaluation_.arena.object(members_));
  return Outcome::kDone;
}

Outcome PathRunner::indexes(std::size_t index, Model model, const Trail& at) {
  const Step& step = steps_[index];
  if (model.is_java_null()) {
    return evaluation_.not_found([&] { return "The path " + to_string(at) + " is null"; });
  }
  if (!model.node->is_array()) {
    return refuse(index, "can only be applied to arrays.", model);
  }
  const auto length = static_cast<std::int64_t>(model.node->size());
  const auto number = [&step](std::size_t i) -> std::int64_t { return step.numbers[i]; };
  switch (step.kind) {
    case Step::Kind::kIndexes:
      for (const std::int32_t place : step.numbers) {
        if (const Outcome outcome = element(index, place, model, at); outcome != Outcome::kDone) {
          return outcome;
        }
      }
      return Outcome::kDone;
    case Step::Kind::kFromLength:
      return element(index, length + number(0), model, at);
    case Step::Kind::kSliceFrom:
      return slice(index, std::max<std::int64_t>(0, number(0) < 0 ? length + number(0) : number(0)),
                   length, model, at);
    case Step::Kind::kSliceTo:
      return slice(index, 0, std::min(length, number(0) < 0 ? length + number(0) : number(0)),
                   model, at);
    case Step::Kind::kSliceBetween:
      // A start before the array is not moved, and so not found.
      return length == 0 ? Outcome::kDone
                         : slice(index, number(0), std::min(length, number(1)), model, at);
    default:
      return element(index, number(0), model, at);
  }
}

Outcome PathRunner::slice(std::size_t index, std::int64_t from, std::int64_t to, Model array,
                          const Trail& at) {
  for (std::int64_t place = from; place < to; ++place) {
    if (const Outcome outcome = element(index, place, array, at); outcome != Outcome::kDone) {
      return outcome;
    }
  }
  return Outcome::kDone;
}

Outcome PathRunner::element(std::size_t index, std::int64_t place, Model array, const Trail& at) {
  const Trail here{&at, {}, place};
  const bool node_provider = evaluation_.provider == Provider::kNode;
  if (place >= 0 && place < static_cast<std::int64_t>(array.node->size())) {
    const json::Node& found = array.node->at(static_cast<std::size_t>(place));
    return proceed(index, {&found, node_provider}, here);
  }
  if (node_provider) return proceed(index, {&kNull, false}, here);
  return evaluation_.not_found(
      [&] { return "Index out of bounds when evaluating path " + to_string(here); });
}

// Over an array, what is not found further on is passed over element by element; over an object it
// is an error.
Outcome PathRunner::wildcard(std::size_t index, Model model, const Trail& at) {
  for (const json::Member& member : model.node->members()) {
    const Trail here{&at, member.key.string(), Trail::kName};
    if (const Outcome outcome = proceed(index, {&member.value, false}, here);
        outcome != Outcome::kDone) {
      return outcome;
    }
  }
  if (!model.node->is_array()) return Outcome::kDone;
  const bool wrapped = evaluation_.provider == Provider::kNode;
  ++evaluation_.swallowing;
  Outcome outcome = Outcome::kDone;
  for (std::size_t i = 0; i < model.node->size() && outcome != Outcome::kFailed; ++i) {
    const Trail here{&at, {}, static_cast<std::int64_t>(i)};
    outcome = proceed(index, {&model.node->at(i), wrapped}, here);
  }
  --evaluation_.swallowing;
  return outcome == Outcome::kFailed ? outcome : Outcome::kDone;
}

Outcome PathRunner::filter(std::size_t index, Model model, const Trail& at) {
  if (model.node->is_object()) {
    const Outcome accepted = accept(steps_[index], model);
    if (accepted == Outcome::kDone) return proceed(index, model, at);
    return accepted == Outcome::kFailed ? accepted : Outcome::kDone;
  }
  if (!model.node->is_array()) {
    return refuse(index, "can not be applied to primitives.", model);
  }
  for (std::size_t i = 0; i < model.node->size(); ++i) {
    const Outcome accepted = accept(steps_[index], {&model.node->at(i), false});
    if (accepted == Outcome::kFailed) return accepted;
    if (accepted == Outcome::kNotFound) continue;
    const Outcome outcome = element(index, static_cast<std::int64_t>(i), model, at);
    if (outcome != Outcome::kDone) return outcome;
  }
  return Outcome::kDone;
}

Outcome PathRunner::accept(const Step& step, Model item) {
  if (step.kind == Step::Kind::kFilter) return accepts(*step.filter, item, evaluation_);
  return evaluation_.other(
      "NullPointerException",
      "Cannot invoke \"com.jayway.jsonpath.Predicate.apply(com.jayway.jsonpath.Predicate$"
      "PredicateContext)\" because \"predicate\" is null");
}

Outcome PathRunner::refuse(std::size_t index, std::string_view why, Model model) {
  std::string rest;
  for (std::size_t i = index; i < steps_.size(); ++i) {
    Result<std::string, Exception> fragment = fragment_of(steps_[i]);
    if (!fragment.ok()) {
      return evaluation_.other("ArrayIndexOutOfBoundsException", fragment.error().text);
    }
    rest += *fragment;
  }
  return evaluation_.invalid("Filter: " + rest + " " + std::string(why) +
                             " Current context is: " + evaluation_.text_of(model));
}

Outcome run_path(const CompiledPath& path, Model start, Evaluation& evaluation,
                 std::vector<json::Node>& results) {
  return PathRunner(path.steps, evaluation, results).run(0, start, Trail{});
}

}  // namespace pawl::jsonpath
