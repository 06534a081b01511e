"""Turn a register into a workbook of annual results as it is usually done: pandas, a validator, XlsxWriter.

This is what the benchmark ``job`` compares with. It is written as one would write it for use: whole columns
at a time, one validator for all records, one merge for each lookup.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["build"]

Errors = Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]
"""A record -> the path and the message of everything that is wrong with it."""

CLOSED = ("completed", "cancelled", "terminated", "lapsed")
HISTORY = 6
LOOKBACK = 3
TOP = 20
OLDEST_RATE = pd.Timedelta(days=31)
MONEY, COUNT, SHARE = "#,##0.00", "#,##0", "0.0%"
CHILDREN = {
    "amendments": ("id", "date", "valueBefore.amount", "valueAfter.amount", "valueAfter.currency"),
    "deliveries": ("id", "date", "itemId", "quantity", "value.amount", "value.currency"),
    "payments": ("id", "date", "value.amount", "value.currency"),
    "milestones": ("id", "type", "dueDate", "dateMet", "status", "value.amount", "value.currency"),
    "contributors": ("partnerId", "role", "value.amount", "value.currency"),
}
DETAILS = (
    *("id", "number", "title", "agreementType", "parentContractId", "customerId", "customer", "country"),
    *("region", "category", "productGroup", "cooperationForm", "signedDate", "year", "inForceDate"),
    *("period.startDate", "period.endDate", "status", "statusDate", "value.amount", "value.currency"),
    *("atSigning", "rate", "signedValue", "constantValue", "firm"),
)
RANKED = {
    "Contracts": ("id", "count"),
    "Customers": ("customerId", "nunique"),
    "Countries": ("countryCode", "nunique"),
    "Signed value": ("signedValue", "sum"),
}
DATES = ("signedDate", "inForceDate", "statusDate", "period.startDate", "period.endDate")


def build(folder: Path, output: Path, contract_errors: Errors, partner_errors: Errors) -> None:
    """Read, check, compute and write; ValueError, with the first errors, where the data has any."""
    records = read_contracts(folder)
    partners = read_partners(folder)
    check("contracts", records, contract_errors)
    check("partners", partner_records(partners), partner_errors)
    register = compute(records, partners, read_rates(folder), read_regions(folder))
    write(register, output)


# --- read -------------------------------------------------------------------------------------------


def read_contracts(folder: Path) -> list[dict[str, Any]]:
    with (folder / "contracts.ndjson").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_partners(folder: Path) -> pd.DataFrame:
    # NA is Namibia.
    return pd.read_csv(folder / "partners.csv", dtype=str, keep_default_na=False, na_values=[""])


def read_rates(folder: Path) -> pd.DataFrame:
    """Return currency, date, the rate as it is quoted, and whether it is dollars for one unit."""
    rates = pd.read_csv(folder / "rates.csv", parse_dates=["date"])
    rates["inDollars"] = rates["to"] == "USD"
    rates["currency"] = rates["from"].where(rates["inDollars"], rates["to"])
    return rates.sort_values("date")[["currency", "date", "rate", "inDollars"]]


def read_regions(folder: Path) -> pd.DataFrame:
    regions = pd.read_csv(folder / "regions.csv", dtype=str, keep_default_na=False, na_values=[""])
    return regions[["code", "name", "grouping", "subregion"]].rename(
        columns={"code": "countryCode", "name": "country", "grouping": "region"}
    )


# --- check ------------------------------------------------------------------------------------------


def check(name: str, records: Iterable[dict[str, Any]], errors: Errors) -> None:
    """Hold every record against its schema and look for ids that stand twice."""
    seen: set[str] = set()
    found = []
    for record in records:
        found += [f"{name} {record.get('id')}: {path}: {message}" for path, message in errors(record)]
        if record.get("id") in seen:
            found.append(f"{name} {record['id']}: the id stands twice")
        seen.add(record.get("id", ""))
    if found:
        message = f"{len(found)} errors in {name}, such as\n" + "\n".join(found[:10])
        raise ValueError(message)


def partner_records(partners: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the partners as their schema describes them: lists for what semicolons separate."""
    for row in partners.to_dict("records"):
        record = {name: value for name, value in row.items() if isinstance(value, str)}
        for name in ("aliases", "roles", "formerSuppliers"):
            if name in record:
                record[name] = [part.strip() for part in record[name].split(";")]
        identifier = {part: record.pop(f"identifier/{part}", None) for part in ("scheme", "id")}
        yield record | {"identifier": identifier}


