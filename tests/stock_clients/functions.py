"""Functions as they are on AWS beside their code: packages from buckets and back, the SDKs of their
runtimes, and credentials of their role, against a server that verifies signatures."""
import json
import time
import urllib.error
import urllib.request

import boto3

import harness
import objects

ROLE = "arn:aws:iam::000000000000:role/worker"

NODE_6 = """'use strict';
const AWS = require('aws-sdk');
exports.handler = function (event, context, callback) {
  const s3 = new AWS.S3();
  s3.getObject({ Bucket: event.bucket, Key: event.key }, function (error, object) {
    if (error) return callback(error);
    new AWS.STS().getCallerIdentity({}, function (failure, identity) {
      callback(failure, { bytes: object.Body.length, arn: identity && identity.Arn,
        again: context.invokeid === context.awsRequestId });
    });
  });
};
"""
NODE_20 = """import { S3Client, ListObjectsV2Command } from '@aws-sdk/client-s3';
export const handler = async (event) => {
  const page = await new S3Client({}).send(new ListObjectsV2Command({ Bucket: event.bucket }));
  return page.KeyCount;
};
"""
PYTHON_2 = """import Queue
import boto3
def handler(event, context):
  queue = Queue.Queue()
  for page in boto3.client('s3').get_paginator('list_objects_v2').paginate(Bucket=event['bucket']):
    for item in page.get('Contents', []): queue.put(unicode(item['Key']))
  print 'found', queue.qsize()
  return [queue.get(), boto3.client('sts').get_caller_identity()['Arn']]
"""


class Functions(objects.Steps):
    STEPS = ["from_a_bucket", "back_again", "node_6", "node_20", "python_2", "permissions"]

    def __init__(self, endpoint):
        super().__init__("functions")
        session = boto3.Session(objects.KEY, objects.SECRET, region_name="us-east-1")
        self.lambdas = session.client("lambda", endpoint_url=endpoint)
        self.s3 = session.client("s3", endpoint_url=endpoint)
        self.iam = session.client("iam", endpoint_url=endpoint)
        self.package = harness.zipped({"index.js": NODE_6})

    def create(self, name, runtime, handler, **code):
        answer = self.lambdas.create_function(
            FunctionName=name, Runtime=runtime, Handler=handler, Role=ROLE, Code=code, Timeout=30,
            MemorySize=256)
        assert answer["Runtime"] == runtime, answer["Runtime"]

    def invoke(self, name, payload):
        answer = self.lambdas.invoke(FunctionName=name, Payload=json.dumps(payload))
        value = json.load(answer["Payload"])
        assert "FunctionError" not in answer, value
        return value

    def assumed(self, name):
        return f"arn:aws:sts::000000000000:assumed-role/worker/{name}"

    def from_a_bucket(self):
        self.iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": []}))
        self.s3.create_bucket(Bucket="packages")
        self.s3.put_object(Bucket="packages", Key="a/six.zip", Body=self.package)
        self.create("six", "nodejs6.10", "index.handler", S3Bucket="packages", S3Key="a/six.zip")

    def back_again(self):
        code = self.lambdas.get_function(FunctionName="six")["Code"]
        with urllib.request.urlopen(code["Location"]) as answer:
            assert answer.read() == self.package
        try:
            urllib.request.urlopen(code["Location"][:-1]).close()
        except urllib.error.HTTPError as error:
            assert error.code == 403, error.code
        else:
            raise AssertionError("a wrong signature is taken")

    def node_6(self):
        found = self.invoke("six", {"bucket": "packages", "key": "a/six.zip"})
        wanted = {"bytes": len(self.package), "arn": self.assumed("six"), "again": True}
        assert found == wanted, found

    def node_20(self):
        self.create("twenty", "nodejs20.x", "index.handler",
                    ZipFile=harness.zipped({"index.mjs": NODE_20}))
        assert self.invoke("twenty", {"bucket": "packages"}) == 1

    def python_2(self):
        self.create("two", "python2.7", "main.handler",
                    ZipFile=harness.zipped({"main.py": PYTHON_2}))
        found = self.invoke("two", {"bucket": "packages"})
        assert found == ["a/six.zip", self.assumed("two")], found

    def permissions(self):
        self.lambdas.add_permission(FunctionName="six", StatementId="s", Action="lambda:*",
                                    Principal="events.amazonaws.com")
        policy = json.loads(self.lambdas.get_policy(FunctionName="six")["Policy"])
        assert policy["Statement"][0]["Sid"] == "s", policy
        self.lambdas.remove_permission(FunctionName="six", StatementId="s")


def wait_for(condition, seconds=30):
    """What `condition` answers once it is true."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return value
