"""Turn a chart of the definition into the figures that it shows, each with the cells that it comes from.

What cannot be drawn sensibly is answered with the reason, in words that can stand in the chart's place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from xlreport.analysis.measures import divided
from xlreport.analysis.results import Number, PivotItem, PivotRow, PivotTable
from xlreport.cells import Range
from xlreport.layout.context import Context
from xlreport.layout.places import PivotPlace
from xlreport.spec.records import ChartSpec, Measure, Unit

__all__ = [
    "NO_FIGURES",
    "NO_ROWS",
    "Cell",
    "ChartData",
    "ChartLine",
    "PivotReader",
    "Point",
    "adds_up",
    "history_data",
    "pivot_data",
    "shares",
    "total",
]

Cell = tuple[int, int]
"""Row and column, from 1."""

NO_ROWS: Final = "it has no rows in the period"
NO_FIGURES: Final = "none of its figures is there"
_MOST_SERIES: Final = 6
_SHARE_FORMAT: Final = "0.0%"
_MOST_MOMENTS: Final = 60
"""Categories of a chart over time; of more, the last so many are shown."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure, and the cells that give it: the sum of ``cells``, less some, divided by the sum of others."""

    value: Number
    cells: tuple[Cell, ...] = ()
    less: tuple[Cell, ...] = ()
    over: tuple[Cell, ...] = ()

    @property
    def cell(self) -> Cell | None:
        """The one cell that the figure stands in; None where it is reckoned from several."""
        return self.cells[0] if len(self.cells) == 1 and not (self.less or self.over) else None


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One series to be."""

    name: str
    unit: Unit
    number_format: str
    points: tuple[Point, ...]
    is_rest: bool = False
    """Whether it adds up what has no series of its own."""

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The figures."""
        return tuple(point.value for point in self.points)


@dataclass(frozen=True, slots=True)
class ChartData:
    """All that a chart shows."""

    sheet: str
    """Where the cells are."""
    labels: tuple[str, ...]
    label_cells: tuple[Cell, ...]
    """The cells that hold just these labels; empty where none do."""
    lines: tuple[ChartLine, ...]
    over_time: bool = False
    when: str = ""
    remarks: tuple[str, ...] = ()
    """What is left out."""
    heading: str = "Period"
    """What the labels are."""


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
        return NO_ROWS if place else "its pivot stands on no sheet"
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
    return _with_few_lines(spec, data, adding=adding, rest=_rest_word(table))


def history_data(
    spec: ChartSpec, context: Context, sheet: str, header: Range, measures: Sequence[tuple[str, Range]]
) -> ChartData | str:
    """Return what a chart of measures over the history shows, or why there is none.

    ``header`` has the labels of the periods, and each range of ``measures`` the figures of one.
    """
    if not measures:
        return "none of its measures is on this sheet"
    figures = {name: context.analysis.figures[name] for name, _ in measures}
    unit = figures[measures[0][0]].measure.unit
    drawn = [pair for pair in measures if spec.kind == "combination" or figures[pair[0]].measure.unit == unit]
    lines = [
        ChartLine(
            figures[name].measure.title,
            figures[name].measure.unit,
            context.format(figures[name].measure.unit),
            tuple(map(_point_at, figures[name].values, _cells_of(cells))),
        )
        for name, cells in drawn
    ]
    gone = [figures[name].measure.title for name, _ in measures if (name, _) not in drawn]
    labels = tuple(period.label for period in context.analysis.history)
    data = ChartData(
        sheet,
        labels,
        tuple(_cells_of(header)),
        tuple(lines),
        over_time=True,
        when=_from_to(labels),
        remarks=(f"without {' and '.join(gone)}, of another unit",) if gone else (),
    )
    return _with_few_lines(spec, data, adding=False, rest="")


def _point_at(value: Number, cell: Cell) -> Point:
    return Point(value, (cell,))


def _cells_of(cells: Range) -> list[Cell]:
    rows = range(cells.first_row, cells.last_row + 1)
    return [(row, column) for row in rows for column in range(cells.first_column, cells.last_column + 1)]


def adds_up(context: Context, table: PivotTable, value: int) -> bool:
    """Tell whether the figures of a value field can be summed over rows and columns."""
    field = table.pivot.values[value]
    measure = context.analysis.spec.measure(field.measure)
    adding = isinstance(measure, Measure) and measure.aggregate in ("sum", "count")
    return adding and field.show in ("value", "share", "shareOfRow", "shareOfColumn", "change", "difference")


