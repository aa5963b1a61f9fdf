#!/usr/bin/env python3
"""Asks one server for everything at once, for a while, and then ends it with SIGTERM.

Made for a server that is built with a sanitizer (`./dev chaos`): what it reports fails the run, as
does an answer of 5xx, a connection that breaks, an acknowledged execution that is not there, and a
server that does not end. Threads start executions of every kind, work on activities, call and
change functions, write objects, make stacks, pause, stop, redrive and delete what others have
started, read lists, histories and metrics, watch events, and take backups.
"""
import argparse
import http.client
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..")]
import harness  # noqa: E402

STOP_SECONDS_MAX = 120  # a sanitizer makes everything slow
KEPT_MAX = 300  # executions that the threads pick theirs from
REPORT = re.compile(r"WARNING: ThreadSanitizer|ERROR: AddressSanitizer|runtime error:|ENSURE")

PYTHON = ("import time\n"
          "def handler(event, context):\n"
          "    print('called')\n"
          "    if event.get('n', 0) % 7 == 3: raise ValueError('told to fail')\n"
          "    time.sleep(0.01)\n"
          "    return event\n")
NODE = "exports.handler = async (event) => { console.log('called'); return event }\n"
STACK = """
Resources:
  Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: DAYS}}
  Activity: {Type: AWS::StepFunctions::Activity, Properties: {Name: !Sub "${AWS::StackName}-a"}}
"""


def definitions(python, node, activity, child):
    """Machines that between them wait for everything that there is to wait for."""
    end = {"Type": "Pass", "End": True}
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    task = {"Type": "Task", "Resource": python, "Retry": retry, "End": True}
    each = {"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Default": "N", "Choices": [
            {"Variable": "$", "NumericEquals": 3, "Next": "B"}]},
        "N": {"Type": "Wait", "Seconds": 1, "Next": "E"}, "E": end,
        "B": {"Type": "Fail", "Error": "Three"}}}

    def distributed(execution_type):
        return {"StartAt": "M", "States": {"M": {
            "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 3, "End": True,
            "ToleratedFailurePercentage": 50, "ItemProcessor": {
                **each, "ProcessorConfig": {"Mode": "DISTRIBUTED",
                                            "ExecutionType": execution_type}}}}}

    return {
        "plain": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": end}},
        "wait": {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2, "Next": "E"},
                                            "E": end}},
        "fails": {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "Next": "F"},
                                             "F": {"Type": "Fail", "Error": "Told"}}},
        "python": {"StartAt": "T", "States": {"T": task}},
        "fan": {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Next": "M", "Branches": [
            {"StartAt": "T", "States": {"T": {**task, "Resource": node}}},
            {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": True}}}],
            "ResultPath": "$.p"},
            "M": {"Type": "Map", "ItemsPath": "$.items", "End": True, "ItemProcessor": {
                "StartAt": "E", "States": {"E": end}}}}},
        "worker": {"StartAt": "A", "States": {
            "A": {"Type": "Task", "Resource": activity, "TimeoutSeconds": 20,
                  "HeartbeatSeconds": 5, "Retry": retry, "End": True}}},
        "parent": {"StartAt": "S", "States": {"S": {
            "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": child, "Input": {"items": [1]}}, "End": True}}},
        "map": distributed("STANDARD"),
        "quick-map": distributed("EXPRESS"),
        "jsonata": {"QueryLanguage": "JSONata", "StartAt": "J", "States": {"J": {
            "Type": "Pass", "Output": "{% {'sum': $sum($states.input.items)} %}", "End": True}}},
    }


