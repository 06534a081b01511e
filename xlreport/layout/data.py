"""Lay out the rows of a table as real Excel tables: one sheet, or as many as the rows need."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Context as Arithmetic
from decimal import Decimal
from typing import Any, Final

from xlreport.analysis.results import DataTable, ModelColumn
from xlreport.cells import MAX_ROWS, Range, cut, unique_sheet_name
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.context import Context
from xlreport.layout.formats import column_format, displayed
from xlreport.layout.places import DataPlace
from xlreport.layout.texts import SURELY_FITS, fits, fitting
from xlreport.plan import Block, CellValue, SheetPlan, StyleRun, TablePlan
from xlreport.spec.records import SheetSpec
from xlreport.styles import Align, Role
from xlreport.tables import Kind
from xlreport.text import plural

__all__ = ["data_sheets"]

_EXACT_DIGITS: Final = 10**15
"""Excel keeps fifteen digits of a number; a longer integer is an identifier and stays whole as text."""
_FIRST_SAFE_DATE: Final = dt.date(1900, 3, 1)
"""Excel believes that 1900 was a leap year, so earlier dates are written as text."""
_EXACT: Final = Arithmetic(prec=80)
"""Keeps every digit of an amount, where the usual arithmetic keeps 28."""
_MEASURED_ROWS: Final = 2_000
_MOST_BODY_WIDTH: Final = 45
_MOST_HEADER: Final = 200
"""Characters of a header: a table's column has a name of at most 255, and a number may be added."""


def data_sheets(sheet: SheetSpec, context: Context) -> list[SheetPlan]:
    """Return the sheet, split where the rows are more than one sheet holds, with an entry for each part."""
    table, places = context.analysis.data[sheet.name], context.places
    headers = _unique_headers(table.columns)
    columns = [_cells(column, values) for column, values in zip(table.columns, table.data, strict=True)]
    capacity = MAX_ROWS - FIRST_ROW
    starts = range(0, max(table.height, 1), capacity)
    names = _part_names(sheet, context, len(starts))
    tables = [places.new_table(name) for name in names] if table.height else [""]
    too_long = sum(map(_too_long, table.columns, table.data))
    plans = []
    for name, table_name, start in zip(names, tables, starts, strict=True):
        part = columns if len(starts) == 1 else [values[start : start + capacity] for values in columns]
        canvas = context.canvas(replace(sheet, name=name))
        _fill(canvas, table_name, table.columns, headers, part)
        canvas.head(_subtitle(sheet, table, len(part[0]) if part else 0, too_long))
        plans.append(canvas.plan())
    places.data[sheet.name] = DataPlace(
        tuple(names),
        tuple(tables) if table.height else (),
        {column.name: header for column, header in zip(table.columns, headers, strict=True)},
        tuple(min(capacity, table.height - start) for start in starts),
    )
    return plans


def _part_names(sheet: SheetSpec, context: Context, parts: int) -> list[str]:
    taken = [other.name for other in context.analysis.spec.sheets]
    names = [sheet.name]
    for number in range(2, parts + 1):
        names.append(unique_sheet_name(f"{sheet.name} ({number})", [*taken, *names]))
    return names


def _fill(
    canvas: Canvas,
    table_name: str,
    columns: Sequence[ModelColumn],
    headers: Sequence[str],
    data: Sequence[Sequence[CellValue]],
) -> None:
    """Write header and rows of one part, and make an Excel table of them."""
    height = len(data[0]) if data else 0
    standings = [_standing(columns, index) for index in range(1, len(columns) + 1)]
    aligns, indents = [align for align, _ in standings], [indent for _, indent in standings]
    canvas.put(Role.HEADER, FIRST_ROW, 1, [list(headers)], align=aligns, indent=indents)
    if height:
        _body(canvas, columns, data)
        whole = Range.at(FIRST_ROW, 1, height + 1, len(headers))
        canvas.tables.append(TablePlan(table_name, whole, tuple(headers)))
    else:
        canvas.put(Role.NOTE, FIRST_ROW + 1, 1, [["No rows."]], measured=False)
    canvas.freeze = (FIRST_ROW + 1, 2 if len(headers) > 1 else 1)
    canvas.repeat_rows = (FIRST_ROW, FIRST_ROW)


