"""Turn a seed number into the outlines of contracts: who, when, what kind, what became of it, how large.

The outlines are drawn twice, the same both times: first to learn their sums, then to write them with
values that add up to the totals wanted. So a register of any size is made without holding it.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from xlreport.sample.draws import Weighted, below, chance, mixed, stream
from xlreport.sample.markets import (
    FIRST_YEAR,
    LAST_YEAR,
    MARKETS,
    NEW_FORMS,
    YEARS,
    Market,
    currencies_of,
    forms_of,
    is_open,
)
from xlreport.sample.partners import Customer, Roster

__all__ = ["AS_OF", "Outline", "Sums", "outlines", "sums_of"]

AS_OF = dt.date(LAST_YEAR, 12, 31).toordinal()
"""The day on which the register stands as it is written; days are proleptic ordinals here."""

_STREAM = 3
_SHARES = {2012: 14, 2013: 15, 2014: 16, 2015: 17, 2016: 18, 2017: 20}
"""Percent of the contracts signed in each year."""
_KINDS = Weighted(
    ("framework", "callOff", "supplement", "intergovernmental", "commercial"), (5, 35, 10, 11, 39)
)
_FATES = Weighted(("cancelled", "terminated", "lapsed", "completed"), (45, 25, 10, 920))
_SHORT_FORMS = ("spares", "maintenance", "training", "lease")
_NEW_YEAR = dt.date(LAST_YEAR, 1, 1).toordinal()


class Outline(NamedTuple):
    """A contract before its details."""

    id: str
    number: str
    customer: Customer
    kind: str
    """The type of agreement."""
    parent: str
    """Id of its framework or main contract, or an empty string."""
    form: str
    currency: str
    signed: int
    in_force: int | None
    start: int
    end: int
    status: str
    closed: int | None
    """The day of completion, cancellation, termination or lapse."""
    weight: int
    """Its size against the other contracts of its year."""
    contributors: int

    @property
    def year(self) -> int:
        """The year of signing."""
        return dt.date.fromordinal(self.signed).year

    @property
    def firm(self) -> bool:
        """Whether it counts in the signed value: no framework, and not cancelled in its year of signing."""
        cancelled = self.status == "cancelled" and self.closed and self.closed <= _last_day(self.year)
        return self.kind != "framework" and not cancelled

    @property
    def active_in_last_year(self) -> bool:
        """Whether it was open at some time in the last year."""
        return self.closed is None or self.closed >= _NEW_YEAR

    @property
    def long_closed(self) -> bool:
        """Whether both its closing and the end of its period are before the last year."""
        return not self.active_in_last_year and self.end < _NEW_YEAR


@dataclass(frozen=True, slots=True)
class Sums:
    """What all outlines add up to, by year of signing."""

    weights: dict[int, int] = field(default_factory=lambda: dict.fromkeys(YEARS, 0))
    """Weights of the contracts that count in the signed value."""
    contributors: dict[int, int] = field(default_factory=lambda: dict.fromkeys(YEARS, 0))


def sums_of(drawn: Iterator[Outline]) -> Sums:
    """Add up the outlines."""
    sums = Sums()
    for outline in drawn:
        year = outline.year
        sums.weights[year] += outline.weight if outline.firm else 0
        sums.contributors[year] += outline.contributors
    return sums


def outlines(seed: int, contracts: int, roster: Roster) -> Iterator[Outline]:
    """Yield the outlines in order of signing; the same ones for the same arguments."""
    rng = stream(seed, _STREAM)
    history = _History()
    before = 0
    for year in YEARS:
        share = sum(_SHARES[earlier] for earlier in range(FIRST_YEAR, year + 1))
        count = contracts * share // 100 - before
        business = _business(rng, year, range(before, before + count), roster)
        for place in range(count):
            yield _outline(rng, business, history, place)
        before += count


# --- who buys ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Business:
    """One year's buyers, and what each market buys with."""

    year: int
    serials: range
    """0-based positions in the register of the contracts to sign."""
    crew: tuple[int, int]
    """The least and the most contributors of a contract."""
    markets: Weighted[Market]
    customers: Mapping[str, Sequence[Customer]]
    """Country code -> customers that buy in the year."""
    forms: Mapping[str, Weighted[str]]
    currencies: Mapping[str, Weighted[str]]
    certain: Mapping[int, Customer]
    """Position in the year -> the customer that signs there for certain."""


def _business(rng: random.Random, year: int, serials: range, roster: Roster) -> _Business:
    markets = [market for market in MARKETS if is_open(market, year)]
    customers = {market.code: _buyers(roster.customers, market, year) for market in markets}
    return _Business(
        year,
        serials,
        roster.crew,
        Weighted(markets, (market.weight for market in markets)),
        customers,
        {market.code: forms_of(market, year) for market in markets},
        {market.code: currencies_of(market) for market in markets},
        _certain(rng, len(serials), list(customers.values())),
    )