class World:
    """What all threads share: the server, its machines, and some executions to pick from."""

    def __init__(self, server, seconds, seed):
        self.server, self.seed = server, seed
        self.until = time.monotonic() + seconds
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.executions, self.problems, self.counts = [], [], {}
        api = server.api()
        self.activity = api.states("CreateActivity", name="chaos")["activityArn"]
        python = api.create_function("python", "python3.12", "f.handler", {"f.py": PYTHON})
        node = api.create_function("node", "nodejs20.x", "index.handler", {"index.js": NODE})
        child = f"arn:aws:states:{harness.REGION}:{harness.ACCOUNT}:stateMachine:wait"
        self.machines = {
            name: api.create_machine(definition, name)
            for name, definition in definitions(python, node, self.activity, child).items()}
        # Nobody touches this one's: each ends well.
        self.kept_machine = api.create_machine(
            {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "Next": "T"}, "T": {
                "Type": "Task", "Resource": node, "Retry": [{"ErrorEquals": ["States.ALL"]}],
                "End": True}}}, "kept")
        self.kept = []
        self.express = api.create_machine(
            {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": python, "Retry": [
                {"ErrorEquals": ["States.ALL"]}], "End": True}}}, "express", type="EXPRESS")

    def add(self, execution):
        with self.lock:
            self.executions.append(execution)
            if len(self.executions) > KEPT_MAX:
                self.executions.pop(0)

    def pick(self, rng):
        with self.lock:
            return rng.choice(self.executions) if self.executions else None

    def keep(self, execution):
        with self.lock:
            self.kept.append(execution)

    def check_kept(self):
        """What was acknowledged is there after the restart, and ends."""
        api = self.server.api()
        with self.lock:
            kept = list(self.kept)
        wrong = [execution for execution in kept
                 if api.wait_closed(execution)["status"] != "SUCCEEDED"]
        return [f"{len(wrong)} of {len(kept)} kept executions: {wrong[0]}"] if wrong else []

    def over(self):
        return self.stopping.is_set() or time.monotonic() > self.until


class Client(threading.Thread):
    """One thread that does one kind of thing until the time is over."""

    pause = 0.0

    def __init__(self, world, number):
        super().__init__(daemon=True)
        self.world, self.rng = world, random.Random(f"{world.seed}-{type(self).__name__}-{number}")
        self.api = world.server.api(timeout=120)
        self.number, self.rounds = number, 0

    def run(self):
        while not self.world.over():
            try:
                self.once()
            except harness.ApiError as error:
                if error.status >= 500:
                    self.tell(error)
            except (OSError, http.client.HTTPException) as error:
                if not self.world.stopping.is_set():
                    self.tell(error)
            self.rounds += 1
            time.sleep(self.pause)
        with self.world.lock:
            name = type(self).__name__
            self.world.counts[name] = self.world.counts.get(name, 0) + self.rounds

    def tell(self, error):
        with self.world.lock:
            self.world.problems.append(f"{type(self).__name__}: {type(error).__name__} {error}")

    def call(self, service, method, path, body=b"", **headers):
        status, _, answer = self.api.request(method, path, {
            "Authorization": harness.authorization(service), **headers}, body)
        if status >= 300:
            raise harness.error_of(status, harness.decoded(answer))
        return answer

    def pawl(self, path, **arguments):
        return json.loads(self.call("pawl", "POST", "/_pawl/" + path,
                                    json.dumps(arguments).encode()))

    def once(self):
        raise NotImplementedError


class Starter(Client):
    def once(self):
        machine = self.rng.choice(list(self.world.machines.values()))
        execution = self.api.states(
            "StartExecution", stateMachineArn=machine,
            name=f"s{self.number}-{self.rounds}",
            input=json.dumps({"n": self.rounds, "items": list(range(6))}))["executionArn"]
        self.world.add(execution)
        self.api.states("DescribeExecution", executionArn=execution)
        if self.rounds % 5 == 0:
            self.world.keep(self.api.states(
                "StartExecution", stateMachineArn=self.world.kept_machine)["executionArn"])
        self.pause = self.rng.random() / 10


class ExpressStarter(Client):
    def once(self):
        operation = self.rng.choice(["StartExecution", "StartSyncExecution"])
        self.api.states(operation, stateMachineArn=self.world.express,
                        input=json.dumps({"n": self.rounds}))


class Worker(Client):
    def once(self):
        task = self.api.states("GetActivityTask", activityArn=self.world.activity,
                               workerName=f"w{self.number}")
        token = task.get("taskToken")
        if not token:
            return
        self.api.states("SendTaskHeartbeat", taskToken=token)
        if self.rng.random() < 0.2:
            return  # it dies
        if self.rng.random() < 0.3:
            self.api.states("SendTaskFailure", taskToken=token, error="E")
        else:
            self.api.states("SendTaskSuccess", taskToken=token, output="{}")


class Leaver(Client):
    """Goes away while it polls."""

    pause = 0.05

    def once(self):
        connection = http.client.HTTPConnection(self.api.host, self.api.port, timeout=120)
        connection.request("POST", "/", json.dumps({"activityArn": self.world.activity}), {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "AWSStepFunctions.GetActivityTask",
            "Authorization": harness.authorization()})
        time.sleep(self.rng.random() / 20)
        connection.close()


