"""Terraform's AWS provider: as it is where PAWL_TERRAFORM names the binary (its provider must be
found there too, in a mirror or a plug-in cache); everywhere by the calls that it makes, in its
order."""
import json
import os
import shutil

import botocore.exceptions

import harness
import tools

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = """import os
def handler(event, context):
    return f"{os.environ['GREETING']}, {event.get('name')}!"
"""
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}}]})
PACKAGE = harness.zipped({"app.py": SOURCE})


class Terraform(tools.Tool):
    STEPS = ["init", "apply", "no_change", "change", "destroy"]

    def __init__(self, server, folder, program):
        app = os.path.join(folder, "terraform")
        os.makedirs(app)
        shutil.copy(os.path.join(HERE, "terraform", "main.tf"), app)
        package = os.path.join(app, "package.zip")
        with open(package, "wb") as file:
            file.write(PACKAGE)
        super().__init__("terraform", server, app, {
            "TF_IN_AUTOMATION": "1", "TF_VAR_endpoint": server.endpoint, "TF_VAR_package": package,
            "CHECKPOINT_DISABLE": "1"})
        self.program = program

    def init(self):
        """Which provider is found decides which configuration it gets."""
        self.tool(self.program, "init", "-input=false", "-no-color")
        versions = json.loads(self.tool(self.program, "version", "-json"))
        provider = next(version for name, version in versions["provider_selections"].items()
                        if name.endswith("hashicorp/aws"))
        print(f"Terraform {versions['terraform_version']}, provider {provider}", flush=True)
        flavour = "provider_3" if int(provider.split(".")[0]) < 4 else "provider_4"
        shutil.copy(os.path.join(HERE, "terraform", flavour, "provider.tf"), self.folder)

    def terraform(self, verb, *more):
        return self.tool(self.program, verb, "-auto-approve", "-input=false", "-no-color", *more)

    def machine(self):
        return json.loads(self.tool(self.program, "output", "-json"))["machine"]["value"]

    def apply(self):
        self.terraform("apply")
        assert self.result(self.machine(), {"name": "Ada"}) == "Hello, Ada!"

    def no_change(self):
        self.tool(self.program, "plan", "-detailed-exitcode", "-input=false", "-no-color")

    def change(self):
        self.environment["TF_VAR_greeting"] = "Bye"
        self.terraform("apply")
        assert self.result(self.machine(), {"name": "Ada"}) == "Bye, Ada!"

    def destroy(self):
        self.terraform("destroy")
        assert not self.clients["lambda"].list_functions()["Functions"]


