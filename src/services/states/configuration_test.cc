#include "services/states/configuration.h"

#include <gtest/gtest.h>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

TEST(Configuration, EncryptionIsShownWithItsDefaults) {
  const struct {
    const char* given;
    const char* answer;
  } cases[] = {
      {R"({})", R"({"type":"AWS_OWNED_KEY"})"},
      {R"({"encryptionConfiguration":{"type":"AWS_OWNED_KEY"}})", R"({"type":"AWS_OWNED_KEY"})"},
      {R"({"encryptionConfiguration":{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"k"}})",
       R"({"kmsKeyId":"k","kmsDataKeyReusePeriodSeconds":300,"type":"CUSTOMER_MANAGED_KMS_KEY"})"},
      {R"({"encryptionConfiguration":{"type":"CUSTOMER_MANAGED_KMS_KEY"}})",
       "InvalidEncryptionConfiguration"},
      {R"({"encryptionConfiguration":{"type":"AWS_OWNED_KEY","kmsKeyId":"k"}})",
       "InvalidEncryptionConfiguration"}};
  for (const auto& test : cases) {
    const json::Value given = json::Value::trusted(test.given);
    const auto read = read_encryption(Fields(given), kDefaultEncryption);
    EXPECT_EQ(read.ok() ? std::string(read->text()) : read.error().code, test.answer) << test.given;
  }
}

using ConfiguredMachine = ServiceFixture;

TEST_F(ConfiguredMachine, ExecutionsHaveNoTags) {
  const std::string arn = "arn:aws:states:us-east-1:000000000000:execution:m:e";
  for (const char* operation : {"TagResource", "UntagResource", "ListTagsForResource"}) {
    EXPECT_EQ(call(operation, R"({"tags":[],"tagKeys":[],"resourceArn":")" + arn + "\"}"),
              "ResourceNotFound: Resource not found: '" + arn + "'");
  }
}

TEST_F(ConfiguredMachine, ShowsItsTracingAndRefusesReservedTags) {
  create("m", pass("one"), R"(,"tracingConfiguration":{"enabled":true})");
  const std::string described =
      call("DescribeStateMachine", R"({"stateMachineArn":")" + kMachine + R"("})");
  EXPECT_EQ(member(described, "tracingConfiguration"), R"({"enabled":true})");
  const std::string refused =
      "ValidationException: aws: prefixed tag key names are not allowed for external use.";
  const std::string tags = R"("tags":[{"key":"AWS:x","value":"1"}])";
  EXPECT_EQ(create("other", pass("one"), "," + tags), refused);
  EXPECT_EQ(call("TagResource", R"({"resourceArn":")" + kMachine + "\"," + tags + "}"), refused);
}

TEST_F(ConfiguredMachine, MetadataAloneHasNoDefinition) {
  create("m", pass("one"));
  const std::string described =
      call("DescribeStateMachine",
           R"({"includedData":"METADATA_ONLY","stateMachineArn":")" + kMachine + R"("})");
  EXPECT_EQ(member(described, "definition"), "{}");
}

TEST_F(ConfiguredMachine, ValidationWarnsOfServicesThatAreNotHere) {
  std::string definition;
  json::Writer(definition).string(R"({"StartAt":"A","States":{"A":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::glue:startJobRun","Parameters":{"JobName":"j"}}}})");
  const std::string request = R"({"definition":)" + definition;
  EXPECT_EQ(call("ValidateStateMachineDefinition", request + "}"),
            R"({"result":"OK","diagnostics":[],"truncated":false})");
  const std::string warned =
      call("ValidateStateMachineDefinition", request + R"(,"severity":"WARNING"})");
  EXPECT_NE(warned.find("The service 'glue' is not available here"), std::string::npos) << warned;
}

}  // namespace
}  // namespace pawl::states
