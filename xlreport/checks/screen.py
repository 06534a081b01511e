"""Screen a batch by a rule: which records hold it, which it does not apply to, and which need a closer look.

A screen works on whole columns. It never says what is wrong with a record, only that something may be;
`operators` judges those records one by one, and what both say of a rule is the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.checks import screen_sums
from xlreport.checks.conditions import Condition
from xlreport.checks.levels import Level
from xlreport.checks.paths import steps
from xlreport.checks.screen_columns import Columns, UnsureError
from xlreport.checks.seeing import (
    INT,
    Lens,
    Reached,
    Seen,
    all_of,
    any_in,
    below,
    folded,
    marked,
    no_gaps,
    operand_at,
    reached,
    row_numbers,
    scope_of,
    to_records,
)
from xlreport.rules import Operand

__all__ = ["Screen", "Screened"]

_DAY: Final = len("2017-12-31")


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of a rule for the records of a batch."""

    counts: Mapping[str, int]
    """Records by held or one of `REASONS`; without those that need a closer look."""
    suspects: Sequence[int]
    """Offsets of the records that need a closer look."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A rule that is ready for whole batches."""

    lens: Lens
    when: Condition | None = None

    def screened(self, columns: Columns) -> Screened:
        """Return what came of the rule; where columns cannot tell, every record needs a closer look."""
        size = columns.root.size
        try:
            seen = _SCREENS[self.lens.rule.operator](self.lens, columns)
            applies = self.when and columns.mask(self.when, columns.root)
        except (UnsureError, pa.ArrowException):
            return Screened({}, range(size))
        return _summed(seen, applies, size)


def _summed(seen: Seen | None, applies: pa.Array | None, size: int) -> Screened:
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


def _order(lens: Lens, columns: Columns) -> Seen | None:
    rule = lens.rule
    if len(rule.paths) == 1:
        return _items_in_order(lens, columns)
    if lens.where and any("-1" in steps(path) for path in rule.paths):
        raise UnsureError
    level = scope_of(rule, columns)
    if level is None:
        return None
    kept = lens.kept(columns, level)
    bad = some = nothing = all_of(level.size, value=False)
    last: pa.Array | None = None
    for path in rule.paths:
        values = operand_at(lens, columns, Operand(path), level)
        if values is None:
            continue
        if last is None:
            last = values
            continue
        before = pc.less(values, last)
        bad, some = pc.or_(bad, no_gaps(before)), pc.or_(some, before.is_valid())
        last = pc.coalesce(values, last)
    items = pc.invert(nothing) if kept is None else kept
    seen = Seen(bad, some, items) if kept is None else Seen(pc.and_(bad, kept), pc.and_(some, kept), items)
    return to_records(seen, level, columns)


def _items_in_order(lens: Lens, columns: Columns) -> Seen | None:
    """Compare each value with the one in front of it in the same record."""
    found = reached(lens, columns, lens.rule.paths[0])
    if found is None:
        return None
    root, there = columns.root, found.there
    items = any_in(found.rows, found.level, root)
    if found.values is None:
        nothing = all_of(root.size, value=False)
        return Seen(nothing, nothing, items)
    records, values = row_numbers(found.level, root).filter(there), found.values.filter(there)
    same = pc.equal(records[1:], records[:-1])
    before = pc.and_(same, pc.less(values[1:], values[:-1]))
    return Seen(marked(records[1:].filter(before), root), marked(records[1:].filter(same), root), items)


def _between(lens: Lens, columns: Columns) -> Seen | None:
    found = reached(lens, columns, lens.rule.paths[0])
    if found is None:
        return None
    bad = some = all_of(found.level.size, value=False)
    for operand, beyond in ((lens.rule.low, pc.less), (lens.rule.high, pc.greater)):
        if operand is None or found.values is None:
            continue
        limit = operand_at(lens, columns, operand, found.level)
        if limit is not None:
            off = beyond(found.values, _alike(lens, limit, found.values))
            bad, some = pc.or_(bad, no_gaps(off)), pc.or_(some, off.is_valid())
    return to_records(Seen(bad, some, found.rows), found.level, columns)


def _alike(lens: Lens, limit: Any, values: pa.Array) -> Any:
    """Return a fixed limit as what it is compared with: a day is written as text in a rule."""
    if not (lens.is_time and isinstance(limit, pa.Scalar)):
        return limit
    if len(limit.as_py()) != _DAY:
        raise UnsureError
    return limit.cast(values.type)


def _exists(lens: Lens, columns: Columns) -> Seen | None:
    found = reached(lens, columns, lens.rule.paths[0])
    if found is None:
        return None
    missing = pc.and_(found.rows, pc.invert(found.there))
    return to_records(Seen(missing, pc.and_(found.rows, found.there), found.rows), found.level, columns)


