"""What the tests of pipelines share: clients, git, and patience."""
import os
import subprocess
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import harness

END_SECONDS_MAX = 90
GIT_SECONDS_MAX = 60
REGION = harness.REGION


class Steps:
    def __init__(self, server):
        self.server = server
        self.passed, self.problems = 0, []
        self._clients = {}

    def client(self, service):
        key = (service, self.server.endpoint)
        if key not in self._clients:
            self._clients[key] = boto3.client(
                service, endpoint_url=self.server.endpoint, region_name=REGION,
                aws_access_key_id="test", aws_secret_access_key="test",
                config=Config(retries={"max_attempts": 3}, s3={"addressing_style": "path"}))
        return self._clients[key]

    def check(self, what, good):
        if good:
            self.passed += 1
        else:
            self.problems.append(what)

    def equal(self, what, expected, got):
        self.check(f"{what}: expected {expected!r}, got {got!r}", expected == got)

    def refused(self, what, code, call):
        try:
            answer = call()
        except ClientError as error:
            self.equal(f"{what} ({error})", code, error.response["Error"]["Code"])
        else:
            self.check(f"{what}: answered {answer}", False)

    @staticmethod
    def wait_for(what, look, seconds=END_SECONDS_MAX):
        """What `look` answers once it is true."""
        deadline = time.monotonic() + seconds
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(what)
            time.sleep(0.03)

    def executions(self, pipeline):
        return self.client("codepipeline").list_pipeline_executions(
            pipelineName=pipeline)["pipelineExecutionSummaries"]

    def end_of(self, pipeline, execution=None, seconds=END_SECONDS_MAX):
        """The execution (the newest) once it has ended."""
        def look():
            for each in self.executions(pipeline):
                if execution in (None, each["pipelineExecutionId"]):
                    return each["status"] not in ("InProgress", "Stopping") and each
            return None
        return self.wait_for(f"{pipeline} does not end", look, seconds)

    def stage(self, pipeline, name):
        states = self.client("codepipeline").get_pipeline_state(name=pipeline)["stageStates"]
        return next(state for state in states if state["stageName"] == name)

    def action(self, pipeline, stage, name=None):
        actions = self.stage(pipeline, stage)["actionStates"]
        return next(each for each in actions if name in (None, each["actionName"]))

    def stack_end(self, name):
        def look():
            stack = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
            return not stack["StackStatus"].endswith("_IN_PROGRESS") and stack
        return self.wait_for(f"stack {name} does not end", look)


class Checkout:
    """A working copy that is pushed with plain git."""

    def __init__(self, folder, url):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.url = url.replace("http://", "http://test:test@")
        self.git("init", "-q", "-b", "master")

    def git(self, *arguments):
        settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        environment = {**os.environ, "HOME": self.folder, "GIT_TERMINAL_PROMPT": "0",
                       "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(["git", *settings, *arguments], cwd=self.folder, env=environment,
                              capture_output=True, text=True, timeout=GIT_SECONDS_MAX, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"git {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def push(self, files, message="change"):
        """The new commit's id."""
        for name, text in files.items():
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        self.git("push", "-q", self.url, "master")
        return self.git("rev-parse", "HEAD")
