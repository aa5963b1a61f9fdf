// The operations end to end: catalog on a simulated store, real processes.
#include "services/lambda/service.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <zip.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "base/base64.h"
#include "store/sim_store.h"
#include "store/test_directory.h"

namespace pawl::lambda {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

std::string zip_base64(const std::string& path, const std::string& text) {
  zip_error_t error;
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
  const auto index = static_cast<zip_uint64_t>(zip_file_add(archive, path.c_str(), source, 0));
  zip_file_set_mtime(archive, index, 1'700'000'000, 0);
  ENSURE(zip_close(archive) == 0);
  zip_stat_t stat;
  zip_source_stat(target, &stat);
  std::string bytes(stat.size, '\0');
  zip_source_open(target);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return encode_base64(bytes);
}

class ServiceTest : public ::testing::Test {
 public:
  ServiceTest() { open(); }
  ~ServiceTest() override { close(); }

  void open() {
    catalog_ = std::make_unique<runtime::Catalog>(*store_);
    ServiceOptions options;
    options.pool.directory = directory_.path() + "/functions";
    options.events.retry_delays_ms = {20, 40};
    auto opened = Service::open(std::move(options), *catalog_, clock_);
    ENSURE(opened.ok(), opened.error());
    service_ = std::move(opened).value();
    operations_ = std::make_unique<runtime::Operations>();
    service_->add_to(*operations_);
  }
  void close() {
    service_.reset();
    catalog_.reset();
  }
  void restart() {
    close();
    open();
  }

  // The answer's text, or "Code: message (status)".
  std::string call(const std::string& operation, const std::string& input) {
    const runtime::Operation* found = operations_->find("lambda", operation);
    ENSURE(found != nullptr, operation);
    auto promise = std::make_shared<std::promise<std::string>>();
    auto parsed = json::Value::parse(input);
    ENSURE(parsed.ok(), input);
    (*found)({{}, *parsed, "request-" + std::to_string(++calls_)},
             [promise](runtime::OperationResult result) {
               promise->set_value(result.ok()
                                      ? std::string(result->text())
                                      : result.error().code + ": " + result.error().message + " (" +
                                            std::to_string(result.error().http_status) + ")");
             });
    auto answer = promise->get_future();
    ENSURE(answer.wait_for(std::chrono::seconds(60)) == std::future_status::ready, operation);
    return answer.get();
  }
  std::string field(const std::string& answer, const char* name) {
    const auto parsed = json::Value::parse(answer);
    if (!parsed.ok()) return "(no JSON) " + answer;
    const json::Node* found = parsed->root().find(name);
    if (found == nullptr) return "(absent)";
    return found->is_string() ? std::string(found->string()) : json::print(*found);
  }
  std::string create(const std::string& name, const std::string& source,
                     const std::string& more = "") {
    return call("CreateFunction",
                R"({"FunctionName":")" + name +
                    R"(","Runtime":"python3.12","Role":"arn:aws:iam::000000000000:role/r",)"
                    R"("Handler":"handler.handler","Code":{"ZipFile":")" +
                    zip_base64("handler.py", source) + R"("})" + more + "}");
  }
  std::string invoke(const std::string& name, const std::string& more = "") {
    return call("Invoke", R"({"FunctionName":")" + name + R"(")" + more + "}");
  }
  // Until no event waits, or for ten seconds.
  bool events_end() {
    for (int i = 0; i < 1000; ++i) {
      if (service_->events().waiting() == 0) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  store::TestDirectory directory_;
  SystemClock clock_;
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make();
  std::unique_ptr<runtime::Catalog> catalog_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<runtime::Operations> operations_;
  int calls_ = 0;
};

constexpr const char* kEcho = "def handler(event, context):\n  return event\n";
const std::string kArn = "arn:aws:lambda:us-east-1:000000000000:function:";

TEST_F(ServiceTest, CreateShowsDefaults) {
  const std::string created = create("f", kEcho);
  const std::string uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  EXPECT_EQ(field(created, "FunctionArn"), kArn + "f");
  EXPECT_EQ(field(created, "Timeout"), "3");
  EXPECT_EQ(field(created, "MemorySize"), "128");
  EXPECT_EQ(field(created, "Version"), "$LATEST");
  EXPECT_EQ(field(created, "State"), "Active");
  EXPECT_EQ(field(created, "LastUpdateStatus"), "Successful");
  EXPECT_EQ(field(created, "PackageType"), "Zip");
  EXPECT_EQ(field(created, "Architectures"), R"(["x86_64"])");
  EXPECT_EQ(field(created, "EphemeralStorage"), R"({"Size":512})");
  EXPECT_EQ(field(created, "TracingConfig"), R"({"Mode":"PassThrough"})");
  EXPECT_EQ(field(created, "SnapStart"), R"({"ApplyOn":"None","OptimizationStatus":"Off"})");
  EXPECT_EQ(field(created, "LoggingConfig"), R"({"LogFormat":"Text","LogGroup":"/aws/lambda/f"})");
  EXPECT_EQ(field(created, "Environment"), "(absent)");
  EXPECT_THAT(field(created, "CodeSha256"), MatchesRegex("[A-Za-z0-9+/]{43}="));
  EXPECT_THAT(field(created, "LastModified"),
              MatchesRegex("[0-9-]{10}T[0-9:]{8}\\.[0-9]{3}\\+0000"));
  EXPECT_THAT(field(created, "RevisionId"), MatchesRegex(uuid));
  EXPECT_EQ(field(call("GetFunction", R"({"FunctionName":"f"})"), "Configuration"), created);
  restart();
  EXPECT_EQ(call("GetFunctionConfiguration", R"({"FunctionName":"f"})"), created);
  EXPECT_EQ(create("f", kEcho), "ResourceConflictException: Function already exist: f (409)");
}

TEST_F(ServiceTest, RefusesWhatCannotBe) {
  struct Case {
    const char* more;
    const char* error;
  };
  const Case cases[] = {
      {R"(,"Runtime":"java21")", "InvalidParameterValueException: Pawl runs the runtimes"},
      {R"(,"Handler":"")", "InvalidParameterValueException: Runtime and Handler are mandatory"},
      {R"(,"Timeout":901)",
       "ValidationException: 1 validation error detected: Value '901' at 'timeout' failed to "
       "satisfy constraint: Member must have value less than or equal to 900 (400)"},
      {R"(,"Environment":{"Variables":{"AWS_REGION":"x"}})",
       "InvalidParameterValueException: Lambda was unable to configure your environment variables "
       "because the environment variables you have provided contains reserved keys that are "
       "currently not supported for modification. Reserved keys used in this request: AWS_REGION"},
      {R"(,"Code":{"S3Bucket":"b","S3Key":"k"})",
       "InvalidParameterValueException: Pawl does not fetch code from S3"},
      {R"(,"Code":{"ZipFile":"bm8gemlw"})",
       "InvalidParameterValueException: Could not unzip uploaded file. Please check your file, "
       "then try to upload again. (400)"},
      {R"(,"Layers":["arn:aws:lambda:us-east-1:1:layer:x:1"])", "InvalidParameterValueException: "},
      {R"(,"PackageType":"Image")", "InvalidParameterValueException: "}};
  for (const Case& c : cases)
    EXPECT_THAT(create("g", kEcho, c.more), StartsWith(c.error)) << c.more;
  EXPECT_EQ(call("GetFunction", R"({"FunctionName":"g"})"),
            "ResourceNotFoundException: Function not found: " + kArn + "g (404)");
}

TEST_F(ServiceTest, NamesOfAllKinds) {
  create("f", kEcho);
  call("PublishVersion", R"({"FunctionName":"f"})");
  struct Case {
    const char* name;
    const char* arn;
  };
  const Case cases[] = {{"f", "f"},
                        {"f:1", "f:1"},
                        {"f:$LATEST", "f:$LATEST"},
                        {"function:f", "f"},
                        {"000000000000:function:f", "f"},
                        {"000000000000:function:f:1", "f:1"},
                        {"arn:aws:lambda:us-east-1:000000000000:function:f", "f"},
                        {"arn:aws:lambda:us-east-1:000000000000:function:f:1", "f:1"}};
  for (const Case& c : cases) {
    const std::string input = R"({"FunctionName":")" + std::string(c.name) + R"("})";
    EXPECT_EQ(field(call("GetFunctionConfiguration", input), "FunctionArn"), kArn + c.arn);
    EXPECT_EQ(field(call("Invoke", input), "Payload"), "{}") << c.name;
  }
  EXPECT_EQ(invoke("nope"),
            "ResourceNotFoundException: Function not found: " + kArn + "nope:$LATEST (404)");
  EXPECT_EQ(invoke("f:7"), "ResourceNotFoundException: Function not found: " + kArn + "f:7 (404)");
  EXPECT_THAT(invoke("f:1", R"(,"Qualifier":"2")"),
              StartsWith("InvalidParameterValueException: The derived qualifier"));
  EXPECT_THAT(invoke("a/b"), StartsWith("ValidationException: 1 validation error detected: Value"));
}

TEST_F(ServiceTest, InvokesOfAllKinds) {
  create("f",
         "def handler(e, c):\n"
         "  print('hello')\n"
         "  if e == 'fail': raise ValueError('bad')\n"
         "  return [e, c.invoked_function_arn, c.client_context and c.client_context.custom]\n");
  EXPECT_EQ(invoke("f", R"(,"Payload":{"a":[1, 2]})"),
            R"({"StatusCode":200,"ExecutedVersion":"$LATEST","Payload":[{"a": [1, 2]}, ")" + kArn +
                R"(f", null]})");
  EXPECT_EQ(
      field(invoke("f", R"(,"ClientContext":")" + encode_base64(R"({"custom":{"k":1}})") + R"(")"),
            "Payload"),
      R"([{},")" + kArn + R"(f",{"k":1}])");
  const std::string failed = invoke("f", R"(,"Payload":"fail","LogType":"Tail")");
  EXPECT_EQ(field(failed, "StatusCode"), "200");
  EXPECT_EQ(field(failed, "FunctionError"), "Unhandled");
  EXPECT_EQ(field(field(failed, "Payload"), "errorType"), "ValueError");
  EXPECT_THAT(field(failed, "LogResult"),
              StartsWith(encode_base64("START RequestId: request-").substr(0, 30)));
  EXPECT_EQ(invoke("f", R"(,"InvocationType":"DryRun")"), R"({"StatusCode":204})");
  EXPECT_THAT(invoke("g", R"(,"InvocationType":"DryRun")"), StartsWith("ResourceNotFound"));
  const std::string large(7 << 20, 'x');
  EXPECT_EQ(invoke("f", R"(,"Payload":")" + large + R"(")"),
            "RequestEntityTooLargeException: Request must be smaller than 6291456 bytes for the "
            "InvokeFunction operation (413)");
}

