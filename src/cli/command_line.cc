#include "cli/command_line.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "cli/verbs.h"

namespace pawl::cli {

namespace {

// The parser of one command line: CLI11 fills the fields, `finish` resolves what else there is.
class CommandLine {
 public:
  CommandLine();

  Result<Command, Exit> parse(std::vector<std::string> words, const Environment& environment);
  std::vector<CommandWords> words() const;

 private:
  // One command: its parser, the settings it takes, and what makes a Command of the fields.
  struct Verb {
    CLI::App* app;
    std::vector<Setting> settings;
    Finish finish;
  };

  CLI::App* add_verb(const std::string& name, const std::string& help, const std::string& footer,
                     std::vector<Setting> settings, Finish finish);
  using OwnFinish = Result<Command, std::string> (CommandLine::*)(const Environment&);
  CLI::App* add_verb(const std::string& name, const std::string& help, const std::string& footer,
                     std::vector<Setting> settings, OwnFinish finish) {
    return add_verb(name, help, footer, std::move(settings),
                    Finish([this, finish](const auto& e) { return (this->*finish)(e); }));
  }
  void add_serve();
  void add_run();
  void add_validate();
  void add_jsonpath();
  void add_jsonata();
  void add_logs();
  void add_explain();
  void add_fork();
  void add_env();
  void add_backup_and_restore();
  void add_version_and_completion();

  Result<void, std::string> resolve_settings(const Verb& verb, const Environment& environment);

  Result<Command, std::string> finish_serve(const Environment& environment);
  Result<Command, std::string> finish_run(const Environment&) { return Command(run_); }
  Result<Command, std::string> finish_validate(const Environment&) { return Command(validate_); }
  Result<Command, std::string> finish_jsonpath(const Environment&) { return Command(jsonpath_); }
  Result<Command, std::string> finish_jsonata(const Environment&);
  Result<Command, std::string> finish_logs(const Environment& environment);
  Result<Command, std::string> finish_explain(const Environment&) { return Command(explain_); }
  Result<Command, std::string> finish_fork(const Environment&) { return Command(fork_); }
  Result<Command, std::string> finish_env(const Environment&) { return Command(env_); }
  Result<Command, std::string> finish_backup(const Environment& environment);
  Result<Command, std::string> finish_restore(const Environment& environment);
  Result<Command, std::string> finish_version(const Environment&) { return Command(version_); }
  Result<Command, std::string> finish_completion(const Environment&) {
    return Command(completion_);
  }

  CLI::App app_{
      "Pawl runs state machines durably: the AWS Step Functions API and the Amazon States\n"
      "Language on your own machines.",
      "pawl"};
  std::vector<Verb> verbs_;
  std::map<std::string, std::string> flags_;  // setting name -> text
  std::string config_path_;

