#!/usr/bin/env python3
"""The published sample of the article, unmodified, from its folder: bootstrap.sh by the AWS command
line, pushes with plain git, all three paths, and what else can become of a push. Fetches nothing:
the folder must hold the clone and, under pipeline/codepipeline and pipeline/statemachines/deploy,
the node_modules that its own install_dependencies.sh would lay: aws-sdk@2 fstream@1 mime@1
mkdirp@0.5 moment@2 tar@4 yauzl@2 zip-folder@1, and copies of its two local_modules.

    published.py --pawl build/release/pawl --folder DIR [--corrected]

--corrected: works on a copy of DIR in which the three known defects are mended (the state "Delete
Change Set" calls the function of that name; that function's misspelled variable; a change set
calls a deletion "Remove", not "Delete"), and expects what the article tells: the stack stays as it
was."""
import argparse
import os
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import harness  # noqa: E402
from published_sample import Sample  # noqa: E402


def corrected_copy(folder, target):
    shutil.copytree(folder, target, symlinks=True)
    for at, _, names in os.walk(os.path.join(target, "pipeline")):
        for name in names:
            path = os.path.join(at, name)
            if name == "state_machine_template.yaml":
                edit(path, r'("Delete Change Set": \{.*?\$\{)ExecuteChangeSet',
                     r"\1DeleteChangeSet")
            if name == "inspect_change_set.js":
                edit(path, 'Action == "Delete"', 'Action == "Remove"')
    for at, _, names in os.walk(target):
        for name in names:
            if name == "cloudformation_manager.js":
                edit(os.path.join(at, name), r"(deleteChangeSet = .*?)function \(cloudformation\)",
                     r"\1function (cloudFormation)")
    return target


def edit(path, pattern, replacement):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(pattern, replacement, text, count=1, flags=re.S))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pawl", default="build/release/pawl")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--corrected", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pawl-sample-") as home, \
            harness.Server(arguments.pawl, ["--pipeline-interval", "1s"]) as server:
        folder = os.path.abspath(arguments.folder)
        if arguments.corrected:
            folder = corrected_copy(folder, os.path.join(home, "sample"))
        sample = Sample(server, folder, home, arguments.corrected)
        sample.run()
        for problem in sample.problems:
            print("FAILED", problem)
        if sample.problems:
            print(server.log_tail())
        print(f"{sample.passed} passed, {len(sample.problems)} failed")
        return 1 if sample.problems else 0


if __name__ == "__main__":
    sys.exit(main())
