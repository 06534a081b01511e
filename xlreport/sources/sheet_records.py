"""Turn a sheet of a workbook into records, or into parts of records.

A formula counts by the value that was stored with it. The reader of cells (calamine) gives an error such
as #DIV/0! as an empty cell; in .xlsx and .xlsm files what it does not tell is looked up in the package.
"""

import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlreport.sources.columns import Layout, lay_out
from xlreport.sources.description import Part
from xlreport.sources.heading_rows import LOOKED_AT, Names, SheetRow, always, find_headings
from xlreport.sources.headings import HeadingRow, heading_text
from xlreport.sources.items import Cell, Item, Run, UnreadableError
from xlreport.sources.mapping import sources_of
from xlreport.sources.naming import Meaning, naming_of
from xlreport.sources.package import is_form
from xlreport.sources.sheet_notes import (
    flawed_cell,
    half_seen,
    hidden_sheet,
    is_total,
    sheet_notes,
    totals_row,
)
from xlreport.sources.shown_numbers import Padding
from xlreport.sources.tabular import Row, is_blank, table_items
from xlreport.sources.workbook_files import OpenedSheet, empty_sheet, first_texts, opened_sheet
from xlreport.tables import Field, Kind

__all__ = ["RowsAre", "headings_of", "workbook_items"]

_LAST_ROWS: Final = 3
"""Rows at the end of a sheet that may add up those above them."""


@dataclass(frozen=True, slots=True)
class RowsAre:
    """What the rows of a child sheet are, which are no records of their own."""

    names: Names
    layout: Callable[[HeadingRow], Layout]


def headings_of(part: Part, names: Names) -> tuple[str, ...]:
    """Return the headings of a sheet, read by what they can mean; nothing where it has none."""
    rows = [SheetRow(number, texts) for number, texts in first_texts(part, LOOKED_AT)]
    found = find_headings(rows, names, (), 1, part.header_row)
    return found.texts if found else ()


def workbook_items(
    part: Part, fields: Mapping[str, Field], rows_are: RowsAre | None = None
) -> Iterator[Item | Run]:
    """Iterate over the records of a sheet; ``row`` is the row of the sheet, whatever stands above it.

    ``rows_are`` says what the rows of a child sheet are; without it, they are records of the ``fields``.
    """
    sheet = opened_sheet(part)
    first_column = (sheet.cells.start or (0, 0))[1] + 1
    top, rows = _top(_rows(sheet, first_column))
    names = rows_are.names if rows_are else _names(part, fields)
    found = find_headings(top, names, sheet.facts.merged, first_column, part.header_row)
    if found is None:
        raise UnreadableError(empty_sheet(part, sheet.name))
    headings = HeadingRow(found.texts, part.file, found.last_row, sheet.name, first_column)
    layout = rows_are.layout(headings) if rows_are else lay_out(headings, part, fields)
    above = [] if is_form(part.path) else top
    notes = list(sheet_notes(headings, found, above, sheet.facts, layout))
    notes += [hidden_sheet(headings)] if sheet.hidden else []
    notes += [half_seen(headings)] if found.last_row < _last_row(sheet) and not sheet.looked_into else []
    if notes:
        yield Item(0, None, tuple(notes))
    data = itertools.dropwhile(lambda row: row.number <= found.last_row, rows)
    yield from table_items(
        headings,
        _with_totals(_as_shown(data, sheet, headings, layout), sheet, headings),
        part,
        fields,
        cell_error=flawed_cell,
        layout=layout,
    )


def _last_row(sheet: OpenedSheet) -> int:
    return (sheet.cells.end or (0, 0))[0] + 1


def _names(part: Part, fields: Mapping[str, Field]) -> Names:
    """Return what the headings of a sheet of records can mean."""
    if part.mapping is not None:
        sources = _Sources(
            {heading_text(name) for spec in part.mapping.values() for name in sources_of(spec)}
        )
        return always(sources)
    return always(naming_of(fields) if fields else None)


@dataclass(frozen=True, slots=True)
class _Sources:
    """The columns that a mapping draws on."""

    names: set[str]

    def meaning(self, text: str, _taken: set[str]) -> Meaning:
        """Return the column itself, if the mapping draws on it."""
        return Meaning((text,) if text in self.names else ())


def _rows(sheet: OpenedSheet, first_column: int) -> Iterator[Row]:
    flaws = sheet.facts.flaws
    if not flaws:
        yield from map(Row, itertools.count(1), sheet.cells.iter_rows())
        return
    for number, cells in enumerate(sheet.cells.iter_rows(), 1):
        if number in flaws:
            found = tuple((column - first_column, text) for column, text in flaws[number])
            yield Row(number, _without(cells, {position for position, _ in found}), found)
        else:
            yield Row(number, cells)


def _without(cells: Sequence[Cell], positions: set[int]) -> list[Cell]:
    return [None if position in positions else cell for position, cell in enumerate(cells)]


def _top(rows: Iterator[Row]) -> tuple[list[SheetRow], Iterator[Row]]:
    """Return the first rows, as many as headings are looked for in, and all rows."""
    seen: list[Row] = []
    filled = 0
    while filled < LOOKED_AT and (row := next(rows, None)):
        seen.append(row)
        filled += not is_blank(row.cells)
    return [SheetRow(row.number, row.cells) for row in seen], itertools.chain(seen, rows)


def _as_shown(rows: Iterator[Row], sheet: OpenedSheet, headings: HeadingRow, layout: Layout) -> Iterator[Row]:
    """Put the text that a cell shows (00123) in place of its number (123), where the field is a text."""
    columns = {
        column - headings.first_column: _Paddings(runs)
        for column, runs in sheet.facts.padded.by_column().items()
        if _is_text(column - headings.first_column, layout)
    }
    return (_shown_row(row, columns) for row in rows) if columns else rows


def _is_text(position: int, layout: Layout) -> bool:
    column = layout.columns.get(position)
    return position in layout.used and (column is None or column.kind in (None, Kind.TEXT))


class _Paddings:
    """The paddings of the cells in a column."""

    def __init__(self, runs: Sequence[tuple[int, int, Padding]]) -> None:
        self._runs = runs
        self._firsts = [first for first, _, _ in runs]

    def shown(self, row: int, cell: Cell) -> Cell:
        """Return what the cell in a row shows."""
        at = bisect_right(self._firsts, row) - 1
        if at < 0 or row > self._runs[at][1] or not isinstance(cell, float):
            return cell
        return self._runs[at][2].shown(cell) or cell


def _shown_row(row: Row, columns: Mapping[int, _Paddings]) -> Row:
    cells = list(row.cells)
    for position, paddings in columns.items():
        cells[position] = paddings.shown(row.number, cells[position])
    return row._replace(cells=cells)


def _with_totals(rows: Iterator[Row], sheet: OpenedSheet, headings: HeadingRow) -> Iterator[Row]:
    """Note at the last rows whether they add up those above them."""
    last = _last_row(sheet) - _LAST_ROWS
    yield from itertools.islice(rows, max(last - headings.row, 0))
    for row in rows:
        if is_total(row.cells):
            text = next(cell for cell in row.cells if isinstance(cell, str) and cell.strip())
            yield row._replace(notes=(totals_row(headings, row.number, text),))
        else:
            yield row
