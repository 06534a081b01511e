"""Lay out charts: over a pivot, over the history of measures, waterfalls, and the bridge.

A chart is made in two steps. `pivot_drawing` and `history_drawing` settle what it shows and how large it
is; `place_chart` puts it on the sheet, with the small table of its figures where it needs one. Where
there is nothing sensible to draw, `place_reason` says why instead.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import Number
from xlreport.cells import Range, cut
from xlreport.layout.canvas import ROW_HEIGHT, Canvas
from xlreport.layout.chart_data import NO_FIGURES, Cell, ChartData, ChartLine, history_data, shares
from xlreport.layout.chart_frames import Frame, frame_of
from xlreport.layout.chart_looks import (
    axis_of,
    colors_of,
    gap_of,
    labels_of,
    positive,
)
from xlreport.layout.chart_pivots import pivot_data
from xlreport.layout.chart_tables import direct_ranges, figures_table, step_titles, steps_table
from xlreport.layout.chart_words import alt_text, subtitle, unit_words, wrapped_title
from xlreport.layout.context import Context
from xlreport.layout.formats import displayed
from xlreport.layout.places import Spot
from xlreport.layout.waterfall import Bar, Steps, bars, history_steps, pivot_steps
from xlreport.layout.waterfall_looks import columns_of
from xlreport.plan import Axis, Chart, ChartKind, Series
from xlreport.spec.records import ChartSpec
from xlreport.styles import Role

__all__ = [
    "Drawing",
    "bridge_chart",
    "history_drawing",
    "pivot_drawing",
    "place_chart",
    "place_reason",
]

_MOST_NAME: Final = 60
"""Characters of the name of a series in the legend; the cells have it in full."""
_MOST_LABEL: Final = 255
"""Characters of a label that the chart keeps beside the cell that it comes from."""
_POINTS_PER_CENTIMETRE: Final = 72 / 2.54
_PARTS: Final = 3
"""Columns of a table of steps before those of the parts of the columns."""
_TABLE_AIR: Final = 2
"""Empty rows below the table of a chart's figures."""
_BRIDGE_WIDTH: Final = 24.0
_BRIDGE_HEIGHT: Final = 9.0
_AXIS_TITLE: Final = 0.9
"""Centimetres that the title of an axis takes, beside its numbers."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that has not got its place yet."""

    kind: ChartKind
    title: str
    data: ChartData | Steps | str
    """What it shows, or why there is no chart."""
    frame: Frame

    @property
    def rows(self) -> int:
        """Rows of the sheet that the chart covers, and one of air below it."""
        return math.ceil(self.frame.height * _POINTS_PER_CENTIMETRE / ROW_HEIGHT) + 1


def pivot_drawing(spec: ChartSpec, context: Context, width: float, height: float) -> Drawing:
    """Return a chart of a pivot that stands on a sheet already."""
    if spec.kind == "waterfall":
        return _drawing(spec, context, pivot_steps(spec, context), width, height)
    return _drawing(spec, context, _sensible(spec, context, pivot_data(spec, context)), width, height)


def history_drawing(
    spec: ChartSpec,
    context: Context,
    sheet: str,
    header: Range,
    measures: Sequence[tuple[str, Range]],
    width: float,
    height: float,
) -> Drawing:
    """Return a chart of measures over the history.

    ``header`` has the labels of the periods, and each range of ``measures`` the figures of one.
    """
    if spec.kind == "waterfall":
        return _drawing(spec, context, history_steps(spec, context, sheet, measures), width, height)
    data = history_data(spec, context, sheet, header, measures)
    return _drawing(spec, context, _sensible(spec, context, data), width, height)


