"""What CloudFormation says: its refusals word for word, and tags that a stack hands to its
resources."""
import json

import harness

GROUP = "Resources: {A: {Type: AWS::Logs::LogGroup}}\n"

# What is wrong with a template that a stack would be made of, before anything is made.
TEMPLATES = [
    (f"{GROUP}Outputs:", "[/Outputs] 'null' values are not allowed in templates"),
    ('Conditions: {C: !Equals [!Join [","], a]}\n' + GROUP,
     "Template error: every Fn::Join object requires two parameters"),
    ("Conditions: {C: !Equals [!Select [1], a]}\n" + GROUP,
     "Fn::Select requires a list argument with two elements"),
    ("Conditions: {C: !Equals [!Ref [a], a]}\n" + GROUP,
     "every Ref object must have a single String value"),
    ("Mappings: {M: {a: {b: c}}}\n" + GROUP + "Outputs: {O: {Value: !FindInMap [M, a, x]}}",
     "Template error: Unable to get mapping for M::a::x"),
    (GROUP + 'Outputs: {O: {Value: !Select [3, !Split [",", "a,b"]]}}',
     "Fn::Select cannot select nonexistent value at index 3"),
    (GROUP + 'Outputs: {O: {Value: !Split [",", "a,b"]}}',
     "The Value field of every Outputs member must evaluate to a String."),
    (GROUP + "Outputs: {O: {Value: !Ref AWS::NoValue}}",
     "The Value field of every Outputs member must evaluate to a String."),
    (GROUP + "Outputs: {O: {Value: a, Export: {Name: x}}, P: {Value: b, Export: {Name: x}}}",
     "Export with name x is already exported by stack"),
    ("Parameters: {S: {Type: String, Default: small}}\nRules: {R: {Assertions: [{Assert: "
     "{'Fn::Contains': [[large], !Ref S]}, AssertDescription: Only large ones}]}}\n" + GROUP,
     "Only large ones"),
    ("Resources: {A: {Type: AWS::Logs::LogGroup, CreationPolicy: {ResourceSignal: {Count: "
     "!Select [1]}}}}", "Fn::Select requires a list argument with two elements"),
]

# Operations on a stack that is not there.
ABSENT = [
    ("describe_stacks", {}, "Stack with id absent does not exist"),
    ("describe_stack_events", {}, "Stack [absent] does not exist"),
    ("describe_stack_resource", {"LogicalResourceId": "A"}, "Stack 'absent' does not exist"),
    ("describe_stack_resources", {}, "Stack with id absent does not exist"),
    ("list_stack_resources", {}, "Stack with id absent does not exist"),
    ("get_template", {}, "Stack with id absent does not exist"),
    ("update_stack", {"TemplateBody": GROUP}, "Stack [absent] does not exist"),
    ("update_termination_protection", {"EnableTerminationProtection": True},
     "Stack [absent] does not exist"),
    ("create_change_set", {"ChangeSetName": "c", "TemplateBody": GROUP},
     "Stack [absent] does not exist"),
    ("create_change_set", {"ChangeSetName": "c", "TemplateBody": GROUP, "ChangeSetType": "IMPORT"},
     "Importing resources into stacks is not supported"),
    ("describe_change_set", {"ChangeSetName": "c"}, "Stack [absent] does not exist"),
    ("create_stack", {"TemplateBody": GROUP, "Capabilities": ["CAPABILITY_ALL"]},
     "at 'capabilities' failed to satisfy constraint"),
    ("create_stack", {"TemplateBody": GROUP, "Tags": [{"Key": "aws:a", "Value": "b"}]},
     "aws: prefixed tag key names are not allowed for external use."),
    ("create_stack", {"TemplateBody": GROUP, "Tags": [{"Key": "a", "Value": "b"}] * 2},
     "Duplicate tag keys found."),
]

TAGGED = {"Resources": {
    "Group": {"Type": "AWS::Logs::LogGroup"},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Statement": []}, "Description": "first",
        "Tags": [{"Key": "own", "Value": "1"}]}},
    "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "Definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}}},
    "Activity": {"Type": "AWS::StepFunctions::Activity", "Properties": {"Name": "tagged"}},
    "Stored": {"Type": "AWS::SSM::Parameter", "Properties": {
        "Name": "tagged", "Type": "String", "Value": "x"}},
    "Code": {"Type": "AWS::CodeCommit::Repository", "Properties": {"RepositoryName": "tagged"}},
    "Function": {"Type": "AWS::Lambda::Function", "Properties": {
        "Runtime": "python3.12", "Handler": "index.h", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "def h(e, c): return e"}}}}}

LOOPS = """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "One,Two"}}
Resources:
  Fn::ForEach::Groups:
    - Name
    - !Ref Names
    - Group${Name}: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "loop-${Name}"}}
Outputs:
  Length: {Value: !Length {Ref: Names}}
  Json: {Value: !ToJsonString {a: !Ref Names}}
"""


