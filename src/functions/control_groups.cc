#include "functions/control_groups.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace pawl::functions {
namespace {

namespace fs = std::filesystem;

bool write_line(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  return static_cast<bool>((out << text).flush());
}

std::string first_line(const fs::path& file) {
  std::string line;
  std::ifstream in(file);
  std::getline(in, line);
  return line;
}

bool has_word(const std::string& line, std::string_view wanted, char separator) {
  std::istringstream words(line);
  for (std::string word; std::getline(words, word, separator);) {
    if (word == wanted) return true;
  }
  return false;
}

// Hierarchies and where they are mounted, from /proc/self/mounts: "cgroup2", or a controller's
// name.
std::map<std::string, fs::path> mounted_hierarchies() {
  std::map<std::string, fs::path> found;
  std::ifstream mounts("/proc/self/mounts");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string device, place, type, options;
    words >> device >> place >> type >> options;
    if (type == "cgroup2") found.emplace("cgroup2", place);
    if (type != "cgroup") continue;
    for (const char* controller : {"memory", "pids"}) {
      if (has_word(options, controller, ',')) found.emplace(controller, place);
    }
  }
  return found;
}

// Our own group in a hierarchy, from /proc/self/cgroup: "4:memory:/path", "0::/path".
std::string own_group(const std::string& controller) {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool is_it =
        controller == "cgroup2" ? controllers.empty() : has_word(controllers, controller, ',');
    if (is_it) return line.substr(second + 1);
  }
  return {};
}

// Only files of the kernel's are in a group's directory, so rmdir is enough.
void remove_leftovers(const fs::path& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.is_directory(error)) rmdir(entry.path().c_str());
  }
}

bool make_group(const fs::path& directory) {
  remove_leftovers(directory);
  return mkdir(directory.c_str(), 0755) == 0 || fs::is_directory(directory);
}

// A group with processes of its own cannot hand controllers on: the server moves aside.
bool hand_on_controllers(const fs::path& own) {
  constexpr const char* kBoth = "+memory +pids";
  if (write_line(own / "cgroup.subtree_control", kBoth)) return true;
  const fs::path aside = own / "pawl-server";
  return make_group(aside) && write_line(aside / "cgroup.procs", std::to_string(getpid())) &&
         write_line(own / "cgroup.subtree_control", kBoth);
}

// systemd marks the groups that it leaves to a service; a container has a root group of its own.
bool is_delegated(const fs::path& own, const std::string& path) {
  char value[2];
  return path == "/" || getxattr(own.c_str(), "user.delegate", value, sizeof value) == 1 ||
         getxattr(own.c_str(), "trusted.delegate", value, sizeof value) == 1;
}

std::string unified_group(const fs::path& own, const std::string& name) {
  const std::string controllers = first_line(own / "cgroup.controllers");
  if (!has_word(controllers, "memory", ' ') || !has_word(controllers, "pids", ' ')) return {};
  if (access((own / "cgroup.subtree_control").c_str(), W_OK) != 0) return {};
  const fs::path group = own / name;
  const bool made = make_group(group) && hand_on_controllers(own) &&
                    write_line(group / "cgroup.subtree_control", "+memory +pids");
  return made ? group.string() : std::string();
}

}  // namespace

std::string ControlGroups::text() const {
  if (!unified.empty()) return "cgroup v2";
  if (!memory.empty() && !pids.empty()) return "cgroup v1 (memory, pids)";
  if (!memory.empty()) return "cgroup v1 (memory)";
  return pids.empty() ? "rlimits" : "cgroup v1 (pids)";
}

std::vector<std::string> ControlGroups::arguments(const std::string& name) const {
  if (!unified.empty()) return {fmt::format("unified_group={}/{}", unified, name)};
  std::vector<std::string> result;
  if (!memory.empty()) result.push_back(fmt::format("memory_group={}/{}", memory, name));
  if (!pids.empty()) result.push_back(fmt::format("pids_group={}/{}", pids, name));
  return result;
}

ControlGroups find_control_groups(const std::string& owner) {
  ControlGroups groups;
  const std::string name = "pawl-functions-" + owner;
  for (const auto& [controller, place] : mounted_hierarchies()) {
    const std::string path = own_group(controller);
    const fs::path own = place.string() + path;
    if (controller == "cgroup2") {
      if (is_delegated(own, path)) groups.unified = unified_group(own, name);
      continue;
    }
    const fs::path group = own / name;
    if (!make_group(group)) continue;
    (controller == "memory" ? groups.memory : groups.pids) = group.string();
  }
  return groups;
}

void remove_control_groups(const ControlGroups& groups) {
  for (const std::string* directory : {&groups.unified, &groups.memory, &groups.pids}) {
    if (directory->empty()) continue;
    remove_leftovers(*directory);
    rmdir(directory->c_str());
  }
}

}  // namespace pawl::functions
