"""The machines of the crash test: between them every kind of wait that a crash can hit.

Every execution of a kind gets the same input, so that its history must equal that of the kind's
first, undisturbed run. Functions fail by the retry count that they are told, never by chance.
"""
import json

PYTHON_FUNCTION = '''
import json, urllib.request

def handler(event, context):
    try:
        request = urllib.request.Request(event["collector"], json.dumps(event).encode())
        urllib.request.urlopen(request, timeout=1).close()
    except OSError:
        pass
    if event.get("retry", 0) < event.get("failures", 0):
        raise RuntimeError("told to fail")
    return {"step": event["step"], "answer": 42}
'''

NODE_FUNCTION = '''
const http = require("http");

const tell = (event) => new Promise((resolve) => {
  const request = http.request(event.collector, { method: "POST", timeout: 1000 }, (answer) => {
    answer.resume();
    answer.on("end", resolve);
  });
  request.on("error", resolve);
  request.on("timeout", () => request.destroy());
  request.end(JSON.stringify(event));
});

exports.handler = async (event) => {
  await tell(event);
  if ((event.retry ?? 0) < (event.failures ?? 0)) throw new Error("told to fail");
  return { step: event.step, answer: 42 };
};
'''

INPUT = {"order": 7, "items": ["a", "b", "c"]}


class Workload:
    """Definitions for one server: they name its functions, its activity and the collector."""

    def __init__(self, python_arn, node_arn, activity_arn, collector):
        self.python_arn, self.node_arn = python_arn, node_arn
        self.activity_arn, self.collector = activity_arn, collector

    def task(self, step, arn, failures=0, **more):
        """A function task; with failures it fails that often and is retried."""
        state = {"Type": "Task", "Resource": arn, "ResultPath": f"$.{step}",
                 "Parameters": {"collector": self.collector, "step": step, "failures": failures,
                                "execution.$": "$$.Execution.Name",
                                "retry.$": "$$.State.RetryCount"}}
        if failures:
            state["Retry"] = [{"ErrorEquals": ["RuntimeError", "Error"], "IntervalSeconds": 1,
                               "MaxAttempts": failures, "BackoffRate": 1.0}]
        return {**state, **more}

    def machines(self):
        return {"chain": self.chain(), "parallel": self.parallel(), "map": self.map(),
                "activity": self.activity(), "caught": self.caught()}

    def chain(self):
        return {"StartAt": "First", "States": {
            "First": self.task("first", self.python_arn, Next="Rest"),
            "Rest": {"Type": "Wait", "Seconds": 1, "Next": "Which"},
            "Which": {"Type": "Choice", "Choices": [
                {"Variable": "$.first.answer", "NumericEquals": 42, "Next": "Second"}],
                "Default": "Wrong"},
            "Second": self.task("second", self.node_arn, failures=1, Next="Done"),
            "Wrong": {"Type": "Fail", "Error": "WrongAnswer"},
            "Done": {"Type": "Succeed", "OutputPath": "$.second"}}}

    def parallel(self):
        def branch(name, state):
            return {"StartAt": name, "States": {name: {**state, "End": True}}}

        return {"StartAt": "Fan", "States": {
            "Fan": {"Type": "Parallel", "Next": "Join", "Branches": [
                branch("Slow", {"Type": "Wait", "Seconds": 3}),
                branch("Python", self.task("python", self.python_arn)),
                branch("Node", self.task("node", self.node_arn, failures=2)),
                branch("Plain", {"Type": "Pass", "Result": "x"})]},
            "Join": {"Type": "Pass", "Parameters": {"all.$": "$[*].order"}, "End": True}}}

    def map(self):
        def over(concurrency, processor):
            return {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": concurrency,
                    "ItemSelector": {"item.$": "$$.Map.Item.Value"}, "ResultPath": "$.items",
                    "ItemProcessor": processor}

        together = {"StartAt": "Call", "States": {
            "Call": self.task("call", self.node_arn, Next="Nap"),
            "Nap": {"Type": "Wait", "Seconds": 1, "End": True}}}
        in_turn = {"StartAt": "Nap again", "States": {
            "Nap again": {"Type": "Wait", "Seconds": 1, "End": True}}}
        return {"StartAt": "Together", "States": {
            "Together": {**over(0, together), "Next": "In turn"},
            "In turn": {**over(1, in_turn), "End": True}}}

    def activity(self):
        """A poll whose answer a crash swallows loses the task until its timeout, as on AWS."""
        return {"StartAt": "Ask", "States": {
            "Ask": {"Type": "Task", "Resource": self.activity_arn, "TimeoutSeconds": 8,
                    "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1,
                               "MaxAttempts": 50, "BackoffRate": 1.0}], "Next": "Nap"},
            "Nap": {"Type": "Wait", "Seconds": 2, "End": True}}}

    def caught(self):
        return {"StartAt": "Fails", "States": {
            "Fails": self.task("fails", self.python_arn, failures=9, Next="Never", Retry=[],
                               Catch=[{"ErrorEquals": ["RuntimeError"], "ResultPath": None,
                                       "Next": "Mend"}]),
            "Never": {"Type": "Fail", "Error": "Never"},
            "Mend": {"Type": "Wait", "Seconds": 1, "Next": "Give up"},
            "Give up": {"Type": "Fail", "Error": "GaveUp", "Cause": "on purpose"}}}


def input_text():
    return json.dumps(INPUT)