# --- compute ----------------------------------------------------------------------------------------


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
    contributorStandings: pd.DataFrame  # noqa: N815  # named as the sheet is
    orderBook: pd.Series  # noqa: N815
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
    documents = pd.DataFrame(records).reindex(columns=[*dict.fromkeys([*documents_of(records), *CHILDREN])])
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
        contributorStandings=standings(
            contributions.assign(year=contributions["signedDate"].dt.year), "partnerId", years
        ),
        orderBook=order_book(entries, rates, years),
    )


def documents_of(records: list[dict[str, Any]]) -> Iterable[str]:
    """Return the names of all members of the records, the optional ones of the schema included."""
    optional = ("parentContractId", "inForceDate", "statusDate", "period", "agreementType", "productGroup")
    return dict.fromkeys([*(name for record in records for name in record), *optional])


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
    contracts = documents.drop(columns=["value", "period", "items", *CHILDREN], errors="ignore").join(flat)
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
    dollars = found["rate"].where(found["inDollars"].eq(True), 1 / found["rate"])  # noqa: FBT003
    return dollars.mask(found["currency"] == "USD", 1.0).reindex(currencies.index)


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
    amended = amendments[amendments["firm"].eq(True)].assign(movement="Amended")  # noqa: FBT003
    delivered = deliveries[deliveries["firm"].eq(True)].assign(movement="Delivered")  # noqa: FBT003
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


# --- figures ----------------------------------------------------------------------------------------


def summary(register: Register) -> pd.DataFrame:
    """Return one row for each figure and one column for each year, then the change and averages."""
    figures = pd.DataFrame({year: figures_of(register, year) for year in register.years})
    before, now = figures[register.year - 1], figures[register.year]
    figures["Change"] = now - before
    figures["Change, %"] = (now - before) / before.where(before != 0)
    for length in (3, 5):
        figures[f"Average of {length} years"] = figures[register.years[-length:]].mean(axis=1)
    return figures.rename_axis("Figure")


def figures_of(register: Register, year: int) -> dict[str, float]:
    signed = register.signed[register.signed["year"] == year]
    values = signed["signedValue"]
    contracts = register.contracts
    active = active_contributions(register, year)
    delivered = register.deliveries[register.deliveries["firm"].eq(True)]  # noqa: FBT003
    delivered_value = delivered.loc[delivered["date"].dt.year == year, "amountUSD"].sum()
    in_force = values[signed["inForceDate"] <= pd.Timestamp(year, 12, 31)].sum()
    return {
        "Signed value": values.sum(),
        "Signed value at constant currency": signed["constantValue"].sum(),
        "Contracts signed": len(signed),
        "Mean value of a contract": values.mean(),
        "Median value of a contract": values.median(),
        "Largest contract": values.max(),
        "Framework agreements signed": int(
            ((contracts["agreementType"] == "framework") & (contracts["year"] == year)).sum()
        ),
        "Customer countries": signed["countryCode"].nunique(),
        "Customers": signed["customerId"].nunique(),
        **standing_figures(register.customers, year, "customers"),
        **standing_figures(register.markets, year, "markets"),
        "Contributing enterprises": active["partnerId"].nunique(),
        "New contributing enterprises": standing_figures(register.contributorStandings, year, "")["New "],
        "Countries of contributing enterprises": active["partnerCountry"].nunique(),
        "Forms of cooperation used": signed["cooperationForm"].nunique(),
        "Product groups": signed["productGroup"].nunique(),
        **concentration(signed, "customerId", "customers"),
        **concentration(signed, "country", "countries"),
        "Order book": register.orderBook[year],
        "Delivered value": delivered_value,
        "Book-to-bill": values.sum() / delivered_value if delivered_value else np.nan,
        "Of the signed value, in force": in_force,
        **milestone_figures(register, year),
        "Payments received": register.payments.loc[
            register.payments["date"].dt.year == year, "paidUSD"
        ].sum(),
        "Scheduled payments": scheduled(register, year)["amountUSD"].sum(),
    }


