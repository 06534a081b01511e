"""Turn Python values of one kind into Arrow arrays, in which a register takes a tenth of the memory.

Decimals stay exact: an array of them has the scale that its values need, and never passes through a double.
"""

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.errors import UsageError
from xlreport.tables import Kind
from xlreport.text import shown

__all__ = [
    "MOST_DIGITS",
    "TooManyDigitsError",
    "array",
    "distinct",
    "earliest",
    "is_empty",
    "joined",
    "latest",
    "not_zero",
    "rows_kept",
    "texts",
]

MOST_DIGITS: Final = 38
"""Digits of a decimal, those after the point included, that can be added up exactly."""
_FAST_DIGITS: Final = 18
"""Decimals of up to 18 digits are computed as 64-bit integers, longer ones as 128-bit."""
_CENTS: Final = 2
_WHOLE: Final = pa.decimal128(_FAST_DIGITS, 0)

_TYPES: Final[Mapping[Kind, pa.DataType]] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(_FAST_DIGITS, _CENTS),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("us"),
}


class TooManyDigitsError(UsageError):
    """Amounts cannot be added up exactly."""


def array(kind: Kind, values: Sequence[Any], name: str, like: pa.Array | None = None) -> pa.Array:
    """Return ``values``, None where there is none, as an array; ``name`` is for messages.

    Decimals get the type of those ``like`` them, if they fit, which saves looking for one. Whole numbers
    beyond 64 bits are decimals without places. TooManyDigitsError where decimals together need more digits
    than can be added up exactly.
    """
    if kind is Kind.DECIMAL:
        return _decimals(values, name, like)
    if kind is Kind.INTEGER:
        with contextlib.suppress(OverflowError, pa.ArrowInvalid):
            return pa.array(values, pa.int64())
        return _decimals([None if value is None else Decimal(value) for value in values], name)
    return pa.array(values, _TYPES[kind])


def _decimals(values: Sequence[Decimal | int | None], name: str, like: pa.Array | None = None) -> pa.Array:
    """Return an array of decimals with the scale that the values need: whole, cents, or what is found."""
    for known in (_WHOLE if like is None else like.type, _WHOLE, _TYPES[Kind.DECIMAL]):
        with contextlib.suppress(pa.ArrowInvalid):
            return pa.array(values, known)
    found = pa.array([None if value is None else Decimal(value) for value in values])
    precision, scale = found.type.precision, found.type.scale
    if precision > MOST_DIGITS:
        longest = max((value for value in values if value is not None), key=lambda value: len(str(value)))
        raise TooManyDigitsError(_too_long(name, precision, longest))
    return found.cast(pa.decimal128(_FAST_DIGITS if precision <= _FAST_DIGITS else MOST_DIGITS, scale))


def _too_long(name: str, digits: int, longest: object) -> str:
    return (
        f"{name}: the amounts need {digits} digits and {MOST_DIGITS} can be added up exactly; "
        f"the longest is {shown(longest)}. Correct it, or set the record aside."
    )


def joined(kind: Kind, chunks: Sequence[pa.Array], name: str) -> pa.ChunkedArray:
    """Return arrays of one kind as one column; decimals get one type that keeps the digits of all."""
    types = {chunk.type for chunk in chunks}
    if len(types) < 2:  # noqa: PLR2004  # none, or one
        return pa.chunked_array(chunks, next(iter(types), _TYPES[kind]))
    scale = max(getattr(each, "scale", 0) for each in types)
    for digits in (_FAST_DIGITS, MOST_DIGITS):
        with contextlib.suppress(pa.ArrowInvalid):
            return pa.chunked_array([chunk.cast(pa.decimal128(digits, scale)) for chunk in chunks])
    widest = max(chunk.type.precision - chunk.type.scale for chunk in chunks if hasattr(chunk.type, "scale"))
    longest = max((value for chunk in chunks for value in chunk.to_pylist() if value is not None), key=abs)
    raise TooManyDigitsError(_too_long(name, widest + scale, longest))


def texts(values: Iterable[str | None]) -> pa.Array:
    """Return an array of text."""
    return pa.array(values, pa.string())


def rows_kept(column: pa.ChunkedArray, dropped: Iterable[int]) -> pa.ChunkedArray:
    """Return, for a column of whole numbers, a mask of the rows that hold none of the ``dropped`` ones."""
    return pc.invert(pc.is_in(column, value_set=pa.array(sorted(dropped), column.type)))


def is_empty(column: pa.ChunkedArray) -> bool:
    """Tell whether a column has no value at all."""
    return bool(column.null_count == len(column))


def not_zero(column: pa.ChunkedArray) -> bool:
    """Tell whether a column of numbers holds any but zeros."""
    return bool(pc.any(pc.not_equal(column, 0)).as_py())


def distinct(column: pa.ChunkedArray) -> int:
    """Count the different values of a column."""
    return int(pc.count_distinct(column).as_py())


def earliest(column: pa.ChunkedArray) -> dt.date | None:
    """Return the first day in a column, or None where it holds none."""
    day: dt.date | None = pc.min(column).as_py()
    return day


def latest(column: pa.ChunkedArray, limit: dt.date = dt.date.max) -> dt.date | None:
    """Return the last day in a column that is not after ``limit``, or None where there is none."""
    if limit < dt.date.max:
        column = column.filter(pc.less_equal(column, pa.scalar(limit)))
    day: dt.date | None = pc.max(column).as_py()
    return day
