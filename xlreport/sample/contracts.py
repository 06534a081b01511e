"""Turn an outline into a contract record: value, items, milestones, deliveries, payments, contributors."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from xlreport.analysis.currencies import minor_units
from xlreport.analysis.rates import Converter, RateTable
from xlreport.sample.draws import below, chance, pick, stream
from xlreport.sample.markets import TARGETS
from xlreport.sample.outline import AS_OF, Outline, Sums
from xlreport.sample.partners import Roster
from xlreport.sample.rates import BASE

__all__ = ["Prices", "contract", "prices"]

_STREAM = 4
_EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
_FOUR_DIGITS = Context(prec=4, rounding=ROUND_HALF_EVEN)
_MOST_VALUED = 20

_PRODUCTS = (
    *(
        "Air traffic systems",
        "Communications",
        "Engines and drives",
        "Field equipment",
        "Navigation and radar",
    ),
    *("Power supply", "Rail and port equipment", "Shipbuilding", "Transport aircraft", "Vehicles"),
)
_PRODUCT_OF_FORM = {
    "spares": "Spare parts",
    "training": "Simulators and training",
    "infrastructure": "Infrastructure works",
}
_CATEGORY_OF_FORM = {
    "infrastructure": "works",
    "maintenance": "services",
    "modernisation": "services",
    "training": "services",
}
_WORDS_OF_FORM = {
    "directSale": "supply",
    "licensedProduction": "production under licence",
    "coProduction": "joint production",
    "jointDevelopment": "joint development",
    "jointVenture": "joint venture",
    "technologyTransfer": "transfer of technology",
    "spares": "yearly demand",
    "infrastructure": "construction",
}
_LOCAL_ROLES = {
    "licensedProduction": "licensee",
    "technologyTransfer": "licensee",
    "coProduction": "jointVenture",
    "jointVenture": "jointVenture",
}
_ITEMS = (
    "Main equipment",
    "Ground equipment",
    "Documentation",
    "Tools and fixtures",
    "Installation",
    "Training set",
)
_UNITS = ("piece", "set", "hour")
_TERMS = ("Advance, then on delivery", "Letter of credit", "Export credit, then on delivery")


@dataclass(frozen=True, slots=True)
class Prices:
    """How much a unit of weight is worth in each year, and at what rates."""

    totals: Mapping[int, Decimal]
    """Signed value wanted for each year, in USD."""
    sums: Sums
    converters: Mapping[str, Converter]
    """Currency of a contract -> conversion into it."""

    def amount(self, outline: Outline) -> Decimal:
        """Return the value at signing in whole units of the contract's currency, to four digits."""
        year = outline.year
        share = _EXACT.multiply(self.totals[year], Decimal(outline.weight))
        base = _EXACT.divide(share, Decimal(self.sums.weights[year] or outline.weight))
        on = dt.date.fromordinal(outline.signed)
        converted = self.converters[outline.currency].convert(base, BASE, on)
        if converted is None:
            message = f"the sample's rates have none for {outline.currency} on {on}"
            raise LookupError(message)
        return max(_FOUR_DIGITS.plus(converted.amount), Decimal(1)).quantize(Decimal(1), context=_EXACT)


def prices(seed: int, sums: Sums, rates: RateTable) -> Prices:
    """Fix the totals of each year: the plan, moved by up to 0.1 %, so that no total is a round figure."""
    rng = stream(seed, _STREAM)
    totals = {
        year: Decimal(millions * (1_000_000 + below(rng, 2_001) - 1_000))
        for year, millions in TARGETS.items()
    }
    return Prices(totals, sums, {code: Converter(rates, to=code) for code in (BASE, *rates.series)})


# --- the record -------------------------------------------------------------------------------------


class _Money(NamedTuple):
    """Makes amounts of one currency from whole minor units."""

    currency: str
    decimals: int

    def value(self, minor: int) -> dict[str, Any]:
        return {"amount": Decimal(minor).scaleb(-self.decimals, context=_EXACT), "currency": self.currency}


class _Step(NamedTuple):
    """A milestone in the making."""

    due: int
    type: str
    value: int
    """Part of the contract's value in minor units: paid with a payment, handed over with a delivery."""
    met: int | None


