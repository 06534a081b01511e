"""Lay out the findings that stayed open: what was set aside and why, each with its place in the input."""

from typing import Final

from xlreport.cells import Range
from xlreport.layout.canvas import FIRST_ROW
from xlreport.layout.context import Context
from xlreport.plan import CellValue, SheetPlan, TablePlan
from xlreport.spec.records import SheetSpec
from xlreport.styles import Role

__all__ = ["issues_sheet"]

_MOST: Final = 10_000
_HEADERS: Final = ("Severity", "Register", "Record", "Where", "What is wrong", "What to do", "Code")


def issues_sheet(name: str, context: Context) -> SheetPlan:
    """Return a sheet with a row per finding; beyond 10,000 the rest is counted in the subtitle."""
    canvas = context.canvas(SheetSpec("data", name, "Findings in the data"))
    findings = context.findings
    subtitle = findings.in_words()
    if len(findings) > _MOST:
        subtitle += f" · the first {_MOST:,} of {len(findings):,} are listed"
    canvas.head(subtitle)
    canvas.put(Role.HEADER, FIRST_ROW, 1, [_HEADERS])
    rows: list[list[CellValue]] = [
        [
            finding.severity.value,
            finding.table or None,
            finding.key or None,
            str(finding.place) or None,
            finding.message,
            finding.hint or None,
            finding.code,
        ]
        for finding, _ in zip(findings, range(_MOST), strict=False)
    ]
    canvas.put(Role.BODY, FIRST_ROW + 1, 1, rows)
    whole = Range.at(FIRST_ROW, 1, len(rows) + 1, len(_HEADERS))
    canvas.tables.append(TablePlan(context.places.new_table(name), whole, _HEADERS))
    canvas.freeze = (FIRST_ROW + 1, 1)
    canvas.repeat_rows = (FIRST_ROW, FIRST_ROW)
    return canvas.plan()
