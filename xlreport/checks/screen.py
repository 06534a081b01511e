"""Screen a batch by a rule: which records hold it, which it does not apply to, and which need a closer look.

A screen works on whole columns. It never says what is wrong with a record, only that something may be;
`operators` judges those records one by one, and what both say of a rule is the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.checks.columns import all_short
from xlreport.checks.conditions import Condition
from xlreport.checks.levels import Level
from xlreport.checks.paths import steps
from xlreport.checks.screen_columns import Columns, UnsureError, ends, reaching
from xlreport.fields import table_of
from xlreport.rules import Operand, Rule

__all__ = ["Screen", "Screened"]

_INT: Final = pa.int64()
_MOST_PLACES: Final = 15
_DAY: Final = len("2017-12-31")


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of a rule for the records of a batch."""

    counts: Mapping[str, int]
    """Records by held or one of `REASONS`; without those that need a closer look."""
    suspects: Sequence[int]
    """Offsets of the records that need a closer look."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of each row of a level, as truth values without gaps."""

    bad: pa.Array
    """Something is wrong."""
    some: pa.Array
    """Something was compared."""
    items: pa.Array
    """There is something that the rule speaks of."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A rule that is ready for whole batches."""

    rule: Rule
    when: Condition | None = None
    where: Condition | None = None
    is_time: bool = False
    """Whether days or moments are compared."""

    def screened(self, columns: Columns) -> Screened:
        """Return what came of the rule; where columns cannot tell, every record needs a closer look."""
        size = columns.root.size
        try:
            seen = _SCREENS[self.rule.operator](self, columns)
            applies = self.when and columns.mask(self.when, columns.root)
        except (UnsureError, pa.ArrowException, OverflowError, TypeError):
            return Screened({}, range(size))
        return _summed(seen, applies, size)

    def kept(self, columns: Columns, level: Level) -> pa.Array | None:
        """Tell which rows of a level fit ``Rule.where``; None where all do."""
        if self.where is None or level.path != self.rule.array:
            return None
        return columns.mask(self.where, level)


def _summed(seen: _Seen | None, applies: pa.Array | None, size: int) -> Screened:
    """Count the records by what was seen of them, None being nothing at all."""
    used = size if applies is None else applies.true_count
    counts = {"condition": size - used}
    if seen is None:
        return Screened({**counts, "no-items": used}, ())
    bad, some, items = (
        mask if applies is None else pc.and_(mask, applies) for mask in (seen.bad, seen.some, seen.items)
    )
    clean = pc.invert(bad)
    held = pc.and_(some, clean)
    empty = pc.and_(items, pc.and_(pc.invert(some), clean))
    counts |= {"held": held.true_count, "empty": empty.true_count}
    counts["no-items"] = used - counts["held"] - counts["empty"] - bad.true_count
    return Screened(counts, pc.indices_nonzero(bad).to_pylist() if bad.true_count else ())


# --- from level to level -----------------------------------------------------------------------------


def _all(size: int, *, value: bool) -> pa.Array:
    return pa.repeat(pa.scalar(value=value), size)


def _folded(numbers: pa.Array, level: Level, above: Level) -> pa.Array:
    """Return, for each row of a level above, the sum of whole numbers of the rows that it holds."""
    while level is not above:
        if level.above is None:
            raise UnsureError
        sums = pa.concat_arrays([pa.array([0], _INT), pc.cumulative_sum_checked(numbers)])
        numbers = pc.subtract(sums.take(ends(level)), sums.take(level.starts))
        level = level.above
    return numbers


def _any(mask: pa.Array, level: Level, above: Level) -> pa.Array:
    """Tell, for each row of a level above, whether one of the rows that it holds is marked."""
    if level is above:
        return mask
    if not mask.true_count:
        return _all(above.size, value=False)
    return pc.greater(_folded(mask.cast(_INT), level, above), 0)


def _below(values: pa.Array, above: Level, level: Level) -> pa.Array:
    """Return, for each row of a level, the value of the row that holds it."""
    if level is above:
        return values
    if level.above is None:
        raise UnsureError
    return level.from_above(_below(values, above, level.above))


