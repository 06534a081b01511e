"""Turn the JSON values of one column into Arrow arrays of one kind, batch by batch."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.arrays import MOST_DIGITS, TooManyDigitsError, array, joined, texts
from xlreport.lazy import LazyColumn
from xlreport.tables import Kind

__all__ = ["EXCEL_DIGITS", "Values", "all_short", "as_text", "long_numbers"]

EXCEL_DIGITS: Final = 15
"""Significant digits that Excel keeps of a number."""
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MISFIT: Final = object()
_FIRST_DAY: Final = pa.scalar(dt.date.min)
"""Arrow counts the days of the year 0, which no calendar has."""


class Values:
    """The values of one column while it grows."""

    def __init__(self, kind: Kind | None, name: str, height: int = 0, *, kept: bool = True) -> None:
        """Start with ``height`` empty cells; a ``kind`` of None is worked out from the values at the end.

        ``name`` is for messages. A column that is not ``kept`` is looked at, and forgotten.
        """
        self.kind = kind
        self.kept = kept
        self._name = name
        self._chunks: list[pa.Array] = []
        self._guesses: list[Kind | None] = []
        self._as_text = False
        if kept:
            self.pad(height)

    def extend(self, raw: Sequence[Any]) -> list[int]:
        """Append JSON values and return the positions in ``raw`` of those that are not of the column's kind.

        Their cells stay empty until `keep_as_text` says otherwise.
        """
        if self.kind is None:
            if self.kept:
                self._guess(raw)
            return []
        misfits: list[int] = []
        try:
            chunk = _array(self.kind, raw, self._name, self._chunks[-1] if self._chunks else None)
        except (*_WRONG, TooManyDigitsError):
            values = [_one(self.kind, value) for value in raw]
            misfits = [position for position, value in enumerate(values) if value is _MISFIT]
            chunk = array(self.kind, [None if value is _MISFIT else value for value in values], self._name)
        self._append(chunk)
        return misfits

    def _guess(self, raw: Sequence[Any]) -> None:
        """Take values in as the narrowest kind that holds them; which kind holds all is seen at the end."""
        kind = _inferred(raw)
        self._guesses.append(kind)
        chunk = pa.nulls(len(raw)) if kind is None else _array(kind, raw, self._name, None)
        self._chunks.append(chunk)

    def take(self, chunk: pa.Array) -> None:
        """Append an array of the column's kind that nobody needs to look at."""
        if self.kept:
            self._chunks.append(chunk)

    def _append(self, chunk: pa.Array) -> None:
        """Take a chunk in; of a column that is not kept, only the last one stays, to be looked at."""
        if not self.kept:
            self._chunks.clear()
        self._chunks.append(chunk)

    def pad(self, height: int) -> None:
        """Append ``height`` empty cells."""
        if self.kind is None:
            self._guesses.append(None)
            self._chunks.append(pa.nulls(height))
        elif self.kept and height:
            self._append(array(self.kind, [None] * height, self._name))

    def long_numbers(self, raw: Sequence[Any]) -> list[int]:
        """Return the positions in ``raw``, which were just appended, of numbers that Excel does not keep."""
        if self._chunks and all_short(self._chunks[-1]):
            return []
        return long_numbers(raw)

    def keep_as_text(self, raw: Mapping[int, Any]) -> None:
        """Make the column one of text, with ``raw`` values by their position from the end."""
        if not self._as_text:
            self._chunks = list(map(_as_texts, self._chunks))
            self.kind, self._as_text = Kind.TEXT, True
        last = self._chunks.pop().to_pylist()
        for position, value in raw.items():
            last[position] = as_text(value)
        self._chunks.append(texts(last))

    def finished(self) -> tuple[Kind, pa.ChunkedArray]:
        """Return the column's kind and all its values."""
        if self.kind is None:
            kind = _holding(self._guesses)
            chunks = zip(self._guesses, self._chunks, strict=True)
            return kind, joined(
                kind, [self._recast(guess, kind, chunk) for guess, chunk in chunks], self._name
            )
        return self.kind, joined(self.kind, self._chunks, self._name)

    def _recast(self, guess: Kind | None, kind: Kind, chunk: pa.Array) -> pa.Array:
        """Return an array of values of one kind as one of another, which holds them."""
        if guess in (None, kind):
            return array(kind, [None] * len(chunk), self._name) if guess is None else chunk
        if kind is Kind.TEXT:
            return _as_texts(chunk)
        return array(kind, chunk.to_pylist(), self._name)