class ProviderCalls(tools.Tool):
    """What the provider asks for these resources, create, refresh, update and delete."""

    STEPS = ["identity", "role", "bucket", "function", "url", "machine", "change", "destroy"]

    def __init__(self, server, folder):
        super().__init__("terraform's calls", server, folder)

    def refused(self, code, service, operation, **arguments):
        try:
            getattr(self.clients[service], operation)(**arguments)
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == code, error
        else:
            raise AssertionError(f"{operation} is not refused")

    def identity(self):
        assert self.clients["sts"].get_caller_identity()["Account"] == "000000000000"

    def role(self):
        iam = self.clients["iam"]
        self.refused("NoSuchEntity", "iam", "get_role", RoleName="tf-worker")
        made = iam.create_role(RoleName="tf-worker", AssumeRolePolicyDocument=TRUST, Path="/",
                               MaxSessionDuration=3600, Tags=[{"Key": "by", "Value": "terraform"}])
        self.arn = made["Role"]["Arn"]
        found = iam.get_role(RoleName="tf-worker")["Role"]
        assert found["AssumeRolePolicyDocument"] == json.loads(TRUST), found
        assert found["MaxSessionDuration"] == 3600 and found["Tags"], found
        assert not iam.list_role_policies(RoleName="tf-worker")["PolicyNames"]
        assert not iam.list_attached_role_policies(RoleName="tf-worker")["AttachedPolicies"]
        iam.put_role_policy(RoleName="tf-worker", PolicyName="read", PolicyDocument=TRUST)
        found = iam.get_role_policy(RoleName="tf-worker", PolicyName="read")
        assert found["PolicyDocument"] == json.loads(TRUST), found
        iam.list_role_tags(RoleName="tf-worker")

    def bucket(self):
        s3 = self.clients["s3"]
        self.refused("404", "s3", "head_bucket", Bucket="tf-box")
        s3.create_bucket(Bucket="tf-box")
        s3.head_bucket(Bucket="tf-box")
        s3.get_bucket_acl(Bucket="tf-box")
        for operation in ("versioning", "accelerate_configuration", "request_payment", "logging",
                          "encryption", "location"):
            getattr(s3, f"get_bucket_{operation}")(Bucket="tf-box")
        for operation, code in {
                "get_bucket_policy": "NoSuchBucketPolicy",
                "get_bucket_cors": "NoSuchCORSConfiguration",
                "get_bucket_website": "NoSuchWebsiteConfiguration",
                "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
                "get_bucket_replication": "ReplicationConfigurationNotFoundError",
                "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
                "get_bucket_tagging": "NoSuchTagSet"}.items():
            self.refused(code, "s3", operation, Bucket="tf-box")
        s3.put_bucket_versioning(Bucket="tf-box", VersioningConfiguration={"Status": "Enabled"})

    def function(self):
        lambdas = self.clients["lambda"]
        self.refused("ResourceNotFoundException", "lambda", "get_function",
                     FunctionName="tf-greeter")
        lambdas.create_function(
            FunctionName="tf-greeter", Role=self.arn, Runtime="python3.12", Handler="app.handler",
            Code={"ZipFile": PACKAGE}, Environment={"Variables": {"GREETING": "Hello"}},
            Publish=False, PackageType="Zip", MemorySize=128, Timeout=3, Tags={"by": "terraform"},
            TracingConfig={"Mode": "PassThrough"}, Architectures=["x86_64"])
        lambdas.get_waiter("function_active_v2").wait(FunctionName="tf-greeter")
        found = lambdas.get_function(FunctionName="tf-greeter")
        self.function_arn = found["Configuration"]["FunctionArn"]
        assert found["Tags"] == {"by": "terraform"} and "Location" in found["Code"], found
        lambdas.list_versions_by_function(FunctionName="tf-greeter", MaxItems=10000)
        found = lambdas.get_function_code_signing_config(FunctionName="tf-greeter")
        assert found["CodeSigningConfigArn"] == "", found

    def url(self):
        lambdas = self.clients["lambda"]
        lambdas.create_function_url_config(FunctionName="tf-greeter", AuthType="NONE",
                                           InvokeMode="BUFFERED")
        url = lambdas.get_function_url_config(FunctionName="tf-greeter")["FunctionUrl"]
        status, _, body = tools.request_url(url)
        assert (status, body) == (200, b'"Hello, None!"'), (status, body)

    def machine(self):
        states = self.clients["stepfunctions"]
        self.definition = json.dumps({"StartAt": "Greet", "States": {
            "Greet": {"Type": "Task", "Resource": self.function_arn, "End": True}}})
        checked = states.validate_state_machine_definition(definition=self.definition,
                                                           type="STANDARD")
        assert checked["result"] == "OK", checked
        self.machine_arn = states.create_state_machine(
            name="tf-machine", definition=self.definition, roleArn=self.arn, type="STANDARD",
            publish=False, tags=[{"key": "by", "value": "terraform"}])["stateMachineArn"]
        found = states.describe_state_machine(stateMachineArn=self.machine_arn)
        assert found["definition"] == self.definition, found
        assert not states.list_state_machine_versions(
            stateMachineArn=self.machine_arn)["stateMachineVersions"]
        states.list_tags_for_resource(resourceArn=self.machine_arn)
        assert self.result(self.machine_arn, {"name": "Ada"}) == "Hello, Ada!"

    def change(self):
        lambdas, states = self.clients["lambda"], self.clients["stepfunctions"]
        lambdas.update_function_configuration(
            FunctionName="tf-greeter", Environment={"Variables": {"GREETING": "Bye"}})
        lambdas.get_waiter("function_updated_v2").wait(FunctionName="tf-greeter")
        lambdas.tag_resource(Resource=self.function_arn, Tags={"by": "hand"})
        states.update_state_machine(stateMachineArn=self.machine_arn, definition=self.definition,
                                    roleArn=self.arn)
        assert self.result(self.machine_arn, {"name": "Ada"}) == "Bye, Ada!"

    def destroy(self):
        iam, lambdas = self.clients["iam"], self.clients["lambda"]
        self.clients["stepfunctions"].delete_state_machine(stateMachineArn=self.machine_arn)
        lambdas.delete_function_url_config(FunctionName="tf-greeter")
        self.refused("ResourceNotFoundException", "lambda", "get_function_url_config",
                     FunctionName="tf-greeter")
        lambdas.delete_function(FunctionName="tf-greeter")
        self.clients["s3"].delete_bucket(Bucket="tf-box")
        assert not iam.list_instance_profiles_for_role(RoleName="tf-worker")["InstanceProfiles"]
        iam.delete_role_policy(RoleName="tf-worker", PolicyName="read")
        iam.delete_role(RoleName="tf-worker")
        self.refused("NoSuchEntity", "iam", "get_role", RoleName="tf-worker")
