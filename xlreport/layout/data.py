"""Lay out the rows of a table as real Excel tables: one sheet, or as many as the rows need."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from xlreport.analysis.results import DataTable, ModelColumn
from xlreport.cells import MAX_ROWS, Range, unique_sheet_name
from xlreport.language import Language, key
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.columns import put_columns, standings
from xlreport.layout.context import Context
from xlreport.layout.pivot_slicers import table_slicers
from xlreport.layout.places import DataPlace
from xlreport.layout.texts import SURELY_FITS, fits, unique_headers
from xlreport.lazy import LazyColumn
from xlreport.plan import DetailPlan, SheetPlan, TablePlan
from xlreport.spec.records import SheetSpec
from xlreport.styles import Role
from xlreport.tables import Kind

__all__ = ["data_sheets"]

_MOST_PARTS: Final = 4
"""Sheets that rows go on over; Excel is slow with more."""
_FIRST_ROWS: Final = 1_000
"""Shown of rows that are kept beside the workbook."""
_WORD: Final = re.compile(r"[^\W_]+")


def data_sheets(sheet: SheetSpec, context: Context) -> list[SheetPlan]:
    """Return the sheet, split where the rows are more than one sheet holds, with an entry for each part.

    Of more rows than a few sheets hold, the first are shown, and all are kept beside the workbook.
    """
    table, places = context.analysis.data[sheet.name], context.places
    headers = unique_headers(column.title or column.name for column in table.columns)
    capacity = MAX_ROWS - FIRST_ROW
    if table.height > capacity * _MOST_PARTS:
        return [_beside(sheet, context, table, headers)]
    starts = range(0, max(table.height, 1), capacity)
    names = _part_names(sheet.name, [other.name for other in context.analysis.spec.sheets], len(starts))
    keys = _part_names(sheet.key or sheet.name, [], len(starts))
    tables = [places.new_table(name) for name in keys] if table.height else [""]
    too_long = sum(map(_too_long, table.columns, table.data))
    named = {column.name: header for column, header in zip(table.columns, headers, strict=True)}
    plans = []
    for name, table_name, start in zip(names, tables, starts, strict=True):
        part = [values.rows(start, min(start + capacity, table.height)) for values in table.data]
        canvas = context.canvas(replace(sheet, name=name))
        _fill(canvas, table_name, table.columns, headers, part)
        if table_name:
            table_slicers(canvas, context, sheet.slicers, table_name, named)
        canvas.head(_subtitle(sheet, context.language, table, len(part[0]) if part else 0, too_long))
        plans.append(canvas.plan())
    places.data[sheet.name] = DataPlace(
        tuple(names),
        tuple(tables) if table.height else (),
        named,
        tuple(min(capacity, table.height - start) for start in starts),
    )
    return plans


def _beside(sheet: SheetSpec, context: Context, table: DataTable, headers: Sequence[str]) -> SheetPlan:
    """Return a sheet with the first rows, and leave all of them to a file beside the workbook."""
    taken = [detail.name for detail in context.places.details.values()]
    name = "-".join(_WORD.findall((sheet.key or sheet.name).lower())) or "rows"
    while name in taken:  # names that differ in blanks or signs alone
        name += "-2"
    fields = tuple(column.name for column in table.columns)
    detail = DetailPlan(name, fields, tuple(headers), table.data)
    context.places.details[sheet.name] = detail
    context.places.data[sheet.name] = DataPlace(
        (sheet.name,), (), dict(zip(fields, headers, strict=True)), ()
    )
    canvas = context.canvas(sheet)
    _fill(canvas, "", table.columns, headers, [values.rows(0, _FIRST_ROWS) for values in table.data])
    language = context.language
    first = language.text(
        "The first {shown} of {rows}; all of them are in the file beside this workbook whose name ends in "
        "{ending}",
        shown=language.number(_FIRST_ROWS),
        rows=language.count(detail.height, "row"),
        ending=f".{name}.parquet",
    )
    canvas.head(first + (f" · {sheet.note}" if sheet.note else ""))
    return canvas.plan()


def _part_names(first: str, taken: Sequence[str], parts: int) -> list[str]:
    names = [first]
    for number in range(2, parts + 1):
        names.append(unique_sheet_name(f"{first} ({number})", [*taken, *names]))
    return names


def _fill(
    canvas: Canvas,
    table_name: str,
    columns: Sequence[ModelColumn],
    headers: Sequence[str],
    data: Sequence[LazyColumn],
) -> None:
    """Write header and rows of one part, and make an Excel table of them where it has a name."""
    height = len(data[0]) if data else 0
    aligns, indents = standings(columns)
    canvas.put(Role.HEADER, FIRST_ROW, 1, [list(headers)], align=aligns, indent=indents)
    if height:
        put_columns(canvas, FIRST_ROW + 1, columns, data)
        whole = Range.at(FIRST_ROW, 1, height + 1, len(headers))
        if table_name:
            canvas.tables.append(TablePlan(table_name, whole, tuple(headers)))
    else:
        canvas.put(Role.NOTE, FIRST_ROW + 1, 1, [canvas.language.texts("No rows.")], measured=False)
    canvas.freeze = (FIRST_ROW + 1, 2 if len(headers) > 1 else 1)
    canvas.repeat_rows = (FIRST_ROW, FIRST_ROW)


def _subtitle(sheet: SheetSpec, language: Language, table: DataTable, height: int, too_long: int) -> str:
    rows = language.count(table.height, "row")
    parts = [rows]
    if height != table.height:
        sentence = key("{shown} of {rows}, which go on over several sheets")
        parts = [language.text(sentence, shown=language.number(height), rows=rows)]
    if too_long:
        texts = language.count(too_long, "text")
        parts.append(language.text("{texts} longer than a cell holds, cut where […] stands", texts=texts))
    return " · ".join([*parts, sheet.note] if sheet.note else parts)


def _too_long(column: ModelColumn, values: LazyColumn) -> int:
    """Return how many texts of a column are longer than a cell holds."""
    if column.kind is not Kind.TEXT or values.longest() <= SURELY_FITS:
        return 0
    return sum(value is not None and not fits(value) for value in values)
