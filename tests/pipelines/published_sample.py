"""What the published sample is put through: every path of the article, and what else can become of
a push. Everything is asked of the server, nothing of the sample's scripts, whose exit codes say
nothing."""
import json
import os
import re
import shutil
import subprocess
import time

from steps import Checkout, Steps

REGION = "us-east-2"  # the sample makes its buckets with a location, which us-east-1 refuses
ACCOUNT = "123456789012"
BOOTSTRAP_SECONDS_MAX = 600
RUN_SECONDS_MAX = 240
MACHINE_STACK, PIPELINE_STACK = "cpsf-state-machine", "cpsf-codepipeline-pipeline"
STACK = "prod-sample-lambda-app"
INPUTS = f"cpsf-state-machine-input-{ACCOUNT}-{REGION}"
ARTIFACTS = f"cpsf-codepipeline-artifacts-{ACCOUNT}-{REGION}"
CREATED = ["Check Stack Existence", "Does Stack Exist?", "Create Stack", "Wait Stack Creation",
           "Get Stack Creation Status", "Stack Created?", "Deployment Succeeded"]


class Sample(Steps):
    STEPS = ["deploy", "deploy_again", "create", "update_safely", "update_role", "reject",
             "reject_removal", "push_nothing_new", "fail_creation", "kill_while_waiting",
             "stop_the_machine", "retry", "exercises", "tear_down"]

    def __init__(self, server, folder, home, corrected):
        super().__init__(server)
        self.folder, self.home, self.corrected = folder, home, corrected
        self.pipeline = self.repository = self.template = self.machine = None

    def run(self):
        self.configure()
        for step in self.STEPS:
            began, before = time.monotonic(), len(self.problems)
            getattr(self, step)()
            word = "ok" if len(self.problems) == before else "FAILED"
            print(f"  {step}: {word}, {time.monotonic() - began:.1f} s", flush=True)

    def client(self, service):
        import boto3  # pylint: disable=import-outside-toplevel
        return boto3.client(service, endpoint_url=self.server.endpoint, region_name=REGION,
                            aws_access_key_id=ACCOUNT, aws_secret_access_key="test")

    def configure(self):
        """The files that the sample's scripts look for."""
        os.makedirs(os.path.join(self.home, ".aws"))
        with open(os.path.join(self.home, ".aws/credentials"), "w", encoding="utf-8") as file:
            file.write(f"[default]\naws_access_key_id = {ACCOUNT}\n"
                       "aws_secret_access_key = test\n")
        with open(os.path.join(self.home, ".aws/config"), "w", encoding="utf-8") as file:
            file.write(f"[default]\nregion = {REGION}\nendpoint_url = {self.server.endpoint}\n"
                       "s3 =\n    addressing_style = path\n")

    def bootstrap(self):
        environment = {**os.environ, "HOME": self.home, "AWS_PAGER": "",
                       "AWS_ENDPOINT_URL": self.server.endpoint}
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION",
                     "AWS_REGION", "AWS_PROFILE"):
            environment.pop(name, None)
        done = subprocess.run(["bash", "-c", "./bootstrap.sh"], env=environment, text=True,
                              cwd=os.path.join(self.folder, "pipeline"), capture_output=True,
                              timeout=BOOTSTRAP_SECONDS_MAX, check=False)
        return done.stdout + done.stderr

    # A0, A1

    def deploy(self):
        log = self.bootstrap()
        for stack, count in ((MACHINE_STACK, 11), (PIPELINE_STACK, 5)):
            try:
                status = self.stack_end(stack)["StackStatus"]
                resources = self.client("cloudformation").list_stack_resources(StackName=stack)
            except Exception as error:
                raise RuntimeError(f"{stack}: {error}\n{log[-3000:]}") from error
            self.equal(stack, "CREATE_COMPLETE", status)
            self.equal(f"{stack}: resources", count, len(resources["StackResourceSummaries"]))
        self.equal("buckets", 3, len(self.client("s3").list_buckets()["Buckets"]))
        self.equal("versioning", "Enabled", self.client("s3").get_bucket_versioning(
            Bucket=ARTIFACTS).get("Status"))
        self.equal("exports", 2, len(self.client("cloudformation").list_exports()["Exports"]))
        functions = self.client("lambda").list_functions()["Functions"]
        self.equal("functions", ["nodejs6.10"] * 9, [f["Runtime"] for f in functions])
        machines = self.client("stepfunctions").list_state_machines()["stateMachines"]
        self.equal("machines", 1, len(machines))
        self.machine = machines[0]["stateMachineArn"]
        self.pipeline = self.client("codepipeline").list_pipelines()["pipelines"][0]["name"]
        self.equal("the run at creation", "Failed", self.end_of(self.pipeline)["status"])
        self.equal("the source", "Failed",
                   self.action(self.pipeline, "Source")["latestExecution"]["status"])
        self.check("Prod was not run", "latestExecution" not in self.stage(self.pipeline, "Prod"))
        self.check_out()

    def check_out(self):
        name = self.client("codecommit").list_repositories()["repositories"][0]["repositoryName"]
        url = self.client("codecommit").get_repository(
            repositoryName=name)["repositoryMetadata"]["cloneUrlHttp"]
        folder = os.path.join(self.home, "app")
        shutil.copytree(os.path.join(self.folder, "app"), folder)
        self.repository = Checkout(folder, url)
        self.repository.url = url.replace("http://", f"http://{ACCOUNT}:test@")
        self.template = self.read_template()

    def deploy_again(self):
        before = self.deployed_state()
        log = self.bootstrap()
        self.equal("buckets are used again", 3, log.count("Reusing S3 bucket"))
        self.equal("no changes", 2, log.count("No changes to deploy"))
        self.equal("nothing changed", before, self.deployed_state())

    def deployed_state(self):
        """What a second deployment must leave alone."""
        stacks = self.client("cloudformation").describe_stacks()["Stacks"]
        functions = self.client("lambda").list_functions()["Functions"]
        return ([(s["StackName"], s["StackStatus"], s.get("LastUpdatedTime")) for s in stacks],
                [(f["FunctionName"], f["LastModified"], f["CodeSha256"]) for f in functions])

    # The paths

    def read_template(self):
        with open(self.template_path(), encoding="utf-8") as file:
            return file.read()

    def template_path(self):
        return os.path.join(self.repository.folder, "lambda-template.yaml")

    def push(self, template, message):
        """The pipeline's execution for this template, once it has ended."""
        execution = self.push_only(template, message)
        ended = self.end_of(self.pipeline, execution, RUN_SECONDS_MAX)
        action = self.action(self.pipeline, "Prod")["latestExecution"]
        print(f"    {message}: {ended['status']} {action.get('errorDetails', '')}", flush=True)
        return ended["status"]

    def push_only(self, template, message):
        commit = self.repository.push({"lambda-template.yaml": template}, message)

        def look():
            newest = self.executions(self.pipeline)[0]
            revisions = [r["revisionId"] for r in newest.get("sourceRevisions", [])]
            return commit in revisions and newest["pipelineExecutionId"]
        return self.wait_for("a push starts nothing", look)

    def newest_run(self):
        return self.client("stepfunctions").list_executions(
            stateMachineArn=self.machine)["executions"][0]

    def visited(self, execution=None):
        """The states that the machine's newest execution went through, once each."""
        events = self.client("stepfunctions").get_execution_history(
            executionArn=execution or self.newest_run()["executionArn"],
            maxResults=1000)["events"]
        return list(dict.fromkeys(e["stateEnteredEventDetails"]["name"] for e in events
                                  if "stateEnteredEventDetails" in e))

    def stack_template(self):
        return self.client("cloudformation").get_template(StackName=STACK)["TemplateBody"]

    def function(self, name="prod_SampleLambdaFunction"):
        return self.client("lambda").get_function_configuration(FunctionName=name)

    def create(self):
        self.equal("path 1", "Succeeded", self.push(self.template + "\n", "create"))
        self.equal("its states", CREATED, self.visited())
        self.equal("the stack", "CREATE_COMPLETE", self.stack_end(STACK)["StackStatus"])
        answer = self.client("lambda").invoke(
            FunctionName="prod_SampleLambdaFunction", Payload=b'{"a":1}')
        self.equal("the function", '{"a":1}', json.loads(answer["Payload"].read()))
        objects = self.client("s3").list_objects_v2(
            Bucket=ARTIFACTS, Prefix="CodePipelineStepFunc/SourceOutp/")["Contents"]
        self.equal("artifacts", 1, len(objects))
        messages = [e["message"] for e in self.client("logs").filter_log_events(
            logGroupName="/aws/lambda/StateMachineTriggerLambda")["events"]]
        calls = [m for m in messages if m.startswith("START ")]
        self.check(f"the trigger was called {len(calls)} times", len(calls) >= 2)

    def update_safely(self):
        self.template = self.template.replace('"60"', '"50"')
        self.equal("path 2", "Succeeded", self.push(self.template, "update safely"))
        self.equal("its states", ["Execute Change Set", "Deployment Succeeded"],
                   self.visited()[-2:])
        self.equal("the stack", "UPDATE_COMPLETE", self.stack_end(STACK)["StackStatus"])
        self.equal("the timeout", 50, self.function()["Timeout"])

    def update_role(self):
        self.template = self.template.replace("- logs:*", "- logs:Put*")
        self.equal("a role's policy", "Succeeded", self.push(self.template, "update the role"))
        self.equal("the stack", "UPDATE_COMPLETE", self.stack_end(STACK)["StackStatus"])

    def reject(self):
        """Path 3. As published the rejected change set is executed all the same."""
        before = self.stack_template()
        renamed = re.sub(r"(FunctionName: .*?)_\w+", r"\1_Renamed", self.template)
        self.rejected(renamed, "reject")
        self.stack_end(STACK)
        self.equal("the stack stays as it was", self.corrected, before == self.stack_template())
        if self.corrected:
            self.equal("change sets", [], self.client("cloudformation").list_change_sets(
                StackName=STACK)["Summaries"])
        else:
            self.template = renamed

    def rejected(self, template, message):
        self.equal(message, "Failed", self.push(template, message))
        action = self.action(self.pipeline, "Prod")["latestExecution"]["errorDetails"]
        self.check(f"{message}: {action}", action["code"] == "JobFailed" and
                   "has: FAILED" in action["message"])
        self.equal(f"{message}: its states", ["Delete Change Set", "Deployment Failed"],
                   self.visited()[-2:])
        described = self.client("stepfunctions").describe_execution(
            executionArn=self.newest_run()["executionArn"])
        self.equal(f"{message}: its error", "Deployment Failed", described.get("error"))

    def reject_removal(self):
        if self.corrected:  # as published the function would be gone, and all that follows with it
            before = self.stack_template()
            self.rejected(self.template[:self.template.index("  SampleLambdaFunction:")], "remove")
            self.equal("the stack", before, self.stack_template())

    def push_nothing_new(self):
        self.push(self.template, "back") if self.corrected else self.stack_end(STACK)
        self.repository.push({"README": "other\n"})
        self.equal("nothing new", "Failed",
                   self.end_of(self.pipeline, seconds=RUN_SECONDS_MAX)["status"])

    def put_input(self, environment, stack):
        self.client("s3").put_object(Bucket=INPUTS, Key="state_machine_input.json", Body=json.dumps(
            {"environmentName": environment, "stackName": stack,
             "templatePath": "lambda-template.yaml"}))

    def fail_creation(self):
        self.put_input("test", "broken")
        broken = self.template.replace('Runtime: "nodejs6.10"', 'Runtime: "cobol"')
        self.equal("a bad template", "Failed", self.push(broken, "fail"))
        self.equal("its stack", "ROLLBACK_COMPLETE", self.stack_end("test-broken")["StackStatus"])
        self.client("cloudformation").delete_stack(StackName="test-broken")

    def kill_while_waiting(self):
        self.put_input("test", "killed")
        execution = self.push_only(self.template, "a kill while the machine waits")
        self.wait_for("the machine does not wait", lambda: (
            self.newest_run()["status"] == "RUNNING" and
            self.visited()[-1] == "Wait Stack Creation"))
        self.server.kill()
        self.server.start()
        ended = self.end_of(self.pipeline, execution, RUN_SECONDS_MAX)
        self.equal("killed", "Succeeded", ended["status"])
        self.equal("its states", CREATED, self.visited())
        stacks = [s["StackName"] for s in self.client("cloudformation").describe_stacks()["Stacks"]]
        self.equal("its stacks", 1, stacks.count("test-killed"))
        self.client("cloudformation").delete_stack(StackName="test-killed")
        self.put_input("prod", "sample-lambda-app")

    def stop_the_machine(self):
        self.template = self.template.replace('"50"', '"40"')
        before = self.newest_run()["executionArn"]
        execution = self.push_only(self.template, "stop the machine")
        self.wait_for("the machine does not start", lambda: (
            self.newest_run()["executionArn"] != before))
        self.client("stepfunctions").stop_execution(
            executionArn=self.newest_run()["executionArn"])
        ended = self.end_of(self.pipeline, execution, RUN_SECONDS_MAX)
        self.equal("stopped", "Failed", ended["status"])
        action = self.action(self.pipeline, "Prod")["latestExecution"]["errorDetails"]
        self.check(f"stopped: {action}", "has: ABORTED" in action["message"])

    def retry(self):
        execution = self.executions(self.pipeline)[0]["pipelineExecutionId"]
        self.client("codepipeline").retry_stage_execution(
            pipelineName=self.pipeline, stageName="Prod", pipelineExecutionId=execution,
            retryMode="FAILED_ACTIONS")
        self.equal("tried again", "Succeeded",
                   self.end_of(self.pipeline, execution, RUN_SECONDS_MAX)["status"])
        self.equal("the stack", "UPDATE_COMPLETE", self.stack_end(STACK)["StackStatus"])

    def exercises(self):
        """What the article leaves to its readers, in the machine's definition: a stack of another
        name in place of a replacement, and the end of an update waited for."""
        states = self.client("stepfunctions")
        machine = json.loads(states.describe_state_machine(
            stateMachineArn=self.machine)["definition"])
        exercise(machine["States"])
        states.update_state_machine(stateMachineArn=self.machine, definition=json.dumps(machine))
        self.equal("an update", "Succeeded", self.push(
            self.template.replace('"40"', '"30"'), "wait for the update"))
        self.equal("the stack at once", "UPDATE_COMPLETE", self.client(
            "cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"])
        self.check("it waited", "Stack Updated?" in self.visited())
        green = re.sub(r"(FunctionName: .*?)_\w+", r"\1_Green", self.template)
        self.equal("a replacement", "Succeeded", self.push(green, "green"))
        self.equal("the green stack", "CREATE_COMPLETE",
                   self.stack_end(f"{STACK}-green")["StackStatus"])
        self.equal("its function", "nodejs6.10", self.function("prod_Green")["Runtime"])
        self.client("cloudformation").delete_stack(StackName=f"{STACK}-green")

    def tear_down(self):
        cloudformation = self.client("cloudformation")
        try:
            cloudformation.delete_stack(StackName=MACHINE_STACK)
        except Exception as error:
            self.check(f"in use: {error}", f"in use by {PIPELINE_STACK}" in str(error))
        else:
            self.check("the machine's stack is in use", False)
        for name in (STACK, PIPELINE_STACK, MACHINE_STACK):
            identity = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
            cloudformation.delete_stack(StackName=name)
            self.equal(f"{name} is deleted", "DELETE_COMPLETE",
                       self.stack_end(identity)["StackStatus"])
        self.equal("functions", [], self.client("lambda").list_functions()["Functions"])


def exercise(states):
    kept = ["environmentName", "templatePath", "revisionS3Bucket", "revisionS3Key"]
    states["Safe to Update Infra?"]["Default"] = "Name Green Stack"
    states["Name Green Stack"] = {"Type": "Pass", "Next": "Create Stack", "Parameters": {
        "stackName.$": "States.Format('{}-green', $.stackName)",
        **{f"{name}.$": f"$.{name}" for name in kept}}}
    del states["Delete Change Set"], states["Deployment Failed"]
    states["Execute Change Set"]["Next"] = "Wait Stack Update"
    states["Wait Stack Update"] = {"Type": "Wait", "Seconds": 1, "Next": "Get Stack Update Status"}
    states["Get Stack Update Status"] = {
        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:cloudformation:describeStacks",
        "Parameters": {"StackName.$": "States.Format('{}-{}', $.environmentName, $.stackName)"},
        "ResultPath": "$.update", "Next": "Stack Updated?"}
    states["Stack Updated?"] = {
        "Type": "Choice", "Default": "Wait Stack Update", "Choices": [
            {"Variable": "$.update.Stacks[0].StackStatus", "StringEquals": "UPDATE_COMPLETE",
             "Next": "Deployment Succeeded"}]}
