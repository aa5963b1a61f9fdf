"""Three stock clients behind one shape: call(service, operation, **arguments), and pages."""
import json
import os
import re
import subprocess
import tempfile

import boto3
import botocore.config
import botocore.exceptions

CALL_SECONDS_MAX = 90


class Refused(Exception):
    """The service's error, by its code."""

    def __init__(self, code, text):
        super().__init__(f"{code}: {text}")
        self.code = code


def environment(endpoint):
    """For a command line: throw-away keys, no profile of the machine's own."""
    return {**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1", "AWS_PAGER": "",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_ENDPOINT_URL": endpoint, "AWS_EC2_METADATA_DISABLED": "true"}


class Boto3:
    """The SDK for Python."""

    knows_redrive = True
    keeps_host = True  # calls the endpoint as it is, without a prefix to its host

    def __init__(self, endpoint):
        session = boto3.Session("test", "test", region_name="us-east-1")
        config = botocore.config.Config(retries={"max_attempts": 1}, read_timeout=75,
                                        inject_host_prefix=False)
        self.clients = {name: session.client(name, endpoint_url=endpoint, config=config)
                        for name in ("stepfunctions", "lambda", "sts", "logs")}

    def call(self, service, operation, **arguments):
        try:
            answer = getattr(self.clients[service], operation)(**arguments)
        except botocore.exceptions.ClientError as error:
            raise Refused(error.response["Error"]["Code"], str(error)) from error
        answer.pop("ResponseMetadata")
        return answer

    def pages(self, service, operation, member, page_size, **arguments):
        paginator = self.clients[service].get_paginator(operation)
        items, count = [], 0
        for page in paginator.paginate(PaginationConfig={"PageSize": page_size}, **arguments):
            items += page[member]
            count += 1
        return items, count

    def invoke(self, function, payload):
        answer = self.clients["lambda"].invoke(FunctionName=function, Payload=json.dumps(payload))
        return json.load(answer["Payload"])

    def create_function(self, archive, **arguments):
        with open(archive, "rb") as file:
            return self.call("lambda", "create_function", Code={"ZipFile": file.read()},
                             **arguments)


class CommandLine:
    """An `aws` command, version 1 or 2."""

    keeps_host = False

    def __init__(self, endpoint, program):
        self.endpoint, self.program = endpoint, program

    def run(self, service, operation, *words):
        command = [self.program, service, operation.replace("_", "-"), *words,
                   "--endpoint-url", self.endpoint, "--output", "json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=CALL_SECONDS_MAX,
                              env=environment(self.endpoint), check=False)
        if done.returncode != 0:
            code = re.search(r"\((\w+)\) when calling", done.stderr)
            raise Refused(code.group(1) if code else "", done.stderr.strip()[-500:])
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def call(self, service, operation, **arguments):
        return self.run(service, operation, "--cli-input-json", json.dumps(arguments))

    def pages(self, service, operation, member, page_size, **arguments):
        answer = self.run(service, operation, "--page-size", str(page_size),
                          "--cli-input-json", json.dumps(arguments))
        return answer[member], None

    def invoke(self, function, payload):
        binary = [] if "version 1" in self.label() else ["--cli-binary-format", "raw-in-base64-out"]
        with tempfile.NamedTemporaryFile() as answer:
            self.run("lambda", "invoke", "--function-name", function, "--payload",
                     json.dumps(payload), *binary, answer.name)
            return json.load(answer)

    def create_function(self, archive, **arguments):
        return self.run("lambda", "create_function", "--zip-file", f"fileb://{archive}",
                        "--cli-input-json", json.dumps(arguments))

    def version(self):
        """(major, minor)"""
        done = subprocess.run([self.program, "--version"], capture_output=True, text=True,
                              timeout=30, check=True)
        number = re.match(r"aws-cli/(\d+)\.(\d+)", done.stdout + done.stderr)
        return int(number.group(1)), int(number.group(2))

    def label(self):
        return f"AWS CLI version {self.version()[0]}"

    @property
    def knows_redrive(self):
        """Its model has RedriveExecution, which came last (November 2023), versions and aliases."""
        major, minor = self.version()
        return minor >= (30 if major == 1 else 14)
