"""Templates and calls of stacks that must be refused, with the error's code and part of its text; a
template that is fine but large must be answered within a time."""
import json
import time
import urllib.error
import urllib.parse
import urllib.request

import harness

SECONDS_MAX = 10
PLAIN = "Resources: {G: {Type: AWS::Logs::LogGroup}}"
BOMB = "a: &a [x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(9))


def template(resources, **more):
    return json.dumps({"Resources": resources, **more})


def group(**more):
    return {"Type": "AWS::Logs::LogGroup", **more}


TEMPLATES = [
    ("no YAML", "Resources: {G: [", "ValidationError", "Template format error"),
    ("no text at all", "", "ValidationError", ""),
    ("a scalar", "just words", "ValidationError", "Template format error"),
    ("bytes that are no UTF-8", b"Resources: {G: {Type: \xff\xfe}}", "", ""),
    ("a NUL", "Resources: {G: {Type: \"a\x00b\"}}", "ValidationError", ""),
    ("an alias bomb", BOMB, "ValidationError", "YAML aliases are not allowed"),
    ("deep nesting", "Resources: " + "[" * 5000, "ValidationError", ""),
    ("deep nesting in JSON", '{"Resources":' + "[" * 5000 + "]" * 5000 + "}", "ValidationError",
     ""),
    ("10,000 resources", template({f"R{n}": group() for n in range(10_000)}), "ValidationError",
     "less than or equal to 51200"),
    ("a thousand resources", template({f"R{n}": group() for n in range(1000)}), "ValidationError",
     "Number of resources, 1000, is greater than maximum allowed, 500"),
    ("a circle", template({"A": group(DependsOn="B"), "B": group(DependsOn="A")}),
     "ValidationError", "Circular dependency between resources: [A, B]"),
    ("a circle of one", template({"A": group(Properties={"KmsKeyId": {"Ref": "A"}})}),
     "ValidationError", "Circular dependency"),
    ("a reference to nothing", template({"A": group(Properties={"KmsKeyId": {"Ref": "Nobody"}})}),
     "ValidationError", "Unresolved resource dependencies [Nobody]"),
    ("a name with signs", template({"a-b": group()}), "ValidationError", "non alphanumeric"),
    ("an empty name", template({"": group()}), "ValidationError", ""),
    ("a very long name", template({"A" * 5000: group()}), "ValidationError", ""),
    ("a resource that is none", template({"A": 7}), "ValidationError", "Template format error"),
    ("a resource without a type", template({"A": {}}), "ValidationError", ""),
    ("an unknown function", template({"A": group(Properties={"KmsKeyId": {"Fn::No": 1}})}),
     "ValidationError", "Encountered unsupported function: Fn::No"),
    ("Join of what is no list", template({"A": group(Properties={
        "KmsKeyId": {"Fn::Join": 7}})}), "ValidationError", ""),
    ("a condition that joins nothing", template({"A": group()}, Conditions={
        "C": {"Fn::Equals": [{"Fn::Join": [","]}, "a"]}}), "ValidationError",
     "every Fn::Join object requires two parameters"),
    ("a condition that selects nothing", template({"A": group()}, Conditions={
        "C": {"Fn::Equals": [{"Fn::Select": [1]}, "a"]}}), "ValidationError", "Fn::Select"),
    ("an unknown section", template({"A": group()}, Nonsense={}), "ValidationError",
     "Invalid template property or properties [Nonsense]"),
    ("an unknown macro", template({"A": group()}, Transform="Mine"), "ValidationError",
     "No transform named Mine"),
    ("a huge template", "Resources: {G: {Type: A, Metadata: " + "x" * 1_100_000 + "}}", "", ""),
]

SERVERLESS = [
    ("a function that is none", {"F": {"Type": "AWS::Serverless::Function", "Properties": []}}),
    ("events that are none", {"F": {"Type": "AWS::Serverless::Function", "Properties": {
        "InlineCode": "x", "Events": {"E": 7}}}}),
    ("an event without a type", {"F": {"Type": "AWS::Serverless::Function", "Properties": {
        "InlineCode": "x", "Events": {"E": {}}}}}),
    ("policies that are none", {"F": {"Type": "AWS::Serverless::Function", "Properties": {
        "InlineCode": "x", "Policies": [7, [[]], {"S3ReadPolicy": 3}]}}}),
    ("a machine that is none", {"M": {"Type": "AWS::Serverless::StateMachine"}}),
    ("a layer that is none", {"L": {"Type": "AWS::Serverless::LayerVersion"}}),
]

