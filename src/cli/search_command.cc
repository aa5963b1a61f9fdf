// `pawl search`: search attributes of state machines.
#include <fmt/core.h>

#include "cli/answer_text.h"
#include "cli/commands.h"
#include "cli/http_client.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

using Verb = SearchOptions::Verb;

// `name='$.path'`, `name='output:$.path'`.
void write_attribute(json::Writer& out, const std::string& text) {
  const std::size_t equals = text.find('=');
  out.begin_object().key("name").string(text.substr(0, equals));
  std::string path = equals == std::string::npos ? std::string() : text.substr(equals + 1);
  for (const char* source : {"input", "output"}) {
    const std::string prefix = std::string(source) + ":";
    if (!path.starts_with(prefix)) continue;
    path = path.substr(prefix.size());
    out.key("source").string(source);
    break;
  }
  out.key("path").string(path).end_object();
}

std::string request_of(const SearchOptions& options) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (!options.machine.empty()) out.key("stateMachineArn").string(options.machine);
  if (options.verb == Verb::kDeclare) {
    out.key("attributes").begin_array();
    for (const std::string& attribute : options.attributes) write_attribute(out, attribute);
    out.end_array();
  } else if (options.verb == Verb::kRemove) {
    out.key("names").begin_array();
    for (const std::string& name : options.attributes) out.string(name);
    out.end_array();
  }
  out.end_object();
  return text;
}

std::string path_of(Verb verb) {
  switch (verb) {
    case Verb::kDeclare:
      return "search/declare";
    case Verb::kRemove:
      return "search/remove";
    case Verb::kList:
      break;
  }
  return "search/list";
}

void print_attributes(json::Node answer) {
  const json::Node* attributes = answer.find("attributes");
  if (attributes == nullptr) return;
  for (const json::Node& attribute : *attributes) {
    fmt::print("{} {}={}:{}\n", text_of(attribute, "stateMachineArn"), text_of(attribute, "name"),
               text_of(attribute, "source"), text_of(attribute, "path"));
  }
}

// How far existing executions have got their values.
void print_indexing(json::Node answer) {
  const json::Node* machines = answer.find("indexing");
  if (machines == nullptr) return;
  for (const json::Node& machine : *machines) {
    const auto count = [&machine](std::string_view name) {
      const json::Node* member = machine.find(name);
      return member != nullptr ? json::print(*member) : std::string();
    };
    fmt::print("{} is being indexed: {} of {} parts, {} executions looked at, {} indexed\n",
               text_of(machine, "stateMachineArn"), count("part"), count("parts"),
               count("examined"), count("indexed"));
  }
}

}  // namespace

int run(const SearchOptions& options) {
  const auto answer = call_pawl(options.client, path_of(options.verb), request_of(options));
  if (!answer.ok()) {
    fmt::print(stderr, "pawl search: {}\n", answer.error());
    return 1;
  }
  if (options.output == Output::kJson) {
    fmt::print("{}\n", answer->text());
  } else if (options.verb == Verb::kList) {
    print_attributes(answer->root());
    print_indexing(answer->root());
  }
  return 0;
}

}  // namespace pawl::cli