def contract(
    rng: random.Random, outline: Outline, prices: Prices, roster: Roster, crew: Sequence[str]
) -> dict[str, Any]:
    """Return the whole record, ready for JSON; absent fields are left out."""
    money = _Money(outline.currency, minor_units(outline.currency))
    signed_for = int(prices.amount(outline)) * 10**money.decimals
    changes = _changes(rng, outline, signed_for, money.decimals)
    value = changes[-1][2] if changes else signed_for
    steps = _steps(rng, outline, value) if outline.kind != "framework" else []
    items = _items(rng) if steps else []
    record = _head(rng, outline, roster)
    record["value"] = money.value(value)
    record["paymentTerms"] = pick(rng, _TERMS)
    parts = {
        "items": items,
        "milestones": list(_milestones(steps, outline, money)),
        "deliveries": list(_deliveries(rng, steps, items, money)),
        "payments": list(_payments(rng, steps, outline, money)),
        "amendments": list(_amendments(changes, money)),
        "contributors": [*_contributors(rng, roster, crew, value, money), *_others(rng, outline, roster)],
    }
    return record | {name: part for name, part in parts.items() if part}


def _head(rng: random.Random, outline: Outline, roster: Roster) -> dict[str, Any]:
    product = _PRODUCT_OF_FORM.get(outline.form) or pick(rng, _PRODUCTS)
    words = _WORDS_OF_FORM.get(outline.form, outline.form)
    users = roster.end_users.get(outline.customer.market.code, ())
    head = {
        "id": outline.id,
        "number": outline.number,
        "title": f"{product}: {words}",
        "agreementType": outline.kind,
        "parentContractId": outline.parent,
        "customerId": outline.customer.id,
        "endUserId": pick(rng, users) if users and chance(rng, 20) else "",
        "category": _CATEGORY_OF_FORM.get(outline.form, "goods"),
        "productGroup": product,
        "cooperationForm": outline.form,
        "signedDate": _iso(outline.signed),
        "inForceDate": _iso(outline.in_force) if outline.in_force else "",
        "period": {"startDate": _iso(outline.start), "endDate": _iso(outline.end)},
        "status": outline.status,
        "statusDate": _iso(outline.closed or outline.in_force or outline.signed),
    }
    return {name: value for name, value in head.items() if value}


@cache
def _iso(day: int) -> str:
    return dt.date.fromordinal(day).isoformat()


def _items(rng: random.Random) -> list[dict[str, Any]]:
    first = below(rng, len(_ITEMS))
    return [
        {
            "id": str(number + 1),
            "description": _ITEMS[(first + number) % len(_ITEMS)],
            "quantity": 1 + below(rng, 40),
            "unit": {"name": pick(rng, _UNITS)},
        }
        for number in range(1 + below(rng, 3))
    ]


# --- what is due, what is met -----------------------------------------------------------------------


