"""Fetch the rows of a table that enter a figure, and work the figure out from them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.engine import Engine
from xlreport.analysis.measures import EXACT, Evaluator, divided
from xlreport.analysis.periods import Period
from xlreport.analysis.results import Backed, ModelColumn, Number, RowBlock
from xlreport.analysis.sql import Sql, quoted
from xlreport.lazy import LazyColumn
from xlreport.spec import records as r
from xlreport.tables import Kind

__all__ = ["Draft", "Listing", "Shown", "rows_of_table", "total"]

_MOST_COLUMNS: Final = 8
"""Shown of a table whose columns the report does not choose."""
_WHOLE: Final = 76
"""Digits in which amounts are added up: no sum of a column of them needs more."""
_NUMBER: Final = "_row"
"""What tells rows apart that have no key: the number of the row in its table."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the blocks of a report have in common."""

    evaluator: Evaluator
    chosen: Mapping[str, tuple[ModelColumn, ...]]
    """The columns that the report chooses, by table."""
    period: Period


@dataclass(frozen=True, slots=True)
class Draft:
    """A block to be: how many rows it has, and the block itself once it is known how many it may show."""

    height: int
    block: Callable[[int], RowBlock]


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows in SQL: their columns, where they come from (FROM, WHERE, GROUP BY), and their order."""

    fields: tuple[str, ...]
    source: Sql
    order: str

    def first(self, engine: Engine, room: int) -> tuple[LazyColumn, ...]:
        """Return the first rows, column by column."""
        return engine.columns(self._rows(range(len(self.fields))) + Sql(" LIMIT ?", (room,)))

    def all(self, engine: Engine) -> tuple[LazyColumn, ...]:
        """Return all rows, column by column."""
        return engine.columns(self._rows(range(len(self.fields))))

    def sums_beyond(self, engine: Engine, room: int, added: Sequence[int]) -> tuple[Number, ...]:
        """Return the sum of each of the columns ``added`` over the rows after the first ones."""
        if not added:
            return ()
        sums = ", ".join(f"sum(c{at})" for at in added)
        select = f"SELECT {sums} FROM (" + self._rows(added) + Sql(" OFFSET ?)", (room,))
        return tuple(engine.rows(select)[0])

    def _rows(self, chosen: Iterable[int]) -> Sql:
        named = ", ".join(f"{self.fields[at]} AS c{at}" for at in chosen)
        return f"SELECT {named}" + self.source + f" ORDER BY {self.order}"


def rows_of_table(shown: Shown, measures: Sequence[r.Measure], current: Mapping[str, Number]) -> Draft:
    """Return the rows that enter ``measures``; ``current`` has their figures, for want of all the rows."""
    evaluator, measure = shown.evaluator, measures[0]
    engine, table = evaluator.model.engine, evaluator.model.table(measure.table)
    source = f" FROM {quoted(table.stored)} t WHERE " + evaluator.condition(measure, shown.period)
    height = int(engine.rows("SELECT count(*)" + source)[0][0])
    amounts = list(dict.fromkeys(each.field for each in measures if each.aggregate != "count"))
    columns = _with_amounts(_columns(shown, table, measure), [table.column(name) for name in amounts])
    names = [column.name for column in columns]
    added = tuple(sorted({names.index(each.field) for each in measures if each.aggregate == "sum"}))
    largest = [f"{table.field(name)} DESC NULLS LAST" for name in amounts[:1]]
    fields = tuple(_expression(table, column) for column in columns)
    listing = Listing(fields, source, ", ".join([*largest, "t._row"]))

    def block(room: int) -> RowBlock:
        data = listing.first(engine, room)
        rest = listing.sums_beyond(engine, room, added) if room < height else ()
        sums = dict(zip(added, rest, strict=True)) if rest else {}
        figures = tuple(
            Backed(
                each.name,
                each.aggregate,
                _value(each, data, names, height, sums, current[each.name]),
                names.index(each.field) if each.field in names else 0,
            )
            for each in measures
        )
        return RowBlock("rows", table.title, figures, tuple(columns), data, added, height, rest)

    return Draft(height, block)


def _with_amounts(columns: Sequence[ModelColumn], amounts: Sequence[ModelColumn]) -> list[ModelColumn]:
    """Return the first of the columns, then the amounts, then the other columns, none of them twice."""
    found = {column.name: column for column in (*columns[:1], *amounts)}
    return list((found | {column.name: found.get(column.name, column) for column in columns}).values())


def total(column: LazyColumn) -> Number:
    """Return the exact sum of a column of numbers; None where it has none."""
    kind = column.array.type
    wide = pa.decimal256(_WHOLE, kind.scale if pa.types.is_decimal(kind) else 0)
    found: Decimal | None = pc.sum(column.array.cast(wide)).as_py()
    return found


def _columns(shown: Shown, table: BuiltTable, measure: r.Measure) -> list[ModelColumn]:
    """Return the columns that the report chooses, or else the key and what the condition speaks of."""
    if table.name in shown.chosen:
        return list(shown.chosen[table.name])
    names = dict.fromkeys((*table.key, *_fields(measure.where), *measure.when.fields))
    known = [table.columns[name] for name in names if name in table.columns and not name.startswith("_")]
    keyed = any(name in table.columns for name in table.key)
    row = ModelColumn(_NUMBER, shown.evaluator.model.language.text("Row"), Kind.INTEGER)
    return [*([] if keyed else [row]), *known][:_MOST_COLUMNS]


def _fields(condition: r.Condition | None) -> Iterator[str]:
    """Yield the fields that a condition speaks of."""
    if isinstance(condition, r.AllOf | r.AnyOf):
        for part in condition.parts:
            yield from _fields(part)
    elif isinstance(condition, r.Not):
        yield from _fields(condition.part)
    elif condition is not None:
        yield condition.field
        if isinstance(condition.operand, r.FieldRef):
            yield condition.operand.name


def _expression(table: BuiltTable, column: ModelColumn) -> str:
    return "t._row + 1" if column.name == _NUMBER else table.field(column.name)


def _value(
    measure: r.Measure,
    data: Sequence[LazyColumn],
    names: Sequence[str],
    height: int,
    rest: Mapping[int, Number],
    current: Number,
) -> Number:
    """Return the figure as the rows give it, or the ``current`` one where they are too few to."""
    if measure.aggregate == "count":
        return height
    at = names.index(measure.field)
    if measure.aggregate == "sum":
        parts = [part for part in (total(data[at]), rest.get(at)) if part is not None]
        return sum(map(Decimal, parts), Decimal(0)) if parts or not height else None
    return current if len(data[at]) < height else _FROM_ROWS[measure.aggregate](data[at])


def _mean(column: LazyColumn) -> Number:
    return divided(total(column), len(column) - column.array.null_count)


def _median(column: LazyColumn) -> Number:
    values = sorted(Decimal(value) for value in column if value is not None)
    if not values:
        return None
    return EXACT.divide(values[(len(values) - 1) // 2] + values[len(values) // 2], Decimal(2))


def _extreme(which: int) -> Callable[[LazyColumn], Number]:
    def found(column: LazyColumn) -> Number:
        extremes = column.extremes()
        value: Number = extremes[which] if extremes else None
        return value

    return found


_FROM_ROWS: Final[Mapping[str, Callable[[LazyColumn], Number]]] = {
    "mean": _mean,
    "median": _median,
    "min": _extreme(0),
    "max": _extreme(1),
}
