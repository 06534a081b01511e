"""Fetch the rows of data sheets, with Yes/No columns that tell which rows enter a measure."""

from dataclasses import replace
from typing import Any

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.measures import Evaluator
from xlreport.analysis.periods import Period
from xlreport.analysis.results import DataTable, ModelColumn
from xlreport.analysis.sql import Sql, join, quoted
from xlreport.errors import SpecError
from xlreport.spec import records as r
from xlreport.tables import Kind

__all__ = ["data_table"]


def data_table(evaluator: Evaluator, sheet: r.SheetSpec, period: Period) -> DataTable:
    """Return the columns of a data sheet and its rows, in the sheet's order."""
    table = evaluator.model.table(sheet.table)
    shown = _columns(sheet, table, evaluator)
    expressions = [Sql(table.scope().field(column.name)) for column in shown]
    marks = {}
    for mark in sheet.marks:
        marks[mark.measure] = len(shown)
        title = evaluator.model.filled(mark.title)
        meaning = f"Yes where the row enters the figure {evaluator.spec.measure(mark.measure).title}."
        shown.append(ModelColumn(f"mark {mark.measure}", title, Kind.TEXT, "", meaning))
        expressions.append(
            "CASE WHEN " + _mark(evaluator, sheet, mark, table, period) + " THEN 'Yes' ELSE 'No' END"
        )
    order = [table.scope().field(name) for name in sheet.order_by if name in table.columns]
    order += ["t._row"]
    select = (
        "SELECT " + join(expressions, ", ") + f" FROM {quoted(table.stored)} t ORDER BY {', '.join(order)}"
    )
    data: tuple[list[Any], ...] = tuple([] for _ in shown)
    for block in evaluator.model.engine.columns(select):
        for values, more in zip(data, block, strict=True):
            values.extend(more)
    return DataTable(tuple(shown), data, marks)


def _columns(sheet: r.SheetSpec, table: BuiltTable, evaluator: Evaluator) -> list[ModelColumn]:
    if not sheet.columns:
        return [column for name, column in table.columns.items() if not name.startswith("_")]
    return [
        replace(table.column(column.field), title=evaluator.model.filled(column.title))
        if column.title
        else table.column(column.field)
        for column in sheet.columns
    ]


def _mark(evaluator: Evaluator, sheet: r.SheetSpec, mark: r.Mark, table: BuiltTable, period: Period) -> Sql:
    measure = evaluator.spec.measure(mark.measure)
    if not isinstance(measure, r.Measure):
        message = (
            f"$.sheets ({sheet.name}).marks: '{mark.measure}' is made of other measures and marks no rows."
        )
        raise SpecError(message)
    entering = evaluator.condition(measure, period)
    if not mark.key:
        if measure.table != sheet.table:
            message = (
                f"$.sheets ({sheet.name}).marks: '{mark.measure}' is over the table '{measure.table}', "
                f"not '{sheet.table}'; give key, the field of '{sheet.table}' that it counts."
            )
            raise SpecError(message)
        return "COALESCE((" + entering + "), FALSE)"
    other = evaluator.model.table(measure.table)
    counted = other.scope().field(measure.field)
    inside = (
        f"SELECT {counted} FROM {quoted(other.stored)} t WHERE " + entering + f" AND {counted} IS NOT NULL"
    )
    return f"{table.scope().field(mark.key)} IN (" + inside + ")"