def _subtitle(sheet: SheetSpec, table: DataTable, height: int, too_long: int) -> str:
    parts = [plural(table.height, "row")]
    if height != table.height:
        parts = [f"{height:,} of {plural(table.height, 'row')}, which go on over several sheets"]
    if too_long:
        parts.append(f"{plural(too_long, 'text')} longer than a cell holds, cut where […] stands")
    return " · ".join([*parts, sheet.note] if sheet.note else parts)


def _body(canvas: Canvas, columns: Sequence[ModelColumn], data: Sequence[Sequence[CellValue]]) -> None:
    height, theme = len(data[0]), canvas.theme
    canvas.blocks.append(Block(Role.BODY, FIRST_ROW + 1, 1, tuple(data)))
    for index, (column, values) in enumerate(zip(columns, data, strict=True), start=1):
        number_format = column_format(column, theme, values)
        align, indent = _standing(columns, index)
        style = theme.style(Role.BODY).with_(number_format=number_format, align=align, indent=indent)
        canvas.runs.append(StyleRun(Range.at(FIRST_ROW + 1, index, height), style))
        canvas.widen(index, min(_width(column, values, number_format), _MOST_BODY_WIDTH) + 2)


def _alignment(column: ModelColumn) -> Align:
    if column.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.DATETIME):
        return Align.RIGHT
    return Align.CENTER if column.kind is Kind.BOOLEAN else Align.LEFT


def _standing(columns: Sequence[ModelColumn], index: int) -> tuple[Align, int]:
    """Return how the 1-based column and its header stand: a text right of a number stands off from it."""
    align = _alignment(columns[index - 1])
    crowded = align is Align.LEFT and index > 1 and _alignment(columns[index - 2]) is Align.RIGHT
    return align, int(crowded)


def _width(column: ModelColumn, values: Sequence[CellValue], number_format: str) -> int:
    """Return how wide the widest value is: of numbers the extremes, of texts those of a fair sample."""
    present = [value for value in values if value is not None]
    if column.kind in (Kind.INTEGER, Kind.DECIMAL):
        numbers = [value for value in present if not isinstance(value, str)]
        if numbers:
            present = [min(numbers), max(numbers)]  # type: ignore[type-var]  # one kind of number a column
    elif len(present) > _MEASURED_ROWS:
        present = present[:: len(present) // _MEASURED_ROWS]
    return max((len(displayed(value, number_format)) for value in present), default=0)


def _cells(column: ModelColumn, values: list[Any]) -> Sequence[CellValue]:
    """Return the values as a cell can hold them."""
    if column.kind is Kind.INTEGER and any(
        abs(value) >= _EXACT_DIGITS for value in values if value is not None
    ):
        return [value if value is None or abs(value) < _EXACT_DIGITS else str(value) for value in values]
    if column.kind is Kind.DECIMAL:
        return [_plain(value) for value in values]
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return [_safe_date(value) for value in values]
    if column.kind is Kind.TEXT and _longest(values) > SURELY_FITS:
        return [fitting(value) for value in values]
    return values


def _longest(texts: Sequence[str | None]) -> int:
    return max((len(text) for text in texts if text is not None), default=0)


def _too_long(column: ModelColumn, values: Sequence[Any]) -> int:
    """Return how many texts of a column are longer than a cell holds."""
    if column.kind is not Kind.TEXT or _longest(values) <= SURELY_FITS:
        return 0
    return sum(value is not None and not fits(value) for value in values)


def _plain(value: Decimal | None) -> Decimal | None:
    """Return an amount without zeros that only the engine's column of one scale has given it."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize(_EXACT)


def _safe_date(value: dt.date | None) -> dt.date | str | None:
    if value is None:
        return None
    day = value.date() if isinstance(value, dt.datetime) else value
    return value if day >= _FIRST_SAFE_DATE else value.isoformat()


def _unique_headers(columns: Iterable[ModelColumn]) -> list[str]:
    """Return a header per column, unique ignoring case, as Excel's tables want them."""
    headers: list[str] = []
    taken: set[str] = set()
    for column in columns:
        wanted = cut(" ".join(column.title.split()) or column.name, _MOST_HEADER)
        header, number = wanted, 1
        while header.casefold() in taken:
            number += 1
            header = f"{wanted} ({number})"
        headers.append(header)
        taken.add(header.casefold())
    return headers
