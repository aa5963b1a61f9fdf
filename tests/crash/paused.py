#!/usr/bin/env python3
"""Kills the server with SIGKILL while executions are paused: they stay paused, what they were told
meanwhile is kept, and after the resume every one of them ends as it should."""
import argparse
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402

RUNS = 30
STEPS = ("StateEntered", "StateExited", "Scheduled", "ExecutionSucceeded")
FUNCTION = "import time\ndef handler(event, context):\n    time.sleep(0.2)\n    return event\n"


def definitions(function, activity):
    """Machines that wait for a timer, a function, and a worker."""
    end = {"Type": "Pass", "End": True}
    return {
        "timer": {"StartAt": "W", "States": {
            "W": {"Type": "Wait", "Seconds": 1, "Next": "P"}, "P": end}},
        "function": {"StartAt": "F", "States": {
            "F": {"Type": "Task", "Resource": function, "Next": "P"}, "P": end}},
        "worker": {"StartAt": "A", "States": {
            "A": {"Type": "Task", "Resource": activity, "Next": "P"}, "P": end}},
    }


class World:
    """A server with paused executions of every kind, some of them paused one by one."""

    def __init__(self, server):
        self.server, self.problems = server, []
        api = server.api()
        self.activity = api.states("CreateActivity", name="paused")["activityArn"]
        function = api.create_function("slow", "python3.12", "f.handler", {"f.py": FUNCTION})
        self.machines = {kind: api.create_machine(definition, f"paused-{kind}") for
                         kind, definition in definitions(function, self.activity).items()}
        self.runs = []

    def pawl(self, *words):
        done = subprocess.run([self.server.binary, *words, "--endpoint", self.server.endpoint],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            self.problems.append(f"{words}: {done.stdout}{done.stderr}")

    def start(self, number):
        api = self.server.api()
        self.runs += [api.states("StartExecution", stateMachineArn=machine,
                                 name=f"run-{number}")["executionArn"]
                      for machine in self.machines.values()]

    def steps(self):
        """{execution: its steps so far}: what no answer of a task adds."""
        api = self.server.api()
        return {run: [event["type"] for event in api.history(run)
                      if event["type"].endswith(STEPS)] for run in self.runs}

    def take_task(self):
        """The token of a task that a worker has taken; one that is paused hands none out."""
        return self.server.api().states("GetActivityTask", activityArn=self.activity)["taskToken"]

    def kill(self):
        self.server.kill()
        self.server.start()


def check(world, kills):
    for number in range(RUNS // 3):
        world.start(number)
    tokens = [world.take_task() for _ in range(3)]
    for machine in world.machines.values():
        world.pawl("pause", machine)
    alone = world.runs[0]
    world.pawl("pause", alone, "--reason", "by itself")
    for number in range(RUNS // 3, 2 * RUNS // 3):
        world.start(number)  # accepted, and waits
    before = world.steps()
    api = world.server.api()
    for kill in range(kills):
        if kill < len(tokens):  # acknowledged just before the kill
            api.states("SendTaskSuccess", taskToken=tokens[kill], output=json.dumps({"kill": kill}))
        world.kill()
        time.sleep(1.2)  # the timers come due
        api = world.server.api()
        for run, steps in world.steps().items():
            if steps != before[run]:
                world.problems.append(f"{run}: paused, and took steps: {steps}")
    for machine in world.machines.values():
        world.pawl("resume", machine)
    finish(world, api, alone, kills)


def finish(world, api, alone, kills):
    paused_still = api.states("DescribeExecution", executionArn=alone)["status"]
    if paused_still != "RUNNING":
        world.problems.append(f"{alone}: {paused_still}, though it was paused by itself")
    world.pawl("resume", alone)
    taken = min(kills, 3)
    for _ in range(2 * RUNS // 3 - taken):
        token = world.take_task()
        api.states("SendTaskSuccess", taskToken=token, output="{}")
    for run in world.runs:
        status = api.wait_closed(run, 60)["status"]
        if status != "SUCCEEDED":
            world.problems.append(f"{run}: ended as {status}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--kills", type=int, default=4)
    options = parser.parse_args()
    with harness.Server(options.pawl) as server:
        world = World(server)
        check(world, options.kills)
        if world.problems:
            print("\n".join(world.problems[:40]))
            print(server.log_tail(15))
    wrong = len(world.problems)
    print(f"paused: {len(world.runs)} executions, {options.kills} kills, {wrong} problems")
    harness.report_counts(max(0, len(world.runs) - wrong), wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
