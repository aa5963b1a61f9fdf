// The operations of search attributes, and lists by them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/states/service_fixture.h"

namespace pawl::states {
namespace {

using testing::HasSubstr;
using testing::Not;

class Search : public ServiceFixture {
 protected:
  Search() { create("m", pass("p")); }

  std::string pawl(const std::string& operation, const std::string& more) {
    return call_service("pawl", operation, "{" + kOf + "," + more + "}");
  }
  std::string declare(const std::string& attributes) {
    return pawl("DeclareSearch", R"("attributes":[)" + attributes + "]");
  }
  std::string list(const std::string& more) { return pawl("List", more); }
  void run(const std::string& name, const std::string& input) {
    std::string text;
    json::Writer(text).string(input);
    const std::string answer =
        call("StartExecution", "{" + kOf + R"(,"name":")" + name + R"(","input":)" + text + "}");
    end_of(member(answer, "executionArn"));
  }
  std::string attributes() { return call_service("pawl", "ListSearch", "{" + kOf + "}"); }

  bool wait_indexed() { return attributes().find(R"("indexing":[])") != std::string::npos; }

  int runs_ = 0;
  const std::string kOf = R"("stateMachineArn":")" + kMachine + "\"";
  const std::string kOrder = R"({"name":"orderId","path":"$.order.id"})";
  const std::string kSum = R"({"name":"sum","path":"$.sum","source":"output"})";
};

TEST_F(Search, DeclaresListsFindsAndRemoves) {
  run("before", R"({"order":{"id":17}})");
  EXPECT_EQ(declare(kOrder + "," + kSum), "{}");
  EXPECT_THAT(attributes(), HasSubstr(R"("name":"orderId","source":"input","path":"$.order.id")"));
  run("one", R"({"order":{"id":17},"sum":1.5})");
  run("two", R"({"order":{"id":"x-18"},"sum":"big"})");
  const std::string found = list(R"("where":["orderId=17"])");
  EXPECT_THAT(found, HasSubstr(R"("name":"one")"));
  EXPECT_THAT(found, HasSubstr(R"("search":{"orderId":17,"sum":1.5})"));
  EXPECT_THAT(list(R"("where":["orderId^=x-","sum='big'"],"statuses":["SUCCEEDED"])"),
              HasSubstr(R"("name":"two")"));
  EXPECT_THAT(list(R"("where":["sum>=0"],"statuses":["FAILED"])"), HasSubstr(R"("executions":[])"));
  EXPECT_EQ(pawl("RemoveSearch", R"("names":["orderId"])"), "{}");
  EXPECT_THAT(list(R"("where":["orderId=17"])"), HasSubstr("has no search attribute 'orderId'"));
  EXPECT_THAT(list(R"("where":["sum=1.5"])"), HasSubstr(R"("search":{"sum":1.5})"));
}

TEST_F(Search, ExecutionsFromBeforeAreIndexed) {
  constexpr int kRuns = 300;
  for (int number = 0; number < kRuns; ++number) {
    run("before-" + std::to_string(number),
        R"({"order":{"id":)" + std::to_string(number) + R"(},"sum":2})");
  }
  declare(kOrder);
  declare(kSum);  // begins anew
  while (!wait_indexed()) std::this_thread::yield();
  EXPECT_THAT(list(R"("where":["orderId=17"])"),
              HasSubstr(R"("name":"before-17","status":"SUCCEEDED")"));
  EXPECT_THAT(list(R"("where":["orderId=17"])"), HasSubstr(R"("search":{"orderId":17,"sum":2})"));
  const std::string all = list(R"("limit":1000,"where":["sum=2"])");
  for (int number = 0; number < kRuns; ++number) {
    EXPECT_THAT(all, HasSubstr("before-" + std::to_string(number) + "\""));
  }
  EXPECT_EQ(catalog_.get("search-indexing", kMachine), std::nullopt);
}

TEST_F(Search, IndexingGoesOnWhereTheRecordSays) {
  run("before", R"({"order":{"id":17}})");
  declare(kOrder);
  while (!wait_indexed()) std::this_thread::yield();
  // As if the process had died before it had done anything.
  pawl("RemoveSearch", R"("names":["orderId"])");
  engine_->search().set(runtime::digest_of_machine(kMachine), {});
  declare(kOrder);
  service_->resume_unfinished();
  while (!wait_indexed()) std::this_thread::yield();
  EXPECT_THAT(list(R"("where":["orderId=17"])"), HasSubstr("before"));
}

TEST_F(Search, CountsByStatus) {
  EXPECT_EQ(pawl("Count", R"("startedFrom":0)"), R"({"counts":{},"examined":0,"complete":true})");
  run("one", "{}");
  run("two", "{}");
  EXPECT_EQ(pawl("Count", R"("startedFrom":0)"),
            R"({"counts":{"SUCCEEDED":2},"examined":2,"complete":true})");
  EXPECT_THAT(pawl("Count", R"("startedFrom":99999999999)"), HasSubstr(R"("counts":{})"));
  EXPECT_THAT(pawl("Count", R"("nextToken":"of elsewhere")"), HasSubstr("Invalid token"));
}

TEST_F(Search, ChunksTakeConditions) {
  declare(kOrder);
  for (const char* id : {"1", "2", "3", "2"}) {
    run(std::string("run-") + id + std::to_string(++runs_),
        R"({"order":{"id":)" + std::string(id) + "}}");
  }
  const std::string of = R"("action":"delete","limit":1,"where":["orderId>=2","orderId<3"])";
  const std::string first = pawl("Bulk", of);
  EXPECT_THAT(first, HasSubstr(R"("matched":1)"));
  const std::string token = R"(,"nextToken":")" + member(first, "nextToken") + "\"";
  EXPECT_THAT(pawl("Bulk", of + token), HasSubstr(R"("done":1)"));
  EXPECT_THAT(list(R"("where":["orderId=2"])"), HasSubstr(R"("executions":[])"));
  EXPECT_THAT(list(R"("where":["orderId>=1"])"), HasSubstr("run-33"));
}