def _drawing(
    spec: ChartSpec, context: Context, data: ChartData | Steps | str, width: float, height: float
) -> Drawing:
    kind, title = ChartKind(spec.kind), context.filled(spec.title)
    labels: Sequence[str] = ()
    units: list[str] = []
    legend: Sequence[str] = ()
    remarks: Sequence[str] = ()
    when, over_time = "", False
    if isinstance(data, ChartData):
        labels, when, remarks, over_time = data.labels, data.when, data.remarks, data.over_time
        units = [unit_words(line.unit, context) for line in data.lines]
        legend = [cut(line.name, _MOST_NAME) for line in data.lines] if len(data.lines) > 1 else ()
    elif isinstance(data, Steps):
        labels, when, remarks = [step.name for step in data.steps], data.when, data.remarks
        units, legend = [unit_words(data.unit, context)], step_titles(context.language)[_PARTS + 1 : -2]
    below = subtitle(context, title, when, dict.fromkeys(units), remarks, width)
    above = wrapped_title(title, width)
    return Drawing(
        kind, title, data, frame_of(kind, above, below, labels, legend, width, height, over_time=over_time)
    )


def _sensible(spec: ChartSpec, context: Context, data: ChartData | str) -> ChartData | str:
    """Return what there is to draw, or why it cannot be drawn sensibly."""
    if isinstance(data, str):
        return data
    if all(number is None for line in data.lines for number in line.numbers):
        return context.language.text(NO_FIGURES)
    if spec.kind == "share":
        return shares(context, data)
    if len(data.labels) == 1 and (len(data.lines) == 1 or spec.kind in ("line", "combination")):
        line = data.lines[0]
        figure = displayed(line.numbers[0], positive(line.number_format))
        return context.language.text(
            "there is nothing to compare; its only figure is {figure} ({label})",
            figure=figure,
            label=data.labels[0],
        )
    return data


# --- places -----------------------------------------------------------------------------------------


def place_reason(canvas: Canvas, drawing: Drawing, row: int, column: int = 1) -> int:
    """Say at a cell why there is no chart; return the next free row."""
    said = {"title": drawing.title, "reason": drawing.data}
    text = canvas.language.text("No chart “{title}”: {reason}.", **said)
    canvas.put(Role.SUBTITLE, row, column, [[text]], measured=False)
    return row + 2


def place_chart(canvas: Canvas, context: Context, drawing: Drawing, place: Cell, table_place: Cell) -> int:
    """Put a chart at ``place``, and the table of its figures, if it needs one, at ``table_place``.

    Return the next row that is free for a table.
    """
    data = drawing.data
    table_row, table_column = table_place
    if isinstance(data, str):
        return place_reason(canvas, drawing, table_row, table_column)
    if isinstance(data, Steps):
        parts = bars(data.steps)
        ranges = steps_table(canvas, table_place, drawing.title, data, parts)
        canvas.charts.append(_waterfall(context, drawing, data, parts, place, ranges))
        return _below(canvas, table_row, ranges[0])
    direct = direct_ranges(data)
    if direct is not None:
        own = "" if data.sheet == canvas.name else data.sheet
        canvas.charts.append(_chart(context, drawing, data, place, direct, own))
        return table_row
    ranges = figures_table(canvas, table_place, drawing.title, data)
    canvas.charts.append(_chart(context, drawing, data, place, ranges, ""))
    return _below(canvas, table_row, ranges[0])


def _below(canvas: Canvas, first: int, labels: Range) -> int:
    """Keep a table of figures together; return the row below it, with some air."""
    canvas.kept_together.append((first, labels.last_row))
    return labels.last_row + 1 + _TABLE_AIR


# --- charts -----------------------------------------------------------------------------------------


def _chart(
    context: Context,
    drawing: Drawing,
    data: ChartData,
    place: Cell,
    ranges: tuple[Range, list[Range]],
    sheet: str,
) -> Chart:
    kind, lines, theme, frame = drawing.kind, data.lines, context.theme, drawing.frame
    labels = tuple(cut(label, _MOST_LABEL) for label in data.labels)
    colors = colors_of(theme, [line.is_rest for line in lines])
    first = lines[0]
    left = [line for line in lines if kind is not ChartKind.COMBINATION or line.unit == first.unit]
    numbers = [line.numbers for line in lines]
    written = labels_of(kind, numbers, first.number_format, colors, theme, frame.width, frame.height)
    axis = axis_of(
        [number for line in left for number in line.numbers],
        first.unit,
        first.number_format,
        gridlines=not any(written),
        title="" if len(left) == len(lines) else unit_words(first.unit, context),
    )
    chart = Chart(
        kind=kind,
        title=frame.title,
        row=place[0],
        column=place[1],
        width=frame.width,
        height=frame.height,
        categories=ranges[0],
        labels=labels,
        series=tuple(
            Series(
                cut(line.name, _MOST_NAME), cells, line.numbers, color, label, on_second_axis=line not in left
            )
            for line, cells, color, label in zip(lines, ranges[1], colors, written, strict=True)
        ),
        alt_text=alt_text(context, kind, drawing.title, frame.subtitle, labels, _said(lines)),
        axis=axis,
        second_axis=_second_axis(context, data) if len(left) < len(lines) else None,
        gap=gap_of(kind, len(left)),
        legend=len(lines) > 1,
        sheet=sheet,
    )
    return _framed(chart, frame)


