#!/usr/bin/env python3
"""What count_ctest makes of a log: a test that passes, one that fails, one without GoogleTest."""
import unittest

from count_ctest import count

LOG = """Start testing: Nov 22 11:50 UTC
----------------------------------------------------------
1/3 Testing: base
1/3 Test: base
Output:
----------------------------------------------------------
[  PASSED  ] 11 tests.
<end of output>
----------------------------------------------------------
Test Passed.

2/3 Testing: git
2/3 Test: git
Output:
----------------------------------------------------------
[  PASSED  ] 12 tests.
[  FAILED  ] 1 test, listed below:
<end of output>
----------------------------------------------------------
Test Failed.

3/3 Testing: corpus
3/3 Test: corpus
Output:
----------------------------------------------------------
Test Passed.
"""


class Count(unittest.TestCase):
    def test_cases_of_each_test(self):
        self.assertEqual(count(LOG), (24, 1, []))

    def test_a_test_that_ends_without_a_word_has_failed(self):
        self.assertEqual(count("1/1 Testing: base\n1/1 Test: base\nTest Failed.\n"), (0, 1, []))

    def test_what_was_run_again_counts_as_it_went_then(self):
        again = "1/1 Testing: git\n[  PASSED  ] 13 tests.\nTest Passed.\n"
        self.assertEqual(count(LOG, again), (25, 0, ["git"]))
        still = "1/1 Testing: git\n[  PASSED  ] 12 tests.\n[  FAILED  ] 1 test.\nTest Failed.\n"
        self.assertEqual(count(LOG, still), (24, 1, []))


if __name__ == "__main__":
    unittest.main()
