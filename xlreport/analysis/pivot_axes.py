"""Resolve the fields of a pivot against the tables of its measures; refuse what does not fit the data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from xlreport.analysis.axes import AxisColumn, axis_column
from xlreport.analysis.built import BuiltTable
from xlreport.analysis.measures import Evaluator
from xlreport.analysis.periods import Period
from xlreport.analysis.pivot_cells import inside
from xlreport.analysis.pivot_lines import Axis
from xlreport.analysis.sql import ALWAYS, Sql, both, condition_sql
from xlreport.errors import SpecError, located
from xlreport.language import key
from xlreport.spec import records as r
from xlreport.text import did_you_mean, listing

__all__ = ["Axes", "axes_of"]

_PERIODS: Final = key("Period")
_MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Axes:
    """The fields of a pivot: where they stand, their titles, and what there is to say of their labels."""

    pivot: r.Pivot
    """The pivot, whose filters name labels as the report's language has them."""
    rows: Axis
    columns: Axis
    filters: Sql
    """The SQL, over the alias ``t``, of the rows that the report filters let through."""
    column_titles: tuple[str, ...]
    filter_titles: tuple[str, ...]
    remarks: tuple[str, ...]


def axes_of(evaluator: Evaluator, pivot: r.Pivot, history: Sequence[Period]) -> Axes:
    """Return the axes of a pivot; SpecError, with the path in the definition, where the data lacks them."""
    tables = _tables(evaluator, pivot)
    path = f"$.pivots.{pivot.name}"
    _check_where(pivot, tables, path, history[-1])
    rows = _columns(evaluator, tables, pivot.rows, f"{path}.rows")
    columns = (
        (_periods(evaluator, pivot, history),)
        if pivot.by_period
        else _columns(evaluator, tables, pivot.columns, f"{path}.columns")
    )
    fields = [each.field for each in pivot.filters]
    filters = _columns(evaluator, tables, fields, f"{path}.filters")
    pivot = replace(pivot, filters=tuple(map(_labelled, pivot.filters, filters)))
    whole = pivot.top is not None and not pivot.subtotals
    depths = tuple(range(1, len(rows) + 1))
    return Axes(
        pivot=pivot,
        rows=Axis(rows, tuple(axis.name for axis in pivot.rows), depths[-1:] if whole else depths),
        columns=Axis(columns, tuple(axis.name for axis in pivot.columns), tuple(range(1, len(columns) + 1))),
        filters=both(*_filtering(pivot, filters, path)),
        column_titles=tuple(column.title for column in columns),
        filter_titles=tuple(column.title for column in filters),
        remarks=tuple(remark for column in (*rows, *columns, *filters) for remark in column.remarks),
    )


def _tables(evaluator: Evaluator, pivot: r.Pivot) -> list[BuiltTable]:
    """Return the tables of all measures, that of the first one first."""
    names = [
        name for value in pivot.values for name in evaluator.tables_of(evaluator.spec.measure(value.measure))
    ]
    return [evaluator.model.table(name) for name in dict.fromkeys(names)]


def _check_where(pivot: r.Pivot, tables: Sequence[BuiltTable], path: str, period: Period) -> None:
    with located(f"{path}.where"):
        for table in tables:
            condition_sql(pivot.where, table.scope(period))


def _columns(
    evaluator: Evaluator, tables: Sequence[BuiltTable], fields: Sequence[r.AxisField], path: str
) -> tuple[AxisColumn, ...]:
    found = []
    for position, axis in enumerate(fields):
        with located(f"{path}[{position}]"):
            found.append(axis_column(evaluator.model, tables, axis))
    return tuple(found)


def _periods(evaluator: Evaluator, pivot: r.Pivot, history: Sequence[Period]) -> AxisColumn:
    """Return the periods of the history as the labels of a column that no table has."""
    title = evaluator.model.filled(pivot.columns[0].title) or evaluator.model.language.text(_PERIODS)
    labels = tuple(period.label for period in history)
    return AxisColumn(pivot.columns[0].name, title, ALWAYS, labels, plain=False)


def _filtering(pivot: r.Pivot, columns: Sequence[AxisColumn], path: str) -> Iterator[Sql]:
    for position, (each, column) in enumerate(zip(pivot.filters, columns, strict=True)):
        if each.values:
            _check_labels(each, column, f"{path}.filters[{position}].values")
            yield inside([column], [(label,) for label in each.values])


def _labelled(each: r.PivotFilter, column: AxisColumn) -> r.PivotFilter:
    return replace(each, values=tuple(column.words.get(label, label) for label in each.values))


def _check_labels(each: r.PivotFilter, column: AxisColumn, path: str) -> None:
    known = [str(label) for label in column.order]
    for position, label in enumerate(each.values):
        if known and label not in known:
            message = (
                f"{path}[{position}]: {column.title} is nowhere '{label}'; "
                f"there are {listing(known, most=_MOST_NAMED)}{did_you_mean(label, known)}"
            )
            raise SpecError(message)
