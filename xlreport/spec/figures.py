"""Records of a report definition that speak of figures: measures, pivots, bridges."""

from dataclasses import dataclass
from typing import Final, Literal

from xlreport.spec.rows import Condition, Unit

__all__ = [
    "PERIOD",
    "AnyMeasure",
    "AxisField",
    "Bridge",
    "Concentration",
    "Grouping",
    "Measure",
    "Pivot",
    "PivotFilter",
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

PERIOD: Final = "period"
"""Stands for a field on the columns of a pivot: one column per period of the history."""

Show = Literal[
    "value",
    "share",
    "shareOfRow",
    "shareOfColumn",
    "cumulativeShare",
    "change",
    "changePercent",
    "difference",
    "differencePercent",
    "runningTotal",
    "rank",
]
"""What a value field shows: see `PivotValue`."""

_ALONG: Final = ("cumulativeShare", "difference", "differencePercent", "runningTotal", "rank")

Grouping = Literal["", "year", "quarter", "month"]


@dataclass(frozen=True, slots=True)
class AxisField:
    """A field on the rows or the columns of a pivot, or in its filters."""

    field: str
    by: Grouping = ""
    """How dates are grouped; empty for the values as they stand."""
    title: str = ""
    """Heading that readers see; the column's own where empty."""

    @property
    def name(self) -> str:
        """What the field is called within its pivot: ``signed by year``."""
        return f"{self.field} by {self.by}" if self.by else self.field


@dataclass(frozen=True, slots=True)
class PivotFilter:
    """A report filter: only the rows with one of its labels enter the pivot."""

    field: AxisField
    values: tuple[str, ...] = ()
    """Labels, as shown, that are let through; empty for all."""


@dataclass(frozen=True, slots=True)
class PivotValue:
    """One value field of a pivot."""

    measure: str
    show: Show = "value"
    """The value itself; its share of the grand total, of its row's or its column's total; the share down to
    this line; the change from the period before; the difference from the item before; the total down to this
    line; the rank, 1 for the largest."""
    title: str = ""
    base: str = ""
    """Name of the axis field along which differences, running totals and shares, and ranks go."""
    number_format: str = ""
    """Excel's number format; that of the measure's unit where empty."""
    bars: bool = False
    """Whether a bar stands in each of its cells; shares have them in any case."""

    @property
    def is_change(self) -> bool:
        """Whether it compares with the period before."""
        return self.show in ("change", "changePercent")

    @property
    def goes_along(self) -> bool:
        """Whether what it shows goes along a base field, from item to item."""
        return self.show in _ALONG


@dataclass(frozen=True, slots=True)
class Sort:
    """Order of the rows or the columns: by a value field (1-based; 0 sorts by label)."""

    by: int = 0
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Top:
    """Keep the first ``n`` rows after sorting and add the rest up as ``other``."""

    n: int
    other: str = "Other"
    """Label of the line with the rest; empty where the rest is left out of the pivot, its totals included."""


@dataclass(frozen=True, slots=True)
class Pivot:
    """A pivot-style summary: rows and columns by fields, values by measures."""

    name: str
    title: str
    rows: tuple[AxisField, ...]
    values: tuple[PivotValue, ...]
    columns: tuple[AxisField, ...] = ()
    """Outermost first; ``period`` alone for one column per period of the history."""
    filters: tuple[PivotFilter, ...] = ()
    where: Condition | None = None
    mode: Literal["static", "formula", "native"] = "static"
    """Values; formulas over the data table; or a PivotTable that Excel refreshes."""
    form: Literal["outline", "tabular", "compact"] = "outline"
    """Subtotals above their rows; below them; or all row fields in one column, indented."""
    style: str = ""
    """Excel's name of a pivot style; that of the theme where empty."""
    banded: bool = False
    subtotals: bool = True
    """Of the outer fields, on the rows and on the columns."""
    grand_total: bool = True
    """Whether there is a row with the total of each column."""
    total_column: bool = True
    """Whether there is a column with the total of each row."""
    sort: Sort = Sort()
    column_sort: Sort = Sort(descending=False)
    top: Top | None = None
    note: str = ""
    sparklines: bool = False
    """Whether each row has a small chart of its figures over the columns."""

    def base_of(self, value: PivotValue) -> AxisField:
        """Return the axis field along which a value's differences, running totals, ranks and the like go."""
        axes = (*self.rows, *self.columns)
        named = next((axis for axis in axes if axis.name == value.base), None)
        down = value.show in ("rank", "cumulativeShare") or not self.columns
        return named or (self.rows if down else self.columns)[-1]

    @property
    def by_period(self) -> bool:
        """Whether there is a column per period of the history."""
        return [axis.field for axis in self.columns] == [PERIOD]


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
