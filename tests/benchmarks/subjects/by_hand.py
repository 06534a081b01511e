"""The annual results asked of the bare engine: SQL written by hand, in `by_hand.sql`, and DuckDB.

It knows one report with its default parameters and the rates of the sample, where xlreport reads any
definition; in return its author could choose the quickest way for every figure. In Python it does what
SQL cannot do exactly (quotients, since DuckDB divides decimals as doubles) or has no need to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.benchmarks.subjects.answers import Answers, Number, Row

__all__ = ["STATEMENTS", "answered", "as_arrow", "as_lists"]

Fetch = Callable[[duckdb.DuckDBPyConnection, str], Any]
Ask = Callable[[str], list[tuple[Any, ...]]]
ByBack = Mapping[int, Sequence[Any]]
"""The row of each year, by the number of years back from the one reported."""

_BACK = range(5, -1, -1)
_MOVEMENTS = ("Signed", "Amended", "Delivered", "Cancelled or closed")
_DATA = ("Contract data", "Partner data", "Customer standings", "Order book entries", "Payment data")
_QUOTIENT, _EXACT = Context(prec=17), Context(prec=50)


def _statements() -> dict[str, str]:
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("-- name: ")[1:])
    return {name: statement for name, _, statement in parts}


STATEMENTS = _statements()
"""The statements of the SQL, by their names."""


def as_lists(connection: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[Any, ...]]:
    """Return a tuple of Python values per column."""
    return list(zip(*connection.execute(statement).fetchall(), strict=True))


def as_arrow(connection: duckdb.DuckDBPyConnection, statement: str) -> Any:
    """Return an Arrow table."""
    return connection.sql(statement).to_arrow_table()


def answered(tables: Mapping[str, pa.Table], fetch: Fetch) -> Answers:
    """Return the answers from tables that have the names of the SQL; ``fetch`` gets the data."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:  # which takes the least CPU
        for name, table in {**tables, "quoted": _shown(tables["quoted"])}.items():
            connection.register(name, table)
        for part in ("setting", "macros", "tables"):
            connection.execute(STATEMENTS[part])

        def ask(name: str) -> list[tuple[Any, ...]]:
            return connection.execute(STATEMENTS[name]).fetchall()

        ledger = _ledger(ask)
        return Answers(
            figures=_figures(ask, ledger),
            pivots=_pivots(ask),
            bridge=_bridge(ledger),
            data={name: fetch(connection, STATEMENTS[f"data {name}"]) for name in _DATA},
        )


def _shown(quoted: pa.Table) -> pa.Table:
    """Add the rates as they are shown: dollars for one unit, to 17 digits."""
    columns = (quoted[name].to_pylist() for name in ("millionths", "in_dollars"))
    rates = [
        _QUOTIENT.divide(Decimal(rate), Decimal(10**6))
        if in_dollars
        else _QUOTIENT.divide(Decimal(10**6), Decimal(rate))
        for rate, in_dollars in zip(*columns, strict=True)
    ]
    return quoted.append_column("shown", pa.array(rates, pa.decimal128(38, 25)))


def _divided(over: Number, under: Number) -> Number:
    return None if over is None or not under else _QUOTIENT.divide(Decimal(over), Decimal(under))


def _total(rows: int | None, value: Number) -> Number:
    """Return a sum, which of no rows is nothing."""
    return value if rows else 0


# --- figures ----------------------------------------------------------------------------------------


def _figures(ask: Ask, ledger: "_Ledger") -> dict[str, list[Number]]:
    signed, delivered = _by_back(ask("signed")), _by_back(ask("delivered"))
    found = {
        **_signing(signed),
        **_counts(ask),
        **_standing(ask),
        **_concentration(ask("concentration")),
        **_milestones(_by_back(ask("milestones"))),
    }
    found["orderBook"] = [ledger.balances.get(back, 0) for back in _BACK]
    found["deliveredValue"] = [_total(*delivered.get(back, (0, 0))) for back in _BACK]
    paid = _by_back(ask("paid"))
    found["inflow"] = [_total(*paid.get(back, (0, 0))) for back in _BACK]
    for name, over, under in (
        ("bookToBill", "signedValue", "deliveredValue"),
        ("coverYears", "orderBook", "deliveredValue"),
        ("inForceShare", "inForceValue", "signedValue"),
        ("onTimeShare", "milestonesOnTime", "milestonesDue"),
    ):
        found[name] = [_divided(*pair) for pair in zip(found[over], found[under], strict=True)]
    return found


def _by_back(rows: Iterable[Sequence[Any]]) -> dict[int, Sequence[Any]]:
    return {back: values for back, *values in rows}


def _columns(found: ByBack, names: Sequence[str]) -> dict[str, list[Number]]:
    """Return a figure per year for each column of the rows; 0 for what is not there."""
    nothing = (0,) * len(names)
    years = [found.get(back, nothing) for back in _BACK]
    return {name: [year[at] or 0 for year in years] for at, name in enumerate(names)}


