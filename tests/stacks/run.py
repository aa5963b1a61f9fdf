#!/usr/bin/env python3
"""Stacks by boto3: the whole life of one, and operations that the server is killed in.

Each kill comes at another moment of a creation, an update, a rollback or a deletion; after the
restart the operation must end as an undisturbed one does, with one of every resource and none too
many.
"""
import argparse
import os
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
sys.path.insert(0, HERE)
import harness  # noqa: E402
from features import Features, slow_creation  # noqa: E402

END_SECONDS_MAX = 60

TEMPLATE = """
Parameters:
  Days: {Type: Number, Default: 7}
  Name: {Type: String, Default: one}
  Role: {Type: String, Default: "arn:aws:iam::000000000000:role/r"}
Resources:
  First: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref Days}}
  Second: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "${Name}-${AWS::StackName}"}}
  Activity: {Type: AWS::StepFunctions::Activity, Properties: {Name: !Sub "${Name}-activity"}}
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !Ref Role
      DefinitionString: !Sub |
        {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Activity}", "End": true}}}
Outputs:
  Machine: {Value: !Ref Machine, Export: {Name: !Sub "${AWS::StackName}-machine"}}
"""


class Suite:
    def __init__(self, server):
        self.server = server
        self.passed, self.problems = 0, []

    def client(self, service):
        return boto3.client(
            service, endpoint_url=self.server.endpoint, region_name=harness.REGION,
            aws_access_key_id="test", aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 1}))

    def check(self, what, good):
        if good:
            self.passed += 1
        else:
            self.problems.append(what)

    def refused(self, what, text, call):
        try:
            answer = call()
        except ClientError as error:
            self.check(f"{what}: {error}", text in str(error))
        else:
            self.check(f"{what}: answered {answer}", False)

    def end_of(self, stack):
        deadline = time.monotonic() + END_SECONDS_MAX
        while time.monotonic() < deadline:
            found = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                return found
            time.sleep(0.02)
        raise TimeoutError(f"{stack} does not end")

    def inventory(self):
        """What the services really have: retention by group, activities, machines."""
        groups = self.client("logs").describe_log_groups()["logGroups"]
        states = self.client("stepfunctions")
        return (sorted((g.get("retentionInDays", 0)) for g in groups),
                sorted(a["name"] for a in states.list_activities()["activities"]),
                len(states.list_state_machines()["stateMachines"]))

    def life(self):
        cfn = self.client("cloudformation")
        self.refused("no stack", "Stack with id life does not exist",
                     lambda: cfn.describe_stacks(StackName="life"))
        made = cfn.create_change_set(StackName="life", ChangeSetName="first", TemplateBody=TEMPLATE,
                                     ChangeSetType="CREATE")
        cfn.get_waiter("change_set_create_complete").wait(ChangeSetName=made["Id"])
        described = cfn.describe_change_set(ChangeSetName=made["Id"])
        self.check("a new stack adds all",
                   {c["ResourceChange"]["Action"] for c in described["Changes"]} == {"Add"})
        cfn.execute_change_set(ChangeSetName=made["Id"])
        self.check("in progress at once", cfn.describe_stacks(StackName="life")["Stacks"][0]
                   ["StackStatus"] in ("CREATE_IN_PROGRESS", "CREATE_COMPLETE"))
        stack = self.end_of("life")
        self.check(f"created: {stack}", stack["StackStatus"] == "CREATE_COMPLETE")
        self.check("all of it", self.inventory() == ([0, 7], ["one-activity"], 1))
        self.refused("twice", "Stack [life] already exists",
                     lambda: cfn.create_stack(StackName="life", TemplateBody=TEMPLATE))
        same = cfn.create_change_set(StackName="life", ChangeSetName="same", TemplateBody=TEMPLATE)
        described = cfn.describe_change_set(ChangeSetName=same["Id"])
        self.check(f"no changes: {described}", described["Status"] == "FAILED" and
                   described["StatusReason"].startswith("The submitted information didn't contain"))
        self.refused("nothing to update", "No updates are to be performed.",
                     lambda: cfn.update_stack(StackName="life", TemplateBody=TEMPLATE))
        cfn.delete_change_set(StackName="life", ChangeSetName="same")
        self.refused("deleted change set", "ChangeSetNotFound", lambda: cfn.describe_change_set(
            StackName="life", ChangeSetName="same"))
        user = "Resources: {G: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Select " \
               "[6, !Split [':', !ImportValue life-machine]]}}}"
        cfn.create_stack(StackName="user", TemplateBody=user)
        self.check("an import", self.end_of("user")["StackStatus"] == "CREATE_COMPLETE")
        imports = cfn.list_imports(ExportName="life-machine")["Imports"]
        self.check("who imports", imports == ["user"])
        self.refused("in use", "cannot be deleted as it is in use by user",
                     lambda: cfn.delete_stack(StackName="life"))
        for name in ("user", "life"):
            identity = cfn.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
            cfn.delete_stack(StackName=name)
            self.check(f"{name} is deleted",
                       self.end_of(identity)["StackStatus"] == "DELETE_COMPLETE")
        self.check(f"nothing stays: {self.inventory()}", self.inventory() == ([], [], 0))
        self.refused("an unknown type", "Unrecognized resource types: [AWS::No::Thing]",
                     lambda: cfn.create_stack(StackName="x", TemplateBody="Resources: {A: {Type: "
                                                                          "AWS::No::Thing}}"))

    def killed(self, delay):
        """One life with a kill `delay` seconds into each of its operations."""
        def disturbed(stack, begin):
            begin(self.client("cloudformation"))
            time.sleep(delay)
            self.server.kill()
            self.server.start()
            return self.end_of(stack)["StackStatus"]

        def parameters(**values):
            return [{"ParameterKey": k, "ParameterValue": v} for k, v in values.items()]

        identity = []
        status = disturbed("killed", lambda cfn: identity.append(cfn.create_stack(
            StackName="killed", TemplateBody=TEMPLATE)["StackId"]))
        self.check(f"create at {delay}: {status} {self.inventory()}",
                   (status, self.inventory()) ==
                   ("CREATE_COMPLETE", ([0, 7], ["one-activity"], 1)))
        status = disturbed("killed", lambda cfn: cfn.update_stack(
            StackName="killed", UsePreviousTemplate=True,
            Parameters=parameters(Days="14", Name="two")))
        self.check(f"update at {delay}: {status} {self.inventory()}",
                   (status, self.inventory()) ==
                   ("UPDATE_COMPLETE", ([0, 14], ["two-activity"], 1)))
        status = disturbed("killed", lambda cfn: cfn.update_stack(
            StackName="killed", UsePreviousTemplate=True,
            Parameters=parameters(Days="30", Name="three", Role="no role")))
        self.check(f"rollback at {delay}: {status} {self.inventory()}",
                   (status, self.inventory()) ==
                   ("UPDATE_ROLLBACK_COMPLETE", ([0, 14], ["two-activity"], 1)))
        status = disturbed(identity[0], lambda cfn: cfn.delete_stack(StackName="killed"))
        self.check(f"delete at {delay}: {status} {self.inventory()}",
                   (status, self.inventory()) == ("DELETE_COMPLETE", ([], [], 0)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pawl", default="build/dev/pawl")
    parser.add_argument("--kills", type=int, default=8, help="moments that kills come at")
    parser.add_argument("--slow", action="store_true", help="also what takes minutes")
    arguments = parser.parse_args()
    with harness.Server(arguments.pawl) as server:
        suite = Suite(server)
        suite.life()
        for number in range(arguments.kills):
            suite.killed(number * 0.004)
        Features(suite).run()
        if arguments.slow:
            slow_creation(suite)
    for problem in suite.problems:
        print("FAILED", problem)
    print(f"{suite.passed} passed, {len(suite.problems)} failed")
    harness.report_counts(suite.passed, len(suite.problems))
    return 1 if suite.problems else 0


if __name__ == "__main__":
    sys.exit(main())