TEST_F(ServiceTest, UpdatesAreSeenByTheNextCall) {
  create("f", "import os\ndef handler(e, c): return [1, os.environ.get('V')]\n");
  EXPECT_EQ(field(invoke("f"), "Payload"), "[1,null]");
  const std::string updated =
      call("UpdateFunctionConfiguration",
           R"({"FunctionName":"f","Timeout":9,"Environment":{"Variables":{"V":"x"}}})");
  EXPECT_EQ(field(updated, "Timeout"), "9");
  EXPECT_EQ(field(invoke("f"), "Payload"), R"([1,"x"])");
  const std::string code = zip_base64("handler.py", "def handler(e, c): return 2\n");
  const std::string dry = call("UpdateFunctionCode",
                               R"({"FunctionName":"f","DryRun":true,"ZipFile":")" + code + R"("})");
  EXPECT_NE(field(dry, "CodeSha256"), field(updated, "CodeSha256"));
  EXPECT_EQ(field(invoke("f"), "Payload"), R"([1,"x"])");
  const std::string stale =
      R"({"FunctionName":"f","RevisionId":"old","ZipFile":")" + code + R"("})";
  EXPECT_THAT(call("UpdateFunctionCode", stale), StartsWith("PreconditionFailedException: "));
  const std::string replaced =
      call("UpdateFunctionCode", R"({"FunctionName":"f","ZipFile":")" + code + R"("})");
  EXPECT_EQ(field(replaced, "Timeout"), "9");
  EXPECT_EQ(field(invoke("f"), "Payload"), "2");
  EXPECT_THAT(call("UpdateFunctionConfiguration", R"({"FunctionName":"g","Timeout":9})"),
              StartsWith("ResourceNotFoundException: "));
}

