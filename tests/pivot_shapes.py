"""Pivots of every shape over one awkward table, drawn at random but always the same, for tests of sheets."""

import random
from decimal import Decimal
from typing import Any

from sales import MEASURES, Sale

REGIONS = ("North", "north", "South ", "Östland", "Жук", None, "")
PRODUCTS = (
    "01",
    "1",
    "1e2",
    "100",
    "*",
    "?x",
    ">5",
    "=A1",
    "TRUE",
    "May 2017",
    "Pumps",
    'With "quotes"',
    "a~b",
)
ROWS = ["region", "product", "customer", "size", "urgent", {"field": "day", "by": "year"}]
COLUMNS = ["urgent", "size", {"field": "day", "by": "year"}, {"field": "day", "by": "quarter"}]
SHOWS = ("share", "shareOfRow", "shareOfColumn", "difference", "differencePercent", "runningTotal")


def awkward_sales(count: int = 90, seed: int = 5) -> list[Sale]:
    """Return sales with labels that Excel takes for something else, and with every kind of gap."""
    pick = random.Random(seed)  # noqa: S311  # no secret
    return [
        Sale(
            region=pick.choice(REGIONS),
            product=pick.choice(PRODUCTS),
            customer=pick.choice("ABC"),
            amount=Decimal(pick.randrange(-200, 100_000)) / 100,
            year=pick.choice((2015, 2016, 2017)),
            size=pick.choice((1, 2, 10)),
            urgent=pick.choice((True, False, None)),
        )
        for _ in range(count)
    ]


def shapes(mode: str, count: int, seed: int) -> dict[str, dict[str, Any]]:
    """Return pivots of a mode by name, no two of the same shape."""
    pick = random.Random(f"{mode} {seed}")  # noqa: S311  # likewise
    return {f"p{number}": _shape(pick, mode, number) for number in range(count)}


def _shape(pick: random.Random, mode: str, number: int) -> dict[str, Any]:
    axes = pick.sample(ROWS, 3)
    free = [axis for axis in COLUMNS if _field(axis) not in map(_field, axes)]
    across = pick.sample(free, min(pick.randrange(3), len(free)))
    if len({_field(axis) for axis in across}) < len(across):
        across = across[:1]
    names = ["value", "rows", "mean", "urgentRows"] if mode == "native" else [*_LIVE, "urgentShare"]
    values: list[dict[str, Any]] = [
        {"measure": name} for name in pick.sample(names, pick.choice((1, 1, 2, 3)))
    ]
    if values[0]["measure"] in ("value", "rows"):
        values += [
            {"measure": values[0]["measure"], "show": show} for show in pick.sample(SHOWS, pick.randrange(2))
        ]
    found = {
        "title": f"Shape {number}",
        "mode": mode,
        "rows": axes[: pick.choice((1, 2, 2, 3))],
        "columns": across,
        "values": values,
        "form": pick.choice(
            ("outline", "tabular") if mode == "native" else ("outline", "tabular", "compact")
        ),
        "subtotals": pick.random() < 0.7,
        "grandTotal": pick.random() < 0.8,
        "totalColumn": pick.random() < 0.8,
    }
    if pick.random() < 0.3:
        found["filters"] = [pick.choice((_single("customer"), _several("customer")))]
        found["rows"] = [axis for axis in found["rows"] if axis != "customer"] or ["region"]
    elif len(found["rows"]) == 1 and pick.random() < 0.5:
        found |= {"sort": {"by": 1}, "top": {"n": 2}}
    elif pick.random() < 0.3 and (mode == "formula" or values[0]["measure"] in ("value", "mean")):
        found["sort"] = {"by": 1}  # Excel and LibreOffice have ties in an order of their own
    return found


_LIVE = [name for name in MEASURES if name not in ("buyers", "median", "smallest", "largest")]


def _field(axis: Any) -> str:
    return axis if isinstance(axis, str) else axis["field"]


def _single(name: str) -> dict[str, Any]:
    return {"field": name, "values": ["A"]}


def _several(name: str) -> dict[str, Any]:
    return {"field": name, "values": ["A", "C"]}


def report_of(pivots: dict[str, dict[str, Any]], *, timed: bool) -> dict[str, Any]:
    """Return a report with each pivot on a sheet of its own; ``timed`` lets in the sales of 2017 alone."""
    when = {"when": {"in": "day"}} if timed else {}
    measures = {name: {"title": name, "of": "sales", **when, **each} for name, each in MEASURES.items()}
    sheets = [{"kind": "pivot", "name": name, "pivots": [name]} for name in pivots]
    return {
        "name": "shapes",
        "title": "Shapes",
        **({"date": "sales/day", "parameters": {"period": "2017", "history": 3}} if timed else {}),
        "tables": {"sales": {"title": "Sales", "from": "sales"}},
        "measures": measures | {"urgentShare": {"title": "urgentShare", "ratio": ["urgentRows", "rows"]}},
        "pivots": pivots,
        "sheets": [*sheets, {"kind": "checks", "name": "Checks"}],
    }