TEST_F(Search, AnotherPathIsAnotherAttribute) {
  declare(kOrder);
  run("one", R"({"order":{"id":17},"id":1})");
  EXPECT_EQ(declare(R"({"name":"orderId","path":"$.id"})"), "{}");
  run("two", R"({"order":{"id":18},"id":17})");
  const std::string found = list(R"("where":["orderId=17"])");
  EXPECT_THAT(found, HasSubstr(R"("name":"two")"));
  EXPECT_THAT(found, Not(HasSubstr(R"("name":"one")")));
}

TEST_F(Search, PagesGoOnWhereTheyEnded) {
  declare(kOrder);
  for (int number = 0; number < 5; ++number) {
    run("run-" + std::to_string(number), R"({"order":{"id":)" + std::to_string(number) + "}}");
  }
  for (const std::string where : {R"("where":["orderId>=0"],)", ""}) {
    std::string more;
    int seen = 0;
    do {
      const std::string page = list(where + R"("limit":2)" + more);
      for (std::size_t at = 0; (at = page.find("run-", at + 1)) != std::string::npos;) ++seen;
      const std::string token = member(page, "nextToken");
      more = token == "absent" ? "" : R"(,"nextToken":")" + token + "\"";
    } while (!more.empty());
    EXPECT_EQ(seen, 10);  // the name is in the ARN, too
  }
}

TEST_F(Search, ListsSayWhatIsPaused) {
  create("w", R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}})");
  const std::string arn =
      member(call("StartExecution",
                  R"({"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:w"})"),
             "executionArn");
  run("other", "{}");
  call_service("pawl", "Pause", R"({"reason":"why","executionArn":")" + arn + R"("})");
  const std::string paused = call_service("pawl", "List", R"({"paused":true})");
  EXPECT_THAT(paused, HasSubstr(arn));
  EXPECT_THAT(paused, HasSubstr(R"("reason":"why")"));
  EXPECT_THAT(paused, Not(HasSubstr("other")));
}

TEST_F(Search, RefusesWhatCannotBeAnswered) {
  EXPECT_THAT(declare(""), HasSubstr("at least one"));
  EXPECT_THAT(declare(R"({"name":"a b","path":"$.a"})"), HasSubstr("An attribute's name"));
  EXPECT_THAT(declare(R"({"name":"a","path":"$..a"})"), HasSubstr("must name one value"));
  EXPECT_THAT(declare(R"({"name":"a","path":"$"})"), HasSubstr("must name one value"));
  EXPECT_THAT(declare(R"({"name":"a","path":"a["})"), HasSubstr("must name one value"));
  EXPECT_THAT(declare(R"({"name":"a","path":"$.a","source":"context"})"), HasSubstr("input or"));
  EXPECT_THAT(declare(kOrder + "," + kOrder), HasSubstr("declared twice"));
  std::string many = kOrder;
  for (int i = 0; i < 20; ++i) {
    many += R"(,{"name":"a)" + std::to_string(i) + R"(","path":"$.a"})";
  }
  EXPECT_THAT(declare(many), HasSubstr("at most 20"));
  EXPECT_THAT(attributes(), HasSubstr(R"("attributes":[])"));
  EXPECT_THAT(pawl("RemoveSearch", R"("names":["x"])"), HasSubstr("no search attribute 'x'"));
  EXPECT_THAT(list(R"("where":["x=1"])"), HasSubstr("no search attribute 'x'"));
  EXPECT_THAT(list(R"("where":["nonsense"])"), HasSubstr("is no condition"));
  EXPECT_THAT(call_service("pawl", "List", R"({"where":["a=1"]})"), HasSubstr("needs a"));
}

}  // namespace
}  // namespace pawl::states
