#include "functions/world.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "base/read_file.h"

namespace pawl::functions {
namespace {

namespace fs = std::filesystem;

// Top directories of programs and libraries; on most systems links into /usr.
constexpr const char* kSystem[] = {"usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"};
// Of /etc: what programs ask for and what tells nothing about the machine's users. What may change
// while the server runs is shown; the rest is copied, which costs an environment nothing.
constexpr const char* kShown[] = {"alternatives", "ca-certificates", "crypto-policies",
                                  "fonts",        "hosts",           "ld.so.cache",
                                  "pki",          "resolv.conf",     "ssl"};
constexpr const char* kCopied[] = {"debian_version", "gai.conf",   "host.conf",     "ld.so.conf",
                                   "localtime",      "mime.types", "nsswitch.conf", "os-release",
                                   "protocols",      "services",   "timezone"};
constexpr const char* kDirectories[] = {
    "dev",      "etc",          "home",         "mnt",      "opt",        "proc",
    "root",     "run",          "srv",          "sys",      "tmp",        "var",
    "var/lang", "var/lang/bin", "var/lang/lib", "var/task", "var/runtime"};
constexpr std::pair<const char*, const char*> kLinks[] = {
    {"dev/fd", "/proc/self/fd"},
    {"dev/stdin", "/proc/self/fd/0"},
    {"dev/stdout", "/proc/self/fd/1"},
    {"dev/stderr", "/proc/self/fd/2"},
    {"var/tmp", "/tmp"},
    // Where import statements of ES modules come to look at last.
    {"node_modules", "var/runtime/node_modules"}};

class Skeleton {
 public:
  explicit Skeleton(const std::string& root) : root_(root) {}

  void make_directory(const std::string& path) {
    const std::string full = root_ + "/" + path;
    if (mkdir(full.c_str(), 0755) != 0) failed(full);
    chmod(full.c_str(), 0755);
  }
  void write(const std::string& path, const std::string& text) {
    const std::string full = root_ + "/" + path;
    std::ofstream file(full);
    if (!(file << text).flush()) failed(full);
    chmod(full.c_str(), 0644);
  }
  void link(const std::string& path, const std::string& target) {
    const std::string full = root_ + "/" + path;
    if (symlink(target.c_str(), full.c_str()) != 0) failed(full);
  }
  // What the machine has at `path` will be seen there; nothing where it has nothing.
  void show(const std::string& path) {
    const fs::path source = "/" + path;
    std::error_code error;
    const fs::file_status status = fs::symlink_status(source, error);
    const bool is_top = path.find('/') == std::string::npos;
    if (is_top && fs::is_symlink(status)) return link(path, fs::read_symlink(source, error));
    const fs::path real = fs::canonical(source, error);
    if (error) return;
    if (fs::is_directory(real, error)) {
      make_directory(path);
    } else {
      write(path, "");
    }
    binds_.emplace_back(path, real.string());
  }

  void copy(const std::string& path) {
    std::error_code error;
    if (!fs::is_regular_file("/" + path, error)) return;
    const auto bytes = read_file("/" + path);
    write(path, bytes.ok() ? *bytes : "");
  }

  Binds take_binds() { return std::move(binds_); }
  const std::optional<std::string>& problem() const { return problem_; }

 private:
  void failed(const std::string& path) {
    if (!problem_) {
      problem_ = fmt::format("cannot make {}: {}", path,
                             std::error_code(errno, std::generic_category()).message());
    }
  }

  const std::string root_;
  Binds binds_;
  std::optional<std::string> problem_;
};

// Whether every world has it.
bool is_system_path(const std::string& path) {
  for (const char* top : kSystem) {
    if (path.starts_with(fmt::format("/{}/", top))) return true;
  }
  return false;
}

}  // namespace

Result<World, std::string> make_world(const std::string& directory, const std::string& users) {
  std::error_code error;
  fs::remove_all(directory, error);
  fs::create_directories(directory, error);
  if (error) return Err{fmt::format("cannot make {}: {}", directory, error.message())};
  chmod(directory.c_str(), 0755);
  Skeleton skeleton(directory);
  for (const char* path : kDirectories) skeleton.make_directory(path);
  for (const auto& [path, target] : kLinks) skeleton.link(path, target);
  for (const char* device : {"null", "zero", "full", "random", "urandom"}) {
    skeleton.write(fmt::format("dev/{}", device), "");
  }
  skeleton.write("etc/passwd", "root:x:0:0:root:/root:/sbin/nologin\n" + users);
  skeleton.write("etc/group", "root:x:0:\n");
  for (const char* path : kSystem) skeleton.show(path);
  for (const char* name : kShown) skeleton.show(fmt::format("etc/{}", name));
  for (const char* name : kCopied) skeleton.copy(fmt::format("etc/{}", name));
  if (skeleton.problem()) return Err{*skeleton.problem()};
  return World{directory, skeleton.take_binds()};
}

InterpreterInWorld interpreter_in_world(const std::string& program) {
  if (program.empty() || is_system_path(program)) {
    std::error_code error;
    const fs::path real = fs::canonical(program, error);
    if (program.empty() || error || is_system_path(real.string())) return {program, {}};
  }
  std::error_code error;
  const fs::path real = fs::canonical(program, error);
  if (error) return {};
  const fs::path folder = real.parent_path();
  InterpreterInWorld found{"/var/lang/bin/" + real.filename().string(),
                           {{"var/lang/bin", folder.string()}}};
  const fs::path libraries = folder.parent_path() / "lib";
  if (fs::is_directory(libraries, error)) {
    found.binds.emplace_back("var/lang/lib", libraries.string());
  }
  return found;
}

}  // namespace pawl::functions
