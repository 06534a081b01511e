"""Turn a seed number into invented month-end exchange rates of a plausible size."""

import calendar
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from xlreport.analysis.rates import Quotation, Rate, RateTable, rate_table
from xlreport.sample.draws import below, stream

__all__ = ["BASE", "rates_csv", "sample_rates"]

BASE = "USD"
_STREAM = 1

_YEAR_ENDS = {
    # from the end of 2011 to the end of 2018; the table stops in January 2018
    "EUR": (Quotation.BASE_PER_UNIT, "1.2960 1.3190 1.3760 1.2130 1.0890 1.0540 1.1990 1.1450"),
    "KWD": (Quotation.BASE_PER_UNIT, "3.5900 3.5500 3.5400 3.4200 3.2900 3.2700 3.3100 3.2900"),
    "AED": (Quotation.UNITS_PER_BASE, "3.6725 3.6725 3.6725 3.6725 3.6725 3.6725 3.6725 3.6725"),
    "BRL": (Quotation.UNITS_PER_BASE, "1.8700 2.0500 2.3600 2.6600 3.9000 3.2500 3.3100 3.8800"),
    "CNY": (Quotation.UNITS_PER_BASE, "6.3000 6.2300 6.0600 6.2100 6.4900 6.9500 6.5100 6.8800"),
    "INR": (Quotation.UNITS_PER_BASE, "53.100 54.900 61.800 63.200 66.200 67.900 63.900 69.800"),
    "VND": (Quotation.UNITS_PER_BASE, "21030 20840 21100 21390 22480 22760 22710 23195"),
    "ZAR": (Quotation.UNITS_PER_BASE, "8.1000 8.4700 10.500 11.570 15.500 13.700 12.300 14.400"),
}
_PEGGED = "AED"


def sample_rates(seed: int) -> RateTable:
    """Return the rates of each month's last day from December 2011 to January 2018."""
    rng = stream(seed, _STREAM)
    rates: list[Rate] = []
    for currency, (quotation, year_ends) in _YEAR_ENDS.items():
        for date, rate in zip(_month_ends(), _steps(year_ends), strict=False):
            # up to 1.5 % to either side of the straight line between the year ends
            noise = 0 if currency == _PEGGED else below(rng, 301) - 150
            moved = rate * (10_000 + noise) / 10_000
            rates.append(Rate(currency, date, moved.quantize(_last_place(year_ends)), quotation))
    return rate_table(BASE, rates, source="rates.csv")


def _last_place(year_ends: str) -> Decimal:
    return Decimal(1).scaleb(min(_exponent(word) for word in year_ends.split()))


def _exponent(number: str) -> int:
    return -len(number.partition(".")[2])


def _month_ends() -> Iterator[dt.date]:
    for month in range(2011 * 12 + 11, 2018 * 12 + 1):
        year, zero_based = divmod(month, 12)
        yield dt.date(year, zero_based + 1, calendar.monthrange(year, zero_based + 1)[1])


def _steps(year_ends: str) -> Iterator[Decimal]:
    """Yield twelve steps from each year's end to the next."""
    for start, end in pairwise(Decimal(word) for word in year_ends.split()):
        for month in range(12):
            yield start + (end - start) * month / 12


def rates_csv(table: RateTable) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of the rates file: heading, then date, from, to, rate."""
    yield "date", "from", "to", "rate"
    for currency, series in table.series.items():
        way = (currency, BASE) if series.quotation is Quotation.BASE_PER_UNIT else (BASE, currency)
        for date, rate in zip(series.dates, series.rates, strict=True):
            yield date.isoformat(), *way, str(rate)
