// `pawl import`: the command, and its report.
#include <fmt/core.h>

#include <cstdlib>

#include "cli/import.h"
#include "cli/verbs.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

std::string environment_or(const char* name, std::string fallback) {
  const char* text = std::getenv(name);
  return text != nullptr && *text != '\0' ? text : std::move(fallback);
}

AccountOptions source_of(const ImportOptions& options) {
  AccountOptions source;
  source.endpoint = options.from;
  const std::string default_region = environment_or("AWS_DEFAULT_REGION", options.client.region);
  source.region = options.from_region.empty() ? environment_or("AWS_REGION", default_region)
                                              : options.from_region;
  source.keys = {.access_key = environment_or("AWS_ACCESS_KEY_ID", "test"),
                 .secret = environment_or("AWS_SECRET_ACCESS_KEY", "test"),
                 .session_token = environment_or("AWS_SESSION_TOKEN", "")};
  source.ca_bundle = environment_or("AWS_CA_BUNDLE", "");
  return source;
}

// A server that verifies no keys takes an account's number for one: ARNs then stay as they were.
AccountOptions target_of(const ImportOptions& options, const std::string& region,
                         const std::string& account) {
  AccountOptions target;
  target.endpoint = options.client.endpoint;
  target.region = region;
  target.keys = {.access_key = environment_or("PAWL_ACCESS_KEY_ID", account),
                 .secret = environment_or("PAWL_SECRET_ACCESS_KEY", "test"),
                 .session_token = {}};
  target.ca_bundle = options.client.ca_bundle.empty() ? environment_or("AWS_CA_BUNDLE", "")
                                                      : options.client.ca_bundle;
  return target;
}

void print_text(const std::vector<ImportedItem>& items, bool dry_run) {
  std::map<std::string_view, int> counts;
  for (const ImportedItem& item : items) {
    ++counts[action_name(item.action)];
    fmt::print("{:<10} {:<13} {}\n", action_name(item.action), item.kind, item.name);
    for (const std::string& note : item.notes) fmt::print("{:>10} {}\n", "", note);
  }
  std::string line;
  for (const auto& [action, count] : counts) {
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, action);
  }
  fmt::print("{}{}\n", line.empty() ? "nothing is there to import" : line,
             dry_run ? " (a dry run: nothing was written)" : "");
}

void print_json(const std::vector<ImportedItem>& items) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("items").begin_array();
  for (const ImportedItem& item : items) {
    out.begin_object().key("kind").string(item.kind).key("name").string(item.name);
    out.key("action").string(action_name(item.action)).key("notes").begin_array();
    for (const std::string& note : item.notes) out.string(note);
    out.end_array().end_object();
  }
  out.end_array().end_object();
  fmt::print("{}\n", text);
}

}  // namespace

int run(const ImportOptions& options) {
  AwsAccount from(source_of(options));
  const auto account = from.account_id();
  if (!account.ok()) {
    fmt::print(stderr, "pawl import: the source: {}\n", account.error().text());
    return 1;
  }
  AwsAccount to(target_of(options, from.region(), *account));
  Import import(from, to,
                {.writes = options.dry_run ? Import::Writes::kNo : Import::Writes::kYes,
                 .prefix = options.prefix});
  const auto done = import.run();
  if (options.output == Output::kJson) {
    print_json(import.items());
  } else {
    print_text(import.items(), options.dry_run);
  }
  if (!done.ok()) fmt::print(stderr, "pawl import: {}\n", done.error());
  bool failed = !done.ok();
  for (const ImportedItem& item : import.items()) {
    failed = failed || item.action == ImportedItem::Action::kFailed;
  }
  return failed ? 1 : 0;
}

void add_import_verb(const AddVerb& add, ImportOptions& fields) {
  CLI::App* app = add(
      "import", "Copy state machines and functions from an AWS account into a running server",
      "Reads with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; writes with\n"
      "PAWL_ACCESS_KEY_ID and PAWL_SECRET_ACCESS_KEY where the server verifies keys. Running it\n"
      "again changes only what differs. Exits 1 when something could not be brought.\n\n"
      "  pawl import --from-region eu-west-1 --dry-run",
      client_settings(fields.client),
      [&fields](const Environment&) -> Result<Command, std::string> { return Command(fields); });
  app->add_option("--from", fields.from, "Endpoint of the source (default: AWS itself)")
      ->type_name("URL");
  app->add_option("--from-region", fields.from_region,
                  "Region of the source, and of what is made (default $AWS_REGION)")
      ->type_name("REGION");
  app->add_option("--prefix", fields.prefix, "Only what has a name that begins so")
      ->type_name("NAME");
  app->add_flag("--dry-run", fields.dry_run, "Only say what would be done");
  app->add_flag_callback(
      "--json", [&fields] { fields.output = Output::kJson; }, "The report as JSON");
}

}  // namespace pawl::cli
