// Code from buckets, and packages at signed addresses.
#include <gmock/gmock.h>

#include "services/lambda/service_fixture.h"

namespace pawl::lambda {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class PackageTest : public ServiceTest {
 public:
  std::string create_from(const std::string& code) {
    return call("CreateFunction",
                R"({"FunctionName":"f","Runtime":"python3.12","Handler":"handler.handler",)"
                R"("Role":"arn:aws:iam::000000000000:role/r","Code":)" +
                    code + "}");
  }
  // The answer's bytes, or its error's code.
  std::string download(const std::string& url) {
    const auto* operation = operations_->find_streamed("packages", "GetPackage");
    const std::string query = url.substr(url.find('?'));
    const auto value = [&](const std::string& name) {
      const std::size_t at = query.find(name + "=") + name.size() + 1;
      return query.substr(at, query.find('&', at) - at);
    };
    const std::size_t slash = url.rfind('/', url.find('?'));
    const std::string input = R"({"Package":")" + url.substr(slash + 1, 64) + R"(","Expires":)" +
                              value("Expires") + R"(,"Signature":")" + value("Signature") + "\"}";
    std::promise<std::string> answered;
    (*operation)({{}, json::Value::trusted(input), "id"}, {}, [&](auto outcome) {
      if (!outcome.ok()) return answered.set_value(outcome.error().code);
      const auto source = outcome->body.source;
      source->read(1 << 20, [&](auto piece) { answered.set_value(*piece); });
    });
    return answered.get_future().get();
  }
};

TEST_F(PackageTest, ComesFromABucket) {
  std::string filler;  // so that it is read in several pieces
  for (int i = 0; i < 5'000; ++i) filler += std::to_string(i * 7'919 % 10'007);
  objects_.put("b", "k.zip", zip_of("handler.py", kEcho + ("#" + filler)));
  objects_.put("b", "k.zip#2", zip_of("handler.py", "def handler(e, c):\n  return 'second'\n"));
  const std::string created = create_from(R"({"S3Bucket":"b","S3Key":"k.zip"})");
  EXPECT_THAT(created, HasSubstr(R"("State":"Active")"));
  EXPECT_EQ(field(invoke("f", R"(,"Payload":[1])"), "Payload"), "[1]");
  call("UpdateFunctionCode",
       R"({"FunctionName":"f","S3Bucket":"b","S3Key":"k.zip","S3ObjectVersion":"2"})");
  EXPECT_EQ(field(invoke("f"), "Payload"), "second");
}

TEST_F(PackageTest, RefusesWhatIsNoPackage) {
  objects_.put("b", "text", "no zip");
  objects_.put("b", "slip", zip_of("../up.py", "x = 1"));
  packages_.unpacked_bytes_max = 4'096;
  restart();
  objects_.put("b", "bomb", zip_of("bomb", std::string(100'000, '0')));
  objects_.put("b", "large", std::string(5'000, 'x'));
  const char* const broken =
      "InvalidParameterValueException: Could not unzip uploaded file. Please check your file, then "
      "try to upload again. (400)";
  const char* const large =
      "InvalidParameterValueException: Unzipped size must be smaller than 4096 bytes (400)";
  struct Case {
    const char* code;
    const char* error;
  };
  const Case cases[] = {
      {R"({"S3Bucket":"b","S3Key":"text"})", broken},
      {R"({"S3Bucket":"b","S3Key":"slip"})", broken},
      {R"({"S3Bucket":"b","S3Key":"bomb"})", large},
      {R"({"S3Bucket":"b","S3Key":"large"})", large},
      {R"({"S3Bucket":"b","S3Key":"none"})",
       "InvalidParameterValueException: Error occurred while GetObject. S3 Error Code: NoSuchKey. "
       "S3 Error Message: The specified key does not exist. (400)"},
      {R"({"S3Bucket":"b"})",
       "InvalidParameterValueException: Please provide a source for function code. (400)"},
      {R"({})", "InvalidParameterValueException: Please provide a source for function code. (400)"},
      {R"({"ZipFile":"UEs=","S3Bucket":"b","S3Key":"text"})",
       "InvalidParameterValueException: Please do not provide other FunctionCode parameters when "
       "providing a ZipFile. (400)"},
      {R"({"ZipFile":"%%%"})", "InvalidParameterValueException: ZipFile is not base64 (400)"}};
  for (const Case& c : cases) EXPECT_EQ(create_from(c.code), c.error) << c.code;
}

TEST_F(PackageTest, IsDownloadedFromItsSignedAddress) {
  service_->set_endpoint("http://here:1");
  const std::string zip = zip_of("handler.py", kEcho);
  objects_.put("b", "k", zip);
  create_from(R"({"S3Bucket":"b","S3Key":"k"})");
  const std::string code = field(call("GetFunction", R"({"FunctionName":"f"})"), "Code");
  EXPECT_EQ(field(code, "RepositoryType"), "S3");
  std::string url = field(code, "Location");
  EXPECT_THAT(url, StartsWith("http://here:1/_pawl/packages/"));
  EXPECT_EQ(download(url), zip);
  url.back() = url.back() == '0' ? '1' : '0';
  EXPECT_EQ(download(url), "SignatureDoesNotMatch");
}

}  // namespace
}  // namespace pawl::lambda
