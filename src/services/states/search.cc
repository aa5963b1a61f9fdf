// Search attributes: declared, listed, removed; and lists of executions by them (docs/search.md).
#include <algorithm>
#include <atomic>
#include <cctype>
#include <memory>
#include <utility>

#include "runtime/search_query.h"
#include "services/states/arns.h"
#include "services/states/bulk.h"
#include "services/states/fields.h"
#include "services/states/operator.h"
#include "services/states/page_token.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

using runtime::Catalog;
using runtime::SearchAttribute;
using runtime::SearchAttributes;
using runtime::SearchCondition;
using runtime::Selection;

constexpr std::size_t kAttributesMax = 20;
constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kConditionsMax = 10;

// A machine's record: numbers of attributes are never given twice.
struct Declared {
  std::uint32_t next = 1;
  SearchAttributes attributes;
};

std::string_view name_of(SearchAttribute::Source source) {
  return source == SearchAttribute::Source::kInput ? "input" : "output";
}

void write_attribute(json::Writer& out, const SearchAttribute& attribute) {
  out.key("name").string(attribute.name).key("source").string(name_of(attribute.source));
  out.key("path").string(attribute.path.text());
}

std::string record_of(const Declared& declared) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("next").integer(declared.next).key("attributes").begin_array();
  for (const SearchAttribute& attribute : declared.attributes) {
    out.begin_object().key("id").integer(attribute.id);
    write_attribute(out, attribute);
    out.end_object();
  }
  out.end_array().end_object();
  return text;
}

Declared declared_in(const std::string& record) {
  const json::Value value = json::Value::trusted(record);
  Declared declared;
  declared.next = static_cast<std::uint32_t>(Fields(value).integer("next").value_or(1));
  const json::Node* attributes = Fields(value).node("attributes");
  if (attributes == nullptr) return declared;
  for (const json::Node& node : *attributes) {
    const json::Value one = json::Value::of(node);
    const Fields fields(one);
    auto path = jsonpath::Path::compile(fields.text_or("path", ""));
    if (!path.ok()) continue;
    declared.attributes.push_back(
        {.id = static_cast<std::uint32_t>(fields.integer("id").value_or(0)),
         .name = std::string(fields.text_or("name", "")),
         .source = fields.text_or("source", "") == "output" ? SearchAttribute::Source::kOutput
                                                            : SearchAttribute::Source::kInput,
         .path = std::move(path).value()});
  }
  return declared;
}

bool is_word(std::string_view name) {
  const auto fits = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::all_of(name.begin(), name.end(), fits);
}

// `{"name": ..., "path": ..., "source": ...}`; the number comes later.
::pawl::Result<SearchAttribute, ServiceError> read_attribute(const json::Node& node) {
  const json::Value value = json::Value::of(node);
  if (!value.root().is_object()) return Err{validation_error("An attribute is an object")};
  const Fields fields(value);
  const std::string name(fields.text_or("name", ""));
  if (!is_word(name)) {
    return Err{validation_error(
        "An attribute's name is up to 64 letters, digits, '_', '-', '.': '" + name + "'")};
  }
  const std::string_view source = fields.text_or("source", "input");
  if (source != "input" && source != "output") {
    return Err{validation_error("An attribute's source is input or output")};
  }
  const std::string_view text = fields.text_or("path", "");
  auto path = jsonpath::Path::compile(text);
  if (!path.ok() || !path->is_reference() || path->is_root()) {
    return Err{validation_error("The path of '" + name + "' must name one value, as $.order.id: '" +
                                std::string(text) + "'")};
  }
  return SearchAttribute{.id = 0,
                         .name = name,
                         .source = source == "output" ? SearchAttribute::Source::kOutput
                                                      : SearchAttribute::Source::kInput,
                         .path = std::move(path).value()};
}

