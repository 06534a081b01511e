"""Lay out the findings that stayed open: what was set aside and why, each with its place in the input."""

from dataclasses import replace
from typing import Final

from xlreport.cells import Range
from xlreport.findings import Severity
from xlreport.language import key
from xlreport.layout.canvas import FIRST_ROW
from xlreport.layout.context import Context
from xlreport.layout.texts import unique_headers
from xlreport.plan import CellValue, SheetPlan, TablePlan
from xlreport.spec.records import SheetSpec
from xlreport.styles import Role

__all__ = ["issues_sheet"]

_MOST: Final = 10_000
_SEVERITIES: Final = {
    Severity.ERROR: key("error"),
    Severity.WARNING: key("warning"),
    Severity.INFO: key("info"),
}


def issues_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return a sheet with a row per finding; beyond 10,000 the rest is counted in the subtitle."""
    language, findings = context.language, context.findings
    canvas = context.canvas(replace(sheet, title=language.text("Findings in the data")))
    canvas.head(_subtitle(context))
    headers = unique_headers(
        language.texts("Severity", "Register", "Record", "Where", "What is wrong", "What to do", "Code")
    )
    canvas.put(Role.HEADER, FIRST_ROW, 1, [headers])
    rows: list[list[CellValue]] = [
        [
            language.text(_SEVERITIES[finding.severity]),
            finding.table or None,
            language.said(finding.key) or None,
            language.said(finding.place.in_words()) or None,
            language.said(finding.message),
            language.said(finding.hint) or None,
            finding.code,
        ]
        for finding, _ in zip(findings, range(_MOST), strict=False)
    ]
    canvas.put(Role.BODY, FIRST_ROW + 1, 1, rows)
    whole = Range.at(FIRST_ROW, 1, len(rows) + 1, len(headers))
    canvas.tables.append(TablePlan(context.places.new_table(sheet.key), whole, tuple(headers)))
    canvas.freeze = (FIRST_ROW + 1, 1)
    canvas.repeat_rows = (FIRST_ROW, FIRST_ROW)
    return canvas.plan()


def _subtitle(context: Context) -> str:
    language, findings = context.language, context.findings
    parts = [
        language.count(findings.count(Severity.ERROR), "error"),
        language.count(findings.count(Severity.WARNING), "warning"),
    ]
    subtitle = ", ".join(parts)
    if len(findings) <= _MOST:
        return subtitle
    shown, n = language.number(_MOST), language.number(len(findings))
    listed = language.text("the first {shown} of {n} are listed", shown=shown, n=n)
    return f"{subtitle} · {listed}"
