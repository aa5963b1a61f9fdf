"""What pipelines do, one row a behaviour: types of actions, variables, modes, transitions, stops,
retries, custom workers; and structures that are none."""
import io
import json
import time
import uuid
import zipfile

import boto3
from botocore.config import Config

import harness
from steps import Steps

ROLE = "arn:aws:iam::000000000000:role/pipelines"
ARTIFACTS = "store"
STACK = """
Parameters: {Days: {Type: Number, Default: 7}, From: {Type: String, Default: none}}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref Days}}
Outputs: {Days: {Value: !Ref Days}, From: {Value: !Ref From}}
"""


def action(name, category, provider, configuration=None, owner="AWS", **more):
    return {"name": name, "actionTypeId": {"category": category, "owner": owner,
                                           "provider": provider, "version": "1"},
            "configuration": configuration or {}, **more}


def source(configuration=None, **more):
    return action("Source", "Source", "S3", {"S3Bucket": "sources", "S3ObjectKey": "source.zip",
                                             "PollForSourceChanges": "false",
                                             **(configuration or {})},
                  outputArtifacts=[{"name": "Src"}], **more)


def approval(name="Approve", **more):
    return action(name, "Approval", "Manual", **more)


def declared(name, *stages, **more):
    return {"name": name, "roleArn": ROLE, "artifactStore": {"type": "S3", "location": ARTIFACTS},
            "stages": [{"name": f"S{i}", "actions": actions} for i, actions in enumerate(stages)],
            **more}


