"""Screen a batch by the rules that add up or count, exactly: in whole numbers of the smallest unit."""

from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.checks.columns import all_short
from xlreport.checks.levels import Level
from xlreport.checks.screen_columns import Columns, UnsureError
from xlreport.checks.seeing import (
    INT,
    Lens,
    Reached,
    Seen,
    all_of,
    any_in,
    folded,
    no_gaps,
    operand_at,
    reached,
    scope_of,
    to_records,
)

__all__ = ["counts", "sums"]

_MOST_PLACES: Final = 15
_LARGEST: Final = 2**62


def sums(lens: Lens, columns: Columns) -> Seen | None:
    """Return what is seen by a rule of the operator sum, or None where there is nothing to look at."""
    rule, scope = lens.rule, scope_of(lens.rule, columns)
    found = reached(lens, columns, rule.paths[0])
    if scope is None:
        return None
    if found is None:
        nothing = all_of(scope.size, value=False)
        return to_records(Seen(nothing, nothing, nothing), scope, columns)
    there = folded(found.there.cast(INT), found.level, scope)
    items = any_in(found.rows, found.level, scope)
    return _limited(lens, columns, scope, found, pc.greater(there, 0), items)


def _limited(
    lens: Lens, columns: Columns, scope: Level, found: Reached, there: pa.Array, items: pa.Array
) -> Seen | None:
    """Compare sums with their limits, as whole numbers of the smallest unit that any of them has."""
    rule = lens.rule
    assert rule.limit is not None  # noqa: S101  # the vocabulary asks for one
    limit = operand_at(lens, columns, rule.limit, scope)
    if limit is None or found.values is None:
        nothing = all_of(scope.size, value=False)
        return to_records(Seen(nothing, nothing, items), scope, columns)
    places = max(map(_places, (found.values, limit, rule.tolerance)))
    units = pc.fill_null(_whole(found.values, places), 0)
    if not _fits(units, found.level, scope):
        raise UnsureError
    total = folded(units, found.level, scope)
    difference = pc.subtract_checked(total, _whole(limit, places))
    bad = no_gaps(_off(rule.comparison, difference, _whole(rule.tolerance, places)))
    some = pc.and_(there, pc.is_valid(difference))
    return to_records(Seen(pc.and_(bad, there), some, items), scope, columns)


def _fits(units: pa.Array, level: Level, scope: Level) -> bool:
    """Tell whether every sum is sure to fit into 64 bits."""
    rows = folded(pa.repeat(pa.scalar(1, INT), level.size), level, scope)
    least, most = pc.min_max(units).as_py().values()
    return least is None or bool(max(-least, most) * pc.max(rows).as_py() < _LARGEST)


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
        if numbers.adjusted() + places > _MOST_PLACES:
            raise UnsureError
        return pa.scalar(int(numbers.scaleb(places)), INT)
    if pa.types.is_decimal(numbers.type):
        plain = pa.decimal128(numbers.type.precision, 0)
        units = pa.Array.from_buffers(plain, len(numbers), numbers.buffers(), offset=numbers.offset)
        return pc.multiply_checked(units.cast(INT), 10 ** (places - numbers.type.scale))
    if not pa.types.is_integer(numbers.type) or not all_short(numbers):
        raise UnsureError
    return pc.multiply_checked(numbers.cast(INT), 10**places)


def counts(lens: Lens, columns: Columns) -> Seen | None:
    """Return what is seen by a rule of the operator count, or None where there is nothing to look at."""
    rule, scope = lens.rule, scope_of(lens.rule, columns)
    if scope is None:
        return None
    assert rule.limit is not None  # noqa: S101  # the vocabulary asks for one
    limit = operand_at(lens, columns, rule.limit, scope)
    kept = lens.kept(columns, scope)
    items = all_of(scope.size, value=True) if kept is None else kept
    if limit is None:
        nothing = all_of(scope.size, value=False)
        return to_records(Seen(nothing, nothing, items), scope, columns)
    places = _places(limit)
    number = _whole(_number(lens, columns, scope), places)
    difference = pc.subtract_checked(number, _whole(limit, places))
    bad = no_gaps(_off(rule.comparison, difference, pa.scalar(0, INT)))
    some = pc.and_(items, difference.is_valid())
    return to_records(Seen(pc.and_(bad, items), some, items), scope, columns)


def _number(lens: Lens, columns: Columns, scope: Level) -> pa.Array:
    """Return, for each row of the scope, how many items or values there are."""
    path = lens.rule.paths[0]
    if not path.endswith("/*"):
        found = reached(lens, columns, path)
        counted, level = (found.there, found.level) if found else (None, None)
    else:
        level = columns.level(path.removesuffix("/*"))
        kept = lens.kept(columns, level) if level else None
        counted = all_of(level.size, value=True) if level and kept is None else kept
    if level is None or counted is None:
        return pa.repeat(pa.scalar(0, INT), scope.size)
    return folded(counted.cast(INT), level, scope)
