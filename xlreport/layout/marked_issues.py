"""Lay out the sheet that goes with marks in a user's own workbook: kinds of mistakes, then each of them."""

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from xlreport.cells import Range, cut, quoted_sheet, unique_sheet_name
from xlreport.findings import Finding, Findings, Severity
from xlreport.language import Language, key
from xlreport.layout.canvas import Canvas
from xlreport.layout.texts import unique_headers
from xlreport.layout.wrapping import wrapped_lines
from xlreport.plan import CellValue, Link, StyleRun, TablePlan, WorkbookPlan
from xlreport.styles import DEFAULT_THEME, Align, Role, Theme

__all__ = ["MOST_LISTED", "IssuesFacts", "issues_workbook"]

MOST_LISTED: Final = 1_000_000
"""Findings that are listed at most; a sheet has little more rows."""
_MOST_LINKS: Final = 65_000
"""Links on one sheet; Excel opens no more than 65,530."""
_MOST_KINDS: Final = 8
"""Kinds of mistakes that stand above the list, so that its headings can be frozen."""
_MOST_SHEETS: Final = 6
_NEVER: Final = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
_HEADERS: Final = (
    *(key("No."), key("Severity"), key("Sheet"), key("Cell"), key("Column"), key("Value")),
    *(key("What is wrong"), key("What to do"), key("Record"), key("Code")),
)
_WIDTHS: Final = (7.0, 10.0, 18.0, 9.0, 20.0, 20.0, 56.0, 44.0, 16.0, 20.0)
_SEVERITY, _CELL, _VALUE, _HINT, _RECORD = 2, 4, 6, 8, 9
_WRAPPED: Final = (3, 5, 6, 7, 8, 9, 10)
"""Columns whose texts wrap."""
_LETTERS: Final = 1.1
"""Letters of a text that fit into the width of one digit."""
_AIR: Final = 3.0
"""Points above and below the lines of a cell."""
_SEVERITIES: Final = {
    Severity.ERROR: key("error"),
    Severity.WARNING: key("warning"),
    Severity.INFO: key("info"),
}
_WEIGHTS: Final = {severity: weight for weight, severity in enumerate(_SEVERITIES)}
_FILLS: Final = {Severity.ERROR: "FBD5D5", Severity.WARNING: "FCE6B8"}
"""Near the colours of the marks, so that the sheet explains them, but none of them."""
_MOST_VALUE: Final = 200


@dataclass(frozen=True, slots=True)
class IssuesFacts:
    """What the sheet has to know besides the findings."""

    sheets: Sequence[str]
    """All sheets of the workbook, in their order."""
    marked: Mapping[str, int]
    """Sheet -> cells that bear a mark."""
    is_own: Callable[[Finding], bool]
    """Whether a finding lies in this workbook."""
    notes: Sequence[str] = ()
    """Sentences about what could not be done."""
    table: str = "xlreport_issues"


def issues_workbook(
    findings: Findings, facts: IssuesFacts, language: Language, theme: Theme = DEFAULT_THEME
) -> WorkbookPlan:
    """Return a workbook with the sheet of issues alone."""
    name = unique_sheet_name(language.text("Issues"), facts.sheets)
    canvas = Canvas(name, language.text("Issues in this workbook"), theme, language=language)
    for column, width in enumerate(_WIDTHS, 1):
        canvas.widths[column] = width
    canvas.head(_subtitle(findings, facts, language))
    row = 3
    listed = _in_order(findings, facts)[:MOST_LISTED]
    for note in _notes(findings, facts, language, len(listed)):
        _put_note(canvas, row, note)
        row += 1
    row = _kinds(canvas, row + 1, findings, facts)
    _list(canvas, row, listed, facts)
    sheet = replace(canvas.plan(), tab_color=theme.bad)
    return WorkbookPlan(sheet.title, (sheet,), _NEVER, theme=theme)


def _subtitle(findings: Findings, facts: IssuesFacts, language: Language) -> str:
    counts = [
        language.count(findings.count(Severity.ERROR), "error"),
        language.count(findings.count(Severity.WARNING), "warning"),
    ]
    cells = language.count(sum(facts.marked.values()), "cell marked", "cells marked")
    sheets = [f"{name} {language.number(count)}" for name, count in facts.marked.items()]
    where = f": {language.listing(sheets, most=_MOST_SHEETS)}" if sheets else ""
    return f"{', '.join(counts)} · {cells}{where}"


def _notes(findings: Findings, facts: IssuesFacts, language: Language, listed: int) -> list[str]:
    notes = [
        language.text(
            "Correct the cells, save, and mark the workbook again: what is right loses its mark. "
            "Hidden names beginning with _xlreport keep what the marks cover."
        ),
        *facts.notes,
    ]
    if listed < len(findings):
        left = language.number(len(findings) - listed)
        notes.append(language.text("{n} more findings have no room on this sheet.", n=left))
    if listed > _MOST_LINKS:
        notes.append(
            language.text("The first {n} lines lead to their cells.", n=language.number(_MOST_LINKS))
        )
    return notes


def _in_order(findings: Findings, facts: IssuesFacts) -> list[Finding]:
    """Return errors before warnings, and each as they stand in the workbook before those in other files."""
    sheets = {name: position for position, name in enumerate(facts.sheets)}
    last = len(sheets)

    def place(finding: Finding) -> tuple[int, bool, int, int]:
        own = facts.is_own(finding)
        position = sheets.get(finding.place.sheet, last) if own else last
        return _WEIGHTS[finding.severity], not own, position, finding.place.row or 0

    return sorted(findings, key=place)


# --- kinds


