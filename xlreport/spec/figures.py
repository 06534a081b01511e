"""Records of a report definition that speak of figures: measures, pivots, bridges."""

from dataclasses import dataclass
from typing import Literal

from xlreport.spec.rows import Condition, Unit

__all__ = [
    "AnyMeasure",
    "Bridge",
    "Concentration",
    "Measure",
    "Pivot",
    "PivotValue",
    "Ratio",
    "Revalued",
    "Show",
    "Sort",
    "Top",
    "When",
]

# --- measures ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class When:
    """Which rows belong to a period: by a date in it, up to its end, a span over it, or its label."""

    kind: Literal["in", "upTo", "overlaps", "is", "always"] = "always"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate over the rows of a table in a period."""

    name: str
    title: str
    table: str
    aggregate: Literal["sum", "count", "distinct", "mean", "median", "max", "min"]
    field: str = ""
    where: Condition | None = None
    when: When = When()
    unit: Unit = "count"
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measure divided by another, level by level."""

    name: str
    title: str
    over: str
    under: str
    unit: Unit = "percent"
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much of a measure the largest few of a field hold; with ``top`` 0, the HHI (0 to 10,000)."""

    name: str
    title: str
    of: str
    by: str
    top: int = 0
    unit: Unit = "percent"
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Revalued:
    """A balance at the period's end: the sum per currency, converted at the rate of the last day."""

    name: str
    title: str
    table: str
    amount: str
    currency: str
    date: str
    unit: Unit = "money"
    definition: str = ""


AnyMeasure = Measure | Ratio | Concentration | Revalued

# --- pivots, bridges --------------------------------------------------------------------------------

Show = Literal["value", "share", "cumulativeShare", "change", "changePercent"]


@dataclass(frozen=True, slots=True)
class PivotValue:
    """One value field of a pivot."""

    measure: str
    show: Show = "value"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sort:
    """Order of the rows: by a value field (1-based; 0 sorts by label)."""

    by: int = 0
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Top:
    """Keep the first ``n`` rows after sorting and add the rest up as ``other``."""

    n: int
    other: str = "Other"


@dataclass(frozen=True, slots=True)
class Pivot:
    """A pivot-style summary: rows and columns by fields, values by measures."""

    name: str
    title: str
    rows: tuple[str, ...]
    values: tuple[PivotValue, ...]
    columns: tuple[str, ...] = ()
    """Empty, or one field, or ``period`` for one column per period of the history."""
    where: Condition | None = None
    subtotals: bool = True
    grand_total: bool = True
    sort: Sort = Sort()
    top: Top | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bridge:
    """From a balance at the period's start to the one at its end, by kind of movement."""

    name: str
    title: str
    balance: str
    """A `Revalued` measure."""
    movement: str
    """The field that names the kind of movement."""
    amount: str
    """The field with the movement in base currency."""
    order: tuple[str, ...] = ()
    note: str = ""
