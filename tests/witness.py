"""The figures of the annual results once more, from the files and the definitions alone: the rows.

Nothing of xlreport is imported in the witness. The files of a register (``contracts.ndjson``,
``partners.csv`` and ``rates.csv``, as ``xlreport sample`` writes them) and the table of regions are read
with the standard library, and every figure is worked out as its definition in the report reads: with
fractions instead of decimals, with loops instead of queries. What both agree on is hardly wrong in both.

Here the files become rows; `witness_figures` makes figures of them, and `witness_pivots` pivots.
"""

import csv
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace as Row
from typing import Any

REGIONS = Path(__file__).parents[1] / "workbooks" / "regions.csv"

MINOR_UNITS = {"USD": 2, "EUR": 2, "VND": 0, "KWD": 3}
OLDEST_RATE = dt.timedelta(31)
CLOSED = ("completed", "cancelled", "terminated", "lapsed")
MOVEMENTS = ("Signed", "Amended", "Delivered", "Cancelled or closed")

Days = tuple[dt.date, dt.date]
"""First and last day of a period."""


@dataclass(frozen=True)
class Settings:
    """What a run is made with."""

    start: dt.date = dt.date(2017, 1, 1)
    end: dt.date = dt.date(2017, 12, 31)
    base: str = "USD"
    policy: str = "signingDate"
    fixed: dt.date | None = None
    lookback: int = 3
    history: int = 6
    top: int = 20


# --- reading ----------------------------------------------------------------------------------------


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def read_contracts(folder: Path) -> list[dict[str, Any]]:
    with (folder / "contracts.ndjson").open(encoding="utf-8") as lines:
        return [json.loads(line, parse_float=Decimal) for line in lines]