  ServeOptions serve_;
  RunOptions run_;
  ValidateOptions validate_;
  JsonPathOptions jsonpath_;
  JsonataOptions jsonata_;
  bool jsonata_lines_ = false;
  LogsOptions logs_;
  ExplainOptions explain_;
  ForkOptions fork_;
  OperateFields operate_;
  ImportOptions import_;
  EnvOptions env_;
  BackupOptions backup_;
  RestoreOptions restore_;
  VersionOptions version_;
  CompletionOptions completion_;
};

const char kSettingsFooter[] =
    "Each setting is taken from its flag, else from the environment (--data-dir is "
    "PAWL_DATA_DIR),\n"
    "else from the configuration file (data_dir = \"...\"): --config FILE, else ./pawl.toml, else\n"
    "/etc/pawl/pawl.toml.";

CommandLine::CommandLine() {
  app_.require_subcommand(1);
  app_.footer("`pawl COMMAND --help` says more.");
  add_serve();
  add_run();
  add_validate();
  add_jsonpath();
  add_jsonata();
  add_logs();
  add_explain();
  add_fork();
  const AddVerb add = [this](const std::string& name, const std::string& help,
                             const std::string& footer, std::vector<Setting> settings,
                             Finish finish) {
    return add_verb(name, help, footer, std::move(settings), std::move(finish));
  };
  add_operate_verbs(add, operate_);
  add_env();
  add_backup_and_restore();
  add_import_verb(add, import_);
  add_version_and_completion();
}

CLI::App* CommandLine::add_verb(const std::string& name, const std::string& help,
                                const std::string& footer, std::vector<Setting> settings,
                                Finish finish) {
  CLI::App* app = app_.add_subcommand(name, help);
  app->footer(footer);
  for (const Setting& setting : settings) {
    CLI::Option* option = app->add_option_function<std::string>(
        "--" + setting.name,
        [this, key = setting.name](const std::string& text) { flags_[key] = text; }, setting.help);
    option->type_name(setting.value_name);
    if (setting.times == Setting::Times::kMany) option->join(',');
  }
  verbs_.push_back({app, std::move(settings), std::move(finish)});
  return app;
}

void CommandLine::add_serve() {
  CLI::App* app = add_verb("serve", "Run the engine and its API until SIGTERM or SIGINT",
                           kSettingsFooter, serve_settings(serve_), &CommandLine::finish_serve);
  app->add_option("--config", config_path_, "Configuration file")->type_name("FILE");
}

void CommandLine::add_run() {
  CLI::App* app =
      add_verb("run", "Run one state machine to its end, here and now, and print its output",
               "Nothing is kept. Exits 0 when the execution succeeds, 1 when it does not.\n\n"
               "  pawl run order.asl.json --input '{\"id\": 7}'",
               {}, &CommandLine::finish_run);
  app->add_option("definition", run_.definition_file, "The definition (- for standard input)")
      ->type_name("FILE")
      ->required();
  app->add_option("--input", run_.input, "Input of the execution (default {})")->type_name("JSON");
  app->add_flag("--express", run_.express, "As an Express workflow");
  app->add_flag_callback(
      "--json", [this] { run_.output = Output::kJson; },
      "Print the description of the execution as JSON");
}

void CommandLine::add_validate() {
  CLI::App* app = add_verb(
      "validate", "Check state machine definitions as CreateStateMachine does",
      "Prints file:line:column: CODE: message at location. Exits 1 when a definition has an\n"
      "error; warnings alone do not fail.",
      {}, &CommandLine::finish_validate);
  app->add_option("definition", validate_.definition_files, "Definitions (- for standard input)")
      ->type_name("FILE...")
      ->required();
  app->add_flag("--express", validate_.express, "As Express workflows");
  app->add_flag_callback(
      "--json", [this] { validate_.output = Output::kJson; }, "Print the diagnostics as JSON");
}

void CommandLine::add_jsonpath() {
  CLI::App* app = add_verb(
      "jsonpath", "Evaluate a path on a JSON document, as a state would",
      "  echo '{\"a\": [1, 2]}' | pawl jsonpath '$.a[0]'\n\n"
      "Without a path, each line of input is a request {\"path\": TEXT, \"json\": TEXT} and is\n"
      "answered by a line {\"definite\": BOOLEAN, \"result\": VALUE} or one with \"error\".",
      {}, &CommandLine::finish_jsonpath);
  app->add_option("path", jsonpath_.path, "The path")->type_name("PATH");
  app->add_option("document", jsonpath_.document_file, "The document (default: standard input)")
      ->type_name("FILE");
  app->add_option_function<std::string>(
         "--provider",
         [this](const std::string& name) {
           using Provider = JsonPathOptions::Provider;
           jsonpath_.provider = name == "node" ? Provider::kNode : Provider::kMap;
         },
         "How documents are held by the reference whose answers are given (default map)")
      ->type_name("map|node")
      ->check(CLI::IsMember({"map", "node"}));
}

void CommandLine::add_jsonata() {
  CLI::App* app = add_verb(
      "jsonata", "Evaluate a JSONata expression on the JSON document on standard input",
      "  echo '{\"a\": [1, 2]}' | pawl jsonata '$sum($states.input.a)'\n"
      "  echo '{\"a\": [1, 2]}' | pawl jsonata --raw '$sum(a)'\n\n"
      "With --lines, each line of input is a request {\"expr\": TEXT, \"data\": VALUE} and is\n"
      "answered by a line {\"result\": VALUE}, {\"undefined\": true} or {\"error\": ...}.",
      {}, &CommandLine::finish_jsonata);
  app->add_option("expression", jsonata_.expression, "The expression")->type_name("EXPR");
  app->add_flag_callback(
      "--raw", [this] { jsonata_.dialect = JsonataOptions::Dialect::kFull; },
      "The whole language on the document, not Step Functions' dialect on $states.input");
  app->add_flag("--lines", jsonata_lines_, "Answer one request a line");
}

Result<Command, std::string> CommandLine::finish_jsonata(const Environment&) {
  if (jsonata_lines_ == jsonata_.expression.has_value()) {
    return Err{std::string("either an expression or --lines is needed")};
  }
  return Command(jsonata_);
}

void CommandLine::add_logs() {
  std::vector<Setting> settings = client_settings(logs_.client);
  settings.push_back(data_dir_setting(logs_.data_dir));
  CLI::App* app = add_verb(
      "logs", "Print the history of an execution, one line an event, or a function's log",
      "With --follow, waits for further events until the execution closes, or for further lines.\n"
      "A function's log is read from the data directory; an execution's history from the server.",
      std::move(settings), &CommandLine::finish_logs);
  app->add_option("subject", logs_.subject, "ARN of an execution, or a function's name or ARN")
      ->type_name("ARN|FUNCTION")
      ->required();
  app->add_flag("--follow,-f", logs_.follow, "Go on until the execution closes");
  app->add_option("--tail", logs_.tail, "Only the last lines of a function's log")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  app->add_option("--after", logs_.after, "Only events with a higher id")
      ->type_name("ID")
      ->check(CLI::NonNegativeNumber);
  app->add_flag_callback(
      "--json", [this] { logs_.output = Output::kJson; }, "One JSON object a line");
}

void CommandLine::add_explain() {
  CLI::App* app =
      add_verb("explain", "Say what an execution waits for",
               "Which timer until when, which task token handed to whom, which function\n"
               "in which attempt, which activity without a worker, which child execution.",
               client_settings(explain_.client), &CommandLine::finish_explain);
  app->add_option("execution", explain_.execution_arn, "ARN of the execution")
      ->type_name("ARN")
      ->required();
  app->add_flag_callback(
      "--json", [this] { explain_.output = Output::kJson; }, "The answer as JSON");
}

void CommandLine::add_fork() {
  CLI::App* app = add_verb("fork", "Start an execution from an event of another one",
                           "What came before is kept and marked as inherited; what was open there\n"
                           "starts again. Prints the new execution's ARN.",
                           client_settings(fork_.client), &CommandLine::finish_fork);
  app->add_option("execution", fork_.execution_arn, "ARN of the other execution")
      ->type_name("ARN")
      ->required();
  app->add_option("--event", fork_.event, "Id of the last event that is kept")
      ->type_name("ID")
      ->check(CLI::PositiveNumber)
      ->required();
  app->add_option("--name", fork_.name, "Name of the new execution")->type_name("NAME");
  app->add_option("--input", fork_.input, "Input of the state that the event is of")
      ->type_name("JSON");
  app->add_option("--definition", fork_.definition_file, "Another definition")->type_name("FILE");
  app->add_option("--machine", fork_.machine_arn, "Another state machine, version or alias")
      ->type_name("ARN");
}

void CommandLine::add_env() {
  CLI::App* app = add_verb("env", "Print what points the AWS tools of this shell at the server",
                           "  eval \"$(pawl env)\"            bash, zsh\n"
                           "  pawl env --shell fish | source  fish\n"
                           "  pawl env --hosts >> /etc/hosts  names that SDKs make up for\n"
                           "                                  StartSyncExecution and TestState",
                           client_settings(env_.client), &CommandLine::finish_env);
  app->add_flag("--hosts", env_.hosts, "Print the line for the hosts file instead");
  app->add_option_function<std::string>(
         "--shell",
         [this](const std::string& shell) {
           env_.shell = shell == "fish" ? EnvOptions::Shell::kFish : EnvOptions::Shell::kPosix;
         },
         "The shell's kind (default posix)")
      ->type_name("posix|fish")
      ->check(CLI::IsMember({"posix", "fish"}));
}

void CommandLine::add_backup_and_restore() {
  std::vector<Setting> settings = client_settings(backup_.client);
  settings.push_back(data_dir_setting(backup_.data_dir));
  CLI::App* backup = add_verb(
      "backup", "Copy everything durable into a new directory",
      "A running server makes the copy itself and stays live; the destination is then a path on\n"
      "the server's machine. Without a server the data directory is read directly.",
      std::move(settings), &CommandLine::finish_backup);
  backup->add_option("destination", backup_.destination, "Directory to make")
      ->type_name("DIR")
      ->required();
  CLI::App* restore =
      add_verb("restore", "Make a data directory out of a backup",
               "The data directory must be absent or empty, so nothing is ever overwritten.",
               {data_dir_setting(restore_.data_dir)}, &CommandLine::finish_restore);
  restore->add_option("source", restore_.source, "The backup")->type_name("DIR")->required();
}

void CommandLine::add_version_and_completion() {
  CLI::App* version =
      add_verb("version", "Print the version", "", {}, &CommandLine::finish_version);
  version->add_flag_callback(
      "--json", [this] { version_.output = Output::kJson; }, "Print it as JSON");
  CLI::App* completion = add_verb("completion", "Print the completion script of a shell",
                                  "  pawl completion bash > /etc/bash_completion.d/pawl", {},
                                  &CommandLine::finish_completion);
  completion
      ->add_option_function<std::string>(
          "shell",
          [this](const std::string& shell) {
            using Shell = CompletionOptions::Shell;
            completion_.shell =
                shell == "zsh" ? Shell::kZsh : (shell == "fish" ? Shell::kFish : Shell::kBash);
          },
          "The shell")
      ->type_name("bash|zsh|fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required();
}

// The file that is named, or the first that is there; an unnamed file need not be.
Result<ConfigFile, std::string> load_config(const std::string& named,
                                            const Environment& environment) {
  if (!named.empty()) return read_config(named);
  if (const auto path = environment("PAWL_CONFIG")) return read_config(*path);
  for (const char* path : {"pawl.toml", "/etc/pawl/pawl.toml"}) {
    if (::access(path, F_OK) == 0) return read_config(path);
  }
  return ConfigFile{};
}

Result<void, std::string> CommandLine::resolve_settings(const Verb& verb,
                                                        const Environment& environment) {
  if (verb.settings.empty()) return {};
  Sources sources{flags_, environment, TRY(load_config(config_path_, environment))};
  // The file is the server's; other commands take from it what they share with the server.
  ServeOptions scratch;
  std::vector<Setting> known = serve_settings(scratch);
  for (Setting& setting : client_settings(logs_.client)) known.push_back(std::move(setting));
  TRY(check_keys(known, sources.file));
  return resolve(verb.settings, sources);
}

Result<Command, std::string> CommandLine::finish_serve(const Environment& environment) {
  if (serve_.data_dir.empty()) serve_.data_dir = default_data_dir(environment);
  if (serve_.otlp_endpoint.empty()) {
    serve_.otlp_endpoint = environment("OTEL_EXPORTER_OTLP_ENDPOINT").value_or("");
  }
  if (const auto reason = refusal(serve_)) return Err{*reason};
  return Command(serve_);
}

Result<Command, std::string> CommandLine::finish_logs(const Environment& environment) {
  if (logs_.data_dir.empty()) logs_.data_dir = default_data_dir(environment);
  return Command(logs_);
}

Result<Command, std::string> CommandLine::finish_backup(const Environment& environment) {
  if (backup_.data_dir.empty()) backup_.data_dir = default_data_dir(environment);
  return Command(backup_);
}

Result<Command, std::string> CommandLine::finish_restore(const Environment& environment) {
  if (restore_.data_dir.empty()) restore_.data_dir = default_data_dir(environment);
  return Command(restore_);
}

Exit wrong_use(std::string_view what) {
  return {2, fmt::format("pawl: {}\nSee `pawl --help`.\n", what)};
}

Result<Command, Exit> CommandLine::parse(std::vector<std::string> words,
                                         const Environment& environment) {
  const auto is_verb = [&](const Verb& verb) { return verb.app->get_name() == words.front(); };
  if (!words.empty() && words.front().rfind('-', 0) != 0 &&
      std::none_of(verbs_.begin(), verbs_.end(), is_verb)) {
    return Err{wrong_use(fmt::format("no command '{}'", words.front()))};
  }
  std::reverse(words.begin(), words.end());  // CLI11 takes them off the end
  try {
    app_.parse(words);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app_.get_subcommands();
    return Err{Exit{0, chosen.empty() ? app_.help() : chosen.front()->help()}};
  } catch (const CLI::ParseError& error) {
    return Err{wrong_use(error.what())};
  }
  for (const Verb& verb : verbs_) {
    if (!verb.app->parsed()) continue;
    const auto settled = resolve_settings(verb, environment);
    if (!settled.ok()) return Err{wrong_use(settled.error())};
    auto command = verb.finish(environment);
    if (!command.ok()) return Err{wrong_use(command.error())};
    return std::move(command).value();
  }
  return Err{Exit{2, app_.help()}};
}

std::vector<CommandWords> CommandLine::words() const {
  std::vector<CommandWords> all;
  for (const Verb& verb : verbs_) {
    CommandWords words{verb.app->get_name(), verb.app->get_description(), {}};
    for (const CLI::Option* option : verb.app->get_options()) {
      for (const std::string& name : option->get_lnames()) words.flags.push_back("--" + name);
    }
    all.push_back(std::move(words));
  }
  return all;
}

}  // namespace

Result<Command, Exit> parse_command_line(std::vector<std::string> words,
                                         const Environment& environment) {
  return CommandLine().parse(std::move(words), environment);
}

std::vector<CommandWords> command_words() { return CommandLine().words(); }

}  // namespace pawl::cli
