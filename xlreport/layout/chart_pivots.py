"""Turn a chart of a pivot into the figures that it shows.

Rows are categories and column items series, but periods and dates always go along the axis.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlreport.analysis.results import Number, PivotItem, PivotRow, PivotTable
from xlreport.layout.chart_data import (
    MOST_MOMENTS,
    NO_ROWS,
    ChartData,
    ChartLine,
    Point,
    from_to,
    with_few_lines,
)
from xlreport.layout.context import Context
from xlreport.layout.places import PivotPlace
from xlreport.spec.records import ChartSpec, Measure

__all__ = ["PivotReader", "adds_up", "pivot_data"]


@dataclass(frozen=True, slots=True)
class PivotReader:
    """Reads the cells of a pivot that stands on a sheet."""

    table: PivotTable
    place: PivotPlace

    @property
    def items(self) -> tuple[PivotItem, ...]:
        """The column items; one without labels where there are no column fields."""
        return self.table.items or (PivotItem((), "body", 0),)

    def point(self, row: int, item: int, value: int) -> Point:
        """Return a figure; all three are counted from 0."""
        column = item * len(self.table.pivot.values) + value
        cell = (self.place.rows[row], self.place.first_value + column)
        return Point(self.table.rows[row].values[column], (cell,))

    def rows(self) -> list[int]:
        """Return the positions of the rows that are neither subtotals nor the total."""
        return [at for at, row in enumerate(self.table.rows) if row.kind in ("body", "other")]

    def moments(self) -> list[int]:
        """Return the positions of the column items that are neither subtotals nor the total."""
        return [at for at, item in enumerate(self.items) if item.kind == "body"]

    def total_row(self) -> int | None:
        """Return the position of the grand total, where there is one."""
        return next((at for at, row in enumerate(self.table.rows) if row.kind == "total"), None)

    def whole(self) -> int:
        """Return the position of the item that stands for all: the total, or the latest period's."""
        if self.table.pivot.by_period:
            return self.moments()[-1]
        return next((at for at, item in enumerate(self.items) if item.kind == "total"), len(self.items) - 1)

    def item_label(self, item: int) -> str:
        """Return what a column item is called."""
        return " · ".join(filter(None, self.items[item].labels))


def pivot_data(spec: ChartSpec, context: Context) -> ChartData | str:
    """Return what a chart of a pivot shows, or why there is none."""
    table = context.analysis.pivots[spec.pivot]
    place = context.places.pivots.get(spec.pivot)
    if place is None or not table.body:
        return "its pivot stands on no sheet" if table.body else NO_ROWS
    reader = PivotReader(table, place)
    if spec.kind == "combination":
        data = _combined(spec, context, reader)
    elif spec.kind == "bar" or not table.items:
        data = _ranking(spec, context, reader)
    elif _columns_are_moments(table):
        data = _over_moments(spec, context, reader)
    else:
        data = _over_rows(spec, context, reader)
    adding = adds_up(context, table, spec.value - 1)
    return with_few_lines(spec, data, adding=adding, rest=_rest_word(table))


def adds_up(context: Context, table: PivotTable, value: int) -> bool:
    """Tell whether the figures of a value field can be summed over rows and columns."""
    field = table.pivot.values[value]
    measure = context.analysis.spec.measure(field.measure)
    adding = isinstance(measure, Measure) and measure.aggregate in ("sum", "count")
    return adding and field.show in ("value", "share", "shareOfRow", "shareOfColumn", "change", "difference")


def _rest_word(table: PivotTable) -> str:
    return (table.pivot.top.other if table.pivot.top else "") or "Other"


# --- ways to read a pivot ---------------------------------------------------------------------------


def _ranking(spec: ChartSpec, context: Context, reader: PivotReader) -> ChartData:
    """Take one column of figures; for bars the largest first, unless the pivot is in their order anyway."""
    value, item = spec.value - 1, reader.whole()
    rows = reader.rows()
    if spec.kind == "bar" and reader.table.pivot.sort.by != spec.value:
        rows.sort(key=lambda row: _rank(reader.table.rows[row], reader.point(row, item, value).value))
    line = _line(context, reader, value, "", (reader.point(row, item, value) for row in rows))
    return _over(spec, context, reader, rows, [line], reader.item_label(item) if reader.table.items else "")


def _rank(row: PivotRow, value: Number) -> tuple[bool, bool, Decimal]:
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
        return _along_moments(reader, moments, lines)
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
                _row_label(reader.table, row),
                (reader.point(row, at, value) for at in moments),
            ),
            is_rest=reader.table.rows[row].kind == "other",
        )
        for row in reader.rows()
    ]
    return _along_moments(reader, moments, lines)


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
    written = table.pivot.values[value].number_format or context.format(unit)
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
    kept, word = rows[first:last], "last" if over_time else "first"
    single = len(table.pivot.rows) == 1
    labels = tuple(_row_label(table, row) for row in kept)
    period = context.analysis.period.label if context.analysis.spec.date else ""
    return ChartData(
        reader.place.sheet,
        labels,
        tuple((reader.place.rows[row], reader.place.label_column) for row in kept) if single else (),
        tuple(replace(line, points=line.points[first:last]) for line in lines),
        over_time=over_time,
        when=from_to(labels) if over_time else period if item in ("", period) else item,
        remarks=(f"{word} {len(kept)} of {len(rows):,}",) if len(kept) < len(rows) else (),
        heading=" · ".join(table.row_titles),
    )


def _along_moments(reader: PivotReader, moments: Sequence[int], lines: Sequence[ChartLine]) -> ChartData:
    kept = moments[-MOST_MOMENTS:]
    labels = tuple(map(reader.item_label, kept))
    width = len(reader.table.pivot.values)
    header = tuple((reader.place.header_row, reader.place.first_value + item * width) for item in kept)
    single = width == 1 and len(reader.table.pivot.columns) == 1
    return ChartData(
        reader.place.sheet,
        labels,
        header if single else (),
        tuple(replace(line, points=line.points[-MOST_MOMENTS:]) for line in lines),
        over_time=True,
        when=from_to(labels),
        remarks=(f"last {len(kept)} of {len(moments):,}",) if len(kept) < len(moments) else (),
    )


def _row_label(table: PivotTable, row: int) -> str:
    return " · ".join(filter(None, table.rows[row].labels))


def _columns_are_moments(table: PivotTable) -> bool:
    return table.pivot.by_period or bool(table.pivot.columns and table.pivot.columns[-1].by)