class Behaviour(Steps):
    STEPS = ["prepare", "structures", "nonsense", "lists_and_tags", "approvals", "transitions",
             "superseded", "queued", "stops", "retries", "variables", "run_orders",
             "state_machines", "stacks", "change_sets", "to_buckets", "from_buckets",
             "custom_workers", "survives", "killed"]

    def run(self):
        for step in self.STEPS:
            began, before = time.monotonic(), len(self.problems)
            try:
                getattr(self, step)()
            except Exception as error:  # one row's failure must not hide those of others
                self.problems.append(f"{step}: {type(error).__name__}: {error}")
            word = "ok" if len(self.problems) == before else "FAILED"
            print(f"  {step}: {word}, {time.monotonic() - began:.1f} s", flush=True)

    @property
    def pipelines(self):
        return self.client("codepipeline")

    def create(self, name, *stages, **more):
        self.pipelines.create_pipeline(pipeline=declared(name, *stages, **more))
        return name

    def start(self, name, **more):
        return self.pipelines.start_pipeline_execution(name=name, **more)["pipelineExecutionId"]

    def status(self, name, execution):
        return self.pipelines.get_pipeline_execution(
            pipelineName=name, pipelineExecutionId=execution)["pipelineExecution"]["status"]

    def waits(self, name, stage="S1", action_name="Approve", execution=None):
        """The token of an approval that waits (for that execution)."""
        def look():
            state = self.stage(name, stage)
            if execution and state.get("latestExecution", {}).get(
                    "pipelineExecutionId") != execution:
                return None
            return self.action(name, stage, action_name).get("latestExecution", {}).get("token")
        return self.wait_for(f"{name}: no approval waits", look, 15)

    def answer(self, name, token, status="Approved", stage="S1", action_name="Approve"):
        return self.pipelines.put_approval_result(
            pipelineName=name, stageName=stage, actionName=action_name, token=token,
            result={"summary": "because", "status": status})

    def prepare(self):
        s3 = self.client("s3")
        for bucket in ("sources", "site", ARTIFACTS):
            s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket="sources", VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket="sources", Key="source.zip", Body=harness.zipped({
            "stack.yaml": STACK, "site/index.html": "<p>", "input.json": '{"from": "file"}',
            "settings.json": json.dumps({"Parameters": {"Days": "14"}}),
            "values.json": json.dumps({"who": "a file"})}))

    def structures(self):
        def refused(what, code, *stages, **more):
            self.refused(what, code, lambda: self.create("bad", *stages, **more))
        good = [source()], [approval()]
        refused("one stage", "InvalidStructureException", [source()])
        refused("no stages", "InvalidStructureException")
        refused("no source", "InvalidStructureException", [approval()], [approval()])
        refused("a late source", "InvalidStructureException", [source()], [source()])
        refused("no actions", "InvalidStageDeclarationException", [source()], [])
        refused("a name twice", "InvalidStageDeclarationException", [source()],
                [approval(), approval()])
        refused("an unknown type", "InvalidActionDeclarationException", [source()],
                [action("A", "Deploy", "Nothing")])
        refused("a missing setting", "InvalidActionDeclarationException", [source()],
                [action("A", "Invoke", "Lambda")])
        refused("an unknown setting", "InvalidActionDeclarationException", [source()],
                [action("A", "Approval", "Manual", {"Wrong": "1"})])
        refused("an artifact that nobody makes", "InvalidStructureException", [source()],
                [action("A", "Invoke", "Lambda", {"FunctionName": "f"},
                        inputArtifacts=[{"name": "None"}])])
        refused("too many artifacts", "InvalidActionDeclarationException", [source()],
                [approval(inputArtifacts=[{"name": "Src"}])])
        refused("an artifact twice", "InvalidStructureException",
                [source(), {**source(), "name": "Other"}], [approval()])
        refused("an unknown namespace", "InvalidActionDeclarationException", [source()],
                [action("A", "Approval", "Manual", {"CustomData": "#{no.where}"})])
        refused("a mode of V2", "InvalidStructureException", *good, executionMode="QUEUED")
        refused("variables of V2", "InvalidStructureException", *good, variables=[{"name": "a"}])
        refused("a bad name", "ValidationException", [source()], [approval("no/name")])
        refused("a bad order", "ValidationException", [source()], [approval(runOrder=1000)])
        refused("51 stages", "InvalidStructureException", [source()],
                *[[approval()] for _ in range(50)])
        self.refused("none", "PipelineNotFoundException",
                     lambda: self.pipelines.get_pipeline(name="none"))
        self.refused("no state", "PipelineNotFoundException",
                     lambda: self.pipelines.get_pipeline_state(name="none"))
        self.refused("no job", "JobNotFoundException", lambda: self.pipelines.
                     put_job_success_result(jobId=str(uuid.uuid4())))
        self.pipelines.delete_pipeline(name="none")

    def nonsense(self):
        """Whatever comes is answered, and nothing of it is the server's fault."""
        api = self.server.api()
        deep = b'{"pipeline": ' + b'{"stages": [' * 400 + b"]}" * 400 + b"}"
        odd = json.dumps({"pipeline": {**declared("odd", [source()], [approval()]),
                                       "stages": [{"name": "a", "actions": [{"name": []}]}, 1]}})
        bodies = [b"", b"[]", b"{", b"{}", b'{"name": 1}', b'{"pipeline": []}', deep, odd.encode(),
                  b'{"jobId": "x", "failureDetails": 3}', b'{"actionTypeId": "x"}',
                  b'{"pipelineName": "\\u0000", "name": "../..", "resourceArn": "::::::"}']
        operations = self.pipelines.meta.service_model.operation_names
        for operation in operations:
            for body in bodies:
                status, _ = api.raw("", body, {
                    "X-Amz-Target": f"CodePipeline_20150709.{operation}",
                    "Content-Type": "application/x-amz-json-1.1",
                    "Authorization": harness.authorization("codepipeline")})
                self.check(f"{operation} {body[:40]}: {status}", status < 500)
        self.check("it lives", "pipelines" in self.pipelines.list_pipelines())

    def lists_and_tags(self):
        answer = self.pipelines.create_pipeline(
            pipeline=declared("listed", [source()], [approval()]),
            tags=[{"key": "a", "value": "1"}])
        self.equal("its version", 1, answer["pipeline"]["version"])
        self.equal("its order", 1, answer["pipeline"]["stages"][0]["actions"][0]["runOrder"])
        self.refused("twice", "PipelineNameInUseException",
                     lambda: self.create("listed", [source()], [approval()]))
        got = self.pipelines.get_pipeline(name="listed")
        arn = got["metadata"]["pipelineArn"]
        self.equal("its ARN", f"arn:aws:codepipeline:{harness.REGION}:{harness.ACCOUNT}:listed",
                   arn)
        self.pipelines.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
        self.pipelines.untag_resource(resourceArn=arn, tagKeys=["a"])
        self.equal("tags", [{"key": "b", "value": "2"}],
                   self.pipelines.list_tags_for_resource(resourceArn=arn)["tags"])
        self.refused("a system tag", "InvalidTagsException", lambda: self.pipelines.tag_resource(
            resourceArn=arn, tags=[{"key": "aws:x", "value": ""}]))
        changed = got["pipeline"]
        changed["stages"][1]["actions"][0]["configuration"]["CustomData"] = "x"
        self.equal("a change", 2,
                   self.pipelines.update_pipeline(pipeline=changed)["pipeline"]["version"])
        old = self.pipelines.get_pipeline(name="listed", version=1)["pipeline"]
        self.equal("the old one", {}, old["stages"][1]["actions"][0]["configuration"])
        self.refused("no such version", "PipelineVersionNotFoundException",
                     lambda: self.pipelines.get_pipeline(name="listed", version=9))
        self.check("a list", "listed" in
                   [p["name"] for p in self.pipelines.list_pipelines()["pipelines"]])
        self.pipelines.delete_pipeline(name="listed")
        self.refused("deleted", "PipelineNotFoundException",
                     lambda: self.pipelines.get_pipeline(name="listed"))

    def approvals(self):
        name = self.create("approved", [source()], [approval()], [approval("Last")])
        token = self.waits(name)
        self.refused("another token", "InvalidApprovalTokenException",
                     lambda: self.answer(name, str(uuid.uuid4())))
        self.refused("no stage", "StageNotFoundException",
                     lambda: self.answer(name, token, stage="none"))
        self.answer(name, token)
        self.refused("twice", "ApprovalAlreadyCompletedException",
                     lambda: self.answer(name, token))
        self.answer(name, self.waits(name, "S2", "Last"), "Rejected", "S2", "Last")
        self.equal("a rejection", "Failed", self.end_of(name)["status"])
        state = self.action(name, "S2", "Last")["latestExecution"]
        self.equal("its summary", ("Failed", "because"), (state["status"], state["summary"]))

    def transitions(self):
        name = self.create("held", [source()], [approval()])
        self.answer(name, self.waits(name))
        self.end_of(name)
        self.pipelines.disable_stage_transition(
            pipelineName=name, stageName="S1", transitionType="Inbound", reason="not now")
        execution = self.start(name)
        inbound = self.wait_for("nothing waits", lambda: self.stage(name, "S1").get(
            "inboundExecution"), 10)
        self.equal("what waits", execution, inbound["pipelineExecutionId"])
        state = self.stage(name, "S1")["inboundTransitionState"]
        self.equal("why", (False, "not now"), (state["enabled"], state["disabledReason"]))
        self.pipelines.enable_stage_transition(pipelineName=name, stageName="S1",
                                               transitionType="Inbound")
        self.answer(name, self.waits(name, execution=execution))
        self.equal("let in", "Succeeded", self.end_of(name, execution)["status"])

    def superseded(self):
        name = self.create("superseded", [source()], [approval()])
        token = self.waits(name)
        second, third = self.start(name), self.start(name)
        self.equal("the one between", "Superseded", self.end_of(name, second)["status"])
        self.equal("the newest waits", "InProgress", self.status(name, third))
        pages = self.pipelines.get_paginator("list_pipeline_executions").paginate(
            pipelineName=name, PaginationConfig={"PageSize": 1})
        self.equal("page by page", [3, third], [
            len(all_of := [e["pipelineExecutionId"] for page in pages
                           for e in page["pipelineExecutionSummaries"]]), all_of[0]])
        self.answer(name, token)
        self.answer(name, self.waits(name, execution=third))
        self.equal("the newest", "Succeeded", self.end_of(name, third)["status"])
        again = self.start(name, clientRequestToken="t")
        self.equal("a token", again, self.start(name, clientRequestToken="t"))

    def queued(self):
        name = self.create("queued", [source()], [approval()], pipelineType="V2",
                           executionMode="QUEUED")
        first = self.executions(name)[0]["pipelineExecutionId"]
        others = [self.start(name), self.start(name)]
        for execution in [first, *others]:
            self.answer(name, self.waits(name, execution=execution))
            self.equal("in order", "Succeeded", self.end_of(name, execution)["status"])
        name = self.create("parallel", [source()], [approval()], pipelineType="V2",
                           executionMode="PARALLEL")
        second = self.start(name)
        self.wait_for("the second is held up", lambda: len([
            a for a in self.pipelines.list_action_executions(pipelineName=name)
            ["actionExecutionDetails"] if a["actionName"] == "Approve"]) == 2, 10)
        self.equal("both run", "InProgress", self.status(name, second))

    def stops(self):
        name = self.create("stopped", [source()], [approval()])
        self.waits(name)
        execution = self.executions(name)[0]["pipelineExecutionId"]
        self.pipelines.stop_pipeline_execution(
            pipelineName=name, pipelineExecutionId=execution, reason="enough")
        self.equal("waiting", "Stopping", self.status(name, execution))
        self.refused("twice", "DuplicatedStopRequestException", lambda: self.pipelines.
                     stop_pipeline_execution(pipelineName=name, pipelineExecutionId=execution))
        self.answer(name, self.waits(name))
        ended = self.end_of(name, execution)
        self.equal("stopped", ("Stopped", "enough"),
                   (ended["status"], ended["stopTrigger"]["reason"]))
        self.refused("over", "PipelineExecutionNotStoppableException", lambda: self.pipelines.
                     stop_pipeline_execution(pipelineName=name, pipelineExecutionId=execution))
        execution = self.start(name)
        self.waits(name, execution=execution)
        self.pipelines.stop_pipeline_execution(
            pipelineName=name, pipelineExecutionId=execution, abandon=True)
        self.equal("abandoned", "Stopped", self.end_of(name, execution)["status"])
        self.equal("its action", "Abandoned",
                   self.action(name, "S1")["latestExecution"]["status"])

    def retries(self):
        name = self.create("retried", [source()], [approval("A"), approval("B")])
        self.answer(name, self.waits(name, action_name="A"), action_name="A")
        self.answer(name, self.waits(name, action_name="B"), "Rejected", action_name="B")
        execution = self.end_of(name)["pipelineExecutionId"]

        def retry(mode, stage="S1", which=execution):
            return self.pipelines.retry_stage_execution(
                pipelineName=name, stageName=stage, pipelineExecutionId=which, retryMode=mode)
        self.refused("no failure", "StageNotRetryableException", lambda: retry("ALL_ACTIONS", "S0"))
        self.refused("another", "NotLatestPipelineExecutionException",
                     lambda: retry("ALL_ACTIONS", which=str(uuid.uuid4())))
        retry("FAILED_ACTIONS")
        token = self.waits(name, action_name="B")
        self.equal("only what failed", "Succeeded",
                   self.action(name, "S1", "A")["latestExecution"]["status"])
        self.answer(name, token, "Rejected", action_name="B")
        self.end_of(name)
        retry("ALL_ACTIONS")
        for each in ("A", "B"):
            self.answer(name, self.waits(name, action_name=each), action_name=each)
        self.equal("all", "Succeeded", self.end_of(name, execution)["status"])
        self.equal("their runs", 6, len(self.pipelines.list_action_executions(
            pipelineName=name)["actionExecutionDetails"]))

    def variables(self):
        data = "#{variables.who} #{Src.ObjectKey} #{codepipeline.PipelineExecutionId} #{no"
        name = self.create(
            "variables", [source(namespace="Src")],
            [action("Approve", "Approval", "Manual", {"CustomData": data})], pipelineType="V2",
            variables=[{"name": "who", "defaultValue": "nobody"}])
        self.waits(name)
        first = self.executions(name)[0]["pipelineExecutionId"]
        self.answer(name, self.waits(name))
        self.end_of(name)
        self.refused("an undeclared one", "ValidationException", lambda: self.start(
            name, variables=[{"name": "what", "value": "x"}]))
        second = self.start(name, variables=[{"name": "who", "value": "me"}])
        self.waits(name, execution=second)
        for execution, who in ((first, "nobody"), (second, "me")):
            details = self.pipelines.list_action_executions(
                pipelineName=name, filter={"pipelineExecutionId": execution})
            resolved = next(a["input"]["resolvedConfiguration"]["CustomData"] for a in
                            details["actionExecutionDetails"] if a["actionName"] == "Approve")
            self.equal("resolved", f"{who} source.zip {execution} #{{no", resolved)

    def run_orders(self):
        name = self.create("orders", [source()], [
            approval("First"), approval("Second", runOrder=2), approval("Third", runOrder=2)])
        token = self.waits(name, action_name="First")
        self.check("the second waits",
                   "latestExecution" not in self.action(name, "S1", "Second"))
        self.answer(name, token, action_name="First")
        tokens = {each: self.waits(name, action_name=each) for each in ("Second", "Third")}
        for each, value in tokens.items():
            self.answer(name, value, action_name=each)
        self.equal("in order", "Succeeded", self.end_of(name)["status"])

    def state_machines(self):
        sfn = self.client("stepfunctions")
        definition = {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [
            {"Variable": "$.fails", "IsPresent": True, "Next": "F"}], "Default": "P"},
            "P": {"Type": "Pass", "End": True}, "F": {"Type": "Fail", "Error": "E"}}}
        arn = sfn.create_state_machine(name="invoked", roleArn=ROLE,
                                       definition=json.dumps(definition))["stateMachineArn"]

        def invoke(name, configuration, **more):
            return action(name, "Invoke", "StepFunctions",
                          {"StateMachineArn": arn, **configuration}, **more)
        name = self.create("machines", [source()], [
            invoke("File", {"InputType": "FilePath", "Input": "input.json"}, namespace="File",
                   inputArtifacts=[{"name": "Src"}], outputArtifacts=[{"name": "Out"}])],
            [invoke("Literal", {"Input": '{"arn": "#{File.ExecutionArn}"}',
                                "ExecutionNamePrefix": "mine"})],
            [invoke("Fails", {"Input": '{"fails": true}'})])
        self.equal("a failure", "Failed", self.end_of(name)["status"])
        by_name = {a["actionName"]: a for a in self.pipelines.list_action_executions(
            pipelineName=name)["actionExecutionDetails"]}
        first = by_name["File"]["output"]["outputVariables"]["ExecutionArn"]
        self.equal("by file", {"from": "file"},
                   json.loads(sfn.describe_execution(executionArn=first)["input"]))
        second = by_name["Literal"]["output"]["outputVariables"]["ExecutionArn"]
        self.equal("by text", {"arn": first},
                   json.loads(sfn.describe_execution(executionArn=second)["input"]))
        self.check("its prefix", second.split(":")[-1] ==
                   "mine-" + by_name["Literal"]["actionExecutionId"])
        self.check("why", "has: FAILED" in by_name["Fails"]["output"]["executionResult"]
                   ["errorDetails"]["message"])

    def deploy(self, name, configuration, **more):
        return action(name, "Deploy", "CloudFormation",
                      {"StackName": "deployed", **configuration}, **more)

    def stack(self, name="deployed"):
        stack = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        return stack["StackStatus"], {o["OutputKey"]: o["OutputValue"]
                                      for o in stack.get("Outputs", [])}

    def stacks(self):
        template = {"TemplatePath": "Src::stack.yaml"}
        artifacts = [{"name": "Src"}]
        name = self.create("stacks", [source()], [
            self.deploy("Create", {"ActionMode": "CREATE_UPDATE", **template,
                                   "TemplateConfiguration": "Src::settings.json",
                                   "OutputFileName": "outputs.json",
                                   "ParameterOverrides": json.dumps({"From": {
                                       "Fn::GetParam": ["Src", "values.json", "who"]}})},
                        namespace="Made", inputArtifacts=artifacts,
                        outputArtifacts=[{"name": "Outputs"}])],
            [self.deploy("Again", {"ActionMode": "CREATE_UPDATE", **template,
                                   "ParameterOverrides": json.dumps({"From": {
                                       "Fn::GetArtifactAtt": ["Src", "BucketName"]}})},
                         inputArtifacts=artifacts)],
            [self.deploy("Same", {"ActionMode": "REPLACE_ON_FAILURE", **template},
                         inputArtifacts=artifacts)],
            [approval()],
            [self.deploy("Delete", {"ActionMode": "DELETE_ONLY"})])
        token = self.waits(name, "S4")
        status, outputs = self.stack()
        self.equal("the stack", ("UPDATE_COMPLETE", {"Days": "14", "From": ARTIFACTS}),
                   (status, outputs))
        by_name = {a["actionName"]: a for a in self.pipelines.list_action_executions(
            pipelineName=name)["actionExecutionDetails"]}
        place = by_name["Create"]["output"]["outputArtifacts"][0]["s3location"]
        body = self.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])["Body"]
        archive = zipfile.ZipFile(io.BytesIO(body.read()))
        self.equal("its outputs", {"Days": "14", "From": "a file"},
                   json.loads(archive.read("outputs.json")))
        self.answer(name, token, stage="S4")
        self.equal("all of it", "Succeeded", self.end_of(name)["status"])
        try:
            self.stack()
        except Exception as error:
            self.check(f"gone: {error}", "does not exist" in str(error))
        else:
            self.check("the stack is gone", False)

    def change_sets(self):
        template = {"TemplatePath": "Src::stack.yaml", "ChangeSetName": "set"}
        def stage():
            return [self.deploy("Prepare", {"ActionMode": "CHANGE_SET_REPLACE", **template},
                                inputArtifacts=[{"name": "Src"}]),
                    self.deploy("Execute", {"ActionMode": "CHANGE_SET_EXECUTE",
                                            "ChangeSetName": "set"}, runOrder=2)]
        name = self.create("sets", [source()], stage(), stage())
        self.equal("a creation, then no change", "Succeeded", self.end_of(name)["status"])
        self.equal("the stack", "CREATE_COMPLETE", self.stack()[0])

    def to_buckets(self):
        def put(name, **configuration):
            return action(name, "Deploy", "S3", {"BucketName": "site", **configuration},
                          inputArtifacts=[{"name": "Src"}])
        name = self.create("buckets", [source()], [
            put("Files", Extract="true", ObjectKey="here", CacheControl="max-age=1"),
            put("Whole", Extract="false", ObjectKey="whole.zip")])
        self.equal("deployed", "Succeeded", self.end_of(name)["status"])
        s3 = self.client("s3")
        got = s3.get_object(Bucket="site", Key="here/site/index.html")
        self.equal("a file", (b"<p>", "text/html", "max-age=1"),
                   (got["Body"].read(), got["ContentType"], got["CacheControl"]))
        whole = s3.get_object(Bucket="site", Key="whole.zip")["Body"].read()
        self.check("the archive", zipfile.ZipFile(io.BytesIO(whole)).testzip() is None)

    def from_buckets(self):
        name = self.create("watched", [source({"PollForSourceChanges": "true",
                                               "S3ObjectKey": "watched.zip"})],
                           [action("To", "Deploy", "S3", {
                               "BucketName": "site", "Extract": "true", "ObjectKey": "watched"},
                               inputArtifacts=[{"name": "Src"}])])
        self.equal("no object yet", "Failed", self.end_of(name)["status"])
        s3 = self.client("s3")
        version = s3.put_object(Bucket="sources", Key="watched.zip",
                                Body=harness.zipped({"a": "1"}))["VersionId"]
        self.wait_for("no start", lambda: len(self.executions(name)) == 2, 15)
        ended = self.end_of(name)
        self.equal("a new object", ("Succeeded", version),
                   (ended["status"], ended["sourceRevisions"][0]["revisionId"]))
        self.equal("what came", b"1", s3.get_object(Bucket="site", Key="watched/a")["Body"].read())

    def custom_workers(self):
        kind = {"category": "Test", "provider": "Mine", "version": "1"}
        self.pipelines.create_custom_action_type(
            **kind, configurationProperties=[{"name": "What", "required": True, "key": True,
                                              "secret": False, "queryable": True}],
            inputArtifactDetails={"minimumCount": 0, "maximumCount": 1},
            outputArtifactDetails={"minimumCount": 0, "maximumCount": 1})
        listed = self.pipelines.list_action_types(actionOwnerFilter="Custom")["actionTypes"]
        self.equal("the type", "Mine", listed[0]["id"]["provider"])
        test = action("Test", "Test", "Mine", {"What": "it"}, owner="Custom", namespace="T",
                      inputArtifacts=[{"name": "Src"}])
        name = self.create("custom", [source()], [test], [
            action("Approve", "Approval", "Manual", {"CustomData": "#{T.result}"})])
        where = {"actionTypeId": {**kind, "owner": "Custom"}}
        self.equal("another query", [], self.pipelines.poll_for_jobs(
            **where, queryParam={"What": "other"})["jobs"])
        job = self.wait_for("no job", lambda: self.pipelines.poll_for_jobs(
            **where, maxBatchSize=5, queryParam={"What": "it"})["jobs"], 10)[0]
        self.equal("once", [], self.pipelines.poll_for_jobs(**where)["jobs"])
        self.equal("its pipeline", name, job["data"]["pipelineContext"]["pipelineName"])
        self.equal("its artifact", "Src", job["data"]["inputArtifacts"][0]["name"])
        self.refused("a wrong nonce", "InvalidNonceException", lambda: self.pipelines.
                     acknowledge_job(jobId=job["id"], nonce="0"))
        self.equal("acknowledged", "InProgress", self.pipelines.acknowledge_job(
            jobId=job["id"], nonce=job["nonce"])["status"])
        details = self.pipelines.get_job_details(jobId=job["id"])["jobDetails"]
        self.equal("its details", job["data"]["actionConfiguration"],
                   details["data"]["actionConfiguration"])
        self.pipelines.put_job_success_result(jobId=job["id"], outputVariables={"result": "good"},
                                              executionDetails={"summary": "done"})
        self.refused("over", "InvalidJobStateException", lambda: self.pipelines.
                     put_job_failure_result(jobId=job["id"], failureDetails={
                         "type": "JobFailed", "message": "late"}))
        self.waits(name, "S2")
        approve = next(a for a in self.pipelines.list_action_executions(pipelineName=name)
                       ["actionExecutionDetails"] if a["actionName"] == "Approve")
        self.equal("its variable", "good",
                   approve["input"]["resolvedConfiguration"]["CustomData"])
        self.pipelines.delete_custom_action_type(**kind)
        self.refused("no type", "ActionTypeNotFoundException",
                     lambda: self.pipelines.poll_for_jobs(**where))

    def credentials(self):
        """A job's credentials are its pipeline's role's, for its artifacts, and verify."""
        kind = {"category": "Test", "provider": "Mine", "version": "1"}
        none = {"minimumCount": 0, "maximumCount": 1}
        self.pipelines.create_custom_action_type(**kind, inputArtifactDetails=none,
                                                 outputArtifactDetails=none)
        self.create("trusted", [source()], [action("Test", "Test", "Mine", owner="Custom",
                                                   inputArtifacts=[{"name": "Src"}])])
        job = self.wait_for("no job", lambda: self.pipelines.poll_for_jobs(
            actionTypeId={**kind, "owner": "Custom"})["jobs"], 10)[0]
        keys = job["data"]["artifactCredentials"]
        place = job["data"]["inputArtifacts"][0]["location"]["s3Location"]

        def client(service, secret):
            return boto3.client(service, endpoint_url=self.server.endpoint,
                                region_name=harness.REGION,
                                aws_access_key_id=keys["accessKeyId"],
                                aws_secret_access_key=secret,
                                aws_session_token=keys["sessionToken"],
                                config=Config(s3={"addressing_style": "path"}))
        s3 = client("s3", keys["secretAccessKey"])
        got = s3.get_object(Bucket=place["bucketName"], Key=place["objectKey"])
        self.check("the artifact", zipfile.ZipFile(io.BytesIO(got["Body"].read())).namelist())
        who = client("sts", keys["secretAccessKey"]).get_caller_identity()["Arn"]
        self.check(f"who: {who}", ":assumed-role/pipelines/" in who)
        self.refused("another secret", "SignatureDoesNotMatch",
                     lambda: client("s3", "x" * 40).get_object(
                         Bucket=place["bucketName"], Key=place["objectKey"]))

    def survives(self):
        """What waits still waits after a kill, what has ended is still there."""
        name = self.create("survivor", [source()], [approval()], [approval("Last")])
        token = self.waits(name)
        before = self.executions("retried")
        self.server.kill()
        self.server.start()
        self.equal("history", before, self.executions("retried"))
        self.equal("the same token", token, self.waits(name))
        self.answer(name, token)
        self.server.kill()
        self.server.start()
        self.answer(name, self.waits(name, "S2", "Last"), stage="S2", action_name="Last")
        self.equal("to the end", "Succeeded", self.end_of(name)["status"])

    def killed(self):
        """A kill at any moment of a run: each of its actions has happened once."""
        sfn = self.client("stepfunctions")
        arn = sfn.create_state_machine(name="waits", roleArn=ROLE, definition=json.dumps({
            "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": True}}}))[
                "stateMachineArn"]
        name = self.create(
            "killed", [source()],
            [action("Machine", "Invoke", "StepFunctions", {"StateMachineArn": arn})],
            [self.deploy("Stack", {"ActionMode": "CREATE_UPDATE", "StackName": "killed",
                                   "TemplatePath": "Src::stack.yaml", "ParameterOverrides":
                                       '{"From": "#{codepipeline.PipelineExecutionId}"}'},
                         inputArtifacts=[{"name": "Src"}])])
        self.end_of(name)
        for number, delay in enumerate((0, 0.03, 0.5, 1.07, 1.15)):
            execution = self.start(name)
            time.sleep(delay)
            self.server.kill()
            self.server.start()
            self.equal(f"after {delay}", "Succeeded", self.end_of(name, execution)["status"])
            self.equal(f"machines after {delay}", number + 2, len(sfn.list_executions(
                stateMachineArn=arn)["executions"]))
            self.equal(f"the stack after {delay}", execution, self.stack("killed")[1]["From"])


class Verified(Behaviour):
    """Against a server that verifies signatures."""
    STEPS = ["prepare", "credentials"]
