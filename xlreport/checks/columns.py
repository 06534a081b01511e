"""Turn the JSON values of one column into Python values of one kind, batch by batch."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from xlreport.tables import Kind

__all__ = ["MOST_DIGITS", "Values", "as_text", "long_numbers"]

MOST_DIGITS: Final = 15
"""Significant digits that Excel keeps of a number."""
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MISFIT: Final = object()


class Values:
    """The values of one column while it grows."""

    def __init__(self, kind: Kind | None, height: int = 0) -> None:
        """Start with ``height`` empty cells; a ``kind`` of None is worked out from the values at the end."""
        self.kind = kind
        self._values: list[Any] = [None] * height
        self._as_text = False

    def extend(self, raw: Sequence[Any]) -> list[int]:
        """Append JSON values and return the positions in ``raw`` of those that are not of the column's kind.

        Their cells stay empty until `keep_as_text` says otherwise.
        """
        if self.kind is None:
            self._values.extend(raw)
            return []
        try:
            self._values.extend(_all(self.kind, raw))
        except _WRONG:
            return self._extend_one_by_one(raw)
        return []

    def pad(self, height: int) -> None:
        """Append ``height`` empty cells."""
        self._values.extend([None] * height)

    def _extend_one_by_one(self, raw: Sequence[Any]) -> list[int]:
        values = [_one(self.kind or Kind.TEXT, value) for value in raw]
        self._values.extend(None if value is _MISFIT else value for value in values)
        return [position for position, value in enumerate(values) if value is _MISFIT]

    def keep_as_text(self, raw: Mapping[int, Any]) -> None:
        """Make the column one of text, with ``raw`` values by their position from the end."""
        if not self._as_text:
            self._values = [None if value is None else as_text(value) for value in self._values]
            self.kind, self._as_text = Kind.TEXT, True
        for position, value in raw.items():
            self._values[position] = as_text(value)

    def finished(self) -> tuple[Kind, list[Any]]:
        """Return the column's kind and all its values."""
        if self.kind is not None:
            return self.kind, self._values
        kind = _inferred(self._values)
        return kind, list(_all(kind, self._values))


def as_text(value: object) -> str:
    """Return any value as the text that a person would expect of it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(filter(None, (as_text(item) for item in value if item is not None)))
    if isinstance(value, dt.date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


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
    if isinstance(value, Decimal):
        return value
    if type(value) is int:
        return Decimal(value)
    raise TypeError


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError


def _moment(text: str) -> dt.datetime:
    """Return the moment in UTC without a zone, as a worksheet holds it."""
    moment = dt.datetime.fromisoformat(text.upper())
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


_WRONG: Final = (ValueError, TypeError, AttributeError, ArithmeticError)
"""What the functions below raise when they are given a value of another kind."""
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
    Kind.DECIMAL: frozenset({Decimal, type(None)}),
    Kind.BOOLEAN: frozenset({bool, type(None)}),
}
"""Types that are right as they come."""


def _all(kind: Kind, raw: Sequence[Any]) -> Iterable[Any]:
    """Return all values as values of ``kind``, or raise one of `_WRONG`."""
    done = _DONE.get(kind)
    if done and done.issuperset(map(type, raw)):
        return raw
    convert = _EACH[kind]
    return [None if value is None else convert(value) for value in raw]


def _inferred(values: Iterable[Any]) -> Kind:
    """Return the narrowest kind that holds every value; a column without a value is one of text."""
    present = [value for value in values if value is not None]
    types = frozenset(map(type, present))
    if types == {str} and all(map(_is_date, present)):
        return Kind.DATE
    return _BY_TYPES.get(types, Kind.TEXT)


_BY_TYPES: Final[Mapping[frozenset[type], Kind]] = {
    frozenset({bool}): Kind.BOOLEAN,
    frozenset({int}): Kind.INTEGER,
    frozenset({Decimal}): Kind.DECIMAL,
    frozenset({int, Decimal}): Kind.DECIMAL,
}


def _is_date(text: str) -> bool:
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def long_numbers(raw: Iterable[Any]) -> list[int]:
    """Return the positions of the numbers with more significant digits than Excel keeps."""
    return [position for position, value in enumerate(raw) if type(value) in _NUMBERS and _is_long(value)]


_NUMBERS: Final = frozenset({int, Decimal})


def _is_long(value: int | Decimal) -> bool:
    text = str(value)
    if len(text) <= MOST_DIGITS:
        return False
    mantissa = text.upper().partition("E")[0]
    digits = mantissa.lstrip("+-").replace(".", "").lstrip("0")
    return len(digits.rstrip("0")) > MOST_DIGITS
