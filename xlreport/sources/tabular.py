"""Turn rows under headings into records: what CSV files, workbooks and DataFrames have in common."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from xlreport.findings import Finding, Severity
from xlreport.sentences import Counted, Listed, Name, Sentence
from xlreport.sources.columns import Layout, lay_out
from xlreport.sources.description import Part
from xlreport.sources.headings import HeadingRow, nameless_columns
from xlreport.sources.items import Cell, Headings, Item, Run, UnreadableError, singly
from xlreport.sources.nesting import heading_paths
from xlreport.sources.records import records_builder
from xlreport.tables import Field
from xlreport.text import shown

__all__ = ["Row", "error_cell", "is_blank", "table_items"]

_BLOCK: Final = 250
"""Rows that are read together; with more, their cells are no longer in the processor's cache."""
_PATTERNS_KEPT: Final = 1000
"""Ways in which array items can move up; beyond this each such row works out its headings again."""


class Row(NamedTuple):
    """One row under the headings, or what was found where one cannot be read."""

    number: int
    """1-based: the row of a sheet, the first line of a CSV record."""
    cells: Sequence[Cell]
    errors: tuple[tuple[int, str], ...] = ()
    """0-based position and text of each cell that is empty because it holds an error, such as #DIV/0!."""
    finding: Finding | None = None
    """Why the row cannot be read; it has no cells then."""
    notes: tuple[Finding, ...] = ()
    """What was noticed about a row that can be read."""


CellError = Callable[[HeadingRow, Row, int, str], Finding]
"""Headings, row, 0-based position and text of a cell that holds an error -> the finding about it."""


def table_items(
    heading_row: HeadingRow,
    rows: Iterable[Row],
    part: Part,
    fields: Mapping[str, Field],
    *,
    cell_error: CellError | None = None,
    layout: Layout | None = None,
) -> Iterator[Item | Run]:
    """Iterate over the records of a table, preceded and followed by what there is to say about its columns.

    Blank rows are no records. A row that is shorter than the headings has no values in the last columns;
    one with values beyond the last heading is an error, since they may all stand in the wrong columns.
    ``cell_error`` words the finding about a cell with an error, where a worksheet's words do not fit.
    ``layout`` is that of the headings, where it had to be known beforehand.
    """
    layout = layout or lay_out(heading_row, part, fields)
    if layout.findings:
        yield Item(0, None, layout.findings)
    values = dict.fromkeys(layout.nameless, 0)
    read = _block_reader(heading_row, layout, part, cell_error or error_cell)
    for block in _blocks(rows):
        if isinstance(block, Item):
            yield block
            continue
        if not block:
            continue
        for position in values:
            values[position] += sum(not is_blank(row.cells[position : position + 1]) for row in block)
        yield from read(block)
    if values:
        yield Item(0, None, tuple(nameless_columns(heading_row, values)))


def _blocks(rows: Iterable[Row]) -> Iterator[list[Row] | Item]:
    """Iterate over the rows that are not blank, many at a time, and over those that cannot be read."""
    block: list[Row] = []
    try:
        for row in rows:
            if row.finding or len(block) == _BLOCK:
                yield block
                block = []
            if row.finding:
                yield Item(row.number, None, (row.finding,))
            elif row.errors or not is_blank(row.cells):
                block.append(row)
    except (UnreadableError, UnicodeDecodeError):  # what was read before counts
        yield block
        raise
    yield block


def is_blank(cells: Iterable[Cell]) -> bool:
    """Tell whether none of the cells holds anything but blanks."""
    for cell in cells:  # noqa: SIM110  # mostly the first one tells, and a generator takes longer
        if cell is not None and not (isinstance(cell, str) and not cell.strip()):
            return False
    return True


def _block_reader(
    heading_row: HeadingRow, layout: Layout, part: Part, cell_error: CellError
) -> Callable[[Sequence[Row]], Iterator[Item | Run]]:
    build = records_builder(layout.targets)
    width = len(heading_row.texts)
    missing = frozenset(part.notation.missing)

    @functools.lru_cache(maxsize=_PATTERNS_KEPT)
    def moved(moves: tuple[tuple[str, str], ...]) -> Headings:
        return heading_paths(layout.headings, dict(moves))

    def fitted(row: Row, position: int, findings: list[tuple[int, Finding]]) -> Sequence[Cell]:
        cells, found = _fitted(row, heading_row) if len(row.cells) != width else (row.cells, [])
        found += [
            cell_error(heading_row, row, at, text)
            for at, text in row.errors
            if at in layout.used and text not in missing
        ]
        findings += [(position, finding) for finding in (*found, *row.notes)]
        return cells

    def read(block: Sequence[Row]) -> Iterator[Item | Run]:
        findings: list[tuple[int, Finding]] = []
        rows = [
            fitted(row, position, findings)
            if len(row.cells) != width or row.errors or row.notes
            else row.cells
            for position, row in enumerate(block)
        ]
        records, moves = build(rows)
        run = Run([row.number for row in block], records, findings, layout.headings)
        if not any(moves):
            yield run
            return
        for item, up in zip(singly([run]), moves, strict=True):
            yield item._replace(headings=moved(tuple(up.items()))) if up else item

    return read


def _fitted(row: Row, heading_row: HeadingRow) -> tuple[list[Cell], list[Finding]]:
    """Return as many cells as there are headings, and a finding where values lack or are over."""
    width = len(heading_row.texts)
    cells, over = [*row.cells[:width]], row.cells[width:]
    if is_blank(over):
        findings = [] if over else [_short_row(heading_row, row)]
        return cells + [None] * (width - len(cells)), findings
    return cells, [_long_row(heading_row, row, over)]


def _short_row(heading_row: HeadingRow, row: Row) -> Finding:
    expected = len(heading_row.texts)
    return Finding(
        code="short-row",
        severity=Severity.WARNING,
        message=Sentence(
            "The row has {values} for {columns}; the last columns are taken as empty.",
            values=Counted(len(row.cells), "value"),
            columns=Counted(expected, "column"),
        ),
        hint=Sentence("Check that no delimiter is missing."),
        place=heading_row.place(None, row.number),
        value=len(row.cells),
        expected=str(expected),
    )


def _long_row(heading_row: HeadingRow, row: Row, over: Sequence[Cell]) -> Finding:
    expected = len(heading_row.texts)
    return Finding(
        code="long-row",
        severity=Severity.ERROR,
        message=Sentence(
            "The row has {values} for {columns}; over are {over}.",
            values=Counted(len(row.cells), "value"),
            columns=Counted(expected, "column"),
            over=Listed(map(shown, over)),
        ),
        hint=Sentence("Put a value that holds the delimiter in quotes."),
        place=heading_row.place(None, row.number),
        value=len(row.cells),
        expected=str(expected),
    )


def error_cell(heading_row: HeadingRow, row: Row, position: int, text: str) -> Finding:
    """Return the finding about a cell that holds an error."""
    return Finding(
        code="error-cell",
        severity=Severity.ERROR,
        message=Sentence("The cell shows the error {error} in place of a value.", error=Name(text)),
        hint=Sentence("Correct its formula, or empty the cell."),
        place=heading_row.place(position, row.number),
        value=text,
        group=heading_row.texts[position],
    )
