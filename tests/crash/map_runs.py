#!/usr/bin/env python3
"""Kills the server with SIGKILL while Distributed Maps run, and checks that each item is done once.

The runs differ in where items come from (the state's data, CSV, JSON Lines), in batches, in the
type of their children and in where results go. Afterwards every run that is to end well has, for
each item, exactly one result of exactly one child; the counts add up; result files are whole, and
further restarts leave them alone. Runs that fail or are stopped leave no child running.
"""
import argparse
import collections
import http.client
import json
import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
import histories  # noqa: E402

GONE = (OSError, http.client.HTTPException)
BUCKET = "crash-bucket"
MENDED = f"arn:aws:states:{harness.REGION}:{harness.ACCOUNT}:stateMachine:mended"
FAILS_EACH = 50  # one item in so many fails
INLINE_MAX = 4_000  # what fits into a state's input
HISTORIES_SEEN = 40  # of children, a run


def processor(execution_type, field, wait):
    """A child that fails for some items; what it answers says which item it had."""
    nap = {"Type": "Wait", "Seconds": wait} if wait else {"Type": "Pass"}
    return {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": execution_type},
            "StartAt": "Which", "States": {
                "Which": {"Type": "Choice", "Default": "Nap", "Choices": [
                    {"Variable": f"$.{field}", "StringMatches": "*bad*", "Next": "Bad"}]},
                "Nap": {**nap, "Next": "Done"},
                "Done": {"Type": "Pass", "End": True},
                "Bad": {"Type": "Fail", "Error": "BadItem", "Cause": "told to fail"}}}


def batch_processor(execution_type):
    return {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": execution_type},
            "StartAt": "Nap", "States": {
                "Nap": {"Type": "Wait", "Seconds": 1, "Next": "Done"},
                "Done": {"Type": "Pass", "End": True}}}


def mendable_processor(execution_type):
    """A child that fails for some items until the machine "mended" is there."""
    return {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": execution_type},
            "StartAt": "Nap", "States": {
                "Nap": {"Type": "Wait", "Seconds": 1, "Next": "Which"},
                "Which": {"Type": "Choice", "Default": "Done", "Choices": [
                    {"Variable": "$.text", "StringMatches": "*bad*", "Next": "Needs"}]},
                "Needs": {"Type": "Task",
                          "Resource": "arn:aws:states:::aws-sdk:sfn:describeStateMachine",
                          "Parameters": {"StateMachineArn": MENDED}, "ResultPath": None,
                          "Next": "Done"},
                "Done": {"Type": "Pass", "End": True}}}


def reader(key, input_type, **more):
    return {"Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": input_type, **more},
            "Parameters": {"Bucket": BUCKET, "Key": key}}


def writer(prefix):
    return {"Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": BUCKET, "Prefix": prefix}}


class Run:
    """One Distributed Map: its definition, and what has to come of it."""

    def __init__(self, name, state, items, children, failures=0, status="SUCCEEDED", given=None,
                 redrives=0):
        self.name, self.state = name, {"Type": "Map", "End": True, **state}
        self.items, self.children, self.failures = items, children, failures
        self.status, self.given, self.redrives = status, given, redrives
        self.execution = self.map_run = None

    def definition(self):
        return {"StartAt": "Each", "States": {"Each": self.state}}

    def start(self, api):
        machine = api.create_machine(self.definition(), f"map-{self.name}")
        self.execution = api.states(
            "StartExecution", stateMachineArn=machine, name=f"run-{self.name}",
            input=json.dumps(self.given if self.given is not None else {}))["executionArn"]


def item_text(number):
    return f"bad-{number}" if number % FAILS_EACH == 7 else f"item-{number}"


