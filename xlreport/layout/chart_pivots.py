"""Turn a chart of a pivot into the figures that it shows.

Rows are categories and column items series, but periods and dates always go along the axis.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlreport.analysis.results import Number, PivotItem, PivotTable
from xlreport.layout.chart_data import (
    MOST_MOMENTS,
    ChartData,
    ChartLine,
    Point,
    from_to,
    with_few_lines,
)
from xlreport.layout.context import Context
from xlreport.layout.pivot_grid import Grid, Line
from xlreport.layout.pivot_native import value_format
from xlreport.spec.records import ChartSpec, Measure

__all__ = ["PivotReader", "adds_up", "pivot_data", "reader_of"]


@dataclass(frozen=True, slots=True)
class PivotReader:
    """Reads the cells of a pivot that stands on a sheet."""

    sheet: str
    grid: Grid

    @property
    def table(self) -> PivotTable:
        """What the pivot shows."""
        return self.grid.table

    @property
    def items(self) -> tuple[PivotItem, ...]:
        """The column items; one without labels where there are no column fields."""
        return self.grid.items

    def point(self, line: int, item: int, value: int) -> Point:
        """Return a figure; all three are counted from 0."""
        row = self.grid.lines[line].row
        figure = row.values[item * self.grid.values + value] if row else None
        moves = self.table.pivot.mode == "native"
        return Point(figure, (self.grid.position(line, item, value),), moves=moves)

    def rows(self) -> list[int]:
        """Return the positions of the lines that are neither subtotals nor the total."""
        return [at for at, line in enumerate(self.grid.lines) if line.kind in ("body", "other")]

    def label(self, line: int) -> str:
        """Return what a line is called, with the outer rows that it is in."""
        row = self.grid.lines[line].row
        return " · ".join(filter(None, row.labels if row else ()))

    def moments(self) -> list[int]:
        """Return the positions of the column items that are neither subtotals nor the total."""
        return [at for at, item in enumerate(self.items) if item.kind == "body"]

    def total_row(self) -> int | None:
        """Return the position of the grand total, where there is one."""
        return next((at for at, line in enumerate(self.grid.lines) if line.kind == "total"), None)

    def whole(self) -> int:
        """Return the position of the item that stands for all: the total, or the latest period's."""
        if self.table.pivot.by_period:
            return self.moments()[-1]
        return next((at for at, item in enumerate(self.items) if item.kind == "total"), len(self.items) - 1)

    def item_label(self, item: int) -> str:
        """Return what a column item is called."""
        return " · ".join(filter(None, self.items[item].labels))


def reader_of(name: str, context: Context) -> PivotReader | str:
    """Return the reader of a pivot, or why there is nothing to read."""
    if not context.analysis.pivots[name].body:
        return context.language.text("it has no rows in the period")
    if name not in context.places.grids:
        return context.language.text("its pivot stands on no sheet")
    return PivotReader(*context.places.grids[name])


def pivot_data(spec: ChartSpec, context: Context) -> ChartData | str:
    """Return what a chart of a pivot shows, or why there is none."""
    reader = reader_of(spec.pivot, context)
    if isinstance(reader, str):
        return reader
    table = reader.table
    if spec.kind == "combination":
        data = _combined(spec, context, reader)
    elif spec.kind == "bar" or not table.items:
        data = _ranking(spec, context, reader)
    elif _columns_are_moments(table):
        data = _over_moments(spec, context, reader)
    else:
        data = _over_rows(spec, context, reader)
    adding = adds_up(context, table, spec.value - 1)
    return with_few_lines(spec, context, data, adding=adding, rest=_rest_word(context, table))


def adds_up(context: Context, table: PivotTable, value: int) -> bool:
    """Tell whether the figures of a value field can be summed over rows and columns."""
    field = table.pivot.values[value]
    measure = context.analysis.spec.measure(field.measure)
    adding = isinstance(measure, Measure) and measure.aggregate in ("sum", "count")
    return adding and field.show in ("value", "share", "shareOfRow", "shareOfColumn", "change", "difference")


def _rest_word(context: Context, table: PivotTable) -> str:
    return (table.pivot.top.other if table.pivot.top else "") or context.language.text("Other")


# --- ways to read a pivot ---------------------------------------------------------------------------


def _ranking(spec: ChartSpec, context: Context, reader: PivotReader) -> ChartData:
    """Take one column of figures; for bars the largest first, unless the pivot is in their order anyway."""
    value, item = spec.value - 1, reader.whole()
    rows = reader.rows()
    if spec.kind == "bar" and not _is_in_order(spec, reader.table):
        rows.sort(key=lambda row: _rank(reader.grid.lines[row], reader.point(row, item, value).value))
    line = _line(context, reader, value, "", (reader.point(row, item, value) for row in rows))
    return _over(spec, context, reader, rows, [line], reader.item_label(item) if reader.table.items else "")


