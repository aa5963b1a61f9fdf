#include "jsonpath/evaluation.h"

namespace pawl::jsonpath {

std::string to_string(const Trail& trail) {
  std::vector<const Trail*> links;
  for (const Trail* link = &trail; link->before != nullptr; link = link->before) {
    links.push_back(link);
  }
  std::string text = "$";
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    if ((*link)->index == Trail::kName) {
      text.append("['").append((*link)->name).append("']");
    } else {
      text.append("[").append(std::to_string((*link)->index)).append("]");
    }
  }
  return text;
}

std::string Evaluation::text_of(Model model) const {
  return model.wrapped ? java::text_of_wrapped(*model.node)
                       : java::text_of(*model.node, notation());
}

bool Evaluation::exhausted() {
  other("StackOverflowError", "Evaluating the path takes too many steps");
  return false;
}

const json::Node* search_member(const json::Node& object, std::string_view name,
                                std::uint32_t& hint) {
  const json::Member* const members = object.members().first;
  constexpr std::size_t kScannedMax = 16;
  if (object.size() > kScannedMax) return object.find(name);
  for (std::uint32_t i = 0; i < object.size(); ++i) {
    if (same_name(members[i].key.string(), name)) {
      hint = i;
      return &members[i].value;
    }
  }
  return nullptr;
}

namespace {

Located locate_element(const json::Node& array, std::int64_t index, Provider provider) {
  if (!array.is_array()) return {};
  if (index >= 0 && index < static_cast<std::int64_t>(array.size())) {
    return {Outcome::kDone, &array.at(static_cast<std::size_t>(index))};
  }
  if (provider == Provider::kNode) return {};
  return {Outcome::kNotFound, nullptr};
}

}  // namespace

Located locate(std::span<const Step> steps, const json::Node& start, Provider provider,
               Hints& hints) {
  const json::Node* node = &start;
  for (const Step& step : steps) {
    Located next;
    switch (step.kind) {
      case Step::Kind::kRoot:
        continue;
      case Step::Kind::kProperty:
        next.node = node->is_object() ? find_member(*node, step.name, hints[step.hint]) : nullptr;
        next.outcome = next.node != nullptr ? Outcome::kDone : Outcome::kNotFound;
        break;
      case Step::Kind::kIndex:
        next = locate_element(*node, step.numbers.front(), provider);
        break;
      case Step::Kind::kFromLength:
        next = locate_element(*node, static_cast<std::int64_t>(node->size()) + step.numbers.front(),
                              provider);
        break;
      case Step::Kind::kProperties:
      case Step::Kind::kIndexes:
      case Step::Kind::kSliceFrom:
      case Step::Kind::kSliceTo:
      case Step::Kind::kSliceBetween:
      case Step::Kind::kWildcard:
      case Step::Kind::kScan:
      case Step::Kind::kFilter:
      case Step::Kind::kPlaceholders:
        return {};
    }
    if (next.outcome != Outcome::kDone) return next;
    node = next.node;
  }
  return {Outcome::kDone, node};
}

}  // namespace pawl::jsonpath
