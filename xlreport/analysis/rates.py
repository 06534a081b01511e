"""Turn amounts in many currencies into one base currency, exactly, at rates that can be named.

A rate says in which direction it is quoted; a rate between two currencies of which neither is the
table's base is crossed through that base. Every amount is multiplied and divided exactly and rounded
once, half to even, to the minor unit of its new currency. An amount without a rate is never guessed:
it stays unconverted, and the reason is given.
"""

import datetime as dt
import enum
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_05UP, ROUND_HALF_EVEN, Context, Decimal
from functools import reduce
from statistics import median_low
from typing import Final

from xlreport.analysis.currencies import minor_units
from xlreport.errors import UsageError
from xlreport.findings import Finding
from xlreport.language import ENGLISH, Language, key
from xlreport.text import did_you_mean, listing, nearest

__all__ = [
    "EXACT",
    "AppliedRate",
    "Converted",
    "Converter",
    "NoRate",
    "Quotation",
    "Rate",
    "RatePolicy",
    "RateSeries",
    "RateTable",
    "multiplied",
    "rate_problems",
    "rate_table",
]

_ONE = Decimal(1)
_SHOWN = Context(prec=40, rounding=ROUND_HALF_EVEN)
"""For the rate as it is shown; amounts are worked out from the exact fraction behind it."""
EXACT = Context(prec=120, rounding=ROUND_05UP)
"""Wide enough for every product; ROUND_05UP keeps a quotient fit to be rounded once more, correctly."""
_ROUND_ONCE = Context(prec=120, rounding=ROUND_HALF_EVEN)


class Quotation(enum.StrEnum):
    """Which way a rate is quoted."""

    UNITS_PER_BASE = "units-per-base"
    """112 JPY for one USD, where USD is the table's base."""
    BASE_PER_UNIT = "base-per-unit"
    """1.13 USD for one EUR."""


class RatePolicy(enum.StrEnum):
    """Which rate applies to an amount."""

    SIGNING_DATE = "signingDate"
    """The latest rate on or before the amount's own date."""
    PERIOD_AVERAGE = "periodAverage"
    """The mean of the rates within the period, as they are quoted."""
    PERIOD_END = "periodEnd"
    """The latest rate on or before the period's last day."""
    FIXED = "fixed"
    """The latest rate on or before one named date."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate between a currency and the table's base."""

    currency: str
    date: dt.date
    rate: Decimal
    quotation: Quotation


@dataclass(frozen=True, slots=True)
class RateSeries:
    """All rates of one currency, the earliest first, quoted the same way."""

    quotation: Quotation
    dates: tuple[dt.date, ...]
    rates: tuple[Decimal, ...]

    @property
    def usual_gap(self) -> int:
        """Days from one rate to the next, as a rule (the median); 0 where there is one rate only."""
        gaps = [(later - earlier).days for earlier, later in zip(self.dates, self.dates[1:], strict=False)]
        return median_low(gaps) if gaps else 0


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates of several currencies against one base."""

    base: str
    series: Mapping[str, RateSeries]
    source: str = ""
    """Name of the file that the rates were read from."""
    sha256: str = ""
    """SHA-256 of that file's bytes."""
    findings: tuple[Finding, ...] = ()
    """What reading found, such as names that no currency is known for."""


@dataclass(frozen=True, slots=True)
class AppliedRate:
    """A rate as it is applied: units of the new currency for one unit of the old."""

    rate: Decimal
    """To 40 digits, for show and for the record."""
    numerator: Decimal
    """The exact rate is ``numerator / denominator``."""
    denominator: Decimal
    first_date: dt.date | None = None
    """Date of the earliest rate that it is made of; None where no rate was needed."""
    last_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NoRate:
    """Why there is no rate, in half a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in its new currency."""

    amount: Decimal
    """Rounded once, half to even, to the minor unit."""
    currency: str
    rate: Decimal
    first_date: dt.date | None
    last_date: dt.date | None
    source: str


def rate_table(base: str, rates: Iterable[Rate], *, source: str = "", sha256: str = "") -> RateTable:
    """Arrange ``rates`` by currency and date; UsageError with every sentence of `rate_problems`."""
    listed = list(rates)
    problems = [sentence for _, sentence in rate_problems(base, listed)]
    if problems:
        raise UsageError("\n".join(problems))
    grouped: dict[str, list[Rate]] = {}
    for rate in sorted(listed, key=lambda rate: (rate.currency, rate.date)):
        grouped.setdefault(rate.currency, []).append(rate)
    return RateTable(base, {currency: _series(dated) for currency, dated in grouped.items()}, source, sha256)


