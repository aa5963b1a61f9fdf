// ResultPath: a value put into a document. Nothing is changed in place; the containers along the
// path are made anew and share everything else.
#include "jsonpath/path.h"
#include "jsonpath/program.h"

namespace pawl::jsonpath {
namespace {

Err<PathError> unreachable(std::string message) {
  return Err{PathError{PathError::Kind::kNotFound, std::move(message), {}}};
}

class Putter {
 public:
  Putter(const CompiledPath& path, json::Node value, json::Arena& arena)
      : path_(path), value_(value), arena_(arena) {}

  // `place` is what stands where steps before `index` lead; nothing when there is nothing yet.
  Result<json::Node, PathError> put(std::size_t index, const json::Node* place) {
    if (index == path_.steps.size()) return value_;
    const Step& step = path_.steps[index];
    if (step.kind == Step::Kind::kIndex) return put_element(index, place);
    return put_member(index, place);
  }

 private:
  Result<json::Node, PathError> put_member(std::size_t index, const json::Node* place) {
    const std::string& name = path_.steps[index].name;
    if (place != nullptr && !place->is_object()) {
      return unreachable("The path '" + path_.text + "' leads to '" + name +
                         "' in a value that is no object");
    }
    std::vector<json::Member> members;
    json::Member* found = nullptr;
    if (place != nullptr) {
      const json::Node::Members old = place->members();
      members.reserve(place->size() + 1);
      members.assign(old.begin(), old.end());
      for (json::Member& member : members) {
        if (member.key.string() == name) found = &member;
      }
    }
    if (found != nullptr) {
      found->value = TRY(put(index + 1, &found->value));
    } else {
      members.push_back({arena_.string(name), TRY(put(index + 1, nullptr))});
    }
    return arena_.object(members);
  }

  Result<json::Node, PathError> put_element(std::size_t index, const json::Node* place) {
    const std::int32_t number = path_.steps[index].numbers.front();
    if (place == nullptr || !place->is_array() || number < 0 ||
        static_cast<std::size_t>(number) >= place->size()) {
      return unreachable("The path '" + path_.text + "' leads to element " +
                         std::to_string(number) + " of a value that has none");
    }
    std::vector<json::Node> elements(place->begin(), place->end());
    json::Node& element = elements[static_cast<std::size_t>(number)];
    element = TRY(put(index + 1, &element));
    return arena_.array(elements);
  }

  const CompiledPath& path_;
  json::Node value_;
  json::Arena& arena_;
};

}  // namespace

Result<json::Node, PathError> Path::put(json::Node root, json::Node value,
                                        json::Arena& arena) const {
  if (!is_reference()) {
    return Err{PathError{PathError::Kind::kInvalidPath,
                         "The path '" + compiled_->text + "' is not a reference path",
                         {}}};
  }
  return Putter(*compiled_, value, arena).put(1, &root);
}

}  // namespace pawl::jsonpath
