// `pawl jsonata`: what an expression makes of a document, as a state would see it or in the whole
// language.
#include <iostream>

#include "base/clock.h"
#include "base/rng.h"
#include "cli/commands.h"
#include "jsonata/command.h"

namespace pawl::cli {

int run(const JsonataOptions& options) {
  const SystemClock clock;
  SystemRng rng;
  jsonata::CommandOptions command;
  command.expression = options.expression;
  if (options.dialect == JsonataOptions::Dialect::kFull) {
    command.dialect = jsonata::Dialect::kFull;
  }
  return jsonata::run_jsonata_command(command, {clock, rng}, std::cin, std::cout, std::cerr);
}

}  // namespace pawl::cli
