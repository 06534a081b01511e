"""Guess what a value was meant to be.

A decimal comma, the day before the month, small letters instead of capitals, Excel's number of a day.
"""

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final

from xlreport.checks.engines import condition, installed_engine
from xlreport.text import listing, nearest

__all__ = ["date_hint", "enum_hint", "moment_hint", "number_hint", "pattern_hint", "text_hint"]

_DECIMAL_COMMA: Final = re.compile(r"[+-]?([0-9]{1,3}([. '\u00a0\u202f][0-9]{3})+|[0-9]+),[0-9]+")
_THOUSANDS_COMMA: Final = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_SPACED: Final = re.compile(r"[+-]?[0-9]{1,3}([ '\u00a0\u202f][0-9]{3})+(\.[0-9]+)?")
_PLAIN: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_THREE_PARTS: Final = re.compile(r"([0-9]{1,4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,4})")
_EIGHT_DIGITS: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_EXCEL_DAY_ZERO: Final = dt.date(1899, 12, 30)
_EXCEL_DAYS: Final = range(61, 73_051)  # 1900-03-01 to 2099-12-31
_ISO_START: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].+")
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_DIGITS: Final = 4


def number_hint(value: object) -> str:
    """Return what to write instead of a number that is text, or an empty string."""
    if not isinstance(value, str):
        return ""
    text = value.strip()
    if _THOUSANDS_COMMA.fullmatch(text):
        meant = text.replace(",", "")
        if text.count(",") == 1 and "." not in text:
            return f"Write {meant} or {text.replace(',', '.')}, whichever is meant: a number has no comma."
        return f"Write {meant}: nothing stands between the thousands."
    if _DECIMAL_COMMA.fullmatch(text):
        meant = re.sub(r"[^0-9+,-]", "", text).replace(",", ".")
        return f"Write {meant}: a point before the decimals, nothing between the thousands."
    if _SPACED.fullmatch(text):
        meant = re.sub(r"[^0-9.+-]", "", text)
        return f"Write {meant}: nothing stands between the thousands."
    return "It is text that looks like a number; enter it as a number." if _PLAIN.fullmatch(text) else ""


def date_hint(value: object) -> str:
    """Return the day that was meant, in ISO form, or both where day and month could be either."""
    if isinstance(value, int | Decimal) and value in _EXCEL_DAYS:
        return f"If it is Excel's number of a day, write {_EXCEL_DAY_ZERO + dt.timedelta(days=int(value))}."
    if not isinstance(value, str):
        return ""
    text = value.strip()
    if _ISO_START.fullmatch(text) and (days := list(_days([_parts(text[:10])]))):
        return f"Write {days[0]}: the day alone."
    meant = sorted(set(_days(_readings(text))))
    if len(meant) > 1:
        return f"Write {listing(meant, 'or')}, whichever is meant: year-month-day."
    return f"Did you mean {meant[0]}?" if meant else ""


def moment_hint(value: object) -> str:
    """Return the moment that was meant by a day alone."""
    if not isinstance(value, str):
        return ""
    days = list(_days([_parts(value)])) if _ISO_DAY.fullmatch(value) else []
    return f"Did you mean {days[0]}T00:00:00Z?" if days else ""


def _readings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day in the orders that the text can be read in."""
    found = _THREE_PARTS.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text)
    if not found:
        return
    first, second, third = map(int, found.groups())
    if len(found[1]) == _YEAR_DIGITS:
        yield first, second, third
    elif len(found[3]) == _YEAR_DIGITS:
        yield third, second, first
        yield third, first, second


def _parts(iso: str) -> tuple[int, int, int]:
    year, month, day = map(int, iso.split("-"))
    return year, month, day


def _days(readings: Iterable[tuple[int, int, int]]) -> Iterator[dt.date]:
    for year, month, day in readings:
        with contextlib.suppress(ValueError):
            yield dt.date(year, month, day)


def text_hint(value: object) -> str:
    """Return how to enter a number, or a truth value, as text."""
    if isinstance(value, bool):
        return f'Enter it as text: "{str(value).lower()}".'
    return f'Enter it as text: "{value}".' if isinstance(value, int | Decimal) else ""


def enum_hint(value: object, known: list[Any]) -> str:
    """Return the nearest of the known values as a question, or an empty string."""
    guess = (
        nearest(str(value), [text for text in known if isinstance(text, str)]) if value is not None else None
    )
    return f"Did you mean '{guess}'?" if guess else ""


def pattern_hint(value: object, pattern: str) -> str:
    """Return the value without blanks, or in capitals, or in small letters, if that is what was wanted."""
    if not isinstance(value, str):
        return ""
    stripped = value.strip()
    fits = _matcher(pattern)
    for meant in (stripped, stripped.upper(), stripped.lower()):
        if meant != value and fits(meant):
            return f"Did you mean '{meant}'?"
    return ""


@cache
def _matcher(pattern: str) -> Callable[[Any], bool]:
    return condition({"pattern": pattern}, installed_engine())
