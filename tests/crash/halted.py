#!/usr/bin/env python3
"""Kills the server with SIGKILL while executions have halted where they would have failed: they
stay so, what is continued goes on, what is failed has failed, and the machine's choice holds."""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402

RUNS = 30


class World:
    """A server with executions that have halted at an activity's task."""

    def __init__(self, server):
        self.server, self.problems = server, []
        api = server.api()
        self.activity = api.states("CreateActivity", name="halted")["activityArn"]
        self.machine = api.create_machine({"StartAt": "Both", "States": {
            "Both": {"Type": "Parallel", "End": True, "Branches": [
                {"StartAt": "T", "States": {
                    "T": {"Type": "Task", "Resource": self.activity, "End": True}}},
                {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}]}}}, "halted")
        self.pawl("on-failure", self.machine, "halt")
        self.runs = [self.start(number) for number in range(RUNS)]

    def start(self, number):
        return self.server.api().states("StartExecution", stateMachineArn=self.machine,
                                        name=f"run-{number % 2}-{number}")["executionArn"]

    def pawl(self, *words):
        done = subprocess.run([self.server.binary, *words, "--endpoint", self.server.endpoint],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            self.problems.append(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def take_task(self):
        return self.server.api().states("GetActivityTask", activityArn=self.activity)["taskToken"]

    def fail_tasks(self, count):
        for _ in range(count):
            self.server.api().states("SendTaskFailure", taskToken=self.take_task(), error="Down")

    def expect_halted(self, count):
        listed = self.pawl("list", "--halted", "--limit", "1000").splitlines()
        if len(listed) != count:
            self.problems.append(f"{len(listed)} have halted, not {count}")
        for line in listed:
            if "halted at T since" not in line or "with Down" not in line:
                self.problems.append(line)

    def kill(self):
        self.server.kill()
        self.server.start()


def check(world):
    half = RUNS // 2
    world.fail_tasks(half)
    world.kill()
    world.expect_halted(half)
    world.fail_tasks(RUNS - half)
    world.kill()
    world.expect_halted(RUNS)
    world.pawl("continue", "--machine", world.machine, "--name-prefix", "run-0-")
    world.kill()
    world.expect_halted(RUNS - half)
    world.fail_tasks(1)  # one of them halts again
    world.pawl("fail", "--machine", world.machine, "--name-prefix", "run-1-")
    world.kill()
    world.expect_halted(1)
    world.pawl("continue", "--machine", world.machine)
    for _ in range(half):
        world.server.api().states("SendTaskSuccess", taskToken=world.take_task(), output="1")
    api = world.server.api()
    for run in world.runs:
        expected = "SUCCEEDED" if ":run-0-" in run else "FAILED"
        ended = api.wait_closed(run, 60)
        if ended["status"] != expected or ended.get("error", "Down") != "Down":
            world.problems.append(f"{run}: ended as {ended['status']}, not {expected}")
    world.expect_halted(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    options = parser.parse_args()
    with harness.Server(options.pawl) as server:
        world = World(server)
        check(world)
        if world.problems:
            print("\n".join(world.problems[:40]))
            print(server.log_tail(15))
    wrong = len(world.problems)
    print(f"halted: {RUNS} executions, 4 kills, {wrong} problems")
    harness.report_counts(max(0, RUNS - wrong), wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
