"""Guess which day was meant: the day before the month, Excel's number of a day, the month in letters."""

import calendar
import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from xlreport.checks.hints import empty_hint
from xlreport.checks.look_alikes import as_digits
from xlreport.sentences import Counted, Listed, Sentence

__all__ = ["date_hint", "moment_hint"]

_THREE_PARTS: Final = re.compile(r"([0-9]{1,4})[-./ ]\s?([0-9]{1,2})[-./ ]\s?([0-9]{1,4})")
_EIGHT_DIGITS: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_EAST_ASIAN: Final = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_SHORT_YEAR: Final = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[ .-]+(?:de )?([^\W\d]{3,})\.?,?[ .-]+(?:de )?([0-9]{4})")
_MONTH_FIRST: Final = re.compile(r"([^\W\d]{3,})\.? ([0-9]{1,2}),? ([0-9]{4})")
_ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO_START: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].+")
_EXCEL_DAY_ZERO: Final = dt.date(1899, 12, 30)
_EXCEL_DAYS: Final = range(61, 73_051)  # 1900-03-01 to 2099-12-31
_YEAR_DIGITS: Final = 4
_MONTHS: Final = (
    ("jan", "ene", "янв"),
    ("feb", "fév", "fev", "фев"),
    ("mar", "mär", "mrz", "мар"),
    ("apr", "abr", "avr", "апр"),
    ("may", "mai", "май", "мая"),
    ("jun", "juin", "июн"),
    ("jul", "juil", "июл"),
    ("aug", "ago", "aoû", "авг"),
    ("sep", "сен"),
    ("oct", "okt", "окт"),
    ("nov", "ноя"),
    ("dec", "dez", "dic", "déc", "дек"),
)
"""Beginnings of the names of the months in the languages that registers are kept in."""


def date_hint(value: object) -> str:
    """Return the day that was meant, in ISO form, or both where day and month could be either."""
    if isinstance(value, int | Decimal):
        return _excel_day(value)
    if not isinstance(value, str):
        return ""
    text = value.strip()
    if _ISO_START.fullmatch(text) and (days := list(_days([_parts(text[:10])]))):
        return Sentence("Write {meant}: the day alone.", meant=days[0].isoformat())
    plain = as_digits(text)
    meant = sorted(set(_days(_readings(text))) or set(_days(_readings(plain))))
    if len(meant) > 1:
        known = Listed((day.isoformat() for day in meant), "or")
        return Sentence("Write {days}, whichever is meant: year-month-day.", days=known)
    if meant:
        return Sentence("Did you mean {guess}?", guess=meant[0].isoformat())
    return _no_such_day(plain) or _short_year(plain) or _excel_text(plain) or empty_hint(text)


def _excel_day(value: int | Decimal) -> str:
    if isinstance(value, bool) or value not in _EXCEL_DAYS:
        return ""
    day = _EXCEL_DAY_ZERO + dt.timedelta(days=int(value))
    return Sentence("If it is Excel's number of a day, write {meant}.", meant=day.isoformat())


def _excel_text(text: str) -> str:
    return _excel_day(int(text)) if re.fullmatch(r"[0-9]{5}", text) else ""


def _no_such_day(text: str) -> str:
    """Return how many days the month has, for a day after its last."""
    found = _ISO_DAY.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= len(_MONTHS) or found[1] == "0000":
        return ""
    last = calendar.monthrange(int(found[1]), int(found[2]))[1]
    if int(found[3]) <= last:
        return ""
    return Sentence(
        "There is no such day: the month {month} has {days}.",
        month=f"{found[1]}-{found[2]}",
        days=Counted(last, "day"),
    )


def _short_year(text: str) -> str:
    """Return the day or days that were meant by one whose year has two digits."""
    found = _SHORT_YEAR.fullmatch(text)
    if not found:
        return ""
    first, second, year = int(found[1]), int(found[2]), 2000 + int(found[3])
    meant = sorted(set(_days([(year, second, first), (year, first, second)])))
    known = Listed((day.isoformat() for day in meant), "or")
    return Sentence("Write {days}: the year with four digits.", days=known) if meant else ""


def moment_hint(value: object) -> str:
    """Return the moment that was meant by a day alone, or by one without its zone."""
    if not isinstance(value, str):
        return ""
    text = value.strip().replace(" ", "T")
    days = list(_days([_parts(text[:10])])) if _ISO_DAY.fullmatch(text[:10]) else []
    if days and len(text) == len("2017-12-31"):
        return Sentence("Did you mean {guess}?", guess=f"{days[0]}T00:00:00Z")
    with contextlib.suppress(ValueError):
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            written = f"{moment.isoformat()}Z"
            return Sentence("Write {meant}, if the time is that of Greenwich.", meant=written)
    return empty_hint(value)


def _readings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day in the orders that the text can be read in."""
    found = _THREE_PARTS.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text) or _EAST_ASIAN.fullmatch(text)
    if found:
        first, second, third = map(int, found.groups())
        if len(found[1]) == _YEAR_DIGITS:
            yield first, second, third
        elif len(found[3]) == _YEAR_DIGITS:
            yield third, second, first
            yield third, first, second
    elif named := _DAY_FIRST.fullmatch(text):
        yield int(named[3]), _month(named[2]), int(named[1])
    elif named := _MONTH_FIRST.fullmatch(text):
        yield int(named[3]), _month(named[1]), int(named[2])


def _month(name: str) -> int:
    """Return the number of a month in letters; 0 where no month is called like that."""
    folded = name.casefold()
    return next((number for number, known in enumerate(_MONTHS, 1) if folded.startswith(known)), 0)


def _parts(iso: str) -> tuple[int, int, int]:
    year, month, day = map(int, iso.split("-"))
    return year, month, day


def _days(readings: Iterable[tuple[int, int, int]]) -> Iterator[dt.date]:
    for year, month, day in readings:
        with contextlib.suppress(ValueError):
            yield dt.date(year, month, day)