::pawl::Result<SearchAttributes, ServiceError> read_attributes(const Fields& fields) {
  const json::Node* nodes = fields.node("attributes");
  SearchAttributes attributes;
  if (nodes == nullptr || !nodes->is_array()) return attributes;
  for (const json::Node& node : *nodes) {
    SearchAttribute attribute = TRY(read_attribute(node));
    const bool twice =
        std::any_of(attributes.begin(), attributes.end(),
                    [&](const SearchAttribute& one) { return one.name == attribute.name; });
    if (twice) return Err{validation_error("'" + attribute.name + "' is declared twice")};
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

bool same_meaning(const SearchAttribute& left, const SearchAttribute& right) {
  return left.source == right.source && left.path.text() == right.path.text();
}

SearchAttributes::iterator find_name(SearchAttributes& attributes, std::string_view name) {
  return std::find_if(attributes.begin(), attributes.end(),
                      [name](const SearchAttribute& one) { return one.name == name; });
}

// The machine whose attributes are meant.
::pawl::Result<std::string, ServiceError> read_machine(const Fields& fields,
                                                       const Directory& directory) {
  const Arn arn = TRY(required_arn(fields, "stateMachineArn", "stateMachine"));
  const auto machine = directory.machine(arn.unqualified());
  if (!machine) {
    return Err{service_error("StateMachineDoesNotExist",
                             "State Machine Does Not Exist: '" + arn.text + "'")};
  }
  if (machine->type == "EXPRESS") {
    return Err{validation_error("Executions of Express state machines are in no list")};
  }
  return machine->arn;
}

}  // namespace

void load_search(const Catalog& catalog, runtime::SearchDeclarations& declarations) {
  catalog.for_each(kSearchTable, [&](const std::string& arn, const std::string& record) {
    declarations.set(runtime::digest_of_machine(arn), declared_in(record).attributes);
  });
}

void Operator::declare_search(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto machine = read_machine(fields, directory_);
  if (!machine.ok()) return reply(Err{std::move(machine).error()});
  auto wanted = read_attributes(fields);
  if (!wanted.ok()) return reply(Err{std::move(wanted).error()});
  if (wanted->empty()) return reply(Err{validation_error("attributes: at least one is needed")});
  change_search(*machine, reply, [wanted = *wanted](auto& attributes, auto& dropped, auto& next) {
    for (const SearchAttribute& attribute : wanted) {
      const auto known = find_name(attributes, attribute.name);
      if (known != attributes.end() && same_meaning(*known, attribute)) continue;
      if (known != attributes.end()) {
        dropped.push_back(known->id);
        attributes.erase(known);
      }
      attributes.push_back(attribute);
      attributes.back().id = next++;
    }
    return attributes.size() <= kAttributesMax
               ? std::string()
               : "A machine has at most " + std::to_string(kAttributesMax) + " search attributes";
  });
}

void Operator::remove_search(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto machine = read_machine(fields, directory_);
  if (!machine.ok()) return reply(Err{std::move(machine).error()});
  std::vector<std::string> names;
  if (const json::Node* nodes = fields.node("names"); nodes && nodes->is_array()) {
    for (const json::Node& node : *nodes) {
      if (node.is_string()) names.emplace_back(node.string());
    }
  }
  if (names.empty()) return reply(Err{validation_error("names: at least one is needed")});
  change_search(*machine, reply, [names](auto& attributes, auto& dropped, auto&) {
    for (const std::string& name : names) {
      const auto known = find_name(attributes, name);
      if (known == attributes.end()) return "There is no search attribute '" + name + "'";
      dropped.push_back(known->id);
      attributes.erase(known);
    }
    return std::string();
  });
}

// The catalog first, then what the shards write by, then the rows of what is gone.
void Operator::change_search(const std::string& machine, const Reply& reply, SearchChange change) {
  struct Outcome {
    std::string refusal;
    std::vector<std::uint32_t> dropped;
    bool declares = false;  // attributes that existing executions do not have yet
  };
  auto outcome = std::make_shared<Outcome>();
  catalog_.update(
      [this, machine, outcome, change = std::move(change)](const Catalog::View& view) {
        const std::string* record = view.find(kSearchTable, machine);
        Declared declared = record ? declared_in(*record) : Declared{};
        const std::uint32_t next = declared.next;
        outcome->refusal = change(declared.attributes, outcome->dropped, declared.next);
        std::vector<Catalog::Change> changes;
        if (outcome->refusal.empty()) {
          changes.push_back({std::string(kSearchTable), machine, record_of(declared)});
          outcome->declares = declared.next != next;
        }
        if (outcome->declares) {
          indexing_.give_way(machine);
          changes.push_back({std::string(kIndexingTable), machine, SearchIndexing::first_record()});
        }
        return changes;
      },
      [this, machine, outcome, reply] {
        if (!outcome->refusal.empty()) return reply(Err{validation_error(outcome->refusal)});
        const std::uint64_t digest = runtime::digest_of_machine(machine);
        {
          const std::lock_guard lock(publishing_);
          const auto record = catalog_.get(kSearchTable, machine);
          engine_.search().set(digest,
                               record ? declared_in(*record).attributes : SearchAttributes());
        }
        if (outcome->declares) indexing_.begin(machine);
        auto left = std::make_shared<std::atomic<std::size_t>>(outcome->dropped.size() + 1);
        const auto done = [left, reply] {
          if (left->fetch_sub(1) == 1) reply(json::Value::trusted("{}"));
        };
        for (const std::uint32_t id : outcome->dropped) {
          engine_.drop_search_attribute(digest, id, done);
        }
        done();
      });
}

runtime::OperationResult Operator::list_search(const Call& call) const {
  const Fields fields(call.input);
  std::string only;
  if (fields.text("stateMachineArn")) only = TRY(read_machine(fields, directory_));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("attributes").begin_array();
  catalog_.for_each(kSearchTable, [&](const std::string& arn, const std::string& record) {
    if (!only.empty() && arn != only) return;
    for (const SearchAttribute& attribute : declared_in(record).attributes) {
      out.begin_object().key("stateMachineArn").string(arn);
      write_attribute(out, attribute);
      out.end_object();
    }
  });
  out.end_array().key("indexing").begin_array();
  indexing_.write(out, only);
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

::pawl::Result<std::vector<SearchCondition>, ServiceError> Operator::read_where(
    const Fields& fields, const Selection& selection) const {
  std::vector<SearchCondition> conditions;
  const json::Node* where = fields.node("where");
  if (where == nullptr || !where->is_array()) return conditions;
  if (where->size() > kConditionsMax) {
    return Err{validation_error("where: at most 10 conditions")};
  }
  const SearchAttributes none;
  const auto attributes =
      selection.owner ? engine_.search().of(runtime::digest_of_machine(*selection.owner)) : nullptr;
  for (const json::Node& node : *where) {
    auto condition = runtime::parse_search_condition(node.is_string() ? node.string() : "");
    if (!condition.ok()) return Err{validation_error(std::move(condition).error())};
    if (!selection.owner) return Err{validation_error("where needs a stateMachineArn")};
    const SearchAttributes& known = attributes ? *attributes : none;
    const auto declared = std::find_if(known.begin(), known.end(), [&](const SearchAttribute& one) {
      return one.name == condition->name;
    });
    if (declared == known.end()) {
      return Err{
          validation_error("The state machine has no search attribute '" + condition->name + "'")};
    }
    condition->attribute = declared->id;
    conditions.push_back(std::move(condition).value());
  }
  return conditions;
}

}  // namespace pawl::states
