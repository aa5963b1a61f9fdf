#!/usr/bin/env python3
"""Pipelines by boto3 and git: what each of their parts does, and the article's scenario whole, with
the server killed in every phase of it."""
import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
from article import Article  # noqa: E402
from behaviour import Behaviour  # noqa: E402

OPTIONS = ["--pipeline-interval", "200ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pawl", default="build/dev/pawl")
    parser.add_argument("--kills", type=int, default=5, help="moments that kills come at")
    parser.add_argument("--only", choices=["behaviour", "article"])
    parser.add_argument("--rows", nargs="*", help="only these rows, after the first one")
    arguments = parser.parse_args()
    passed, problems = 0, []
    for name, make in (("behaviour", Behaviour), ("article", lambda s: Article(
            s, arguments.kills))):
        if arguments.only not in (None, name):
            continue
        print(f"{name}:")
        with harness.Server(arguments.pawl, OPTIONS) as server:
            suite = make(server)
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
