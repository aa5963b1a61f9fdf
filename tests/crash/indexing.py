#!/usr/bin/env python3
"""Kills the server with SIGKILL while executions that are there already are being indexed: in the
end every one of them is found by its values, once."""
import argparse
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402

RUNS = 1500
GROUPS = 7
SECONDS_MAX = 60
PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}}


class World:
    def __init__(self, server):
        self.server = server
        api = server.api()
        self.machines = [api.create_machine(PASS, "ended"), api.create_machine(WAIT, "open")]
        for machine in self.machines:
            for number in range(RUNS // 2):
                api.states("StartExecution", stateMachineArn=machine, name=f"run-{number}",
                           input=json.dumps({"group": number % GROUPS, "n": number}))

    def pawl(self, *words):
        done = subprocess.run([self.server.binary, *words, "--endpoint", self.server.endpoint],
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def kill(self):
        self.server.kill()
        self.server.start()

    def under_way(self):
        return json.loads(self.pawl("search", "list", "--json"))["indexing"]

    def found(self, machine, group):
        lines = self.pawl("list", "--machine", machine, "--where", f"group={group}", "--limit",
                          "1000", "--json").splitlines()
        return sorted(json.loads(line)["name"] for line in lines)


def check(world, kills):
    for machine in world.machines:
        world.pawl("search", "declare", machine, "group=$.group", "n=$.n")
    seen = 0
    for _ in range(kills):
        seen += bool(world.under_way())
        world.kill()
    deadline = time.monotonic() + SECONDS_MAX
    while world.under_way():
        if time.monotonic() > deadline:
            return [f"still under way: {world.under_way()}"]
        time.sleep(0.05)
    print(f"indexing: under way at {seen} of {kills} kills")
    problems = []
    for machine in world.machines:
        for group in range(GROUPS):
            expected = sorted(f"run-{n}" for n in range(RUNS // 2) if n % GROUPS == group)
            if world.found(machine, group) != expected:
                problems.append(f"{machine}: group {group} is not what it should be")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    with harness.Server(options.pawl) as server:
        problems = check(World(server), options.kills)
        if problems:
            print("\n".join(problems[:40]))
            print(server.log_tail(15))
    print(f"indexing: {RUNS} executions, {options.kills} kills, {len(problems)} problems")
    harness.report_counts(max(0, RUNS - len(problems)), len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
