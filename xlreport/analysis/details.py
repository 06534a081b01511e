"""Fetch the rows of data sheets, with Yes/No columns that tell which rows enter a measure."""

from collections.abc import Sequence
from dataclasses import replace

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.live import Extra
from xlreport.analysis.measures import Evaluator
from xlreport.analysis.periods import Period
from xlreport.analysis.results import DataTable, ModelColumn
from xlreport.analysis.sql import Sql, join, quoted
from xlreport.errors import SpecError, located
from xlreport.spec import records as r
from xlreport.tables import Kind

__all__ = ["data_table"]


def data_table(
    evaluator: Evaluator, sheet: r.SheetSpec, period: Period, extras: Sequence[Extra] = ()
) -> DataTable:
    """Return the columns of a data sheet, those for live pivots last, and its rows in the sheet's order."""
    path = f"$.sheets[{evaluator.spec.sheets.index(sheet)}]"
    table, language = evaluator.model.table(sheet.table), evaluator.model.language
    with located(f"{path}.columns"):
        shown = _columns(sheet, table, evaluator)
    if not shown:  # records without any value are still counted
        title, meaning = language.texts("Record", "Number of the record in its register.")
        shown = [ModelColumn("_record", title, Kind.INTEGER, "", meaning)]
        expressions = [Sql("t._record + 1")]
    else:
        expressions = [Sql(table.field(column.name)) for column in shown]
    marks = {}
    for mark in sheet.marks:
        marks[mark.measure] = len(shown)
        title = evaluator.model.filled(mark.title)
        figure = evaluator.spec.measure(mark.measure).title
        meaning = language.text("Yes where the row enters the figure {figure}.", figure=figure)
        shown.append(ModelColumn(f"mark {mark.measure}", title, Kind.TEXT, "", meaning))
        marked = "CASE WHEN " + _marking(evaluator, sheet, mark, table, period)
        expressions.append(marked + Sql(" THEN ? ELSE ? END", language.texts("Yes", "No")))
    shown += [extra.column for extra in extras]
    expressions += [extra.sql for extra in extras]
    with located(f"{path}.orderBy"):
        order = [*(table.field(name) for name in sheet.order_by), "t._row"]
    select = (
        "SELECT " + join(expressions, ", ") + f" FROM {quoted(table.stored)} t ORDER BY {', '.join(order)}"
    )
    return DataTable(tuple(shown), evaluator.model.engine.columns(select), marks)


def _columns(sheet: r.SheetSpec, table: BuiltTable, evaluator: Evaluator) -> list[ModelColumn]:
    if not sheet.columns:
        return [column for name, column in table.columns.items() if not name.startswith("_")]
    return [
        replace(table.column(column.field), title=evaluator.model.filled(column.title))
        if column.title
        else table.column(column.field)
        for column in sheet.columns
    ]


def _marking(
    evaluator: Evaluator, sheet: r.SheetSpec, mark: r.Mark, table: BuiltTable, period: Period
) -> Sql:
    with located(f"$.sheets[{evaluator.spec.sheets.index(sheet)}].marks"):
        return _mark(evaluator, mark, table, period)


def _mark(evaluator: Evaluator, mark: r.Mark, table: BuiltTable, period: Period) -> Sql:
    """Return the SQL that tells whether a row enters the measure."""
    measure = evaluator.spec.measure(mark.measure)
    if not isinstance(measure, r.Measure):
        message = f"'{mark.measure}' is made of other measures and marks no rows."
        raise SpecError(message)
    entering = evaluator.condition(measure, period)
    if mark.key:
        other = evaluator.model.table(measure.table)
        counted = other.field(measure.field)
        inside = f"SELECT {counted} FROM {quoted(other.stored)} t WHERE " + entering
        return f"{table.field(mark.key)} IN (" + inside + f" AND {counted} IS NOT NULL)"
    if measure.table != table.name:
        message = (
            f"'{mark.measure}' is over the table '{measure.table}', not '{table.name}'; "
            f"give key, the field of '{table.name}' that it counts."
        )
        raise SpecError(message)
    return "COALESCE((" + entering + "), FALSE)"
