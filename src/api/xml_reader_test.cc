#include "api/xml_reader.h"

#include <gtest/gtest.h>

#include "api/model.h"
#include "api/shape_text.h"

namespace pawl::api {
namespace {

// One operation with one of each kind of member.
ServiceModel little_model() {
  ServiceModel model({.signing_name = "little", .protocol = Protocol::kRestXml});
  add_operations(model, R"(
structure Tag: Key!, Value
structure Thing: Name!, Count int, On bool, Tags [Tag/Tag], Words [string] as Word,
    Kind attribute xsi:type, When time
operation PutThing PUT /{Bucket}?thing 204
  in Bucket! path, Thing! Thing payload
operation GetThing GET /{Bucket}?thing
  in Bucket! path
  out Thing: Name, Words [string] as Word
)");
  return model;
}

std::string read(std::string_view document) {
  static const ServiceModel kModel = little_model();
  const Shape& shape = *kModel.find("PutThing")->input->find("Thing")->shape;
  const auto result = read_xml(document, "Thing", shape);
  return result.ok() ? *result : "error: " + result.error();
}

TEST(XmlReader, ReadsByShape) {
  const struct {
    std::string_view document;
    std::string_view expected;
  } cases[] = {
      {"<Thing><Name>a</Name></Thing>", R"({"Name":"a"})"},
      {R"(<?xml version="1.0"?><Thing xmlns="urn:x"><Name> a&amp;b </Name><Other/></Thing>)",
       R"({"Name":" a&b "})"},
      {"<s:Thing><s:Name>a</s:Name><s:Count> 7 </s:Count><s:On>true</s:On></s:Thing>",
       R"({"Name":"a","Count":7,"On":true})"},
      {"<Thing><Name><![CDATA[<a>]]></Name><Tags><Tag><Key>k</Key></Tag></Tags></Thing>",
       R"({"Name":"<a>","Tags":[{"Key":"k"}]})"},
      {"<Thing xsi:type='K'><Word>1</Word><Name>a</Name><Word>2</Word></Thing>",
       R"({"Name":"a","Words":["1","2"],"Kind":"K"})"},
      {"<Thing><Name/></Thing>", R"({"Name":""})"},
      {"<Thing><Name> </Name></Thing>", R"({"Name":" "})"},
  };
  for (const auto& [document, expected] : cases) EXPECT_EQ(read(document), expected) << document;
}

// Whatever it is, it is refused quickly and grows nothing.
TEST(XmlReader, RefusesTheHostile) {
  const std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE Thing [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
      "\"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><Thing><Name>&b;</Name></Thing>";
  const std::string external =
      "<!DOCTYPE Thing SYSTEM \"file:///etc/passwd\"><Thing><Name>x</Name></Thing>";
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<Thing>";
  for (const std::string& document :
       {bomb, external, deep, std::string("<Thing>"), std::string(), std::string("no XML"),
        std::string("<Thing/>"), std::string("<Other><Name>a</Name></Other>"),
        std::string("<Thing><Name>a</Name><Count>x</Count></Thing>"),
        std::string("<Thing><Name>a</Name><Count>99999999999999999999</Count></Thing>"),
        std::string("<Thing><Name>a</Name><On>yes</On></Thing>"),
        std::string("<Thing><Name>\xff</Name></Thing>"),
        std::string("<Thing><Name>a</Name><Tags><Tag/></Tags></Thing>")}) {
    EXPECT_EQ(read(document).substr(0, 6), "error:") << document.substr(0, 80);
  }
  // An entity that nobody has declared is only text.
  EXPECT_EQ(read("<Thing><Name>&unknown;</Name></Thing>"), R"({"Name":"&unknown;"})");
}

TEST(ShapeText, MakesTheTable) {
  const ServiceModel model = little_model();
  const OperationModel* put = model.find("PutThing");
  ASSERT_NE(put, nullptr);
  EXPECT_EQ(put->http.method, "PUT");
  EXPECT_EQ(put->http.path, "/{Bucket}?thing");
  EXPECT_EQ(put->http.status, 204);
  EXPECT_EQ(put->effect, Effect::kWrites);
  EXPECT_EQ(put->output, nullptr);
  const OperationModel* get = model.find("GetThing");
  EXPECT_EQ(get->effect, Effect::kReads);
  EXPECT_EQ(get->output->name, "Thing");
  EXPECT_EQ(get->output->find("Words")->wire_name, "Word");
  EXPECT_EQ(get->output->find("Words")->shape->form, ListForm::kFlattened);
}

TEST(ShapeText, TheServicesWrittenSoAreWhole) {
  EXPECT_GT(s3_model().operations().size(), 65u);
  EXPECT_GT(iam_model().operations().size(), 60u);
  EXPECT_NE(sts_model().find("AssumeRole"), nullptr);
}

}  // namespace
}  // namespace pawl::api