def total(points: Iterable[Point]) -> Point:
    """Return the sum of figures, None where none of them is there."""
    points = list(points)
    values = [Decimal(point.value) for point in points if point.value is not None]
    cells = tuple(cell for point in points for cell in point.cells)
    less = tuple(cell for point in points for cell in point.less)
    return Point(sum(values, Decimal(0)) if values else None, cells, less)


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
    first = max(len(rows) - _MOST_MOMENTS, 0) if over_time else 0
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
        when=_from_to(labels) if over_time else period if item in ("", period) else item,
        remarks=(f"{word} {len(kept)} of {len(rows):,}",) if len(kept) < len(rows) else (),
        heading=" · ".join(table.row_titles),
    )


def _along_moments(reader: PivotReader, moments: Sequence[int], lines: Sequence[ChartLine]) -> ChartData:
    kept = moments[-_MOST_MOMENTS:]
    labels = tuple(map(reader.item_label, kept))
    width = len(reader.table.pivot.values)
    header = tuple((reader.place.header_row, reader.place.first_value + item * width) for item in kept)
    single = width == 1 and len(reader.table.pivot.columns) == 1
    return ChartData(
        reader.place.sheet,
        labels,
        header if single else (),
        tuple(replace(line, points=line.points[-_MOST_MOMENTS:]) for line in lines),
        over_time=True,
        when=_from_to(labels),
        remarks=(f"last {len(kept)} of {len(moments):,}",) if len(kept) < len(moments) else (),
    )


def _row_label(table: PivotTable, row: int) -> str:
    return " · ".join(filter(None, table.rows[row].labels))


def _columns_are_moments(table: PivotTable) -> bool:
    return table.pivot.by_period or bool(table.pivot.columns and table.pivot.columns[-1].by)


def _from_to(labels: Sequence[str]) -> str:
    return f"{labels[0]} to {labels[-1]}" if len(labels) > 1 else "".join(labels)


# --- not too many series ----------------------------------------------------------------------------


def _rest_word(table: PivotTable) -> str:
    return (table.pivot.top.other if table.pivot.top else "") or "Other"


def _with_few_lines(spec: ChartSpec, data: ChartData, *, adding: bool, rest: str) -> ChartData | str:
    """Keep the largest series, and add up the others where they can be."""
    if len(data.lines) <= _MOST_SERIES:
        return data
    if spec.kind == "share" and not adding:
        return f"it has {len(data.lines)} parts that do not add up, and a chart shows six"
    by_size = sorted(range(len(data.lines)), key=_size_of(data.lines), reverse=True)
    kept = sorted(by_size[: _MOST_SERIES - adding])
    lines = tuple(data.lines[at] for at in kept)
    others = [line for at, line in enumerate(data.lines) if at not in kept]
    if not adding:
        remark = f"{len(lines)} of {len(data.lines):,} series"
        return replace(data, lines=lines, remarks=(*data.remarks, remark))
    points = tuple(map(total, zip(*(line.points for line in others), strict=True)))
    summed = replace(others[0], name=rest, points=points, is_rest=True)
    remark = f"{rest}: {len(others):,} more added up"
    return replace(data, lines=(*lines, summed), remarks=(*data.remarks, remark))


def _size_of(lines: Sequence[ChartLine]) -> Callable[[int], tuple[bool, Decimal]]:
    """Return the order of series by size, what is a rest already last."""
    return lambda at: (
        not lines[at].is_rest,
        sum((abs(Decimal(number or 0)) for number in lines[at].numbers), Decimal(0)),
    )


# --- shares -----------------------------------------------------------------------------------------


def shares(data: ChartData) -> ChartData | str:
    """Return each figure as its share of its category's sum, or why that cannot be drawn."""
    numbers = [number for line in data.lines for number in line.numbers if number is not None]
    if len(data.lines) == 1:
        return "it has one part only, which is the whole"
    if any(number < 0 for number in numbers):
        return "some of its figures are negative, and shares of a whole are not"
    if not any(numbers):
        return "its figures are all zero"
    sums = [total(points) for points in zip(*(line.points for line in data.lines), strict=True)]
    lines = tuple(
        replace(
            line,
            unit="percent",
            number_format=_SHARE_FORMAT,
            points=tuple(
                replace(point, value=divided(point.value, whole.value), over=whole.cells)
                for point, whole in zip(line.points, sums, strict=True)
            ),
        )
        for line in data.lines
    )
    return replace(data, lines=lines)
