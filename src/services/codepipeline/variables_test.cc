#include "services/codepipeline/variables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::codepipeline {
namespace {

std::optional<std::string> known(const Reference& reference) {
  if (reference.name_space == "Src" && reference.name == "CommitId") return "abc";
  if (reference.name_space == "v" && reference.name == "loop") return "#{Src.CommitId}";
  if (reference.name_space == "v" && reference.name == "empty") return "";
  return std::nullopt;
}

// Text -> resolved, or "? namespace.name" of the variable that there is not.
std::string resolved(const char* text) {
  const auto result = resolve(text, known);
  if (result.ok()) return *result;
  return "? " + result.error().name_space + "." + result.error().name;
}

TEST(Variables, AreReplacedWhereTheyAreReferences) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"#{Src.CommitId}", "abc"},
      {"a#{Src.CommitId}b#{Src.CommitId}", "aabcbabc"},
      {"#{v.loop}", "#{Src.CommitId}"},
      {"x#{v.empty}y", "xy"},
      {"#{Src.Other}", "? Src.Other"},
      {"#{Src.CommitId", "#{Src.CommitId"},
      {"#{Src}", "#{Src}"},
      {"#{.CommitId}", "#{.CommitId}"},
      {"#{Src.}", "#{Src.}"},
      {"#{Src.Commit Id}", "#{Src.Commit Id}"},
      {"#{#{Src.CommitId}", "#{abc"},
      {"#", "#"},
      {"#{", "#{"},
      {"${Src.CommitId}", "${Src.CommitId}"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(resolved(text), expected) << text;
}

TEST(Variables, AreFoundInOrder) {
  const auto references = references_in("#{a.b} #{no} #{c-1.d_2@}");
  ASSERT_EQ(references.size(), 2u);
  EXPECT_EQ(references[0].name_space + "." + references[0].name, "a.b");
  EXPECT_EQ(references[1].name_space + "." + references[1].name, "c-1.d_2@");
}

}  // namespace
}  // namespace pawl::codepipeline
