"""Checks of `pawl import`: what it brings, that a second run changes nothing, and that one which
was killed, or whose server was, is finished by the next."""
import json
import os
import subprocess
import time

import harness

NAMES = ["first", "second", "third"]
KILLS = [0.02, 0.05, 0.1, 0.2, 0.4]


class ImportChecks:
    """`self` runs commands (run.py)."""

    def check_import(self):
        """From one server into another one: everything once, nothing the second time."""
        with harness.Server(self.binary) as source, harness.Server(self.binary) as target:
            there, here = source.api(), target.api()
            function = there.create_function("double", "python3.12", "f.handler",
                                             {"f.py": "def handler(e, _): return 2 * e\n"})
            path = "/2015-03-31/functions/double"
            there.lambda_("POST", path + "/versions", {})
            there.lambda_("PUT", path + "/configuration", {"Timeout": 9, "Environment": {
                "Variables": {"MODE": "b"}}})
            there.lambda_("POST", path + "/versions", {})
            there.lambda_("POST", path + "/aliases", {
                "Name": "live", "FunctionVersion": "2",
                "RoutingConfig": {"AdditionalVersionWeights": {"1": 0.25}}})
            machine = there.create_machine({"StartAt": "T", "States": {"T": {
                "Type": "Task", "Resource": function, "End": True}}}, "doubling",
                tags=[{"key": "team", "value": "a"}])
            version = there.states("PublishStateMachineVersion", stateMachineArn=machine)[
                "stateMachineVersionArn"]
            there.states("UpdateStateMachine", stateMachineArn=machine, definition=json.dumps(
                {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}))
            there.states("CreateStateMachineAlias", name="live", routingConfiguration=[
                {"stateMachineVersionArn": version, "weight": 100}])
            there.states("CreateActivity", name="by-hand")
            arguments = ["import", "--from", source.endpoint, "--endpoint", target.endpoint,
                         "--from-region", harness.REGION]
            out = self.expect(0, "(a dry run: nothing was written)", *arguments, "--dry-run")
            assert "3 created" in out, out
            assert here.states("ListStateMachines")["stateMachines"] == []
            self.expect(0, "3 created", *arguments)
            again = json.loads(self.expect(0, "", *arguments, "--json"))["items"]
            assert {item["action"] for item in again} == {"unchanged"}, again
            alias = here.lambda_("GET", path + "/aliases/live")
            assert alias["FunctionVersion"] == "2", alias
            assert alias["RoutingConfig"]["AdditionalVersionWeights"] == {"1": 0.25}, alias
            latest = here.lambda_("GET", path + "/configuration")
            assert latest["Timeout"] == 9 and latest["Environment"]["Variables"] == {"MODE": "b"}
            assert here.states("ListTagsForResource", resourceArn=machine)["tags"] == [
                {"key": "team", "value": "a"}]
            execution = here.states("StartExecution", stateMachineArn=machine + ":live",
                                    input="21")["executionArn"]
            description = here.wait_closed(execution)
            assert description.get("output") == "42", description
            there.states("UpdateStateMachine", stateMachineArn=machine, definition=json.dumps(
                {"StartAt": "Q", "States": {"Q": {"Type": "Pass", "End": True}}}))
            self.expect(0, "1 updated", *arguments, "--prefix", "doubling")
            assert '"Q"' in here.states("DescribeStateMachine", stateMachineArn=machine)[
                "definition"]
        self.expect(1, "the source", *arguments)

    def make_source(self, there):
        """Functions and machines, each with two versions and an alias that shows the first."""
        for name in NAMES:
            function = there.create_function(name, "python3.12", "f.handler", {
                "f.py": f"def handler(e, _): return '{name}'\n"})
            path = f"/2015-03-31/functions/{name}"
            for timeout in (5, 6):
                there.lambda_("PUT", path + "/configuration", {"Timeout": timeout})
                there.lambda_("POST", path + "/versions", {})
            there.lambda_("POST", path + "/aliases", {"Name": "live", "FunctionVersion": "1"})
            machine = there.create_machine({"StartAt": "T", "States": {"T": {
                "Type": "Task", "Resource": function, "End": True}}}, name, publish=True)
            there.states("UpdateStateMachine", stateMachineArn=machine, publish=True,
                         definition=json.dumps({"StartAt": "P", "States": {
                             "P": {"Type": "Pass", "End": True}}}))
            there.states("CreateStateMachineAlias", name="live", routingConfiguration=[
                {"stateMachineVersionArn": machine + ":1", "weight": 100}])

    def versions(self, api):
        """What there is of versions and aliases, by name."""
        found = {}
        for name in NAMES:
            path = f"/2015-03-31/functions/{name}"
            listed = api.lambda_("GET", path + "/versions")["Versions"]
            machine = f"arn:aws:states:{harness.REGION}:{harness.ACCOUNT}:stateMachine:{name}"
            of_machine = api.states("ListStateMachineVersions", stateMachineArn=machine)
            alias = api.states("DescribeStateMachineAlias", stateMachineAliasArn=machine + ":live")
            found[name] = (
                [(each["Version"], each["Timeout"]) for each in listed],
                api.lambda_("GET", path + "/aliases/live")["FunctionVersion"],
                len(of_machine["stateMachineVersions"]),
                [each["weight"] for each in alias["routingConfiguration"]])
        return found

    def check_import_killed(self):
        """Kills of the import, or of the server that it writes to, leave nothing half or twice."""
        with harness.Server(self.binary) as source:
            self.make_source(source.api())
            wanted = self.versions(source.api())
            for kills_server in (False, True):
                with harness.Server(self.binary) as target:
                    arguments = ["import", "--from", source.endpoint, "--endpoint",
                                 target.endpoint, "--from-region", harness.REGION]
                    for moment in KILLS:
                        process = subprocess.Popen(
                            [self.binary, *arguments], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, env=dict(os.environ), cwd=self.folder)
                        time.sleep(moment)
                        if kills_server:
                            target.kill()
                        process.kill()
                        process.wait()
                        if kills_server:
                            target.start()
                    self.expect(0, "", *arguments)
                    found = self.versions(target.api())
                    assert found == wanted, f"{found} is not {wanted}"
                    again = json.loads(self.expect(0, "", *arguments, "--json"))["items"]
                    assert {item["action"] for item in again} == {"unchanged"}, again