def read_partners(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "partners.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def read_regions() -> dict[str, dict[str, str]]:
    with REGIONS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def read_rates(folder: Path) -> dict[str, list[tuple[dt.date, Fraction, bool]]]:
    """Return currency -> (day, rate, whether the rate is in dollars per unit), the earliest first."""
    rates = defaultdict(list)
    with (folder / "rates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            in_dollars = row["to"] == "USD"
            currency = row["from"] if in_dollars else row["to"]
            rates[currency].append((dt.date.fromisoformat(row["date"]), Fraction(row["rate"]), in_dollars))
    return {currency: sorted(series) for currency, series in rates.items()}


# --- periods ----------------------------------------------------------------------------------------


def years_later(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year + years)


def period(settings: Settings, steps: int) -> Days:
    """Return the period ``steps`` years after the one of the report (before it, if negative)."""
    start = years_later(settings.start, steps)
    return start, years_later(start, 1) - dt.timedelta(1)


def period_of(settings: Settings, day: dt.date) -> int:
    """Return the steps from the report's period to the one that ``day`` falls in."""
    steps = day.year - settings.start.year
    return steps if day >= years_later(settings.start, steps) else steps - 1


def label(days: Days) -> str:
    start, end = days
    return f"{start.year}" if start.year == end.year else f"{start.year}/{end.year % 100:02}"


def inside(day: dt.date | None, days: Days) -> bool:
    return day is not None and days[0] <= day <= days[1]


# --- exchange rates ---------------------------------------------------------------------------------


def _rounded(amount: Fraction, currency: str) -> Fraction:
    """Round half to even to the currency's minor unit; Python rounds fractions so."""
    return Fraction(round(amount, MINOR_UNITS[currency]))


def _in_dollars(rate: Fraction, *, quoted_in_dollars: bool) -> Fraction:
    return rate if quoted_in_dollars else 1 / rate


def _latest(rates: Mapping[str, Any], currency: str, day: dt.date) -> Fraction | None:
    """Return the dollars for one unit at the last rate on or before ``day``, unless that is too old."""
    if currency == "USD":
        return Fraction(1)
    found = [entry for entry in rates.get(currency, ()) if entry[0] <= day]
    if not found or day - found[-1][0] > OLDEST_RATE:
        return None
    _, rate, in_dollars = found[-1]
    return _in_dollars(rate, quoted_in_dollars=in_dollars)


def _average(rates: Mapping[str, Any], currency: str, days: Days) -> Fraction | None:
    """Return the dollars for one unit at the mean of the period's rates, as they are quoted."""
    if currency == "USD":
        return Fraction(1)
    found = [entry for entry in rates.get(currency, ()) if inside(entry[0], days)]
    if not found:
        return None
    mean = sum(rate for _, rate, _ in found) / len(found)
    return _in_dollars(mean, quoted_in_dollars=found[0][2])


class Exchange:
    """Converts amounts into the base currency under one policy."""

    def __init__(self, rates: Mapping[str, Any], settings: Settings) -> None:
        self.rates, self.settings = rates, settings
        self._known: dict[tuple[str, dt.date | Days], Fraction | None] = {}

    def convert(self, amount: Decimal | Fraction | None, currency: str, on: dt.date) -> Fraction | None:
        settings = self.settings
        days = period(settings, period_of(settings, on))
        if settings.policy == "periodAverage":
            return self._converted(amount, currency, days)
        day = {"signingDate": on, "periodEnd": days[1], "fixed": settings.fixed}[settings.policy]
        return self._converted(amount, currency, day)

    def at_constant_rate(self, amount: Decimal, currency: str) -> Fraction | None:
        """Convert at the average rate of the period before the report's, whatever the amount's own date."""
        return self._converted(amount, currency, period(self.settings, -1))

    def at_day(self, amount: Fraction, currency: str, day: dt.date) -> Fraction | None:
        return self._converted(amount, currency, day)

    def _converted(
        self, amount: Decimal | Fraction | None, currency: str, when: dt.date | Days | None
    ) -> Fraction | None:
        if amount is None or when is None:
            return None
        base = self.settings.base
        if currency == base:
            return _rounded(Fraction(amount), base)
        given, wanted = self._dollars(currency, when), self._dollars(base, when)
        if given is None or wanted is None:
            return None
        return _rounded(Fraction(amount) * given / wanted, base)

    def _dollars(self, currency: str, when: dt.date | Days) -> Fraction | None:
        """Return the dollars for one unit, on a day or as the average of a period."""
        if (currency, when) not in self._known:
            self._known[currency, when] = (
                _average(self.rates, currency, when)
                if isinstance(when, tuple)
                else _latest(self.rates, currency, when)
            )
        return self._known[currency, when]


# --- rows -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """The rows that the figures are made of."""

    settings: Settings
    exchange: Exchange
    contracts: list[Row]
    amendments: list[Row]
    deliveries: list[Row]
    payments: list[Row]
    milestones: list[Row]
    contributions: list[Row]
    entries: list[Row]
    """Of the order book."""
    partners: Mapping[str, Row]

    @property
    def periods(self) -> list[Days]:
        return [period(self.settings, steps) for steps in range(1 - self.settings.history, 1)]


def facts(folder: Path, settings: Settings) -> Facts:
    """Read a register and work out what each of its rows says."""
    regions = read_regions()
    partners = {key: _partner(row, regions) for key, row in read_partners(folder).items()}
    exchange = Exchange(read_rates(folder), settings)
    documents = read_contracts(folder)
    contracts = [_contract(document, partners, exchange) for document in documents]
    children = {
        name: [
            row
            for contract, document in zip(contracts, documents, strict=True)
            for row in build(contract, document, exchange)
        ]
        for name, build in _CHILDREN.items()
    }
    contributions = [
        Row(
            contract=contract,
            partner=contributor["partnerId"],
            country=partners[contributor["partnerId"]].country,
        )
        for contract, document in zip(contracts, documents, strict=True)
        for contributor in document.get("contributors") or ()
        if contributor["role"] in ("contributor", "supplier")
    ]
    entries = list(_entries(contracts, children["amendments"], children["deliveries"]))
    return Facts(
        settings,
        exchange,
        contracts,
        contributions=contributions,
        entries=entries,
        partners=partners,
        **children,
    )


def _partner(row: Mapping[str, str], regions: Mapping[str, Mapping[str, str]]) -> Row:
    code = row["countryCode"] or None
    region = regions[code] if code else {}
    return Row(
        id=row["id"],
        name=row["name"],
        code=code,
        country=region.get("name"),
        region=region.get("grouping"),
        subregion=region.get("subregion"),
        former_suppliers=row["formerSuppliers"],
    )


def in_words(code: str | None) -> str | None:
    """Return ``Licensed production`` for ``licensedProduction``."""
    if not code:
        return None
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in code)
    return spaced[0].upper() + spaced[1:]


def _contract(document: Mapping[str, Any], partners: Mapping[str, Row], exchange: Exchange) -> Row:
    signed = dt.date.fromisoformat(document["signedDate"])
    status, status_date = document["status"], _date(document.get("statusDate"))
    term = document.get("period") or {}
    end_date = _date(term.get("endDate"))
    amount, currency = document["value"]["amount"], document["value"]["currency"]
    amendments = sorted(document.get("amendments") or (), key=lambda amendment: amendment["date"])
    at_signing = amendments[0]["valueBefore"]["amount"] if amendments else amount
    settings = exchange.settings
    signing_period = period(settings, period_of(settings, signed))
    cancelled_early = status == "cancelled" and (status_date is None or status_date <= signing_period[1])
    framework = document.get("agreementType") == "framework"
    customer = partners[document["customerId"]]
    return Row(
        id=document["id"],
        customer_id=document["customerId"],
        customer=customer.name,
        code=customer.code,
        country=customer.country,
        region=customer.region,
        subregion=customer.subregion,
        form=in_words(document.get("cooperationForm")),
        category=in_words(document.get("category")),
        product=document.get("productGroup"),
        signed=signed,
        in_force=_date(document.get("inForceDate")),
        end_date=end_date,
        currency=currency,
        at_signing=at_signing,
        value=exchange.convert(at_signing, currency, signed),
        constant=exchange.at_constant_rate(at_signing, currency),
        framework=framework,
        firm=not framework and not cancelled_early,
        closed=status in CLOSED,
        active_to=(status_date or end_date) if status in CLOSED else None,
    )


def _amendments(contract: Row, document: Mapping[str, Any], exchange: Exchange) -> Iterable[Row]:
    for amendment in document.get("amendments") or ():
        change = amendment["valueAfter"]["amount"] - amendment["valueBefore"]["amount"]
        currency = amendment["valueAfter"]["currency"]
        yield Row(
            contract=contract,
            date=_date(amendment["date"]),
            currency=currency,
            amount=change,
            value=exchange.convert(change, currency, contract.signed),
        )


def _deliveries(contract: Row, document: Mapping[str, Any], exchange: Exchange) -> Iterable[Row]:
    for delivery in document.get("deliveries") or ():
        amount, currency = delivery["value"]["amount"], delivery["value"]["currency"]
        yield Row(
            contract=contract,
            date=_date(delivery["date"]),
            currency=currency,
            amount=amount,
            value=exchange.convert(amount, currency, contract.signed),
        )


def _payments(contract: Row, document: Mapping[str, Any], exchange: Exchange) -> Iterable[Row]:
    for payment in document.get("payments") or ():
        day = dt.date.fromisoformat(payment["date"])
        amount, currency = payment["value"]["amount"], payment["value"]["currency"]
        yield Row(
            contract=contract,
            date=day,
            region=contract.region,
            value=exchange.convert(amount, currency, day),
        )


def _milestones(contract: Row, document: Mapping[str, Any], exchange: Exchange) -> Iterable[Row]:
    for milestone in document.get("milestones") or ():
        value = milestone.get("value") or {}
        due = _date(milestone["dueDate"])
        yield Row(
            contract=contract,
            type=milestone["type"],
            due=due,
            year=str(due.year) if due else None,
            met=_date(milestone.get("dateMet")),
            value=exchange.convert(value["amount"], value["currency"], contract.signed) if value else None,
        )


_CHILDREN: Mapping[str, Callable[[Row, Mapping[str, Any], Exchange], Iterable[Row]]] = {
    "amendments": _amendments,
    "deliveries": _deliveries,
    "payments": _payments,
    "milestones": _milestones,
}


def total(rows: Iterable[Row], field: str = "value") -> Fraction | None:
    """Return the sum of what is known: 0 of no rows at all, None of rows of which nothing is known."""
    values = [getattr(row, field) for row in rows]
    known = [value for value in values if value is not None]
    return None if values and not known else sum(known, Fraction())


def _entries(contracts: Sequence[Row], amendments: Sequence[Row], deliveries: Sequence[Row]) -> Iterable[Row]:
    """Yield what changed the order book; what is left of a closed contract leaves it when it is closed."""
    amended, delivered = _by_contract(amendments), _by_contract(deliveries)
    for contract in (contract for contract in contracts if contract.firm):
        yield _entry("Signed", contract.signed, contract.currency, contract.at_signing, contract.value)
        for amendment in amended[contract.id]:
            yield _entry("Amended", amendment.date, amendment.currency, amendment.amount, amendment.value)
        for delivery in delivered[contract.id]:
            value = -(delivery.value or Fraction())
            yield _entry("Delivered", delivery.date, delivery.currency, -delivery.amount, value)
        changes, steps = amended[contract.id], delivered[contract.id]
        left = contract.at_signing + sum(row.amount for row in changes) - sum(row.amount for row in steps)
        worth = (contract.value or 0) + (total(changes) or 0) - (total(steps) or 0)
        if contract.closed and left:
            yield _entry("Cancelled or closed", contract.active_to, contract.currency, -left, -worth)


def _by_contract(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row.contract.id].append(row)
    return found


def _entry(movement: str, day: dt.date | None, currency: str, amount: Decimal, value: Fraction | None) -> Row:
    return Row(movement=movement, date=day, currency=currency, amount=amount, value=value)
