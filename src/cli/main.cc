// The binary: reads the command line and runs the command it names.
#include <cstdio>
#include <cstdlib>
#include <variant>

#include "cli/command_line.h"

int main(int argc, char** argv) {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* text = std::getenv(name.c_str());
    if (text == nullptr) return std::nullopt;
    return text;
  };
  const auto command = pawl::cli::parse_command_line({argv + 1, argv + argc}, environment);
  if (!command.ok()) {
    const pawl::cli::Exit& exit = command.error();
    std::fputs(exit.text.c_str(), exit.status == 0 ? stdout : stderr);
    return exit.status;
  }
  return std::visit([](const auto& options) { return pawl::cli::run(options); }, *command);
}
