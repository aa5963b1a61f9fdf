"""A pipeline whose action is a state machine: a push creates a stack, updates it safely, or is
rejected. All that the article shows, on a sample of its shape, with the server killed in every
phase of it."""
import io
import json
import os
import tempfile
import time
import zipfile

from sample import templates
from steps import Checkout, Steps

HERE = os.path.dirname(os.path.abspath(__file__))
PIPELINE = "StateMachineDrivenPipeline"
STACK = "prod-sample-app"
SOURCES = "sources"
ARTIFACTS = "artifacts"


def read(name):
    with open(os.path.join(HERE, "sample", name), encoding="utf-8") as file:
        return file.read()


class Article(Steps):
    STEPS = ["deploy", "first_run_fails", "deploy_again", "create", "update_safely", "update_role",
             "reject_as_published", "reject_as_told", "reject_removal", "push_nothing_new",
             "fail_creation", "stop_the_machine", "retry", "kill_everywhere", "exercises",
             "protect_exports", "tear_down"]

    kills = 0

    def __init__(self, server):
        super().__init__(server)
        self.template = read("app/template.yaml")
        self.repository = None
        self.folder = tempfile.TemporaryDirectory(prefix="pawl-pipelines-")

    def run(self):
        for step in self.STEPS:
            began = time.monotonic()
            before = len(self.problems)
            try:
                getattr(self, step)()
            except Exception as error:  # one step's failure must not hide those of others
                self.problems.append(f"{step}: {type(error).__name__}: {error}")
            word = "ok" if len(self.problems) == before else "FAILED"
            print(f"  {step}: {word}, {time.monotonic() - began:.1f} s", flush=True)

    # A0, A1

    def deploy(self):
        s3 = self.client("s3")
        for bucket in (SOURCES, ARTIFACTS):
            s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=ARTIFACTS, VersioningConfiguration={"Status": "Enabled"})
        self.put_input("sample-app")
        self.deploy_stack("machine", templates.machine("execute_change_set", 1))
        self.deploy_stack("pipeline", templates.pipeline(), Artifacts=ARTIFACTS,
                          Inputs=SOURCES)
        resources = self.client("cloudformation").list_stack_resources(
            StackName="pipeline")["StackResourceSummaries"]
        self.equal("the pipeline's stack", 4, len(resources))
        pipeline = next(r for r in resources if r["LogicalResourceId"] == "Pipeline")
        self.equal("its physical id", PIPELINE, pipeline["PhysicalResourceId"])
        url = self.client("codecommit").get_repository(
            repositoryName="app")["repositoryMetadata"]["cloneUrlHttp"]
        self.repository = Checkout(os.path.join(self.folder.name, "app"), url)

    def deploy_stack(self, name, template, **parameters):
        cfn = self.client("cloudformation")
        before = [s for s in cfn.describe_stacks()["Stacks"] if s["StackName"] == name]
        (cfn.update_stack if before else cfn.create_stack)(
            StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()])
        status = self.stack_end(name)["StackStatus"]
        good = status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        why = [] if good else [
            e.get("ResourceStatusReason") for e in
            cfn.describe_stack_events(StackName=name)["StackEvents"]
            if e["ResourceStatus"].endswith("_FAILED")]
        self.check(f"stack {name}: {status} {why}", good)

    def first_run_fails(self):
        ended = self.end_of(PIPELINE)
        self.equal("the run at creation", "Failed", ended["status"])
        self.equal("its trigger", "CreatePipeline", ended["trigger"]["triggerType"])
        source = self.action(PIPELINE, "Source")["latestExecution"]
        self.equal("no branch", "Failed", source["status"])
        self.check(f"its error: {source}", "no branch named master" in
                   source["errorDetails"]["message"])
        self.check("Prod was not run", "latestExecution" not in self.stage(PIPELINE, "Prod"))

    def deploy_again(self):
        try:
            self.deploy_stack("pipeline", templates.pipeline(), Artifacts=ARTIFACTS,
                          Inputs=SOURCES)
        except Exception as error:
            self.check(f"nothing to do: {error}", "No updates are to be performed" in str(error))

    # The paths

    def push(self, template, message="change"):
        commit = self.repository.push({"infra/template.yaml": template}, message)
        started = [e for e in self.executions(PIPELINE)]
        return commit, started[0]["pipelineExecutionId"]

    def visited(self):
        """The states that the newest execution of the machine went through, once each."""
        sfn = self.client("stepfunctions")
        machine = sfn.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        newest = sfn.list_executions(stateMachineArn=machine)["executions"][0]
        events = sfn.get_execution_history(executionArn=newest["executionArn"],
                                           maxResults=1000)["events"]
        names = [e["stateEnteredEventDetails"]["name"] for e in events
                 if "stateEnteredEventDetails" in e]
        return newest, list(dict.fromkeys(names))

    def create(self):
        commit, execution = self.push(self.template, "first")
        ended = self.end_of(PIPELINE, execution)
        self.equal("path 1", "Succeeded", ended["status"])
        self.equal("its revision", commit, ended["sourceRevisions"][0]["revisionId"])
        self.equal("its summary", "first", ended["sourceRevisions"][0]["revisionSummary"].strip())
        self.equal("its trigger", "PollForSourceChanges", ended["trigger"]["triggerType"])
        _, names = self.visited()
        self.equal("its states", ["Check Stack Existence", "Does Stack Exist?", "Create Stack",
                                  "Wait Stack Creation", "Get Stack Creation Status",
                                  "Stack Created?", "Deployment Succeeded"], names)
        self.equal("the stack", "CREATE_COMPLETE", self.stack_end(STACK)["StackStatus"])
        answer = self.client("lambda").invoke(FunctionName="prod_Echo", Payload=b'{"a": 1}')
        self.equal("the function", '{"a": 1}', json.loads(answer["Payload"].read()))
        self.look_at_artifact(commit)
        self.look_at_jobs()

    def look_at_artifact(self, commit):
        actions = self.client("codepipeline").list_action_executions(
            pipelineName=PIPELINE)["actionExecutionDetails"]
        source = next(a for a in actions if a["actionName"] == "Source")
        place = source["output"]["outputArtifacts"][0]["s3location"]
        prefix, name, _, tail = (PIPELINE[:20], "SourceOutp", None, place["key"].split("/")[-1])
        self.equal("the artifact's key", [prefix, name], place["key"].split("/")[:2])
        self.equal("its random part", 7, len(tail))
        body = self.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])["Body"]
        archive = zipfile.ZipFile(io.BytesIO(body.read()))
        entry = archive.getinfo("infra/template.yaml")
        self.equal("compressed", zipfile.ZIP_DEFLATED, entry.compress_type)
        self.equal("its text", self.template, archive.read(entry).decode())
        variables = source["output"]["outputVariables"]
        self.equal("its commit", (commit, "master"), (variables["CommitId"],
                                                      variables["BranchName"]))

    def look_at_jobs(self):
        """The function's log has the event of each of its calls."""
        logs = self.client("logs")
        def look():
            messages = [e["message"] for e in logs.filter_log_events(
                logGroupName="/aws/lambda/trigger")["events"]]
            events = [json.loads(m.split("Event: ", 1)[1]) for m in messages if "Event: " in m]
            return len(events) >= 2 and events
        events = self.wait_for("no events in the log", look, 10)
        first, second = (e["CodePipeline.job"]["data"] for e in events[:2])
        self.check("at first there is no token", "continuationToken" not in first)
        self.check("then there is", "execution" in json.loads(second["continuationToken"]))
        self.check("jobs have ids of their own", events[0]["CodePipeline.job"]["id"] !=
                   events[1]["CodePipeline.job"]["id"])
        credentials = first["artifactCredentials"]
        self.check(f"temporary credentials: {sorted(credentials)}",
                   credentials["accessKeyId"].startswith("ASIA"))
        self.refused("a job that is over", "InvalidJobStateException",
                     lambda: self.client("codepipeline").put_job_success_result(
                         jobId=events[-1]["CodePipeline.job"]["id"]))

    def timeout_of(self):
        return self.client("lambda").get_function_configuration(FunctionName="prod_Echo")["Timeout"]

    def with_timeout(self, seconds):
        return self.template.replace('Timeout: "60"', f'Timeout: "{seconds}"')

    def update_safely(self):
        self.update_to(50)

    def update_to(self, seconds):
        _, execution = self.push(self.with_timeout(seconds))
        self.equal(f"an update to {seconds}", "Succeeded",
                   self.end_of(PIPELINE, execution)["status"])
        self.equal("the stack", "UPDATE_COMPLETE", self.stack_end(STACK)["StackStatus"])
        self.equal("the function's timeout", seconds, self.timeout_of())
        self.check("its states", "Execute Change Set" in self.visited()[1])

    def update_role(self):
        """What only follows another resource's change is no replacement."""
        policy = ("      Policies:\n        - PolicyName: logs\n          PolicyDocument:\n"
                  "            Version: '2012-10-17'\n            Statement:\n"
                  "              - {Effect: Allow, Action: 'logs:*', Resource: '*'}\n")
        self.template = self.template.replace("      Path: /\n", "      Path: /\n" + policy)
        _, execution = self.push(self.with_timeout(50))
        self.equal("a role's policy", "Succeeded", self.end_of(PIPELINE, execution)["status"])
        self.equal("the stack", "UPDATE_COMPLETE", self.stack_end(STACK)["StackStatus"])

    def reject_removal(self):
        self.rejected("None", self.template[:self.template.index("  Function:")])
        self.equal("the functions", ["prod_Published"], self.functions())

    def put_input(self, stack):
        self.client("s3").put_object(Bucket=SOURCES, Key="input.json", Body=json.dumps({
            "environmentName": "prod", "stackName": stack,
            "templatePath": "infra/template.yaml"}))

    def fail_creation(self):
        self.put_input("broken")
        broken = """
Parameters: {environmentName: {Type: String}}
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties: {RoleArn: no role, DefinitionString: '{}'}
"""
        _, execution = self.push(broken)
        self.equal("a bad template", "Failed", self.end_of(PIPELINE, execution)["status"])
        self.equal("its stack", "ROLLBACK_COMPLETE", self.stack_end("prod-broken")["StackStatus"])
        self.client("cloudformation").delete_stack(StackName="prod-broken")
        self.put_input("sample-app")

    def rejected(self, message, template=None):
        template = template or self.template.replace("_Echo", f"_{message}")
        _, execution = self.push(template, message)
        self.equal(f"{message}: the pipeline", "Failed",
                   self.end_of(PIPELINE, execution)["status"])
        action = self.action(PIPELINE, "Prod")["latestExecution"]
        self.equal("the action", ("Failed", "JobFailed"),
                   (action["status"], action["errorDetails"]["code"]))
        self.check(f"its message: {action}", "has: FAILED" in action["errorDetails"]["message"])
        machine, names = self.visited()
        self.equal("the machine", "FAILED", machine["status"])
        self.equal("its end", ["Safe to Update Infra?", "Delete Change Set", "Deployment Failed"],
                   names[-3:])

    def functions(self):
        found = self.client("lambda").list_functions()["Functions"]
        return sorted(f["FunctionName"] for f in found if f["FunctionName"].startswith("prod_"))

    def reject_as_published(self):
        """As published the rejected change set is executed all the same."""
        self.rejected("Published")
        self.stack_end(STACK)
        self.equal("the stack was changed", ["prod_Published"], self.functions())

    def reject_as_told(self):
        """As the article tells it the change set is deleted, and the stack stays."""
        self.deploy_stack("machine", templates.machine("delete_change_set", 1))
        cfn = self.client("cloudformation")
        before = cfn.get_template(StackName=STACK)["TemplateBody"]
        self.rejected("Told")
        self.equal("no change set", [], cfn.list_change_sets(StackName=STACK)["Summaries"])
        self.equal("the functions", ["prod_Published"], self.functions())
        self.equal("the template", before, cfn.get_template(StackName=STACK)["TemplateBody"])
        self.template = self.template.replace("_Echo", "_Published")
        self.equal("an update", "Succeeded", self.end_of(
            PIPELINE, self.push(self.with_timeout(40))[1])["status"])

    def push_nothing_new(self):
        self.repository.push({"README": "other\n"})
        self.equal("a change set without changes", "Failed", self.end_of(PIPELINE)["status"])

    def stop_the_machine(self):
        sfn = self.client("stepfunctions")
        machine = sfn.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        _, execution = self.push(self.with_timeout(41))
        running = self.wait_for("no machine runs", lambda: sfn.list_executions(
            stateMachineArn=machine, statusFilter="RUNNING")["executions"])
        sfn.stop_execution(executionArn=running[0]["executionArn"])
        self.equal("a stopped machine", "Failed", self.end_of(PIPELINE, execution)["status"])
        action = self.action(PIPELINE, "Prod")["latestExecution"]
        self.check(f"its message: {action}", "has: ABORTED" in action["errorDetails"]["message"])

    def retry(self):
        execution = self.executions(PIPELINE)[0]["pipelineExecutionId"]
        answer = self.client("codepipeline").retry_stage_execution(
            pipelineName=PIPELINE, stageName="Prod", pipelineExecutionId=execution,
            retryMode="FAILED_ACTIONS")
        self.equal("the same execution", execution, answer["pipelineExecutionId"])
        self.equal("a retry", "Succeeded", self.end_of(PIPELINE, execution)["status"])

    # A7: the outcome of a run is the same wherever the server is killed

    def kill_everywhere(self):
        self.stack_end(STACK)
        for number in range(self.kills):
            seconds = 10 + number
            known = len(self.executions(PIPELINE))
            commit = self.repository.push(
                {"infra/template.yaml": self.with_timeout(seconds)})
            time.sleep(number * 2.4 / max(1, self.kills - 1))
            self.server.kill()
            self.server.start()
            ended = self.end_of(PIPELINE)
            self.equal(f"killed {number}: the run", ("Succeeded", commit),
                       (ended["status"], ended["sourceRevisions"][0]["revisionId"]))
            self.equal(f"killed {number}: runs", known + 1, len(self.executions(PIPELINE)))
            self.stack_end(STACK)
            self.equal(f"killed {number}: the function", seconds,
                       self.client("lambda").get_function_configuration(
                           FunctionName="prod_Published")["Timeout"])

    # A10

    def exercises(self):
        """What the article leaves to its readers: green stacks, and to wait for the end."""
        self.deploy_stack("machine", templates.machine("delete_change_set", 1, exercised=True))
        cfn = self.client("cloudformation")
        _, execution = self.push(self.with_timeout(30))
        self.equal("an update", "Succeeded", self.end_of(PIPELINE, execution)["status"])
        self.equal("the stack at once", "UPDATE_COMPLETE",
                   cfn.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"])
        self.equal("the function's timeout", 30, self.client("lambda").get_function_configuration(
            FunctionName="prod_Published")["Timeout"])
        _, execution = self.push(self.template.replace("_Published", "_Green"))
        self.equal("a replacement", "Succeeded", self.end_of(PIPELINE, execution)["status"])
        self.equal("its last states", ["Create Stack", "Wait Stack Creation",
                                       "Get Stack Creation Status", "Stack Created?",
                                       "Deployment Succeeded"], self.visited()[1][-5:])
        self.equal("the functions", ["prod_Green", "prod_Published"], self.functions())
        green = cfn.describe_stacks(StackName=STACK + "-green")["Stacks"][0]
        self.equal("the green stack", "CREATE_COMPLETE", green["StackStatus"])
        cfn.delete_stack(StackName=STACK + "-green")
        self.stack_end(green["StackId"])

    def protect_exports(self):
        try:
            self.client("cloudformation").delete_stack(StackName="machine")
        except Exception as error:
            self.check(f"in use: {error}", "in use by pipeline" in str(error))
        else:
            self.check("the machine's stack is in use", False)

    def tear_down(self):
        cfn = self.client("cloudformation")
        for name in (STACK, "pipeline", "machine"):
            identity = cfn.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
            cfn.delete_stack(StackName=name)
            self.equal(f"{name} is deleted", "DELETE_COMPLETE",
                       self.stack_end(identity)["StackStatus"])
        self.equal("no pipelines", [], self.client("codepipeline").list_pipelines()["pipelines"])
        self.folder.cleanup()
