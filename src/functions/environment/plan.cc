#include "functions/environment/plan.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace pawl::functions::environment {
namespace {

const char* value_of(const char* argument, const char* name) {
  const std::size_t length = std::strlen(name);
  return std::strncmp(argument, name, length) == 0 ? argument + length : nullptr;
}

void add_bind(Plan& plan, char* text) {
  char* const equals = std::strchr(text, '=');
  if (equals == nullptr || plan.bind_count == Plan::kBindsMax) _exit(2);
  *equals = 0;
  plan.binds[plan.bind_count++] = {text, equals + 1};
}

void add_group(Plan& plan, const ControlGroup& group) {
  if (plan.group_count == Plan::kGroupsMax) _exit(2);
  plan.groups[plan.group_count++] = group;
}

bool read_number(Plan& plan, const char* argument) {
  if (const char* tmp = value_of(argument, "tmp_mb=")) {
    plan.tmp_mb = std::strtol(tmp, nullptr, 10);
  } else if (const char* memory = value_of(argument, "memory_mb=")) {
    plan.memory_mb = std::strtol(memory, nullptr, 10);
  } else if (const char* user = value_of(argument, "user=")) {
    plan.user = std::strtol(user, nullptr, 10);
  } else {
    return false;
  }
  return true;
}

bool read_text(Plan& plan, char* argument) {
  if (const char* world = value_of(argument, "world=")) {
    plan.world = world;
  } else if (const char* directory = value_of(argument, "directory=")) {
    plan.directory = directory;
  } else if (value_of(argument, "bind=") != nullptr) {
    add_bind(plan, argument + std::strlen("bind="));
  } else if (const char* memory = value_of(argument, "memory_group=")) {
    add_group(plan, {.directory = memory, .has_memory = true});
  } else if (const char* pids = value_of(argument, "pids_group=")) {
    add_group(plan, {.directory = pids, .has_pids = true});
  } else if (const char* both = value_of(argument, "unified_group=")) {
    add_group(plan, {.directory = both, .has_memory = true, .has_pids = true, .is_unified = true});
  } else {
    return false;
  }
  return true;
}

}  // namespace

Plan read_plan(int argc, char** argv) {
  Plan plan;
  for (int i = 1; i < argc; ++i) {
    char* const argument = argv[i];
    if (std::strcmp(argument, "--") == 0) {
      plan.command = argv + i + 1;
      return plan;
    }
    if (std::strcmp(argument, "probe") == 0) {
      plan.probe = true;
    } else if (std::strcmp(argument, "user_namespace") == 0) {
      plan.user_namespace = true;
    } else if (!read_number(plan, argument) && !read_text(plan, argument)) {
      _exit(2);
    }
  }
  return plan;
}

}  // namespace pawl::functions::environment
