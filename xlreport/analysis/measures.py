"""Evaluate measures: exact figures for a period, whole or grouped by fields.

One query answers all measures of a table at once, each as an aggregate over the rows that its own
condition lets through. Nothing is summed up from rounded or distinct parts: every level is computed
from the rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import groupby
from typing import Any, Final

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.model import Model
from xlreport.analysis.periods import Period
from xlreport.analysis.results import Number
from xlreport.analysis.sql import (
    ALWAYS,
    DATES,
    NUMBERS,
    Scope,
    Sql,
    both,
    condition_sql,
    join,
    quoted,
    when_sql,
)
from xlreport.errors import SpecError, located
from xlreport.spec import records as r
from xlreport.tables import Kind

Asked = tuple[r.Measure, Period]
"""A measure in a period."""

__all__ = ["EXACT", "ROLLED_UP", "Evaluator", "Groups", "divided"]

EXACT: Final = Context(prec=50)
_SHARE: Final = Context(prec=17)
"""A quotient has as many digits as Excel's own numbers can hold."""

Key = tuple[Any, ...]
Groups = dict[Key, Number]
"""Figure per group: one label each; `ROLLED_UP` where the group's level leaves a label out."""


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates a report's measures over its model."""

    model: Model
    spec: r.ReportSpec

    def table_of(self, measure: r.AnyMeasure) -> str:
        """Return the table that a measure is over; of a ratio, the one of its numerator."""
        return self.spec.table_of(measure.name)

    def figures(
        self, measures: Iterable[r.AnyMeasure], periods: Sequence[Period]
    ) -> dict[str, tuple[Number, ...]]:
        """Return each measure's figure in each of the periods."""
        wanted = list(measures)
        plain = [measure for measure in self._needed(wanted) if isinstance(measure, r.Measure)]
        found: dict[tuple[str, Period], Number] = {}
        for table, group in groupby(sorted(plain, key=lambda measure: measure.table), key=lambda m: m.table):
            found |= self._scalars(self.model.table(table), list(group), periods)
        return {
            measure.name: tuple(self._figure(measure, period, found) for period in periods)
            for measure in wanted
        }

    def tables_of(self, measure: r.AnyMeasure) -> tuple[str, ...]:
        """Return all tables that a measure is over: of a ratio, those of both its parts."""
        if isinstance(measure, r.Ratio):
            parts = (self.spec.measure(name) for name in (measure.over, measure.under))
            return tuple(dict.fromkeys(table for part in parts for table in self.tables_of(part)))
        return (self.table_of(measure),)

    def groups(
        self,
        measure: r.AnyMeasure,
        labels: Sequence[Sql],
        levels: Sequence[Sequence[int]],
        period: Period | None,
        where: r.Condition | None = None,
        extra: Sql = ALWAYS,
    ) -> Groups:
        """Return a measure's figure for each group at each of the ``levels``.

        ``labels`` are SQL over the alias ``t``; a level has the positions of those that it groups by. The key
        of a group has one label for each, `ROLLED_UP` for those that its level leaves out. ``extra`` narrows
        the rows further, in SQL over ``t``.
        """
        if isinstance(measure, r.Ratio):
            over, under = (
                self.groups(self.spec.measure(name), labels, levels, period, where, extra)
                for name in (measure.over, measure.under)
            )
            return {key: divided(over.get(key, 0), value) for key, value in under.items()}
        if not isinstance(measure, r.Measure):
            message = f"the measure '{measure.name}' cannot be grouped; name a sum, count, mean or ratio."
            raise SpecError(message)
        with located(f"$.measures.{measure.name}"):
            return self._groups(measure, labels, levels, period, where, extra)

    def _groups(
        self,
        measure: r.Measure,
        labels: Sequence[Sql],
        levels: Sequence[Sequence[int]],
        period: Period | None,
        where: r.Condition | None,
        extra: Sql,
    ) -> Groups:
        table = self.model.table(measure.table)
        scope = table.scope(period)
        grouped = sorted({position for level in levels for position in level})
        names = [f"_label{position}" for position in grouped]
        named = [labels[position] + f" AS _label{position}" for position in grouped]
        rows_wanted = both(_rows(measure, scope), condition_sql(where, scope), extra)
        sets = ", ".join("(" + ", ".join(f"_label{position}" for position in level) + ")" for level in levels)
        chosen = [Sql(part) for part in (*names, *(f"GROUPING({name})" for name in names))]
        select = (
            "SELECT "
            + join([*chosen, *_expressions(measure, scope, ALWAYS)], ", ")
            + " FROM (SELECT "
            + join([Sql("t.*"), *named], ", ")
            + f" FROM {quoted(table.stored)} t WHERE "
            + rows_wanted
            + f") t GROUP BY GROUPING SETS ({sets})"
        )
        found: Groups = {}
        for row in self.model.engine.rows(select):
            known = dict(zip(grouped, _labels(row, len(grouped)), strict=True))
            key = tuple(known.get(position, ROLLED_UP) for position in range(len(labels)))
            found[key] = _value(measure, row[2 * len(grouped) :])
        return found

    def condition(self, measure: r.Measure, period: Period) -> Sql:
        """Return the SQL, over the alias ``t``, of the rows that enter a measure in a period."""
        with located(f"$.measures.{measure.name}"):
            return _rows(measure, self.model.table(measure.table).scope(period))

    def _needed(self, measures: Iterable[r.AnyMeasure]) -> list[r.AnyMeasure]:
        needed: dict[str, r.AnyMeasure] = {}
        for measure in measures:
            needed[measure.name] = measure
            names = (measure.over, measure.under) if isinstance(measure, r.Ratio) else ()
            needed |= {part.name: part for part in self._needed(self.spec.measure(name) for name in names)}
        return list(needed.values())

    def _scalars(
        self, table: BuiltTable, measures: Sequence[r.Measure], periods: Sequence[Period]
    ) -> dict[tuple[str, Period], Number]:
        asked = [(measure, period) for period in periods for measure in measures]
        distinct = {measure.field for measure, _ in asked if measure.aggregate == "distinct"}
        found = self._in_one_row(table, [each for each in asked if each[0].aggregate != "distinct"])
        for field in sorted(distinct):
            found |= self._distinct(
                table,
                field,
                [each for each in asked if (each[0].aggregate, each[0].field) == ("distinct", field)],
            )
        return found

    def _in_one_row(self, table: BuiltTable, asked: Sequence[Asked]) -> dict[tuple[str, Period], Number]:
        """Return measures in periods, all worked out in one pass over the table."""
        expressions: list[Sql] = []
        widths = []
        for measure, period in asked:
            with located(f"$.measures.{measure.name}"):
                scope = table.scope(period)
                parts = _expressions(measure, scope, _rows(measure, scope))
            expressions += parts
            widths.append(len(parts))
        if not asked:
            return {}
        select = "SELECT " + join(expressions, ", ") + f" FROM {quoted(table.stored)} t"
        row = self.model.engine.rows(select)[0]
        found, position = {}, 0
        for (measure, period), width in zip(asked, widths, strict=True):
            found[measure.name, period] = _value(measure, row[position : position + width])
            position += width
        return found

    def _distinct(
        self, table: BuiltTable, name: str, asked: Sequence[Asked]
    ) -> dict[tuple[str, Period], Number]:
        """Count the different values of a field: group the rows once, and see where each value occurs."""
        flags = []
        for number, (measure, period) in enumerate(asked):
            with located(f"$.measures.{measure.name}"):
                field, rows = table.field(name), self.condition(measure, period)
            flags.append("bool_or(" + rows + f") AS f{number}")
        counts = ", ".join(f"count(*) FILTER (WHERE f{number})" for number in range(len(asked)))
        select = (
            f"SELECT {counts} FROM (SELECT "
            + join(flags, ", ")
            + f" FROM {quoted(table.stored)} t WHERE {field} IS NOT NULL GROUP BY {field})"
        )
        row = self.model.engine.rows(select)[0]
        return {(measure.name, period): count for (measure, period), count in zip(asked, row, strict=True)}

    def _figure(
        self, measure: r.AnyMeasure, period: Period, found: Mapping[tuple[str, Period], Number]
    ) -> Number:
        if isinstance(measure, r.Measure):
            return found[measure.name, period]
        if isinstance(measure, r.Ratio):
            over, under = (
                self._figure(self.spec.measure(name), period, found) for name in (measure.over, measure.under)
            )
            return divided(over, under)
        if isinstance(measure, r.Concentration):
            return self._concentration(measure, period)
        return self.model.conversions.balance(self.balances(measure, period), period)

    def balances(self, measure: r.Revalued, period: Period) -> dict[str, Decimal]:
        """Return the balance per currency, in that currency, at a period's end."""
        table = self.model.table(measure.table)
        with located(f"$.measures.{measure.name}.balance"):
            amount, currency = (
                table.field(measure.amount, NUMBERS),
                table.field(measure.currency, (Kind.TEXT,)),
            )
            date = table.field(measure.date, DATES)
        select = f"SELECT COALESCE({currency}, ''), sum({amount}) FROM {quoted(table.stored)} t "
        rows = self.model.engine.rows(Sql(select + f"WHERE {date} <= ? GROUP BY 1", (period.end,)))
        return {name: total for name, total in rows if total is not None}

    def _concentration(self, measure: r.Concentration, period: Period) -> Number:
        with located(f"$.measures.{measure.name}.concentration"):
            field = Sql(self.model.table(self.table_of(measure)).field(measure.by))
        grouped = self.groups(self.spec.measure(measure.of), [field], [[0]], period)
        amounts = sorted((Decimal(value) for value in grouped.values() if value), reverse=True)
        total = sum(amounts, Decimal(0))
        if total <= 0:
            return None
        if measure.top:
            return divided(sum(amounts[: measure.top], Decimal(0)), total)
        squares = sum((EXACT.multiply(amount, amount) for amount in amounts), Decimal(0))
        return divided(EXACT.multiply(squares, Decimal(10_000)), EXACT.multiply(total, total))