TEST_F(ServiceTest, VersionsAndAliases) {
  create("f", "def handler(e, c): return 1\n");
  const std::string first = call("PublishVersion", R"({"FunctionName":"f","Description":"one"})");
  EXPECT_EQ(field(first, "FunctionArn"), kArn + "f:1");
  EXPECT_EQ(field(first, "Description"), "one");
  EXPECT_EQ(call("PublishVersion", R"({"FunctionName":"f"})"), first);
  EXPECT_THAT(call("PublishVersion", R"({"FunctionName":"f","CodeSha256":"x"})"),
              StartsWith("InvalidParameterValueException: CodeSHA256 (x) is different from"));
  const std::string code =
      zip_base64("handler.py", "def handler(e, c): return c.function_version\n");
  EXPECT_EQ(field(call("UpdateFunctionCode",
                       R"({"FunctionName":"f","Publish":true,"ZipFile":")" + code + R"("})"),
                  "Version"),
            "2");
  EXPECT_EQ(field(invoke("f:1"), "Payload"), "1");
  EXPECT_EQ(field(invoke("f:2"), "Payload"), "2");
  EXPECT_EQ(field(invoke("f:2"), "ExecutedVersion"), "2");

  const std::string alias =
      call("CreateAlias", R"({"FunctionName":"f","Name":"prod","FunctionVersion":"1"})");
  EXPECT_EQ(field(alias, "AliasArn"), kArn + "f:prod");
  EXPECT_EQ(field(invoke("f:prod"), "Payload"), "1");
  EXPECT_EQ(field(invoke("f", R"(,"Qualifier":"prod")"), "ExecutedVersion"), "1");
  EXPECT_THAT(call("CreateAlias", R"({"FunctionName":"f","Name":"prod","FunctionVersion":"2"})"),
              StartsWith("ResourceConflictException: Alias already exists: " + kArn + "f:prod"));
  EXPECT_THAT(call("CreateAlias", R"({"FunctionName":"f","Name":"x","FunctionVersion":"9"})"),
              StartsWith("ResourceNotFoundException: Function not found: " + kArn + "f:9"));
  call(
      "UpdateAlias",
      R"({"FunctionName":"f","Name":"prod","RoutingConfig":{"AdditionalVersionWeights":{"2":1}}})");
  EXPECT_EQ(field(invoke("f:prod"), "ExecutedVersion"), "2");
  EXPECT_THAT(call("DeleteFunction", R"({"FunctionName":"f","Qualifier":"2"})"),
              StartsWith("ResourceConflictException: "));
  restart();
  EXPECT_THAT(call("GetAlias", R"({"FunctionName":"f","Name":"prod"})"),
              HasSubstr(R"("RoutingConfig":{"AdditionalVersionWeights":{"2":1)"));
  EXPECT_THAT(call("GetAlias", R"({"FunctionName":"f","Name":"dev"})"),
              StartsWith("ResourceNotFoundException: Cannot find alias arn: " + kArn + "f:dev"));
  EXPECT_THAT(call("ListVersionsByFunction", R"({"FunctionName":"f"})"),
              AllOf(HasSubstr(R"("Version":"$LATEST")"), HasSubstr(R"("Version":"2")")));
  EXPECT_EQ(call("DeleteAlias", R"({"FunctionName":"f","Name":"prod"})"), "{}");
  EXPECT_EQ(call("DeleteFunction", R"({"FunctionName":"f","Qualifier":"2"})"), "{}");
  EXPECT_THAT(invoke("f:2"), StartsWith("ResourceNotFoundException"));
  EXPECT_EQ(call("DeleteFunction", R"({"FunctionName":"f"})"), "{}");
  EXPECT_THAT(invoke("f:1"), StartsWith("ResourceNotFoundException"));
}

