"""What templates can have beside plain resources: parameters of the parameter store, secrets,
custom resources, nested stacks, waits, signals, policies, and names that somebody else has taken.
"""
import json
import threading
import time
import urllib.request

import harness
from words import Words

PARAMETERS = """
Parameters:
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /shop/color}
  Secret: {Type: String, NoEcho: true}
Resources:
  Color: {Type: AWS::SSM::Parameter, Properties: {
            Name: /shop/copy, Type: String, Value: !Ref Stored, Tags: {team: a}}}
  Kept: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Sub "key ${Secret}"}}
  Registry: {Type: AWS::ECR::Repository, Properties: {RepositoryName: images}}
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/k, TargetKeyId: !Ref Key}}
Outputs:
  Dynamic: {Value: "{{resolve:ssm:/shop/color}}"}
  Image: {Value: !GetAtt Registry.RepositoryUri}
"""

CUSTOM = """
Parameters: {Size: {Type: Number, Default: 1}}
Resources:
  Maker:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      Role: arn:aws:iam::000000000000:role/r
      Code:
        ZipFile: |
          import cfnresponse
          def handler(event, context):
              size = event["ResourceProperties"]["Size"]
              if size == "13" and event["RequestType"] != "Delete":
                  return cfnresponse.send(event, context, cfnresponse.FAILED, {}, reason="unlucky")
              cfnresponse.send(event, context, cfnresponse.SUCCESS, {"Twice": 2 * int(size)},
                               "thing-" + size)
  Thing: {Type: "Custom::Thing", Properties: {ServiceToken: !GetAtt Maker.Arn, Size: !Ref Size}}
Outputs:
  Thing: {Value: !Ref Thing}
  Twice: {Value: !GetAtt Thing.Twice}
"""

WAITING = """
Resources:
  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
  Wait: {Type: AWS::CloudFormation::WaitCondition,
         Properties: {Handle: !Ref Handle, Timeout: 60, Count: 2}}
  Signalled:
    Type: AWS::CloudFormation::WaitCondition
    CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT1M}}
Outputs: {Data: {Value: !GetAtt Wait.Data}}
"""