def _row_numbers(level: Level, above: Level) -> pa.Array:
    """Return, for each row of a level, the number of the row of a level above that holds it."""
    return _below(_counted(above.size), above, level)


def _counted(size: int) -> pa.Array:
    return pa.array(range(size), _INT)


def _to_records(seen: _Seen, level: Level, columns: Columns) -> _Seen:
    root = columns.root
    if level is root:
        return seen
    return _Seen(*(_any(mask, level, root) for mask in (seen.bad, seen.some, seen.items)))


@dataclass(frozen=True, slots=True)
class _Reached:
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
        return _all(self.level.size, value=False) if self.values is None else self.values.is_valid()


def _reached(screen: Screen, columns: Columns, path: str) -> _Reached | None:
    """Return what a path of the operator leads to, or None where it leads to no row at all."""
    if "-1" in steps(path):
        return _last(screen, columns, path)
    level = reaching(columns, table_of(path))
    if level is None:
        return None
    kept, values = screen.kept(columns, level), columns.values(path)
    if kept is None:
        return _Reached(path, level, values, _all(level.size, value=True))
    return _Reached(path, level, None if values is None else pc.if_else(kept, values, None), kept)


def _last(screen: Screen, columns: Columns, path: str) -> _Reached | None:
    """Return what a path leads to that passes through the last item of an array."""
    array, _, rest = path.partition("/-1/")
    if not rest or "*" in steps(rest) or "-1" in steps(rest) or screen.where:
        raise UnsureError
    above = reaching(columns, table_of(array))
    if above is None:
        return None
    level = columns.level(array)
    if level is None:
        return _Reached(path, above, None, _all(above.size, value=False))
    last, values = ends(level), columns.values(f"{array}/*/{rest}")
    rows = pc.greater(last, level.starts)
    at = pc.if_else(rows, pc.subtract(last, 1), None)
    return _Reached(path, above, None if values is None else values.take(at), rows)


def _operand(screen: Screen, columns: Columns, operand: Operand, level: Level) -> Any:
    """Return the values of an operand for each row of a level: an array, one scalar, or None for none."""
    if not operand.path:
        value = operand.value
        return pa.scalar(value)
    found = _reached(Screen(screen.rule), columns, operand.path)
    if found is None or found.values is None:
        return None
    return _below(found.values, found.level, level)


def _no_gaps(answers: pa.Array) -> pa.Array:
    return pc.fill_null(answers, fill_value=False)


# --- sum and count -----------------------------------------------------------------------------------


def _sum(screen: Screen, columns: Columns) -> _Seen | None:
    rule, scope = screen.rule, _scope(screen.rule, columns)
    found = _reached(screen, columns, rule.paths[0])
    if scope is None:
        return None
    if found is None:
        nothing = _all(scope.size, value=False)
        return _to_records(_Seen(nothing, nothing, nothing), scope, columns)
    there = _folded(found.there.cast(_INT), found.level, scope)
    items = _any(found.rows, found.level, scope)
    return _limited(screen, columns, scope, found, pc.greater(there, 0), items)


def _limited(
    screen: Screen, columns: Columns, scope: Level, found: _Reached, there: pa.Array, items: pa.Array
) -> _Seen | None:
    """Compare sums with their limits, as whole numbers of the smallest unit that any of them has."""
    rule = screen.rule
    assert rule.limit is not None  # noqa: S101  # the vocabulary asks for one
    limit = _operand(screen, columns, rule.limit, scope)
    if limit is None or found.values is None:
        nothing = _all(scope.size, value=False)
        return _to_records(_Seen(nothing, nothing, items), scope, columns)
    places = max(map(_places, (found.values, limit, rule.tolerance)))
    total = _folded(pc.fill_null(_whole(found.values, places), 0), found.level, scope)
    difference = pc.subtract_checked(total, _whole(limit, places))
    bad = _no_gaps(_off(rule.comparison, difference, _whole(rule.tolerance, places)))
    some = pc.and_(there, pc.is_valid(difference))
    return _to_records(_Seen(pc.and_(bad, there), some, items), scope, columns)


