#!/usr/bin/env python3
"""Counts the test cases in ctest logs: GoogleTest's closing lines where there are any, else one a
test. Prints "PASSED FAILED", the form that tools/dev/stages.sh adds up. A second log holds the
tests that were run again: theirs are the results that count, and each that passes only there is
named UNSTEADY on standard error."""
import re
import sys


def results(log):
    """Each test's (ok, cases passed, cases failed), by name."""
    found = {}
    # ctest separates its tests by lines of dashes around "N/M Testing: NAME".
    for block in re.split(r"^\d+/\d+ Testing: ", log, flags=re.M)[1:]:
        ok = "\nTest Passed." in block
        passed = sum(map(int, re.findall(r"^\[  PASSED  \] (\d+) test", block, flags=re.M)))
        failed = sum(map(int, re.findall(r"^\[  FAILED  \] (\d+) test", block, flags=re.M)))
        if passed + failed == 0:
            passed = 1 if ok else 0
        if not ok and failed == 0:
            failed = 1
        found[block.split("\n", 1)[0]] = (ok, passed, failed)
    return found


def count(log, again=""):
    """(cases passed, cases failed, names of the unsteady tests)"""
    first, second = results(log), results(again)
    unsteady = [name for name, (ok, *_) in second.items() if ok and not first[name][0]]
    final = (first | second).values()
    return sum(r[1] for r in final), sum(r[2] for r in final), unsteady


def read(path):
    with open(path, errors="replace", encoding="utf-8") as file:
        return file.read()


if __name__ == "__main__":
    cases_passed, cases_failed, names = count(*map(read, sys.argv[1:]))
    for test in names:
        print(f"UNSTEADY {test}: failed in the crowd, passed alone", file=sys.stderr)
    print(cases_passed, cases_failed)
