// What functions print, as log groups: `/aws/lambda/<name>`, one stream an environment. Read from
// the functions' own bounded files, so that an invocation costs no write to the store
// (docs/adr/0010).
#pragma once

#include <string>
#include <vector>

#include "runtime/logs.h"

namespace pawl::logs {

struct FunctionLine {
  runtime::LogPosition position;
  std::string stream;
  std::string message;
};

class FunctionLogs {
 public:
  // `directory`: <data-dir>/functions/logs.
  explicit FunctionLogs(std::string directory) : directory_(std::move(directory)) {}

  // Whether the function of `/aws/lambda/<name>` has printed anything that is still kept.
  bool has(const runtime::LogGroupName& group) const;
  // Names of such groups, sorted.
  std::vector<std::string> list(const std::string& account, const std::string& region) const;
  // Everything that is kept, oldest first.
  std::vector<FunctionLine> read(const runtime::LogGroupName& group) const;

 private:
  std::string directory_;
};

}  // namespace pawl::logs