def _off(comparison: str, difference: pa.Array, tolerance: pa.Scalar) -> pa.Array:
    high, low = pc.greater(difference, tolerance), pc.less(difference, pc.negate(tolerance))
    return {"equals": pc.or_(high, low), "atMost": high, "atLeast": low}[comparison]


def _places(numbers: Any) -> int:
    """Return how many decimals numbers have: those of an array, a scalar or a Decimal."""
    if isinstance(numbers, Decimal):
        return max(0, -int(numbers.as_tuple().exponent))
    if isinstance(numbers, pa.Scalar):
        return _places(Decimal(numbers.as_py()))
    return getattr(numbers.type, "scale", 0)


def _whole(numbers: Any, places: int) -> Any:
    """Return numbers as whole numbers of units that are ``places`` decimals small."""
    if places > _MOST_PLACES:
        raise UnsureError
    if isinstance(numbers, pa.Scalar):
        numbers = Decimal(numbers.as_py())
    if isinstance(numbers, Decimal):
        return pa.scalar(int(numbers.scaleb(places)), _INT)
    if pa.types.is_decimal(numbers.type):
        plain = pa.decimal128(numbers.type.precision, 0)
        units = pa.Array.from_buffers(plain, len(numbers), numbers.buffers(), offset=numbers.offset)
        return pc.multiply_checked(units.cast(_INT), 10 ** (places - numbers.type.scale))
    if not pa.types.is_integer(numbers.type) or not all_short(numbers):
        raise UnsureError
    return pc.multiply_checked(numbers.cast(_INT), 10**places)


def _scope(rule: Rule, columns: Columns) -> Level | None:
    return reaching(columns, rule.scope[-1] if rule.scope else "")


def _count(screen: Screen, columns: Columns) -> _Seen | None:
    rule, scope = screen.rule, _scope(screen.rule, columns)
    if scope is None:
        return None
    assert rule.limit is not None  # noqa: S101  # the vocabulary asks for one
    limit = _operand(screen, columns, rule.limit, scope)
    kept = screen.kept(columns, scope)
    items = _all(scope.size, value=True) if kept is None else kept
    if limit is None:
        nothing = _all(scope.size, value=False)
        return _to_records(_Seen(nothing, nothing, items), scope, columns)
    places = _places(limit)
    number = _whole(_number(screen, columns, scope), places)
    difference = pc.subtract_checked(number, _whole(limit, places))
    bad = _no_gaps(_off(rule.comparison, difference, pa.scalar(0, _INT)))
    some = pc.and_(items, difference.is_valid())
    return _to_records(_Seen(pc.and_(bad, items), some, items), scope, columns)


def _number(screen: Screen, columns: Columns, scope: Level) -> pa.Array:
    """Return, for each row of the scope, how many items or values there are."""
    path = screen.rule.paths[0]
    if not path.endswith("/*"):
        found = _reached(screen, columns, path)
        counted, level = (found.there, found.level) if found else (None, None)
    else:
        level = columns.level(path.removesuffix("/*"))
        kept = screen.kept(columns, level) if level else None
        counted = _all(level.size, value=True) if level and kept is None else kept
    if level is None or counted is None:
        return pa.repeat(pa.scalar(0, _INT), scope.size)
    return _folded(counted.cast(_INT), level, scope)


# --- order, between and exists -----------------------------------------------------------------------


def _order(screen: Screen, columns: Columns) -> _Seen | None:
    rule = screen.rule
    if len(rule.paths) == 1:
        return _items_in_order(screen, columns)
    if screen.where and any("-1" in steps(path) for path in rule.paths):
        raise UnsureError
    level = _scope(rule, columns)
    if level is None:
        return None
    kept = screen.kept(columns, level)
    bad = some = nothing = _all(level.size, value=False)
    last: pa.Array | None = None
    for path in rule.paths:
        values = _operand(screen, columns, Operand(path), level)
        if values is None:
            continue
        if last is None:
            last = values
            continue
        before = pc.less(values, last)
        bad, some = pc.or_(bad, _no_gaps(before)), pc.or_(some, before.is_valid())
        last = pc.coalesce(values, last)
    items = pc.invert(nothing) if kept is None else kept
    seen = _Seen(bad, some, items) if kept is None else _Seen(pc.and_(bad, kept), pc.and_(some, kept), items)
    return _to_records(seen, level, columns)