POLICY = {"Statement": [
    {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
    {"Effect": "Deny", "Action": "Update:Modify", "Principal": "*",
     "Resource": "LogicalResourceId/Group"},
    {"Effect": "Deny", "Action": "Update:Delete", "Principal": "*", "Resource": "*",
     "Condition": {"StringEquals": {"ResourceType": ["AWS::StepFunctions::Activity"]}}}]}


def group(days, activity=True):
    resources = {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": days}}}
    if activity:
        resources["Activity"] = {"Type": "AWS::StepFunctions::Activity",
                                 "Properties": {"Name": "guarded"}}
    return json.dumps({"Resources": resources})


class Features:
    """`suite` is the suite of run.py: its clients and its counts."""

    def __init__(self, suite):
        self.suite, self.server = suite, suite.server
        self.cfn = suite.client("cloudformation")

    def run(self):
        self.parameters()
        self.custom_resources()
        self.nested_stacks()
        self.waits()
        self.policies()
        self.names_of_others()
        Words(self).run()

    def make(self, name, template, **more):
        self.cfn.create_stack(StackName=name, TemplateBody=template, **more)
        return self.suite.end_of(name)

    def update(self, name, template, **more):
        self.cfn.update_stack(StackName=name, TemplateBody=template, **more)
        return self.suite.end_of(name)

    def remove(self, name):
        identity = self.cfn.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        self.cfn.delete_stack(StackName=name)
        status = self.suite.end_of(identity)["StackStatus"]
        self.suite.check(f"{name} goes: {status}", status == "DELETE_COMPLETE")

    def outputs(self, stack):
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def reasons(self, name):
        events = self.cfn.describe_stack_events(StackName=name)["StackEvents"]
        return " ".join(event.get("ResourceStatusReason", "") for event in events)

    def parameters(self):
        ssm, check = self.suite.client("ssm"), self.suite.check
        ssm.put_parameter(Name="/shop/color", Value="green", Type="String")
        secret = [{"ParameterKey": "Secret", "ParameterValue": "s3cret"}]
        stack = self.make("parameters", PARAMETERS, Parameters=secret)
        check(f"parameters: {stack}", stack["StackStatus"] == "CREATE_COMPLETE")
        check("a stored parameter", ssm.get_parameter(Name="/shop/copy")["Parameter"]["Value"] ==
              "green")
        shown = {each["ParameterKey"]: each for each in stack["Parameters"]}
        check(f"shown: {shown}", shown["Stored"].get("ResolvedValue") == "green" and
              shown["Secret"]["ParameterValue"] == "****")
        events = json.dumps(self.cfn.describe_stack_events(StackName="parameters"), default=str)
        check("secrets are masked in events", "s3cret" not in events and "key ****" in events)
        outputs = self.outputs(stack)
        check(f"outputs: {outputs}", outputs["Dynamic"] == "green" and
              outputs["Image"].endswith(".amazonaws.com/images"))
        kept = self.cfn.describe_stack_resource(StackName="parameters", LogicalResourceId="Kept")
        name = kept["StackResourceDetail"]["PhysicalResourceId"]
        check("the value itself", ssm.get_parameter(Name=name)["Parameter"]["Value"] ==
              "key s3cret")
        self.suite.refused("no such parameter", "Unable to fetch parameters [/no]",
                           lambda: self.cfn.create_stack(
                               StackName="no", TemplateBody=PARAMETERS, Parameters=secret + [
                                   {"ParameterKey": "Stored", "ParameterValue": "/no"}]))
        self.remove("parameters")
        self.suite.refused("gone", "ParameterNotFound",
                           lambda: ssm.get_parameter(Name="/shop/copy"))

    def custom_resources(self):
        stack, check = self.make("custom", CUSTOM), self.suite.check
        check(f"custom: {stack}", self.outputs(stack) == {"Thing": "thing-1", "Twice": "2"})
        stack = self.update("custom", CUSTOM, Parameters=[
            {"ParameterKey": "Size", "ParameterValue": "5"}])
        check(f"replaced: {stack}", stack["StackStatus"] == "UPDATE_COMPLETE" and
              self.outputs(stack) == {"Thing": "thing-5", "Twice": "10"})
        events = self.cfn.describe_stack_events(StackName="custom")["StackEvents"]
        gone = [event["PhysicalResourceId"] for event in events
                if event["ResourceStatus"] == "DELETE_COMPLETE"]
        check(f"the old one goes: {gone}", gone == ["thing-1"])
        stack = self.update("custom", CUSTOM, Parameters=[
            {"ParameterKey": "Size", "ParameterValue": "13"}])
        check(f"refused: {stack}", stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and
              "unlucky" in self.reasons("custom"))
        self.remove("custom")

    def nested_stacks(self):
        s3, check = self.suite.client("s3"), self.suite.check
        s3.create_bucket(Bucket="templates")
        child = "Parameters: {N: {Type: String}}\nResources: {G: {Type: AWS::Logs::LogGroup, " \
                "Properties: {LogGroupName: !Ref N}}}\nOutputs: {Name: {Value: !Ref G}}\n"
        s3.put_object(Bucket="templates", Key="child.yaml", Body=child.encode())
        parent = json.dumps({"Resources": {"Child": {
            "Type": "AWS::CloudFormation::Stack", "Properties": {
                "TemplateURL": f"{self.server.endpoint}/templates/child.yaml",
                "Parameters": {"N": "inner"}}}},
            "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Child", "Outputs.Name"]}}}})
        stack = self.make("parent", parent)
        check(f"nested: {stack}", self.outputs(stack) == {"Name": "inner"})
        stack = self.update("parent", parent.replace("inner", "other"))
        check(f"nested update: {stack}", self.outputs(stack) == {"Name": "other"})
        self.remove("parent")
        groups = self.suite.client("logs").describe_log_groups()["logGroups"]
        check("nothing is left", not any(g["logGroupName"] in ("inner", "other") for g in groups))

    def waits(self):
        check = self.suite.check
        self.cfn.create_stack(StackName="waiting", TemplateBody=WAITING)

        def handle():
            resources = self.cfn.describe_stack_resources(StackName="waiting")["StackResources"]
            return next((each["PhysicalResourceId"] for each in resources
                         if each["LogicalResourceId"] == "Handle" and
                         each["ResourceStatus"] == "CREATE_COMPLETE"), None)

        deadline = time.monotonic() + 20
        while handle() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        for number in range(2):
            body = json.dumps({"Status": "SUCCESS", "UniqueId": f"n{number}", "Reason": "done",
                               "Data": f"d{number}"}).encode()
            urllib.request.urlopen(urllib.request.Request(
                handle(), body, {"Content-Type": ""}, method="PUT"), timeout=20).read()
        while time.monotonic() < deadline:
            try:
                self.cfn.signal_resource(StackName="waiting", LogicalResourceId="Signalled",
                                         UniqueId="u", Status="SUCCESS")
                break
            except self.cfn.exceptions.ClientError:
                time.sleep(0.05)
        stack = self.suite.end_of("waiting")
        check(f"waited: {stack}", stack["StackStatus"] == "CREATE_COMPLETE" and
              json.loads(self.outputs(stack)["Data"]) == {"n0": "d0", "n1": "d1"})
        check("the signal is told", "Received SUCCESS signal with UniqueId u" in
              self.reasons("waiting"))
        self.suite.refused("too late", "cannot be signaled", lambda: self.cfn.signal_resource(
            StackName="waiting", LogicalResourceId="Signalled", UniqueId="v", Status="SUCCESS"))
        self.remove("waiting")

    def policies(self):
        check = self.suite.check
        self.suite.refused("no policy", "Error validating stack policy", lambda: self.cfn.
                           create_stack(StackName="p", TemplateBody=group(7), StackPolicyBody="[]"))
        self.make("policy", group(7), StackPolicyBody=json.dumps(POLICY))
        stack = self.update("policy", group(14))
        check(f"modified: {stack['StackStatus']}",
              stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and
              "Statement [#2] does not allow [Update:Modify]" in self.reasons("policy"))
        stack = self.update("policy", group(7, activity=False))
        check(f"deleted: {stack['StackStatus']}",
              stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" and
              "does not allow [Update:Delete]" in self.reasons("policy"))
        allowed = json.dumps({"Statement": [{"Effect": "Allow", "Action": "Update:*",
                                             "Principal": "*", "Resource": "*"}]})
        stack = self.update("policy", group(14, activity=False),
                            StackPolicyDuringUpdateBody=allowed)
        check(f"once: {stack['StackStatus']}", stack["StackStatus"] == "UPDATE_COMPLETE")
        self.remove("policy")

    def names_of_others(self):
        """A name that is taken fails a creation, whatever befalls the server, and stays."""
        logs, states = self.suite.client("logs"), self.suite.client("stepfunctions")
        logs.create_log_group(logGroupName="taken")
        states.create_activity(name="taken")
        template = json.dumps({"Resources": {
            "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "taken"}},
            "Activity": {"Type": "AWS::StepFunctions::Activity", "Properties": {"Name": "taken"}}}})
        for delay in (None, 0.0, 0.004, 0.01):
            name = harness.unique("taken")
            self.cfn.create_stack(StackName=name, TemplateBody=template)
            if delay is not None:
                time.sleep(delay)
                self.server.kill()
                self.server.start()
            stack = self.suite.end_of(name)
            self.suite.check(f"taken at {delay}: {stack['StackStatus']}",
                             stack["StackStatus"] == "ROLLBACK_COMPLETE")
            self.remove(name)
        groups = [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]]
        self.suite.check(f"others' stay: {groups}", "taken" in groups and
                         [a["name"] for a in states.list_activities()["activities"]] == ["taken"])
        logs.delete_log_group(logGroupName="taken")
        states.delete_activity(activityArn=states.list_activities()["activities"][0]["activityArn"])


def slow_creation(suite):
    """A creation that its caller's limit of a minute ends."""
    template = WAITING.replace("Timeout: 60", "Timeout: 600")
    done = threading.Event()
    suite.client("cloudformation").create_stack(StackName="slow", TemplateBody=template,
                                                TimeoutInMinutes=1)
    done.wait(55)
    stack = suite.end_of("slow")
    suite.check(f"slow: {stack}", stack["StackStatus"] == "ROLLBACK_COMPLETE" and
                "exceeded the specified timeout" in Features(suite).reasons("slow"))