def _is_in_order(spec: ChartSpec, table: PivotTable) -> bool:
    """Tell whether a pivot has its rows in the order of the value field, or one that Excel keeps."""
    by_value = table.pivot.sort.by == spec.value and len(table.pivot.rows) == 1
    return by_value or table.pivot.mode == "native"


def _rank(row: Line, value: Number) -> tuple[bool, bool, Decimal]:
    return row.kind == "other", value is None, -Decimal(value or 0)


def _combined(spec: ChartSpec, context: Context, reader: PivotReader) -> ChartData:
    """Take two value fields: of each row, or of the total over time."""
    fields = (spec.value - 1, spec.line - 1)
    below = reader.total_row()
    if reader.table.items and _columns_are_moments(reader.table) and below is not None:
        moments = reader.moments()
        lines = [
            _line(context, reader, value, "", (reader.point(below, at, value) for at in moments))
            for value in fields
        ]
        return _along_moments(context, reader, moments, lines)
    rows, item = reader.rows(), reader.whole()
    lines = [
        _line(context, reader, value, "", (reader.point(row, item, value) for row in rows))
        for value in fields
    ]
    return _over(spec, context, reader, rows, lines, "")


def _over_moments(spec: ChartSpec, context: Context, reader: PivotReader) -> ChartData:
    """Take the rows as series over the periods of the columns."""
    moments, value = reader.moments(), spec.value - 1
    lines = [
        replace(
            _line(
                context,
                reader,
                value,
                reader.label(row),
                (reader.point(row, at, value) for at in moments),
            ),
            is_rest=reader.grid.lines[row].kind == "other",
        )
        for row in reader.rows()
    ]
    return _along_moments(context, reader, moments, lines)


def _over_rows(spec: ChartSpec, context: Context, reader: PivotReader) -> ChartData:
    """Take the column items as series over the rows."""
    rows, value = reader.rows(), spec.value - 1
    lines = [
        _line(
            context, reader, value, reader.item_label(item), (reader.point(row, item, value) for row in rows)
        )
        for item in reader.moments()
    ]
    return _over(spec, context, reader, rows, lines, "")


def _line(context: Context, reader: PivotReader, value: int, name: str, points: Iterable[Point]) -> ChartLine:
    table = reader.table
    unit = table.units[value]
    written = value_format(context, reader.grid, value)
    return ChartLine(name or table.titles[value], unit, written, tuple(points))


def _over(
    spec: ChartSpec,
    context: Context,
    reader: PivotReader,
    rows: Sequence[int],
    lines: Sequence[ChartLine],
    item: str,
) -> ChartData:
    """Return figures whose categories are rows of the pivot, as many of them as are wanted."""
    table = reader.table
    over_time = bool(table.pivot.rows[-1].by)
    first = max(len(rows) - MOST_MOMENTS, 0) if over_time else 0
    last = len(rows) if over_time else spec.most
    kept = rows[first:last]
    single = len(table.pivot.rows) == 1 and not (table.pivot.mode == "native" and reader.grid.values > 1)
    labels = tuple(reader.label(row) for row in kept)
    period = context.analysis.period.label if context.analysis.spec.date else ""
    return ChartData(
        reader.sheet,
        labels,
        tuple((reader.grid.first_line + row, reader.grid.column) for row in kept) if single else (),
        tuple(replace(line, points=line.points[first:last]) for line in lines),
        over_time=over_time,
        when=from_to(context, labels) if over_time else period if item in ("", period) else item,
        remarks=_how_many(context, len(kept), len(rows), at_end=over_time),
        heading=" · ".join(table.row_titles),
    )


def _how_many(context: Context, kept: int, there: int, *, at_end: bool) -> tuple[str, ...]:
    if kept == there:
        return ()
    numbers = {"n": context.language.number(kept), "all": context.language.number(there)}
    if at_end:
        return (context.language.text("last {n} of {all}", **numbers),)
    return (context.language.text("first {n} of {all}", **numbers),)


def _along_moments(
    context: Context, reader: PivotReader, moments: Sequence[int], lines: Sequence[ChartLine]
) -> ChartData:
    kept = moments[-MOST_MOMENTS:]
    labels = tuple(map(reader.item_label, kept))
    grid = reader.grid
    header = tuple((grid.first_line - 1, grid.position(0, item, 0)[1]) for item in kept)
    single = grid.values == 1 and len(reader.table.pivot.columns) == 1
    return ChartData(
        reader.sheet,
        labels,
        header if single else (),
        tuple(replace(line, points=line.points[-MOST_MOMENTS:]) for line in lines),
        over_time=True,
        when=from_to(context, labels),
        remarks=_how_many(context, len(kept), len(moments), at_end=True),
        heading=" · ".join(reader.table.column_titles) or context.language.text("Period"),
    )


def _columns_are_moments(table: PivotTable) -> bool:
    """Tell whether the columns run over time; a chart of a native pivot takes them as Excel does."""
    if table.pivot.mode == "native":
        return False
    return table.pivot.by_period or bool(table.pivot.columns and table.pivot.columns[-1].by)
