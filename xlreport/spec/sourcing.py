"""Give a pivot that stays alive the data sheet that it reads, where its report has none."""

from collections.abc import Iterator
from dataclasses import replace

from xlreport.cells import unique_sheet_name
from xlreport.spec import records as r

__all__ = ["with_data_sheets"]


def with_data_sheets(spec: r.ReportSpec) -> r.ReportSpec:
    """Return the report with a data sheet at its end for each table that live pivots read and none shows."""
    shown = {sheet.table for sheet in spec.sheets if sheet.kind == "data"}
    on_sheets = {name for sheet in spec.sheets for name in sheet.pivots}
    added: dict[str, r.SheetSpec] = {}
    for pivot in spec.pivots:
        table = spec.table_of(pivot.values[0].measure)
        if pivot.mode != "static" and pivot.name in on_sheets and table not in (*shown, *added):
            alike = [other for other in spec.pivots if spec.table_of(other.values[0].measure) == table]
            taken = [sheet.name for sheet in (*spec.sheets, *added.values())]
            added[table] = _data_sheet(spec, table, [each for each in alike if each.mode != "static"], taken)
    return replace(spec, sheets=(*spec.sheets, *added.values()))


def _data_sheet(spec: r.ReportSpec, table: str, pivots: list[r.Pivot], taken: list[str]) -> r.SheetSpec:
    title = next((each.title for each in spec.tables if each.name == table), "") or table
    fields = dict.fromkeys(name for pivot in pivots for name in _fields(spec, pivot))
    return r.SheetSpec(
        kind="data",
        name=unique_sheet_name(title, taken),
        title=title,
        table=table,
        columns=tuple(map(r.DataColumn, fields)),
    )


def _fields(spec: r.ReportSpec, pivot: r.Pivot) -> Iterator[str]:
    """Yield the fields that a reader of the pivot wants to see in its rows."""
    axes = (*pivot.rows, *pivot.columns, *(each.field for each in pivot.filters))
    yield from (axis.field for axis in axes if axis.field != "period")
    for value in pivot.values:
        yield from _fields_of(spec, value.measure)


def _fields_of(spec: r.ReportSpec, name: str) -> Iterator[str]:
    measure = spec.measure(name)
    if isinstance(measure, r.Ratio):
        yield from _fields_of(spec, measure.over)
        yield from _fields_of(spec, measure.under)
    elif isinstance(measure, r.Measure):
        yield from measure.when.fields
        if measure.field:
            yield measure.field
