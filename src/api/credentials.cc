// Reading credential files.
#include "api/credentials.h"

#include <cctype>
#include <optional>
#include <vector>

#include "base/ascii.h"
#include "base/read_file.h"

namespace pawl::api {

namespace {

constexpr std::string_view kBlanks = " \t\r";

struct Line {
  int number;
  std::string_view text;
};

// Without blank lines and comments.
std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end), kBlanks);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.front() != '#' && line.front() != ';')
      lines.push_back({number, line});
  }
  return lines;
}

// A key with its secret, gathered from the lines of one profile.
struct Profile {
  int line = 0;
  std::string access_key;
  std::string secret;
};

using Pairs = std::vector<Profile>;

Result<Pairs, CredentialsError> read_profiles(const std::vector<Line>& lines) {
  Pairs profiles;
  for (const Line& line : lines) {
    if (line.text.front() == '[') {
      if (line.text.back() != ']') {
        return Err{CredentialsError{line.number, "a profile's name ends with ]"}};
      }
      profiles.push_back({.line = line.number, .access_key = {}, .secret = {}});
      continue;
    }
    if (profiles.empty()) return Err{CredentialsError{line.number, "a setting before [profile]"}};
    const std::size_t equals = line.text.find('=');
    if (equals == std::string_view::npos) {
      return Err{CredentialsError{line.number, "expected NAME = VALUE"}};
    }
    const std::string_view name = trimmed(line.text.substr(0, equals), kBlanks);
    const std::string_view value = trimmed(line.text.substr(equals + 1), kBlanks);
    if (name == "aws_access_key_id") profiles.back().access_key = value;
    if (name == "aws_secret_access_key") profiles.back().secret = value;
  }
  // A profile without keys (a role, a process) is none of ours.
  std::erase_if(profiles, [](const Profile& profile) {
    return profile.access_key.empty() && profile.secret.empty();
  });
  return profiles;
}

Result<Pairs, CredentialsError> read_pairs(const std::vector<Line>& lines) {
  Pairs pairs;
  for (const Line& line : lines) {
    const std::size_t blank = line.text.find_first_of(" \t");
    if (blank == std::string_view::npos) {
      return Err{CredentialsError{line.number, "expected ACCESS_KEY SECRET"}};
    }
    pairs.push_back({line.number, std::string(line.text.substr(0, blank)),
                     std::string(trimmed(line.text.substr(blank), kBlanks))});
  }
  return pairs;
}

}  // namespace

Result<Credentials, CredentialsError> Credentials::parse(std::string_view text) {
  const std::vector<Line> lines = lines_of(text);
  const bool has_profiles = !lines.empty() && lines.front().text.front() == '[';
  const Pairs pairs = has_profiles ? TRY(read_profiles(lines)) : TRY(read_pairs(lines));
  Credentials credentials;
  for (const Profile& pair : pairs) {
    if (pair.access_key.empty() || pair.secret.empty()) {
      return Err{CredentialsError{pair.line, "a key without its secret, or a secret without key"}};
    }
    if (pair.access_key.find('/') != std::string::npos) {
      return Err{CredentialsError{pair.line, "an access key has no slash"}};
    }
    if (!credentials.secrets_.emplace(pair.access_key, pair.secret).second &&
        credentials.secrets_[pair.access_key] != pair.secret) {
      return Err{CredentialsError{pair.line, "two secrets for " + pair.access_key}};
    }
  }
  if (credentials.secrets_.empty()) return Err{CredentialsError{0, "no credentials in it"}};
  return credentials;
}

Result<Credentials, CredentialsError> Credentials::read(const std::string& path) {
  const auto text = read_file(path);
  if (!text.ok()) {
    return Err{CredentialsError{0, "cannot be read: " + text.error().message()}};
  }
  return parse(*text);
}

const std::string* Credentials::find_secret(std::string_view access_key) const {
  const auto found = secrets_.find(access_key);
  return found == secrets_.end() ? nullptr : &found->second;
}

}  // namespace pawl::api
