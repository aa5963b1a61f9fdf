#include "services/admin/contents.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "base/crc.h"
#include "base/crc32c.h"
#include "services/admin/files.h"

namespace pawl::admin {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeader = "pawl-contents 1\n";
constexpr std::string_view kChecksumWord = "crc32c ";
constexpr std::size_t kLineBytesMax = 16 * 1024;

std::string path_of(const std::string& backup) { return backup + "/contents"; }

// Any name on one line: '%' and what is not printed become "%XX".
std::string escaped(const std::string& name) {
  std::string text;
  for (const char each : name) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte <= ' ' || byte == 0x7f || byte == '%') {
      text += fmt::format("%{:02x}", byte);
    } else {
      text += each;
    }
  }
  return text;
}

template <typename Number>
bool read_number(std::string_view text, Number& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      name += text[i];
      continue;
    }
    unsigned byte = 0;
    if (i + 2 >= text.size() || !read_number(text.substr(i + 1, 2), byte, 16)) return std::nullopt;
    name += static_cast<char>(byte);
    i += 2;
  }
  return name;
}

// It stays below the directory that it is relative to.
bool is_safe(const std::string& name) {
  const fs::path path(name);
  if (path.is_absolute() || name.empty() || name.find('\0') != std::string::npos) return false;
  return std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

// "crc32c bytes mode name".
std::optional<ContentsEntry> parse_line(std::string_view line) {
  std::vector<std::string_view> fields;
  for (int i = 0; i < 3; ++i) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    fields.push_back(line.substr(0, space));
    line.remove_prefix(space + 1);
  }
  ContentsEntry entry;
  if (!read_number(fields[0], entry.crc32c, 16)) return std::nullopt;
  if (!read_number(fields[1], entry.bytes, 10)) return std::nullopt;
  if (!read_number(fields[2], entry.mode, 8)) return std::nullopt;
  auto name = unescaped(line);
  if (!name || !is_safe(*name)) return std::nullopt;
  entry.name = std::move(*name);
  return entry;
}

Result<ContentsEntry, std::string> describe(const std::string& backup, const std::string& name) {
  const std::string path = backup + "/" + name;
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0) return Err{system_error("cannot read", path)};
  ContentsEntry entry{.crc32c = 0, .bytes = 0, .mode = status.st_mode, .name = name};
  if (S_ISLNK(status.st_mode)) {
    const std::string target = TRY(read_link(path));
    entry.crc32c = pawl::crc32c(target);
    entry.bytes = target.size();
  } else if (S_ISREG(status.st_mode)) {
    std::uint64_t crc = 0;
    TRY(read_pieces(path, [&](std::string_view piece) {
      crc = extend_crc(CrcKind::kCrc32c, crc, piece);
      entry.bytes += piece.size();
      return true;
    }));
    entry.crc32c = static_cast<std::uint32_t>(crc);
  }
  return entry;
}

// The list, written as it grows: there may be millions of files.
class Contents {
 public:
  explicit Contents(const std::string& backup)
      : path_(path_of(backup)), file_(path_ + ".new", std::ios::binary | std::ios::trunc) {}

  void add(const std::string& line) {
    crc_ = extend_crc(CrcKind::kCrc32c, crc_, line);
    file_ << line;
  }
  Done finish() {
    file_ << kChecksumWord << fmt::format("{:08x}\n", static_cast<std::uint32_t>(crc_));
    file_.close();
    if (!file_) return Err{system_error("cannot write", path_)};
    TRY(sync_file_system(fs::path(path_).parent_path().string()));
    if (::rename((path_ + ".new").c_str(), path_.c_str()) != 0) {
      return Err{system_error("cannot rename", path_)};
    }
    return {};
  }

 private:
  const std::string path_;
  std::ofstream file_;
  std::uint64_t crc_ = 0;
};

Err<std::string> damaged(const std::string& backup) { return Err{path_of(backup) + " is damaged"}; }

// Whether the last line is the checksum of all before it.
Done check_contents(const std::string& backup) {
  std::uint64_t crc = 0;
  std::string held;  // what may be the last line
  TRY(read_pieces(path_of(backup), [&](std::string_view piece) {
    held += piece;
    const std::size_t line = held.rfind('\n', held.empty() ? 0 : held.size() - 2);
    if (line == std::string::npos) return held.size() < kLineBytesMax;
    crc = extend_crc(CrcKind::kCrc32c, crc, std::string_view(held).substr(0, line + 1));
    held.erase(0, line + 1);
    return true;
  }));
  const std::string wanted =
      fmt::format("{}{:08x}\n", kChecksumWord, static_cast<std::uint32_t>(crc));
  if (held != wanted) return damaged(backup);
  return {};
}

}  // namespace

Done write_contents(const std::string& backup, const std::vector<std::string>& folders,
                    const std::function<void(std::uint64_t bytes)>& read) {
  Contents contents(backup);
  contents.add(std::string(kHeader));
  const auto add = [&](const std::string& name) -> Done {
    const ContentsEntry entry = TRY(describe(backup, name));
    contents.add(fmt::format("{:08x} {} {:o} {}\n", entry.crc32c, entry.bytes, entry.mode,
                             escaped(entry.name)));
    read(entry.bytes);
    return {};
  };
  for (const std::string& folder : folders) {
    const fs::path top = fs::path(backup) / folder;
    std::error_code error;
    if (!fs::exists(top, error)) continue;
    TRY(add(folder));
    for (fs::recursive_directory_iterator entry(top, error), end; entry != end;
         entry.increment(error)) {
      TRY(add(entry->path().lexically_relative(backup).string()));
    }
    if (error) return Err{"cannot list " + top.string() + ": " + error.message()};
  }
  return contents.finish();
}

Done read_contents(const std::string& backup,
                   const std::function<Done(const ContentsEntry&)>& visit) {
  std::error_code error;
  if (!fs::exists(path_of(backup), error)) {
    return Err{path_of(backup) +
               " is missing: the backup was not finished, or is of a version "
               "that left out objects and repositories"};
  }
  TRY(check_contents(backup));
  std::ifstream file(path_of(backup), std::ios::binary);
  std::string line;
  if (!std::getline(file, line) || line + "\n" != kHeader) {
    return Err{path_of(backup) + " is not a list that this version of Pawl reads"};
  }
  while (std::getline(file, line) && !line.starts_with(kChecksumWord)) {
    const auto entry = parse_line(line);
    if (!entry) return damaged(backup);
    TRY(visit(*entry));
  }
  return {};
}

Done restore_entry(const std::string& backup, const ContentsEntry& entry,
                   const std::string& target) {
  const std::string from = backup + "/" + entry.name;
  const std::string to = target + "/" + entry.name;
  const auto changed = [&] { return Err{from + " is damaged: it is not what was backed up"}; };
  std::error_code error;
  if (S_ISDIR(entry.mode)) {
    fs::create_directories(to, error);
    if (error || ::chmod(to.c_str(), (entry.mode & 07777) | S_IRWXU) != 0) {
      return Err{system_error("cannot make", to)};
    }
    return {};
  }
  if (S_ISLNK(entry.mode)) {
    const std::string link = TRY(read_link(from));
    if (pawl::crc32c(link) != entry.crc32c) return changed();
    if (::symlink(link.c_str(), to.c_str()) != 0) return Err{system_error("cannot make", to)};
    return {};
  }
  const Copied copied = TRY(copy_file(from, to, entry.mode));
  if (copied.bytes != entry.bytes || copied.crc32c != entry.crc32c) return changed();
  return {};
}

}  // namespace pawl::admin
