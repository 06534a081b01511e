"""Turn records as people hand them over into JSON that every engine understands, before any engine sees it.

Dates become ISO text, numpy and pandas scalars become Python's, floats become Decimal by their shortest
text, NaN, NaT and NA become absent. What has no place in JSON (an infinite number, half a character, a
nesting without end) is reported. Records that are plain already, which is nearly all, are not copied.
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlreport.tables import Record

__all__ = ["DEEPEST", "Flaw", "normalised"]

DEEPEST: Final = 100
"""Levels of nesting that a record may have; the engines' own limits lie far beyond."""

Path = tuple[str | int, ...]

_LARGEST_EXPONENT: Final = 308
"""Of a number that a worksheet can hold, which is a double."""
_SIMPLE: Final = frozenset({int, bool, type(None)})
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Flaw:
    """A value that cannot be JSON, and is left out of the record that is checked."""

    code: str
    """too-deep, number-out-of-range, lone-surrogate or foreign-type."""
    path: Path
    value: str
    """As text, since JSON does not have it."""


def normalised(record: Record) -> tuple[Record, tuple[Flaw, ...]]:
    """Return ``record`` itself where it is plain JSON, or else a plain copy and what it had to leave out."""
    if _is_plain_object(record, 1):
        return record, ()
    flaws: list[Flaw] = []
    return _copied_object(record, (), flaws), tuple(flaws)


def _is_plain_object(record: dict[Any, Any], depth: int) -> bool:
    for name, value in record.items():
        if type(name) is not str or not (name.isascii() or _is_text(name)):
            return False
        kind = type(value)
        if kind is str:
            if not (value.isascii() or _is_text(value)):
                return False
        elif kind is dict:
            if depth >= DEEPEST or not _is_plain_object(value, depth + 1):
                return False
        elif kind not in _SIMPLE and not _is_plain(value, depth):
            return False
    return True


def _is_plain(value: Any, depth: int) -> bool:  # whatever a record holds
    kind = type(value)
    if kind is Decimal:
        return bool(value.is_finite() and value.adjusted() <= _LARGEST_EXPONENT)
    if kind is list:
        return depth < DEEPEST and _is_plain_list(value, depth + 1)
    return False


def _is_plain_list(items: list[Any], depth: int) -> bool:
    for item in items:
        if type(item) is dict:
            if depth >= DEEPEST or not _is_plain_object(item, depth + 1):
                return False
        elif not _is_plain_object({"": item}, depth):
            return False
    return True


def _is_text(text: str) -> bool:
    """Tell whether every character is whole: half of a pair (a lone surrogate) cannot be written anywhere."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _copied_object(record: Mapping[Any, Any], path: Path, flaws: list[Flaw]) -> Record:
    copy: Record = {}
    for name, value in record.items():
        text = _whole(str(name), path, flaws)
        copied = _copied(value, (*path, text), flaws)
        if copied is not _ABSENT:
            copy[text] = copied
    return copy


def _copied(value: Any, path: Path, flaws: list[Flaw]) -> Any:
    if isinstance(value, Mapping | list | tuple):
        return _copied_container(value, path, flaws)
    if isinstance(value, str):
        return _whole(str(value), path, flaws)
    if isinstance(value, dt.date):
        return _iso(value)
    if isinstance(value, int) or value is None:
        return _plain_integer(value)
    if isinstance(value, float | Decimal):
        return _number(value, path, flaws)
    return _foreign(value, path, flaws)


def _plain_integer(value: int | None) -> int | None:
    """Return the integer itself, not one of a subclass that an engine does not know."""
    return value if value is None or type(value) in _SIMPLE else int(value)


def _copied_container(value: Any, path: Path, flaws: list[Flaw]) -> Any:
    if len(path) >= DEEPEST:
        flaws.append(Flaw("too-deep", path, type(value).__name__))
        return _ABSENT
    if isinstance(value, Mapping):
        return _copied_object(value, path, flaws)
    items = (_copied(item, (*path, position), flaws) for position, item in enumerate(value))
    return [item for item in items if item is not _ABSENT]


def _whole(text: str, path: Path, flaws: list[Flaw]) -> str:
    if _is_text(text):
        return text
    mended = text.encode(errors="replace").decode()
    flaws.append(Flaw("lone-surrogate", path, mended))
    return mended


def _number(value: float | Decimal, path: Path, flaws: list[Flaw]) -> Any:
    if math.isnan(value):
        return _ABSENT
    if math.isinf(value) or (isinstance(value, Decimal) and value.adjusted() > _LARGEST_EXPONENT):
        flaws.append(Flaw("number-out-of-range", path, str(value)))
        return _ABSENT
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def _iso(value: dt.date) -> Any:
    """Return ISO text; a moment at midnight without a time zone is a day, and one without a zone is UTC."""
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    if value != value:  # noqa: PLR0124  # pandas' NaT is a datetime that is not itself
        return _ABSENT
    if value.tzinfo is None and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat() if value.tzinfo else value.isoformat()[:26] + "Z"  # pandas gives nanoseconds


def _foreign(value: Any, path: Path, flaws: list[Flaw]) -> Any:
    """Return what a numpy or pandas scalar holds; anything else is named by its type."""
    if type(value).__name__ == "NAType":
        return _ABSENT
    if type(value).__module__ == "numpy":
        plain = value.tolist() if hasattr(value, "tolist") else value
        if not isinstance(plain, type(value)):
            return _ABSENT if plain is None else _copied(plain, path, flaws)
    flaws.append(Flaw("foreign-type", path, type(value).__name__))
    return _ABSENT
