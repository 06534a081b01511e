"""The pivots of the annual results once more: every cell from the rows that belong to it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import SimpleNamespace as Row

from witness import Days, Facts, inside, total
from witness_figures import (
    STANDINGS,
    Number,
    contributions_in,
    customer_standings,
    distinct,
    divided,
    first_forms,
    first_forms_traditional,
    market_standings,
    scheduled_after,
    signed_in,
)

Labels = tuple[str, ...]
Aggregate = Callable[[list[Row]], Number]


@dataclass(frozen=True)
class PivotRow:
    """One row of a pivot: its labels, and one number per column."""

    kind: str
    labels: Labels
    values: tuple[Number, ...]


def _groups(rows: Iterable[Row], fields: Sequence[str]) -> dict[Labels, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[tuple(str(getattr(row, field) or "Not stated") for field in fields)].append(row)
    return dict(found)


def _amounts(rows: list[Row]) -> Number:
    return total(rows)


def _contracts(rows: list[Row]) -> Number:
    return len(rows)


def _counter(field: str) -> Aggregate:
    return lambda rows: distinct(rows, field)


@dataclass(frozen=True)
class Value:
    """One value field: the rows of the period and of the one before, and what is made of them."""

    rows: list[Row]
    aggregate: Aggregate
    show: str = "value"
    before: Sequence[Row] = ()

    def shown(self, fields: Sequence[str], kept: Callable[[Labels], bool]) -> Number:
        """Return the value of the groups that are ``kept``; None where they have no row."""
        return self._shown(self._of(self.rows, fields, kept), self._of(self.before, fields, kept))

    def whole(self) -> Number:
        """Return the value of all rows, which is a figure even where there are none."""
        if self.show == "cumulativeShare":
            return None
        return self._shown(self.aggregate(self.rows), self.aggregate(list(self.before)))

    def _shown(self, now: Number, before: Number) -> Number:
        if self.show == "share":
            return divided(now, self.aggregate(self.rows))
        if self.show in ("change", "changePercent"):
            change = None if now is None or before is None else now - before
            return change if self.show == "change" else divided(change, before)
        return now

    def _of(self, rows: Iterable[Row], fields: Sequence[str], kept: Callable[[Labels], bool]) -> Number:
        chosen = [row for labels, part in _groups(rows, fields).items() if kept(labels) for row in part]
        return self.aggregate(chosen) if chosen else None


def flat_pivot(
    fields: Sequence[str], values: Sequence[Value], by: int, top: int = 0, other: str = ""
) -> list[PivotRow]:
    """Return the rows of a pivot without column fields or subtotals, ordered by value ``by`` (0: label)."""
    groups = sorted({labels for value in values for labels in _groups(value.rows, fields)}, key=_folded)
    cells = {labels: [value.shown(fields, labels.__eq__) for value in values] for labels in groups}
    if by:
        groups.sort(key=lambda labels: _descending(cells[labels][by - 1]))
    rows = [PivotRow("body", labels, tuple(cells[labels])) for labels in groups]
    if top and len(groups) > top:
        rest = set(groups[top:])
        label_ = f"{other} ({len(rest)})"
        rows = [
            *rows[:top],
            PivotRow(
                "other",
                (label_, *("" for _ in fields[1:])),
                tuple(value.shown(fields, rest.__contains__) for value in values),
            ),
        ]
    rows = _with_running_shares(rows, values)
    whole = PivotRow("total", _total_labels(fields), tuple(value.whole() for value in values))
    return [*rows, whole] if rows else []


def _total_labels(fields: Sequence[str]) -> Labels:
    return ("Total", *("" for _ in fields[1:]))


def _folded(labels: Labels) -> tuple[str, ...]:
    return tuple(text.casefold() for text in labels)


def _descending(number: Number) -> tuple[bool, Fraction]:
    return number is None, -Fraction(number or 0)


def _with_running_shares(rows: list[PivotRow], values: Sequence[Value]) -> list[PivotRow]:
    """Replace the values of each running share by the share of all rows down to this one."""
    for position, value in enumerate(values):
        if value.show != "cumulativeShare":
            continue
        whole, running = value.aggregate(value.rows), Fraction()
        for number, row in enumerate(rows):
            running += Fraction(row.values[position] or 0)
            share = divided(running, whole)
            rows[number] = PivotRow(
                row.kind, row.labels, (*row.values[:position], share, *row.values[position + 1 :])
            )
    return rows


def crossed_pivot(
    fields: Sequence[str],
    parts: Sequence[Sequence[Row]],
    aggregate: Aggregate,
    order: int | None,
) -> list[PivotRow]:
    """Return the rows of a pivot with one column per part and one for all, subtotals included.

    Rows are ordered by the column at ``order``, the largest first, or by label where that is None.
    """
    columns = [*map(list, parts), [row for part in parts for row in part]]

    def cells(labels: Labels) -> tuple[Number, ...]:
        return tuple(_cell(column, fields[: len(labels)], labels, aggregate) for column in columns)

    def children(parent: Labels) -> list[PivotRow]:
        depth = len(parent) + 1
        known = {labels for labels in _groups(columns[-1], fields[:depth]) if labels[:-1] == parent}
        kind = "body" if depth == len(fields) else "subtotal"
        padding = ("",) * (len(fields) - depth)
        rows = [(labels, cells(labels)) for labels in sorted(known, key=_folded)]
        if order is not None:
            rows.sort(key=lambda row: _descending(row[1][order]))
        found = []
        for labels, values in rows:
            found.append(PivotRow(kind, (*labels, *padding), values))
            found += children(labels) if depth < len(fields) else []
        return found

    whole = PivotRow("total", _total_labels(fields), tuple(aggregate(column) for column in columns))
    return [*children(()), whole] if columns[-1] else []


def _cell(rows: Sequence[Row], fields: Sequence[str], labels: Labels, aggregate: Aggregate) -> Number:
    chosen = _groups(rows, fields).get(labels, [])
    return aggregate(chosen) if chosen else None


def _in_one_spelling(contracts: Sequence[Row]) -> list[Row]:
    """Return the contracts with each product spelt as most of them spell it."""
    spelt = Counter(row.product for row in contracts if row.product)
    usual = {text.casefold(): text for text, _ in reversed(spelt.most_common())}
    return [
        Row(**vars(row) | {"product": row.product and usual[row.product.casefold()]}) for row in contracts
    ]


def pivots(known: Facts) -> dict[str, list[PivotRow]]:
    """Return the rows of every pivot of the report."""
    known = replace(known, contracts=_in_one_spelling(known.contracts))
    days, before = known.periods[-1], known.periods[-2]
    return {**_pivots_of_signing(known, days, before), **_pivots_of_others(known, days, before)}


def _pivots_of_signing(known: Facts, days: Days, before: Days) -> dict[str, list[PivotRow]]:
    signed, earlier = signed_in(known, days), signed_in(known, before)
    history = [signed_in(known, span) for span in known.periods]
    contracts = Value(signed, _contracts)
    countries = Value(signed, _counter("code"))
    value, share = Value(signed, _amounts), Value(signed, _amounts, "share")
    running = Value(signed, _amounts, "cumulativeShare")
    change = Value(signed, _amounts, "changePercent", earlier)
    current = len(history) - 1
    return {
        "regionByYear": crossed_pivot(("region", "country"), history, _amounts, current),
        "productsByYear": crossed_pivot(("product",), history, _amounts, current),
        "subregions": flat_pivot(("subregion",), [countries, contracts, value, share, change], 3),
        "countries": flat_pivot(
            ("country",),
            [contracts, Value(signed, _counter("customer_id")), value, share, running, change],
            3,
        ),
        "topCustomers": flat_pivot(
            ("customer", "customer_id"),
            [contracts, value, share, running],
            2,
            known.settings.top,
            "Other customers",
        ),
        "forms": flat_pivot(
            ("form",),
            [contracts, Value(signed, _contracts, "share"), countries, value, share, change],
            4,
        ),
        "categories": flat_pivot(("category",), [contracts, value, share], 2),
        "products": flat_pivot(("product",), [contracts, countries, value, share, change], 3),
    }


def _pivots_of_others(known: Facts, days: Days, before: Days) -> dict[str, list[PivotRow]]:
    customers, markets = customer_standings(known, days), market_standings(known, days)
    new = [row for row in customers if row.status == "New"]
    converted = [row for row in customers if row.status in ("New", "Returning") and row.former_suppliers]
    active, earlier = contributions_in(known, days), contributions_in(known, before)
    enterprises = _counter("partner")
    scheduled = scheduled_after(known, days)
    paid = [[row for row in known.payments if inside(row.date, span)] for span in known.periods]
    present = [status for status in STANDINGS if any(row.status == status for row in customers)]
    return {
        "standingByRegion": crossed_pivot(
            ("region",),
            [[row for row in customers if row.status == status] for status in present],
            _contracts,
            None,
        ),
        "newCustomersByRegion": flat_pivot(
            ("region",), [Value(new, _contracts), Value(new, _amounts), Value(converted, _contracts)], 1
        ),
        "markets": flat_pivot(
            ("status",),
            [
                Value([row for row in markets if row.entity is not None], _contracts),
                Value(markets, lambda rows: sum(row.contracts for row in rows)),
                Value(markets, _amounts),
                Value(markets, _amounts, "share"),
            ],
            3,
        ),
        "firstForms": flat_pivot(("form", "id"), [Value(first_forms(known, days), _contracts)], 0),
        "firstFormsTraditional": flat_pivot(
            ("country", "form", "id"), [Value(first_forms_traditional(known, days), _contracts)], 0
        ),
        "contributorsByCountry": flat_pivot(
            ("country",),
            [
                Value(active, enterprises),
                Value(active, enterprises, "share"),
                Value(active, enterprises, "change", earlier),
            ],
            1,
        ),
        "inflowByYear": crossed_pivot(("region",), paid, _amounts, len(paid) - 1),
        "scheduled": flat_pivot(
            ("year",), [Value(scheduled, _amounts), Value(scheduled, _amounts, "share")], 0
        ),
    }
