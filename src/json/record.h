// Records that are stored as JSON objects. What a record consists of is said once, by a function
// that names every member beside the field that it holds:
//
//   template <class Fields>
//   void describe(Fields& fields, Stack& stack) {
//     fields("id", stack.id);
//     fields("tags", stack.tags);
//   }
//
// and read_record and record_text read and write by it. Texts, lists, sets and maps that are empty
// and flags that are false are left out, and are that when they are absent. Numbers always stand;
// one that is absent, in a record of an earlier version, is what a new record has. A type with
//
//   auto row_of(Tag& tag) { return std::tie(tag.key, tag.value); }
//
// stands as an array of these texts.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "json/members.h"
#include "json/value.h"
#include "json/writer.h"

namespace pawl::json {

template <class T>
concept RecordNumber = (std::integral<T> && !std::same_as<T, bool>) || std::is_enum_v<T>;

template <class T>
concept RecordRow = requires(T& record) { row_of(record); };

class RecordWriter {
 public:
  explicit RecordWriter(Writer& out) : out_(out) {}

  void operator()(std::string_view name, std::string& text) {
    if (!text.empty()) out_.key(name).string(text);
  }
  void operator()(std::string_view name, bool flag) {
    if (flag) out_.key(name).boolean(true);
  }
  template <RecordNumber T>
  void operator()(std::string_view name, T number) {
    out_.key(name).integer(static_cast<std::int64_t>(number));
  }
  template <class T>
  void operator()(std::string_view name, std::vector<T>& list) {
    if (list.empty()) return;
    out_.key(name).begin_array();
    for (T& each : list) element(each);
    out_.end_array();
  }
  void operator()(std::string_view name, std::set<std::string>& set) {
    if (set.empty()) return;
    out_.key(name).begin_array();
    for (const std::string& each : set) out_.string(each);
    out_.end_array();
  }
  template <class T, class Less>
  void operator()(std::string_view name, std::map<std::string, T, Less>& map) {
    if (map.empty()) return;
    out_.key(name).begin_object();
    for (auto& [key, value] : map) {
      out_.key(key);
      element(value);
    }
    out_.end_object();
  }
  template <class T>
    requires std::is_class_v<T>
  void operator()(std::string_view name, T& record) {
    out_.key(name);
    element(record);
  }
  // Text that is itself JSON.
  void json(std::string_view name, const std::string& text) { out_.key(name).raw(text); }

 private:
  template <class T>
  void element(T& record) {
    if constexpr (std::same_as<T, std::string>) {
      out_.string(record);
    } else if constexpr (RecordRow<T>) {
      out_.begin_array();
      std::apply([this](auto&... texts) { (out_.string(texts), ...); }, row_of(record));
      out_.end_array();
    } else {
      out_.begin_object();
      describe(*this, record);
      out_.end_object();
    }
  }

  Writer& out_;
};

class RecordReader {
 public:
  // Its document outlives the reader.
  explicit RecordReader(Node record) : members_(record) {}

  void operator()(std::string_view name, std::string& text) const {
    text = members_.text_or(name, {});
  }
  void operator()(std::string_view name, bool& flag) const { flag = members_.flag(name); }
  template <RecordNumber T>
  void operator()(std::string_view name, T& number) const {
    if (const auto found = members_.integer(name)) number = static_cast<T>(*found);
  }
  template <class T>
  void operator()(std::string_view name, std::vector<T>& list) const {
    const Node* found = members_.node(name);
    if (found == nullptr) return;
    for (const Node& each : *found) list.push_back(element<T>(each));
  }
  void operator()(std::string_view name, std::set<std::string>& set) const {
    const Node* found = members_.node(name);
    if (found == nullptr) return;
    for (const Node& each : *found) set.insert(element<std::string>(each));
  }
  template <class T, class Less>
  void operator()(std::string_view name, std::map<std::string, T, Less>& map) const {
    const Node* found = members_.node(name);
    if (found == nullptr) return;
    for (const Member& each : found->members()) {
      map.insert_or_assign(std::string(each.key.string()), element<T>(each.value));
    }
  }
  template <class T>
    requires std::is_class_v<T>
  void operator()(std::string_view name, T& record) const {
    if (const Node* found = members_.node(name)) record = element<T>(*found);
  }
  void json(std::string_view name, std::string& text) const {
    if (const Node* found = members_.node(name)) text = print(*found);
  }

 private:
  template <class T>
  static T element(Node node) {
    T record;
    if constexpr (std::same_as<T, std::string>) {
      if (node.is_string()) record = node.string();
    } else if constexpr (RecordRow<T>) {
      std::size_t at = 0;
      std::apply([&](auto&... texts) { ((texts = node.at(at++).string()), ...); }, row_of(record));
    } else {
      RecordReader reader(node);
      describe(reader, record);
    }
    return record;
  }

  Members members_;
};

template <class T>
std::string record_text(T record) {
  std::string text;
  Writer out(text);
  out.begin_object();
  RecordWriter writer(out);
  describe(writer, record);
  out.end_object();
  return text;
}

// `text` was written by record_text.
template <class T>
T read_record(std::string_view text) {
  const Value value = Value::trusted(std::string(text));
  T record;
  RecordReader reader(value.root());
  describe(reader, record);
  return record;
}

}  // namespace pawl::json