class Reader(Client):
    pause = 0.02

    def once(self):
        execution = self.world.pick(self.rng)
        machine = self.rng.choice(list(self.world.machines.values()))
        reads = [
            lambda: self.api.states("ListExecutions", stateMachineArn=machine, maxResults=50),
            lambda: self.api.states("ListStateMachines"),
            lambda: self.call("pawl", "GET", "/_pawl/metrics"),
            lambda: self.pawl("list", limit=50),
            lambda: self.pawl("count", stateMachineArn=machine),
            lambda: self.pawl("revisions", stateMachineArn=machine),
            lambda: self.api.states("ListMapRuns", executionArn=execution),
            lambda: self.api.history(execution),
            lambda: self.pawl("explain", executionArn=execution),
            lambda: self.api.states("DescribeStateMachineForExecution", executionArn=execution),
            lambda: self.api.states("DescribeStateMachine", stateMachineArn=machine),
        ]
        self.rng.choice(reads if execution else reads[:6])()


class Operator(Client):
    """Does to others' executions what people do to them."""

    pause = 0.05

    def once(self):
        execution = self.world.pick(self.rng)
        if execution is None:
            return
        machine = self.rng.choice(list(self.world.machines.values()))
        acts = [
            lambda: self.api.states("StopExecution", executionArn=execution),
            lambda: self.api.states("RedriveExecution", executionArn=execution),
            lambda: self.pawl("delete", executionArn=execution),
            lambda: self.pawl("fork", executionArn=execution, eventId=2),
            lambda: self.nap("pause", "resume", executionArn=execution),
            lambda: self.nap("pause", "resume", stateMachineArn=machine),
            lambda: self.halt(machine),
            lambda: self.pawl("bulk", action=self.rng.choice(["stop", "redrive", "delete"]),
                              stateMachineArn=machine, limit=5),
            lambda: self.pawl("search/declare", stateMachineArn=machine,
                              attributes=[{"name": "n", "path": "$.n"}]),
            lambda: self.pawl("list", stateMachineArn=machine, where=["n=3"]),
            lambda: self.pawl("search/remove", stateMachineArn=machine, names=["n"]),
        ]
        self.rng.choice(acts)()

    def nap(self, first, then, **target):
        try:
            self.pawl(first, **target)
            time.sleep(0.1)
        finally:
            self.pawl(then, **target)

    def halt(self, machine):
        self.pawl("on-failure", stateMachineArn=machine, action="halt")
        time.sleep(0.5)
        self.pawl("on-failure", stateMachineArn=machine, action="fail")
        self.pawl("bulk", action="fail", stateMachineArn=machine)


class Editor(Client):
    """Machines that come, change and go, with executions in them."""

    def once(self):
        wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "End": True}}}
        machine = self.api.create_machine(wait, f"edited-{self.number}-{self.rounds}")
        for _ in range(3):
            self.api.states("StartExecution", stateMachineArn=machine)
        self.api.states("TagResource", resourceArn=machine, tags=[{"key": "a", "value": "b"}])
        wait["Comment"] = "changed"
        self.api.states("UpdateStateMachine", stateMachineArn=machine, definition=json.dumps(wait),
                        publish=True)
        self.api.states("DeleteStateMachine", stateMachineArn=machine)


class FunctionUser(Client):
    def once(self):
        name = self.rng.choice(["python", "node"])
        kind = self.rng.choice(["RequestResponse", "RequestResponse", "Event", "DryRun"])
        path = f"/2015-03-31/functions/{name}"
        self.call("lambda", "POST", path + "/invocations", json.dumps({"n": self.rounds}).encode(),
                  **{"X-Amz-Invocation-Type": kind, "X-Amz-Log-Type": "Tail"})
        if self.rounds % 10 == self.number:
            self.call("lambda", "PUT", path + "/configuration",
                      json.dumps({"Timeout": 20 + self.rounds % 7}).encode())
            self.call("lambda", "POST", path + "/versions", b"{}")


