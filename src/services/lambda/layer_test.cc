// Layers, and functions' variables at rest.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "services/lambda/layers.h"
#include "services/lambda/service_fixture.h"

namespace pawl::lambda {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kLayerArn = "arn:aws:lambda:us-east-1:000000000000:layer:";

class LayerTest : public ServiceTest {
 public:
  std::string publish(const std::string& name, const std::string& path, const std::string& text,
                      const std::string& more = "") {
    return call("PublishLayerVersion", R"({"LayerName":")" + name + R"(","Content":{"ZipFile":")" +
                                           zip_base64(path, text) + R"("})" + more + "}");
  }
  std::string create_with(const std::string& name, const std::string& layers) {
    return create(name,
                  "import glob, os\n"
                  "def handler(e, c):\n"
                  "  import shared\n"
                  "  opt = os.path.dirname(os.path.dirname(shared.__file__))\n"
                  "  if os.environ['LAMBDA_TASK_ROOT'] == '/var/task': assert opt == '/opt'\n"
                  "  files = glob.glob(opt + '/**/*.[ps][yh]', recursive=True)\n"
                  "  return [shared.name, sorted(os.path.relpath(file, opt) for file in files)]\n",
                  R"(,"Layers":[)" + layers + "]");
  }
};

TEST_F(LayerTest, VersionsAreNumberedAndShown) {
  const std::string first = publish("x", "python/shared.py", "name = 1", R"(,"Description":"d")");
  EXPECT_EQ(field(first, "LayerVersionArn"), kLayerArn + "x:1");
  EXPECT_EQ(field(first, "LayerArn"), kLayerArn + "x");
  EXPECT_EQ(field(first, "Description"), "d");
  EXPECT_THAT(field(first, "Content"), HasSubstr("/_pawl/packages/"));
  call("DeleteLayerVersion", R"({"LayerName":"x","VersionNumber":1})");
  EXPECT_EQ(field(publish("x", "a", "2"), "Version"), "2");
  EXPECT_EQ(field(publish("y", "a", "3"), "Version"), "1");
  restart();
  EXPECT_EQ(field(publish("x", "a", "4"), "Version"), "3");
  const std::string versions = call("ListLayerVersions", R"({"LayerName":"x"})");
  EXPECT_THAT(versions, HasSubstr(R"("Version":3,)"));
  EXPECT_THAT(versions, Not(HasSubstr(R"("Version":1,)")));
  const std::string layers = call("ListLayers", "{}");
  EXPECT_THAT(layers, HasSubstr(R"("LayerName":"x")"));
  EXPECT_THAT(layers, HasSubstr(R"("LayerName":"y")"));
  const std::string shown = call("GetLayerVersion", R"({"LayerName":"x","VersionNumber":2})");
  EXPECT_EQ(field(shown, "Version"), "2");
  EXPECT_EQ(field(call("ListLayers", R"({"Arn":")" + kLayerArn + R"(x:2"})"), "Version"), "2");
  EXPECT_THAT(call("GetLayerVersion", R"({"LayerName":"x","VersionNumber":1})"),
              StartsWith("ResourceNotFoundException: "));
}

TEST_F(LayerTest, ArePutUnderOptOneOverAnother) {
  publish("x", "python/shared.py", "name = 'first'");
  publish("y", "python/shared.py", "name = 'second'");
  publish("z", "bin/tool.sh", "echo");
  create_with("one", "\"" + kLayerArn + "x:1\"");
  EXPECT_EQ(field(invoke("one"), "Payload"), R"(["first",["python/shared.py"]])");
  const std::string created = create_with(
      "all", "\"" + kLayerArn + "x:1\",\"" + kLayerArn + "y:1\",\"" + kLayerArn + "z:1\"");
  EXPECT_THAT(field(created, "Layers"), HasSubstr(kLayerArn + "y:1"));
  const char* const both = R"(["second",["bin/tool.sh","python/shared.py"]])";
  EXPECT_EQ(field(invoke("all"), "Payload"), both);
  // A deleted version stays with those that use it.
  call("DeleteLayerVersion", R"({"LayerName":"y","VersionNumber":1})");
  restart();
  EXPECT_EQ(field(invoke("all"), "Payload"), both);
  call("UpdateFunctionConfiguration", R"({"FunctionName":"all","Layers":[]})");
  EXPECT_THAT(invoke("all"), HasSubstr("No module named 'shared'"));
}

TEST_F(LayerTest, RefusesWhatCannotBe) {
  publish("x", "a", "1");
  publish("x", "a", "2");
  const std::string one = "\"" + kLayerArn + "x:1\"";
  struct Case {
    std::string layers;
    const char* error;
  };
  const Case cases[] = {
      {one + ",\"" + kLayerArn + "x:2\"", "Two different versions of the same layer"},
      {"\"" + kLayerArn + "x:9\"", "does not exist"},
      {"\"nonsense\"", "does not exist"},
      {one + "," + one + "," + one + "," + one + "," + one + "," + one, "more than 5 layers"}};
  for (const Case& c : cases) EXPECT_THAT(create_with("f", c.layers), HasSubstr(c.error));
  EXPECT_THAT(call("PublishLayerVersion", R"({"LayerName":"x","Content":{"ZipFile":"bm8gemlw"}})"),
              HasSubstr("Could not unzip"));
  EXPECT_THAT(publish("x", "../up", "1"), HasSubstr("Could not unzip"));
  EXPECT_THAT(call("PublishLayerVersion", R"({"LayerName":"x","Content":{}})"),
              StartsWith("InvalidParameterValueException: "));
}

