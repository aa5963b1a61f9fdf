#include "services/states/arns.h"

#include <gtest/gtest.h>

namespace pawl::states {
namespace {

struct ArnCase {
  const char* text;
  const char* types;
  const char* error;  // empty: it parses
};
class ParseArn : public testing::TestWithParam<ArnCase> {};

TEST_P(ParseArn, AnswersAsAws) {
  const auto arn = parse_arn(GetParam().text, GetParam().types);
  EXPECT_EQ(arn.ok() ? "" : arn.error().message, GetParam().error) << GetParam().text;
  if (!arn.ok()) {
    EXPECT_EQ(arn.error().code, "InvalidArn");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Arns, ParseArn,
    testing::Values(
        ArnCase{"arn:aws:states:us-east-1:1:stateMachine:m", "stateMachine", ""},
        ArnCase{"arn:aws:states:us-east-1:1:activity:a", "stateMachine|activity", ""},
        ArnCase{"arn:aws:states:us-east-1:1:stateMachine:m:7", "stateMachine", ""},
        ArnCase{"nonsense", "stateMachine", "Invalid Arn: 'Invalid ARN prefix: nonsense'"},
        ArnCase{"", "stateMachine", "Invalid Arn: 'Invalid ARN prefix: '"},
        ArnCase{"arn:aws:states:us-east-1:1:express:m:e:u", "execution",
                "Invalid Arn: 'Resource type not valid in this context: express'"},
        ArnCase{"arn:aws:sqs:us-east-1:1:queue", "execution",
                "Invalid Arn: 'Invalid service in ARN: sqs'"},
        ArnCase{"arn:aws:states:us-east-1:1:stateMachine:", "stateMachine",
                "Invalid Arn: 'Invalid ARN length: arn:aws:states:us-east-1:1:stateMachine:'"},
        ArnCase{"arn:aws", "stateMachine", "Invalid Arn: 'Invalid ARN length: arn:aws'"}));

TEST(Arns, LabelsAndQualifiersAreTakenApart) {
  const auto labelled = parse_arn("arn:aws:states:r:1:stateMachine:m/Label", "stateMachine");
  ASSERT_TRUE(labelled.ok());
  EXPECT_EQ(labelled->name, "m");
  EXPECT_EQ(labelled->label, "Label");
  const auto execution = parse_arn("arn:aws:states:r:1:execution:m:e", "execution");
  ASSERT_TRUE(execution.ok());
  EXPECT_EQ(execution->qualifier, "e");
}

TEST(Arns, EachForbiddenCharacterMakesANameInvalid) {
  for (const char* name : {"a b",
                           "a<",
                           "a>",
                           "a{",
                           "a}",
                           "a[",
                           "a]",
                           "a?",
                           "a*",
                           "a\"",
                           "a#",
                           "a%",
                           "a\\",
                           "a^",
                           "a|",
                           "a~",
                           "a`",
                           "a$",
                           "a&",
                           "a,",
                           "a;",
                           "a:",
                           "a/",
                           "a\x01",
                           "a\x7f",
                           "a\xc2\x85",
                           "a\xef\xbf\xbe",
                           "a\xf4\x8f\xbf\xbf"}) {
    const auto checked = check_name(name);
    ASSERT_FALSE(checked.ok()) << name;
    EXPECT_EQ(checked.error().message, "Invalid Name: '" + std::string(name) + "'");
  }
  for (const char* name : {"a", "A-b_9", "a.b", "a@b", "a+b", "a'b(c)=!", "ünïcode", "名前"}) {
    EXPECT_TRUE(check_name(name).ok()) << name;
  }
}

TEST(Arns, RolesMustLookLikeRoles) {
  EXPECT_TRUE(check_role_arn("arn:aws:iam::123456789012:role/service/x").ok());
  for (const char* role : {"role", "arn:aws:iam::1:user/x", "arn:aws:s3:::b", "arn:aws:iam"}) {
    const auto checked = check_role_arn(role);
    ASSERT_FALSE(checked.ok()) << role;
    EXPECT_EQ(checked.error().code, "InvalidArn");
    EXPECT_EQ(checked.error().message, "Invalid Role Arn: '" + std::string(role) + "'");
  }
}

}  // namespace
}  // namespace pawl::states
