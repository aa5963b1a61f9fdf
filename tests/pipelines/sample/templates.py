"""The two stacks of the sample: the state machine with its functions, and the pipeline."""
import ast
import json
import os

ROLE = {"Type": "AWS::IAM::Role", "Properties": {
    "Path": "/",
    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole",
         "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com",
                                   "codepipeline.amazonaws.com"]}}]}}}

FUNCTIONS = ["check_stack_exists", "create_stack", "stack_status", "create_change_set",
             "change_set_status", "inspect_change_set", "execute_change_set", "delete_change_set",
             "update_status"]


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "functions.py"),
          encoding="utf-8") as file:
    CODE = file.read()


def code(handler):
    """The handler with what it needs: a template holds little inline code."""
    tree = ast.parse(CODE)
    parts = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    needed, wanted = set(), [handler]
    while wanted:
        name = wanted.pop()
        if name in parts and name not in needed:
            needed.add(name)
            wanted += [n.id for n in ast.walk(parts[name]) if isinstance(n, ast.Name)]
    tree.body = [n for n in tree.body[1:]
                 if not isinstance(n, ast.FunctionDef) or n.name in needed]
    return ast.unparse(tree)


def function(handler, environment=None):
    return {"Type": "AWS::Lambda::Function", "Properties": {
        "Handler": f"index.{handler}", "Runtime": "python3.11", "Timeout": 30,
        "FunctionName": handler.replace("_", "-"), "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": code(handler)},
        **({"Environment": {"Variables": environment}} if environment else {})}}


def logical(handler):
    return "".join(word.capitalize() for word in handler.split("_"))


def definition(rejects_by, waits, exercised=False):
    """`rejects_by`: what the state that is named after deleting really calls. `exercised`: with the
    two changes that the article leaves to its readers."""
    def task(handler, result, then):
        return {"Type": "Task", "Resource": "${" + logical(handler) + ".Arn}",
                "ResultPath": f"$.{result}", "Next": then}

    def choice(variable, then, otherwise, **test):
        return {"Type": "Choice", "Choices": [{"Variable": f"$.{variable}", **test, "Next": then}],
                "Default": otherwise}

    def wait(then):
        return {"Type": "Wait", "Seconds": waits, "Next": then}

    machine = {"StartAt": "Check Stack Existence", "States": {
        "Check Stack Existence": task("check_stack_exists", "doesStackExist", "Does Stack Exist?"),
        "Does Stack Exist?": choice("doesStackExist", "Create Change Set", "Create Stack",
                                    BooleanEquals=True),
        "Create Stack": task("create_stack", "created", "Wait Stack Creation"),
        "Wait Stack Creation": wait("Get Stack Creation Status"),
        "Get Stack Creation Status": task("stack_status", "stackStatus", "Stack Created?"),
        "Stack Created?": choice("stackStatus", "Deployment Succeeded", "Wait Stack Creation",
                                 StringEquals="complete"),
        "Create Change Set": task("create_change_set", "changeSetName", "Wait Change Set Creation"),
        "Wait Change Set Creation": wait("Get Change Set Creation Status"),
        "Get Change Set Creation Status": task("change_set_status", "changeSetStatus",
                                               "Change Set Created?"),
        "Change Set Created?": choice("changeSetStatus", "Inspect Change Set Changes",
                                      "Wait Change Set Creation", StringEquals="complete"),
        "Inspect Change Set Changes": task("inspect_change_set", "changeSetAction",
                                           "Safe to Update Infra?"),
        "Safe to Update Infra?": choice("changeSetAction", "Execute Change Set",
                                        "Delete Change Set",
                                        StringEquals="CAN-SAFELY-UPDATE-EXISTING-STACK"),
        "Execute Change Set": task("execute_change_set", "executed", "Deployment Succeeded"),
        "Delete Change Set": task(rejects_by, "deleted", "Deployment Failed"),
        "Deployment Failed": {"Type": "Fail", "Error": "Deployment Failed",
                              "Cause": "Deployment Failed"},
        "Deployment Succeeded": {"Type": "Succeed"}}}
    if exercised:
        states = machine["States"]
        # 1: what would be replaced or deleted makes a stack of another name instead.
        states["Safe to Update Infra?"]["Default"] = "Name Green Stack"
        kept = ["environmentName", "templatePath", "revisionS3Bucket", "revisionS3Key"]
        states["Name Green Stack"] = {"Type": "Pass", "Next": "Create Stack", "Parameters": {
            "stackName.$": "States.Format('{}-green', $.stackName)",
            **{f"{name}.$": f"$.{name}" for name in kept}}}
        del states["Delete Change Set"], states["Deployment Failed"]
        # 2: the deployment has succeeded when the change set is executed.
        states["Execute Change Set"]["Next"] = "Wait Change Set Execution"
        states["Wait Change Set Execution"] = wait("Get Stack Update Status")
        states["Get Stack Update Status"] = task("update_status", "updateStatus", "Stack Updated?")
        states["Stack Updated?"] = choice("updateStatus", "Deployment Succeeded",
                                          "Wait Change Set Execution", StringEquals="complete")
    return machine


def machine(rejects_by, waits, exercised=False):
    return json.dumps({
        "Resources": {
            "Role": ROLE,
            **{logical(handler): function(handler) for handler in FUNCTIONS},
            "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "DefinitionString": {"Fn::Sub": json.dumps(
                    definition(rejects_by, waits, exercised))}}}},
        "Outputs": {"Machine": {"Value": {"Ref": "Machine"},
                                "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-Arn"}}}}})


def pipeline():
    def action(category, provider, configuration, **more):
        return {"ActionTypeId": {"Category": category, "Owner": "AWS", "Provider": provider,
                                 "Version": 1},
                "Configuration": configuration, "RunOrder": 1, **more}

    source = action("Source", "CodeCommit",
                    {"RepositoryName": {"Fn::GetAtt": ["Repository", "Name"]},
                     "BranchName": "master"},
                    Name="Source", OutputArtifacts=[{"Name": "SourceOutput"}])
    deploy = action("Invoke", "Lambda",
                    {"FunctionName": {"Ref": "Trigger"},
                     "UserParameters": {"Fn::Sub": '{"s3Bucket": "${Inputs}", '
                                                   '"stateMachineFile": "input.json"}'}},
                    Name="Deploy", InputArtifacts=[{"Name": "SourceOutput"}])
    imported = {"Fn::ImportValue": {"Fn::Sub": "machine-Arn"}}
    return json.dumps({
        "Parameters": {"Artifacts": {"Type": "String"}, "Inputs": {"Type": "String"}},
        "Resources": {
            "Role": ROLE,
            "Repository": {"Type": "AWS::CodeCommit::Repository",
                           "Properties": {"RepositoryName": "app"}},
            "Trigger": function("trigger", {"stateMachineArn": imported}),
            "Pipeline": {"Type": "AWS::CodePipeline::Pipeline", "Properties": {
                "Name": "StateMachineDrivenPipeline",
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "ArtifactStore": {"Type": "S3", "Location": {"Ref": "Artifacts"}},
                "Stages": [{"Name": "Source", "Actions": [source]},
                           {"Name": "Prod", "Actions": [deploy]}]}}}})
