// The operations end to end: catalog on a simulated store, real processes.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "services/lambda/service_fixture.h"

namespace pawl::lambda {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

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
      {R"(,"Code":{"ZipFile":"bm8gemlw"})",
       "InvalidParameterValueException: Could not unzip uploaded file. Please check your file, "
       "then try to upload again. (400)"},
      {R"(,"Layers":["arn:aws:lambda:us-east-1:1:layer:x:1"])",
       "InvalidParameterValueException: Layer version"},
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

// Functions and the test meet there.
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
  see_the_machine();
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
  see_the_machine();
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