def _same(lens: Lens, columns: Columns) -> Seen | None:
    scope = scope_of(lens.rule, columns)
    if scope is None:
        return None
    found = [each for path in lens.rule.paths if (each := reached(lens, columns, path))]
    nothing = all_of(scope.size, value=False)
    first = _first([each for each in found if each.values is not None], scope)
    if first is None:
        return to_records(Seen(nothing, nothing, _items(lens, found, scope)), scope, columns)
    numbers = [folded(each.there.cast(INT), each.level, scope) for each in found]
    enough = pc.greater(reduce(pc.add, numbers), 1)
    bad = pc.and_(enough, first.is_null())
    for each in found:
        if each.values is not None:
            other = no_gaps(pc.not_equal(each.values, below(first, scope, each.level)))
            bad = pc.or_(bad, any_in(other, each.level, scope))
    return to_records(Seen(bad, enough, _items(lens, found, scope)), scope, columns)


def _items(lens: Lens, found: Sequence[Reached], scope: Level) -> pa.Array:
    """Tell which rows have something to compare: where all paths lead to one value each, all have."""
    if not any(map(_is_many, lens.rule.paths)):
        return all_of(scope.size, value=True)
    marks = (any_in(each.rows, each.level, scope) for each in found if _is_many(each.path))
    return reduce(pc.or_, marks, all_of(scope.size, value=False))


def _is_many(path: str) -> bool:
    return not {"*", "-1"}.isdisjoint(steps(path))


def _first(found: Sequence[Reached], scope: Level) -> pa.Array | None:
    """Return, for each row of the scope, one of the values; nothing where it is easily missed."""
    firsts = [each.values if each.level is scope else _of_first(each, scope) for each in found]
    return reduce(pc.coalesce, firsts) if firsts else None


def _of_first(found: Reached, scope: Level) -> pa.Array:
    """Return the value of the first row that a row of the scope holds."""
    level, values = found.level, found.values
    assert values is not None  # noqa: S101  # only those with values are asked for their first
    while level is not scope:
        if level.above is None:
            raise UnsureError
        rows = pc.greater(level.ends, level.starts)
        values = values.take(pc.if_else(rows, level.starts, None))
        level = level.above
    return values


def _unique(lens: Lens, columns: Columns) -> Seen | None:
    found = reached(lens, columns, lens.rule.paths[0])
    if found is None:
        return None
    root = columns.root
    items = any_in(found.rows, found.level, root)
    nothing = all_of(root.size, value=False)
    if found.values is None:
        return Seen(nothing, nothing, items)
    there = found.there
    records = row_numbers(found.level, root).filter(there)
    encoded = found.values.filter(there).dictionary_encode()
    pairs = _pairs(records, encoded.indices, len(encoded.dictionary))
    bad = nothing
    if pc.count_distinct(pairs).as_py() < len(pairs):
        counts = pairs.value_counts()
        twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
        bad = marked(records.filter(pc.is_in(pairs, value_set=twice)), root)
    return Seen(bad, any_in(there, found.level, root), items)


def _pairs(rows: pa.Array, numbers: pa.Array, size: int) -> pa.Array:
    """Return one number for each pair of a row and one of ``size`` numbers."""
    return pc.add(pc.multiply(rows, size), numbers.cast(INT))


def _in(lens: Lens, columns: Columns) -> Seen | None:
    rule, scope = lens.rule, scope_of(lens.rule, columns)
    found = reached(lens, columns, rule.paths[0])
    if scope is None or found is None:
        return None
    nothing = all_of(found.level.size, value=False)
    if found.values is None:
        return to_records(Seen(nothing, nothing, found.rows), found.level, columns)
    if isinstance(rule.values, str):
        listed, some = _among(lens, columns, found, scope, rule.values)
    else:
        listed = pc.is_in(found.values, value_set=_listed(lens, found.values))
        some = found.there
    bad = pc.and_(some, pc.invert(listed))
    return to_records(Seen(bad, some, found.rows), found.level, columns)


def _listed(lens: Lens, like: pa.Array) -> pa.Array:
    """Return the values of the rule as an array of the same type as those they are compared with."""
    values = [value for value in lens.rule.values if value is not None]
    if lens.is_time and any(len(str(value)) != _DAY for value in values):
        raise UnsureError
    return pa.array(values).cast(like.type)


def _among(
    lens: Lens, columns: Columns, found: Reached, scope: Level, path: str
) -> tuple[pa.Array, pa.Array]:
    """Tell which values are listed in their row of the scope, and which have a list to look in at all."""
    allowed = reached(Lens(lens.rule), columns, path)
    nothing = all_of(found.level.size, value=False)
    if allowed is None or allowed.values is None:
        return nothing, nothing
    known = allowed.values.drop_null().unique()
    rows = row_numbers(found.level, scope)
    lists = row_numbers(allowed.level, scope)
    there = pc.index_in(allowed.values, value_set=known)
    pairs = _pairs(lists, there, len(known)).drop_null()
    listed = pc.is_in(_pairs(rows, pc.index_in(found.values, value_set=known), len(known)), value_set=pairs)
    has_list = pc.is_in(rows, value_set=lists.filter(allowed.there))
    return listed, pc.and_(found.there, has_list)


_SCREENS: Final[Mapping[str, Callable[[Lens, Columns], Seen | None]]] = {
    "sum": screen_sums.sums,
    "count": screen_sums.counts,
    "order": _order,
    "same": _same,
    "exists": _exists,
    "between": _between,
    "unique": _unique,
    "in": _in,
}
