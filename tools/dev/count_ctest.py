#!/usr/bin/env python3
"""Counts the test cases in a ctest log: GoogleTest's closing lines where there are any, else one a
test. Prints "PASSED FAILED", the form that tools/dev/stages.sh adds up."""
import re
import sys


def count(log):
    passed = failed = 0
    # ctest separates its tests by lines of dashes around "N/M Testing: NAME".
    for block in re.split(r"^\d+/\d+ Testing: ", log, flags=re.M)[1:]:
        gtest_passed = re.findall(r"^\[  PASSED  \] (\d+) test", block, flags=re.M)
        gtest_failed = re.findall(r"^\[  FAILED  \] (\d+) test", block, flags=re.M)
        ok = "\nTest Passed." in block
        cases_passed = sum(map(int, gtest_passed))
        cases_failed = sum(map(int, gtest_failed))
        if cases_passed + cases_failed == 0:
            cases_passed = 1 if ok else 0
        if not ok and cases_failed == 0:
            cases_failed = 1
        passed += cases_passed
        failed += cases_failed
    return passed, failed


if __name__ == "__main__":
    with open(sys.argv[1], errors="replace") as file:
        print(*count(file.read()))
