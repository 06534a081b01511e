"""The days that a date can be: those that its pattern allows and Excel knows."""

import datetime as dt
import re
from functools import cache
from typing import Final

__all__ = ["FIRST_DAY", "days_of"]

FIRST_DAY: Final = dt.date(1900, 3, 1)
"""Before it Excel counts a 29 February 1900 that never was."""
_LAST_DAY: Final = dt.date(9999, 12, 31)


@cache
def days_of(patterns: tuple[str, ...]) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that the patterns of a date allow; all that Excel knows if unclear.

    A pattern speaks of years or it is not understood: it has to say the same of all days of a year, and the
    years that it allows have to follow one another.
    """
    first, last = FIRST_DAY, _LAST_DAY
    try:
        compiled = [re.compile(pattern) for pattern in patterns]
    except re.error:
        return first, last
    allowed = []
    for year in range(first.year, last.year + 1) if patterns else ():
        days = [f"{year}-{month:02}-{day}" for month in (1, 2, 6, 9, 12) for day in ("01", "15", "28")]
        fitting = [day for day in days if all(pattern.search(day) for pattern in compiled)]
        if fitting and len(fitting) < len(days):
            return first, last
        allowed += [year] if fitting else []
    if not allowed or len(allowed) != allowed[-1] - allowed[0] + 1:
        return first, last
    return max(first, dt.date(allowed[0], 1, 1)), dt.date(allowed[-1], 12, 31)