def _steps(rng: random.Random, outline: Outline, value: int) -> list[_Step]:
    """Return deliveries, an advance, a payment after each delivery, and the last payment on the last day."""
    count = 1 + below(rng, 1 + min(5, (outline.end - outline.start) // 240))
    days = [
        outline.start + (outline.end - 45 - outline.start) * (number + 1) // count for number in range(count)
    ]
    due = [(day, "delivery") for day in days]
    due += [
        (outline.start + 30, "payment"),
        *((day + 30, "payment") for day in days[:-1]),
        (outline.end, "payment"),
    ]
    advance = value * (10 + below(rng, 21)) // 100
    parts = [*_split(value, count), advance, *_split(value - advance, count)]
    steps = [_Step(day, kind, part, None) for (day, kind), part in zip(due, parts, strict=True)]
    return sorted(_met(rng, outline, step) for step in steps)


def _split(total: int, count: int) -> list[int]:
    """Split an amount into equal parts; what is left over goes to the last."""
    return [total // count] * (count - 1) + [total - total // count * (count - 1)]


def _met(rng: random.Random, outline: Outline, step: _Step) -> _Step:
    """Say when the step was met: mostly on time, some late, none after the contract was closed."""
    delay = 3 + below(rng, 150) if chance(rng, 20) else -below(rng, 12)
    if outline.in_force is None:
        return step
    day = max(step.due + delay, outline.in_force)
    if outline.status == "completed":
        closed = outline.closed or AS_OF
        return step._replace(met=closed if step.due == outline.end else min(day, closed))
    still_open = day <= (outline.closed or AS_OF) and step.due != outline.end
    return step._replace(met=day) if still_open else step


def _milestones(steps: Sequence[_Step], outline: Outline, money: _Money) -> Iterator[dict[str, Any]]:
    for number, step in enumerate(steps, 1):
        milestone = {
            "id": f"M{number}",
            "type": step.type,
            "dueDate": _iso(step.due),
            "dateMet": _iso(step.met) if step.met else "",
            "status": _milestone_status(step, outline),
            "value": money.value(step.value) if step.type == "payment" else None,
        }
        yield {name: value for name, value in milestone.items() if value}


def _milestone_status(step: _Step, outline: Outline) -> str:
    if step.met:
        return "met"
    return "notMet" if outline.closed or step.due <= AS_OF else "scheduled"


def _deliveries(
    rng: random.Random, steps: Sequence[_Step], items: Sequence[Mapping[str, Any]], money: _Money
) -> Iterator[dict[str, Any]]:
    met = [(step.met, step.value) for step in steps if step.type == "delivery" and step.met]
    for number, (day, value) in enumerate(sorted(met), 1):
        yield {
            "id": f"D{number}",
            "date": _iso(day),
            "itemId": pick(rng, items)["id"],
            "quantity": 1 + below(rng, 12),
            "value": money.value(value),
        }


def _payments(
    rng: random.Random, steps: Sequence[_Step], outline: Outline, money: _Money
) -> Iterator[dict[str, Any]]:
    """Yield what was paid: each payment that was met, half of some that are overdue, and a refund."""
    paid = [(step.met, step.value) for step in steps if step.type == "payment" and step.met]
    if outline.status == "active":
        paid += [
            (step.due + below(rng, AS_OF - step.due + 1), step.value // 2)
            for step in steps
            if step.type == "payment" and not step.met and step.due <= AS_OF and chance(rng, 30)
        ]
    if outline.status == "cancelled" and outline.closed and outline.closed + 20 <= AS_OF and paid:
        paid.append((outline.closed + 20, -sum(value for _, value in paid)))
    for number, (day, value) in enumerate(sorted(paid), 1):
        yield {"id": f"P{number}", "date": _iso(day), "value": money.value(value)}


# --- amendments -------------------------------------------------------------------------------------


def _changes(
    rng: random.Random, outline: Outline, signed_for: int, decimals: int
) -> list[tuple[int, int, int]]:
    """Return (day, value before, value after), in minor units but whole units of the currency."""
    count = 1 + below(rng, 2) if chance(rng, 9) and outline.kind != "framework" else 0
    last = min(AS_OF, outline.closed or AS_OF, (outline.signed + outline.end) // 2)
    days = sorted(dict.fromkeys(outline.signed + 10 + below(rng, 400) for _ in range(count)))
    values = [signed_for]
    for _ in days:
        percent = 92 + below(rng, 25)
        whole = values[-1] * percent // 100 // 10**decimals
        values.append(max(whole, 1) * 10**decimals)
    changes = zip(days, pairwise(values), strict=True)
    return [(day, before, after) for day, (before, after) in changes if day <= last]


def _amendments(changes: Sequence[tuple[int, int, int]], money: _Money) -> Iterator[dict[str, Any]]:
    for number, (day, before, after) in enumerate(changes, 1):
        yield {
            "id": f"A{number}",
            "date": _iso(day),
            "valueBefore": money.value(before),
            "valueAfter": money.value(after),
        }


# --- contributors -----------------------------------------------------------------------------------


def _contributors(
    rng: random.Random, roster: Roster, crew: Sequence[str], value: int, money: _Money
) -> Iterator[dict[str, Any]]:
    """Yield the crew; half of the contract's value is divided among the first twenty."""
    weights = [1 + below(rng, 100) for _ in crew[:_MOST_VALUED]]
    total = sum(weights)
    for place, partner in enumerate(crew):
        contributor = {"partnerId": partner, "role": roster.roles[partner]}
        if place < len(weights):
            yield contributor | {"value": money.value(value // 2 * weights[place] // total)}
        else:
            yield contributor


def _others(rng: random.Random, outline: Outline, roster: Roster) -> Iterator[dict[str, Any]]:
    """Yield the local partner, where the form of cooperation has one, and now and then an agent."""
    role = _LOCAL_ROLES.get(outline.form)
    local = roster.locals.get(outline.customer.market.code)
    if outline.kind == "framework":
        return
    if role and local:
        yield {"partnerId": local, "role": role}
    if chance(rng, 5):
        yield {"partnerId": pick(rng, roster.agents), "role": "agent"}