def write_items(folder, count):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "items.csv"), "w", encoding="utf-8") as file:
        file.write("number,text\n")
        file.writelines(f"{n},{item_text(n)}\n" for n in range(count))
    with open(os.path.join(folder, "items.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"number": str(n), "text": item_text(n)}) + "\n"
                        for n in range(count))
    with open(os.path.join(folder, "items.json"), "w", encoding="utf-8") as file:
        json.dump([{"number": str(n), "text": item_text(n)} for n in range(count)], file)


def runs_of(count):
    bad = sum(1 for n in range(count) if item_text(n).startswith("bad"))
    inline = [{"number": str(n), "text": f"item-{n}"} for n in range(min(count, INLINE_MAX))]
    concurrency = max(50, count // 12)
    csv = reader("items.csv", "CSV", CSVHeaderLocation="FIRST_ROW")
    tolerant = {"ToleratedFailurePercentage": 10, "MaxConcurrency": concurrency}
    return [
        Run("csv", {**tolerant, "ItemReader": csv,
                    "ItemProcessor": processor("STANDARD", "text", 1),
                    "ResultWriter": writer("csv")},
            count, count, bad),
        Run("lines", {**tolerant, "ItemReader": reader("items.jsonl", "JSONL"),
                      "ItemProcessor": processor("EXPRESS", "text", 1),
                      "ResultWriter": writer("lines")},
            count, count, bad),
        Run("quick", {"ToleratedFailureCount": count, "ItemReader": reader("items.json", "JSON"),
                      "ItemProcessor": processor("STANDARD", "text", 0),
                      "ResultWriter": writer("quick")},
            count, count, bad),
        Run("batches", {"MaxConcurrency": 40, "ItemReader": reader("items.jsonl", "JSONL"),
                        "ItemBatcher": {"MaxItemsPerBatch": 7, "BatchInput": {"of": "crash"}},
                        "ItemProcessor": batch_processor("STANDARD"),
                        "ResultWriter": writer("batches")},
            count, (count + 6) // 7),
        Run("bytes", {"MaxConcurrency": 2, "ItemReader": csv,
                      "ItemSelector": {"number.$": "$$.Map.Item.Value.number",
                                       "mark.$": "States.MathRandom(1, 100000)"},
                      "ItemBatcher": {"MaxInputBytesPerBatch": max(2_000, count * 4)},
                      "ItemProcessor": batch_processor("EXPRESS"), "ResultWriter": writer("bytes")},
            count, None),
        Run("inline", {"MaxConcurrency": concurrency,
                       "ItemSelector": {"number.$": "$$.Map.Item.Value.number",
                                        "text.$": "$$.Map.Item.Value.text"},
                       "ItemProcessor": processor("STANDARD", "text", 1)},
            len(inline), len(inline), given=inline),
        Run("fails", {"ToleratedFailureCount": 3, "MaxConcurrency": concurrency,
                      "ItemReader": csv, "ItemProcessor": processor("STANDARD", "text", 2),
                      "ResultWriter": writer("fails")},
            None, None, status="FAILED"),
        Run("stopped", {"MaxConcurrency": concurrency, "ItemReader": reader("items.jsonl", "JSONL"),
                        "ItemProcessor": processor("STANDARD", "number", 3)},
            None, None, status="ABORTED"),
        Run("redriven", {"ToleratedFailureCount": bad // 2, "MaxConcurrency": concurrency,
                         "ItemReader": csv, "ItemProcessor": mendable_processor("STANDARD"),
                         "ResultWriter": writer("redriven")}, count, count, redrives=1),
        Run("anew", {"ToleratedFailureCount": bad // 2, "MaxConcurrency": concurrency,
                     "ItemReader": reader("items.jsonl", "JSONL"),
                     "ItemProcessor": mendable_processor("EXPRESS"),
                     "ResultWriter": writer("anew")}, count, count, redrives=1),
    ]


def insist(call, *arguments, **members):
    """Asks through a restart."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return call(*arguments, **members)
        except GONE:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def find_map_run(api, run):
    deadline = time.monotonic() + 30
    while not run.map_run:
        runs = insist(api.states, "ListMapRuns", executionArn=run.execution)["mapRuns"]
        run.map_run = runs[0]["mapRunArn"] if runs else None
        if time.monotonic() > deadline:
            raise TimeoutError(f"no Map Run of {run.name}")


def kill_many(server, runs, kills, rng):
    """Restart times, and how many runs were open at each kill. One run is stopped on the way."""
    api = server.api(timeout=20)
    restarts, open_at_kill = [], []
    stopped = next(run for run in runs if run.name == "stopped")
    for number in range(kills):
        time.sleep(rng.uniform(0.2, 1.2))
        if number == kills - 1:
            insist(api.states, "StopExecution", executionArn=stopped.execution)
        described = [insist(api.states, "DescribeMapRun", mapRunArn=run.map_run) for run in runs]
        open_at_kill.append(sum(each["status"] == "RUNNING" for each in described))
        server.kill()
        began = time.monotonic()
        server.start()
        insist(api.states, "DescribeMapRun", mapRunArn=runs[0].map_run)
        restarts.append(round((time.monotonic() - began) * 1000))
    return restarts, open_at_kill


def redrive(server, runs, rng):
    """Mends what made children fail, redrives, and kills the server on the way."""
    api = server.api()
    for run in runs:
        status = api.wait_closed(run.execution, 60)["status"]
        if status != "FAILED":
            return [f"{run.name}: ended as {status} before its redrive"]
    api.create_machine({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}, "mended")
    for run in runs:
        api.states("RedriveExecution", executionArn=run.execution)
    for _ in range(2):
        time.sleep(rng.uniform(0.1, 0.8))
        server.kill()
        server.start()
    return []


def children_of(api, run, **more):
    children, token = [], {}
    while True:
        page = api.states("ListExecutions", mapRunArn=run.map_run, maxResults=1000, **token, **more)
        children += page["executions"]
        if not page.get("nextToken"):
            return children
        token = {"nextToken": page["nextToken"]}


def numbers_in(text):
    """The items that a child's input names."""
    value = json.loads(text)
    return [item["number"] for item in (value["Items"] if "Items" in value else [value])]


class Checks:
    """What is wrong with a run that has ended."""

    def __init__(self, api, folder, run):
        self.api, self.folder, self.run = api, folder, run
        self.problems = []

    def expect(self, condition, what):
        if not condition:
            self.problems.append(f"{self.run.name}: {what}")

    def all(self, seconds):
        run = self.run
        description = self.api.wait_closed(run.execution, seconds)
        self.expect(description["status"] == run.status, f"ended as {description['status']}")
        map_run = self.api.states("DescribeMapRun", mapRunArn=run.map_run)
        self.expect(map_run["status"] == run.status, f"its Map Run is {map_run['status']}")
        self.counts(map_run)
        events = self.api.history(run.execution)
        for problem in [] if run.redrives else histories.well_formed(events):
            self.expect(False, problem)
        types = collections.Counter(event["type"] for event in events)
        self.expect(types["MapRunStarted"] == 1, f"{types['MapRunStarted']} MapRunStarted events")
        self.expect(types["MapRunRedriven"] == run.redrives, f"{types['MapRunRedriven']} redrives")
        self.expect(map_run["redriveCount"] == run.redrives,
                    f"redriveCount {map_run['redriveCount']}")
        self.children(map_run)
        if run.status == "SUCCEEDED":
            (self.files if "ResultWriter" in run.state else self.output)(description)
        return self.problems

    def counts(self, map_run):
        for kind in ("itemCounts", "executionCounts"):
            counts = map_run[kind]
            self.expect(counts["running"] == 0, f"{kind}: {counts}")
            if self.run.status != "SUCCEEDED":
                continue
            ended = sum(counts[name] for name in ("succeeded", "failed", "timedOut", "aborted"))
            self.expect(counts["pending"] == 0 and ended == counts["total"], f"{kind}: {counts}")
        if self.run.status != "SUCCEEDED":
            return
        items, children = map_run["itemCounts"], map_run["executionCounts"]
        self.expect(items["total"] == self.run.items, f"{items['total']} items of {self.run.items}")
        self.expect(items["failed"] == self.run.failures, f"{items['failed']} failed items")
        if self.run.children is not None:
            self.expect(children["total"] == self.run.children, f"{children['total']} children")
        if "ResultWriter" in self.run.state:
            self.expect(children["resultsWritten"] == children["total"], f"results: {children}")

    def children(self, map_run):
        children = children_of(self.api, self.run)
        arns = collections.Counter(child["executionArn"] for child in children)
        self.expect(set(arns.values()) <= {1}, "a child is listed twice")
        running = [child for child in children if child["status"] == "RUNNING"]
        self.expect(not running, f"{len(running)} children still run")
        by_status = collections.Counter(child["status"] for child in children)
        counts = map_run["executionCounts"]
        if ":express:" in children[0]["executionArn"] and self.run.redrives:
            by_status["FAILED"] = by_status["ABORTED"] = 0  # they were restarted under other names
        for status, name in (("SUCCEEDED", "succeeded"), ("FAILED", "failed"),
                             ("ABORTED", "aborted")):
            self.expect(by_status[status] == counts[name],
                        f"{by_status[status]} children are {status}, counted {counts[name]}")
        if ":express:" in children[0]["executionArn"] or self.run.redrives:
            return
        for child in random.Random(1).sample(children, min(len(children), HISTORIES_SEEN)):
            for problem in histories.well_formed(self.api.history(child["executionArn"])):
                self.expect(False, f"child {child['name']}: {problem}")

    def output(self, description):
        numbers = [item["number"] for item in json.loads(description["output"])]
        expected = [str(n) for n in range(self.run.items)]
        self.expect(numbers == expected, "its output is not its items")

    def files(self, description):
        details = json.loads(description["output"])["ResultWriterDetails"]
        manifest_path = os.path.join(self.folder, details["Key"])
        with open(manifest_path, encoding="utf-8") as file:
            manifest = json.load(file)
        seen, children, failed = collections.Counter(), collections.Counter(), 0
        named = {os.path.basename(manifest_path)}
        for kind, files in manifest["ResultFiles"].items():
            for each in files:
                path = os.path.join(self.folder, each["Key"])
                named.add(os.path.basename(path))
                self.expect(os.path.getsize(path) == each["Size"],
                            f"{each['Key']} is not {each['Size']} long")
                with open(path, encoding="utf-8") as file:
                    records = json.load(file)
                for record in records:
                    children[record["ExecutionArn"]] += 1
                    seen.update(numbers_in(record["Input"]))
                    failed += kind == "FAILED"
                    if kind == "SUCCEEDED":
                        self.expect(numbers_in(record["Output"]) == numbers_in(record["Input"]),
                                    f"{record['Name']} answers for other items")
        expected = collections.Counter(str(n) for n in range(self.run.items))
        self.expect(seen == expected, f"items missing {list((expected - seen).elements())[:5]}, "
                    f"or too often {list((seen - expected).elements())[:5]}")
        self.expect(all(count == 1 for count in children.values()), "a child has two results")
        self.expect(failed == self.run.failures, f"{failed} failed records")
        in_folder = set(os.listdir(os.path.dirname(manifest_path)))
        if self.run.redrives:
            in_folder.discard("FAILED_0.json")  # of before
        self.expect(in_folder == named, f"the folder holds {in_folder}, the manifest names {named}")


def state_of_files(folder):
    return {os.path.join(root, name): os.stat(os.path.join(root, name)).st_mtime_ns
            for root, _, names in os.walk(folder) for name in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10 ** 9))
    parser.add_argument("--only", help="names of runs, with commas between")
    parser.add_argument("--keep-log", help="where to write the server's log")
    options = parser.parse_args()
    print(f"{options.items} items, {options.kills} kills, --seed {options.seed}", flush=True)
    problems = []
    server = harness.Server(options.pawl, keep_log=options.keep_log)
    objects = os.path.join(server.directory, "objects")
    folder = os.path.join(objects, BUCKET)
    write_items(folder, options.items)
    server.options += ["--objects", objects]
    with server:
        api = server.api()
        wanted = set(options.only.split(",")) | {"stopped"} if options.only else None
        runs = [run for run in runs_of(options.items) if wanted is None or run.name in wanted]
        began = time.monotonic()
        for run in runs:
            run.start(api)
        for run in runs:
            find_map_run(api, run)
        restarts, open_at_kill = kill_many(server, runs, options.kills, random.Random(options.seed))
        redriven = [run for run in runs if run.redrives]
        problems += redrive(server, redriven, random.Random(options.seed))
        for run in runs:
            try:
                problems += Checks(server.api(), folder, run).all(60 + options.items / 200)
            except (TimeoutError, harness.ApiError, OSError, KeyError) as error:
                problems.append(f"{run.name}: {error!r}")
        before = state_of_files(folder)
        server.kill()
        server.start()
        insist(api.states, "DescribeMapRun", mapRunArn=runs[0].map_run)
        time.sleep(0.5)
        if state_of_files(folder) != before:
            problems.append("results: written again by a restart")
        print(json.dumps({"runs": len(runs), "items": options.items, "kills": options.kills,
                          "seed": options.seed, "open_at_kill": open_at_kill,
                          "restart_ms": restarts, "seconds": round(time.monotonic() - began, 1)}))
        if problems:
            print("\n".join(problems[:60]))
            print(server.log_tail(15))
        elif server.stop() != 0:
            problems.append("server: did not stop as it should")
    wrong = len({problem.split(":")[0] for problem in problems})
    print(f"map runs: {len(runs) - wrong} as they should be, {len(problems)} problems")
    harness.report_counts(max(0, len(runs) - wrong), wrong)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
