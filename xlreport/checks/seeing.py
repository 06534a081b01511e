"""Follow the paths of a rule through the levels of a batch: rows, what holds them, what is seen of them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.checks.conditions import Condition
from xlreport.checks.levels import Level
from xlreport.checks.paths import steps
from xlreport.checks.screen_columns import Columns, UnsureError, reaching
from xlreport.fields import table_of
from xlreport.rules import Operand, Rule

__all__ = [
    "INT",
    "Lens",
    "Reached",
    "Seen",
    "all_of",
    "any_in",
    "below",
    "folded",
    "marked",
    "no_gaps",
    "numbers",
    "operand_at",
    "reached",
    "row_numbers",
    "scope_of",
    "to_records",
]

INT: Final = pa.int64()


@dataclass(frozen=True, slots=True)
class Lens:
    """What a rule looks for in columns."""

    rule: Rule
    where: Condition | None = None
    is_time: bool = False
    """Whether days or moments are compared."""

    def kept(self, columns: Columns, level: Level) -> pa.Array | None:
        """Tell which rows of a level fit ``Rule.where``; None where all do."""
        if self.where is None or level.path != self.rule.array:
            return None
        return columns.mask(self.where, level)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of each row of a level, as truth values without gaps."""

    bad: pa.Array
    """Something is wrong."""
    some: pa.Array
    """Something was compared."""
    items: pa.Array
    """There is something that the rule speaks of."""


def all_of(size: int, *, value: bool) -> pa.Array:
    """Return ``size`` truth values that are all the same."""
    return pa.repeat(pa.scalar(value=value), size)


def folded(whole: pa.Array, level: Level, above: Level) -> pa.Array:
    """Return, for each row of a level above, the sum of whole numbers of the rows that it holds.

    The running sums may pass 64 bits and begin anew; their differences are right as long as each sum fits.
    """
    while level is not above:
        if level.above is None:
            raise UnsureError
        sums = pa.concat_arrays([pa.array([0], INT), pc.cumulative_sum(whole)])
        whole = pc.subtract(sums.take(level.ends), sums.take(level.starts))
        level = level.above
    return whole


def any_in(mask: pa.Array, level: Level, above: Level) -> pa.Array:
    """Tell, for each row of a level above, whether one of the rows that it holds is marked."""
    if level is above:
        return mask
    if not mask.true_count:
        return all_of(above.size, value=False)
    if level.above and mask.true_count == level.size:
        return any_in(pc.greater(level.ends, level.starts), level.above, above)
    return pc.greater(folded(mask.cast(INT), level, above), 0)


def below(values: pa.Array, above: Level, level: Level) -> pa.Array:
    """Return, for each row of a level, the value of the row that holds it."""
    if level is above:
        return values
    if level.above is None:
        raise UnsureError
    return level.from_above(below(values, above, level.above))


def row_numbers(level: Level, above: Level) -> pa.Array:
    """Return, for each row of a level, the number of the row of a level above that holds it."""
    return below(numbers(above.size), above, level)


@lru_cache(16)
def numbers(size: int) -> pa.Array:
    """Return the numbers from 0 on."""
    return pa.array(range(size), INT)


def to_records(seen: Seen, level: Level, columns: Columns) -> Seen:
    """Return what was seen of each record, given what was seen of each row of a level."""
    root = columns.root
    if level is root:
        return seen
    return Seen(*(any_in(mask, level, root) for mask in (seen.bad, seen.some, seen.items)))


@dataclass(frozen=True, slots=True)
class Reached:
    """What a path leads to."""

    path: str
    level: Level
    values: pa.Array | None
    """Row by row, with gaps; None where there is no value at all."""
    rows: pa.Array
    """Which rows the path reaches, their values empty or not."""

    @property
    def there(self) -> pa.Array:
        """Which rows have a value."""
        return all_of(self.level.size, value=False) if self.values is None else self.values.is_valid()


def reached(lens: Lens, columns: Columns, path: str) -> Reached | None:
    """Return what a path of the operator leads to, or None where it leads to no row at all."""
    if "-1" in steps(path):
        return _last(lens, columns, path)
    level = reaching(columns, table_of(path))
    if level is None:
        return None
    kept, values = lens.kept(columns, level), columns.values(path)
    if kept is None:
        return Reached(path, level, values, all_of(level.size, value=True))
    return Reached(path, level, None if values is None else pc.if_else(kept, values, None), kept)


def _last(lens: Lens, columns: Columns, path: str) -> Reached | None:
    """Return what a path leads to that passes through the last item of an array."""
    array, _, rest = path.partition("/-1/")
    if not rest or "*" in steps(rest) or "-1" in steps(rest) or lens.where:
        raise UnsureError
    above = reaching(columns, table_of(array))
    if above is None:
        return None
    level = columns.level(array)
    if level is None:
        return Reached(path, above, None, all_of(above.size, value=False))
    last, values = level.ends, columns.values(f"{array}/*/{rest}")
    rows = pc.greater(last, level.starts)
    at = pc.if_else(rows, pc.subtract(last, 1), None)
    return Reached(path, above, None if values is None else values.take(at), rows)


def operand_at(lens: Lens, columns: Columns, operand: Operand, level: Level) -> Any:
    """Return the values of an operand for each row of a level: an array, one scalar, or None for none."""
    if not operand.path:
        value = operand.value
        return pa.scalar(value)
    found = reached(Lens(lens.rule), columns, operand.path)
    if found is None or found.values is None:
        return None
    return below(found.values, found.level, level)


def no_gaps(answers: pa.Array) -> pa.Array:
    """Return truth values with false in their gaps, where there was nothing to compare."""
    return pc.fill_null(answers, fill_value=False)


def scope_of(rule: Rule, columns: Columns) -> Level | None:
    """Return the rows that a rule is about one by one; None where there is none in the whole batch."""
    return reaching(columns, rule.scope[-1] if rule.scope else "")


def marked(rows: pa.Array, level: Level) -> pa.Array:
    """Mark the rows of a level with these numbers."""
    return pc.is_in(numbers(level.size), value_set=rows)
