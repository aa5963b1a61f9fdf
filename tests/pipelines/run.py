#!/usr/bin/env python3
"""Pipelines by boto3 and git: what each of their parts does, and the article's scenario whole, with
the server killed in every phase of it."""
import argparse
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
from article import Article  # noqa: E402
from behaviour import Behaviour, Verified  # noqa: E402

OPTIONS = ["--pipeline-interval", "200ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pawl", default="build/dev/pawl")
    parser.add_argument("--kills", type=int, default=5, help="moments that kills come at")
    parser.add_argument("--only", choices=["behaviour", "verified", "article"])
    parser.add_argument("--rows", nargs="*", help="only these rows, after the first one")
    arguments = parser.parse_args()
    passed, problems = 0, []
    keys = tempfile.NamedTemporaryFile("w", suffix=".keys")
    keys.write("test test\n")
    keys.flush()
    suites = [("behaviour", Behaviour, []), ("verified", Verified, ["--credentials", keys.name]),
              ("article", Article, [])]
    for name, make, options in suites:
        if arguments.only not in (None, name):
            continue
        print(f"{name}:")
        with harness.Server(arguments.pawl, OPTIONS + options) as server:
            suite = make(server)
            suite.kills = arguments.kills
            if arguments.rows:
                suite.STEPS = suite.STEPS[:1] + arguments.rows
            suite.run()
            if suite.problems:
                print(server.log_tail())
        passed += suite.passed
        problems += suite.problems
    for problem in problems:
        print("FAILED", problem)
    print(f"{passed} passed, {len(problems)} failed")
    harness.report_counts(passed, len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