class _RolledUp:
    """The label of a field that a level leaves out; not the same as a label that is missing."""

    def __repr__(self) -> str:
        return "ROLLED_UP"


ROLLED_UP: Final = _RolledUp()


def _labels(row: Sequence[Any], count: int) -> list[Any]:
    """Return the labels at the head of a row of a grouping query, which the GROUPING flags follow."""
    return [
        ROLLED_UP if rolled else label
        for label, rolled in zip(row[:count], row[count : 2 * count], strict=True)
    ]


def divided(over: Number, under: Number) -> Number:
    """Return the quotient to 17 digits, or None where there is nothing to divide, or to divide by."""
    if over is None or not under:
        return None
    return _SHARE.divide(Decimal(over), Decimal(under))


def _rows(measure: r.Measure, scope: Scope) -> Sql:
    return both(condition_sql(measure.where, scope), when_sql(measure.when, scope))


def _expressions(measure: r.Measure, scope: Scope, rows: Sql) -> list[Sql]:
    """Return the SQL aggregates that a measure is made of, over the rows that ``rows`` lets through."""
    kinds = NUMBERS if measure.aggregate in ("sum", "mean", "median", "max", "min") else ()
    field = scope.field(measure.field, kinds) if measure.field else "*"
    only = Sql("") if rows == ALWAYS else " FILTER (WHERE " + rows + ")"
    return [part + only for part in _AGGREGATES[measure.aggregate](field)]


