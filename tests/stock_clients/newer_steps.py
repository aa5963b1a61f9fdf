"""Steps of the operations beyond machines, executions and activities: Express and TestState,
Map Runs and redrives, versions and aliases, logs."""
import json
import time

ROLE = "arn:aws:iam::000000000000:role/test"
PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
WAIT_SECONDS_MAX = 30


def map_definition(tolerated):
    """One of three children fails."""
    return {"StartAt": "M", "States": {"M": {
        "Type": "Map", "End": True, "ToleratedFailureCount": tolerated, "Label": "Each",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "C", "States": {
                "C": {"Type": "Choice", "Default": "Good", "Choices": [
                    {"Variable": "$", "NumericEquals": 2, "Next": "Bad"}]},
                "Good": {"Type": "Succeed"}, "Bad": {"Type": "Fail", "Error": "Two"}}}}}}


class NewerSteps:
    """Mixed into Scenario, whose client and checks it uses."""

    # Those that clients from before November 2023 have no names for.
    SINCE_REDRIVE = ["map_run", "redrive", "versions", "aliases"]
    NEWER = ["express", "test_state", "map_run", "redrive", "versions", "aliases", "logs"]

    def make(self, kind, definition, **more):
        return self.states("create_state_machine", name=f"{kind}-{self.name}", roleArn=ROLE,
                           definition=json.dumps(definition), **more)["stateMachineArn"]

    def express(self):
        machine = self.make("express", PASS, type="EXPRESS")
        self.refused("StateMachineTypeNotSupported", "list_executions", stateMachineArn=machine)
        self.states("start_execution", stateMachineArn=machine)
        if not self.client.keeps_host:  # it would call the host sync-127.0.0.1
            return
        done = self.states("start_sync_execution", stateMachineArn=machine, input='{"a": 1}')
        self.equal(("SUCCEEDED", {"a": 1}), (done["status"], json.loads(done["output"])))
        self.equal(100, done["billingDetails"]["billedDurationInMilliseconds"])

    def test_state(self):
        if not self.client.keeps_host:
            return
        state = {"Type": "Pass", "Parameters": {"b.$": "$.a"}, "Next": "Other"}
        done = self.states("test_state", definition=json.dumps(state), roleArn=ROLE,
                           input='{"a": 1}', inspectionLevel="DEBUG")
        self.equal(("SUCCEEDED", "Other", {"b": 1}),
                   (done["status"], done["nextState"], json.loads(done["output"])))
        self.equal({"a": 1}, json.loads(done["inspectionData"]["input"]))

    def map_run(self):
        machine = self.make("each", map_definition(1))
        execution = self.states("start_execution", stateMachineArn=machine,
                                input="[1,2,3]")["executionArn"]
        self.equal([1, 3], json.loads(self.wait_closed(execution)["output"]))
        runs, _ = self.client.pages("stepfunctions", "list_map_runs", "mapRuns", 1,
                                    executionArn=execution)
        self.equal([f"{machine}/Each"], [run["stateMachineArn"] for run in runs])
        arn = runs[0]["mapRunArn"]
        described = self.states("describe_map_run", mapRunArn=arn)
        self.equal(("SUCCEEDED", 2, 1), (described["status"], described["itemCounts"]["succeeded"],
                                         described["executionCounts"]["failed"]))
        children = self.states("list_executions", mapRunArn=arn,
                               statusFilter="FAILED")["executions"]
        self.equal(1, len(children))
        child = self.states("describe_execution", executionArn=children[0]["executionArn"])
        self.equal(("Two", arn, "REDRIVABLE_BY_MAP_RUN"),
                   (child["error"], child["mapRunArn"], child["redriveStatus"]))
        self.refused("ValidationException", "update_map_run", mapRunArn=arn, maxConcurrency=5)

    def redrive(self):
        machine = self.make("strict", map_definition(0))
        execution = self.states("start_execution", stateMachineArn=machine,
                                input="[1,2]")["executionArn"]
        self.equal("FAILED", self.wait_closed(execution)["status"])
        self.states("redrive_execution", executionArn=execution)
        done = self.wait_closed(execution)
        self.equal(("FAILED", 1), (done["status"], done["redriveCount"]))
        run = self.states("list_map_runs", executionArn=execution)["mapRuns"][0]["mapRunArn"]
        described = self.states("describe_map_run", mapRunArn=run)
        self.equal((1, 1, 1), (described["redriveCount"], described["itemCounts"]["succeeded"],
                               described["itemCounts"]["failed"]))
        self.refused("ExecutionNotRedrivable", "redrive_execution",
                     executionArn=self.states("list_executions", mapRunArn=run, maxResults=1)
                     ["executions"][0]["executionArn"])

    def versions(self):
        machine = self.make("versioned", PASS)
        first = self.states("publish_state_machine_version", stateMachineArn=machine)
        self.equal(f"{machine}:1", first["stateMachineVersionArn"])
        self.states("update_state_machine", stateMachineArn=machine, publish=True,
                    definition=json.dumps({**PASS, "Comment": "second"}))
        listed = self.states("list_state_machine_versions", stateMachineArn=machine)
        self.equal([f"{machine}:2", f"{machine}:1"],
                   [each["stateMachineVersionArn"] for each in listed["stateMachineVersions"]])
        started = self.states("start_execution", stateMachineArn=f"{machine}:1")["executionArn"]
        self.equal(f"{machine}:1", self.wait_closed(started)["stateMachineVersionArn"])

    def aliases(self):
        arn = self.states("list_state_machines")["stateMachines"]
        machine = next(each["stateMachineArn"] for each in arn
                       if each["name"] == f"versioned-{self.name}")
        made = self.states("create_state_machine_alias", name="live", routingConfiguration=[
            {"stateMachineVersionArn": f"{machine}:2", "weight": 100}])["stateMachineAliasArn"]
        started = self.states("start_execution", stateMachineArn=made)["executionArn"]
        done = self.wait_closed(started)
        self.equal((made, f"{machine}:2"),
                   (done["stateMachineAliasArn"], done["stateMachineVersionArn"]))
        self.refused("ConflictException", "delete_state_machine_version",
                     stateMachineVersionArn=f"{machine}:2")
        self.states("delete_state_machine_alias", stateMachineAliasArn=made)
        self.states("delete_state_machine_version", stateMachineVersionArn=f"{machine}:2")

    def logs(self):
        group = f"/stock/{self.name}"
        self.client.call("logs", "create_log_group", logGroupName=group)
        arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}:*"
        machine = self.make("logged", PASS, type="EXPRESS", loggingConfiguration={
            "level": "ALL", "includeExecutionData": True,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]})
        self.states("start_execution", stateMachineArn=machine, input='{"marked": true}')
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        types = []
        while "ExecutionSucceeded" not in types:
            if time.monotonic() > deadline:
                raise TimeoutError(f"logged so far: {types}")
            events = self.client.call("logs", "filter_log_events", logGroupName=group)["events"]
            types = [json.loads(event["message"])["type"] for event in events]
        self.equal(["ExecutionStarted", "PassStateEntered", "PassStateExited",
                    "ExecutionSucceeded"], types)
        marked = self.client.call("logs", "filter_log_events", logGroupName=group,
                                  filterPattern='{ $.type = "PassState*" }')["events"]
        self.equal(2, len(marked))
        self.client.call("logs", "delete_log_group", logGroupName=group)
