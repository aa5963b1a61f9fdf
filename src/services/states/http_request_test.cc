// What is sent for a task's parameters, and what its answer becomes.
#include "services/states/http_request.h"

#include <gtest/gtest.h>

#include <string>

namespace pawl::states {
namespace {

const std::string kService = R"(["Range","bytes=0-262144"],)"
                             R"(["User-Agent","Amazon|StepFunctions|HttpInvoke|eu-west-1"])";

std::string asked(const std::string& parameters) {
  const auto request = http_request(json::Value::trusted(parameters), "eu-west-1");
  if (request.ok()) return std::string(request->text());
  return *request.error().error + ": " +
         request.error().cause->substr(request.error().cause->rfind('['));
}

// All but the headers that every request has.
std::string sent(const std::string& parameters) {
  std::string text = asked(parameters);
  const std::size_t at = text.find(kService);
  EXPECT_NE(at, std::string::npos) << text;
  return at == std::string::npos ? text : text.erase(at, kService.size());
}

// The commas around what sent() has left out.
std::string without_commas(std::string text) {
  std::erase(text, ',');
  return text;
}

std::string form(const std::string& transform, const std::string& body) {
  const std::string text =
      sent(R"({"ApiEndpoint":"http://a","Method":"POST","Transform":{"RequestBodyEncoding":)"
           R"("URL_ENCODED")" +
           transform + R"(},"RequestBody":)" + body + "}");
  const std::size_t begin = text.find(R"("Body":")") + 8;
  return text.substr(begin, text.find('"', begin) - begin);
}

TEST(HttpRequest, SendsWhatTheTaskSays) {
  struct Row {
    std::string parameters;
    std::string sent;
  };
  for (const Row& row : {
           Row{R"({"ApiEndpoint":"https://a/b","Method":"GET"})",
               R"({"Method":"GET","Url":"https://a/b","Headers":[],"Body":"","ConnectionArn":""})"},
           Row{R"({"ApiEndpoint":"https://a/b?c=1#d","Method":"GET","QueryParameters":)"
               R"({"e f":["g","h&"],"i":2,"n":null},"Authentication":{"ConnectionArn":"x"}})",
               R"({"Method":"GET","Url":"https://a/b?c=1&e%20f=g&e%20f=h%26&i=2","Headers":[],)"
               R"("Body":"","ConnectionArn":"x"})"},
           Row{R"({"ApiEndpoint":"https://a","Method":"POST","RequestBody":{"a": [1, "b"]}})",
               R"({"Method":"POST","Url":"https://a","Headers":[["Content-Type",)"
               R"("application/json"],],"Body":"{\"a\":[1,\"b\"]}","ConnectionArn":""})"},
           Row{R"({"ApiEndpoint":"https://a","Method":"PUT","RequestBody":"text",)"
               R"("Headers":{"content-type":"text/plain","Accept":["b/c","d/e"]}})",
               R"({"Method":"PUT","Url":"https://a","Headers":[["Accept","b/c,d/e"],)"
               R"(["content-type","text/plain"],],"Body":"text","ConnectionArn":""})"},
       }) {
    EXPECT_EQ(without_commas(sent(row.parameters)), without_commas(row.sent));
  }
}

TEST(HttpRequest, EncodesForms) {
  const std::string body = R"({"a":["x y","z"],"b":{"c":1,"d":true},"n":null})";
  EXPECT_EQ(form("", body), "a[0]=x%20y&a[1]=z&b[c]=1&b[d]=true");
  for (const auto& [format, text] : {std::pair("INDICES", "a[0]=x%20y&a[1]=z&b[c]=1&b[d]=true"),
                                     std::pair("REPEAT", "a=x%20y&a=z&b[c]=1&b[d]=true"),
                                     std::pair("COMMAS", "a=x%20y,z&b[c]=1&b[d]=true"),
                                     std::pair("BRACKETS", "a[]=x%20y&a[]=z&b[c]=1&b[d]=true")}) {
    EXPECT_EQ(
        form(std::string(R"(,"RequestEncodingOptions":{"ArrayFormat":")") + format + "\"}", body),
        text);
  }
}

TEST(HttpRequest, RefusesParameters) {
  const std::string begin = R"({"ApiEndpoint":"https://a","Method":"GET",)";
  for (const auto& [parameters, problem] : {
           std::pair(std::string("{}"), "The field 'ApiEndpoint' is required but was missing"),
           std::pair(std::string(R"({"ApiEndpoint":"https://a"})"),
                     "The field 'Method' is required but was missing"),
           std::pair(std::string(R"({"ApiEndpoint":"https://a","Method":"get"})"),
                     "The value of the field 'Method' has an invalid format"),
           std::pair(begin + R"("Headers":[]})",
                     "The value of the field 'Headers' has an invalid format"),
           std::pair(begin + R"("Headers":{"a":"b\r\nc: d"}})",
                     "The value of the field 'Headers' has an invalid format"),
           std::pair(begin + R"("Headers":{"Authorization":"x"}})",
                     "The HTTP header 'Authorization' is not supported"),
           std::pair(begin + R"("Headers":{"X-Amzn-Trace":"x"}})",
                     "The HTTP header 'X-Amzn-Trace' is not supported"),
           std::pair(begin + R"("QueryParameters":{"a":{}}})",
                     "The value of the field 'QueryParameters' has an invalid format"),
           std::pair(begin + R"("Transform":{"RequestBodyEncoding":"X"}})",
                     "The value of the field 'Transform' has an invalid format"),
           std::pair(
               begin + R"("Transform":{"RequestBodyEncoding":"URL_ENCODED"},"RequestBody":"a"})",
               "The value of the field 'RequestBody' has an invalid format"),
       }) {
    EXPECT_EQ(asked(parameters), std::string("States.Runtime: [") + problem + "]");
  }
}

TEST(HttpResult, IsWhatTheEndpointAnswers) {
  const auto result = [](const std::string& answer) {
    const auto value = http_result(json::Value::trusted(answer));
    if (value.ok()) return std::string(value->text());
    return *value.error().error + ": " + value.error().cause.value_or("");
  };
  EXPECT_EQ(
      result(R"({"Status":200,"StatusText":"OK","Headers":[["content-type",)"
             R"("application/json; charset=utf-8"],["a","1"],["a","2"]],"Body":"{\"b\": 1}"})"),
      R"({"Headers":{"content-type":["application/json; charset=utf-8"],"a":["1","2"]},)"
      R"("ResponseBody":{"b":1},"StatusCode":200,"StatusText":"OK"})");
  EXPECT_EQ(result(R"({"Status":204,"StatusText":"No Content","Headers":[],"Body":""})"),
            R"({"Headers":{},"ResponseBody":"","StatusCode":204,"StatusText":"No Content"})");
  EXPECT_EQ(result(R"({"Status":404,"Headers":[],"Body":"gone"})"),
            "States.Http.StatusCode.404: gone");
  EXPECT_EQ(result(R"({"Status":302,"Headers":[],"Body":""})"), "States.Http.StatusCode.302: ");
  EXPECT_EQ(result(R"({"Status":200,"Headers":[["content-type","image/png"]],"Body":"x"})"),
            "States.Runtime: The response body of the content type 'image/png' is not supported");
}

}  // namespace
}  // namespace pawl::states
