"""The figures of the annual results once more: each measure as its definition reads, and the order book."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from types import SimpleNamespace as Row
from typing import Any

from witness import MOVEMENTS, Days, Facts, inside, total, years_later

STANDINGS = ("New", "Returning", "Retained", "Lapsed")
MARKET_STANDINGS = ("New", "Reopened", "Traditional", "Without a contract")

Number = int | Fraction | None

# --- which rows belong to a period ------------------------------------------------------------------


def signed_in(known: Facts, days: Days) -> list[Row]:
    """Return the contracts that make up the signed value."""
    return [contract for contract in known.contracts if contract.firm and inside(contract.signed, days)]


def contributions_in(known: Facts, days: Days) -> list[Row]:
    """Return the contributions to contracts signed by the period's end and not closed before its start."""
    return [
        row
        for row in known.contributions
        if row.contract.signed <= days[1]
        and (row.contract.active_to is None or row.contract.active_to >= days[0])
    ]


def _open_at(contract: Row, day: dt.date) -> bool:
    return contract.active_to is None or contract.active_to > day


def scheduled_after(known: Facts, days: Days) -> list[Row]:
    """Return the payment milestones of open contracts that fall due after the period."""
    return [
        row
        for row in known.milestones
        if row.contract.firm
        and row.contract.signed <= days[1]
        and _open_at(row.contract, days[1])
        and row.type == "payment"
        and row.due > days[1]
    ]


def standings(known: Facts, rows: Iterable[tuple[str | None, dt.date]], days: Days) -> dict[str, str]:
    """Return each entity's standing in a period, from the days on which it signed."""
    lookback = years_later(days[0], -known.settings.lookback)
    signed = defaultdict(list)
    for entity, day in rows:
        if entity is not None:
            signed[entity].append(day)
    found = {}
    for entity, dates in signed.items():
        now = any(inside(day, days) for day in dates)
        recently = any(lookback <= day < days[0] for day in dates)
        ever = any(day < days[0] for day in dates)
        if now:
            found[entity] = "Retained" if recently else "Returning" if ever else "New"
        elif recently:
            found[entity] = "Lapsed"
    return found


def customer_standings(known: Facts, days: Days) -> list[Row]:
    signings = ((row.customer_id, row.signed) for row in known.contracts if row.firm)
    found = standings(known, signings, days)
    worth: dict[str, Fraction] = defaultdict(Fraction)
    for contract in signed_in(known, days):
        worth[contract.customer_id] += contract.value or 0
    return [
        Row(
            entity=entity,
            status=status,
            region=known.partners[entity].region,
            former_suppliers=known.partners[entity].former_suppliers,
            value=worth[entity],
        )
        for entity, status in found.items()
    ]


def market_standings(known: Facts, days: Days) -> list[Row]:
    signings = ((row.code, row.signed) for row in known.contracts if row.firm)
    signed = defaultdict(list)
    for contract in signed_in(known, days):
        signed[contract.code].append(contract.value or Fraction())
    names = dict(zip(STANDINGS, MARKET_STANDINGS, strict=True))
    found: list[tuple[str | None, str | None]] = [
        (code, names[status]) for code, status in standings(known, signings, days).items()
    ]
    if None in signed:  # contracts of no country are in no market, and still in the sums
        found.append((None, None))
    return [
        Row(entity=code, status=status, contracts=len(signed[code]), value=sum(signed[code], Fraction()))
        for code, status in found
    ]


def first_uses(known: Facts, key: Callable[[Row], Any]) -> list[Row]:
    """Return the first firm contract of each key; of several of one day the one with the least id."""
    first: dict[Any, Row] = {}
    for contract in sorted(known.contracts, key=lambda row: (row.signed, row.id)):
        if contract.firm and contract.form is not None:
            first.setdefault(key(contract), contract)
    return list(first.values())


def first_forms(known: Facts, days: Days) -> list[Row]:
    return [row for row in first_uses(known, lambda row: row.form) if inside(row.signed, days)]


def first_forms_traditional(known: Facts, days: Days) -> list[Row]:
    traditional = {row.entity for row in market_standings(known, days) if row.status == "Traditional"}
    first = first_uses(known, lambda row: (row.code, row.form))
    return [row for row in first if inside(row.signed, days) and row.code in traditional]


# --- aggregates -------------------------------------------------------------------------------------


def distinct(rows: Iterable[Row], field: str) -> int:
    return len({getattr(row, field) for row in rows} - {None})


def _median(values: Iterable[Fraction]) -> Number:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def divided(over: Number, under: Number) -> Number:
    return None if over is None or not under else Fraction(over) / Fraction(under)


def _shares(rows: Sequence[Row], field: str) -> list[Fraction]:
    """Return each group's share of the value, the largest first."""
    groups: dict[Any, Fraction] = defaultdict(Fraction)
    for row in rows:
        groups[getattr(row, field)] += row.value or 0
    whole = sum(groups.values())
    return sorted((value / whole for value in groups.values()), reverse=True) if whole else []


def order_book(known: Facts, day: dt.date) -> Fraction | None:
    """Return what is signed and neither delivered nor cancelled, at the rates of ``day``; None without."""
    by_currency: dict[str, Fraction] = defaultdict(Fraction)
    for entry in known.entries:
        if entry.date is not None and entry.date <= day:
            by_currency[entry.currency] += Fraction(entry.amount)
    found = Fraction()
    for currency, amount in by_currency.items():
        converted = known.exchange.at_day(amount, currency, day)
        if converted is None and amount:
            return None
        found += converted or 0
    return found


# --- the figures ------------------------------------------------------------------------------------


