#include "cli/command_line.h"

#include <gtest/gtest.h>

#include <map>

#include "cli/serve_settings.h"

namespace pawl::cli {
namespace {

using Variables = std::map<std::string, std::string>;

Result<Command, Exit> parse(std::vector<std::string> words, const Variables& variables = {}) {
  return parse_command_line(std::move(words),
                            [&](const std::string& name) -> std::optional<std::string> {
                              const auto found = variables.find(name);
                              if (found == variables.end()) return std::nullopt;
                              return found->second;
                            });
}

ServeOptions serve(std::vector<std::string> words, const Variables& variables = {}) {
  words.insert(words.begin(), "serve");
  const auto command = parse(std::move(words), variables);
  EXPECT_TRUE(command.ok()) << (command.ok() ? "" : command.error().text);
  if (!command.ok()) return {};
  const auto* options = std::get_if<ServeOptions>(&*command);
  EXPECT_NE(options, nullptr);
  return *options;
}

struct Wrong {
  std::vector<std::string> words;
  Variables variables;
  const char* part;  // of what is said on standard error
};

TEST(CommandLine, WrongUseIsExitTwoAndSaysWhatIsWrong) {
  const Wrong cases[] = {
      {{}, {}, "A subcommand is required"},
      {{"frobnicate"}, {}, "no command 'frobnicate'"},
      {{""}, {}, "no command ''"},
      {{"serve", "--frobnicate"}, {}, "--frobnicate"},
      {{"serve", "--listen"}, {}, "--listen"},
      {{"serve", "--listen", "here"}, {}, "--listen: 'here' is no HOST:PORT"},
      {{"serve", "--listen", "127.0.0.1:65536"}, {}, "is no HOST:PORT"},
      {{"serve", "--listen", "0.0.0.0:80"}, {}, "needs --credentials"},
      {{"serve"}, {{"PAWL_LISTEN", "0.0.0.0:80"}}, "needs --credentials"},
      {{"serve", "--limits", "some"}, {}, "--limits: 'some' is none of aws|none"},
      {{"serve", "--threads", "0"}, {}, "whole number from 1 to 64"},
      {{"serve", "--threads", "2x"}, {}, "whole number from 1 to 64"},
      {{"serve", "--retention", "soon"}, {}, "is no duration"},
      {{"serve"}, {{"PAWL_LOG_LEVEL", "loud"}}, "PAWL_LOG_LEVEL: 'loud' is none of debug|info"},
      {{"serve", "--data-dir", ""}, {}, "--data-dir: '' is empty"},
      {{"serve", "--config", "absent.toml"}, {}, "absent.toml: cannot be read"},
      {{"validate"}, {}, "definition is required"},
      {{"completion", "tcsh"}, {}, "tcsh"},
      {{"logs"}, {}, "subject is required"},
  };
  for (const Wrong& wrong : cases) {
    const auto command = parse(wrong.words, wrong.variables);
    ASSERT_FALSE(command.ok()) << wrong.part;
    EXPECT_EQ(command.error().status, 2) << wrong.part;
    EXPECT_NE(command.error().text.find(wrong.part), std::string::npos) << command.error().text;
  }
}

TEST(CommandLine, ServeHasUsableDefaults) {
  const ServeOptions options = serve({}, {{"HOME", "home"}});
  EXPECT_EQ(options.host, "127.0.0.1");
  EXPECT_EQ(options.port, 4566);
  EXPECT_EQ(options.limits, ServeOptions::Limits::kAws);
  EXPECT_EQ(options.retention_seconds, 90 * 86'400);
  EXPECT_GE(options.threads, 1);
  EXPECT_FALSE(options.data_dir.empty());
  EXPECT_FALSE(options.credentials_file.has_value());
}

TEST(CommandLine, ServeTakesEverySetting) {
  const ServeOptions options =
      serve({"--listen", "[::1]:0", "--data-dir", "d", "--limits", "none", "--retention", "never",
             "--threads", "3", "--allowed-origins", "http://a,http://b", "--function-concurrency",
             "5", "--http-endpoints", "https://a,http://b:1", "--http-connections", "c.json"},
            {{"PAWL_LOST_TASK", "fail"}, {"PAWL_LOG_LEVEL", "error"}, {"PAWL_THREADS", "9"}});
  EXPECT_EQ(options.host, "::1");
  EXPECT_EQ(options.port, 0);
  EXPECT_EQ(options.data_dir, "d");
  EXPECT_EQ(options.limits, ServeOptions::Limits::kNone);
  EXPECT_EQ(options.retention_seconds, std::nullopt);
  EXPECT_EQ(options.threads, 3);
  EXPECT_EQ(options.allowed_origins, (std::vector<std::string>{"http://a", "http://b"}));
  EXPECT_EQ(options.function_concurrency, 5);
  EXPECT_EQ(options.http_endpoints, (std::vector<std::string>{"https://a", "http://b:1"}));
  EXPECT_EQ(options.http_connections_file, "c.json");
  EXPECT_EQ(options.lost_task, ServeOptions::LostTask::kFail);
  EXPECT_EQ(options.log_level, LogLevel::kError);
}

TEST(CommandLine, AnOpenAddressIsFineWithCredentials) {
  EXPECT_EQ(serve({"--listen", "0.0.0.0:80", "--credentials", "keys"}).host, "0.0.0.0");
}

TEST(CommandLine, ClientCommandsReadTheirEndpoint) {
  const auto command = parse({"logs", "arn:x", "--follow"}, {{"PAWL_ENDPOINT", "http://h:1"}});
  ASSERT_TRUE(command.ok()) << command.error().text;
  const auto& options = std::get<LogsOptions>(*command);
  EXPECT_EQ(options.client.endpoint, "http://h:1");
  EXPECT_EQ(options.subject, "arn:x");
  EXPECT_TRUE(options.follow);
}

TEST(CommandLine, HelpIsExitZeroAndNamesEveryCommand) {
  const auto command = parse({"--help"});
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().status, 0);
  for (const CommandWords& words : command_words()) {
    EXPECT_NE(command.error().text.find(words.name), std::string::npos) << words.name;
    EXPECT_FALSE(words.help.empty()) << words.name;
    const auto help = parse({words.name, "--help"});
    ASSERT_FALSE(help.ok());
    EXPECT_EQ(help.error().status, 0) << words.name;
  }
}

TEST(CommandLine, TheDataDirectoryFollowsTheUser) {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "XDG_STATE_HOME") return "state";
    return std::nullopt;
  };
  const std::string expected = ::geteuid() == 0 ? "/var/lib/pawl" : "state/pawl";
  EXPECT_EQ(default_data_dir(environment), expected);
}

}  // namespace
}  // namespace pawl::cli