def standing_figures(rows: pd.DataFrame, year: int, noun: str) -> dict[str, float]:
    counts = rows.loc[rows["year"] == year, "standing"].value_counts()
    return {
        f"{standing} {noun}": int(counts.get(standing, 0))
        for standing in ("New", "Returning", "Retained", "Lapsed")
    }


def active_contributions(register: Register, year: int) -> pd.DataFrame:
    """Return the contributions to contracts signed by the year's end and not closed before its start."""
    rows = register.contributions
    open_then = rows["activeTo"].isna() | (rows["activeTo"] >= pd.Timestamp(year, 1, 1))
    return rows[(rows["signedDate"] <= pd.Timestamp(year, 12, 31)) & open_then]


def concentration(signed: pd.DataFrame, field: str, noun: str) -> dict[str, float]:
    shares = signed.groupby(field)["signedValue"].sum().sort_values(ascending=False)
    shares = shares / shares.sum()
    found = {f"Top {top} {noun}, share": shares.head(top).sum() for top in (1, 5, 10)}
    return found | {f"Concentration by {noun} (HHI)": ((100 * shares) ** 2).sum()}


def milestone_figures(register: Register, year: int) -> dict[str, float]:
    rows = register.milestones[register.milestones["firm"].eq(True)]  # noqa: FBT003
    open_when_due = rows["activeTo"].isna() | (rows["activeTo"] >= rows["dueDate"])
    due = rows[(rows["dueDate"].dt.year == year) & open_when_due]
    on_time = (due["dateMet"] <= due["dueDate"]).sum()
    end = pd.Timestamp(year, 12, 31)
    open_at_end = rows["activeTo"].isna() | (rows["activeTo"] > end)
    overdue = open_at_end & (rows["dueDate"] <= end) & ~(rows["dateMet"] <= end)
    return {
        "Milestones due": len(due),
        "Milestones met on time": int(on_time),
        "Milestones met on time, share": on_time / len(due) if len(due) else np.nan,
        "Milestones overdue": int(overdue.sum()),
    }


def scheduled(register: Register, year: int) -> pd.DataFrame:
    """Return the payment milestones of open contracts that fall due after the year."""
    rows, end = register.milestones, pd.Timestamp(year, 12, 31)
    open_at_end = rows["activeTo"].isna() | (rows["activeTo"] > end)
    payment = rows["firm"].eq(True) & (rows["type"] == "payment")  # noqa: FBT003
    return rows[payment & open_at_end & (rows["dueDate"] > end) & (rows["signedDate"] <= end)]


# --- pivots -----------------------------------------------------------------------------------------


def by_year(rows: pd.DataFrame, fields: list[str], value: str) -> pd.DataFrame:
    """Return the sums of a value by fields and year, with totals on both sides, the largest first."""
    pivot = rows.pivot_table(
        index=fields, columns="year", values=value, aggfunc="sum", margins=True, margins_name="Total"
    )
    return totals_last(pivot, pivot["Total"])


def totals_last(pivot: pd.DataFrame, order: pd.Series) -> pd.DataFrame:
    label = ("Total", *[""] * (pivot.index.nlevels - 1)) if pivot.index.nlevels > 1 else "Total"
    body = order.drop(index=label).sort_values(ascending=False).index
    return pivot.loc[[*body, label]]