def as_text(value: object) -> str:
    """Return any value as the text that a person would expect of it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(filter(None, (as_text(item) for item in value if item is not None)))
    if isinstance(value, dt.date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _as_texts(chunk: pa.Array) -> pa.Array:
    """Return the values as text; decimals without the zeros that their one scale gives them."""
    values = LazyColumn(pa.chunked_array([chunk]))
    return texts(None if value is None else as_text(value) for value in values)


def _one(kind: Kind, value: object) -> Any:  # of the kind that was asked for
    try:
        return None if value is None else _EACH[kind](value)
    except _WRONG:
        return _MISFIT


def _integer(value: object) -> int:
    if type(value) is int:
        return value
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise TypeError


def _decimal(value: object) -> Decimal:
    if type(value) is not int and not isinstance(value, Decimal):
        raise TypeError
    number = Decimal(value)
    if max(number.adjusted() + 1, 0) + max(-int(number.as_tuple().exponent), 0) > MOST_DIGITS:
        raise OverflowError
    return number


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError


def _moment(text: str) -> dt.datetime:
    """Return the moment in UTC without a zone, as a worksheet holds it."""
    moment = dt.datetime.fromisoformat(text.upper())
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


_WRONG: Final = (ValueError, TypeError, AttributeError, ArithmeticError)
"""What the functions below, and Arrow's, raise when they are given a value of another kind."""
_EACH: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.TEXT: as_text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: dt.date.fromisoformat,
    Kind.DATETIME: _moment,
}
_DONE: Final[Mapping[Kind, frozenset[type]]] = {
    Kind.TEXT: frozenset({str, type(None)}),
    Kind.INTEGER: frozenset({int, type(None)}),
    Kind.DECIMAL: frozenset({Decimal, int, type(None)}),
    Kind.BOOLEAN: frozenset({bool, type(None)}),
}
"""Types that are right as they come."""


def _array(kind: Kind, raw: Sequence[Any], name: str, like: pa.Array | None) -> pa.Array:
    """Return all values as an array of ``kind``, or raise one of `_WRONG`."""
    if kind is Kind.DATE and _DONE[Kind.TEXT].issuperset(map(type, raw)):
        days = texts(raw).cast(pa.date32())
        if pc.any(pc.less(days, _FIRST_DAY)).as_py():
            raise ValueError
        return days
    return array(kind, _converted(kind, raw), name, like)


def _converted(kind: Kind, raw: Sequence[Any]) -> Sequence[Any]:
    """Return all values as Python values of ``kind``, or raise one of `_WRONG`."""
    done = _DONE.get(kind)
    if done and done.issuperset(map(type, raw)):
        return raw
    convert = _EACH[kind]
    return [None if value is None else convert(value) for value in raw]


def _inferred(values: Sequence[Any]) -> Kind | None:
    """Return the narrowest kind that holds every value, or None where there is no value."""
    types = frozenset(map(type, values)) - {type(None)}
    if types == {str} and _are_dates(values):
        return Kind.DATE
    return _BY_TYPES.get(types, Kind.TEXT) if types else None


_BY_TYPES: Final[Mapping[frozenset[type], Kind]] = {
    frozenset({bool}): Kind.BOOLEAN,
    frozenset({int}): Kind.INTEGER,
    frozenset({Decimal}): Kind.DECIMAL,
    frozenset({int, Decimal}): Kind.DECIMAL,
}


def _holding(guesses: Iterable[Kind | None]) -> Kind:
    """Return the narrowest kind that holds the values of all kinds; without a value, it is text."""
    kinds = set(guesses) - {None}
    if kinds == {Kind.INTEGER, Kind.DECIMAL}:
        return Kind.DECIMAL
    return (kinds.pop() or Kind.TEXT) if len(kinds) == 1 else Kind.TEXT


def _are_dates(values: Sequence[str | None]) -> bool:
    """Tell whether every text is a day as ISO 8601 writes it."""
    first = next(text for text in values if text is not None)
    if not _ISO_DATE.fullmatch(first):
        return False
    try:
        _array(Kind.DATE, values, "", None)
    except _WRONG:
        return False
    return True


def long_numbers(raw: Iterable[Any]) -> list[int]:
    """Return the positions of the numbers with more significant digits than Excel keeps."""
    return [position for position, value in enumerate(raw) if type(value) in _NUMBERS and _is_long(value)]


_NUMBERS: Final = frozenset({int, Decimal})


def _is_long(value: int | Decimal) -> bool:
    text = str(value)
    if len(text) <= EXCEL_DIGITS:
        return False
    mantissa = text.upper().partition("E")[0]
    digits = mantissa.lstrip("+-").replace(".", "").lstrip("0")
    return len(digits.rstrip("0")) > EXCEL_DIGITS


def all_short(chunk: pa.Array) -> bool:
    """Tell whether no number of an array has more digits than Excel keeps, trailing zeros counted."""
    if not (pa.types.is_integer(chunk.type) or pa.types.is_decimal(chunk.type)):
        return False
    scale = getattr(chunk.type, "scale", 0)
    least, most = pc.min_max(chunk).as_py().values()
    limit = 10 ** (EXCEL_DIGITS - scale) if scale <= EXCEL_DIGITS else Decimal(10) ** (EXCEL_DIGITS - scale)
    return least is None or -limit < least <= most < limit
