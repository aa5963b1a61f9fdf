// Everything that `pawl serve` runs, wired together: store -> runtime -> services -> api. The one
// place that knows all parts; each receives what it needs in its constructor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "cli/commands.h"

namespace pawl::cli {

class Server {
 public:
  // Opens the data directory, resumes every open execution and listens. Error: a line that says
  // what could not be had.
  static Result<std::unique_ptr<Server>, std::string> start(const ServeOptions& options);
  ~Server();

  // "http://127.0.0.1:4566", with the port that was taken; https with a certificate.
  const std::string& url() const;

  // Answers no further request, ends functions, and leaves a store that needs no recovery.
  void stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  static void open_engine(Parts& parts, const ServeOptions& options);
  static Result<void, std::string> open_objects(Parts& parts, const ServeOptions& options);
  static Result<void, std::string> add_services(Parts& parts, const ServeOptions& options);
  static Result<void, std::string> run_engine(Parts& parts);
  static void add_task_services(Parts& parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace pawl::cli