def listed(tags):
    return {each.get("Key", each.get("key")): each.get("Value", each.get("value"))
            for each in tags}


class Words:
    """`features` has the ways to make and change stacks (features.py)."""

    def __init__(self, features):
        self.features, self.suite, self.cfn = features, features.suite, features.cfn

    def run(self):
        for template, text in TEMPLATES:
            self.suite.refused(template, text, lambda each=template: self.cfn.create_stack(
                StackName=harness.unique("words"), TemplateBody=each))
        for operation, more, text in ABSENT:
            self.suite.refused(operation, text, lambda name=operation, with_=more: getattr(
                self.cfn, name)(StackName="absent", **with_))
        self.repeated_request()
        self.unfinished_templates()
        self.loops()
        self.tags()

    def repeated_request(self):
        """A creation under the same token answers with the stack that it has made."""
        def create(token):
            return self.cfn.create_stack(StackName="again", TemplateBody=GROUP,
                                         ClientRequestToken=token)["StackId"]
        first = create("token")
        stack = self.suite.end_of("again")
        self.suite.check("the same stack", create("token") == first)
        self.suite.refused("another token", "already exists", lambda: create("other"))
        self.suite.check(f"what is empty is not there: {stack}", not {
            "Parameters", "Outputs", "Capabilities"} & set(stack) and stack["Tags"] == [])
        self.features.remove("again")

    def unfinished_templates(self):
        """A serverless template is valid although its code is still a folder."""
        answer = self.cfn.validate_template(TemplateBody=(
            "Transform: AWS::Serverless-2016-10-31\nParameters: {P: {Type: String}}\n"
            "Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: src/}}}"))
        self.suite.check(f"valid: {answer}", answer["Parameters"][0]["ParameterKey"] == "P" and
                         answer["DeclaredTransforms"] == ["AWS::Serverless-2016-10-31"])

    def loops(self):
        stack = self.features.make("loops", LOOPS, Capabilities=["CAPABILITY_AUTO_EXPAND"],
                                   Parameters=[{"ParameterKey": "Names",
                                                "ParameterValue": "Red,Blue,Green"}])
        outputs = self.features.outputs(stack)
        self.suite.check(f"loops: {stack}", outputs == {
            "Length": "3", "Json": '{"a":["Red","Blue","Green"]}'})
        names = [group["logGroupName"] for group in self.suite.client("logs").describe_log_groups(
            logGroupNamePrefix="loop-")["logGroups"]]
        self.suite.check(f"groups: {names}", names == ["loop-Blue", "loop-Green", "loop-Red"])
        self.features.remove("loops")

    def tags_of_resources(self):
        """{logical id: its tags} as the services tell them."""
        summaries = self.cfn.list_stack_resources(StackName="tagged")["StackResourceSummaries"]
        ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in summaries}
        client = self.suite.client
        arn = f"{harness.REGION}:{harness.ACCOUNT}"
        states = client("stepfunctions")
        return {
            "Group": client("logs").list_tags_log_group(logGroupName=ids["Group"])["tags"],
            "Role": listed(client("iam").list_role_tags(RoleName=ids["Role"])["Tags"]),
            "Machine": listed(states.list_tags_for_resource(resourceArn=ids["Machine"])["tags"]),
            "Activity": listed(states.list_tags_for_resource(resourceArn=ids["Activity"])["tags"]),
            "Stored": listed(client("ssm").list_tags_for_resource(
                ResourceType="Parameter", ResourceId="tagged")["TagList"]),
            "Code": client("codecommit").list_tags_for_resource(
                resourceArn=f"arn:aws:codecommit:{arn}:tagged")["tags"],
            "Function": client("lambda").list_tags(
                Resource=f"arn:aws:lambda:{arn}:function:{ids['Function']}")["Tags"]}

    def tags(self):
        """A stack's tags are its resources' too; those that it has no more go; own ones win."""
        template = json.dumps(TAGGED)
        capabilities = {"Capabilities": ["CAPABILITY_IAM"]}
        for step, given in enumerate(({"a": "1", "b": "2"}, {"a": "3", "own": "2"}, {})):
            tags = [{"Key": key, "Value": value} for key, value in given.items()]
            if step == 0:
                stack = self.features.make("tagged", template, Tags=tags, **capabilities)
            else:
                stack = self.features.update("tagged", template, Tags=tags, **capabilities)
            self.suite.check(f"tags {given}: {stack}", stack["StackStatus"].endswith("_COMPLETE")
                             and "ROLLBACK" not in stack["StackStatus"])
            found = self.tags_of_resources()
            wanted = {name: {**given, "own": "1"} if name == "Role" else given for name in found}
            self.suite.check(f"tags {given}: {found}", found == wanted)
        self.features.update("tagged", template.replace("first", "second"), **capabilities)
        roles = self.suite.client("iam").list_roles()["Roles"]
        self.suite.check(f"a role's description: {roles}",
                         [role.get("Description") for role in roles] == ["second"])
        self.features.remove("tagged")
