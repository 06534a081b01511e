"""Lay out charts: over the rows of a pivot, over the history of measures, and the bridge."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import Number, PivotTable
from xlreport.cells import Range, cut
from xlreport.layout.context import Context
from xlreport.layout.places import Spot
from xlreport.plan import Chart, ChartKind, Series
from xlreport.spec.records import ChartSpec, Unit
from xlreport.text import listing, plural

__all__ = ["bridge_chart", "history_chart", "pivot_chart"]

_MOST_SERIES: Final = 6
_MOST_LABEL: Final = 255
"""Characters of a label that the chart keeps beside the cell that it comes from."""


def pivot_chart(
    spec: ChartSpec, context: Context, row: int, column: int, width: float, height: float
) -> Chart | None:
    """Return a chart of one value field of a pivot, over its body rows; None where it has no rows.

    The cells are those of the pivot's own sheet.
    """
    table = context.analysis.pivots[spec.pivot]
    spot = context.places.pivot_bodies.get(spec.pivot)
    rows = table.body
    if spot is None or not rows:
        return None
    count = min(len(rows), spec.most)
    title = _titled(spec.title, context, table.units[spec.value - 1])
    if count < len(rows):
        title += f" (first {count} of {len(rows):,})"
    labels = tuple(cut(item.labels[-1], _MOST_LABEL) for item in rows[:count])
    offset = len(table.pivot.rows) + spec.value - 1
    values = Range.at(spot.range.first_row, spot.range.first_column + offset, count)
    numbers = tuple(item.values[spec.value - 1] for item in rows[:count])
    series = Series(table.titles[spec.value - 1], values, numbers, context.theme.series[0])
    return Chart(
        kind=ChartKind(spec.kind),
        title=title,
        row=row,
        column=column,
        width=width,
        height=height,
        categories=Range.at(spot.range.first_row, spot.range.last_column, count),
        labels=labels,
        series=(series,),
        alt_text=_pivot_alt_text(title, labels, numbers, table),
        number_format=_axis_format(context, table.units[spec.value - 1]),
        label_format=_positive(context.format(table.units[spec.value - 1])),
        sheet=spot.sheet,
        data_labels=True,
    )


def _pivot_alt_text(title: str, labels: Sequence[str], numbers: Sequence[Number], table: PivotTable) -> str:
    named = f"{labels[0]} is first" if numbers[0] is not None else ""
    return f"{title}: {plural(len(labels), 'row')} of the pivot {table.pivot.title}. {named}.".replace(
        ". .", "."
    )


def history_chart(
    spec: ChartSpec,
    context: Context,
    row: int,
    column: int,
    categories: Range,
    measures: Sequence[tuple[str, Range]],
    width: float,
    height: float,
) -> Chart | None:
    """Return a chart of measures over the history, on the sheet that holds them; None without measures."""
    if not measures:
        return None
    analysis = context.analysis
    figures = [analysis.figures[name] for name, _ in measures[:_MOST_SERIES]]
    title = _titled(spec.title, context, figures[0].measure.unit)
    labels = tuple(period.label for period in analysis.history)
    series = tuple(
        Series(figure.measure.title, cells, figure.values, color)
        for figure, (_, cells), color in zip(figures, measures, context.theme.series, strict=False)
    )
    return Chart(
        kind=ChartKind(spec.kind),
        title=title,
        row=row,
        column=column,
        width=width,
        height=height,
        categories=categories,
        labels=labels,
        series=series,
        alt_text=f"{title}, {labels[0]} to {labels[-1]}: {listing(one.name for one in series)}.",
        number_format=_axis_format(context, figures[0].measure.unit),
        label_format=_positive(context.format(figures[0].measure.unit)),
        data_labels=len(series) == 1,
    )


def bridge_chart(
    title: str,
    context: Context,
    row: int,
    labels: Spot,
    names: Sequence[str],
    parts: Sequence[tuple[str, Range, Sequence[Decimal], str]],
) -> Chart:
    """Return a waterfall made of stacked columns: an invisible base, and what stands on it."""
    return Chart(
        kind=ChartKind.STACKED,
        title=_titled(title, context, "money"),
        row=row,
        column=1,
        width=24,
        height=9,
        categories=labels.range,
        labels=tuple(names),
        series=tuple(Series(name, cells, tuple(numbers), color) for name, cells, numbers, color in parts),
        alt_text=f"{title}: {', '.join(names)}.",
        number_format=_axis_format(context, "money"),
    )


def _titled(title: str, context: Context, unit: Unit) -> str:
    words = context.filled(title)
    if unit == "money":
        return f"{words}, {context.money_unit}"
    return f"{words}, number" if unit == "count" else words


def _positive(number_format: str) -> str:
    return number_format.partition(";")[0]


def _axis_format(context: Context, unit: Unit) -> str:
    """Return the format of an axis: its round numbers need no decimals."""
    return re.sub(r"\.0+(?=,*$)", "", _positive(context.format(unit)))
