// Facts in, spans out, as a table of transcripts; and the names of traces and spans.
#include "telemetry/span_builder.h"

#include <gtest/gtest.h>

#include "telemetry/otlp.h"

namespace pawl::telemetry {
namespace {

using Kind = Fact::Kind;
using machine::StateType;

constexpr const char* kArn = "arn:aws:states:us-east-1:000000000000:execution:m:e";

const runtime::ExecutionId kId = runtime::id_of_execution(kArn);

Fact fact(Kind kind, machine::EventId id, machine::StrandId strand, std::string name = {}) {
  Fact made;
  made.kind = kind;
  made.id = id;
  made.previous = id - 1;
  made.time = 1'000 + id;
  made.strand = strand;
  made.name = std::move(name);
  return made;
}

Fact entered(machine::EventId id, machine::StrandId strand, std::string name, StateType type,
             machine::EventId previous = 0) {
  Fact made = fact(Kind::kStateEntered, id, strand, std::move(name));
  made.type = type;
  if (previous != 0) made.previous = previous;
  return made;
}

Fact failed(machine::EventId id, machine::StrandId strand, std::string error) {
  Fact made = fact(Kind::kFailed, id, strand);
  made.error = std::move(error);
  made.cause = "why";
  return made;
}

Fact iteration(Kind kind, machine::EventId id, machine::StrandId strand, machine::StrandId child) {
  Fact made = fact(kind, id, strand);
  made.child = child;
  return made;
}

Fact ended(machine::EventId id, std::string status, std::string error = {}) {
  Fact made = fact(Kind::kExecutionEnded, id, 0, std::move(status));
  made.error = std::move(error);
  return made;
}

// "name<parent start-end" a span (the parent only when it has ended too), " !message" behind a
// failed one, " xN" behind one with retries.
std::string shown(const std::vector<Span>& spans) {
  std::map<std::string, std::string> names;
  for (const Span& span : spans) names[span.id] = span.name;
  std::string text;
  for (const Span& span : spans) {
    text += span.name + "<" + (span.parent.empty() ? "" : names[span.parent]) + " " +
            std::to_string(span.start - 1'000) + "-" + std::to_string(span.end - 1'000);
    if (span.failed) text += " !" + span.message;
    if (span.retries > 0) text += " x" + std::to_string(span.retries);
    text += "\n";
  }
  return text;
}

std::vector<Span> build(const std::vector<Fact>& facts, std::string_view trace_header = {}) {
  SpanBuilder builder(kArn, trace_header);
  std::vector<Span> spans;
  for (const Fact& each : facts) builder.apply(each, spans);
  return spans;
}

const std::vector<Fact> kSequence = {
    fact(Kind::kExecutionStarted, 1, 0), entered(2, 0, "A", StateType::kPass),
    fact(Kind::kStateExited, 3, 0),      entered(4, 0, "B", StateType::kWait),
    fact(Kind::kStateExited, 5, 0),      ended(6, "SUCCEEDED")};

TEST(SpanBuilder, MakesOneSpanAStateAndOneTheExecution) {
  EXPECT_EQ(shown(build(kSequence)), "A<m 2-3\nB<m 4-5\nm< 1-6\n");
}

TEST(SpanBuilder, TellsRetriesAndFaultsOfTasks) {
  Fact again = fact(Kind::kTaskScheduled, 5, 0, "lambda:invoke");
  again.retries = 1;
  const std::vector<Fact> facts = {fact(Kind::kExecutionStarted, 1, 0),
                                   entered(2, 0, "T", StateType::kTask),
                                   fact(Kind::kTaskScheduled, 3, 0, "lambda:invoke"),
                                   failed(4, 0, "First"),
                                   again,
                                   failed(6, 0, "Second"),
                                   ended(7, "FAILED", "Second")};
  EXPECT_EQ(shown(build(facts)), "T<m 2-7 !Second: why x1\nm< 1-7 !Second\n");
  std::vector<Fact> caught = facts;
  caught.back() = fact(Kind::kStateExited, 7, 0);
  EXPECT_EQ(shown(build(caught)), "T< 2-7 x1\n");
}

TEST(SpanBuilder, NestsBranchesAndIterations) {
  const std::vector<Fact> facts = {
      fact(Kind::kExecutionStarted, 1, 0),
      entered(2, 0, "P", StateType::kParallel),
      fact(Kind::kContainerStarted, 3, 0),
      entered(4, 1, "X", StateType::kMap, 3),
      entered(5, 2, "Y", StateType::kPass, 3),
      fact(Kind::kContainerStarted, 6, 1),
      iteration(Kind::kIterationStarted, 7, 1, 3),
      entered(8, 3, "I", StateType::kPass, 7),
      fact(Kind::kStateExited, 9, 3),
      iteration(Kind::kIterationEnded, 10, 1, 3),
      fact(Kind::kStateExited, 11, 1),
      entered(12, 1, "Z", StateType::kPass, 11),
      fact(Kind::kStateExited, 13, 1),
      fact(Kind::kStateExited, 14, 2),
      fact(Kind::kStateExited, 15, 0),
      ended(16, "SUCCEEDED"),
  };
  EXPECT_EQ(shown(build(facts)), "I<X 8-9\nX<P 4-11\nZ<P 12-13\nY<P 5-14\nP<m 2-15\nm< 1-16\n");
}

TEST(SpanBuilder, EndsWhatStillRunsBelowAStateThatIsLeft) {
  const std::vector<Fact> facts = {
      fact(Kind::kExecutionStarted, 1, 0),     entered(2, 0, "P", StateType::kParallel),
      fact(Kind::kContainerStarted, 3, 0),     entered(4, 1, "X", StateType::kFail, 3),
      entered(5, 2, "Y", StateType::kWait, 3), failed(0, 1, "E"),
      fact(Kind::kStateExited, 7, 0),
  };
  EXPECT_EQ(shown(build(facts)), "X<P 4-7 !E: why\nY<P 5-7 !\nP< 2-7\n");
}

TEST(SpanBuilder, GivesTheSameIdsAgain) {
  const std::vector<Span> once = build(kSequence);
  const std::vector<Span> again = build(kSequence);
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].id, again[i].id);
    EXPECT_EQ(once[i].trace_id, again[i].trace_id);
  }
  // Durable names: another release must find them too.
  EXPECT_EQ(once.back().trace_id, "9825852948d88aa2628d66b4df0ac977");
  EXPECT_EQ(once.back().id, "4995175046dba5af");
  EXPECT_EQ(once.front().id, "b85bc539485e1969");
}