def figures(known: Facts) -> dict[str, list[Number]]:
    """Return every measure of the report in each period of the history, the current one last."""
    found: dict[str, list[Number]] = defaultdict(list)
    for days in known.periods:
        for part in (_signing, _standing, _contributing, _cooperating, _concentrating, _delivering, _paying):
            for name, value in part(known, days).items():
                found[name].append(value)
    return dict(found)


def _signing(known: Facts, days: Days) -> dict[str, Number]:
    signed = signed_in(known, days)
    values = [contract.value for contract in signed if contract.value is not None]
    return {
        "signedValue": total(signed),
        "constantValue": total(signed, "constant"),
        "contractsSigned": len(signed),
        "meanContract": divided(total(signed), len(values)),
        "medianContract": _median(values),
        "largestContract": max(values, default=None),
        "frameworks": sum(row.framework and inside(row.signed, days) for row in known.contracts),
        "customerCountries": distinct(signed, "code"),
        "customers": distinct(signed, "customer_id"),
    }


def _standing(known: Facts, days: Days) -> dict[str, Number]:
    customers, markets = customer_standings(known, days), market_standings(known, days)
    new, returning, retained, lapsed = (
        [row for row in customers if row.status == status] for status in STANDINGS
    )
    return {
        "newCustomers": len(new),
        "returningCustomers": len(returning),
        "retainedCustomers": len(retained),
        "lapsedCustomers": len(lapsed),
        "customerStandings": len(customers),
        "newCustomerValue": total(new),
        "conversions": sum(bool(row.former_suppliers) for row in (*new, *returning)),
        "newMarkets": sum(row.status == "New" for row in markets),
        "traditionalMarkets": sum(row.status == "Traditional" for row in markets),
        "marketCount": distinct(markets, "entity"),
        "marketValue": total(markets),
        "marketContracts": sum(row.contracts for row in markets),
    }


def _contributing(known: Facts, days: Days) -> dict[str, Number]:
    active = contributions_in(known, days)
    signings = ((row.partner, row.contract.signed) for row in known.contributions)
    found = standings(known, signings, days)
    return {
        "contributors": distinct(active, "partner"),
        "newContributors": sum(status == "New" for status in found.values()),
        "contributorCountries": distinct(active, "country"),
    }


def _cooperating(known: Facts, days: Days) -> dict[str, Number]:
    signed = signed_in(known, days)
    return {
        "formsUsed": distinct(signed, "form"),
        "firstForms": len(first_forms(known, days)),
        "firstFormsTraditional": len(first_forms_traditional(known, days)),
        "productGroups": distinct(signed, "product"),
    }


def _concentrating(known: Facts, days: Days) -> dict[str, Number]:
    signed = signed_in(known, days)
    found: dict[str, Number] = {}
    for one, several, field in (
        ("Customer", "Customers", "customer_id"),
        ("Country", "Countries", "country"),
    ):
        shares = _shares(signed, field)
        found[f"top1{one}"] = sum(shares[:1]) if shares else None
        found[f"top5{several}"] = sum(shares[:5]) if shares else None
        found[f"top10{several}"] = sum(shares[:10]) if shares else None
        found[f"hhi{several}"] = sum((100 * share) ** 2 for share in shares) if shares else None
    return found


def _delivering(known: Facts, days: Days) -> dict[str, Number]:
    start, end = days
    signed = signed_in(known, days)
    delivered = total(row for row in known.deliveries if row.contract.firm and inside(row.date, days))
    in_force = total(row for row in signed if row.in_force is not None and row.in_force <= end)
    firm = [row for row in known.milestones if row.contract.firm]
    due = [
        row
        for row in firm
        if inside(row.due, days) and (row.contract.active_to is None or row.contract.active_to >= row.due)
    ]
    on_time = [row for row in due if row.met is not None and row.met <= row.due]
    overdue = [
        row
        for row in firm
        if _open_at(row.contract, end) and row.due <= end and (row.met is None or row.met > end)
    ]
    year_after = years_later(start, 2) - dt.timedelta(1)
    expiring = [
        row
        for row in known.contracts
        if row.firm and row.signed <= end and _open_at(row, end)
        and row.end_date and end < row.end_date <= year_after
    ]  # fmt: skip
    return {
        "orderBook": order_book(known, end),
        "deliveredValue": delivered,
        "bookToBill": divided(total(signed), delivered),
        "coverYears": divided(order_book(known, end), delivered),
        "inForceValue": in_force,
        "inForceShare": divided(in_force, total(signed)),
        "milestonesDue": len(due),
        "milestonesOnTime": len(on_time),
        "onTimeShare": divided(len(on_time), len(due)),
        "milestonesOverdue": len(overdue),
        "expiring": len(expiring),
    }


def _paying(known: Facts, days: Days) -> dict[str, Number]:
    return {
        "inflow": total(row for row in known.payments if inside(row.date, days)),
        "scheduledInflow": total(scheduled_after(known, days)),
    }


# --- the order book, period by period ---------------------------------------------------------------


def bridge(known: Facts) -> dict[str, list[Number]]:
    """Return opening, each movement, revaluation and closing, one figure per period of the history."""
    found: dict[str, list[Number]] = defaultdict(list)
    for start, end in known.periods:
        opening, closing = order_book(known, start - dt.timedelta(1)), order_book(known, end)
        moved = {
            movement: total(
                entry
                for entry in known.entries
                if entry.movement == movement and inside(entry.date, (start, end))
            )
            or Fraction()
            for movement in MOVEMENTS
        }
        found["opening"].append(opening)
        for movement, amount in moved.items():
            found[movement].append(amount)
        growth = None if opening is None or closing is None else closing - opening
        found["revaluation"].append(None if growth is None else growth - sum(moved.values()))
        found["closing"].append(closing)
    return dict(found)
