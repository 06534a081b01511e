"""Turn a seed number into the partners of the register: customers, enterprises, local partners, agents."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlreport.sample.draws import Weighted, below, chance, mixed, pick, stream
from xlreport.sample.markets import LAST_YEAR, MARKETS, YEARS, Market
from xlreport.sample.names import former_supplier_name, local_name, office_name, works_name

__all__ = ["HEADINGS", "Customer", "Partner", "Roster", "roster"]

HEADINGS = (
    *("id", "name", "aliases", "identifier/scheme", "identifier/id", "roles", "countryCode"),
    *("formerSuppliers", "parentId", "activeFrom", "activeTo"),
)
"""Headings of the partners file: paths of the partner schema; lists are joined with a semicolon."""

_STREAM = 2
_FULL_SIZE = 300
"""From this number of contracts on, there are over 7,500 enterprises."""
_PER_CONTRACT = 25
_AGENTS = 14
_USUAL_CREW = 16
"""So many contribute to a contract on average, where five to sixty do."""
_LARGE = 10_000

_STANDINGS = Weighted(
    # the years of a market's further customers: new in 2017, returning, gone, later come, always there
    (
        *("000001", "110001", "100001", "111110", "011100", "001110", "010010"),
        *("110000", "100000", "001111", "000111", "010111", "101101", "111111"),
    ),
    (12, 4, 4, 5, 4, 4, 3, 4, 4, 6, 6, 4, 4, 36),
)

_ENTERPRISE_COUNTRIES = Weighted(
    (
        *("CZ", "BG", "SK", "PL", "RS", "HU", "DE", "IT", "FR", "ES", "GB"),
        *("KZ", "IN", "CN", "TR", "EG", "DZ", "AE", "BR", "ZA", "NA"),
    ),
    (*(30, 14, 9, 9, 7, 6, 4, 3, 3, 2, 2), *(2, 2, 1, 1, 1, 1, 1, 1, 1, 1)),
)


class Partner(NamedTuple):
    """One row of the partners file."""

    id: str
    name: str
    country: str
    roles: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    former_suppliers: tuple[str, ...] = ()
    parent: str = ""
    active_from: str = ""
    active_to: str = ""
    number: str = ""
    """Its number in an invented official register."""


class Customer(NamedTuple):
    """A partner that signs contracts in some of the years."""

    id: str
    market: Market
    years: str


@dataclass(frozen=True, slots=True)
class Roster:
    """All partners, and who of them plays which part."""

    partners: tuple[Partner, ...]
    customers: tuple[Customer, ...]
    end_users: dict[str, tuple[str, ...]]
    """Country code -> ids of the customers there that also use what others buy."""
    locals: dict[str, str]
    """Country code -> id of the partner there that takes licences and shares ventures."""
    agents: tuple[str, ...]
    enterprises: tuple[str, ...]
    """Ids of those that contribute to contracts of the last year, in the order in which they join."""
    former: tuple[str, ...]
    """Ids of those that contribute to older contracts only."""
    roles: dict[str, str]
    """Id of an enterprise -> its role in a contract: contributor or supplier."""
    crew: tuple[int, int]
    """The least and the most enterprises that contribute to one contract."""


def roster(seed: int, contracts: int) -> Roster:
    """Make the partners of a register of that many contracts; there are enough for any size."""
    rng = stream(seed, _STREAM)
    count = 7_521 + below(rng, 60) if contracts >= _FULL_SIZE else _PER_CONTRACT * contracts + 60
    ids = (f"P-{number:05}" for number in range(1, 100_000))
    exporter = Partner(next(ids), "Velmora Export Corporation", "CZ", ("exporter",))
    customers, records = _customers(rng, ids)
    local_partners = [_local(number, code, ids) for number, code in enumerate(_local_countries())]
    agents = [_agent(rng, number, ids) for number in range(_AGENTS)]
    enterprises = [_enterprise(rng, number, ids) for number in range(count)]
    former = [_former(rng, count + number, ids) for number in range(count // 11)]
    works = _with_parents(rng, enterprises) + former
    return Roster(
        partners=(exporter, *records, *local_partners, *agents, *works),
        customers=tuple(customers),
        end_users=_end_users(records),
        locals={partner.country: partner.id for partner in local_partners},
        agents=tuple(partner.id for partner in agents),
        enterprises=tuple(mixed(rng, [partner.id for partner in enterprises])),
        former=tuple(partner.id for partner in former),
        roles={partner.id: partner.roles[0] for partner in works},
        crew=_crew_size(contracts, count),
    )


def _crew_size(contracts: int, enterprises: int) -> tuple[int, int]:
    """Return the least and the most contributors of a contract: in a small register, crews are large."""
    # about six in ten contracts are open in the last year; a fifth of their places go to repeats
    needed = -(-enterprises * 2 // contracts)
    if needed > _USUAL_CREW:
        return min(needed, 56), 60
    return 5, 60 if contracts < _LARGE else 40


# --- customers --------------------------------------------------------------------------------------


def _customers(rng: random.Random, ids: Iterator[str]) -> tuple[list[Customer], list[Partner]]:
    customers: list[Customer] = []
    records: list[Partner] = []
    for market in MARKETS:
        for place in range(2 + market.weight * 4 // 5):
            years = _years(rng, market, first=place == 0)
            customer = Customer(next(ids), market, years)
            records.append(_customer_record(rng, customer, len(records)))
            customers.append(customer)
    return customers, records


def _years(rng: random.Random, market: Market, *, first: bool) -> str:
    """Return the years in which a customer buys: its market's, or some of them."""
    if first:
        return market.years
    standing = _STANDINGS.pick(rng)
    both = "".join("1" if "0" not in pair else "0" for pair in zip(standing, market.years, strict=True))
    return both if "1" in both else market.years


