"""Reporting periods: the current one, those before it, and the one that a date falls in."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from xlreport.errors import UsageError

__all__ = ["Period", "covering", "parse_period"]

_YEAR: Final = re.compile(r"[0-9]{4}")
_SPAN: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")
_YEAR_MONTHS: Final = 12
_FIRST_DAY: Final = dt.date(1000, 1, 1)
_LAST_DAY: Final = dt.date(9000, 12, 31)
_MOST_PERIODS: Final = 200
"""A stray date in the year 1 must not become two thousand periods."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included."""

    start: dt.date
    end: dt.date
    span: str = "{start} to {end}"
    """How the language of the report writes a span, for the label."""

    @property
    def label(self) -> str:
        """``2017`` for a calendar year, ``2016/17`` for another twelve months, else both dates."""
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31):
            first, last = f"{self.start.year:04}", f"{self.end.year:04}"
            return first if first == last else self.span.format(start=first, end=last)
        if self._months() == _YEAR_MONTHS:
            return f"{self.start.year:04}/{self.end.year % 100:02}"
        return self.span.format(start=self.start, end=self.end)

    def before(self, steps: int = 1) -> "Period":
        """Return the period of the same length ``steps`` before this one (after it, if negative)."""
        months = self._months()
        if months:
            # both ends from the same anchor, so that consecutive periods leave no day out
            after = add_months(self.start, -months * (steps - 1))
            return replace(self, start=add_months(self.start, -months * steps), end=after - dt.timedelta(1))
        days = (self.end - self.start).days + 1
        shift = dt.timedelta(days * steps)
        return replace(self, start=self.start - shift, end=self.end - shift)

    def history(self, periods: int) -> "tuple[Period, ...]":
        """Return ``periods`` periods in ascending order, this one last."""
        return tuple(self.before(steps) for steps in range(periods - 1, -1, -1))

    def lookback_start(self, years: int) -> dt.date:
        """Return the first day of the ``years`` years before the period."""
        return add_months(self.start, -12 * years)

    def year_after_end(self) -> dt.date:
        """Return the day one year after the last one."""
        end_of_month = add_months(self.end + dt.timedelta(1), _YEAR_MONTHS) - dt.timedelta(1)
        return max(add_months(self.end, _YEAR_MONTHS), end_of_month)

    def _months(self) -> int:
        """Return the length in months, or 0 where it is no whole number of months."""
        after = self.end + dt.timedelta(1)
        months = (after.year - self.start.year) * 12 + after.month - self.start.month
        return months if months > 0 and add_months(self.start, months) == after else 0


_NO_PERIOD: Final = Period(dt.date.max, dt.date.min)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the day ``months`` later, the last of the month where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_period(text: str, latest: dt.date | None) -> Period:
    """Return the period that ``text`` names: ``latest``, a year, or two dates with ``..`` between.

    ``latest`` is the calendar year of the day given. UsageError where the text is none of these.
    """
    if text == "latest":
        if latest is None:
            message = "period 'latest': the data has no date to go by; name the year, such as 2017."
            raise UsageError(message)
        return _year(latest.year)
    span = _SPAN.fullmatch(text)
    try:
        if _YEAR.fullmatch(text):
            period = _year(int(text))
        else:
            days = [dt.date.fromisoformat(part) for part in span.groups()] if span else []
            period = Period(days[0], days[1]) if days else _NO_PERIOD
    except ValueError:
        period = _NO_PERIOD
    if period.start > period.end:
        message = f"period '{text}': give a year (2017), or two dates in order (2016-07-01..2017-06-30)."
        raise UsageError(message)
    if period.start < _FIRST_DAY or period.end > _LAST_DAY:
        message = f"period '{text}': a report is about days from {_FIRST_DAY} to {_LAST_DAY}."
        raise UsageError(message)
    return period


def _year(year: int) -> Period:
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))


def covering(period: Period, dates: Iterable[dt.date | None]) -> tuple[Period, ...]:
    """Return consecutive periods, ``period`` among them, that cover ``dates`` as far as is sensible."""
    days = [day for day in dates if day is not None]
    first, last = min([*days, period.start]), max([*days, period.end])
    earlier = later = 0
    while period.before(earlier).start > max(first, _FIRST_DAY) and earlier < _MOST_PERIODS - 1:
        earlier += 1
    while period.before(-later).end < min(last, _LAST_DAY) and later < _MOST_PERIODS - 1:
        later += 1
    # of the two ends the one that runs away is cut, and its stray dates are "before" or "after"
    if earlier > later:
        earlier = min(earlier, _MOST_PERIODS - 1 - later)
    later = min(later, _MOST_PERIODS - 1 - earlier)
    return tuple(period.before(steps) for steps in range(earlier, -later - 1, -1))
