"""Compute the tables of the annual results: rates, values, order book, standings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Register", "compute"]

CLOSED = ("completed", "cancelled", "terminated", "lapsed")
HISTORY = 6
LOOKBACK = 3
OLDEST_RATE = pd.Timedelta(days=31)
MEMBERS = (
    *("id", "number", "title", "agreementType", "parentContractId", "customerId", "category"),
    *("productGroup", "cooperationForm", "signedDate", "inForceDate", "period", "status", "statusDate"),
    "value",
)
CHILDREN = {
    "amendments": ("id", "date", "valueBefore.amount", "valueAfter.amount", "valueAfter.currency"),
    "deliveries": ("id", "date", "itemId", "quantity", "value.amount", "value.currency"),
    "payments": ("id", "date", "value.amount", "value.currency"),
    "milestones": ("id", "type", "dueDate", "dateMet", "status", "value.amount", "value.currency"),
    "contributors": ("partnerId", "role", "value.amount", "value.currency"),
}
DATES = ("signedDate", "inForceDate", "statusDate", "period.startDate", "period.endDate")


@dataclass
class Register:
    """The tables that the workbook is made of."""

    year: int
    """The one reported."""
    contracts: pd.DataFrame
    partners: pd.DataFrame
    contributions: pd.DataFrame
    deliveries: pd.DataFrame
    payments: pd.DataFrame
    milestones: pd.DataFrame
    entries: pd.DataFrame
    """Of the order book."""
    customers: pd.DataFrame
    """Standing of each customer in each year."""
    markets: pd.DataFrame
    """Standing of each country in each year."""
    contributors: pd.DataFrame
    """Standing of each contributing enterprise in each year."""
    order_book: pd.Series
    """By year, in dollars."""

    @property
    def years(self) -> list[int]:
        return list(range(self.year - HISTORY + 1, self.year + 1))

    @property
    def signed(self) -> pd.DataFrame:
        """The firm contracts of the years shown."""
        contracts = self.contracts
        return contracts[contracts["firm"] & contracts["year"].isin(self.years)]


def compute(
    records: list[dict[str, Any]], partners: pd.DataFrame, rates: pd.DataFrame, regions: pd.DataFrame
) -> Register:
    partners = partners.merge(regions, on="countryCode", how="left")
    documents = pd.DataFrame(records).reindex(columns=[*MEMBERS, *CHILDREN])
    children = {name: children_of(documents, name) for name in CHILDREN}
    contracts = contracts_of(documents, children["amendments"], partners)
    year = int(contracts["year"].max())
    contracts["rate"] = rates_on(rates, contracts["value.currency"], contracts["signedDate"])
    contracts["signedValue"] = (contracts["atSigning"] * contracts["rate"]).round(2)
    averages = average_rates(rates, year - 1)
    constant = contracts["atSigning"] * contracts["value.currency"].map(averages)
    contracts["constantValue"] = constant.round(2)
    for name, rows in children.items():
        children[name] = with_contract(rows, contracts)
    amendments, deliveries = amendments_of(children["amendments"]), deliveries_of(children["deliveries"])
    milestones, payments = children["milestones"], children["payments"]
    milestones["amountUSD"] = (milestones["value.amount"] * milestones["contractRate"]).round(2)
    payments["rate"] = rates_on(rates, payments["value.currency"], payments["date"])
    payments["paidUSD"] = (payments["value.amount"] * payments["rate"]).round(2)
    contributions = children["contributors"]
    contributions = contributions[contributions["role"].isin(["contributor", "supplier"])].merge(
        partners[["id", "country"]].rename(columns={"id": "partnerId", "country": "partnerCountry"}),
        on="partnerId",
        how="left",
    )
    entries = book_entries(contracts, amendments, deliveries)
    firm = contracts[contracts["firm"]]
    years = range(year - HISTORY + 1, year + 1)
    return Register(
        year=year,
        contracts=contracts,
        partners=partners,
        contributions=contributions,
        deliveries=deliveries,
        payments=payments,
        milestones=milestones,
        entries=entries,
        customers=standings(firm, "customerId", years),
        markets=standings(firm, "country", years),
        contributors=standings(
            contributions.assign(year=contributions["signedDate"].dt.year), "partnerId", years
        ),
        order_book=order_book(entries, rates, years),
    )


def children_of(documents: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return one row for each item of an array, with the id of its contract."""
    rows = documents[["id", name]].explode(name).dropna(subset=[name])
    items = pd.json_normalize(rows[name].tolist()).reindex(columns=list(CHILDREN[name]))
    items.insert(0, "contract", rows["id"].to_numpy())
    for column in items.columns.intersection(["date", "dueDate", "dateMet"]):
        items[column] = pd.to_datetime(items[column])
    return items


def contracts_of(documents: pd.DataFrame, amendments: pd.DataFrame, partners: pd.DataFrame) -> pd.DataFrame:
    nested = documents[["value", "period"]].to_dict("records")
    flat = pd.json_normalize(nested).reindex(
        columns=["value.amount", "value.currency", "period.startDate", "period.endDate"]
    )
    contracts = documents.drop(columns=["value", "period", *CHILDREN]).join(flat)
    for column in DATES:
        contracts[column] = pd.to_datetime(contracts[column])
    customers = partners[["id", "name", "countryCode", "country", "region", "subregion", "formerSuppliers"]]
    contracts = contracts.merge(
        customers.rename(columns={"id": "customerId", "name": "customer"}), on="customerId", how="left"
    )
    first = amendments.sort_values("date", kind="stable").drop_duplicates("contract")
    first_value = contracts["id"].map(first.set_index("contract")["valueBefore.amount"])
    contracts["atSigning"] = first_value.fillna(contracts["value.amount"])
    contracts["year"] = contracts["signedDate"].dt.year
    cancelled_early = (contracts["status"] == "cancelled") & ~(
        contracts["statusDate"].dt.year > contracts["year"]
    )
    contracts["firm"] = (contracts["agreementType"] != "framework") & ~cancelled_early
    ended = contracts["statusDate"].fillna(contracts["period.endDate"])
    contracts["activeTo"] = ended.where(contracts["status"].isin(CLOSED))
    return contracts


