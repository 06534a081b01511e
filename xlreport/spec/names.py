"""Find the names in a report definition that refer to nothing: measures, tables, pivots, bridges."""

from collections.abc import Iterable, Iterator

from xlreport.spec import records as r
from xlreport.spec.charts import chart_problems, sparkline_problems
from xlreport.spec.pivot_rules import wrong_pivots
from xlreport.text import did_you_mean, listing

__all__ = ["wrong_names"]


def wrong_names(spec: r.ReportSpec) -> Iterator[str]:
    """Yield a sentence for each name that refers to nothing, with its path and the nearest valid name."""
    yield from _in_measures(spec)
    yield from _in_pivots(spec)
    yield from wrong_pivots(spec)
    yield from _in_bridges(spec)
    yield from _without_date(spec)
    for position, sheet in enumerate(spec.sheets):
        yield from _in_sheet(sheet, f"$.sheets[{position}]", spec)
    yield from _rows_twice(spec)


def _unknown(name: str, known: Iterable[str], what: str, path: str) -> Iterator[str]:
    names = list(known)
    if name not in names:
        there_are = listing(names, most=40) or "none"
        yield f"{path}: no {what} '{name}'; there are {there_are}{did_you_mean(name, names)}"


def _names(things: Iterable[r.AnyMeasure | r.TableSpec | r.Pivot | r.Bridge]) -> list[str]:
    return [thing.name for thing in things]


def _in_measures(spec: r.ReportSpec) -> Iterator[str]:
    for measure in spec.measures:
        path = f"$.measures.{measure.name}"
        if isinstance(measure, r.Measure):
            yield from _unknown(measure.table, _names(spec.tables), "table", f"{path}.of")
        elif isinstance(measure, r.Revalued):
            yield from _unknown(measure.table, _names(spec.tables), "table", f"{path}.balance.of")
        else:
            yield from _in_derived(measure, path, spec)


def _in_derived(measure: r.Ratio | r.Concentration, path: str, spec: r.ReportSpec) -> Iterator[str]:
    if isinstance(measure, r.Concentration):
        yield from _unknown(measure.of, _names(spec.measures), "measure", f"{path}.concentration.of")
        return
    for part in (measure.over, measure.under):
        yield from _unknown(part, _names(spec.measures), "measure", f"{path}.ratio")
    circle = _circle(measure.name, spec, ())
    if circle and measure.name == min(circle):
        yield f"{path}.ratio: {' -> '.join(circle)} goes round in a circle; break it at one of them."


def _circle(name: str, spec: r.ReportSpec, above: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ratios on the way from ``name`` back to itself, or nothing."""
    if name in above:
        return (*above, name) if name == above[0] else ()
    measure = next((measure for measure in spec.measures if measure.name == name), None)
    parts = (measure.over, measure.under) if isinstance(measure, r.Ratio) else ()
    return next((found for part in parts if (found := _circle(part, spec, (*above, name)))), ())


def _in_pivots(spec: r.ReportSpec) -> Iterator[str]:
    for pivot in spec.pivots:
        yield from sparkline_problems(pivot)
        for value in pivot.values:
            yield from _unknown(
                value.measure, _names(spec.measures), "measure", f"$.pivots.{pivot.name}.values"
            )


def _in_bridges(spec: r.ReportSpec) -> Iterator[str]:
    balances = {measure.name for measure in spec.measures if isinstance(measure, r.Revalued)}
    for bridge in spec.bridges:
        path = f"$.bridges.{bridge.name}.balance"
        unknown = list(_unknown(bridge.balance, _names(spec.measures), "measure", path))
        yield from unknown
        if not unknown and bridge.balance not in balances:
            yield f"{path}: '{bridge.balance}' is not a balance; name a measure that has one."


def _without_date(spec: r.ReportSpec) -> Iterator[str]:
    """Refuse what compares periods in a report that does not say which date they go by."""
    if spec.date:
        return
    compared = [f"tables.{table.name}" for table in spec.tables if isinstance(table.source, r.Cohort)]
    compared += [f"bridges.{bridge.name}" for bridge in spec.bridges]
    compared += [
        f"pivots.{pivot.name}"
        for pivot in spec.pivots
        if pivot.by_period or any(value.is_change for value in pivot.values)
    ]
    for path in compared:
        yield f"$.{path} compares periods; give the report date, the table/field that they go by."


def _in_sheet(sheet: r.SheetSpec, path: str, spec: r.ReportSpec) -> Iterator[str]:
    measures, pivots = _names(spec.measures), _names(spec.pivots)
    for name in (name for group in sheet.groups for name in group.measures):
        yield from _unknown(name, measures, "measure", f"{path}.groups")
    for name in sheet.pivots:
        yield from _unknown(name, pivots, "pivot", f"{path}.pivots")
    for mark in sheet.marks:
        yield from _unknown(mark.measure, measures, "measure", f"{path}.marks")
    for statement in sheet.statements:
        for name in filter(None, (statement.when, statement.unless)):
            yield from _unknown(name, measures, "measure", f"{path}.statements")
    for position, chart in enumerate(sheet.charts):
        yield from _in_chart(chart, f"{path}.charts[{position}]", spec)
    for position, slicer in enumerate(sheet.slicers):
        yield from _in_slicer(slicer, sheet, f"{path}.slicers[{position}]", spec)
    if sheet.kind == "bridge":
        yield from _unknown(sheet.bridge, _names(spec.bridges), "bridge", f"{path}.bridge")
    tables = [(sheet.table, "table")] if sheet.kind == "data" else []
    for table, part in [*tables, *((each.table, "columnsOf") for each in sheet.columns_of)]:
        yield from _unknown(table, _names(spec.tables), "table", f"{path}.{part}")


def _rows_twice(spec: r.ReportSpec) -> Iterator[str]:
    """Refuse a second sheet of the rows behind the figures: a figure leads to one place."""
    first, *others = [at for at, sheet in enumerate(spec.sheets) if sheet.kind == "rows"] or [0]
    for position in others:
        yield f"$.sheets[{position}]: $.sheets[{first}] shows the rows already; keep one of the two."


def _in_slicer(slicer: r.SlicerSpec, sheet: r.SheetSpec, path: str, spec: r.ReportSpec) -> Iterator[str]:
    if sheet.kind == "data" and (slicer.pivots or slicer.field.by):
        yield f"{path}: a slicer of a data sheet filters its rows by a column; name a field of it alone."
    elif sheet.kind == "pivot":
        for name in slicer.pivots:
            yield from _unknown(name, sheet.pivots, "pivot of the sheet", f"{path}.pivots")
        known = [pivot for pivot in spec.pivots if pivot.name in (slicer.pivots or sheet.pivots)]
        if known and not any(pivot.mode == "native" for pivot in known):
            yield f"{path}: a slicer filters native pivots; give one of them mode: native."
    elif sheet.kind != "data":
        yield f"{path}: a slicer stands on a pivot or data sheet, not on one of kind {sheet.kind}."


def _in_chart(chart: r.ChartSpec, path: str, spec: r.ReportSpec) -> Iterator[str]:
    for name in chart.measures:
        yield from _unknown(name, _names(spec.measures), "measure", f"{path}.measures")
    if chart.pivot:
        yield from _unknown(chart.pivot, _names(spec.pivots), "pivot", f"{path}.pivot")
    if set(chart.measures) <= set(_names(spec.measures)) and chart.pivot in ("", *_names(spec.pivots)):
        yield from chart_problems(chart, path, spec)
