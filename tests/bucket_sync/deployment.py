"""Brings the functions and the state machine into the cloud by boto3, as a script of 2016 would: a
bucket of packages, a template with serverless functions, a change set, and waiting for it.
"""
import glob
import json
import os
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import harness

HERE = os.path.dirname(os.path.abspath(__file__))
STACK, CHANGE_SET = "bucket-sync-stack", "bucket-sync-change-set"
END_SECONDS_MAX = 120
POLL_SECONDS = 0.05
POLICIES = {"bucket_region": ["AmazonS3ReadOnlyAccess"], "list_keys": ["AmazonS3ReadOnlyAccess"],
            "copy_missing": ["AmazonS3FullAccess"], "delete_orphans": ["AmazonS3FullAccess"]}


def camel_case(name):
    return "".join(part.capitalize() for part in name.split("_"))


def get_att(resource, attribute):
    return {"Fn::GetAtt": [resource, attribute]}


def function_sources():
    """{function: {file: text}}: each with the module that some of them share."""
    texts = {}
    for path in glob.glob(os.path.join(HERE, "functions", "*.py")):
        with open(path, encoding="utf-8") as file:
            texts[os.path.basename(path)] = file.read()
    shared = {"parallel.py": texts.pop("parallel.py")}
    return {name[:-3]: {name: text, **shared} for name, text in texts.items()}


class Deployment:
    def __init__(self, endpoint, region, definition, runtime="python2.7"):
        self.endpoint, self.region, self.definition = endpoint, region, definition
        self.runtime = runtime
        self.bucket = f"packages-{region}-ld"
        self.sources = function_sources()

    def client(self, service, region=None):
        return boto3.client(service, endpoint_url=self.endpoint,
                            region_name=region or self.region, aws_access_key_id="test",
                            aws_secret_access_key="test",
                            config=Config(retries={"max_attempts": 10, "mode": "standard"}))

    def check_bucket(self):
        s3 = self.client("s3")
        try:
            s3.head_bucket(Bucket=self.bucket)
        except ClientError:
            s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={
                "LocationConstraint": self.region})
            s3.get_waiter("bucket_exists").wait(Bucket=self.bucket)

    def newest_package(self, function):
        page = self.client("s3").list_objects_v2(Bucket=self.bucket, Prefix=function + "_")
        if page["KeyCount"] == 0:
            return None
        return sorted(page["Contents"], key=lambda each: each["LastModified"])[-1]["Key"]

    def upload_packages(self):
        s3 = self.client("s3")
        for function, files in self.sources.items():
            newest = self.newest_package(function)
            body = harness.zipped(dict(sorted(files.items())))
            if newest and s3.get_object(Bucket=self.bucket, Key=newest)["Body"].read() == body:
                continue
            s3.put_object(Bucket=self.bucket, Key=f"{function}_{time.time_ns()}.zip", Body=body)

    def policy_arn(self, name):
        """Of a managed policy, by looking through all of them."""
        iam, marker = self.client("iam"), {}
        while True:
            page = iam.list_policies(Scope="All", **marker)
            for policy in page["Policies"]:
                if policy["PolicyName"] == name:
                    return policy["Arn"]
            if not page["IsTruncated"]:
                return None
            marker = {"Marker": page["Marker"]}

    def definition_string(self):
        """The definition's lines, with functions' ARNs where their names are."""
        lines = []
        for line in json.dumps(self.definition, indent=4).splitlines():
            prefix, _, name = line.partition('"Resource": ')
            name = name.strip('",')
            if name in self.sources:
                line = {"Fn::Join": ["", [prefix, '"Resource": "', get_att(camel_case(name), "Arn"),
                                          '",']]}
            lines.append(line)
        return {"Fn::Join": ["\n", lines]}

    def template(self):
        resources, outputs = {}, {}
        for function in self.sources:
            logical = camel_case(function)
            resources[logical] = {"Type": "AWS::Serverless::Function", "Properties": {
                "Description": f"One step of a synchronisation: {function}.",
                "Runtime": self.runtime, "Handler": f"{function}.handler",
                "MemorySize": 128, "Timeout": 60,
                "CodeUri": f"s3://{self.bucket}/{self.newest_package(function)}",
                "Policies": POLICIES.get(function, []) + ["AWSLambdaBasicExecutionRole"]}}
            outputs[logical + "Output"] = {"Description": logical + " ARN",
                                           "Value": get_att(logical, "Arn")}
        resources["BucketSyncRole"] = {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Sid": "TrustPolicy", "Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"Service": f"states.{self.region}.amazonaws.com"}}]},
            "ManagedPolicyArns": [self.policy_arn("AWSLambdaRole")]}}
        resources["BucketSync"] = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
            "DefinitionString": self.definition_string(),
            "RoleArn": get_att("BucketSyncRole", "Arn")}}
        outputs["BucketSyncName"] = {"Description": "Name of the state machine",
                                     "Value": get_att("BucketSync", "Name")}
        return {"AWSTemplateFormatVersion": "2010-09-09",
                "Transform": "AWS::Serverless-2016-10-31",
                "Resources": resources, "Outputs": outputs}

    def stack(self, name=STACK):
        try:
            return self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        except ClientError:
            return None

    def delete_old_change_set(self, cfn):
        try:
            cfn.delete_change_set(ChangeSetName=CHANGE_SET, StackName=STACK)
            cfn.describe_change_set(ChangeSetName=CHANGE_SET, StackName=STACK)
        except ClientError:
            return
        raise AssertionError("a deleted change set is described")

    def create_change_set(self):
        """Its id; nothing where nothing would change."""
        cfn, stack = self.client("cloudformation"), self.stack()
        is_new = stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS"
        template = json.dumps(self.template(), sort_keys=True, indent=4)
        self.delete_old_change_set(cfn)
        made = cfn.create_change_set(
            StackName=STACK, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"],
            ChangeSetName=CHANGE_SET, ChangeSetType="CREATE" if is_new else "UPDATE")["Id"]
        deadline = time.monotonic() + END_SECONDS_MAX
        while time.monotonic() < deadline:
            answer = cfn.describe_change_set(ChangeSetName=made)
            if answer["Status"] == "FAILED":
                assert answer["StatusReason"] == "No updates are to be performed.", answer
                return None
            if answer["Status"].endswith("COMPLETE"):
                return made
            time.sleep(POLL_SECONDS)
        raise TimeoutError("the change set does not end")

    def wait_for_stack(self):
        deadline = time.monotonic() + END_SECONDS_MAX
        while time.monotonic() < deadline:
            status = self.stack()["StackStatus"]
            if status.endswith("FAILED") or status == "ROLLBACK_COMPLETE":
                raise AssertionError(f"the stack ends {status}")
            if status.endswith("COMPLETE"):
                return status
            time.sleep(POLL_SECONDS)
        raise TimeoutError("the stack does not end")

    def deploy(self, after_change_set=None, after_execution=None):
        """The stack's status, or nothing where nothing had to be done."""
        self.check_bucket()
        self.upload_packages()
        change_set = self.create_change_set()
        if change_set is None:
            return None
        if after_change_set:
            after_change_set()
        self.client("cloudformation").execute_change_set(ChangeSetName=change_set)
        if after_execution:
            after_execution()
        return self.wait_for_stack()

    def machine_arn(self):
        outputs = {each["OutputKey"]: each["OutputValue"] for each in self.stack()["Outputs"]}
        return f"arn:aws:states:{self.region}:000000000000:stateMachine:{outputs['BucketSyncName']}"