def ranked(register: Register, fields: str | list[str]) -> pd.DataFrame:
    """Return contracts, customers, countries, value, shares and change of the year reported, by fields."""
    now = register.signed[register.signed["year"] == register.year]
    then = register.signed[register.signed["year"] == register.year - 1]
    pivot = now.assign(
        **{name: now[column] for name, (column, _) in RANKED.items()},
    ).pivot_table(
        index=fields,
        values=list(RANKED),
        aggfunc={name: aggregate for name, (_, aggregate) in RANKED.items()},
        margins=True,
        margins_name="Total",
    )[list(RANKED)]
    pivot = totals_last(pivot, pivot["Signed value"])
    whole = pivot["Signed value"].iloc[-1]
    before = then.groupby(fields)["signedValue"].sum().reindex(pivot.index)
    before.iloc[-1] = then["signedValue"].sum()
    pivot["Share"] = pivot["Signed value"] / whole
    pivot["Cumulative share"] = pivot["Share"].iloc[:-1].cumsum()
    pivot["Change"] = (pivot["Signed value"] - before) / before.where(before != 0)
    return pivot


def largest_customers(register: Register) -> pd.DataFrame:
    pivot = ranked(register, ["customer", "customerId"])
    rest = pivot.iloc[TOP:-1]
    if rest.empty:
        return pivot
    other = rest[["Contracts", "Signed value", "Share"]].sum().rename((f"Other customers ({len(rest)})", ""))
    return pd.concat([pivot.iloc[:TOP], other.to_frame().T, pivot.iloc[-1:]])


def customers_by_region(register: Register) -> pd.DataFrame:
    rows = register.customers[register.customers["year"] == register.year].merge(
        register.partners[["id", "region"]], left_on="customerId", right_on="id"
    )
    return pd.crosstab(rows["region"], rows["standing"], margins=True, margins_name="Total")


def markets_by_standing(register: Register) -> pd.DataFrame:
    rows = register.markets[register.markets["year"] == register.year]
    now = register.signed[register.signed["year"] == register.year]
    totals = now.groupby("country").agg(contracts=("id", "count"), value=("signedValue", "sum"))
    rows = rows.merge(totals, left_on="country", right_index=True, how="left")
    return rows.pivot_table(
        index="standing",
        values=["country", "contracts", "value"],
        aggfunc={"country": "count", "contracts": "sum", "value": "sum"},
        margins=True,
        margins_name="Total",
    )


def first_forms(register: Register) -> pd.DataFrame:
    """Return the forms of cooperation that were used for the first time in the year, and where."""
    firm = register.contracts[register.contracts["firm"]].dropna(subset=["cooperationForm"])
    first = firm.sort_values(["signedDate", "id"]).drop_duplicates(["country", "cooperationForm"])
    return first.loc[first["year"] == register.year, ["country", "cooperationForm", "id", "signedDate"]]


def contributors_by_country(register: Register) -> pd.DataFrame:
    now = active_contributions(register, register.year).groupby("partnerCountry")["partnerId"].nunique()
    then = active_contributions(register, register.year - 1).groupby("partnerCountry")["partnerId"].nunique()
    frame = pd.DataFrame({"Enterprises": now, "Change": now.sub(then, fill_value=0)})
    frame = frame.sort_values("Enterprises", ascending=False)
    frame.loc["Total"] = frame.sum()
    return frame


def scheduled_by_year(register: Register) -> pd.DataFrame:
    rows = scheduled(register, register.year)
    return rows.assign(year=rows["dueDate"].dt.year).pivot_table(
        index="year", values="amountUSD", aggfunc="sum", margins=True, margins_name="Total"
    )


def order_book_by_year(register: Register) -> pd.DataFrame:
    """Return the movements of each year, and the order book at its end."""
    entries = register.entries.assign(year=register.entries["date"].dt.year)
    moved = entries.pivot_table(index="movement", columns="year", values="amountUSD", aggfunc="sum")
    moved = moved.reindex(columns=register.years)
    moved.loc["Closing"] = register.orderBook
    return moved


# --- write ------------------------------------------------------------------------------------------


