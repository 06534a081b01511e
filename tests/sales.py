"""A table of sales and a report of it, for tests of the analysis: small enough to be reckoned by hand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from decimal import Decimal
from typing import Any

from xlreport import arrays
from xlreport.analysis.analyse import Inputs, analyse
from xlreport.analysis.regions import Regions
from xlreport.analysis.results import Analysis
from xlreport.spec import parse_report
from xlreport.tables import Column, Kind, Table


@dataclass(frozen=True)
class Sale:
    """One row of the table that the pivots are of."""

    region: str | None = "North"
    product: str | None = "Pumps"
    customer: str | None = "A"
    amount: Decimal | None = Decimal(1)
    year: int | dt.date | None = 2017
    """Its day, or the year of it."""
    size: int | None = 1
    urgent: bool | None = False


KINDS = (Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.DECIMAL, Kind.DATE, Kind.INTEGER, Kind.BOOLEAN)
NAMES = ("region", "product", "customer", "amount", "day", "size", "urgent")

MEASURES: Mapping[str, Mapping[str, Any]] = {
    "value": {"aggregate": "sum", "field": "amount", "unit": "money"},
    "rows": {"aggregate": "count"},
    "buyers": {"aggregate": "distinct", "field": "customer"},
    "mean": {"aggregate": "mean", "field": "amount", "unit": "money"},
    "median": {"aggregate": "median", "field": "amount", "unit": "money"},
    "largest": {"aggregate": "max", "field": "amount", "unit": "money"},
    "smallest": {"aggregate": "min", "field": "amount", "unit": "money"},
    "urgentRows": {"aggregate": "count", "where": {"field": "urgent", "is": True}},
    "urgentValue": {"aggregate": "sum", "field": "amount", "where": {"field": "urgent", "is": True}},
}
RATIOS = {
    "valuePerBuyer": ["value", "buyers"],
    "urgentShare": ["urgentRows", "rows"],
    "urgentValueShare": ["urgentValue", "value"],
}


def _day(year: int | dt.date | None) -> dt.date | None:
    return dt.date(year, 6, 30) if isinstance(year, int) else year


def table(sales: Sequence[Sale]) -> Table:
    columns = tuple(Column(name, name.capitalize(), kind) for name, kind in zip(NAMES, KINDS, strict=True))
    rows = [astuple(replace(sale, year=_day(sale.year))) for sale in sales]
    data = {
        column.name: arrays.joined(
            column.kind, [arrays.array(column.kind, [row[at] for row in rows], column.name)], column.name
        )
        for at, column in enumerate(columns)
    }
    positions = arrays.array(Kind.INTEGER, range(len(sales)), "positions")
    return Table("sales", "Sales", columns, data, positions)


def report(values: Sequence[object] = ("value",), **pivot: object) -> dict[str, Any]:
    """Return the definition of a report of 2017, with two years before it, that has one pivot.

    A value is the name of a measure, or a whole value field of the pivot.
    """
    measures = {
        name: {"title": name, "of": "sales", "when": {"in": "day"}, **measure}
        for name, measure in MEASURES.items()
    }
    ratios = {name: {"title": name, "ratio": parts, "unit": "ratio"} for name, parts in RATIOS.items()}
    fields = [value if isinstance(value, dict) else {"measure": value} for value in values]
    return {
        "name": "sales",
        "title": "Sales",
        "date": "sales/day",
        "parameters": {"period": "2017", "history": 3},
        "tables": {"sales": {"from": "sales"}},
        "measures": measures | ratios,
        "pivots": {"pivot": {"title": "Pivot", "rows": ["region"], "values": fields, **pivot}},
        "sheets": [{"kind": "pivot", "name": "Pivot", "pivots": ["pivot"]}],
    }


def analysis(sales: Sequence[Sale], document: Mapping[str, Any], **parameters: object) -> Analysis:
    """Return the analysis of a report of ``sales``."""
    return analyse(parse_report(document, **parameters), Inputs({"sales": table(sales)}, Regions(())))