def _items_in_order(screen: Screen, columns: Columns) -> _Seen | None:
    """Compare each value with the one in front of it in the same record."""
    found = _reached(screen, columns, screen.rule.paths[0])
    if found is None:
        return None
    root, there = columns.root, found.there
    items = _any(found.rows, found.level, root)
    if found.values is None:
        nothing = _all(root.size, value=False)
        return _Seen(nothing, nothing, items)
    records, values = _row_numbers(found.level, root).filter(there), found.values.filter(there)
    same = pc.equal(records[1:], records[:-1])
    before = pc.and_(same, pc.less(values[1:], values[:-1]))
    return _Seen(_marked(records[1:].filter(before), root), _marked(records[1:].filter(same), root), items)


def _marked(numbers: pa.Array, level: Level) -> pa.Array:
    """Mark the rows of a level with these numbers."""
    return pc.is_in(_counted(level.size), value_set=numbers)


def _between(screen: Screen, columns: Columns) -> _Seen | None:
    found = _reached(screen, columns, screen.rule.paths[0])
    if found is None:
        return None
    bad = some = _all(found.level.size, value=False)
    for operand, beyond in ((screen.rule.low, pc.less), (screen.rule.high, pc.greater)):
        if operand is None or found.values is None:
            continue
        limit = _operand(screen, columns, operand, found.level)
        if limit is not None:
            off = beyond(found.values, _alike(screen, limit, found.values))
            bad, some = pc.or_(bad, _no_gaps(off)), pc.or_(some, off.is_valid())
    return _to_records(_Seen(bad, some, found.rows), found.level, columns)


def _alike(screen: Screen, limit: Any, values: pa.Array) -> Any:
    """Return a fixed limit as what it is compared with: a day is written as text in a rule."""
    if not (screen.is_time and isinstance(limit, pa.Scalar)):
        return limit
    if len(limit.as_py()) != _DAY:
        raise UnsureError
    return limit.cast(values.type)


def _exists(screen: Screen, columns: Columns) -> _Seen | None:
    found = _reached(screen, columns, screen.rule.paths[0])
    if found is None:
        return None
    missing = pc.and_(found.rows, pc.invert(found.there))
    return _to_records(_Seen(missing, pc.and_(found.rows, found.there), found.rows), found.level, columns)


# --- same, unique and in -----------------------------------------------------------------------------


def _same(screen: Screen, columns: Columns) -> _Seen | None:
    scope = _scope(screen.rule, columns)
    if scope is None:
        return None
    found = [_reached(screen, columns, path) for path in screen.rule.paths]
    reached = [each for each in found if each]
    nothing = _all(scope.size, value=False)
    first = _first([each for each in reached if each.values is not None], scope)
    if first is None:
        return _to_records(_Seen(nothing, nothing, _items(screen, reached, scope)), scope, columns)
    numbers = [_folded(each.there.cast(_INT), each.level, scope) for each in reached]
    enough = pc.greater(reduce(pc.add, numbers), 1)
    bad = pc.and_(enough, first.is_null())
    for each in reached:
        if each.values is not None:
            other = _no_gaps(pc.not_equal(each.values, _below(first, scope, each.level)))
            bad = pc.or_(bad, _any(other, each.level, scope))
    return _to_records(_Seen(bad, enough, _items(screen, reached, scope)), scope, columns)


def _items(screen: Screen, reached: Sequence[_Reached], scope: Level) -> pa.Array:
    """Tell which rows have something to compare: where all paths lead to one value each, all have."""
    if not any(map(_is_many, screen.rule.paths)):
        return _all(scope.size, value=True)
    marks = (_any(each.rows, each.level, scope) for each in reached if _is_many(each.path))
    return reduce(pc.or_, marks, _all(scope.size, value=False))


def _is_many(path: str) -> bool:
    return not {"*", "-1"}.isdisjoint(steps(path))


