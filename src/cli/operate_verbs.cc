// The words of the commands that operate a server (docs/operate.md).
#include <chrono>

#include "cli/verbs.h"

namespace pawl::cli {

namespace {

void add_json(CLI::App* app, Output& output) {
  app->add_flag_callback("--json", [&output] { output = Output::kJson; }, "The answer as JSON");
}

// What `pause` and `resume` are about.
Result<Command, std::string> finish_target(const PauseOptions& options) {
  const bool lists = options.verb == PauseOptions::Verb::kList;
  const int named = int{!options.target.empty()} + int{options.all};
  if (named != (lists ? 0 : 1)) {
    return Err{std::string(lists ? "--list goes alone"
                                 : "an execution's or a state machine's ARN, or --all, is needed")};
  }
  return Command(options);
}

void add_target(CLI::App* app, PauseOptions& options) {
  app->add_option("target", options.target, "ARN of an execution or of a state machine")
      ->type_name("ARN");
  app->add_flag("--all", options.all, "Everything");
  add_json(app, options.output);
}

void add_pause(const AddVerb& add, PauseOptions& options) {
  CLI::App* app =
      add("pause", "Let an execution, a state machine or everything take no further step",
          "What is paused stays so through restarts. Executions can be started and stopped; tasks\n"
          "that run may end, and timers may come due: both take effect on `pawl resume`.\n\n"
          "  pawl pause arn:aws:states:us-east-1:000000000000:stateMachine:orders --reason 'bad "
          "deploy'\n"
          "  pawl pause --list",
          client_settings(options.client),
          [&options](const Environment&) { return finish_target(options); });
  add_target(app, options);
  app->add_option("--reason", options.reason, "Why, for whoever asks")->type_name("TEXT");
  app->add_option("--by", options.by, "Who (default: the access key)")->type_name("NAME");
  app->add_flag_callback(
      "--list", [&options] { options.verb = PauseOptions::Verb::kList; },
      "Print which state machines are paused");
}

void add_resume(const AddVerb& add, PauseOptions& options) {
  CLI::App* app =
      add("resume", "Let what was paused go on",
          "Each pause is lifted by its own resume: an execution that was paused by itself stays\n"
          "paused when its state machine is resumed, and the other way round.",
          client_settings(options.client),
          [&options](const Environment&) { return finish_target(options); });
  add_target(app, options);
}

Result<Command, std::string> finish_on_failure(const OnFailureOptions& options) {
  const bool lists = options.verb == OnFailureOptions::Verb::kList;
  if (lists != options.machine.empty()) {
    return Err{std::string("a state machine's ARN and halt or fail are needed, or --list alone")};
  }
  return Command(options);
}

void add_on_failure(const AddVerb& add, OnFailureOptions& options) {
  CLI::App* app = add(
      "on-failure", "Let the executions of a state machine halt where they would fail",
      "What halts stays RUNNING at the state that failed, until `pawl continue` tries the state\n"
      "again or `pawl fail` fails the execution; `pawl explain` says why it halted.\n\n"
      "  pawl on-failure arn:aws:states:us-east-1:000000000000:stateMachine:orders halt\n"
      "  pawl on-failure --list",
      client_settings(options.client),
      [&options](const Environment&) { return finish_on_failure(options); });
  app->add_option("machine", options.machine, "ARN of a state machine")->type_name("ARN");
  app->add_option_function<std::string>(
         "action",
         [&options](const std::string& action) {
           using Verb = OnFailureOptions::Verb;
           options.verb = action == "halt" ? Verb::kHalt : Verb::kFail;
         },
         "What they do")
      ->type_name("halt|fail")
      ->check(CLI::IsMember({"halt", "fail"}));
  app->add_flag_callback(
      "--list", [&options] { options.verb = OnFailureOptions::Verb::kList; },
      "Print which state machines' executions halt");
  add_json(app, options.output);
}

constexpr const char* kStatuses[] = {"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"};

std::int64_t wall_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void add_time(CLI::App* app, const std::string& flag, const std::string& help,
              std::optional<std::int64_t>& time) {
  app->add_option_function<std::string>(
         flag, [&time](const std::string& text) { time = parse_time(text, wall_now()).value(); },
         help)
      ->type_name("TIME")
      ->check([](const std::string& text) {
        const auto parsed = parse_time(text, wall_now());
        return parsed.ok() ? std::string() : parsed.error();
      });
}

void add_selection(CLI::App* app, SelectionOptions& selection) {
  app->add_option("--machine", selection.machine, "Of this state machine")->type_name("ARN");
  app->add_option("--map-run", selection.map_run, "Children of this Map Run")->type_name("ARN");
  app->add_option("--status", selection.statuses, "With this status (several times: any of them)")
      ->type_name("STATUS")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kStatuses), std::end(kStatuses))));
  app->add_option("--name-prefix", selection.name_prefix, "Whose name begins so")
      ->type_name("TEXT");
  add_time(app, "--started-after", "Started at that time or later (2026-11-22T06:00:00Z, 36h, 7d)",
           selection.started_from);
  add_time(app, "--started-before", "Started before that time", selection.started_before);
  app->add_flag("--paused", selection.paused, "Paused by themselves");
  app->add_flag("--halted", selection.halted, "Halted where they would have failed");
  app->add_option("--where", selection.where, "With such a value of a search attribute")
      ->type_name("CONDITION")
      ->allow_extra_args(false);
}

