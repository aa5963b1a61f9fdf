"""The CDK as it is: bootstrap, deploy, diff, change, destroy."""
import json
import os
import shutil

import tools

HERE = os.path.dirname(os.path.abspath(__file__))


class CdkCli(tools.Tool):
    STEPS = ["bootstrap", "bootstrap_again", "deploy", "works", "no_change", "change",
             "notifications", "destroy"]

    def __init__(self, server, folder, modules):
        app = os.path.join(folder, "cdk")
        shutil.copytree(os.path.join(HERE, "cdk"), app)
        os.symlink(os.path.abspath(os.path.join(modules, "node_modules")),
                   os.path.join(app, "node_modules"))
        super().__init__("cdk", server, app, {
            "HOME": folder, "CDK_DISABLE_CLI_TELEMETRY": "true", "AWS_RETRY_MODE": "standard"})
        self.contexts = []

    def cdk(self, *arguments, **more):
        return self.tool("node", "node_modules/aws-cdk/bin/cdk", *arguments, "--no-notices",
                         "--no-version-reporting", **more)

    def app(self, *arguments, **more):
        return self.cdk(*arguments, "--app", "node app.mjs", *self.contexts, **more)

    def bootstrap(self):
        text = self.cdk("bootstrap", "aws://000000000000/us-east-1")
        assert "bootstrapped" in text, text[-500:]
        version = self.clients["ssm"].get_parameter(Name="/cdk-bootstrap/hnb659fds/version")
        assert int(version["Parameter"]["Value"]) > 20, version

    def bootstrap_again(self):
        text = self.cdk("bootstrap", "aws://000000000000/us-east-1")
        assert "no changes" in text, text[-500:]

    def deploy(self):
        text = self.app("deploy", "--require-approval", "never")
        assert "Shop" in text, text[-500:]
        assert self.stacks() == ["CDKToolkit", "Shop"], self.stacks()

    def works(self):
        outputs = self.outputs("Shop")
        found = self.result(outputs["MachineOutput"], {"name": "Ada"})
        assert found == "Hello, Ada!", found
        status, _, body = tools.request_url(outputs["UrlOutput"], path="?name=Bob")
        assert (status, json.loads(body)) == (200, "Hello, Bob!"), (status, body)

    def no_change(self):
        text = self.app("deploy", "--require-approval", "never")
        assert "no changes" in text, text[-500:]

    def change(self):
        self.contexts = ["--context", "greeting=Bye"]
        text = self.app("diff", "--fail", status=1)
        assert "Bye" in text and "[~] AWS::Lambda::Function" in text, text[-2000:]
        self.app("deploy", "--require-approval", "never")
        found = self.result(self.outputs("Shop")["MachineOutput"], {"name": "Ada"})
        assert found == "Bye, Ada!", found

    def notifications(self):
        """The bucket's notification is set by a custom resource of the CDK."""
        outputs = self.outputs("Shop")
        self.clients["s3"].put_object(Bucket=outputs["InboxOutput"], Key="an order", Body=b"x")
        tools.wait_for(lambda: "found an+order" in self.printed(outputs["GreeterOutput"]))

    def destroy(self):
        self.app("destroy", "--force")
        assert self.stacks() == ["CDKToolkit"], self.stacks()
        assert not self.clients["stepfunctions"].list_state_machines()["stateMachines"]
