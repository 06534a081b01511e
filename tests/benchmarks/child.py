"""Run one case in this process: ``python -m tests.benchmarks.child SUBJECT CASE ROWS RESULT``."""

import sys
from pathlib import Path

from tests.benchmarks.measure import run_here
from tests.benchmarks.subjects import SUBJECTS

if __name__ == "__main__":
    subject, case, rows, result = sys.argv[1:]
    print(run_here(SUBJECTS[subject].case(case), int(rows), Path(result)))  # noqa: T201  # the parent reads it
