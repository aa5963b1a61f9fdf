"""What every stock client must be able to do, step by step; each step is one check."""
import json
import os
import time

import clients
import harness
import newer_steps

ROLE = "arn:aws:iam::000000000000:role/test"
CLOSED_SECONDS_MAX = 60

FUNCTION = '''
def handler(event, context):
    if event.get("fail"):
        raise ValueError("as asked")
    return {"doubled": event["number"] * 2}
'''


class Scenario(newer_steps.NewerSteps):
    """One run of all steps; names carry the client's, so that clients may share a server."""

    def __init__(self, client, name, folder):
        self.client, self.name, self.folder = client, name, folder
        self.problems = []
        self.passed = 0

    STEPS = ["function", "machine", "execution", "history", "errors", "stop", "activity", "tags",
             "lists", "update", "delete", *newer_steps.NewerSteps.NEWER]

    def run(self):
        knows_redrive = self.client.knows_redrive
        for step in self.STEPS:
            if step in self.SINCE_REDRIVE and not knows_redrive:
                print(f"{self.name}: {step}: this client is older, not run", flush=True)
                continue
            try:
                getattr(self, step)()
                self.passed += 1
            except (clients.Refused, AssertionError, KeyError, TimeoutError) as error:
                self.problems.append(f"{self.name}: {step}: {type(error).__name__} {error}")

    def states(self, operation, **arguments):
        return self.client.call("stepfunctions", operation, **arguments)

    def equal(self, expected, got):
        if expected != got:
            raise AssertionError(f"expected {expected!r}, got {got!r}")

    def refused(self, code, operation, **arguments):
        try:
            answer = self.states(operation, **arguments)
        except clients.Refused as refusal:
            self.equal(code, refusal.code)
            return
        raise AssertionError(f"{operation} answered {answer}")

    def wait_closed(self, execution):
        deadline = time.monotonic() + CLOSED_SECONDS_MAX
        while time.monotonic() < deadline:
            description = self.states("describe_execution", executionArn=execution)
            if description["status"] != "RUNNING":
                return description
            time.sleep(0.1)
        raise TimeoutError(f"{execution} does not end")

    def function(self):
        archive = os.path.join(self.folder, f"{self.name}.zip")
        with open(archive, "wb") as file:
            file.write(harness.zipped({"handler.py": FUNCTION}))
        made = self.client.create_function(
            archive, FunctionName=f"double-{self.name}", Runtime="python3.12",
            Handler="handler.handler", Role=ROLE)
        self.function_arn = made["FunctionArn"]
        self.equal({"doubled": 8}, self.client.invoke(f"double-{self.name}", {"number": 4}))
        got = self.client.call("lambda", "get_function", FunctionName=f"double-{self.name}")
        self.equal("handler.handler", got["Configuration"]["Handler"])

    def machine(self):
        self.definition = json.dumps({"StartAt": "Double", "States": {
            "Double": {"Type": "Task", "Resource": self.function_arn, "Next": "Wait",
                       "Catch": [{"ErrorEquals": ["ValueError"], "Next": "Sorry"}]},
            "Wait": {"Type": "Wait", "Seconds": 1, "End": True},
            "Sorry": {"Type": "Fail", "Error": "Sorry", "Cause": "asked to"}}}, indent=1)
        arguments = {"name": f"double-{self.name}", "definition": self.definition, "roleArn": ROLE}
        self.machine_arn = self.states("create_state_machine", **arguments)["stateMachineArn"]
        again = self.states("create_state_machine", **arguments)["stateMachineArn"]
        self.equal(self.machine_arn, again)
        described = self.states("describe_state_machine", stateMachineArn=self.machine_arn)
        self.equal(self.definition, described["definition"])
        self.equal("ACTIVE", described["status"])

    def execution(self):
        started = self.states("start_execution", stateMachineArn=self.machine_arn, name="first",
                              input='{"number": 21}')
        self.execution_arn = started["executionArn"]
        done = self.wait_closed(self.execution_arn)
        self.equal("SUCCEEDED", done["status"])
        self.equal({"doubled": 42}, json.loads(done["output"]))
        failed = self.states("start_execution", stateMachineArn=self.machine_arn, name="second",
                             input='{"fail": true}')
        done = self.wait_closed(failed["executionArn"])
        self.equal(("FAILED", "Sorry", "asked to"),
                   (done["status"], done.get("error"), done.get("cause")))

    def history(self):
        events = self.states("get_execution_history", executionArn=self.execution_arn)["events"]
        self.equal(["ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled",
                    "LambdaFunctionStarted", "LambdaFunctionSucceeded", "TaskStateExited",
                    "WaitStateEntered", "WaitStateExited", "ExecutionSucceeded"],
                   [event["type"] for event in events])
        paged, pages = self.client.pages("stepfunctions", "get_execution_history", "events", 2,
                                         executionArn=self.execution_arn)
        self.equal(events, paged)
        if pages is not None:
            self.equal(5, pages)
        backwards = self.states("get_execution_history", executionArn=self.execution_arn,
                                reverseOrder=True, maxResults=1)["events"]
        self.equal("ExecutionSucceeded", backwards[0]["type"])

    def errors(self):
        absent = self.machine_arn + "-absent"
        self.refused("StateMachineDoesNotExist", "start_execution", stateMachineArn=absent)
        self.refused("ExecutionAlreadyExists", "start_execution", name="first",
                     stateMachineArn=self.machine_arn)
        self.refused("InvalidDefinition", "create_state_machine", name="bad", definition="{}",
                     roleArn=ROLE)
        self.refused("InvalidExecutionInput", "start_execution", stateMachineArn=self.machine_arn,
                     input="not JSON")
        self.refused("InvalidName", "create_activity", name="a b")
        self.refused("InvalidArn", "describe_execution", executionArn="invalid")

    def stop(self):
        machine = self.states("create_state_machine", name=f"wait-{self.name}", roleArn=ROLE,
                              definition=json.dumps({"StartAt": "W", "States": {
                                  "W": {"Type": "Wait", "Seconds": 600, "End": True}}}))
        execution = self.states("start_execution", stateMachineArn=machine["stateMachineArn"])
        self.states("stop_execution", executionArn=execution["executionArn"], error="Enough",
                    cause="it took too long")
        done = self.wait_closed(execution["executionArn"])
        self.equal(("ABORTED", "Enough"), (done["status"], done.get("error")))

    def activity(self):
        activity = self.states("create_activity", name=f"ask-{self.name}")["activityArn"]
        machine = self.states("create_state_machine", name=f"ask-{self.name}", roleArn=ROLE,
                              definition=json.dumps({"StartAt": "A", "States": {
                                  "A": {"Type": "Task", "Resource": activity, "End": True}}}))
        execution = self.states("start_execution", stateMachineArn=machine["stateMachineArn"],
                                input='{"question": 1}')["executionArn"]
        task = self.states("get_activity_task", activityArn=activity, workerName="stock")
        self.equal({"question": 1}, json.loads(task["input"]))
        self.states("send_task_heartbeat", taskToken=task["taskToken"])
        self.states("send_task_success", taskToken=task["taskToken"], output='{"answer": 2}')
        self.equal({"answer": 2}, json.loads(self.wait_closed(execution)["output"]))
        self.states("delete_activity", activityArn=activity)
        self.refused("ActivityDoesNotExist", "describe_activity", activityArn=activity)

    def tags(self):
        self.states("tag_resource", resourceArn=self.machine_arn,
                    tags=[{"key": "team", "value": "blue"}, {"key": "cost", "value": "low"}])
        self.states("untag_resource", resourceArn=self.machine_arn, tagKeys=["cost"])
        tags = self.states("list_tags_for_resource", resourceArn=self.machine_arn)["tags"]
        self.equal([{"key": "team", "value": "blue"}], tags)

    def lists(self):
        executions, _ = self.client.pages("stepfunctions", "list_executions", "executions", 1,
                                          stateMachineArn=self.machine_arn)
        self.equal(["second", "first"], [item["name"] for item in executions])
        failed = self.states("list_executions", stateMachineArn=self.machine_arn,
                             statusFilter="FAILED")["executions"]
        self.equal(["second"], [item["name"] for item in failed])
        machines, _ = self.client.pages("stepfunctions", "list_state_machines", "stateMachines", 2)
        self.equal(True, self.machine_arn in [item["stateMachineArn"] for item in machines])

    def update(self):
        changed = self.definition.replace('"Seconds": 1', '"Seconds": 0')
        self.states("update_state_machine", stateMachineArn=self.machine_arn, definition=changed)
        described = self.states("describe_state_machine", stateMachineArn=self.machine_arn)
        self.equal(changed, described["definition"])
        used = self.states("describe_state_machine_for_execution",
                           executionArn=self.execution_arn)
        self.equal(self.definition, used["definition"])

    def delete(self):
        self.states("delete_state_machine", stateMachineArn=self.machine_arn)
        self.refused("StateMachineDoesNotExist", "start_execution",
                     stateMachineArn=self.machine_arn)
        self.client.call("lambda", "delete_function", FunctionName=f"double-{self.name}")