class ObjectUser(Client):
    def once(self):
        if self.rounds == 0:
            self.call("s3", "PUT", f"/chaos-{self.number}")
        path = f"/chaos-{self.number}/{self.rng.randrange(8)}"
        size = self.rng.choice([0, 100, 20_000, 2_000_000])
        acts = [lambda: self.call("s3", "PUT", path, os.urandom(size)),
                lambda: self.call("s3", "GET", path),
                lambda: self.call("s3", "DELETE", path),
                lambda: self.call("s3", "GET", f"/chaos-{self.number}?list-type=2")]
        self.rng.choice(acts)()


class StackUser(Client):
    def stack(self, action, **more):
        body = urllib.parse.urlencode({"Action": action, "Version": "2010-05-15",
                                       "StackName": f"stack-{self.number}", **more})
        return self.call("cloudformation", "POST", "/", body.encode(),
                         **{"Content-Type": "application/x-www-form-urlencoded"})

    def once(self):
        for action, days in [("CreateStack", "7"), ("UpdateStack", "14"), ("DeleteStack", "")]:
            self.stack(action, **({"TemplateBody": STACK.replace("DAYS", days)} if days else {}))
            for _ in range(200):
                if self.world.over() or b"IN_PROGRESS" not in self.status():
                    break
                time.sleep(0.05)

    def status(self):
        try:
            return self.stack("DescribeStacks")
        except harness.ApiError as error:
            if error.status >= 500:
                raise
            return b"gone"


class Watcher(Client):
    """Reads the stream of changes, and leaves in its middle."""

    def once(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.world.server.port, timeout=60)
        try:
            machine = urllib.parse.quote(self.rng.choice(list(self.world.machines.values())))
            connection.request("GET", f"/_pawl/events?stateMachineArn={machine}",
                               headers={"Authorization": harness.authorization("pawl")})
            answer = connection.getresponse()
            for _ in range(self.rng.randrange(20)):
                if not answer.readline() or self.world.over():
                    break
        finally:
            connection.close()


class Keeper(Client):
    """Backs the server up while all that goes on."""

    pause = 3.0

    def once(self):
        server = self.world.server
        target = os.path.join(server.directory, f"backup-{self.rounds}")
        done = subprocess.run([server.binary, "backup", "--endpoint", server.endpoint,
                               "--data-dir", server.data_dir, target],
                              capture_output=True, text=True, timeout=300, check=False,
                              env=server.environment)
        if done.returncode != 0:
            self.tell(RuntimeError(done.stdout + done.stderr))
        shutil.rmtree(target, ignore_errors=True)


CLIENTS = [(Starter, 3), (ExpressStarter, 1), (Worker, 2), (Leaver, 1), (Reader, 3),
           (Operator, 2), (Editor, 1), (FunctionUser, 2), (ObjectUser, 2), (StackUser, 1),
           (Watcher, 2), (Keeper, 1)]


def reports(server):
    """What a sanitizer, or the server's own checks, had to say."""
    with open(server.log_path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    found = REPORT.search(text)
    return [] if found is None else [text[found.start():found.start() + 6000]]


def stop(server):
    server.process.terminate()
    try:
        status = server.process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        server.kill()
        return [f"it did not end within {STOP_SECONDS_MAX} s of SIGTERM"]
    return [] if status == 0 else [f"exit {status} after SIGTERM"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--seed", default=str(random.randrange(1_000_000)))
    options = parser.parse_args()
    harness.START_SECONDS_MAX = STOP_SECONDS_MAX
    with tempfile.TemporaryDirectory() as folder:
        server = harness.Server(options.pawl, ["--function-concurrency", "4"],
                                keep_log=os.path.join(folder, "log"))
        server.start()
        world = World(server, options.seconds, options.seed)
        threads = [kind(world, number) for kind, count in CLIENTS for number in range(count)]
        for thread in threads:
            thread.start()
        time.sleep(options.seconds)
        world.stopping.set()  # SIGTERM comes in the middle of what they do
        problems = stop(server) + reports(server)
        for thread in threads:
            thread.join(5)
        problems += world.problems[:20]
        server.process = None
        server.start()  # what it left behind is whole
        try:
            problems += world.check_kept()
        except (harness.ApiError, OSError, http.client.HTTPException) as error:
            problems.append(f"after the restart: {error}")
        problems += stop(server) + reports(server)[:1]
        if problems:
            print(server.log_tail(20))
        server.process = None
        server.close()
    print(f"chaos: seed {options.seed}, {dict(sorted(world.counts.items()))}")
    print("\n".join(f"FAILS {problem}" for problem in problems))
    harness.report_counts(0 if problems else 1, len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
