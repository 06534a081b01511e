"""Build a workbook as its users do, telling what each stage took.

Importing this imports what building would, so that it stands outside of what is measured.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from xlreport import checks, registry, sources  # noqa: F401  # building imports them when it reaches them
from xlreport.analysis import analyse  # noqa: F401  # likewise
from xlreport.backends import xlsx  # noqa: F401  # likewise
from xlreport.layout import workbook  # noqa: F401  # likewise
from xlreport.pipeline import Options, build

__all__ = ["build_in_stages"]


def build_in_stages(
    report: str | Path, data: Path, path: Path, schema: Path | None = None
) -> Mapping[str, float]:
    """Build the workbook at ``path`` and return the CPU seconds of each stage."""
    stages: dict[str, float] = {}
    before = time.process_time()

    def progress(stage: str, _done: str) -> None:
        nonlocal before
        now = time.process_time()
        stages[stage], before = round(now - before, 4), now

    build(report, data, path, Options(schema=schema), progress=progress)
    return stages