def _customer_record(rng: random.Random, customer: Customer, number: int) -> Partner:
    name = office_name(number)
    newcomer = customer.years.endswith("0001")
    former = chance(rng, 55 if newcomer else 8)
    lapsed = "1" not in customer.years[3:]
    return Partner(
        customer.id,
        name,
        customer.market.code,
        ("customer", "endUser") if chance(rng, 60) else ("customer",),
        aliases=(_initials(name),) if chance(rng, 25) else (),
        former_suppliers=_former_suppliers(rng) if former else (),
        active_from=f"{YEARS[customer.years.index('1')]}-01-01",
        active_to=f"{LAST_YEAR - 2}-12-31" if lapsed else "",
        number=f"{10_000 + number}",
    )


def _end_users(records: Sequence[Partner]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for record in records:
        if "endUser" in record.roles:
            found[record.country] = (*found.get(record.country, ()), record.id)
    return found


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())


def _former_suppliers(rng: random.Random) -> tuple[str, ...]:
    return tuple(former_supplier_name(rng) for _ in range(1 + below(rng, 2)))


# --- everyone else ----------------------------------------------------------------------------------


def _local_countries() -> list[str]:
    return [market.code for market in MARKETS if market.weight > 1]


def _local(number: int, country: str, ids: Iterator[str]) -> Partner:
    return Partner(next(ids), local_name(number), country, ("licensee", "jointVenture"))


def _agent(rng: random.Random, number: int, ids: Iterator[str]) -> Partner:
    return Partner(next(ids), f"{local_name(100 + number)} Agency", pick(rng, MARKETS).code, ("agent",))


def _enterprise(rng: random.Random, number: int, ids: Iterator[str]) -> Partner:
    country = _ENTERPRISE_COUNTRIES.pick(rng)
    name = works_name(number, country)
    return Partner(
        next(ids),
        name,
        country,
        ("supplier",) if chance(rng, 60) else ("contributor",),
        aliases=(name.upper(),) if chance(rng, 3) else (),
        active_from=f"{1990 + below(rng, 22)}-01-01" if chance(rng, 40) else "",
        number=f"{500_000 + number * 7}",
    )


def _former(rng: random.Random, number: int, ids: Iterator[str]) -> Partner:
    return _enterprise(rng, number, ids)._replace(active_to=f"{LAST_YEAR - 1}-12-31")


def _with_parents(rng: random.Random, enterprises: list[Partner]) -> list[Partner]:
    """Give some enterprises one of the first 40 as their parent."""
    groups = [partner.id for partner in enterprises[:40]]
    return [
        partner._replace(parent=pick(rng, groups)) if place >= len(groups) and chance(rng, 8) else partner
        for place, partner in enumerate(enterprises)
    ]