TEST(TraceContext, IsReadFromEitherHeader) {
  const TraceContext own = trace_context(kId, "nonsense");
  EXPECT_EQ(own.trace_id.size(), 32u);
  EXPECT_EQ(own.parent, "");
  const TraceContext xray = trace_context(
      kId, "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
  EXPECT_EQ(xray.trace_id, "5759e988bd862e3fe1be46a994272793");
  EXPECT_EQ(xray.parent, "53995c3f42cd8ad8");
  EXPECT_TRUE(xray.sampled);
  const TraceContext w3c =
      trace_context(kId, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(w3c.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(w3c.parent, "00f067aa0ba902b7");
  EXPECT_TRUE(w3c.sampled);
  EXPECT_TRUE(build(kSequence, "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0").empty());
  EXPECT_TRUE(build(kSequence, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").empty());
}

TEST(Otlp, WritesTheJsonEncoding) {
  const Span span{.trace_id = "0af7651916cd43dd8448eb211c80319c",
                  .id = "b7ad6b7169203331",
                  .parent = "00f067aa0ba902b7",
                  .name = "a \"state\"",
                  .start = 1'795'262'400'001,
                  .end = 1'795'262'400'020,
                  .attributes = {{"pawl.state.type", "Task"}},
                  .retries = 2,
                  .failed = true,
                  .message = "E: why"};
  EXPECT_EQ(otlp_request(std::span(&span, 1), "pawl"),
            R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":)"
            R"({"stringValue":"pawl"}}]},"scopeSpans":[{"scope":{"name":"pawl"},"spans":[)"
            R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",)"
            R"("parentSpanId":"00f067aa0ba902b7","name":"a \"state\"","kind":1,)"
            R"("startTimeUnixNano":"1795262400001000000",)"
            R"("endTimeUnixNano":"1795262400020000000","attributes":[{"key":"pawl.state.type",)"
            R"("value":{"stringValue":"Task"}},{"key":"pawl.state.retries","value":)"
            R"({"intValue":"2"}}],"status":{"code":2,"message":"E: why"}}]}]}]})");
}

TEST(SpanBuilder, NamesAnExpressExecutionAfterItsMachine) {
  SpanBuilder builder("arn:aws:states:us-east-1:000000000000:express:m:e:run", "");
  std::vector<Span> spans;
  builder.apply(fact(Kind::kExecutionStarted, 1, 0), spans);
  builder.apply(ended(2, "SUCCEEDED"), spans);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].name, "m");
  EXPECT_EQ(spans[0].attributes.back().second,
            "arn:aws:states:us-east-1:000000000000:stateMachine:m");
}

}  // namespace
}  // namespace pawl::telemetry