def _certain(rng: random.Random, count: int, customers: Sequence[Sequence[Customer]]) -> dict[int, Customer]:
    """Spread one sure contract of each customer over the year; where room is short, one of each country."""
    first = [buyers[0] for buyers in customers]
    further = [buyer for buyers in customers for buyer in buyers[1:]]
    room = min(max(len(first), count * 7 // 10), count)
    chosen = [*first, *mixed(rng, further)][:room]
    places = (place * count // len(chosen) for place in range(len(chosen)))
    return dict(zip(places, mixed(rng, chosen), strict=True))


def _buyers(customers: Sequence[Customer], market: Market, year: int) -> list[Customer]:
    place = year - FIRST_YEAR
    return [customer for customer in customers if customer.market == market and customer.years[place] == "1"]


# --- what is agreed ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _History:
    """What further contracts can refer to: the latest framework and main contract of each customer."""

    frameworks: dict[str, str] = field(default_factory=dict)
    mains: dict[str, str] = field(default_factory=dict)


def _outline(rng: random.Random, business: _Business, history: _History, place: int) -> Outline:
    certain = business.certain.get(place)
    customer = certain or _any_customer(rng, business)
    id_ = f"C-{business.serials[place] + 1:07}"
    kind, parent = _kind(rng, customer, history, id_, certain=certain is not None)
    form = _form(rng, business, customer, certain=certain is not None)
    signed = _signed(rng, business, place)
    in_force, start, end = _term(rng, signed, form)
    status, closed = _fate(rng, (signed, in_force, end), kind, certain=certain is not None)
    began = in_force <= min(AS_OF, closed or AS_OF) and status != "lapsed"
    return Outline(
        id_,
        f"{business.year}/{place + 1:05}",
        customer,
        kind,
        parent,
        form,
        business.currencies[customer.market.code].pick(rng),
        signed,
        in_force if began else None,
        start,
        end,
        status if began or closed else "pending",
        closed,
        _weight(rng, customer.market, form, kind),
        _contributors(rng, business.crew) if kind != "framework" else 0,
    )


def _any_customer(rng: random.Random, business: _Business) -> Customer:
    buyers = business.customers[business.markets.pick(rng).code]
    return buyers[below(rng, len(buyers))]


def _form(rng: random.Random, business: _Business, customer: Customer, *, certain: bool) -> str:
    """Return a form of cooperation; a market's first customer is sure to use the market's new one."""
    code = customer.market.code
    form = business.forms[code].pick(rng)
    sure = certain and business.year == LAST_YEAR and customer == business.customers[code][0]
    return NEW_FORMS.get(code, form) if sure else form


def _kind(
    rng: random.Random, customer: Customer, history: _History, id_: str, *, certain: bool
) -> tuple[str, str]:
    """Return the type of agreement, and the contract that it belongs to."""
    kind = _KINDS.pick(rng)
    framework, main = history.frameworks.get(customer.id, ""), history.mains.get(customer.id, "")
    if kind == "framework" and not certain:
        history.frameworks[customer.id] = id_
        return kind, ""
    if kind == "callOff" and framework:
        return "commercial", framework
    if kind == "supplement" and main:
        return kind, main
    history.mains[customer.id] = id_
    return (kind if kind == "intergovernmental" else "commercial"), ""


def _weight(rng: random.Random, market: Market, form: str, kind: str) -> int:
    """Return a size: many small contracts, few large ones, larger in larger markets."""
    size = 1_000 // (below(rng, 1_000) + 60) + 1
    factor = 3 if form in _SHORT_FORMS or kind == "supplement" else 12
    return size * size * factor * (10 + market.weight) * (100 + below(rng, 100))


def _contributors(rng: random.Random, crew: tuple[int, int]) -> int:
    least, most = crew
    part = rng.random()
    return least + int((most + 1 - least) * part * part * part * part)


# --- when, and what becomes of it -------------------------------------------------------------------


@cache
def _last_day(year: int) -> int:
    return dt.date(year, 12, 31).toordinal()


def _signed(rng: random.Random, business: _Business, place: int) -> int:
    before = _last_day(business.year - 1)
    days = _last_day(business.year) - before
    return before + 1 + int((place + rng.random()) * days / len(business.serials))


def _term(rng: random.Random, signed: int, form: str) -> tuple[int, int, int]:
    """Return the day of coming into force, and the first and last day of the contract."""
    in_force = signed + below(rng, 100)
    start = in_force + below(rng, 15)
    days = 180 + below(rng, 500) if form in _SHORT_FORMS else 400 + below(rng, 1_500)
    return in_force, start, start + days


def _fate(
    rng: random.Random, days: tuple[int, int, int], kind: str, *, certain: bool
) -> tuple[str, int | None]:
    """Return the status as the register stands, and the day on which the contract was closed.

    A sure contract is never cancelled or lapsed, and a framework only cancelled or completed.
    """
    signed, in_force, end = days
    fate = _FATES.pick(rng)
    delay = 5 + below(rng, 180) if chance(rng, 25) else -below(rng, 20)
    status, closed = "completed", end if kind == "framework" else end + delay
    if fate == "cancelled" and not certain:
        status, closed = fate, signed + 15 + below(rng, 300)
    elif fate == "terminated" and kind != "framework":
        status, closed = fate, in_force + 90 + below(rng, end - in_force - 100)
    elif fate == "lapsed" and kind != "framework" and not certain:
        status, closed = fate, signed + 365
    return (status, closed) if closed <= AS_OF else ("active", None)