_AGGREGATES: Final[Mapping[str, Callable[[str], list[Sql]]]] = {
    # over no rows a sum is nothing; where there are rows and none has an amount, it is unknown
    "sum": lambda field: [Sql(f"sum({field})"), Sql("count(*)")],
    "count": lambda _: [Sql("count(*)")],
    "distinct": lambda field: [Sql(f"count(DISTINCT {field})")],
    # The engine's own mean and median go through double; these parts are exact.
    "mean": lambda field: [Sql(f"sum({field})"), Sql(f"count({field})")],
    "median": lambda field: [Sql(f"quantile_disc({field}, 0.5)"), Sql(f"-quantile_disc(-{field}, 0.5)")],
    "max": lambda field: [Sql(f"max({field})")],
    "min": lambda field: [Sql(f"min({field})")],
}


def _value(measure: r.Measure, parts: Sequence[Any]) -> Number:
    if measure.aggregate == "sum" and not parts[1]:
        return 0 if measure.unit == "count" else Decimal(0)
    return _VALUES.get(measure.aggregate, _first)(parts)


def _first(parts: Sequence[Any]) -> Number:
    value: Number = parts[0]
    return value


def _median(parts: Sequence[Any]) -> Number:
    lower, upper = parts
    return None if lower is None else EXACT.divide(Decimal(lower) + Decimal(upper), Decimal(2))


_VALUES: Final[Mapping[str, Callable[[Sequence[Any]], Number]]] = {
    "mean": lambda parts: divided(*parts),
    "median": _median,
}