TEST_F(ServiceTest, ListsInPages) {
  for (const char* name : {"a", "b", "c", "d"}) create(name, kEcho);
  const std::string first = call("ListFunctions", R"({"MaxItems":3})");
  EXPECT_EQ(field(first, "NextMarker"), "c");
  const std::string second = call("ListFunctions", R"({"MaxItems":3,"Marker":"c"})");
  EXPECT_THAT(second, HasSubstr(R"("FunctionName":"d")"));
  EXPECT_THAT(second, Not(HasSubstr(R"("FunctionName":"c")")));
  EXPECT_EQ(field(second, "NextMarker"), "(absent)");
}

TEST_F(ServiceTest, TagsConcurrencyAndPolicy) {
  create("f", kEcho, R"(,"Tags":{"a":"1"})");
  const std::string resource = R"("Resource":")" + kArn + R"(f")";
  call("TagResource", "{" + resource + R"(,"Tags":{"a":"2","b":"3"}})");
  EXPECT_EQ(call("ListTags", "{" + resource + "}"), R"({"Tags":{"a":"2","b":"3"}})");
  call("UntagResource", "{" + resource + R"(,"TagKeys":["a"]})");
  EXPECT_EQ(call("ListTags", "{" + resource + "}"), R"({"Tags":{"b":"3"}})");

  EXPECT_EQ(
      call("PutFunctionConcurrency", R"({"FunctionName":"f","ReservedConcurrentExecutions":0})"),
      R"({"ReservedConcurrentExecutions":0})");
  EXPECT_EQ(invoke("f"), "TooManyRequestsException: Rate Exceeded. (429)");
  call("DeleteFunctionConcurrency", R"({"FunctionName":"f"})");
  EXPECT_EQ(field(invoke("f"), "StatusCode"), "200");

  EXPECT_THAT(call("GetPolicy", R"({"FunctionName":"f"})"), StartsWith("ResourceNotFound"));
  const std::string permission =
      R"({"FunctionName":"f","StatementId":"s","Action":"lambda:InvokeFunction",)"
      R"("Principal":"states.amazonaws.com","SourceAccount":"111111111111"})";
  EXPECT_THAT(field(call("AddPermission", permission), "Statement"),
              HasSubstr(R"("Principal":{"Service":"states.amazonaws.com"})"));
  EXPECT_THAT(call("AddPermission", permission),
              StartsWith("ResourceConflictException: The statement id (s)"));
  EXPECT_THAT(field(call("GetPolicy", R"({"FunctionName":"f"})"), "Policy"),
              StartsWith(R"({"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s")"));
  EXPECT_EQ(call("RemovePermission", R"({"FunctionName":"f","StatementId":"s"})"), "{}");
  EXPECT_THAT(call("GetPolicy", R"({"FunctionName":"f"})"), StartsWith("ResourceNotFound"));
}

