"""Compute the headline figures and the pivots."""

import numpy as np
import pandas as pd

from tests.benchmarks.usual.register import Register

__all__ = ["customer_details", "pivots", "summary"]

TOP = 20
RANKED = {
    "Contracts": ("id", "count"),
    "Customers": ("customerId", "nunique"),
    "Countries": ("countryCode", "nunique"),
    "Signed value": ("signedValue", "sum"),
}


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
    delivered = register.deliveries[register.deliveries["firm"]]
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
        "New contributing enterprises": standing_figures(register.contributors, year, "")["New "],
        "Countries of contributing enterprises": active["partnerCountry"].nunique(),
        "Forms of cooperation used": signed["cooperationForm"].nunique(),
        "Product groups": signed["productGroup"].nunique(),
        **concentration(signed, "customerId", "customers"),
        **concentration(signed, "country", "countries"),
        "Order book": register.order_book[year],
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
    rows = register.milestones[register.milestones["firm"]]
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
    payment = rows["firm"] & (rows["type"] == "payment")
    return rows[payment & open_at_end & (rows["dueDate"] > end) & (rows["signedDate"] <= end)]


# --- pivots -----------------------------------------------------------------------------------------


def pivots(register: Register) -> dict[str, pd.DataFrame]:
    """Return every pivot by its sheet."""
    signed = register.signed
    payments = register.payments.assign(year=register.payments["date"].dt.year)
    received = payments[payments["year"].isin(register.years)]
    return {
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
    top = pd.concat([pivot.iloc[:TOP], other.to_frame().T, pivot.iloc[-1:]])
    return top.rename_axis(pivot.index.names)


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
    moved.loc["Closing"] = register.order_book
    return moved


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
