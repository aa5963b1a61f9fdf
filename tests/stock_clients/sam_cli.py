"""The SAM CLI as it is: build, package, deploy, change, look, delete."""
import json
import os
import re
import shutil
import sys

import tools

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"


class SamCli(tools.Tool):
    STEPS = ["build", "package", "deploy", "works", "no_change", "change", "lists", "logs",
             "delete"]

    def __init__(self, server, folder, program):
        app = os.path.join(folder, "sam")
        shutil.copytree(os.path.join(HERE, "sam"), app)
        template = os.path.join(app, "template.yaml")
        with open(template, encoding="utf-8") as file:
            text = file.read()
        with open(template, "w", encoding="utf-8") as file:
            file.write(text.replace("PYTHON_RUNTIME", RUNTIME))
        super().__init__("sam", server, app, {"SAM_CLI_TELEMETRY": "0", "HOME": folder,
                                              "SAM_CLI_POLL_DELAY": "0.3"})
        self.program = program

    def sam(self, *arguments, **more):
        return self.tool(self.program, *arguments, **more)

    def deploy_again(self, *arguments):
        return self.sam("deploy", "--stack-name", "desk", "--resolve-s3", "--region", "us-east-1",
                        "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND",
                        "--no-confirm-changeset", "--no-fail-on-empty-changeset",
                        "--no-progressbar", *arguments)

    def build(self):
        text = self.sam("build")
        assert "Build Succeeded" in text, text[-500:]

    def package(self):
        self.clients["s3"].create_bucket(Bucket="packages")
        self.sam("package", "--s3-bucket", "packages", "--output-template-file", "packaged.yaml")
        with open(os.path.join(self.folder, "packaged.yaml"), encoding="utf-8") as file:
            assert "s3://packages/" in file.read()

    def deploy(self):
        text = self.deploy_again()
        assert "Successfully created/updated stack - desk" in text, text[-500:]
        assert self.stacks() == ["aws-sam-cli-managed-default", "desk"], self.stacks()

    def works(self):
        outputs = self.outputs("desk")
        found = self.result(outputs["Desk"], {"name": "Ada"})
        assert found == "Hello, Ada!", found
        status, _, body = tools.request_url(outputs["Url"], path="?name=Bob")
        assert (status, json.loads(body)) == (200, "Hello, Bob!"), (status, body)
        mappings = self.clients["lambda"].list_event_source_mappings()["EventSourceMappings"]
        assert [each["State"] for each in mappings] == ["Disabled"], mappings

    def no_change(self):
        text = self.deploy_again()
        assert "No changes to deploy. Stack desk is up to date" in text, text[-500:]

    def change(self):
        text = self.deploy_again("--parameter-overrides", "Greeting=Bye")
        assert "Modify" in text, text[-1000:]
        found = self.result(self.outputs("desk")["Desk"], {"name": "Ada"})
        assert found == "Bye, Ada!", found

    def lists(self):
        resources = json.loads(self.sam("list", "resources", "--stack-name", "desk", "--output",
                                        "json"))
        names = {each["LogicalResourceId"] for each in resources}
        assert {"Greeter", "GreeterUrl", "Watcher", "Desk", "Inbox"} <= names, names
        outputs = json.loads(self.sam("list", "stack-outputs", "--stack-name", "desk", "--output",
                                      "json"))
        assert {each["OutputKey"] for each in outputs} == {"Url", "Desk", "Inbox", "Watcher"}
        answer = self.sam("remote", "invoke", "Greeter", "--stack-name", "desk", "--event",
                          '{"name": "Eve"}')
        assert "Bye, Eve!" in answer, answer

    def logs(self):
        """An object arrives, its function hears of it, `sam logs` shows that."""
        inbox = self.outputs("desk")["Inbox"]
        self.clients["s3"].put_object(Bucket=inbox, Key="to read.txt", Body=b"x")
        self.clients["s3"].put_object(Bucket=inbox, Key="image.png", Body=b"x")
        watcher = self.outputs("desk")["Watcher"]
        tools.wait_for(lambda: "to+read.txt" in self.printed(watcher))
        text = self.sam("logs", "--stack-name", "desk", "--name", "Watcher")
        assert re.search(r"found ObjectCreated:Put to\+read.txt", text), text
        assert "image.png" not in text, text
        for key in ("to read.txt", "image.png"):
            self.clients["s3"].delete_object(Bucket=inbox, Key=key)

    def delete(self):
        text = self.sam("delete", "--stack-name", "desk", "--no-prompts", "--region", "us-east-1")
        assert "Deleted successfully" in text, text[-500:]
        assert self.stacks() == ["aws-sam-cli-managed-default"], self.stacks()
        assert not self.clients["stepfunctions"].list_state_machines()["stateMachines"]
