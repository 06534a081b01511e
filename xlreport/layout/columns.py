"""Lay out columns of data: values as a cell can hold them, with number formats, alignment and width."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Final

from xlreport.analysis.results import ModelColumn
from xlreport.cells import Range
from xlreport.layout.canvas import Canvas
from xlreport.layout.formats import column_format, displayed
from xlreport.layout.texts import SURELY_FITS, fitting
from xlreport.lazy import LazyColumn
from xlreport.plan import Block, CellValue, StyleRun
from xlreport.styles import Align, Role
from xlreport.tables import Kind
from xlreport.text import text_width

__all__ = ["put_columns", "standings"]

_EXACT_DIGITS: Final = 10**15
"""Excel keeps fifteen digits of a number; a longer integer is an identifier and stays whole as text."""
_FIRST_SAFE_DATE: Final = dt.date(1900, 3, 1)
"""Excel believes that 1900 was a leap year, so earlier dates are written as text."""
_NUMBERS: Final = (Kind.INTEGER, Kind.DECIMAL)
_MEASURED_ROWS: Final = 2_000
_MOST_BODY_WIDTH: Final = 45


def put_columns(
    canvas: Canvas,
    row: int,
    columns: Sequence[ModelColumn],
    data: Sequence[LazyColumn],
    *,
    first: int = 1,
    widest: int = _MOST_BODY_WIDTH,
) -> None:
    """Place the values of ``columns`` from ``row`` and column ``first`` on, in the formats of their kinds."""
    height, theme = len(data[0]), canvas.theme
    cells = tuple(_cells(column, values) for column, values in zip(columns, data, strict=True))
    canvas.blocks.append(Block(Role.BODY, row, first, cells))
    aligns, indents = standings(columns)
    for at, (column, values) in enumerate(zip(columns, data, strict=True)):
        number_format = column_format(column, theme, values.places)
        style = theme.style(Role.BODY).with_(
            number_format=number_format, align=aligns[at], indent=indents[at]
        )
        canvas.runs.append(StyleRun(Range.at(row, first + at, height), style))
        shown = _width(_measured(column, values, cells[at]), number_format)
        canvas.widen(first + at, min(shown, widest) + 2)


def standings(columns: Sequence[ModelColumn]) -> tuple[list[Align], list[int]]:
    """Return how columns and their headers stand: a text right of a number stands off from it."""
    aligns = list(map(_alignment, columns))
    crowded = [
        align is Align.LEFT and before is Align.RIGHT
        for before, align in itertools.pairwise([Align.LEFT, *aligns])
    ]
    return aligns, list(map(int, crowded))


def _alignment(column: ModelColumn) -> Align:
    if column.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.DATETIME):
        return Align.RIGHT
    return Align.CENTER if column.kind is Kind.BOOLEAN else Align.LEFT


def _measured(column: ModelColumn, values: LazyColumn, cells: Sequence[CellValue]) -> Iterable[CellValue]:
    """Return the cells that tell how wide a column is: of numbers the extremes, else a fair sample."""
    if column.kind in _NUMBERS and cells is values:
        return values.extremes() or ()
    return cells[:: max(1, len(cells) // _MEASURED_ROWS)]


def _width(cells: Iterable[CellValue], number_format: str) -> int:
    return max((text_width(displayed(value, number_format)) for value in cells), default=0)


def _cells(column: ModelColumn, values: LazyColumn) -> Sequence[CellValue]:
    """Return the values as a cell can hold them; as they stand, where that needs no change."""
    extremes = values.extremes()
    if extremes is None:
        return values
    least, most = extremes
    if column.kind is Kind.INTEGER and max(abs(least), abs(most)) >= _EXACT_DIGITS:
        return [value if value is None or abs(value) < _EXACT_DIGITS else str(value) for value in values]
    if column.kind in (Kind.DATE, Kind.DATETIME) and _day(least) < _FIRST_SAFE_DATE:
        return [_safe_date(value) for value in values]
    if column.kind is Kind.TEXT and values.longest() > SURELY_FITS:
        return [fitting(value) for value in values]
    return values


def _safe_date(value: dt.date | None) -> dt.date | str | None:
    if value is None:
        return None
    return value if _day(value) >= _FIRST_SAFE_DATE else value.isoformat()


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
