#!/usr/bin/env python3
"""The published sample of the article, unmodified, from its folder: bootstrap.sh by the AWS command
line, pushes with plain git, and all three paths. Fetches nothing: the folder must hold the clone
and, under pipeline/codepipeline and pipeline/statemachines/deploy, the node_modules that its own
install_dependencies.sh would lay: aws-sdk@2 fstream@1 mime@1 mkdirp@0.5 moment@2 tar@4 yauzl@2
zip-folder@1, and copies of its two local_modules.

    published.py --pawl build/release/pawl --folder DIR [--corrected]

--corrected: works on a copy of DIR in which the two known defects are mended (the state "Delete
Change Set" calls the function of that name, and that function's misspelled variable), and expects
what the article tells: the stack stays as it was."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
from steps import Checkout, Steps  # noqa: E402

REGION = "us-east-2"  # the sample makes its buckets with a location, which us-east-1 refuses
BOOTSTRAP_SECONDS_MAX = 600
STACK = "prod-sample-lambda-app"


class Sample(Steps):
    def __init__(self, server, folder, home):
        super().__init__(server)
        self.folder, self.home = folder, home
        self.pipeline = self.repository = self.url = self.template = None

    def client(self, service):
        import boto3  # pylint: disable=import-outside-toplevel
        return boto3.client(service, endpoint_url=self.server.endpoint, region_name=REGION,
                            aws_access_key_id="123456789012", aws_secret_access_key="test")

    def configure(self):
        """The files that the sample's scripts look for."""
        os.makedirs(os.path.join(self.home, ".aws"))
        with open(os.path.join(self.home, ".aws/credentials"), "w", encoding="utf-8") as file:
            file.write("[default]\naws_access_key_id = 123456789012\n"
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
        return done.stdout + done.stderr  # its exit code says nothing

    def deployed(self):
        log = self.bootstrap()
        for stack, count in (("cpsf-state-machine", 11), ("cpsf-codepipeline-pipeline", 5)):
            try:
                status = self.stack_end(stack)["StackStatus"]
                resources = self.client("cloudformation").list_stack_resources(StackName=stack)
            except Exception as error:
                raise RuntimeError(f"{stack}: {error}\n{log[-3000:]}") from error
            self.check(f"{stack}: {status}", status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"))
            self.equal(f"{stack}: resources", count, len(resources["StackResourceSummaries"]))
        functions = self.client("lambda").list_functions()["Functions"]
        self.equal("functions", 9, len([f for f in functions if f["Runtime"] == "nodejs6.10"]))
        self.pipeline = self.client("codepipeline").list_pipelines()["pipelines"][0]["name"]
        name = self.client("codecommit").list_repositories()["repositories"][0]["repositoryName"]
        self.url = self.client("codecommit").get_repository(
            repositoryName=name)["repositoryMetadata"]["cloneUrlHttp"]

    def push(self, change, message):
        text = self.read_template()
        with open(self.template, "w", encoding="utf-8") as file:
            file.write(change(text))
        self.repository.push({}, message)
        ended = self.end_of(self.pipeline, seconds=240)
        action = self.action(self.pipeline, "Prod")["latestExecution"]
        print(f"  {message}: {ended['status']} {action.get('errorDetails', {})}", flush=True)
        return ended["status"]

    def read_template(self):
        with open(self.template, encoding="utf-8") as file:
            return file.read()

    def paths(self, corrected):
        self.equal("the run at creation", "Failed", self.end_of(self.pipeline)["status"])
        checkout = os.path.join(self.home, "app")
        shutil.copytree(os.path.join(self.folder, "app"), checkout)
        self.repository = Checkout(checkout, self.url)
        self.repository.url = self.url.replace("http://", "http://123456789012:test@")
        self.template = next(os.path.join(at, name) for at, _, names in os.walk(checkout)
                             for name in names if name == "lambda-template.yaml")
        self.equal("path 1", "Succeeded", self.push(lambda text: text + "\n", "create"))
        self.equal("the stack", "CREATE_COMPLETE", self.stack_end(STACK)["StackStatus"])
        self.equal("path 2", "Succeeded", self.push(
            lambda text: text.replace('"60"', '"50"'), "update safely"))
        self.equal("the stack", "UPDATE_COMPLETE", self.stack_end(STACK)["StackStatus"])
        before = self.client("cloudformation").get_template(StackName=STACK)["TemplateBody"]
        self.equal("path 3", "Failed", self.push(
            lambda text: re.sub(r"(FunctionName: .*?)_\w+", r"\1_Renamed", text), "reject"))
        time.sleep(1)
        self.stack_end(STACK)
        after = self.client("cloudformation").get_template(StackName=STACK)["TemplateBody"]
        self.equal("the stack stays as it was", corrected, before == after)


def corrected_copy(folder, target):
    shutil.copytree(folder, target, symlinks=True)
    for at, _, names in os.walk(os.path.join(target, "pipeline")):
        for name in names:
            path = os.path.join(at, name)
            if name == "state_machine_template.yaml":
                edit(path, r'("Delete Change Set": \{.*?\$\{)ExecuteChangeSet',
                     r"\1DeleteChangeSet")
    for at, _, names in os.walk(target):
        for name in names:
            if name == "cloudformation_manager.js":
                edit(os.path.join(at, name), r"(deleteChangeSet = .*?)function \(cloudformation\)",
                     r"\1function (cloudFormation)")
    return target


def edit(path, pattern, replacement):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(pattern, replacement, text, count=1, flags=re.S))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pawl", default="build/release/pawl")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--corrected", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pawl-sample-") as home, \
            harness.Server(arguments.pawl, ["--pipeline-interval", "1s"]) as server:
        folder = os.path.abspath(arguments.folder)
        if arguments.corrected:
            folder = corrected_copy(folder, os.path.join(home, "sample"))
        sample = Sample(server, folder, home)
        sample.configure()
        sample.deployed()
        sample.paths(arguments.corrected)
        for problem in sample.problems:
            print("FAILED", problem)
        if sample.problems:
            print(server.log_tail())
        print(f"{sample.passed} passed, {len(sample.problems)} failed")
        return 1 if sample.problems else 0


if __name__ == "__main__":
    sys.exit(main())
