#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "services/admin/service.h"
#include "store/sim_store.h"

namespace pawl::admin {
namespace {

runtime::OperationResult backup(Service& service, const std::string& directory) {
  runtime::Operations operations;
  service.add_operations(operations);
  std::promise<runtime::OperationResult> answer;
  const std::string input = "{\"directory\":\"" + directory + "\"}";
  const runtime::Call call{{}, json::Value::trusted(input), "id"};
  (*operations.find("pawl", "Backup"))(
      call, [&](runtime::OperationResult result) { answer.set_value(std::move(result)); });
  return answer.get_future().get();
}

TEST(Admin, ABackupGoesOnlyWhereNothingIs) {
  const auto store = store::SimStore::make();
  Service service(*store, "data", {});
  const struct {
    std::string directory;
    const char* message;
  } cases[] = {
      {"relative/path", "'directory' must be an absolute path"},
      {std::filesystem::temp_directory_path().string(), "exists already"},
  };
  for (const auto& test : cases) {
    const auto result = backup(service, test.directory);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, "InvalidParameter");
    EXPECT_NE(result.error().message.find(test.message), std::string::npos);
  }
}

}  // namespace
}  // namespace pawl::admin
