#!/usr/bin/env python3
"""Runs the shared Step Functions cases against a fresh server and compares with what is known.

known_failures.txt holds `id<TAB>outcome|record<TAB>reason`. `outcome`: the case's outcome is known
to differ; `record`: the outcome is right, the full record is not. A failure that is not listed
fails the run, and so does a listed case that passes: the list only shrinks.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tests"))
import harness  # noqa: E402

KNOWN = os.path.join(HERE, "known_failures.txt")
SUITE_SECONDS_MAX = 900


def read_known(path):
    known = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip() or line.startswith("#"):
                    continue
                fields = line.rstrip("\n").split("\t")
                if len(fields) != 3 or fields[1] not in ("outcome", "record"):
                    sys.exit(f"{path}:{number}: not id<TAB>outcome|record<TAB>reason")
                known[fields[0]] = (fields[1], fields[2])
    return known


def verdict(result):
    """None, "outcome" or "record": what is wrong with a case."""
    if result["outcome"] == "fail":
        return "outcome"
    return "record" if result["history"] == "fail" else None


def compare(results, known):
    """Lines about what differs from the list, and the list as it is now."""
    problems, now = [], {}
    for result in results:
        if result["outcome"] == "skip":
            if result["id"] in known:
                now[result["id"]] = known[result["id"]]
            continue
        got, listed = verdict(result), known.get(result["id"], (None, ""))
        if got:
            reason = listed[1] if listed[0] == got else ""
            now[result["id"]] = (got, reason)
        if got == listed[0]:
            continue
        if got is None:
            problems.append(f"PASSES  {result['id']}: take it off the list ({listed[0]})")
        elif listed[0] == "outcome":
            problems.append(f"BETTER  {result['id']}: the outcome is right now; list it as record")
        else:
            why = result["why"] if got == "outcome" else result.get("history_why", result["why"])
            problems.append(f"FAILS   {result['id']} ({got})\n        {why}")
    ran = {result["id"] for result in results}
    problems += [f"UNKNOWN {case}: no such case" for case in known if case not in ran]
    return problems, now


def write_known(path, now):
    """Rewrites the list for review: what passes goes, what fails stands there without a reason."""
    with open(path, encoding="utf-8") as file:
        head = [line for line in file if line.startswith("#")]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(head)
        for case, (kind, reason) in sorted(now.items()):
            file.write(f"{case}\t{kind}\t{reason}\n")


def run_again(options, server, out, results, known):
    """Unlisted failures once more, one at a time: a crowded machine can miss a case's own timeouts.
    What passes then is named, so that it is not overlooked, and counts as passed."""
    failed = [r["id"] for r in results if verdict(r) and r["id"] not in known][:20]
    if not failed:
        return results
    alone = argparse.Namespace(**{**vars(options), "jobs": 1})
    alone.more = [*options.more, *(word for case in failed for word in ("--id", case))]
    again = {r["id"]: r for r in run_cases(alone, server, out)}
    for case in failed:
        if not verdict(again[case]):
            print(f"UNSTEADY {case}: failed in the crowd, passed alone")
    return [again.get(r["id"], r) if r["id"] in failed else r for r in results]


def run_cases(options, server, out):
    command = [sys.executable, os.path.join(options.suite, "run.py"),
               "--endpoint", server.endpoint, "--stage", options.stage,
               "--with", "lambda,s3,aws-sdk-s3",
               "--jobs", str(options.jobs), "--json", out, *options.more]
    subprocess.run(command, timeout=SUITE_SECONDS_MAX, check=False)
    with open(out, encoding="utf-8") as file:
        return json.load(file)["results"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--suite", required=True, help="directory of the shared suite's run.py")
    parser.add_argument("--stage", default="all", help="which part of the suite (or all)")
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--rewrite", action="store_true", help="rewrite known_failures.txt")
    options, options.more = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder, harness.Server(options.pawl) as server:
        out = os.path.join(folder, "results.json")
        results = run_cases(options, server, out)
        results = run_again(options, server, out, results, read_known(KNOWN))
        alive = server.process.poll() is None
        status = server.stop() if alive else server.process.returncode
        log = server.log_tail()
    problems, now = compare(results, {} if options.more else read_known(KNOWN))
    if options.rewrite:
        write_known(KNOWN, {**read_known(KNOWN), **now} if options.more else now)
    if status != 0:
        problems.append(f"the server ended with {status}\n{log}")
    print("\n".join(problems))
    ran = sum(result["outcome"] != "skip" for result in results)
    failed = len(problems)
    print(f"conformance: {ran} cases, {len(now)} known to differ, {failed} problems")
    harness.report_counts(max(0, ran - failed), failed)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
