#!/usr/bin/env python3
"""Drives a fresh server with clients as AWS ships them: AWS CLI 2 and 1, the SDKs for Python and
for JavaScript. Only the endpoint differs from talking to AWS."""
import argparse
import os
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import clients  # noqa: E402
import functions  # noqa: E402
import harness  # noqa: E402
import objects  # noqa: E402
import repositories  # noqa: E402
import scenario  # noqa: E402

JAVASCRIPT_SECONDS_MAX = 240


def command_lines():
    """{name: program}: Debian's AWS CLI 2 and, beside this Python, PyPI's AWS CLI 1."""
    found = {"cli1": os.path.join(os.path.dirname(sys.executable), "aws")}
    if os.path.exists("/usr/bin/aws"):
        found["cli2"] = "/usr/bin/aws"
    return {name: program for name, program in found.items() if os.path.exists(program)}


def run_javascript(endpoint, folder):
    """(passed, problems) of the script that uses the SDK for JavaScript."""
    script = os.path.join(folder, "client.mjs")
    with open(os.path.join(HERE, "javascript", "client.mjs"), encoding="utf-8") as source:
        text = source.read()
    with open(script, "w", encoding="utf-8") as target:  # beside its node_modules
        target.write(text)
    done = subprocess.run(["node", script], env=clients.environment(endpoint), text=True,
                          capture_output=True, timeout=JAVASCRIPT_SECONDS_MAX, check=False)
    lines = done.stdout.splitlines()
    problems = [line for line in lines if line.startswith("not ok")]
    if done.returncode != 0 and not problems:
        problems = [done.stderr.strip()[-1000:] or f"node ended with {done.returncode}"]
    return sum(line.startswith("ok ") for line in lines), [f"javascript: {p}" for p in problems]


def run_all(server, options, folder):
    """(passed, problems) over all clients, which work at the same time."""
    scenarios = [scenario.Scenario(clients.Boto3(server.endpoint), "boto3", folder)]
    for name, program in command_lines().items():
        client = clients.CommandLine(server.endpoint, program)
        print(f"{name}: {client.label()}", flush=True)
        scenarios.append(scenario.Scenario(client, name, folder))
    javascript = []
    threads = [threading.Thread(target=each.run) for each in scenarios]
    threads.append(threading.Thread(
        target=lambda: javascript.append(run_javascript(server.endpoint, options.javascript))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results = [(each.passed, each.problems) for each in scenarios] + javascript
    if len(results) != len(threads):
        results.append((0, ["a client ended without a result"]))
    return sum(passed for passed, _ in results), [p for _, problems in results for p in problems]


def run_objects(pawl, folder):
    """(passed, problems) of buckets, roles, keys, repositories, where signatures are verified."""
    credentials = os.path.join(folder, "credentials")
    with open(credentials, "w", encoding="utf-8") as file:
        file.write(f"{objects.KEY} {objects.SECRET}\n")
    with harness.Server(pawl, ["--credentials", credentials]) as server:
        runs = [objects.Boto3Objects(server.endpoint)]
        runs += [objects.CommandLineObjects(server.endpoint, program, name, folder)
                 for name, program in command_lines().items()]
        runs.append(repositories.Repositories(server.endpoint, folder))
        runs.append(functions.Functions(server.endpoint))
        for each in runs:  # the lists of buckets are looked at
            each.run()
    return sum(each.passed for each in runs), [p for each in runs for p in each.problems]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--javascript", default=os.path.join(ROOT, "build/tools/javascript"),
                        help="directory whose node_modules have the SDK")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, harness.Server(options.pawl) as server:
        passed, problems = run_all(server, options, folder)
        more_passed, more_problems = run_objects(options.pawl, folder)
        passed += more_passed
        problems += more_problems
        if problems:
            print("\n".join(problems))
            print(server.log_tail(15))
    print(f"stock clients: {passed} steps passed, {len(problems)} failed")
    harness.report_counts(passed, len(problems))
    return 1 if problems or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
