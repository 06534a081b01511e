"""Find what a chart of a report definition asks for that cannot be drawn."""

from collections.abc import Iterator

from xlreport.spec import records as r
from xlreport.text import listing

__all__ = ["chart_problems", "sparkline_problems"]

_OWN_UNIT = ("value", "change", "difference", "runningTotal")
"""What a value field shows in the unit of its measure; the rest are shares, and ranks."""


def chart_problems(chart: r.ChartSpec, path: str, spec: r.ReportSpec) -> Iterator[str]:
    """Yield a sentence for each problem of a chart whose names are all known."""
    if not chart.pivot and not chart.measures:
        yield f"{path}: a chart shows a pivot or measures; name either."
    elif chart.pivot:
        yield from _of_pivot(chart, path, spec)
    else:
        yield from _of_measures(chart, path, spec)


def _of_pivot(chart: r.ChartSpec, path: str, spec: r.ReportSpec) -> Iterator[str]:
    pivot = spec.pivot(chart.pivot)
    has = f"the pivot '{chart.pivot}' has {len(pivot.values)} value fields"
    for name, number in (("value", chart.value), ("line", chart.line)):
        if number > len(pivot.values):
            yield f"{path}.{name}: {has}; {number} is none of them."
            return
    field = pivot.values[chart.value - 1]
    if chart.kind == "combination":
        yield from _of_two_fields(chart, path, spec)
    elif chart.line:
        yield f"{path}.line: only a combination has a line of its own; this is a {chart.kind} chart."
    elif chart.kind == "share" and not pivot.columns:
        yield (
            f"{path}.kind: shares are those of the columns of a pivot, and '{chart.pivot}' has none; "
            "name a pivot with columns, or use bar."
        )
    elif chart.kind == "waterfall" and field.show not in ("value", "change"):
        yield (
            f"{path}.value: a waterfall shows a value or a change, and value field {chart.value} of "
            f"'{chart.pivot}' shows {field.show}."
        )


def _of_two_fields(chart: r.ChartSpec, path: str, spec: r.ReportSpec) -> Iterator[str]:
    pivot = spec.pivot(chart.pivot)
    if not chart.line:
        yield f"{path}: a combination of a pivot needs line, the number of the value field drawn as a line."
        return
    units = [_unit(pivot.values[number - 1], spec) for number in (chart.value, chart.line)]
    if units[0] and units[0] == units[1]:
        yield (
            f"{path}.line: value fields {chart.value} and {chart.line} are both in the unit {units[0]}; "
            "a second axis is for another unit."
        )


def _unit(value: r.PivotValue, spec: r.ReportSpec) -> str:
    if value.show == "rank":
        return "rank"
    if value.show not in _OWN_UNIT:
        return "percent"
    return next((measure.unit for measure in spec.measures if measure.name == value.measure), "")


def _of_measures(chart: r.ChartSpec, path: str, spec: r.ReportSpec) -> Iterator[str]:
    units = list(dict.fromkeys(spec.measure(name).unit for name in chart.measures))
    if chart.kind == "combination" and len(units) != 2:  # noqa: PLR2004  # the two axes of a chart
        are = f"these are all in {units[0]}" if len(units) == 1 else f"these are in {listing(units)}"
        yield f"{path}.measures: a combination shows measures of two units; {are}."
    if chart.kind == "waterfall" and len(units) > 1:
        yield f"{path}.measures: a waterfall shows measures of one unit; these are in {listing(units)}."
    if chart.kind == "share" and len(chart.measures) == 1:
        yield f"{path}.measures: shares are those of several measures; '{chart.measures[0]}' is one."
    if chart.line:
        yield f"{path}.line: only value fields of a pivot have numbers; of measures the unit tells."


def sparkline_problems(pivot: r.Pivot) -> Iterator[str]:
    """Yield a sentence where a pivot has no figures over time to draw small charts of."""
    path = f"$.pivots.{pivot.name}.sparklines"
    if not pivot.sparklines:
        return
    if not (pivot.by_period or (len(pivot.columns) == 1 and pivot.columns[0].by)):
        yield (
            f"{path}: a sparkline shows figures over time; give the pivot the columns period, or one date by "
            "year, quarter or month."
        )
    elif len(pivot.values) > 1:
        yield f"{path}: a sparkline shows one figure; this pivot has {len(pivot.values)} value fields."
