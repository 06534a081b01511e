"""Decide what stands in the value cells of a pivot: a value, or a formula with the value in it.

Wherever the sheet itself holds what a cell is made of (a share, a subtotal, a rank), the cell is a live
formula, and only then if the formula gives exactly the value that the analysis computed.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Context as Arithmetic
from decimal import Decimal
from typing import Final

from xlreport.analysis.measures import divided
from xlreport.analysis.results import Number
from xlreport.cells import Range, cell_name
from xlreport.layout.context import Context
from xlreport.layout.pivot_grid import Grid
from xlreport.layout.pivot_sumifs import criteria_formula
from xlreport.plan import CellValue, Formula
from xlreport.spec.records import Measure

__all__ = ["total_item", "total_line", "value_cell"]

_SAME: Final = Arithmetic(prec=15)
"""Excel keeps so many digits."""

_MOST_ARGUMENTS: Final = 250
"""Of a function of Excel, which takes 255."""

Candidate = tuple[str, Number]
"""The text of a formula, and the value that it gives."""


def value_cell(context: Context, grid: Grid, line: int, item: int, value: int) -> CellValue:
    """Return what stands in a value cell; line, item and value field are counted from 0."""
    number = _number(grid, line, item, value)
    mode, show = grid.table.pivot.mode, grid.table.pivot.values[value].show
    if grid.lines[line].row is None or mode == "native":
        return number
    if mode == "formula" and show == "value":
        found = criteria_formula(context, grid, line, item, value, number)
        if found is not None:
            return found
    if number is None:
        return None
    maker = _MAKERS.get(show)
    for text, made in maker(context, grid, line, item, value) if maker else ():
        if _agree(made, number):
            return Formula(text, number)
    return number


def _agree(made: Number, number: Number) -> bool:
    if made is None or number is None:
        return False
    return _SAME.plus(Decimal(made)) == _SAME.plus(Decimal(number))


def _number(grid: Grid, line: int, item: int, value: int) -> Number:
    row = grid.lines[line].row
    return None if row is None else row.values[item * grid.values + value]


def _plain(grid: Grid, value: int) -> int | None:
    """Return the value field that shows the measure of another as it is."""
    values = grid.table.pivot.values
    wanted = values[value].measure
    return next(
        (at for at, each in enumerate(values) if (each.measure, each.show) == (wanted, "value")), None
    )


def total_line(grid: Grid) -> int | None:
    """Return the line with the totals, where there is one."""
    return len(grid.lines) - 1 if grid.lines and grid.lines[-1].kind == "total" else None


def total_item(grid: Grid) -> int | None:
    """Return the column item with the totals; the only one where there are no column fields."""
    last = len(grid.items) - 1
    return last if not grid.table.items or grid.items[last].kind == "total" else None


def _quotient(
    grid: Grid, line: int, item: int, value: int, whole: tuple[int | None, int | None]
) -> Iterator[Candidate]:
    source, (total_line, total_item) = _plain(grid, value), whole
    if source is None or total_line is None or total_item is None:
        return
    over, under = _number(grid, line, item, source), _number(grid, total_line, total_item, source)
    total = cell_name(*grid.position(total_line, total_item, source), absolute=True)
    yield f"{grid.name(line, item, source)}/{total}", divided(over, under)


def _share(_: Context, grid: Grid, line: int, item: int, value: int) -> Iterator[Candidate]:
    yield from _quotient(grid, line, item, value, (total_line(grid), total_item(grid)))
    yield from _quotient(grid, line, item, value, (total_line(grid), item))  # a column per period


def _share_of_row(_: Context, grid: Grid, line: int, item: int, value: int) -> Iterator[Candidate]:
    yield from _quotient(grid, line, item, value, (line, total_item(grid)))


def _share_of_column(_: Context, grid: Grid, line: int, item: int, value: int) -> Iterator[Candidate]:
    yield from _quotient(grid, line, item, value, (total_line(grid), item))


def _starts(grid: Grid, line: int) -> Iterator[int]:
    """Yield the first line of the same parent, and the first of all body lines without a break."""
    first = line
    while first and grid.lines[first - 1].kind in ("body", "other"):
        if grid.lines[first - 1].keys[:-1] != grid.lines[line].keys[:-1]:
            yield first
        first -= 1
    yield first


def _running(grid: Grid, line: int, item: int, source: int) -> Iterator[Candidate]:
    """Yield sums of what is above in the column, and of what is on the left in the line."""
    for start in _starts(grid, line):
        first = cell_name(*grid.position(start, item, source), absolute=True)
        down = (_number(grid, at, item, source) for at in range(start, line + 1))
        yield f"SUM({first}:{grid.name(line, item, source)})", _sum(down)
    parent = grid.items[item].labels[:-1]
    same = [
        at for at in range(item + 1) if grid.items[at].kind == "body" and grid.items[at].labels[:-1] == parent
    ]
    if not same:
        return
    cells = [grid.name(line, at, source) for at in same]
    if grid.values == 1 and same == list(range(same[0], item + 1)):
        cells = [f"{cells[0]}:{cells[-1]}"]
    if len(cells) <= _MOST_ARGUMENTS:
        yield f"SUM({','.join(cells)})", _sum(_number(grid, line, at, source) for at in same)


def _sum(numbers: Iterable[Number]) -> Number:
    return sum((Decimal(number) for number in numbers if number is not None), Decimal(0))


def _running_total(_: Context, grid: Grid, line: int, item: int, value: int) -> Iterator[Candidate]:
    source = _plain(grid, value)
    if source is not None and grid.lines[line].kind in ("body", "other"):
        yield from _running(grid, line, item, source)


def _cumulative_share(_: Context, grid: Grid, line: int, item: int, value: int) -> Iterator[Candidate]:
    source, total = _plain(grid, value), total_line(grid)
    if source is None or total is None or grid.lines[line].kind not in ("body", "other"):
        return
    whole = _number(grid, total, item, source)
    under = cell_name(*grid.position(total, item, source), absolute=True)
    for text, made in _running(grid, line, item, source):
        yield f"{text}/{under}", divided(made, whole)


def _before(grid: Grid, line: int, item: int, source: int) -> Iterator[tuple[str, Number]]:
    """Yield the cells that may hold the item before: on the left, and above."""
    if item and grid.items[item].kind == grid.items[item - 1].kind == "body":
        yield grid.name(line, item - 1, source), _number(grid, line, item - 1, source)
    if line and grid.lines[line].kind == grid.lines[line - 1].kind == "body":
        yield grid.name(line - 1, item, source), _number(grid, line - 1, item, source)


def _difference(_: Context, grid: Grid, line: int, item: int, value: int) -> Iterator[Candidate]:
    source = _plain(grid, value)
    number = None if source is None else _number(grid, line, item, source)
    if source is None or number is None:
        return
    for cell, before in _before(grid, line, item, source):
        yield f"{grid.name(line, item, source)}-{cell}", number - (before or 0)


def _difference_percent(_: Context, grid: Grid, line: int, item: int, value: int) -> Iterator[Candidate]:
    source = _plain(grid, value)
    number = None if source is None else _number(grid, line, item, source)
    if source is None or number is None:
        return
    for cell, before in _before(grid, line, item, source):
        if before:
            yield f"{grid.name(line, item, source)}/{cell}-1", divided(number - before, before)


def _subtotal(context: Context, grid: Grid, line: int, item: int, value: int) -> Iterator[Candidate]:
    """Yield the live sum of the lines that a subtotal or the total is made of."""
    kind, measure = (
        grid.lines[line].kind,
        context.analysis.spec.measure(grid.table.pivot.values[value].measure),
    )
    if kind not in ("subtotal", "total"):
        return
    if not isinstance(measure, Measure) or measure.aggregate not in ("sum", "count"):
        return
    members = _members(grid, line)
    if members:
        first, column = grid.position(members[0], item, value)
        cells = Range.at(first, column, members[-1] - members[0] + 1)
        bodies = [at for at in members if grid.lines[at].kind in ("body", "other")]
        yield f"SUBTOTAL(9,{cells})", _sum(_number(grid, at, item, value) for at in bodies)


def _members(grid: Grid, line: int) -> range:
    """Return the lines that a subtotal (above or below them) or the total stands for."""
    keys = grid.lines[line].keys
    if not keys:
        return range(line)

    def belongs(at: int) -> bool:
        other = grid.lines[at].keys
        return len(other) > len(keys) and other[: len(keys)] == keys

    first = last = line
    while last + 1 < len(grid.lines) and belongs(last + 1):
        last += 1
    while first and belongs(first - 1):
        first -= 1
    return range(line + 1, last + 1) if last > line else range(first, line)


_MAKERS: Final[dict[str, Callable[[Context, Grid, int, int, int], Iterator[Candidate]]]] = {
    "value": _subtotal,
    "share": _share,
    "shareOfRow": _share_of_row,
    "shareOfColumn": _share_of_column,
    "runningTotal": _running_total,
    "cumulativeShare": _cumulative_share,
    "difference": _difference,
    "differencePercent": _difference_percent,
}
