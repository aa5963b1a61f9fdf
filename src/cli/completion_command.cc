// `pawl completion`: completion scripts written from the same tables as the help.
#include <fmt/core.h>

#include "cli/command_line.h"
#include "cli/commands.h"

namespace pawl::cli {

namespace {

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

std::string names(const std::vector<CommandWords>& commands) {
  std::vector<std::string> all;
  for (const CommandWords& command : commands) all.push_back(command.name);
  return join(all);
}

std::string bash_script(const std::vector<CommandWords>& commands) {
  std::string cases;
  for (const CommandWords& command : commands) {
    cases += fmt::format("    {}) words='{}' ;;\n", command.name, join(command.flags));
  }
  return fmt::format(
      "_pawl() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} words=''\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$current\")\n"
      "    return\n"
      "  fi\n"
      "  case ${{COMP_WORDS[1]}} in\n"
      "{}"
      "  esac\n"
      "  if [[ $current == -* ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
      "  else\n"
      "    mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
      "  fi\n"
      "}}\n"
      "complete -o filenames -F _pawl pawl\n",
      names(commands), cases);
}

std::string zsh_script(const std::vector<CommandWords>& commands) {
  std::string verbs;
  std::string cases;
  for (const CommandWords& command : commands) {
    verbs += fmt::format("    '{}:{}'\n", command.name, command.help);
    cases += fmt::format("    {}) compadd -- {} ;;\n", command.name, join(command.flags));
  }
  return fmt::format(
      "#compdef pawl\n"
      "_pawl() {{\n"
      "  local -a verbs\n"
      "  verbs=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe command verbs\n"
      "    return\n"
      "  fi\n"
      "  if [[ $PREFIX != -* ]]; then\n"
      "    _files\n"
      "    return\n"
      "  fi\n"
      "  case $words[2] in\n{}  esac\n"
      "}}\n"
      "if [ \"$funcstack[1]\" = _pawl ]; then _pawl \"$@\"; else compdef _pawl pawl; fi\n",
      verbs, cases);
}

std::string fish_script(const std::vector<CommandWords>& commands) {
  std::string script;
  for (const CommandWords& command : commands) {
    script += fmt::format("complete -c pawl -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                          command.help);
    for (const std::string& flag : command.flags) {
      script += fmt::format("complete -c pawl -n '__fish_seen_subcommand_from {}' -l {}\n",
                            command.name, flag.substr(2));
    }
  }
  return script;
}

}  // namespace

int run(const CompletionOptions& options) {
  using Shell = CompletionOptions::Shell;
  const std::vector<CommandWords> commands = command_words();
  switch (options.shell) {
    case Shell::kBash:
      fmt::print("{}", bash_script(commands));
      break;
    case Shell::kZsh:
      fmt::print("{}", zsh_script(commands));
      break;
    case Shell::kFish:
      fmt::print("{}", fish_script(commands));
      break;
  }
  return 0;
}

}  // namespace pawl::cli
