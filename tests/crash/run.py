#!/usr/bin/env python3
"""Kills the server with SIGKILL at random moments under load and checks that nothing is lost.

Every acknowledged StartExecution must be there afterwards and end once, with a history that equals
that of an undisturbed run but for times and ids. Function calls that were made twice (delivery to a
function is at least once) are counted and reported.
"""
import argparse
import collections
import http.client
import http.server
import json
import os
import random
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
import histories  # noqa: E402
import workload  # noqa: E402

GONE = (OSError, http.client.HTTPException)
DRAIN_SECONDS_MAX = 180
RUNNING_MAX = 150  # keeps the load within what two cores can finish


class Collector:
    """Counts the function calls that were really made."""

    def __init__(self):
        self.calls = collections.Counter()
        calls, lock = self.calls, threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    calls[event["execution"], event["step"], event["retry"]] += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Load:
    """Starts executions and works on activities, through every kill, until told to stop."""

    def __init__(self, server, machines, activity):
        self.server, self.machines, self.activity = server, machines, activity
        self.acknowledged = {}  # name -> (kind, ARN)
        self.unknown = 0        # starts whose answer was lost and that were asked again
        self.problems = []
        self.stopping = threading.Event()
        self.drained = threading.Event()
        self.room = threading.Event()  # fewer than RUNNING_MAX executions are open
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.start_executions, args=(n,), daemon=True)
                        for n in range(2)]
        self.threads.append(threading.Thread(target=self.watch_room, daemon=True))
        self.workers = [threading.Thread(target=self.work, daemon=True) for _ in range(4)]

    def stop_starting(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def stop_workers(self):
        self.drained.set()

    def watch_room(self):
        while not self.stopping.is_set():
            try:
                full = running(self.server, self) >= RUNNING_MAX
            except (*GONE, harness.ApiError):
                continue
            (self.room.clear if full else self.room.set)()
            time.sleep(0.1)

    def start_executions(self, number):
        api = self.server.api(timeout=10)
        kinds = sorted(self.machines)
        count = 0
        while not self.stopping.is_set():
            if not self.room.wait(0.2):
                continue
            kind = kinds[count % len(kinds)]
            name = f"crash-{kind}-{number}-{count}"
            count += 1
            self.start(api, kind, name)
            time.sleep(0.02)

    def start(self, api, kind, name):
        """Asks until there is an answer: a name starts at most one execution."""
        arn = self.machines[kind]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                execution = api.states("StartExecution", stateMachineArn=arn, name=name,
                                       input=workload.input_text())["executionArn"]
            except GONE:
                with self.lock:
                    self.unknown += 1
                time.sleep(0.05)
                continue
            except harness.ApiError as error:
                if error.code == "ExecutionAlreadyExists":  # it was taken, and has ended since
                    execution = error.message.split("'")[1]
                else:
                    self.problems.append(f"StartExecution {name}: {error}")
                    return
            with self.lock:
                self.acknowledged[name] = (kind, execution)
            return
        self.problems.append(f"StartExecution {name}: no answer in 60 s")

    def work(self):
        api = self.server.api(timeout=70)
        while not self.drained.is_set():
            try:
                task = api.states("GetActivityTask", activityArn=self.activity, workerName="worker")
            except (*GONE, harness.ApiError):
                time.sleep(0.05)
                continue
            if task.get("taskToken"):
                self.finish_task(api, task["taskToken"])

    def finish_task(self, api, token):
        """An answer that was lost is sent again; that the task is closed then is no failure."""
        while not self.drained.is_set():
            try:
                api.states("SendTaskSuccess", taskToken=token, output='{"done":true}')
                return
            except GONE:
                time.sleep(0.05)
            except harness.ApiError as error:
                if error.code not in ("TaskTimedOut", "TaskDoesNotExist"):
                    self.problems.append(f"SendTaskSuccess: {error}")
                return


def prepare(server, collector):
    """Functions, activity, machines; answers ({kind: machine ARN}, activity ARN)."""
    api = server.api()
    activity = api.states("CreateActivity", name="crash")["activityArn"]
    python = api.create_function("crash-python", "python3.12", "handler.handler",
                                 {"handler.py": workload.PYTHON_FUNCTION})
    node = api.create_function("crash-node", "nodejs20.x", "index.handler",
                               {"index.js": workload.NODE_FUNCTION})
    definitions = workload.Workload(python, node, activity, collector.url).machines()
    return {kind: api.create_machine(definition, f"crash-{kind}")
            for kind, definition in definitions.items()}, activity


def undisturbed(server, load):
    """{kind: (status, facts)} of one quiet run of each machine."""
    api = server.api()
    reference = {}
    for kind in load.machines:
        load.start(api, kind, f"quiet-{kind}")
    for kind in load.machines:
        _, execution = load.acknowledged.pop(f"quiet-{kind}")
        status = api.wait_closed(execution, 60)["status"]
        events = api.history(execution)
        for problem in histories.well_formed(events):
            load.problems.append(f"undisturbed {kind}: {problem}")
        reference[kind] = (status, histories.facts(events, f"quiet-{kind}"))
    return reference


def kill_many(server, load, kills, rng):
    """Seconds that each restart took."""
    restarts = []
    for number in range(kills):
        time.sleep(rng.choice([rng.uniform(0.0, 0.3), rng.uniform(0.3, 2.5)]))
        server.kill()
        began = time.monotonic()
        server.start()
        restarts.append(time.monotonic() - began)
        if (number + 1) % 10 == 0:
            print(f"{number + 1} kills, {len(load.acknowledged)} executions acknowledged",
                  flush=True)
    return restarts


def running(server, load):
    """How many executions are open, as the lists say (a page of each machine is enough)."""
    api = server.api(timeout=20)
    return sum(len(api.states("ListExecutions", stateMachineArn=arn, statusFilter="RUNNING",
                              maxResults=1000)["executions"]) for arn in load.machines.values())


def wait_until_drained(server, load):
    deadline = time.monotonic() + DRAIN_SECONDS_MAX
    while (left := running(server, load)) > 0:
        if time.monotonic() > deadline:
            load.problems.append(f"{left} executions are still running after {DRAIN_SECONDS_MAX} s")
            return
        time.sleep(0.5)


def listed(server, load):
    """{execution ARN: how often the lists name it}"""
    api = server.api()
    counts = collections.Counter()
    for arn in load.machines.values():
        token = {}
        while True:
            page = api.states("ListExecutions", stateMachineArn=arn, maxResults=1000, **token)
            counts.update(item["executionArn"] for item in page["executions"])
            if not page.get("nextToken"):
                break
            token = {"nextToken": page["nextToken"]}
    return counts


def verify(server, load, reference):
    """Problems of every acknowledged execution, and how many activity polls were lost."""
    api, problems, lost = server.api(), list(load.problems), 0
    in_lists = listed(server, load)
    for name, (kind, execution) in load.acknowledged.items():
        try:
            status = api.states("DescribeExecution", executionArn=execution)["status"]
            events = api.history(execution)
        except harness.ApiError as error:
            problems.append(f"{name}: LOST, {error}")
            continue
        expected_status, expected = reference[kind]
        found = histories.well_formed(events)
        if status != expected_status:
            found.append(f"ended as {status}, not {expected_status}")
        if in_lists[execution] != 1:
            found.append(f"listed {in_lists[execution]} times")
        found += histories.difference(events, name, expected)
        problems += [f"{name}: {problem}" for problem in found]
        lost += histories.lost_polls(events)
    return problems, lost


def report(options, load, restarts, collector, lost):
    """One line of JSON for the record."""
    calls = {key: count for key, count in collector.calls.items() if key[0].startswith("crash-")}
    restarts = sorted(restarts) or [0]
    print(json.dumps({
        "kills": options.kills, "seed": options.seed, "acknowledged": len(load.acknowledged),
        "starts_asked_again": load.unknown, "function_calls": sum(calls.values()),
        "function_calls_repeated": sum(calls.values()) - len(calls),
        "activity_polls_lost": lost, "restart_ms_p50": round(restarts[len(restarts) // 2] * 1000),
        "restart_ms_max": round(restarts[-1] * 1000)}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10 ** 9))
    parser.add_argument("--keep-log", help="where to write the server's log")
    options = parser.parse_args()
    print(f"{options.kills} kills, --seed {options.seed}", flush=True)
    collector = Collector()
    with harness.Server(options.pawl, keep_log=options.keep_log) as server:
        machines, activity = prepare(server, collector)
        load = Load(server, machines, activity)
        for worker in load.workers:
            worker.start()
        reference = undisturbed(server, load)
        for thread in load.threads:
            thread.start()
        restarts = kill_many(server, load, options.kills, random.Random(options.seed))
        load.stop_starting()
        wait_until_drained(server, load)
        problems, lost = verify(server, load, reference)
        load.stop_workers()
        report(options, load, restarts, collector, lost)
        if problems:
            print("\n".join(problems[:60]))
            print(server.log_tail(15))
        elif server.stop() != 0:
            problems.append("the server did not stop as it should")
    wrong = len({problem.split(":")[0] for problem in problems})
    passed = max(0, len(load.acknowledged) - wrong)
    print(f"crash: {passed} executions as they should be, {len(problems)} problems")
    harness.report_counts(passed, wrong)
    return 1 if problems or not load.acknowledged else 0


if __name__ == "__main__":
    sys.exit(main())
