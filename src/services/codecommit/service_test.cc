#include "services/codecommit/service.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <future>

#include "base/base64.h"
#include "store/sim_store.h"

namespace pawl::codecommit {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() { open(); }
  ~ServiceTest() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    service_.reset();
    operations_ = std::make_unique<runtime::Operations>();
    service_ = std::make_unique<Service>(folder_, catalog_, clock_);
    service_->set_endpoint("http://pawl");
    service_->add_to(*operations_);
  }
  // The answer's text, or "Code: message".
  std::string call(const std::string& operation, const std::string& input) {
    auto answered = std::make_shared<std::promise<std::string>>();
    (*operations_->find("codecommit", operation))(
        {{}, json::Value::parse(input).value(), "request"},
        [answered](const runtime::OperationResult& result) {
          answered->set_value(result.ok() ? std::string(result->text())
                                          : result.error().code + ": " + result.error().message);
        });
    return answered->get_future().get();
  }
  static std::string member(const std::string& text, std::string_view name) {
    const auto parsed = json::Value::parse(text);
    if (!parsed.ok()) return text;
    const json::Node* node = parsed->root().find(name);
    return node && node->is_string() ? std::string(node->string()) : "absent";
  }
  std::string put(const std::string& path, const std::string& content, const std::string& parent) {
    return call("PutFile", R"({"repositoryName":"r","branchName":"main","filePath":")" + path +
                               R"(","fileContent":")" + encode_base64(content) + '"' +
                               (parent.empty() ? "" : R"(,"parentCommitId":")" + parent + '"') +
                               "}");
  }
  std::string content(const std::string& path) {
    const std::string answer =
        call("GetFile", R"({"repositoryName":"r","filePath":")" + path + R"("})");
    const auto bytes = decode_base64(member(answer, "fileContent"));
    return bytes ? *bytes : answer;
  }
  std::size_t folders() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  static std::string make_folder() {
    char path[] = "/tmp/pawl-codecommit-XXXXXX";
    return mkdtemp(path);
  }

  const std::string folder_ = make_folder();
  SystemClock clock_;
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make();
  runtime::Catalog catalog_{*store_};
  std::unique_ptr<runtime::Operations> operations_;
  std::unique_ptr<Service> service_;
};

TEST_F(ServiceTest, ARepositoryIsThereUntilItIsDeleted) {
  EXPECT_THAT(call("CreateRepository", R"({"repositoryName":"r"})"),
              HasSubstr(R"("cloneUrlHttp":"http://pawl/v1/repos/r")"));
  EXPECT_EQ(call("CreateRepository", R"({"repositoryName":"r"})"),
            "RepositoryNameExistsException: Repository named r already exists");
  EXPECT_EQ(folders(), 1u);
  open();
  EXPECT_THAT(call("GetRepository", R"({"repositoryName":"r"})"), HasSubstr("repositoryMetadata"));
  call("DeleteRepository", R"({"repositoryName":"r"})");
  EXPECT_EQ(call("GetRepository", R"({"repositoryName":"r"})"),
            "RepositoryDoesNotExistException: r does not exist");
  EXPECT_EQ(folders(), 0u);
}

TEST_F(ServiceTest, FoldersWithoutARecordGo) {
  call("CreateRepository", R"({"repositoryName":"r"})");
  std::filesystem::create_directory(folder_ + "/half-made.git");
  open();
  EXPECT_EQ(folders(), 1u);
  EXPECT_THAT(call("GetRepository", R"({"repositoryName":"r"})"), HasSubstr("repositoryMetadata"));
}

TEST_F(ServiceTest, TheFirstCommitMakesItsBranchTheDefaultOne) {
  call("CreateRepository", R"({"repositoryName":"r"})");
  EXPECT_THAT(content("a"), StartsWith("CommitDoesNotExistException"));
  put("a", "one", "");
  EXPECT_EQ(content("a"), "one");
  EXPECT_THAT(call("GetRepository", R"({"repositoryName":"r"})"),
              HasSubstr(R"("defaultBranch":"main")"));
  EXPECT_THAT(call("DeleteBranch", R"({"repositoryName":"r","branchName":"main"})"),
              StartsWith("DefaultBranchCannotBeDeletedException"));
}

TEST_F(ServiceTest, ACommitMustKnowWhereItsBranchIs) {
  call("CreateRepository", R"({"repositoryName":"r"})");
  const std::string first = member(put("a", "one", ""), "commitId");
  EXPECT_THAT(put("b", "two", ""), StartsWith("ParentCommitIdRequiredException"));
  EXPECT_THAT(put("b", "two", std::string(40, '1')),
              StartsWith("ParentCommitDoesNotExistException"));
  EXPECT_THAT(put("a", "one", first), StartsWith("SameFileContentException"));
  put("b", "two", first);
  EXPECT_THAT(put("c", "three", first), StartsWith("ParentCommitIdOutdatedException"));
  EXPECT_EQ(content("b"), "two");
}

TEST_F(ServiceTest, ACommitMovesFilesAndSetsModes) {
  call("CreateRepository", R"({"repositoryName":"r"})");
  const std::string first = member(put("a", "one", ""), "commitId");
  const std::string commit =
      R"({"repositoryName":"r","branchName":"main","parentCommitId":")" + first + R"(",)";
  EXPECT_THAT(call("CreateCommit", commit + R"("putFiles":[{"filePath":"x/b","sourceFile":
      {"filePath":"a","isMove":true}}]})"),
              HasSubstr(R"("filesDeleted":[{"absolutePath":"a")"));
  EXPECT_EQ(content("x/b"), "one");
  EXPECT_THAT(content("a"), StartsWith("FileDoesNotExistException"));
}

TEST_F(ServiceTest, ABadRequestIsToldWhatIsWrong) {
  call("CreateRepository", R"({"repositoryName":"r"})");
  const std::string base = R"("repositoryName":"r","branchName":"main")";
  const std::pair<std::string, std::string> rows[] = {
      {R"({)" + base + R"(,"putFiles":[{"filePath":"../a","fileContent":"YQ=="}]})",
       "InvalidPathException"},
      {R"({)" + base + R"(,"putFiles":[{"filePath":".git/config","fileContent":"YQ=="}]})",
       "InvalidPathException"},
      {R"({)" + base + R"(,"putFiles":[{"filePath":"a","fileContent":"no base64"}]})",
       "InvalidFileContentException"},
      {R"({)" + base + R"(,"putFiles":[{"filePath":"a"}]})", "FileContentRequiredException"},
      {R"({)" + base + R"(,"putFiles":[{"filePath":"a","fileContent":"YQ==","fileMode":"X"}]})",
       "InvalidFileModeException"},
      {R"({)" + base + R"(,"putFiles":[{"filePath":"a","fileContent":"YQ=="},
                                       {"filePath":"/a","fileContent":"YQ=="}]})",
       "SamePathRequestException"},
      {R"({)" + base + R"(,"deleteFiles":[{"filePath":"a"}]})", "FileDoesNotExistException"},
      {R"({)" + base + "}", "FileEntryRequiredException"},
      {R"({"repositoryName":"r","branchName":"a..b"})", "InvalidBranchNameException"},
      {R"({"repositoryName":"r"})", "BranchNameRequiredException"},
      {R"({"repositoryName":"s","branchName":"main"})", "RepositoryDoesNotExistException"},
      {R"({"branchName":"main"})", "RepositoryNameRequiredException"}};
  for (const auto& [input, code] : rows) {
    EXPECT_THAT(call("CreateCommit", input), StartsWith(code + ": ")) << input;
  }
}

}  // namespace
}  // namespace pawl::codecommit