def _framed(chart: Chart, frame: Frame) -> Chart:
    """Return the chart with what stands around its plot."""
    return replace(
        chart,
        subtitle=frame.subtitle,
        above=frame.above,
        below=frame.below,
        aside=_AXIS_TITLE if chart.second_axis else chart.aside,
        label_turn=frame.turn,
        label_step=frame.step,
    )


def _said(lines: Sequence[ChartLine]) -> list[tuple[str, Sequence[Number], str]]:
    return [(line.name, line.numbers, positive(line.number_format)) for line in lines]


def _second_axis(context: Context, data: ChartData) -> Axis:
    lines = [line for line in data.lines if line.unit != data.lines[0].unit]
    return axis_of(
        [number for line in lines for number in line.numbers],
        lines[0].unit,
        lines[0].number_format,
        gridlines=False,
        title=unit_words(lines[0].unit, context) or lines[0].name,
    )


def _waterfall(
    context: Context,
    drawing: Drawing,
    steps: Steps,
    parts: Sequence[Bar],
    place: Cell,
    ranges: tuple[Range, list[Range]],
) -> Chart:
    labels = tuple(cut(step.name, _MOST_LABEL) for step in steps.steps)
    numbers, frame = [step.point.value for step in steps.steps], drawing.frame
    names = step_titles(context.language)[_PARTS:]
    written = positive(steps.number_format)
    chart = Chart(
        kind=ChartKind.WATERFALL,
        title=frame.title,
        row=place[0],
        column=place[1],
        width=frame.width,
        height=frame.height,
        categories=ranges[0],
        labels=labels,
        series=tuple(columns_of(context.theme, names, parts, ranges[1], written, frame)),
        alt_text=alt_text(
            context, ChartKind.WATERFALL, drawing.title, frame.subtitle, labels, [("", numbers, written)]
        ),
        axis=axis_of([bar.level for bar in parts], steps.unit, steps.number_format, gridlines=True),
        gap=gap_of(ChartKind.WATERFALL, 1),
        legend=True,
    )
    return _framed(chart, frame)


# --- the bridge -------------------------------------------------------------------------------------


def bridge_chart(
    title: str,
    context: Context,
    row: int,
    labels: Spot,
    names: Sequence[str],
    parts: Sequence[tuple[str, Range, Sequence[Decimal], str]],
) -> Chart:
    """Return a waterfall made of stacked columns: an invisible base, and what stands on it."""
    width = _BRIDGE_WIDTH
    below = subtitle(context, title, "", [unit_words("money", context)], (), width)
    kind, written = ChartKind.STACKED, context.format("money")
    legend = [part[0] for part in parts if part[3]]
    frame = frame_of(
        kind, wrapped_title(title, width), below, names, legend, width, _BRIDGE_HEIGHT, over_time=False
    )
    _, balance, up, down = (part[2] for part in parts)
    steps = [stands + more - less for stands, more, less in zip(balance, up, down, strict=True)]
    said = [("", steps, positive(written))]
    chart = Chart(
        kind=kind,
        title=frame.title,
        row=row,
        column=1,
        width=width,
        height=frame.height,
        categories=labels.range,
        labels=tuple(names),
        series=tuple(Series(name, cells, tuple(numbers), color) for name, cells, numbers, color in parts),
        alt_text=alt_text(context, ChartKind.WATERFALL, title, below, names, said),
        axis=axis_of([number for part in parts for number in part[2]], "money", written, gridlines=True),
        gap=gap_of(ChartKind.WATERFALL, 1),
        legend=True,
    )
    return _framed(chart, frame)
