"""Turn the value cells of a formula pivot into SUMIFS, COUNTIFS and their like over the data table.

Each label is taken from the cell that shows it, so that the formula reads as the pivot does. Excel takes a
criterion for more than it says: ``01`` is equal to ``1``, ``*`` stands for anything, ``>5`` is a comparison.
Where a label could be taken so, the formula compares the texts themselves instead, with SUMPRODUCT.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xlreport.analysis.results import AxisSource, Number, PivotSource, ValueSource
from xlreport.language import excel_literal
from xlreport.layout.context import Context
from xlreport.layout.pivot_grid import Grid
from xlreport.layout.places import DataPlace
from xlreport.plan import CellValue, Formula

__all__ = ["criteria_formula"]

_SAFE: Final = re.compile(r"[^\W\d_][^*?~\x00-\x1f]{0,253}|\d{4}(-(Q\d|\d{2}))?")
"""Begins with a letter and has no wildcard, or is a year, quarter or month as we write them."""
_MONTHS: Final = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*[ .,-]*\d|true$|false$", re.IGNORECASE
)
"""Texts that Excel may take for a date or a truth value, in English."""
_FUNCTIONS: Final = {"sum": "SUMIFS", "average": "AVERAGEIFS", "min": "_xlfn.MINIFS", "max": "_xlfn.MAXIFS"}


@dataclass(frozen=True, slots=True)
class _Criterion:
    """A column of the data table and what its cells have to be equal to."""

    cells: str
    equal: str
    """A cell's address, or a text in quotes."""
    is_plain: bool
    """Whether Excel takes the criterion for what it says."""


def criteria_formula(
    context: Context, grid: Grid, line: int, item: int, value: int, number: Number
) -> CellValue:
    """Return the formula of a value cell; None where the data table does not give the value."""
    source = grid.table.source
    place = context.places.data[source.sheet] if source else None
    if source is None or place is None or len(place.tables) != 1:
        return None
    criteria = list(_criteria(grid, source, place, line, item))
    parts = source.values[value]
    if not parts:
        return None
    if len(parts) == 1:
        return _single(place, parts[0], criteria, number)
    if number is None:
        return None
    over, under = (_aggregate(place, part, criteria) for part in parts)
    return Formula(f'IFERROR({over}/{under},"")', number) if over and under else None


def _single(place: DataPlace, part: ValueSource, criteria: list[_Criterion], number: Number) -> CellValue:
    text = _aggregate(place, part, criteria)
    if not text:
        return None
    if part.aggregate in ("sum", "count"):
        return Formula(text, number or 0)
    return None if number is None else Formula(f'IFERROR({text},"")', number)


def _aggregate(place: DataPlace, part: ValueSource, criteria: list[_Criterion]) -> str:
    cells = place.cells(part.column)
    if not criteria:
        return f"{part.aggregate.upper()}({cells})".replace("COUNT(", "COUNTA(")
    if all(each.is_plain for each in criteria):
        pairs = ",".join(f"{each.cells},{each.equal}" for each in criteria)
        if part.aggregate == "count":
            return f'COUNTIFS({pairs},{cells},"<>")'
        return f"{_FUNCTIONS[part.aggregate]}({cells},{pairs})"
    chosen = "*".join(f"({each.cells}={each.equal})" for each in criteria)
    if part.aggregate == "sum":
        return f"SUMPRODUCT({chosen}*1,{cells})"
    counted = f'SUMPRODUCT({chosen}*({cells}<>""))'
    if part.aggregate == "count":
        return counted
    return f"SUMPRODUCT({chosen}*1,{cells})/{counted}" if part.aggregate == "average" else ""


def _criteria(
    grid: Grid, source: PivotSource, place: DataPlace, line: int, item: int
) -> Iterator[_Criterion]:
    if source.member:
        yield _Criterion(place.cells(source.member), excel_literal(source.yes_no[0]), is_plain=True)
    for each, axis in zip(grid.table.pivot.filters, source.filters, strict=True):
        if len(each.values) == 1:
            yield _literal(place, axis, each.values[0])
    for level, label in enumerate(grid.lines[line].keys):
        yield _shown(place, source.rows[level], label, grid.line_label(line, level))
    column = grid.items[item]
    for level in range(column.level):
        yield _shown(place, source.columns[level], column.labels[level], grid.item_label(item, level))


def _shown(place: DataPlace, axis: AxisSource, label: str, cell: str) -> _Criterion:
    return _Criterion(place.cells(axis.column), cell, is_plain=_is_plain(axis, label))


def _literal(place: DataPlace, axis: AxisSource, label: str) -> _Criterion:
    text = label if _is_numeric(axis) else excel_literal(label)
    return _Criterion(place.cells(axis.column), text, is_plain=_is_plain(axis, label))


def _is_plain(axis: AxisSource, label: str) -> bool:
    return _is_numeric(axis) or bool(_SAFE.fullmatch(label) and not _MONTHS.match(label))


def _is_numeric(axis: AxisSource) -> bool:
    return bool(axis.order) and isinstance(axis.order[0], int)