# (what, form fields, code)
CALLS = [
    ("no action", {"Version": "2010-05-15"}, ""),
    ("an unknown action", {"Action": "Nonsense", "Version": "2010-05-15"}, "InvalidAction"),
    ("a stack without a name", {"Action": "CreateStack", "TemplateBody": PLAIN}, "ValidationError"),
    ("a name with signs", {"Action": "CreateStack", "StackName": "../x", "TemplateBody": PLAIN},
     "ValidationError"),
    ("a name that is too long", {"Action": "CreateStack", "StackName": "s" * 200,
                                 "TemplateBody": PLAIN}, "ValidationError"),
    ("parameters out of order", {"Action": "CreateStack", "StackName": "s", "TemplateBody": PLAIN,
                                 "Parameters.member.9.ParameterKey": "P"}, None),
    ("a parameter that there is not", {
        "Action": "CreateStack", "StackName": "s", "TemplateBody": PLAIN,
        "Parameters.member.1.ParameterKey": "P", "Parameters.member.1.ParameterValue": "v"},
     "ValidationError"),
    ("an index of nonsense", {"Action": "CreateStack", "StackName": "s",
                              "TemplateBody": PLAIN, "Tags.member.99999999999.Key": "k"}, None),
    ("both body and URL", {"Action": "CreateStack", "StackName": "s", "TemplateBody": PLAIN,
                           "TemplateURL": "http://localhost/a/b"}, "ValidationError"),
    ("a URL of elsewhere", {"Action": "CreateStack", "StackName": "s",
                            "TemplateURL": "file:///etc/passwd"}, "ValidationError"),
    ("a policy that is none", {"Action": "CreateStack", "StackName": "s", "TemplateBody": PLAIN,
                               "StackPolicyBody": "[1"}, "ValidationError"),
    ("a stack that is not there", {"Action": "DescribeStacks", "StackName": "absent"},
     "ValidationError"),
    ("a change set that is not there", {"Action": "DescribeChangeSet", "ChangeSetName": "absent",
                                        "StackName": "absent"}, ""),
    ("a signal to nothing", {"Action": "SignalResource", "StackName": "absent", "UniqueId": "u",
                             "LogicalResourceId": "L", "Status": "SUCCESS"}, "ValidationError"),
]


def call(server, fields):
    """(status, text, seconds) of a query."""
    body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(server.endpoint + "/", body, {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": harness.authorization("cloudformation")})
    begin = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, text = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode()
    return status, text, time.monotonic() - begin


def run(server):
    """(passed, problems)"""
    passed, problems = 0, []

    def check(what, answer, code, part=""):
        nonlocal passed
        status, text, seconds = answer
        good = 400 <= status < 500 and seconds < SECONDS_MAX and "<Error>" in text
        if good and (not code or f"<Code>{code}</Code>" in text) and part in text:
            passed += 1
        else:
            problems.append(f"{what}: {status} after {seconds:.1f} s: {text[:300]}")

    for what, text, code, part in TEMPLATES:
        for action in ("ValidateTemplate", "CreateStack"):
            check(f"{action} of {what}", call(server, {
                "Action": action, "StackName": "hostile", "TemplateBody": text}), code,
                part.replace(">", "&gt;"))
    for what, resources in SERVERLESS:
        text = template(resources, Transform="AWS::Serverless-2016-10-31")
        check(what, call(server, {
            "Action": "CreateStack", "StackName": "hostile", "TemplateBody": text,
            "Capabilities.member.1": "CAPABILITY_AUTO_EXPAND",
            "Capabilities.member.2": "CAPABILITY_IAM"}), "ValidationError")
    for what, fields, code in CALLS:
        if code is None:
            status = call(server, fields)[0]
            if status < 500:
                passed += 1
            else:
                problems.append(f"{what}: {status}")
            continue
        check(what, call(server, fields), code)
    return passed, problems
