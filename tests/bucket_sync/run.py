#!/usr/bin/env python3
"""Synchronising two buckets by a state machine, deployed and run as its users do.

The deployment is a stack of serverless functions, roles and a machine; the machine loops over pages
of keys. A kill -9 in every phase of deployment and synchronisation changes nothing of the outcome.
"""
import argparse
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
from buckets import COMMON, SMALL, Buckets  # noqa: E402
from deployment import STACK, Deployment  # noqa: E402
from machine import DEFINITION  # noqa: E402

REGION, OTHER_REGION = "us-east-2", "eu-west-1"
RESOURCES = 14  # six functions with a role each, the machine and its role
RUN_SECONDS_MAX = 300
OBJECTS_PER_SECOND_MIN = 20  # of a measurement, on the slowest machine that is waited for
# One moment of every kind of step, and what the machine must have entered then.
PHASES = ["Find Source Region", "Merge Regions", "Compare Regions", "List Copy Missing",
          "Copy Missing", "More Copy Missing", "List Delete Orphans", "Delete Orphans"]


class Suite:
    LIST, COPY = "List Copy Missing", "Copy Missing"  # states of the machine

    def __init__(self, server, deployment):
        self.server, self.deployment = server, deployment
        self.passed, self.problems = 0, []

    def check(self, what, good):
        if good:
            self.passed += 1
        else:
            self.problems.append(what)

    def client(self, service, region=None):
        return self.deployment.client(service, region)

    def restart(self):
        self.server.kill()
        self.server.start()

    def start(self, source, destination, **more):
        return self.client("stepfunctions").start_execution(
            stateMachineArn=self.deployment.machine_arn(),
            input=json.dumps({"source": source, "destination": destination, **more})
        )["executionArn"]

    def end_of(self, execution, seconds=RUN_SECONDS_MAX):
        states = self.client("stepfunctions")
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = states.describe_execution(executionArn=execution)
            if found["status"] != "RUNNING":
                return found
            time.sleep(0.05)
        raise TimeoutError(f"{execution} does not end")

    def run(self, source, destination, **more):
        execution = self.start(source, destination, **more)
        return self.end_of(execution), execution

    def entered(self, execution):
        """How often each state was entered."""
        counts = {}
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(
            executionArn=execution, maxResults=1000, includeExecutionData=False)
        for page in pages:
            for event in page["events"]:
                name = event.get("stateEnteredEventDetails", {}).get("name")
                counts[name] = counts.get(name, 0) + (name is not None)
        return counts

    def deploys(self):
        """B0, B1: the stack, and nothing to do the second time."""
        self.check("B0", self.deployment.deploy() == "CREATE_COMPLETE")
        resources = self.client("cloudformation").describe_stack_resources(StackName=STACK)
        self.check(f"B0: {resources}", len(resources["StackResources"]) == RESOURCES)
        self.check("B1", self.deployment.deploy() is None)

    def synchronises(self, counts):
        """B2, B3: everything is copied and deleted, and nothing is written when run again."""
        buckets = Buckets(self.client("s3"), "b2-source", "b2-destination")
        buckets.make((REGION, REGION))
        buckets.fill(counts)
        before = buckets.times()
        time.sleep(1.1)  # times of objects are told in seconds
        described, execution = self.run("b2-source", "b2-destination")
        self.check(f"B2: {described}", described["status"] == "SUCCEEDED")
        found = buckets.problems()
        self.check(f"B2: {found}", not found)
        after = buckets.times()
        kept = [key for key in before if key.startswith("equal/")]
        self.check("B2: equal objects are left alone",
                   len(kept) == counts.equal and all(before[key] == after[key] for key in kept))
        self.check("B2: others are not", all(
            before[key] != after[key] for key in before if key.startswith("changed/")))
        turns = self.entered(execution)[self.COPY]
        described, _ = self.run("b2-source", "b2-destination")
        self.check("B3", described["status"] == "SUCCEEDED" and buckets.times() == after)
        self.check(f"B9: {turns} turns", turns > len(after) // 1000)

    def stops_at_regions(self):
        """B4: buckets of two regions; B6: one that is not there."""
        for name, region in [("b4-here", REGION), ("b4-there", OTHER_REGION)]:
            self.client("s3", region).create_bucket(
                Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
        described, _ = self.run("b4-here", "b4-there")
        self.check(f"B4: {described}", (described["status"], described.get("error")) ==
                   ("FAILED", "BucketRegionsNotEqualError"))
        described, _ = self.run("b4-here", "b6-absent")
        self.check(f"B6: {described}", described["status"] == "FAILED" and
                   "NoSuchBucket" in described.get("cause", ""))

    def takes_parts(self):
        """B5: a prefix, a key to begin behind; B7: pages of a given length."""
        buckets = Buckets(self.client("s3"), "b5-source", "b5-destination")
        buckets.make((REGION, REGION))
        buckets.fill(SMALL)
        self.run("b5-source", "b5-destination", prefix="fresh/", startAfter="fresh/000009")
        keys = [key for key in buckets.listing("b5-destination") if key.startswith("fresh/")]
        self.check(f"B5: {keys}", keys == [f"fresh/{n:06}" for n in range(10, SMALL.fresh)])
        orphans = [key for key in buckets.listing("b5-destination") if key.startswith("orphan/")]
        self.check("B5: others are left", len(orphans) == SMALL.orphans)
        total = len(buckets.listing("b5-source"))
        _, execution = self.run("b5-source", "b5-destination", maxKeys=10)
        turns = self.entered(execution)[self.LIST]
        self.check(f"B7: {turns} turns of {total}", turns == -(-total // 10))
        self.check(f"B7: {buckets.problems()}", not buckets.problems())

    def long_keys(self):
        """B9: a page that would be too large is halved until it fits."""
        buckets = Buckets(self.client("s3"), "b9-source", "b9-destination")
        buckets.make((REGION, REGION))
        buckets.put_all({"Bucket": "b9-source", "Key": f"{n:04}" + "k" * 196} for n in range(400))
        described, execution = self.run("b9-source", "b9-destination")
        self.check("B9: ends", described["status"] == "SUCCEEDED" and not buckets.problems())
        self.check("B9: pages", self.entered(execution)[self.LIST] == 4)

    def survives_kills(self):
        """B8: a kill in each phase of a synchronisation."""
        for number, phase in enumerate(PHASES):
            buckets = Buckets(self.client("s3"), f"b8-{number}-source", f"b8-{number}-destination")
            buckets.make((REGION, REGION))
            buckets.fill(SMALL)
            execution = self.start(buckets.source, buckets.destination, maxKeys=30)
            deadline = time.monotonic() + 60
            while phase not in self.entered(execution) and time.monotonic() < deadline:
                time.sleep(0.002)
            self.restart()
            described = self.end_of(execution)
            self.check(f"B8 in {phase}: {described}", described["status"] == "SUCCEEDED")
            self.check(f"B8 in {phase}: {buckets.problems()}", not buckets.problems())

    def deploys_through_kills(self):
        """A kill after the change set, in its execution, and in the deletion (B10)."""
        for delay in (0.0, 0.01, 0.03, 0.1):
            def disturb(seconds=delay):
                time.sleep(seconds)
                self.restart()

            status = self.deployment.deploy(after_change_set=self.restart, after_execution=disturb)
            resources = self.client("cloudformation").describe_stack_resources(StackName=STACK)
            self.check(f"deployed through a kill at {delay}: {status}",
                       status == "CREATE_COMPLETE" and
                       len(resources["StackResources"]) == RESOURCES)
            functions = self.client("lambda").list_functions()["Functions"]
            self.check("one of each function", len(functions) == len(self.deployment.sources))
            self.remove(disturb)

    def remove(self, disturb=None):
        cfn = self.client("cloudformation")
        identity = self.deployment.stack()["StackId"]
        cfn.delete_stack(StackName=STACK)
        if disturb:
            disturb()
        deadline = time.monotonic() + 60
        while self.deployment.stack() is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        gone = self.deployment.stack(identity)
        self.check(f"B10: {gone}", gone and gone["StackStatus"] == "DELETE_COMPLETE")
        left = [self.client("lambda").list_functions()["Functions"],
                self.client("stepfunctions").list_state_machines()["stateMachines"],
                self.client("iam").list_roles()["Roles"]]
        self.check(f"B10: {left}", not any(left))


def measure(pawl, runtime, count):
    """Prints how long a synchronisation of `count` new objects takes, and the server's memory."""
    with harness.Server(pawl) as server:
        suite = Suite(server, Deployment(server.endpoint, REGION, DEFINITION, runtime))
        suite.deployment.deploy()
        buckets = Buckets(suite.client("s3"), "many-source", "many-destination")
        buckets.make((REGION, REGION))
        buckets.put_all({"Bucket": "many-source", "Key": f"{n:08}", "Body": b"x" * 100}
                        for n in range(count))
        begin = time.monotonic()
        execution = suite.start("many-source", "many-destination")
        described = suite.end_of(execution, RUN_SECONDS_MAX + count / OBJECTS_PER_SECOND_MIN)
        seconds = time.monotonic() - begin
        with open(f"/proc/{server.process.pid}/status", encoding="utf-8") as file:
            peak = next(line.split()[1] for line in file if line.startswith("VmHWM"))
        print(f"{described['status']}: {count} objects in {seconds:.1f} s, "
              f"{count / seconds:.0f}/s, the server's peak is {int(peak) // 1024} MiB")


def history_limit(pawl, runtime):
    """The last number of objects with which an execution fits into its history, and the first with
    which it does not: 42 events, and 12 for each turn of each loop."""
    limit = 2_500
    with harness.Server(pawl, ["--history-events-max", str(limit)]) as server:
        suite = Suite(server, Deployment(server.endpoint, REGION, DEFINITION, runtime))
        suite.deployment.deploy()
        s3 = suite.client("s3")
        buckets = Buckets(s3, "long-source", "long-destination")
        buckets.make((REGION, REGION))
        for count, fits in ((102, True), (103, False)):
            buckets.put_all({"Bucket": name, "Key": f"{n:04}", "Body": b"same"}
                            for n in range(count) for name in (buckets.source, buckets.destination))
            described, execution = suite.run(buckets.source, buckets.destination, maxKeys=1)
            last = suite.client("stepfunctions").get_execution_history(
                executionArn=execution, reverseOrder=True, maxResults=1)["events"][0]
            if fits:
                suite.check(f"{count} objects fit: {described}", described["status"] == "SUCCEEDED")
                suite.check(f"{last['id']} events", last["id"] == 42 + 12 * 2 * count)
                continue
            suite.check(f"{count} objects do not fit: {described}",
                        (described["status"], described.get("error")) ==
                        ("FAILED", "States.Runtime"))
            suite.check(f"the last event: {last}",
                        (last["id"], last["type"]) == (limit, "ExecutionFailed") and
                        "reached the maximum number of history events (2500)" in
                        last["executionFailedEventDetails"]["cause"])
    return suite


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", default="build/dev/pawl")
    parser.add_argument("--runtime", default="python2.7", help="of the functions")
    parser.add_argument("--small", action="store_true", help="few objects")
    parser.add_argument("--measure", type=int, metavar="N", help="only the time for N objects")
    arguments = parser.parse_args()
    # Functions import boto3 as this script does.
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    if arguments.measure:
        return measure(arguments.pawl, arguments.runtime, arguments.measure)
    with harness.Server(arguments.pawl) as server:
        suite = Suite(server, Deployment(server.endpoint, REGION, DEFINITION, arguments.runtime))
        suite.deploys_through_kills()
        suite.deploys()
        suite.synchronises(SMALL if arguments.small else COMMON)
        suite.stops_at_regions()
        suite.takes_parts()
        suite.long_keys()
        suite.survives_kills()
        suite.remove()
        log = server.log_tail()
    limit = history_limit(arguments.pawl, arguments.runtime)
    passed, problems = suite.passed + limit.passed, suite.problems + limit.problems
    for problem in problems:
        print("FAILED", problem)
    if problems:
        print(log)
    print(f"bucket sync: {passed} passed, {len(problems)} failed")
    harness.report_counts(passed, len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
