"""Read a table cell by cell and row by row: the slow and plain way that the quick one is compared with."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xlreport.findings import Finding
from xlreport.sources.columns import lay_out
from xlreport.sources.description import Part
from xlreport.sources.headings import HeadingRow, nameless_columns
from xlreport.sources.items import Headings
from xlreport.sources.nesting import heading_paths, record_builder
from xlreport.sources.tabular import Row
from xlreport.tables import Field

__all__ = ["Read", "read_rows"]

Read = tuple[int, Any, list[tuple[str, Any, str]], Headings]
"""Row, record, findings in short, headings of one record; or row, None and findings."""


def read_rows(
    headings: HeadingRow, rows: Iterable[Row], part: Part, fields: Mapping[str, Field]
) -> Iterator[Read]:
    layout = lay_out(headings, part, fields)
    if layout.findings:
        yield 0, None, [_short(finding) for finding in layout.findings], {}
    build = record_builder(layout.targets)
    width, values = len(headings.texts), dict.fromkeys(layout.nameless, 0)
    for row in rows:
        for position in values:
            values[position] += not all(map(_blank, row.cells[position : position + 1]))
        if row.finding:
            yield row.number, None, [_short(row.finding)], {}
        elif row.errors or not all(map(_blank, row.cells)):
            cells = [*row.cells[:width], *[None] * (width - len(row.cells))]
            record, moves = build(cells, {})
            own = heading_paths(layout.headings, moves) if moves else layout.headings
            yield row.number, record, [*_of_width(row, width), *_of_errors(row, layout.used, part)], own
    if values:
        yield 0, None, [_short(each) for each in nameless_columns(headings, values)], {}


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _short(finding: Finding) -> tuple[str, Any, str]:
    return finding.code, finding.value, str(finding.place)


def _of_width(row: Row, width: int) -> Iterator[tuple[str, Any, str]]:
    over = row.cells[width:]
    if len(row.cells) < width:
        yield "short-row", len(row.cells), f"f:{row.number}"
    elif not all(map(_blank, over)):
        yield "long-row", len(row.cells), f"f:{row.number}"


def _of_errors(row: Row, used: Iterable[int], part: Part) -> Iterator[tuple[str, Any, str]]:
    for position, text in row.errors:
        if position in used and text not in part.notation.missing:
            yield "error-cell", text, ""
