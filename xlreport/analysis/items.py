"""Fetch the values that a figure counts, and the items that a concentration is a share of."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, cast

import pyarrow.compute as pc

from xlreport.analysis.axes import NOT_STATED
from xlreport.analysis.built import BuiltTable
from xlreport.analysis.measures import EXACT, divided
from xlreport.analysis.results import Backed, ModelColumn, Number, RowBlock
from xlreport.analysis.rowsets import Draft, Listing, Shown, total
from xlreport.analysis.sql import Sql, quoted
from xlreport.arrays import MOST_DIGITS
from xlreport.lazy import LazyColumn
from xlreport.spec import records as r
from xlreport.tables import Kind

__all__ = ["counted_values", "listed_items", "points"]

_FULL: Final = Decimal(10_000)
"""The HHI of one item that has everything."""


def counted_values(shown: Shown, measures: Sequence[r.Measure]) -> Draft:
    """Return each value that ``measures`` count, with the number of its rows and the amount on them."""
    measure = measures[0]
    table = shown.evaluator.model.table(measure.table)
    value, amounts = table.field(measure.field), _amounts(shown, measure, table)
    sums = ["count(*)", *(_aggregate("sum", table, column.name) for column in amounts)]
    source = _source(shown, measure, table) + f" AND {value} IS NOT NULL GROUP BY {value}"
    listing = Listing((value, *sums), source, f"{sums[-1]} DESC NULLS LAST, {value}")
    same, data = _fetched(shown, table, measure.field, listing)
    height, added = len(data[0]), tuple(range(1, len(sums) + 1))
    figures = tuple(Backed(each.name, "distinct", height) for each in measures)
    columns = (_column(shown, table, measure.field), _rows(shown), *amounts, *same)

    def block(room: int) -> RowBlock:
        rest = tuple(total(data[at].rows(room, height)) for at in added) if room < height else ()
        return RowBlock("values", table.title, figures, columns, _first(data, room), added, height, rest)

    return Draft(height, block)


def listed_items(shown: Shown, measures: Sequence[r.Concentration]) -> Draft:
    """Return each item with its amount, the largest first, and the shares that ``measures`` are of."""
    by = measures[0].by
    of = cast("r.Measure", shown.evaluator.spec.measure(measures[0].of))  # no other can be listed
    table = shown.evaluator.model.table(of.table)
    item, amount = table.field(by), _aggregate(of.aggregate, table, of.field)
    not_stated = shown.evaluator.model.language.text(NOT_STATED).replace("'", "''")
    named = f"COALESCE({item}, '{not_stated}')" if table.columns[by].kind is Kind.TEXT else item
    source = _source(shown, of, table) + f" GROUP BY {item} HAVING {amount} <> 0"
    same, data = _fetched(
        shown, table, by, Listing((named, amount), source, f"{amount} DESC, {item} NULLS LAST")
    )
    title = _rows(shown).title if of.aggregate == "count" else table.column(of.field).title
    columns = (_column(shown, table, by), ModelColumn("_amount", title, Kind.DECIMAL, of.unit), *same)
    height, whole = len(data[0]), total(data[1])
    figures = tuple(_concentration(each, data[1], whole) for each in measures)

    def block(room: int) -> RowBlock:
        beyond = data[1].rows(room, height)
        rest, squares = ((total(beyond),), points(beyond, whole)) if room < height else ((), 0)
        return RowBlock(
            "items", table.title, figures, columns, _first(data, room), (1,), height, rest, squares
        )

    return Draft(height, block)


def _rows(shown: Shown) -> ModelColumn:
    """Return the column with the number of rows of each value."""
    return ModelColumn("_rows", shown.evaluator.model.language.text("Rows"), Kind.INTEGER)


def _column(shown: Shown, table: BuiltTable, name: str) -> ModelColumn:
    """Return the column of the values, under the title that the report gives it."""
    chosen = shown.chosen.get(table.name, ())
    return next((column for column in chosen if column.name == name), table.column(name))


def _first(data: Sequence[LazyColumn], room: int) -> tuple[LazyColumn, ...]:
    return tuple(column.rows(0, room) for column in data)


def points(amounts: Iterable[Number], whole: Number) -> Number:
    """Return what ``amounts`` add to the HHI (0 to 10,000) of a ``whole``; None where there is none."""
    if not whole or whole < 0:
        return None
    squares = Decimal(0)
    for amount in amounts:
        squares = EXACT.fma(Decimal(amount or 0), Decimal(amount or 0), squares)
    return divided(EXACT.multiply(squares, _FULL), EXACT.multiply(Decimal(whole), Decimal(whole)))


def _concentration(measure: r.Concentration, amounts: LazyColumn, whole: Number) -> Backed:
    if not measure.top:
        return Backed(measure.name, "hhi", points(amounts, whole), 1)
    first = total(amounts.rows(0, measure.top)) if whole and whole > 0 else None
    return Backed(measure.name, "share", divided(first, whole), 1, measure.top)


def _source(shown: Shown, measure: r.Measure, table: BuiltTable) -> Sql:
    condition = shown.evaluator.condition(measure, shown.period)
    return f" FROM {quoted(table.stored)} t WHERE (" + condition + ")"


def _aggregate(how: str, table: BuiltTable, name: str) -> str:
    """Return the SQL of an aggregate, sums of whole numbers in a type that Arrow knows."""
    if how == "count":
        return "count(*)"
    field = table.field(name)
    if how == "sum" and table.columns[name].kind is Kind.INTEGER:
        return f"CAST(sum({field}) AS DECIMAL({MOST_DIGITS}, 0))"
    return f"count(DISTINCT {field})" if how == "distinct" else f"{how}({field})"


def _amounts(shown: Shown, measure: r.Measure, table: BuiltTable) -> list[ModelColumn]:
    """Return the amount that a figure sums up over the same rows, where there is one."""
    for other in shown.evaluator.spec.measures:
        if isinstance(other, r.Measure) and other.aggregate == "sum":
            same = (other.table, other.where, other.when) == (measure.table, measure.where, measure.when)
            if same and other.field != measure.field:
                return [table.column(other.field)]
    return []


def _fetched(
    shown: Shown, table: BuiltTable, name: str, listing: Listing
) -> tuple[list[ModelColumn], tuple[LazyColumn, ...]]:
    """Fetch a listing with a line per value of a field.

    Right of its own columns stand those of the chosen columns that are the same in all rows of a value, such
    as the country of a customer.
    """
    others = [column for column in shown.chosen.get(table.name, ()) if column.name != name]
    fields = [table.field(column.name) for column in others]
    same = [
        f"min({field}) IS NOT DISTINCT FROM max({field}) AND count({field}) IN (0, count(*))"
        for field in fields
    ]
    wider = (*listing.fields, *(f"min({field})" for field in fields), *same)
    data = replace(listing, fields=wider).all(shown.evaluator.model.engine)
    own = len(listing.fields)
    flags = data[own + len(fields) :]
    kept = [at for at, flag in enumerate(flags) if pc.all(flag.array).as_py()]
    return [others[at] for at in kept], (*data[:own], *(data[own + at] for at in kept))
