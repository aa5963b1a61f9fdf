#include "base/log.h"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(Log, WritesOneLineAnEventInEitherForm) {
  const char* time = "2026-01-31T12:00:00.000Z";
  EXPECT_EQ(log_line(LogFormat::kText, time, LogLevel::kInfo, "it runs"),
            "2026-01-31T12:00:00.000Z INFO it runs\n");
  EXPECT_EQ(log_line(LogFormat::kJson, time, LogLevel::kError, "a \"b\" \\ c\n\x01 \xC3\xA9"),
            "{\"time\":\"2026-01-31T12:00:00.000Z\",\"level\":\"ERROR\","
            "\"message\":\"a \\\"b\\\" \\\\ c\\u000a\\u0001 \xC3\xA9\"}\n");
}

}  // namespace
}  // namespace pawl
