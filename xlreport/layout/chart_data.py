"""The figures that a chart shows, each with the cells that it comes from: of measures, and of any source.

What cannot be drawn sensibly is answered with the reason, in words that can stand in the chart's place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from xlreport.analysis.measures import divided
from xlreport.analysis.results import Number
from xlreport.cells import Range
from xlreport.language import key
from xlreport.layout.context import Context
from xlreport.spec.records import ChartSpec, Unit

__all__ = [
    "MOST_MOMENTS",
    "NO_FIGURES",
    "Cell",
    "ChartData",
    "ChartLine",
    "Point",
    "from_to",
    "history_data",
    "shares",
    "total",
    "with_few_lines",
]

Cell = tuple[int, int]
"""Row and column, from 1."""

NO_FIGURES: Final = key("none of its figures is there")
_MOST_SERIES: Final = 6
MOST_MOMENTS: Final = 60
"""Categories of a chart over time; of more, the last so many are shown."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure, and the cells that give it: the sum of ``cells``, less some, divided by the sum of others."""

    value: Number
    cells: tuple[Cell, ...] = ()
    less: tuple[Cell, ...] = ()
    over: tuple[Cell, ...] = ()
    moves: bool = False
    """Whether the cells are those of a native pivot, which a refresh may move: no formula reads them."""

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
    heading: str = ""
    """What the labels are."""


def history_data(
    spec: ChartSpec, context: Context, sheet: str, header: Range, measures: Sequence[tuple[str, Range]]
) -> ChartData | str:
    """Return what a chart of measures over the history shows, or why there is none.

    ``header`` has the labels of the periods, and each range of ``measures`` the figures of one.
    """
    if not measures:
        return context.language.text("none of its measures is on this sheet")
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
        when=from_to(context, labels),
        remarks=(_without(context, gone),) if gone else (),
        heading=context.language.text("Period"),
    )
    return with_few_lines(spec, context, data, adding=False, rest="")


def _without(context: Context, titles: Sequence[str]) -> str:
    measures = context.language.listing(titles)
    return context.language.text("without {measures}, of another unit", measures=measures)


def _point_at(value: Number, cell: Cell) -> Point:
    return Point(value, (cell,))


def _cells_of(cells: Range) -> list[Cell]:
    rows = range(cells.first_row, cells.last_row + 1)
    return [(row, column) for row in rows for column in range(cells.first_column, cells.last_column + 1)]


def from_to(context: Context, labels: Sequence[str]) -> str:
    """Return the span of labels over time: ``2012 to 2017``."""
    if len(labels) == 1:
        return labels[0]
    return context.language.text("{start} to {end}", start=labels[0], end=labels[-1])


def total(points: Iterable[Point]) -> Point:
    """Return the sum of figures, None where none of them is there."""
    points = list(points)
    values = [Decimal(point.value) for point in points if point.value is not None]
    cells = tuple(cell for point in points for cell in point.cells)
    less = tuple(cell for point in points for cell in point.less)
    moves = any(point.moves for point in points)
    return Point(sum(values, Decimal(0)) if values else None, cells, less, moves=moves)


# --- not too many series ----------------------------------------------------------------------------


def with_few_lines(
    spec: ChartSpec, context: Context, data: ChartData, *, adding: bool, rest: str
) -> ChartData | str:
    """Keep the largest series, and add up the others where they can be."""
    if len(data.lines) <= _MOST_SERIES:
        return data
    if spec.kind == "share" and not adding:
        parts = context.language.number(len(data.lines))
        return context.language.text("it has {n} parts that do not add up, and a chart shows six", n=parts)
    by_size = sorted(range(len(data.lines)), key=_size_of(data.lines), reverse=True)
    kept = sorted(by_size[: _MOST_SERIES - adding])
    lines = tuple(data.lines[at] for at in kept)
    others = [line for at, line in enumerate(data.lines) if at not in kept]
    if not adding:
        shown = {"n": context.language.number(len(lines)), "all": context.language.number(len(data.lines))}
        remark = context.language.text("{n} of {all} series", **shown)
        return replace(data, lines=lines, remarks=(*data.remarks, remark))
    points = tuple(map(total, zip(*(line.points for line in others), strict=True)))
    summed = replace(others[0], name=rest, points=points, is_rest=True)
    added = context.language.number(len(others))
    remark = context.language.text("{rest}: {n} more added up", rest=rest, n=added)
    return replace(data, lines=(*lines, summed), remarks=(*data.remarks, remark))


def _size_of(lines: Sequence[ChartLine]) -> Callable[[int], tuple[bool, Decimal]]:
    """Return the order of series by size, what is a rest already last."""
    return lambda at: (
        not lines[at].is_rest,
        sum((abs(Decimal(number or 0)) for number in lines[at].numbers), Decimal(0)),
    )


# --- shares -----------------------------------------------------------------------------------------


def shares(context: Context, data: ChartData) -> ChartData | str:
    """Return each figure as its share of its category's sum, or why that cannot be drawn."""
    numbers = [number for line in data.lines for number in line.numbers if number is not None]
    if len(data.lines) == 1:
        return context.language.text("it has one part only, which is the whole")
    if any(number < 0 for number in numbers):
        return context.language.text("some of its figures are negative, and shares of a whole are not")
    if not any(numbers):
        return context.language.text("its figures are all zero")
    sums = [total(points) for points in zip(*(line.points for line in data.lines), strict=True)]
    lines = tuple(
        replace(
            line,
            unit="percent",
            number_format=context.format("percent"),
            points=tuple(
                replace(point, value=divided(point.value, whole.value), over=whole.cells)
                for point, whole in zip(line.points, sums, strict=True)
            ),
        )
        for line in data.lines
    )
    return replace(data, lines=lines)