def write(register: Register, path: Path) -> None:
    signed = register.signed
    payments = register.payments.assign(year=register.payments["date"].dt.year)
    received = payments[payments["year"].isin(register.years)]
    pivots = {
        "Regions": by_year(signed, ["region", "country"], "signedValue"),
        "Sub-regions": ranked(register, "subregion"),
        "Countries": ranked(register, "country"),
        "Largest customers": largest_customers(register),
        "Customers": customers_by_region(register),
        "Markets": markets_by_standing(register),
        "Cooperation": ranked(register, "cooperationForm"),
        "First forms": first_forms(register).set_index(["country", "cooperationForm"]),
        "Categories": ranked(register, "category"),
        "Products": ranked(register, "productGroup"),
        "Products by year": by_year(signed, ["productGroup"], "signedValue"),
        "Contributors": contributors_by_country(register),
        "Order book": order_book_by_year(register),
        "Inflow": by_year(received, ["region"], "paidUSD"),
        "Scheduled": scheduled_by_year(register),
    }
    details = {
        "Contract data": register.contracts[[*DETAILS]].sort_values(["signedDate", "id"]),
        "Partner data": register.partners.drop(columns=["identifier/scheme", "identifier/id"]),
        "Customer standings": customer_details(register),
        "Order book entries": register.entries,
        "Payment data": payments[
            ["contract", "id", "date", "value.amount", "value.currency", "country", "region", "paidUSD"]
        ].sort_values(["date", "contract"]),
    }
    with pd.ExcelWriter(
        path, engine="xlsxwriter", date_format="yyyy-mm-dd", datetime_format="yyyy-mm-dd"
    ) as writer:
        write_pivot(writer, "Summary", f"Annual results {register.year}", summary(register))
        for name, pivot in pivots.items():
            write_pivot(writer, name, name, pivot)
        for name, frame in details.items():
            write_details(writer, name, frame)


def customer_details(register: Register) -> pd.DataFrame:
    now = register.customers[register.customers["year"] == register.year]
    names = register.partners[["id", "name", "country", "region", "formerSuppliers"]]
    signed = register.signed[register.signed["year"] == register.year].groupby("customerId")
    totals = signed.agg(contracts=("id", "count"), value=("signedValue", "sum"))
    return (
        now.merge(names, left_on="customerId", right_on="id")
        .drop(columns="id")
        .merge(totals, left_on="customerId", right_index=True, how="left")
        .sort_values(["standing", "name"])
    )


def write_pivot(writer: pd.ExcelWriter, name: str, title: str, frame: pd.DataFrame) -> None:
    """Write a title and a table below it, headings frozen and every column with its number format."""
    frame.to_excel(writer, sheet_name=name, startrow=2)
    book, sheet = writer.book, writer.sheets[name]
    sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.freeze_panes(3, frame.index.nlevels)
    header = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "align": "right"})
    levels = frame.index.nlevels
    for at, heading in enumerate([*frame.index.names, *frame.columns]):
        sheet.write(2, at, "" if heading is None else str(heading), header)
    sheet.set_column(0, levels - 1, 32)
    for at, heading in enumerate(frame.columns, levels):
        sheet.set_column(at, at, 18, book.add_format({"num_format": number_format(heading, frame[heading])}))


def number_format(heading: object, values: pd.Series) -> str:
    text = str(heading).lower()
    if "share" in text or text in ("change", "change, %"):
        return SHARE
    return COUNT if pd.api.types.is_integer_dtype(values) else MONEY


def write_details(writer: pd.ExcelWriter, name: str, frame: pd.DataFrame) -> None:
    """Write rows as an Excel table with a filter, headings frozen, widths by the first thousand rows."""
    frame.to_excel(writer, sheet_name=name, startrow=1, header=False, index=False)
    book, sheet = writer.book, writer.sheets[name]
    heads = [{"header": str(column)} for column in frame.columns]
    style = {"columns": heads, "name": name.replace(" ", ""), "style": "Table Style Light 1"}
    sheet.add_table(0, 0, max(len(frame), 1), len(heads) - 1, style)
    sheet.freeze_panes(1, 1)
    money, day = book.add_format({"num_format": MONEY}), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, column in enumerate(frame.columns):
        values = frame[column]
        width = min(max(values.head(1000).astype(str).str.len().max(), len(str(column))) + 2, 50)
        if pd.api.types.is_datetime64_any_dtype(values):
            sheet.set_column(at, at, 12, day)
        else:
            sheet.set_column(at, at, width, money if pd.api.types.is_float_dtype(values) else None)
