// Orders that OpenJDK 17's java.util.HashMap gives for the same keys, inserted in the same order.
#include "asl/java_hash.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace pawl::asl {
namespace {

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> result;
  for (std::string word; in >> word;) result.push_back(word);
  return result;
}

std::string ordered(const std::string& line) {
  const std::vector<std::string> keys = words(line);
  std::string result;
  for (const std::size_t index : java_hash_order({keys.begin(), keys.end()})) {
    result += (result.empty() ? "" : " ") + keys[index];
  }
  return result;
}

TEST(JavaHash, CodesAreOverUtf16Units) {
  EXPECT_EQ(java_hash_code(""), 0u);
  EXPECT_EQ(java_hash_code("a"), 97u);
  EXPECT_EQ(java_hash_code("FunctionName"), 4'247'915'171u);
  EXPECT_EQ(java_hash_code("größe"), 98'762'257u);
  EXPECT_EQ(java_hash_code("😀"), 1'772'899u);
}

TEST(JavaHash, IteratesAsHashMapDoes) {
  const std::pair<const char*, const char*> rows[] = {
      {"Iterations Values", "Values Iterations"},
      {"FunctionName", "FunctionName"},
      {"StateMachineArn Input Name", "Input StateMachineArn Name"},
      {"encoded decoded", "decoded encoded"},
      {"x y z 1 2 3", "1 2 3 x y z"},
      {"Message TopicArn Subject TaskToken arg1 arg2",
       "arg2 Message TopicArn arg1 TaskToken Subject"},
      {"größe Ärger 名前 値 😀 𝒳 ключ", "größe 値 𝒳 ключ 😀 Ärger 名前"},
      // One hash code, or one bucket: insertion order.
      {"Aa BB", "Aa BB"},
      {"BB Aa C#", "BB Aa C#"},
      {"AaAa BBBB AaBB BBAa", "AaAa BBBB AaBB BBAa"},
      // 12 keys fit 16 buckets, 13 need 32, 25 need 64.
      {"k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11 k12", "k1 k2 k3 k4 k5 k11 k6 k10 k7 k8 k12 k9"},
      {"k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11 k12 k13", "k1 k2 k3 k4 k5 k11 k6 k10 k7 k13 k8 k12 k9"},
      {"k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11 k12 k13 k14 k15 k16 k17 k18 k19 k20 k21 k22 k23 k24 k25",
       "k11 k10 k13 k12 k15 k14 k17 k16 k19 k18 k1 k2 k3 k20 k4 k5 k22 k6 k21 k7 k24 k8 k23 k9 "
       "k25"},
      // Eight keys stay in one bucket of a small table, a ninth doubles it.
      {"p3 p13 p24 p35 p46 p57 p68 p79", "p3 p13 p24 p35 p46 p57 p68 p79"},
      {"p3 p13 p24 p35 p46 p57 p68 p79 p110 p121", "p3 p13 p35 p57 p79 p110 p24 p46 p68 p121"},
  };
  for (const auto& [keys, expected] : rows) EXPECT_EQ(ordered(keys), expected) << keys;
}

}  // namespace
}  // namespace pawl::asl
