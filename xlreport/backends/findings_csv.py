"""Turn findings into CSV, to be sorted and filtered in a spreadsheet; JSON is the form for programs."""

import csv
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, TextIO

from xlreport.findings import Finding

__all__ = ["COLUMNS", "write"]

COLUMNS: Final = (
    *("severity", "code", "file", "sheet", "row", "column", "cell", "path", "table", "key"),
    *("value", "message", "hint", "expected"),
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write ``findings`` to ``stream`` under a line of headings.

    Text that a spreadsheet would take for a formula gets an apostrophe before it, as one would type it.
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(finding, column) for column in COLUMNS] for finding in findings)


def _cell(finding: Finding, column: str) -> str:
    value = getattr(finding.place if hasattr(finding.place, column) else finding, column)
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
