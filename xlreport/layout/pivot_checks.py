"""Reconcile pivots that stay alive: the total of each with the rows of its data sheet, or with its lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xlreport.cells import cell_name, quoted_sheet
from xlreport.language import excel_literal
from xlreport.layout.context import Context
from xlreport.layout.pivot_cells import total_item, total_line
from xlreport.layout.pivot_grid import Grid
from xlreport.layout.pivot_sumifs import criteria_formula
from xlreport.plan import Formula
from xlreport.spec.records import Measure

__all__ = ["LiveTotal", "live_totals"]

_MOST_CELLS: Final = 200
"""Of a sum; Excel takes 255 arguments."""


@dataclass(frozen=True, slots=True)
class LiveTotal:
    """A value field's total, and what it has to be equal to."""

    grid: Grid
    sheet: str
    value: int
    """Position of the value field."""
    total: Formula
    again: Formula
    of_rows: bool
    """Whether ``again`` is computed from the data sheet, rather than from the pivot's own lines."""


def live_totals(context: Context) -> Iterator[LiveTotal]:
    """Yield the totals of formula and native pivots that add up, each computed another way."""
    for sheet, grid in context.places.grids.values():
        line, item = total_line(grid), total_item(grid)
        if grid.table.source is None or grid.table.pivot.mode == "static" or line is None or item is None:
            continue
        for value, spec in enumerate(grid.table.pivot.values):
            measure = context.analysis.spec.measure(spec.measure)
            adds_up = isinstance(measure, Measure) and measure.aggregate in ("sum", "count")
            if adds_up and spec.show == "value":
                yield from _total(context, sheet, grid, line, item, value)


def _total(context: Context, sheet: str, grid: Grid, line: int, item: int, value: int) -> Iterator[LiveTotal]:
    row = grid.lines[line].row
    number = row.values[item * grid.values + value] if row else None
    if number is None:
        return
    if grid.table.pivot.mode == "native":
        total = Formula(_from_pivot(context, sheet, grid, value), number)
        again = criteria_formula(context, grid, line, item, value, number)
        if isinstance(again, Formula):
            yield LiveTotal(grid, sheet, value, total, again, of_rows=True)
        return
    parts = [at for at, each in enumerate(grid.lines) if len(each.keys) == 1 and each.row]
    if len(parts) <= _MOST_CELLS:
        places = (grid.position(at, item, value) for at in parts)
        cells = ",".join(f"{quoted_sheet(sheet)}!{cell_name(*place, absolute=True)}" for place in places)
        cell = cell_name(*grid.position(line, item, value), absolute=True)
        total = Formula(f"{quoted_sheet(sheet)}!{cell}", number)
        yield LiveTotal(grid, sheet, value, total, Formula(f"SUM({cells})", number), of_rows=False)


def _from_pivot(context: Context, sheet: str, grid: Grid, value: int) -> str:
    """Return a formula that finds the total wherever in the pivot it stands after Excel has refreshed it."""
    plan = context.places.natives[grid.table.pivot.name]
    corner = f"{quoted_sheet(sheet)}!{cell_name(grid.row, grid.column, absolute=True)}"
    return f"GETPIVOTDATA({excel_literal(plan.values[value].caption)},{corner})"