// Functions have a /tmp of their own; they and the test meet elsewhere.
struct SharedDirectory {
  SharedDirectory() : path("/var/tmp/pawl-lambda-XXXXXX") {
    ENSURE(::mkdtemp(path.data()) != nullptr, path);
  }
  SharedDirectory(const SharedDirectory&) = delete;
  SharedDirectory& operator=(const SharedDirectory&) = delete;
  ~SharedDirectory() { std::filesystem::remove_all(path); }
  std::string path;
};

// Appends one letter per try to a file; fails until there are as many as the event says.
std::string counting_function(const std::string& file) {
  return "def handler(event, context):\n"
         "  with open('" +
         file +
         "', 'a') as f: f.write('x')\n"
         "  tries = len(open('" +
         file +
         "').read())\n"
         "  if tries < event['until']: raise Exception('again')\n";
}

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(ServiceTest, EventsAreTriedThreeTimes) {
  const SharedDirectory directory;
  const std::string file = directory.path + "/tries";
  create("f", counting_function(file));
  EXPECT_EQ(invoke("f", R"(,"InvocationType":"Event","Payload":{"until":2})"),
            R"({"StatusCode":202})");
  ASSERT_TRUE(events_end());
  EXPECT_EQ(read(file), "xx");
  invoke("f", R"(,"InvocationType":"Event","Payload":{"until":99})");
  ASSERT_TRUE(events_end());
  EXPECT_EQ(read(file), "xxxxx");  // three more, then dropped
}

TEST_F(ServiceTest, EventsOutliveTheServer) {
  const SharedDirectory directory;
  const std::string file = directory.path + "/tries";
  create("f", "import time\n" + counting_function(file) + "  time.sleep(event['sleep'])\n");
  invoke("f", R"(,"InvocationType":"Event","Payload":{"until":1,"sleep":0.4})");
  restart();  // in the middle of it, or before it began
  ASSERT_TRUE(events_end());
  EXPECT_THAT(read(file), MatchesRegex("x|xx"));
}

TEST_F(ServiceTest, PackagesGoWithTheLastFunction) {
  const auto packages = [this] {
    int count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(directory_.path() + "/functions/code")) {
      count += entry.is_directory() ? 1 : 0;
    }
    return count;
  };
  create("a", kEcho);
  create("b", kEcho);
  create("c", "def handler(e, c): pass\n");
  EXPECT_EQ(packages(), 2);
  call("DeleteFunction", R"({"FunctionName":"a"})");
  call("DeleteFunction", R"({"FunctionName":"c"})");
  restart();
  call("GetAccountSettings", "{}");
  for (int i = 0; i < 500 && packages() != 1; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(packages(), 1);
  EXPECT_EQ(field(invoke("b"), "Payload"), "{}");
}

}  // namespace
}  // namespace pawl::lambda