def rate_problems(base: str, rates: Iterable[Rate]) -> Iterator[tuple[int, str]]:
    """Yield the 0-based position of each rate that a table cannot hold, with a sentence that says why."""
    seen: set[tuple[str, dt.date]] = set()
    quoted: dict[str, Quotation] = {}
    for position, rate in enumerate(rates):
        where = f"The rate of {rate.currency} on {rate.date}"
        if not rate.rate.is_finite() or rate.rate <= 0:
            yield position, f"{where} is {rate.rate}; a rate is a number above zero."
        if rate.currency == base:
            yield position, f"{where} is against itself; the rates of a table are against its base."
        if (rate.currency, rate.date) in seen:
            yield position, f"{where} is given twice; keep one of the two."
        if quoted.setdefault(rate.currency, rate.quotation) is not rate.quotation:
            yield position, f"{where} is quoted {rate.quotation}, unlike the one before."
        seen.add((rate.currency, rate.date))


def _series(rates: Sequence[Rate]) -> RateSeries:
    dates = tuple(rate.date for rate in rates)
    return RateSeries(rates[0].quotation, dates, tuple(rate.rate for rate in rates))


@dataclass(frozen=True, slots=True)
class Converter:
    """Converts amounts into one currency under one policy; keeps each rate that it has looked up."""

    table: RateTable | None
    """None where every amount is in the new currency already."""
    to: str = "USD"
    policy: str = RatePolicy.SIGNING_DATE
    """One of `RatePolicy`."""
    period: tuple[dt.date, dt.date] | None = None
    """First and last day; periodAverage and periodEnd need it."""
    fixed_date: dt.date | None = None
    """The policy ``fixed`` needs it."""
    max_age_days: int | None = 31
    """How old the latest rate may be: 31 fits daily and monthly tables, 366 annual ones; None is any age."""
    language: Language = ENGLISH
    """That of the reasons why there is no rate."""
    _known: dict[tuple[str | None, dt.date | None], AppliedRate | NoRate] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _crossed: dict[tuple[object, ...], AppliedRate] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Many days share a rate, so there is one object for each."""

    def __post_init__(self) -> None:
        """Refuse a policy that is unknown or lacks the dates that it needs."""
        object.__setattr__(self, "policy", _policy(self.policy))
        if self.policy in {RatePolicy.PERIOD_AVERAGE, RatePolicy.PERIOD_END} and self.period is None:
            message = f"The rate policy '{self.policy}' needs a period: give its first and last day."
            raise UsageError(message)
        if self.policy == RatePolicy.FIXED and self.fixed_date is None:
            message = "The rate policy 'fixed' needs the date whose rates apply: give a fixed date."
            raise UsageError(message)

    def rate(self, currency: str | None, on: dt.date | None) -> AppliedRate | NoRate:
        """Return the rate for an amount in ``currency`` of the day ``on``, or why there is none."""
        key = (currency, on if self.policy == RatePolicy.SIGNING_DATE else None)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _applied(self, *key)
        return found

    def convert(self, amount: Decimal, currency: str | None, on: dt.date | None) -> Converted | None:
        """Convert one amount of the day ``on``; None where there is no rate (`rate` says why)."""
        rate = self.rate(currency, on)
        if isinstance(rate, NoRate):
            return None
        converted = multiplied(amount, rate, _quantum(self.to))
        source = self.table.source if self.table and rate.last_date else ""
        return Converted(converted, self.to, rate.rate, rate.first_date, rate.last_date, source)


def _policy(policy: str) -> RatePolicy:
    try:
        return RatePolicy(policy)
    except ValueError:
        known = [known.value for known in RatePolicy]
        choice = f"choose {listing(known, 'or')}{did_you_mean(policy, known) or '.'}"
        message = f"The rate policy '{policy}' is not known; {choice}"
        raise UsageError(message) from None


def _quantum(currency: str) -> Decimal:
    return _ONE.scaleb(-minor_units(currency))


def multiplied(amount: Decimal, rate: AppliedRate, quantum: Decimal) -> Decimal:
    """Return an amount at a rate, rounded once, half to even, to a multiple of ``quantum``."""
    exact = EXACT.multiply(amount, rate.numerator)
    if rate.denominator != _ONE:
        exact = EXACT.divide(exact, rate.denominator)
    rounded = exact.quantize(quantum, context=_ROUND_ONCE)
    return rounded or abs(rounded)  # minus nothing is nothing


# --- from policy to rate ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Leg:
    """The base currency for one unit of another: numerator / denominator."""

    numerator: Decimal
    denominator: Decimal
    first_date: dt.date | None = None
    last_date: dt.date | None = None


def _applied(converter: Converter, currency: str | None, on: dt.date | None) -> AppliedRate | NoRate:
    if not currency:
        return NoRate(converter.language.text("no currency is stated"))
    if currency == converter.to:
        return AppliedRate(_ONE, _ONE, _ONE)
    if converter.table is None:
        return NoRate(converter.language.text("there is no rates table"))
    given = _leg(converter, converter.table, currency, on)
    if isinstance(given, NoRate):
        return given
    wanted = _leg(converter, converter.table, converter.to, on)
    if isinstance(wanted, NoRate):
        return wanted
    key = (currency, given.first_date, given.last_date, wanted.first_date, wanted.last_date)
    found = converter._crossed.get(key)  # noqa: SLF001  # this function is the converter's own
    if found is None:
        found = converter._crossed[key] = _crossed(given, wanted)  # noqa: SLF001
    return found


def _crossed(given: _Leg, wanted: _Leg) -> AppliedRate:
    numerator = EXACT.multiply(given.numerator, wanted.denominator)
    denominator = EXACT.multiply(given.denominator, wanted.numerator)
    dates = [date for leg in (given, wanted) for date in (leg.first_date, leg.last_date) if date]
    return AppliedRate(_SHOWN.divide(numerator, denominator), numerator, denominator, min(dates), max(dates))


def _leg(converter: Converter, table: RateTable, currency: str, on: dt.date | None) -> _Leg | NoRate:
    if currency == table.base:
        return _Leg(_ONE, _ONE)
    series = table.series.get(currency)
    if series is None:
        return NoRate(_unknown(table, currency, converter.language))
    if converter.policy == RatePolicy.PERIOD_AVERAGE and converter.period:
        return _average(series, currency, converter.period, converter.language)
    day = _day(converter, on)
    return _latest(series, currency, day, converter) if day else NoRate(converter.language.text(_NO_DATE))


_NO_DATE: Final = key("no date is stated")


def _day(converter: Converter, on: dt.date | None) -> dt.date | None:
    if converter.policy == RatePolicy.SIGNING_DATE:
        return on
    if converter.policy == RatePolicy.PERIOD_END and converter.period:
        return converter.period[1]
    return converter.fixed_date


def _unknown(table: RateTable, currency: str, language: Language) -> str:
    names = [table.base, *table.series]
    source, guess = table.source or language.text("the rates table"), nearest(currency, names)
    if guess:
        sentence = key("{source} has no rate for '{currency}'; did you mean '{guess}'?")
        return language.text(sentence, source=source, currency=currency, guess=guess)
    sentence = key("{source} has no rate for '{currency}'; it has {currencies}")
    return language.text(sentence, source=source, currency=currency, currencies=language.listing(names))


def _latest(series: RateSeries, currency: str, day: dt.date, converter: Converter) -> _Leg | NoRate:
    position, language, most = bisect_right(series.dates, day) - 1, converter.language, converter.max_age_days
    if position < 0:
        first = language.forms.day(series.dates[0])
        return NoRate(
            language.text("the first rate for {currency} is of {day}", currency=currency, day=first)
        )
    found = series.dates[position]
    if most is not None and (day - found).days > most:
        return NoRate(_too_old(series, currency, most, language))
    return _quoted(series, series.rates[position], 1, found, found)


def _too_old(series: RateSeries, currency: str, max_age_days: int, language: Language) -> str:
    reason = language.text(
        "the latest rate for {currency} is more than {days} older",
        currency=currency,
        days=language.count(max_age_days, "day"),
    )
    gap = series.usual_gap
    if gap <= max_age_days:
        return reason
    advice = key("{reason}; its rates come about every {gap} days, so allow {days}")
    return language.text(advice, reason=reason, gap=gap, days=gap + 1)


def _average(
    series: RateSeries, currency: str, period: tuple[dt.date, dt.date], language: Language
) -> _Leg | NoRate:
    start, end = period
    inside = slice(bisect_left(series.dates, start), bisect_right(series.dates, end))
    dates, rates = series.dates[inside], series.rates[inside]
    if not rates:
        span = language.span(start, end)
        return NoRate(
            language.text("there is no rate for {currency} from {span}", currency=currency, span=span)
        )
    return _quoted(series, reduce(EXACT.add, rates), len(rates), dates[0], dates[-1])


def _quoted(series: RateSeries, total: Decimal, count: int, first: dt.date, last: dt.date) -> _Leg:
    """Return the leg of the mean rate ``total / count``, turned the way the series is quoted."""
    if series.quotation is Quotation.BASE_PER_UNIT:
        return _Leg(total, Decimal(count), first, last)
    return _Leg(Decimal(count), total, first, last)
