#include "api/shape_text.h"

#include <charconv>
#include <map>

#include "base/ensure.h"

namespace pawl::api {

namespace {

using Members = std::vector<Member>;

bool is_blank(char byte) { return byte == ' ' || byte == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Up to the first blank; what is left stays in `text`.
std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  std::size_t end = 0;
  while (end < text.size() && !is_blank(text[end])) ++end;
  const std::string_view word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

// The statements of the text: each begins in a line of its own, with one of these words.
constexpr std::string_view kStatements[] = {"structure ", "group ", "operation ", "  in", "  out"};

bool begins_statement(std::string_view line) {
  for (const std::string_view word : kStatements) {
    if (line.substr(0, word.size()) == word && line.substr(0, 4) != "    ") return true;
  }
  return false;
}

std::vector<std::string_view> statements_of(std::string_view text) {
  std::vector<std::string_view> statements;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    while (end < text.size()) {
      const std::string_view rest = text.substr(end + 1);
      if (begins_statement(rest) || rest.empty()) break;
      end = std::min(text.find('\n', end + 1), text.size());
    }
    if (!trimmed(line).empty()) {
      ENSURE(begins_statement(line), line);
      statements.push_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return statements;
}

class TextReader {
 public:
  explicit TextReader(ServiceModel& model) : model_(model), shapes_(model.shapes()) {
    scalars_ = {{"string", shapes_.string()},
                {"int", shapes_.integer()},
                {"long", shapes_.number(ShapeType::kLong)},
                {"double", shapes_.number(ShapeType::kDouble)},
                {"bool", shapes_.boolean()},
                {"time", shapes_.timestamp()},
                {"blob", shapes_.blob()},
                {"map", shapes_.map(shapes_.string(), shapes_.string())}};
  }

  void read(std::string_view text) {
    const std::vector<std::string_view> statements = statements_of(text);
    // Structures may be used before they are written.
    for (const std::string_view statement : statements) {
      if (statement.substr(0, 10) == "structure ") declare(statement.substr(10));
    }
    for (const std::string_view statement : statements) read_statement(statement);
    end_operation();
  }

 private:
  struct Pending {
    OperationModel row;
    Members in;
    Members out;
    std::string_view out_name;
    bool has_out = false;
  };

  void declare(std::string_view text) {
    const std::string_view name = trimmed(text.substr(0, text.find(':')));
    structures_[name] = shapes_.declare_structure(name);
  }

  void read_statement(std::string_view statement) {
    const bool part = statement.substr(0, 2) == "  ";
    const std::string_view word = take_word(statement);
    if (word == "structure" || word == "group") {
      const std::size_t colon = statement.find(':');
      const std::string_view name = trimmed(statement.substr(0, colon));
      Members members = read_members(statement.substr(colon + 1));
      if (word == "group") {
        groups_[name] = std::move(members);
      } else {
        structures_[name]->members = std::move(members);
      }
    } else if (part && word == "in") {
      pending_.in = read_members(statement);
    } else if (part && word == "out") {
      read_output(statement);
    } else {
      ENSURE(word == "operation", word);
      end_operation();
      begin_operation(statement);
    }
  }

  void read_output(std::string_view statement) {
    pending_.has_out = true;
    const std::size_t end = statement.find_first_of(" \n");
    const std::string_view first = statement.substr(0, end);
    if (first.ends_with(':')) {
      pending_.out_name = first.substr(0, first.size() - 1);
      statement = end == std::string_view::npos ? std::string_view() : statement.substr(end);
    }
    pending_.out = read_members(statement);
  }

  void begin_operation(std::string_view statement) {
    pending_ = {};
    OperationModel& row = pending_.row;
    row.name = take_word(statement);
    row.http.method = take_word(statement);
    row.http.path = take_word(statement);
    if (row.http.method == "GET" || row.http.method == "HEAD") row.effect = Effect::kReads;
    while (!statement.empty()) {
      const std::string_view word = take_word(statement);
      if (word == "reads") {
        row.effect = Effect::kReads;
        continue;
      }
      const auto read = std::from_chars(word.data(), word.data() + word.size(), row.http.status);
      ENSURE(read.ec == std::errc(), word);
    }
  }

  void end_operation() {
    if (pending_.row.name.empty()) return;
    if (pending_.has_out) {
      pending_.row.output = shapes_.structure(pending_.out_name, std::move(pending_.out));
    }
    model_.add(pending_.row, std::move(pending_.in));
    pending_ = {};
  }

  Members read_members(std::string_view text) {
    Members members;
    while (!trimmed(text).empty()) {
      const std::size_t end = text.find(',');
      const std::string_view item = trimmed(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      if (item.front() == '+') {
        const auto group = groups_.find(item.substr(1));
        ENSURE(group != groups_.end(), item);
        members.insert(members.end(), group->second.begin(), group->second.end());
      } else {
        members.push_back(read_member(item));
      }
    }
    return members;
  }

  Member read_member(std::string_view item) {
    Member member{.name = take_word(item), .shape = scalars_.at("string")};
    if (member.name.ends_with('!')) {
      member.name.remove_suffix(1);
      member.presence = Presence::kRequired;
    }
    std::string_view rest = item;
    const std::string_view word = take_word(rest);
    if (!word.empty() && !read_place(word, rest, member)) {
      member.shape = type_of(word);
      item = rest;
      const std::string_view place = take_word(item);
      ENSURE(place.empty() || read_place(place, item, member), place);
    }
    return member;
  }

  static bool read_place(std::string_view word, std::string_view wire_name, Member& member) {
    static const std::map<std::string_view, Location> kPlaces = {
        {"path", Location::kPath},       {"query", Location::kQuery},
        {"header", Location::kHeader},   {"status", Location::kStatus},
        {"payload", Location::kPayload}, {"attribute", Location::kAttribute},
        {"as", Location::kBody}};
    const auto place = kPlaces.find(word);
    if (place == kPlaces.end()) return false;
    member.location = place->second;
    member.wire_name = wire_name;
    return true;
  }

  const Shape* type_of(std::string_view word) {
    if (word.front() == '[') {
      ENSURE(word.ends_with(']'), word);
      const std::string_view inside = word.substr(1, word.size() - 2);
      const std::size_t slash = inside.find('/');
      const Shape* element = type_of(inside.substr(0, slash));
      if (slash == std::string_view::npos) return shapes_.list(element, {}, ListForm::kFlattened);
      return shapes_.list_of(element, inside.substr(slash + 1));
    }
    if (const auto scalar = scalars_.find(word); scalar != scalars_.end()) return scalar->second;
    const auto structure = structures_.find(word);
    ENSURE(structure != structures_.end(), word);
    return structure->second;
  }

  ServiceModel& model_;
  Shapes& shapes_;
  std::map<std::string_view, const Shape*> scalars_;
  std::map<std::string_view, Shape*> structures_;
  std::map<std::string_view, Members> groups_;
  Pending pending_;
};

}  // namespace

void add_operations(ServiceModel& model, std::string_view text) { TextReader(model).read(text); }

}  // namespace pawl::api
