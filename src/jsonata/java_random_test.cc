// Every expectation is what a JVM answers.
#include "jsonata/java_random.h"

#include <gtest/gtest.h>

namespace pawl::jsonata {
namespace {

TEST(JavaRandom, DrawsWhatJavaDraws) {
  EXPECT_EQ(JavaRandom(42).next_double(), 0.7275636800328681);
  EXPECT_EQ(JavaRandom(0).next_double(), 0.730967787376657);
  JavaRandom random(-1);
  EXPECT_EQ(random.next_double(), 0.26894263088050496);
  EXPECT_EQ(random.next_double(), 0.012269981921235296);
}

}  // namespace
}  // namespace pawl::jsonata
