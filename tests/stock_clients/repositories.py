"""Git repositories: by API, and pushed and cloned by git with both kinds of passwords, against a
server that verifies them."""
import json
import os
import subprocess
import sys
from urllib.parse import quote

import boto3
import botocore.exceptions

import objects

REGION = "eu-west-1"  # that of the client, which the clone URL does not tell
HELPER = ("!" + os.path.join(os.path.dirname(sys.executable), "aws") +
          " codecommit credential-helper --ignore-host-check $@")
GIT_SECONDS_MAX = 120


class Repositories(objects.Steps):
    STEPS = ["create", "push_by_helper", "clone_by_secret", "clone_by_service_credential",
             "push_with_temporary_keys", "push_much", "commit_by_api",
             "refuse_strangers", "delete", "in_a_stack"]

    def __init__(self, endpoint, folder):
        super().__init__("git")
        session = boto3.Session(objects.KEY, objects.SECRET, region_name=REGION)
        self.client = session.client("codecommit", endpoint_url=endpoint)
        self.stacks = session.client("cloudformation", endpoint_url=endpoint)
        self.iam = session.client("iam", endpoint_url=endpoint)
        self.sts = session.client("sts", endpoint_url=endpoint)
        self.keys = {"AWS_ACCESS_KEY_ID": objects.KEY, "AWS_SECRET_ACCESS_KEY": objects.SECRET}
        self.folder, self.url = folder, None

    def git(self, *arguments, at=".", helper=True):
        """(exit code, output)"""
        settings = ["-c", "credential.UseHttpPath=true", "-c", "user.name=Ada",
                    "-c", "user.email=ada@example.com"]
        if helper:
            settings += ["-c", "credential.helper=" + HELPER]
        environment = {**os.environ, "HOME": self.folder, "GIT_TERMINAL_PROMPT": "0",
                       **self.keys, "AWS_DEFAULT_REGION": REGION, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(["git", *settings, *arguments], cwd=os.path.join(self.folder, at),
                              env=environment, capture_output=True, text=True,
                              timeout=GIT_SECONDS_MAX, check=False)
        return done.returncode, done.stdout + done.stderr

    def must(self, *arguments, **named):
        code, output = self.git(*arguments, **named)
        assert code == 0, f"git {arguments[0]}: {output}"
        return output.strip()

    def with_secret(self, url, user=objects.KEY, secret=objects.SECRET):
        user, secret = (quote(text, safe="") for text in (user, secret))
        return url.replace("http://", f"http://{user}:{secret}@")

    def create(self):
        answer = self.client.create_repository(repositoryName="app")["repositoryMetadata"]
        self.url = answer["cloneUrlHttp"]
        assert "defaultBranch" not in answer
        self.must("-c", "init.defaultBranch=trunk", "clone", "-q", self.with_secret(self.url),
                  "empty", helper=False)
        assert self.must("symbolic-ref", "--short", "HEAD", at="empty") == "trunk"

    def push_by_helper(self):
        self.must("init", "-q", "-b", "master", "source")
        with open(os.path.join(self.folder, "source/template.yaml"), "w", encoding="utf-8") as file:
            file.write("Resources: {}\n")
        self.must("add", ".", at="source")
        self.must("commit", "-qm", "first", at="source")
        self.must("push", "-q", self.url, "master", at="source")
        head = self.must("rev-parse", "HEAD", at="source")
        branch = self.client.get_branch(repositoryName="app", branchName="master")["branch"]
        assert branch["commitId"] == head, branch
        metadata = self.client.get_repository(repositoryName="app")["repositoryMetadata"]
        assert metadata["defaultBranch"] == "master", metadata

    def clone_by_secret(self):
        self.must("clone", "-q", self.with_secret(self.url), "copy", helper=False)
        with open(os.path.join(self.folder, "copy/template.yaml"), encoding="utf-8") as file:
            assert file.read() == "Resources: {}\n"

    def clone_by_service_credential(self):
        """IAM's git credentials: a user name and a password of their own, for git alone."""
        service = {"UserName": "bob", "ServiceName": "codecommit.amazonaws.com"}
        self.iam.create_user(UserName="bob")
        made = [self.iam.create_service_specific_credential(**service)["ServiceSpecificCredential"]
                for _ in range(2)]
        names = [each["ServiceUserName"] for each in made]
        assert names[0].startswith("bob-at-") and names[1].startswith("bob+1-at-"), names
        try:
            self.iam.create_service_specific_credential(**service)
            raise AssertionError("a third credential was made")
        except self.iam.exceptions.LimitExceededException:
            pass
        for number, each in enumerate(made):
            url = self.with_secret(self.url, each["ServiceUserName"], each["ServicePassword"])
            self.must("clone", "-q", url, f"by-bob-{number}", helper=False)
        signs = boto3.client("codecommit", endpoint_url=self.client.meta.endpoint_url,
                             region_name=REGION, aws_access_key_id=names[0],
                             aws_secret_access_key=made[0]["ServicePassword"])
        try:
            signs.list_repositories()
            raise AssertionError("a password signed a request")
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "UnrecognizedClientException", error
        of_first = {"UserName": "bob",
                    "ServiceSpecificCredentialId": made[0]["ServiceSpecificCredentialId"]}
        self.iam.update_service_specific_credential(**of_first, Status="Inactive")
        url = self.with_secret(self.url, names[0], made[0]["ServicePassword"])
        assert self.git("ls-remote", url, helper=False)[0] != 0
        self.iam.update_service_specific_credential(**of_first, Status="Active")
        new = self.iam.reset_service_specific_credential(**of_first)["ServiceSpecificCredential"]
        assert self.git("ls-remote", url, helper=False)[0] != 0
        url = self.with_secret(self.url, names[0], new["ServicePassword"])
        self.must("ls-remote", url, helper=False)
        self.iam.delete_service_specific_credential(**of_first)
        assert self.git("ls-remote", url, helper=False)[0] != 0

    def push_with_temporary_keys(self):
        given = self.sts.get_session_token()["Credentials"]
        kept, self.keys = self.keys, {"AWS_ACCESS_KEY_ID": given["AccessKeyId"],
                                      "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
                                      "AWS_SESSION_TOKEN": given["SessionToken"]}
        self.must("push", "-q", self.url, "master:temporary", at="source")
        without = given["AccessKeyId"], given["SecretAccessKey"]
        assert self.git("ls-remote", self.with_secret(self.url, *without), helper=False)[0] != 0
        self.keys = kept

    def push_much(self):
        """More than fits into one request's memory, in pieces of unknown number."""
        with open(os.path.join(self.folder, "source/large"), "wb") as file:
            file.write(os.urandom(8 << 20))
        self.must("add", ".", at="source")
        self.must("commit", "-qm", "large", at="source")
        self.must("push", "-q", self.url, "master", at="source")
        self.must("pull", "-q", at="copy", helper=False)
        assert os.path.getsize(os.path.join(self.folder, "copy/large")) == 8 << 20

    def commit_by_api(self):
        tip = self.client.get_branch(repositoryName="app", branchName="master")["branch"]
        self.client.put_file(repositoryName="app", branchName="master", filePath="notes/a.txt",
                             fileContent=b"by API", parentCommitId=tip["commitId"])
        self.must("pull", "-q", at="copy", helper=False)
        with open(os.path.join(self.folder, "copy/notes/a.txt"), encoding="utf-8") as file:
            assert file.read() == "by API"

    def refuse_strangers(self):
        stranger = self.url.replace("http://", f"http://{objects.KEY}:wrong@")
        for url in (self.url, stranger):
            code, output = self.git("ls-remote", url, helper=False)
            assert code != 0, output

    def delete(self):
        self.client.delete_repository(repositoryName="app")
        code, output = self.git("ls-remote", self.with_secret(self.url), helper=False)
        assert code != 0 and "not found" in output, output

    def in_a_stack(self):
        template = json.dumps({
            "Resources": {"Code": {"Type": "AWS::CodeCommit::Repository", "Properties": {
                "RepositoryName": "deployed", "RepositoryDescription": "by a stack"}}},
            "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["Code", "CloneUrlHttp"]}}}})
        self.stacks.create_stack(StackName="code", TemplateBody=template)
        self.stacks.get_waiter("stack_create_complete").wait(
            StackName="code", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        outputs = self.stacks.describe_stacks(StackName="code")["Stacks"][0]["Outputs"]
        self.must("push", "-q", outputs[0]["OutputValue"], "master", at="source")
        renamed = template.replace('"deployed"', '"renamed"')
        self.stacks.update_stack(StackName="code", TemplateBody=renamed)
        self.stacks.get_waiter("stack_update_complete").wait(
            StackName="code", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        branch = self.client.get_branch(repositoryName="renamed", branchName="master")
        assert len(branch["branch"]["commitId"]) == 40
        self.stacks.delete_stack(StackName="code")
        self.stacks.get_waiter("stack_delete_complete").wait(
            StackName="code", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        assert self.client.list_repositories()["repositories"] == []