def _first(reached: Sequence[_Reached], scope: Level) -> pa.Array | None:
    """Return, for each row of the scope, one of the values; nothing where it is easily missed."""
    firsts = [each.values if each.level is scope else _of_first(each, scope) for each in reached]
    return reduce(pc.coalesce, firsts) if firsts else None


def _of_first(found: _Reached, scope: Level) -> pa.Array:
    """Return the value of the first row that a row of the scope holds."""
    level, values = found.level, found.values
    assert values is not None  # noqa: S101  # only those with values are asked for their first
    while level is not scope:
        if level.above is None:
            raise UnsureError
        rows = pc.greater(ends(level), level.starts)
        values = values.take(pc.if_else(rows, level.starts, None))
        level = level.above
    return values


def _unique(screen: Screen, columns: Columns) -> _Seen | None:
    found = _reached(screen, columns, screen.rule.paths[0])
    if found is None:
        return None
    root = columns.root
    items = _any(found.rows, found.level, root)
    nothing = _all(root.size, value=False)
    if found.values is None:
        return _Seen(nothing, nothing, items)
    there = found.there
    records = _row_numbers(found.level, root).filter(there)
    encoded = found.values.filter(there).dictionary_encode()
    pairs = _pairs(records, encoded.indices, len(encoded.dictionary))
    bad = nothing
    if pc.count_distinct(pairs).as_py() < len(pairs):
        counts = pairs.value_counts()
        twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
        bad = _marked(records.filter(pc.is_in(pairs, value_set=twice)), root)
    return _Seen(bad, _any(there, found.level, root), items)


def _pairs(rows: pa.Array, numbers: pa.Array, size: int) -> pa.Array:
    """Return one number for each pair of a row and one of ``size`` numbers."""
    return pc.add(pc.multiply(rows, size), numbers.cast(_INT))


def _in(screen: Screen, columns: Columns) -> _Seen | None:
    rule, scope = screen.rule, _scope(screen.rule, columns)
    found = _reached(screen, columns, rule.paths[0])
    if scope is None or found is None:
        return None
    nothing = _all(found.level.size, value=False)
    if found.values is None:
        return _to_records(_Seen(nothing, nothing, found.rows), found.level, columns)
    if isinstance(rule.values, str):
        listed, some = _among(screen, columns, found, scope, rule.values)
    else:
        listed = pc.is_in(found.values, value_set=_listed(screen, found.values))
        some = found.there
    bad = pc.and_(some, pc.invert(listed))
    return _to_records(_Seen(bad, some, found.rows), found.level, columns)


def _listed(screen: Screen, like: pa.Array) -> pa.Array:
    """Return the values of the rule as an array of the same type as those they are compared with."""
    values = [value for value in screen.rule.values if value is not None]
    if screen.is_time and any(len(str(value)) != _DAY for value in values):
        raise UnsureError
    return pa.array(values).cast(like.type)


def _among(
    screen: Screen, columns: Columns, found: _Reached, scope: Level, path: str
) -> tuple[pa.Array, pa.Array]:
    """Tell which values are listed in their row of the scope, and which have a list to look in at all."""
    allowed = _reached(Screen(screen.rule), columns, path)
    nothing = _all(found.level.size, value=False)
    if allowed is None or allowed.values is None:
        return nothing, nothing
    known = allowed.values.drop_null().unique()
    rows = _row_numbers(found.level, scope)
    lists = _row_numbers(allowed.level, scope)
    there = pc.index_in(allowed.values, value_set=known)
    pairs = _pairs(lists, there, len(known)).drop_null()
    listed = pc.is_in(_pairs(rows, pc.index_in(found.values, value_set=known), len(known)), value_set=pairs)
    has_list = pc.is_in(rows, value_set=lists.filter(allowed.there))
    return listed, pc.and_(found.there, has_list)


_SCREENS: Final[Mapping[str, Callable[[Screen, Columns], _Seen | None]]] = {
    "sum": _sum,
    "count": _count,
    "order": _order,
    "same": _same,
    "exists": _exists,
    "between": _between,
    "unique": _unique,
    "in": _in,
}
