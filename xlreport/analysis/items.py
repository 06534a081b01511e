"""Fetch the values that a figure counts, and the items that a concentration is a share of."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, cast

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.measures import EXACT, divided
from xlreport.analysis.pivots import NOT_STATED
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
_ROWS: Final = ModelColumn("_rows", "Rows", Kind.INTEGER, "", "Number of the rows with the value.")


def counted_values(shown: Shown, measures: Sequence[r.Measure]) -> Draft:
    """Return each value that ``measures`` count, with the number of its rows and the amount on them."""
    measure = measures[0]
    engine, table = shown.evaluator.model.engine, shown.evaluator.model.table(measure.table)
    value = table.field(measure.field)
    source = _source(shown, measure, table) + f" AND {value} IS NOT NULL"
    height = int(engine.rows(f"SELECT count(DISTINCT {value})" + source)[0][0])
    amounts = _amounts(shown, measure, table)
    same = _same_for_each(shown, table, measure.field, source)
    sums = ["count(*)", *(_aggregate("sum", table, column.name) for column in amounts)]
    fields = (value, *sums, *(f"min({table.field(column.name)})" for column in same))
    listing = Listing(fields, source + f" GROUP BY {value}", f"{sums[-1]} DESC NULLS LAST, {value}")
    added = tuple(range(1, len(sums) + 1))

    def block(room: int) -> RowBlock:
        rest = listing.sums_beyond(engine, room, added) if room < height else ()
        figures = tuple(Backed(each.name, "distinct", height) for each in measures)
        columns = (table.column(measure.field), _ROWS, *amounts, *same)
        return RowBlock(
            "values", table.title, figures, columns, listing.first(engine, room), added, height, rest
        )

    return Draft(height, block)


def listed_items(shown: Shown, measures: Sequence[r.Concentration]) -> Draft:
    """Return each item with its amount, the largest first, and the shares that ``measures`` are of."""
    engine, by = shown.evaluator.model.engine, measures[0].by
    of = cast("r.Measure", shown.evaluator.spec.measure(measures[0].of))  # no other can be listed
    table = shown.evaluator.model.table(of.table)
    source = _source(shown, of, table)
    same = _same_for_each(shown, table, by, source)
    item, amount = table.field(by), _aggregate(of.aggregate, table, of.field)
    named = f"COALESCE({item}, '{NOT_STATED}')" if table.columns[by].kind is Kind.TEXT else item
    fields = (named, amount, *(f"min({table.field(column.name)})" for column in same))
    grouped = source + f" GROUP BY {item} HAVING {amount} <> 0"
    data = Listing(fields, grouped, f"{amount} DESC, {item} NULLS LAST").all(engine)
    title = table.column(of.field).title if of.aggregate != "count" else "Rows"
    columns = (table.column(by), ModelColumn("_amount", title, Kind.DECIMAL, of.unit), *same)
    height = len(data[0])

    whole = total(data[1])
    figures = tuple(_concentration(each, data[1], whole) for each in measures)

    def block(room: int) -> RowBlock:
        kept = tuple(column.rows(0, room) for column in data)
        beyond = data[1].rows(room, height)
        rest = (total(beyond),) if room < height else ()
        return RowBlock(
            "items", table.title, figures, columns, kept, (1,), height, rest, points(beyond, whole)
        )

    return Draft(height, block)


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


def _same_for_each(shown: Shown, table: BuiltTable, name: str, source: Sql) -> list[ModelColumn]:
    """Return the chosen columns that are the same in all rows of a value: the country of a customer."""
    others = [column for column in shown.chosen.get(table.name, ()) if column.name != name]
    if not others:
        return []
    fields = [table.field(column.name) for column in others]
    each = ", ".join(
        f"min({field}) IS NOT DISTINCT FROM max({field}) AND count({field}) IN (0, count(*)) AS s{at}"
        for at, field in enumerate(fields)
    )
    flags = ", ".join(f"bool_and(s{at})" for at in range(len(fields)))
    grouped = f"SELECT {each}" + source + f" GROUP BY {table.field(name)}"
    found = shown.evaluator.model.engine.rows(f"SELECT {flags} FROM (" + grouped + ")")[0]
    return [column for column, same in zip(others, found, strict=True) if same]