def with_contract(rows: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with what is needed of their contracts."""
    facts = contracts[["id", "firm", "signedDate", "activeTo", "country", "region", "rate"]]
    return rows.merge(
        facts.rename(columns={"id": "contract", "rate": "contractRate"}), on="contract", how="left"
    )


def amendments_of(amendments: pd.DataFrame) -> pd.DataFrame:
    change = amendments["valueAfter.amount"] - amendments["valueBefore.amount"]
    return amendments.assign(
        currency=amendments["valueAfter.currency"],
        amount=change,
        amountUSD=(change * amendments["contractRate"]).round(2),
    )


def deliveries_of(deliveries: pd.DataFrame) -> pd.DataFrame:
    amount = deliveries["value.amount"]
    return deliveries.assign(
        currency=deliveries["value.currency"],
        amount=amount,
        amountUSD=(amount * deliveries["contractRate"]).round(2),
    )


# --- exchange rates ---------------------------------------------------------------------------------


def rates_on(rates: pd.DataFrame, currencies: pd.Series, days: pd.Series) -> pd.Series:
    """Return the dollars for one unit at the last rate on or before each day, if it is not too old."""
    wanted = pd.DataFrame({"currency": currencies, "date": days}).dropna().sort_values("date").reset_index()
    dated = rates.assign(date=rates["date"].astype(wanted["date"].dtype))
    found = pd.merge_asof(wanted, dated, on="date", by="currency", tolerance=OLDEST_RATE).set_index("index")
    return found["dollars"].mask(found["currency"] == "USD", 1.0).reindex(currencies.index)


def average_rates(rates: pd.DataFrame, year: int) -> pd.Series:
    """Return the dollars for one unit of each currency at the mean of a year's quotations."""
    quoted = (
        rates[rates["date"].dt.year == year].groupby(["currency", "inDollars"], as_index=False)["rate"].mean()
    )
    dollars = quoted["rate"].where(quoted["inDollars"], 1 / quoted["rate"])
    return pd.concat([pd.Series({"USD": 1.0}), pd.Series(dollars.to_numpy(), index=quoted["currency"])])


# --- order book -------------------------------------------------------------------------------------


def book_entries(contracts: pd.DataFrame, amendments: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    """Return what changed the order book; what is left of a closed contract leaves it when it is closed."""
    columns = ["movement", "contract", "date", "currency", "amount", "amountUSD"]
    signed = contracts[contracts["firm"]].rename(
        columns={
            "signedDate": "date",
            "value.currency": "currency",
            "atSigning": "amount",
            "signedValue": "amountUSD",
        }
    )
    signed = signed.assign(movement="Signed", contract=signed["id"])
    amended = amendments[amendments["firm"]].assign(movement="Amended")
    delivered = deliveries[deliveries["firm"]].assign(movement="Delivered")
    delivered[["amount", "amountUSD"]] *= -1
    parts = [frame[columns] for frame in (signed, amended, delivered)]
    changed = pd.concat(parts, ignore_index=True)
    left = changed.groupby("contract")[["amount", "amountUSD"]].sum()
    closed = signed[signed["status"].isin(CLOSED)].drop(columns=["amount", "amountUSD"])
    closed = closed.merge(left, left_on="id", right_index=True)
    closed = closed[closed["amount"].abs() >= 0.005].assign(  # half a cent
        movement="Cancelled or closed", date=lambda frame: frame["activeTo"]
    )
    closed[["amount", "amountUSD"]] *= -1
    return pd.concat([changed, closed[columns]], ignore_index=True).sort_values(["date", "contract"])


def order_book(entries: pd.DataFrame, rates: pd.DataFrame, years: Iterable[int]) -> pd.Series:
    """Return the order book at the end of each year, at the rates of that day."""
    found = {}
    for year in years:
        end = pd.Timestamp(year, 12, 31)
        amounts = entries[entries["date"] <= end].groupby("currency", as_index=False)["amount"].sum()
        days = pd.Series(end, index=amounts.index)
        found[year] = (amounts["amount"] * rates_on(rates, amounts["currency"], days)).round(2).sum()
    return pd.Series(found)


# --- standings --------------------------------------------------------------------------------------


def standings(rows: pd.DataFrame, entity: str, years: Iterable[int]) -> pd.DataFrame:
    """Return entity, year and whether it is new, returning, retained or lapsed in that year."""
    signed = pd.crosstab(rows[entity], rows["year"]) > 0
    everything = range(min(signed.columns, default=0), max(years, default=0) + 1)
    signed = signed.reindex(columns=[*everything], fill_value=False)
    parts = []
    for year in years:
        now = signed[year]
        before = signed.loc[:, [earlier for earlier in everything if earlier < year]].any(axis=1)
        recent = [earlier for earlier in everything if year - LOOKBACK <= earlier < year]
        recently = signed.loc[:, recent].any(axis=1)
        status = np.select(
            [now & recently, now & before, now, recently], ["Retained", "Returning", "New", "Lapsed"], ""
        )
        part = pd.DataFrame({entity: signed.index, "year": year, "standing": status})
        parts.append(part[part["standing"] != ""])
    return pd.concat(parts, ignore_index=True)
