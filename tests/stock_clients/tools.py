"""What the tests of deployment tools share: a tool's run, calls of Pawl beside it, conditions that
are waited for."""
import json
import subprocess
import time
import urllib.parse
import http.client

import boto3

import clients
import objects

RUN_SECONDS_MAX = 300


class Tool(objects.Steps):
    """A command-line tool in a folder, against one server; its steps end at the first that fails,
    because each stands on the one before."""

    def __init__(self, name, server, folder, environment=None):
        super().__init__(name)
        self.server, self.folder = server, folder
        self.environment = {**clients.environment(server.endpoint), "CI": "1",
                            **(environment or {})}
        session = boto3.Session("test", "test", region_name="us-east-1")
        self.clients = {service: session.client(service, endpoint_url=server.endpoint)
                        for service in ("cloudformation", "stepfunctions", "lambda", "s3", "iam",
                                        "logs", "ssm", "sts")}

    def run(self):
        for step in self.STEPS:
            began = time.monotonic()
            try:
                getattr(self, step)()
            except Exception as error:  # pylint: disable=broad-exception-caught
                self.problems.append(f"{self.name}: {step}: {type(error).__name__} {error}")
                return
            self.passed += 1
            print(f"{self.name}: {step}, {time.monotonic() - began:.1f} s", flush=True)

    def tool(self, *command, status=0):
        """What the command prints; its exit status is `status`."""
        done = subprocess.run(command, cwd=self.folder, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=RUN_SECONDS_MAX, check=False)
        assert done.returncode == status, f"status {done.returncode}: {done.stdout[-3000:]}"
        return done.stdout

    def outputs(self, stack):
        found = self.clients["cloudformation"].describe_stacks(StackName=stack)["Stacks"][0]
        assert found["StackStatus"].endswith("_COMPLETE"), found["StackStatus"]
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def result(self, machine, payload):
        """The output of a run of the machine."""
        states = self.clients["stepfunctions"]
        run = states.start_execution(stateMachineArn=machine, input=json.dumps(payload))
        found = wait_for(lambda: ended(states.describe_execution(
            executionArn=run["executionArn"])))
        assert found["status"] == "SUCCEEDED", found
        return json.loads(found["output"])

    def printed(self, function):
        """What the function has written; nothing before it first ran."""
        logs = self.clients["logs"]
        try:
            found = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return ""
        return "\n".join(event["message"] for event in found)

    def stacks(self):
        listed = self.clients["cloudformation"].describe_stacks()["Stacks"]
        return sorted(stack["StackName"] for stack in listed)


def ended(execution):
    return execution if execution["status"] != "RUNNING" else None


def wait_for(condition, seconds=60):
    """What `condition` answers once it is true."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return value


def request_url(url, method="GET", path="", body=None, headers=None):
    """(status, headers, body) of a function URL; its name need not resolve."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
    try:
        connection.request(method, parts.path + path, body,
                           {"Host": parts.netloc, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()
