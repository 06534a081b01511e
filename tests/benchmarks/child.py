"""Run one case in this process: ``python -m tests.benchmarks.child SUBJECT CASE ROWS STEP RESULT``."""

import sys
from pathlib import Path

from tests.benchmarks.measure import Size, run_here
from tests.benchmarks.subjects import SUBJECTS

if __name__ == "__main__":
    subject, case, rows, step, result = sys.argv[1:]
    print(run_here(SUBJECTS[subject].case(case), Size(int(rows), int(step)), Path(result)))  # noqa: T201  # the parent reads it