def _kinds(canvas: Canvas, row: int, findings: Findings, facts: IssuesFacts) -> int:
    """Count the mistakes by kind, and return the row behind."""
    language = canvas.language
    groups = sorted(findings.groups(), key=lambda group: _WEIGHTS[group[0].severity])
    canvas.put(Role.HEADING, row, 1, [[language.text("By kind")]], measured=False)
    number, first, example = language.texts("Number", "First", "Example")
    _, severity, sheet, _, column, _, _, _, _, code = language.texts(*_HEADERS)
    headers = [number, severity, sheet, first, column, None, example, None, None, code]
    canvas.put(Role.HEADER, row + 1, 1, [headers], measured=False)
    shown_groups = groups[:_MOST_KINDS]
    lines = [_line(finding, facts, language, count) for finding, count in shown_groups]
    for line in lines:
        line[_VALUE - 1] = line[_HINT - 1] = line[_RECORD - 1] = None
    _put_lines(canvas, row + 2, lines, [finding for finding, _ in shown_groups], facts, wrap=False)
    at = row + 2 + len(lines)
    if len(groups) > _MOST_KINDS:
        left = language.count(len(groups) - _MOST_KINDS, "more kind in the list", "more kinds in the list")
        _put_note(canvas, at, left)
        at += 1
    return at + 1


# --- the list


def _list(canvas: Canvas, row: int, findings: Sequence[Finding], facts: IssuesFacts) -> None:
    """Put a line for each finding, as a table that can be filtered, with its headings frozen."""
    language = canvas.language
    headers = unique_headers(language.texts(*_HEADERS))
    canvas.put(Role.HEADER, row, 1, [headers], measured=False)
    lines = [_line(finding, facts, language, number) for number, finding in enumerate(findings, 1)]
    _put_lines(canvas, row + 1, lines, findings, facts, wrap=True)
    for at, line in enumerate(lines, row + 1):
        canvas.heights[at] = _lines_of(line) * canvas.theme.line_height + _AIR
    whole = Range.at(row, 1, len(lines) + 1, len(headers))
    canvas.tables.append(TablePlan(facts.table, whole, tuple(headers)))
    canvas.freeze = (row + 1, 1)
    canvas.repeat_rows = (row, row)


def _line(finding: Finding, facts: IssuesFacts, language: Language, number: int) -> list[CellValue]:
    place = finding.place
    own = facts.is_own(finding)
    row = language.text("row {n}", n=place.row) if place.row is not None else None
    return [
        number,
        language.text(_SEVERITIES[finding.severity]),
        (place.sheet if own else place.file) or None,
        place.cell or row,
        place.column or None,
        None if finding.value is None else cut(" ".join(str(finding.value).split()), _MOST_VALUE),
        language.said(finding.message),
        language.said(finding.hint) or None,
        finding.key or None,
        finding.code,
    ]


def _put_lines(
    canvas: Canvas,
    row: int,
    lines: Sequence[Sequence[CellValue]],
    findings: Sequence[Finding],
    facts: IssuesFacts,
    *,
    wrap: bool,
) -> None:
    """Put lines with links to their cells, and the severities filled as the marks are."""
    if not lines:
        return
    before = len(canvas.runs)
    canvas.put(Role.BODY, row, 1, lines, ["#,##0"], measured=False)
    runs = canvas.runs[before:]
    del canvas.runs[before:]
    for column, run in enumerate(runs, 1):
        if column == _SEVERITY:
            canvas.runs += _by_severity(run, findings)
        elif column == _CELL:
            canvas.runs += _linked(canvas, run, findings, facts)
        else:
            canvas.runs.append(StyleRun(run.range, run.style.with_(wrap=wrap and column in _WRAPPED)))


def _by_severity(run: StyleRun, findings: Sequence[Finding]) -> Iterator[StyleRun]:
    at = run.range.first_row
    for severity, group in itertools.groupby(finding.severity for finding in findings):
        height = len(list(group))
        look = run.style.with_(fill=_FILLS.get(severity, ""), align=Align.LEFT, indent=1)
        yield StyleRun(Range.at(at, _SEVERITY, height), look)
        at += height


def _linked(
    canvas: Canvas, run: StyleRun, findings: Sequence[Finding], facts: IssuesFacts
) -> Iterator[StyleRun]:
    """Hang links on the cells of a column, and return how they look."""
    at = run.range.first_row
    look = canvas.theme.style(Role.LINK)
    targets = [_target(finding, facts) for finding in findings]
    room = _MOST_LINKS - len(canvas.links)
    targets = [*targets[:room], *([""] * (len(targets) - room))]
    for leads, group in itertools.groupby(targets, key=bool):
        found = list(group)
        yield StyleRun(Range.at(at, _CELL, len(found)), look if leads else run.style)
        canvas.links += [Link(row, _CELL, target) for row, target in enumerate(found, at) if leads]
        at += len(found)


def _target(finding: Finding, facts: IssuesFacts) -> str:
    """Return what a finding leads to: its cell, its row, its sheet; nothing in another file."""
    place = finding.place
    if not facts.is_own(finding) or place.sheet not in facts.sheets:
        return ""
    return f"{quoted_sheet(place.sheet)}!{place.cell or f'A{place.row or 1}'}"


def _lines_of(line: Sequence[CellValue]) -> int:
    """Return how many lines the longest text of a row wraps into."""
    return max(_wrapped(str(line[column - 1] or ""), column) for column in _WRAPPED)


@functools.lru_cache(maxsize=10_000)
def _wrapped(text: str, column: int) -> int:
    return wrapped_lines(text, _WIDTHS[column - 1] * _LETTERS)


def _put_note(canvas: Canvas, row: int, text: str) -> None:
    canvas.put(Role.NOTE, row, 1, [[text]], measured=False)
    canvas.runs[-1] = StyleRun(canvas.runs[-1].range, canvas.runs[-1].style.with_(wrap=False))