TEST_F(LayerTest, VariablesAreEncryptedAtRest) {
  create("f", "import os\ndef handler(e, c):\n  return os.environ['PASSWORD']\n",
         R"(,"Environment":{"Variables":{"PASSWORD":"hush-hush"}})");
  call("PublishVersion", R"({"FunctionName":"f"})");
  for (const std::string_view table : {kFunctionTable, kVersionTable}) {
    catalog_->for_each(table, [](const std::string&, const std::string& record) {
      EXPECT_THAT(record, Not(HasSubstr("hush-hush")));
      EXPECT_THAT(record, Not(HasSubstr("PASSWORD")));
    });
  }
  restart();
  EXPECT_EQ(field(invoke("f"), "Payload"), "hush-hush");
  EXPECT_EQ(field(invoke("f:1"), "Payload"), "hush-hush");
  call("UpdateFunctionConfiguration", R"({"FunctionName":"f","Timeout":9})");
  const std::string shown = call("GetFunctionConfiguration", R"({"FunctionName":"f"})");
  EXPECT_EQ(field(shown, "Environment"), R"({"Variables":{"PASSWORD":"hush-hush"}})");
  EXPECT_EQ(field(invoke("f"), "Payload"), "hush-hush");
  // With another key they are lost, and that is said.
  close();
  std::filesystem::remove(directory_.path() + "/functions/key");
  open();
  EXPECT_THAT(invoke("f"), StartsWith("KMSAccessDeniedException: "));
  EXPECT_THAT(call("GetFunctionConfiguration", R"({"FunctionName":"f"})"),
              HasSubstr(R"("Environment":{"Error")"));
  call("UpdateFunctionConfiguration",
       R"({"FunctionName":"f","Environment":{"Variables":{"PASSWORD":"new"}}})");
  EXPECT_EQ(field(invoke("f"), "Payload"), "new");
}

TEST_F(LayerTest, EventsEndAsTheFunctionsSettingsSay) {
  see_the_machine();
  std::string file = "/var/tmp/pawl-destination-XXXXXX";
  ENSURE(::mkdtemp(file.data()) != nullptr, file);
  const std::string told = file + "/told";
  create("f", "def handler(e, c):\n  if e['fail']: raise ValueError('no')\n  return 'done'\n");
  create("g", "import json\ndef handler(e, c):\n  open('" + told +
                  "', 'a').write(json.dumps(e) + '\\n')\n");
  EXPECT_THAT(call("GetFunctionEventInvokeConfig", R"({"FunctionName":"f"})"),
              StartsWith("ResourceNotFoundException: "));
  EXPECT_THAT(call("PutFunctionEventInvokeConfig", R"({"FunctionName":"f"})"),
              HasSubstr("at least one"));
  EXPECT_THAT(call("PutFunctionEventInvokeConfig",
                   R"({"FunctionName":"f","DestinationConfig":{"OnSuccess":{"Destination":)"
                   R"("arn:aws:sqs:us-east-1:000000000000:q"}}})"),
              StartsWith("InvalidParameterValueException: "));
  const std::string put =
      call("PutFunctionEventInvokeConfig",
           R"({"FunctionName":"f","MaximumRetryAttempts":1,"DestinationConfig":{"OnSuccess":)"
           R"({"Destination":")" +
               kArn + R"(g"},"OnFailure":{"Destination":")" + kArn + R"(g"}}})");
  EXPECT_EQ(field(put, "FunctionArn"), kArn + "f:$LATEST");
  EXPECT_EQ(field(call("GetFunctionEventInvokeConfig", R"({"FunctionName":"f"})"),
                  "MaximumRetryAttempts"),
            "1");
  invoke("f", R"(,"InvocationType":"Event","Payload":{"fail":false})");
  ASSERT_TRUE(events_end());
  invoke("f", R"(,"InvocationType":"Event","Payload":{"fail":true})");
  ASSERT_TRUE(events_end());
  std::ifstream in(told);
  std::string success, failure;
  std::getline(in, success);
  std::getline(in, failure);
  const std::string context = field(success, "requestContext");
  EXPECT_EQ(field(context, "condition"), "Success");
  EXPECT_EQ(field(context, "functionArn"), kArn + "f:$LATEST");
  EXPECT_EQ(field(success, "responsePayload"), "done");
  EXPECT_EQ(field(field(failure, "requestContext"), "condition"), "RetriesExhausted");
  EXPECT_EQ(field(field(failure, "requestContext"), "approximateInvokeCount"), "2");
  EXPECT_THAT(field(failure, "responsePayload"), HasSubstr("ValueError"));
  EXPECT_THAT(call("ListFunctionEventInvokeConfigs", R"({"FunctionName":"f"})"), HasSubstr(put));
  call("DeleteFunctionEventInvokeConfig", R"({"FunctionName":"f"})");
  EXPECT_THAT(call("GetFunctionEventInvokeConfig", R"({"FunctionName":"f"})"),
              StartsWith("ResourceNotFoundException: "));
  std::filesystem::remove_all(file);
}

}  // namespace
}  // namespace pawl::lambda
