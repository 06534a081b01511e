"""Compare values as what they are: numbers exactly, days as days, moments as moments, texts as texts."""

import datetime as dt
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import lru_cache
from typing import Any, Final, NamedTuple

from xlreport.sorts import Sort

__all__ = ["Comparable", "NotComparableError", "added_up", "comparable", "is_less", "is_same", "less"]

_DAY: Final = len("2017-12-31")
_EXACT: Final = Context(prec=1_000, traps=[Inexact, InvalidOperation, Overflow])
"""Sums that need more digits than this are refused, not rounded."""


class NotComparableError(Exception):
    """The values are of kinds that cannot be compared, or cannot be added up exactly."""


class Comparable(NamedTuple):
    """A value, and what it is compared by."""

    sort: str
    """number, day, moment, text or truth."""
    value: Any
    day: str = ""
    """Of a moment: its day, as it is written."""


def comparable(value: Any, sort: Sort) -> Comparable:  # any single JSON value
    """Return what ``value`` is compared by; NotComparableError for one of another sort than the schema's."""
    found = _found(value, is_time=sort is Sort.TIME)
    if sort is not Sort.ANY and found.sort not in _ALLOWED[sort]:
        raise NotComparableError
    return found


def _found(value: Any, *, is_time: bool) -> Comparable:
    kind = type(value)
    if kind is str:
        if not is_time:
            return Comparable("text", value)
        return Comparable("day", value) if len(value) == _DAY else _of_moment(value)
    if kind is bool:
        return Comparable("truth", value)
    if kind is int or kind is Decimal:
        return Comparable("number", value)
    raise NotComparableError


_ALLOWED: Final = {
    Sort.NUMBER: ("number",),
    Sort.TIME: ("day", "moment"),
    Sort.TEXT: ("text",),
    Sort.TRUTH: ("truth",),
}


@lru_cache(10_000)
def _of_moment(text: str) -> Comparable:
    """Return a moment, or text where it is none."""
    try:
        return Comparable("moment", _moment(text.upper()), text[:_DAY])
    except (ValueError, OverflowError):
        return Comparable("text", text)


def _moment(text: str) -> dt.datetime:
    """Return the moment; a leap second is the one after it, and a moment without a zone is in UTC."""
    leap = dt.timedelta(seconds=text[16:19] == ":60")
    found = dt.datetime.fromisoformat(text.replace(":60", ":59", 1) if leap else text) + leap
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def is_same(one: Comparable, other: Comparable) -> bool:
    """Tell whether two values are equal; a day and a moment are where they are of the same day."""
    if one.sort != other.sort:
        one, other = _as_days(one, other)
    return bool(one.value == other.value)


def is_less(one: Comparable, other: Comparable) -> bool:
    """Tell whether a value is less than, or before, another; NotComparableError where that has no meaning."""
    if one.sort != other.sort:
        one, other = _as_days(one, other)
    if one.sort == "truth":
        raise NotComparableError
    return bool(one.value < other.value)


def _as_days(one: Comparable, other: Comparable) -> tuple[Comparable, Comparable]:
    if {one.sort, other.sort} != {"day", "moment"}:
        raise NotComparableError
    return _day(one), _day(other)


def _day(time: Comparable) -> Comparable:
    return Comparable("day", time.day) if time.day else time


def added_up(values: list[Decimal | int]) -> Decimal:
    """Return the exact sum; NotComparableError where it has more digits than anyone can mean."""
    total = Decimal(0)
    try:
        for value in values:
            total = _EXACT.add(total, value)
    except (Inexact, Overflow, InvalidOperation) as error:
        raise NotComparableError from error
    return total


def less(value: Decimal | int, other: Decimal | int) -> Decimal:
    """Return the exact difference; NotComparableError as for a sum."""
    try:
        return _EXACT.subtract(Decimal(value), other)
    except (Inexact, Overflow, InvalidOperation) as error:
        raise NotComparableError from error