def _signing(signed: ByBack) -> dict[str, list[Number]]:
    years = [signed[back] for back in _BACK]
    distinct = ("customerCountries", "customers", "formsUsed", "productGroups")
    return {
        "contractsSigned": [rows for rows, *_ in years],
        "signedValue": [_total(rows, value) for rows, value, *_ in years],
        "constantValue": [_total(rows, constant) for rows, _, constant, *_ in years],
        "meanContract": [_divided(value, known) for _, value, _, known, *_ in years],
        "medianContract": [
            None if lower is None else _EXACT.divide(lower + upper, Decimal(2))
            for lower, upper in (year[4:6] for year in years)
        ],
        "largestContract": [year[6] for year in years],
        **{name: [year[at] for year in years] for at, name in enumerate(distinct, 7)},
        "inForceValue": [_total(*year[11:]) for year in years],
    }


def _counts(ask: Ask) -> dict[str, list[Number]]:
    return {
        **_columns(_by_back(ask("frameworks")), ["frameworks"]),
        **_columns(_by_back(ask("expiring")), ["expiring"]),
        **_columns(
            _by_back(ask("contributors")), ["contributors", "newContributors", "contributorCountries"]
        ),
        **_columns(_by_back(ask("first uses")), ["firstForms", "firstFormsTraditional"]),
    }


def _standing(ask: Ask) -> dict[str, list[Number]]:
    customers = (
        *("newCustomers", "returningCustomers", "retainedCustomers", "lapsedCustomers"),
        *("customerStandings", "newCustomerValue", "conversions"),
    )
    markets = ("newMarkets", "traditionalMarkets", "marketCount", "marketValue", "marketContracts")
    return {
        **_columns(_by_back(ask("customers")), customers),
        **_columns(_by_back(ask("markets")), markets),
    }


def _concentration(rows: Iterable[Sequence[Any]]) -> dict[str, list[Number]]:
    sums = {(by_country, back): values for back, by_country, *values in rows}
    nothing = (None,) * 5
    found: dict[str, list[Number]] = {}
    for by_country, one, several in ((0, "Customer", "Customers"), (1, "Country", "Countries")):
        years = [sums.get((by_country, back), nothing) for back in _BACK]
        for at, name in enumerate((f"top1{one}", f"top5{several}", f"top10{several}"), 1):
            found[name] = [_divided(year[at], year[0]) for year in years]
        found[f"hhi{several}"] = [_index(total, squares) for total, *_, squares in years]
    return found


def _index(total: Decimal | None, squares: Decimal | None) -> Number:
    """Return the Herfindahl-Hirschman index from a sum and the sum of the squares."""
    if total is None or squares is None:
        return None
    return _divided(_EXACT.multiply(squares, Decimal(10_000)), _EXACT.multiply(total, total))


def _milestones(found: ByBack) -> dict[str, list[Number]]:
    names = ("milestonesDue", "milestonesOnTime", "milestonesOverdue")
    scheduled = [_total(*found[back][3:]) if back in found else 0 for back in _BACK]
    return {**_columns(found, names), "scheduledInflow": scheduled}


# --- the order book ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ledger:
    """The order book at the end of each year, and what moved it."""

    balances: Mapping[int, Number]
    movements: Mapping[tuple[str, int], Decimal]

    def moved_until(self, back: int) -> Decimal:
        return sum((value for (_, year), value in self.movements.items() if year >= back), Decimal(0))

    def gap(self, back: int) -> Decimal | None:
        """Return what the balance at the year's last rates has over that at the rates of its rows."""
        balance = self.balances.get(back, 0)
        return None if balance is None else balance - self.moved_until(back)


def _ledger(ask: Ask) -> _Ledger:
    movements = {(movement, back): value or Decimal(0) for movement, back, value in ask("movements")}
    return _Ledger(dict(ask("balances")), movements)


def _bridge(ledger: _Ledger) -> dict[str, list[Number]]:
    gaps = [(ledger.gap(back + 1), ledger.gap(back)) for back in _BACK]
    return {
        "opening": [ledger.balances.get(back + 1, 0) for back in _BACK],
        **{name: [ledger.movements.get((name, back), 0) for back in _BACK] for name in _MOVEMENTS},
        "revaluation": [None if old is None or new is None else new - old for old, new in gaps],
        "closing": [ledger.balances.get(back, 0) for back in _BACK],
    }


# --- pivots -----------------------------------------------------------------------------------------

Show = tuple[str, int]
"""What is shown (value, share, running, change, growth) of which column; before a change stands the next."""


def _pivots(ask: Ask) -> dict[str, list[Row]]:
    found = {name: _crossed(ask(f"pivot {name}"), *shape) for name, shape in _CROSSED.items()}
    found |= {name: _flat(ask(f"pivot {name}"), *shape) for name, shape in _FLAT.items()}
    found |= {name: _listed(ask(f"pivot {name}")) for name in ("firstForms", "firstFormsTraditional")}
    return {**found, "topCustomers": _top(ask("pivot topCustomers"))}