Result<Command, std::string> finish_bulk(const BulkOptions& options) {
  const bool filtered = options.selection.says_something();
  if (options.executions.empty() != filtered) {
    return Err{std::string("either executions' ARNs or a filter is needed; --all is one")};
  }
  return Command(options);
}

CLI::App* add_bulk(const AddVerb& add, BulkOptions& options, const std::string& name,
                   const std::string& help, const std::string& footer) {
  CLI::App* app = add(name, help,
                      footer +
                          "\n\nA filter names all executions for which everything said holds; "
                          "those that start later\nare not among them. Progress goes to standard "
                          "error. Exits 1 when some failed.",
                      client_settings(options.client),
                      [&options](const Environment&) { return finish_bulk(options); });
  app->add_option("execution", options.executions, "ARNs of executions")->type_name("ARN...");
  add_selection(app, options.selection);
  app->add_flag("--all", options.selection.all, "Of every state machine");
  app->add_flag("--dry-run", options.dry_run, "Only print which executions these are");
  app->add_option("--from", options.from, "Go on where an interrupted command was")
      ->type_name("TOKEN");
  add_json(app, options.output);
  return app;
}

void add_bulks(const AddVerb& add, OperateFields& fields) {
  CLI::App* go_on =
      add_bulk(add, fields.go_on, "continue", "Try the states again where executions have halted",
               "With all their attempts; a Distributed Map goes on with what has not succeeded.\n\n"
               "  pawl continue --machine ARN --latest");
  go_on->add_flag("--latest", fields.go_on.latest,
                  "With the state machine's definition as it is now");
  add_bulk(add, fields.fail, "fail", "Let executions that have halted fail after all",
           "With the error that they halted for; they can be redriven then.");
  CLI::App* stop = add_bulk(add, fields.stop, "stop", "Stop executions, one or many",
                            "  pawl stop --machine ARN --started-before 7d --dry-run");
  stop->add_option("--error", fields.stop.error, "Their error")->type_name("TEXT");
  stop->add_option("--cause", fields.stop.cause, "Their cause")->type_name("TEXT");
  add_bulk(add, fields.redrive, "redrive", "Redrive executions that did not succeed, one or many",
           "Those that may not be redriven are skipped.\n\n"
           "  pawl redrive --machine ARN --status FAILED --started-after 36h");
  add_bulk(add, fields.remove, "delete", "Delete executions that have ended, with all their data",
           "With their histories and the children of their Map Runs, at once and for good; their\n"
           "names are free again. What runs is skipped: stop it first.\n\n"
           "  pawl delete --machine ARN --status SUCCEEDED --started-before 30d");
}

void add_list(const AddVerb& add, ListOptions& options) {
  CLI::App* app = add(
      "list", "Print executions, the newest first",
      "  pawl list --machine ARN --status RUNNING --started-after 1h\n"
      "  pawl list --machine ARN --where 'orderId=17' --where 'total>=100'\n\n"
      "A condition compares a search attribute (`pawl search`) by = < <= > >= or ^= (begins with)\n"
      "with a number or a text; quotes make a number a text: 'orderId=\"17\"'. Executions are "
      "then\n"
      "in the order of the attribute's values.",
      client_settings(options.client), [&options](const Environment&) { return Command(options); });
  add_selection(app, options.selection);
  app->add_option("--limit", options.limit, "At most so many (default 100)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  app->add_option("--from", options.from, "Go on behind an earlier list")->type_name("TOKEN");
  app->add_flag_callback(
      "--json", [&options] { options.output = Output::kJson; }, "One JSON object a line");
}

Result<Command, std::string> finish_search(const SearchOptions& options) {
  const bool lists = options.verb == SearchOptions::Verb::kList;
  if (lists != options.attributes.empty() || (!lists && options.machine.empty())) {
    return Err{std::string(lists ? "list takes a state machine at most"
                                 : "a state machine and at least one attribute are needed")};
  }
  return Command(options);
}

void add_search(const AddVerb& add, SearchOptions& options) {
  CLI::App* app = add(
      "search", "Say by which values of their input and output executions can be found",
      "  pawl search declare ARN orderId='$.order.id' total='output:$.sum'\n"
      "  pawl search list\n"
      "  pawl search remove ARN total\n\n"
      "A path names one value of the input, with `output:` before it of the output. Executions\n"
      "that are there already are indexed in the background; `list` says how far that has come.",
      client_settings(options.client),
      [&options](const Environment&) { return finish_search(options); });
  app->add_option_function<std::string>(
         "verb",
         [&options](const std::string& verb) {
           using Verb = SearchOptions::Verb;
           options.verb = verb == "declare"  ? Verb::kDeclare
                          : verb == "remove" ? Verb::kRemove
                                             : Verb::kList;
         },
         "What to do")
      ->type_name("declare|list|remove")
      ->check(CLI::IsMember({"declare", "list", "remove"}))
      ->required();
  app->add_option("machine", options.machine, "ARN of the state machine")->type_name("ARN");
  app->add_option("attribute", options.attributes, "NAME=PATH, or a name to remove")
      ->type_name("ATTRIBUTE...");
  add_json(app, options.output);
}

}  // namespace

void add_operate_verbs(const AddVerb& add, OperateFields& fields) {
  add_pause(add, fields.pause);
  add_resume(add, fields.resume);
  add_on_failure(add, fields.on_failure);
  add_bulks(add, fields);
  add_list(add, fields.list);
  add_search(add, fields.search);
}

}  // namespace pawl::cli