_GROWING = (("value", 0), ("value", 1), ("value", 2), ("share", 2), ("growth", 2))
_CROSSED: Mapping[str, tuple[int, int | None]] = {
    "regionByYear": (2, 5),
    "productsByYear": (1, 5),
    "inflowByYear": (1, 5),
    "standingByRegion": (1, None),
}
"""The number of fields, and the column that the rows go by."""
_FLAT: Mapping[str, tuple[Sequence[Show], int | None]] = {
    "subregions": (_GROWING, 2),
    "products": (_GROWING, 2),
    "countries": ((*_GROWING[:4], ("running", 2), ("growth", 2)), 2),
    "forms": (
        (("value", 0), ("share", 0), ("value", 1), ("value", 2), ("share", 2), ("growth", 2)),
        2,
    ),
    "categories": ((("value", 0), ("value", 1), ("share", 1)), 1),
    "newCustomersByRegion": ((("value", 0), ("value", 1), ("value", 2)), 0),
    "markets": ((("value", 0), ("value", 1), ("value", 2), ("share", 2)), 2),
    "contributorsByCountry": ((("value", 0), ("share", 0), ("change", 0)), 0),
    "scheduled": ((("value", 0), ("share", 0)), None),
}


def _flat(rows: Sequence[Sequence[Any]], shows: Sequence[Show], by: int | None) -> list[Row]:
    """Return the rows of a pivot of one field: label, level 0 for the total, and the columns."""
    body = sorted((row for row in rows if row[1]), key=lambda row: _rank(row[:1], row[2:], by))
    if not body:
        return []
    total = [value or 0 for value in next(row[2:] for row in rows if not row[1])]
    running: dict[int, Number] = {}
    found = [Row("body", _labels(row[:1]), _shown_values(shows, row[2:], total, running)) for row in body]
    return [*found, Row("total", ("Total",), _shown_values(shows, total, total, None))]


def _shown_values(
    shows: Sequence[Show],
    values: Sequence[Number],
    total: Sequence[Number],
    running: dict[int, Number] | None,
) -> tuple[Number, ...]:
    return tuple(_shown_value(show, at, values, total, running) for show, at in shows)


def _shown_value(
    show: str, at: int, values: Sequence[Number], total: Sequence[Number], running: dict[int, Number] | None
) -> Number:
    now = values[at]
    if show == "value":
        return now
    if show == "share":
        return _divided(now, total[at])
    if show == "running":
        if running is None:
            return None
        running[at] = (running.get(at) or 0) + (now or 0)
        return _divided(running[at], total[at])
    before = values[at + 1]
    change = None if now is None or before is None else now - before
    return change if show == "change" else _divided(change, before)


def _crossed(rows: Sequence[Sequence[Any]], fields: int, by: int | None) -> list[Row]:
    """Return the rows of a pivot with columns: labels, level, and a column for each item and for all."""
    total = next((row[fields + 1 :] for row in rows if not row[fields]), ())
    kept = [at for at, value in enumerate(total) if by is not None or value]
    if not any(row[fields] for row in rows):
        return []

    def below(parent: Sequence[Any]) -> Iterable[Row]:
        level = len(parent) + 1
        chosen = (row for row in rows if row[fields] == level and row[: level - 1] == parent)
        ranked = sorted(chosen, key=lambda row: _rank(row[level - 1 : level], row[fields + 1 :], by))
        for row in ranked:
            labels = (*_labels(row[:level]), *("",) * (fields - level))
            values = row[fields + 1 :]
            yield Row("body" if level == fields else "subtotal", labels, tuple(values[at] for at in kept))
            if level < fields:
                yield from below(row[:level])

    totals = tuple(total[at] or 0 for at in kept)
    return [*below(()), Row("total", ("Total", *("",) * (fields - 1)), totals)]


def _listed(rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Return a pivot that lists what there is, once each."""
    if not rows:
        return []
    body = [Row("body", _labels(row), (1,)) for row in sorted(rows, key=lambda row: _rank(row, (), None))]
    return [*body, Row("total", ("Total", *("",) * (len(rows[0]) - 1)), (len(rows),))]


def _top(rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Return the pivot of the largest customers, the last row of the SQL being all others."""
    shows = (("value", 0), ("value", 1), ("share", 1), ("running", 1))
    total = [sum(row[at] or 0 for row in rows) for at in (4, 5)]
    running: dict[int, Number] = {}
    found = []
    for customer, key, place, customers, *values in rows:
        labels = (f"Other customers ({customers:,})", "") if place > 20 else _labels((customer, key))
        kind = "other" if place > 20 else "body"
        found.append(Row(kind, labels, _shown_values(shows, values, total, running)))
    whole = Row("total", ("Total", ""), _shown_values(shows, total, total, None))
    return [*found, whole] if found else []


def _rank(labels: Sequence[Any], values: Sequence[Number], by: int | None) -> tuple[Any, ...]:
    named = [(label is None, (label or "").casefold(), label or "") for label in labels]
    if by is None:
        return (named,)
    return (values[by] is None, -(values[by] or 0), named)


def _labels(labels: Sequence[Any]) -> tuple[str, ...]:
    return tuple("Not stated" if label is None else str(label) for label in labels)
