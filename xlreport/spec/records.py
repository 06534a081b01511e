"""A report definition as frozen records, in the words of `schemas/report.schema.json`.

Every name that a record refers to (a filter, a measure, a table) is known to exist once `parse` has made
it; only the fields of the data are checked later, when the data is there.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

__all__ = [
    "Add",
    "AllOf",
    "AnyMeasure",
    "AnyOf",
    "Bridge",
    "ChartSpec",
    "Child",
    "Coalesce",
    "Cohort",
    "ColumnSpec",
    "Compare",
    "Computation",
    "Concentration",
    "Condition",
    "Constant",
    "Convert",
    "Copy",
    "DataColumn",
    "FieldRef",
    "First",
    "Flag",
    "From",
    "IndicatorGroup",
    "Lookup",
    "Mark",
    "Measure",
    "Not",
    "Parameters",
    "PeriodDay",
    "PeriodOf",
    "Pivot",
    "PivotValue",
    "Ratio",
    "Region",
    "ReportSpec",
    "Revalued",
    "SheetSpec",
    "Show",
    "Sort",
    "Statement",
    "TableSpec",
    "Top",
    "Union",
    "Unit",
    "When",
    "Words",
    "YearOf",
]

Scalar = str | int | bool | Decimal | dt.date | None

# --- conditions -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldRef:
    """Another field of the same row, as the right side of a comparison."""

    name: str


@dataclass(frozen=True, slots=True)
class PeriodDay:
    """A day of the period that is being computed, as the right side of a comparison."""

    day: Literal["start", "end", "yearAfterEnd"]


Operator = Literal["in", "notIn", "is", "exists", "atLeast", "atMost", "moreThan", "lessThan"]
Operand = FieldRef | PeriodDay | Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """One field against values, another field, or its own presence."""

    field: str
    operator: Operator
    operand: Operand


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds where every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where at least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where the part does not; an unknown counts as not holding."""

    part: "Condition"


Condition = Compare | AllOf | AnyOf | Not

# --- computed columns -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copy:
    """Another field under a new name, empty where a condition does not hold."""

    field: str
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value in every row."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Lookup:
    """A field of the one row of another table whose key equals this row's."""

    keys: tuple[str, ...]
    table: str
    take: str
    by: tuple[str, ...] = ()
    """The other table's key fields; its primary key where empty."""


@dataclass(frozen=True, slots=True)
class Region:
    """Something about a country, from the regions table that the report or the dataset names."""

    of: str
    """The field with a country's code or name."""
    take: Literal["code", "name", "region", "subregion", "grouping"]


@dataclass(frozen=True, slots=True)
class Convert:
    """An amount in the base currency, at the rate that the report's policy picks for a date."""

    amount: str
    currency: str
    on: str
    take: Literal["amount", "rate", "rateDate"] = "amount"
    at: Literal["policy", "previousAverage"] = "policy"
    """``previousAverage`` gives constant-currency figures: the average rate of the period before."""


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """The period that a date falls in: its label, first or last day."""

    of: str
    take: Literal["label", "start", "end"] = "label"


@dataclass(frozen=True, slots=True)
class YearOf:
    """The calendar year of a date."""

    of: str


@dataclass(frozen=True, slots=True)
class Words:
    """A coded text said in words: ``licensedProduction`` becomes ``Licensed production``."""

    of: str


@dataclass(frozen=True, slots=True)
class Child:
    """One figure from the rows of a child table: the first or last by a field, or their sum or count."""

    table: str
    pick: Literal["first", "last", "sum", "count", "max", "min"]
    take: str = ""
    order_by: str = ""
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first of several fields that has a value."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """One text where a condition holds, another where it does not."""

    where: Condition
    then: Scalar = "Yes"
    otherwise: Scalar = "No"


@dataclass(frozen=True, slots=True)
class Add:
    """The sum of some fields less some others; an absent value counts as zero."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


Computation = (
    Copy | Constant | Lookup | Region | Convert | PeriodOf | YearOf | Words | Child | Coalesce | Flag | Add
)

Unit = Literal["money", "count", "percent", "ratio", "index", "years", "text", ""]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A computed column of a table."""

    name: str
    title: str
    compute: Computation
    unit: Unit = ""
    description: str = ""


# --- tables -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class From:
    """The rows of a table of the dataset, or of a table defined earlier, that meet a condition."""

    table: str
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Union:
    """The rows of several tables, one after the other, each giving the same columns."""

    parts: tuple[tuple[From, tuple[ColumnSpec, ...]], ...]


@dataclass(frozen=True, slots=True)
class Cohort:
    """Each entity's standing in each period: new, returning, retained or lapsed.

    New: no earlier row at all. Returning: none within the lookback, some before. Retained: some within
    the lookback and some now. Lapsed: some within the lookback, none now. The table has the columns
    entity, period, status, firstDate, rows and amount (of the period).
    """

    table: str
    entity: str
    date: str
    amount: str = ""
    where: Condition | None = None
    lookback_years: int = 3
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class First:
    """The first row of each combination of some fields: those fields and firstDate, firstKey, firstPeriod."""

    table: str
    fields: tuple[str, ...]
    date: str
    key: str
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table that the report computes with."""

    name: str
    title: str
    source: From | Union | Cohort | First
    columns: tuple[ColumnSpec, ...] = ()


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


# --- sheets -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart of a pivot's value field, or of measures over the history."""

    kind: Literal["column", "bar", "line", "stacked"]
    title: str
    pivot: str = ""
    value: int = 1
    """1-based value field of the pivot."""
    measures: tuple[str, ...] = ()
    most: int = 15
    """Categories shown at most; the title says so where there are more."""


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """A heading of the summary with its measures."""

    title: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A Yes/No column of a data sheet: whether the row enters the measure in the current period."""

    measure: str
    title: str
    key: str = ""
    """For a distinct count: this table's field that holds the counted value."""


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column shown on a data sheet, under another title where given."""

    field: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with figures in braces, said only where the measure ``when`` is not zero."""

    text: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet (or, for ``register``, one sheet per table of the dataset)."""

    kind: Literal[
        "contents",
        "statement",
        "summary",
        "pivot",
        "bridge",
        "data",
        "register",
        "checks",
        "definitions",
        "dictionary",
    ]
    name: str
    title: str = ""
    note: str = ""
    statements: tuple[Statement, ...] = ()
    groups: tuple[IndicatorGroup, ...] = ()
    pivots: tuple[str, ...] = ()
    bridge: str = ""
    table: str = ""
    columns: tuple[DataColumn, ...] = ()
    """Columns of a data sheet; all of the table's where empty."""
    marks: tuple[Mark, ...] = ()
    charts: tuple[ChartSpec, ...] = ()
    order_by: tuple[str, ...] = ()


# --- the report -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameters:
    """The values that a run is made with."""

    period: str = "latest"
    """``latest``, a year (``2017``) or ``2016-07-01..2017-06-30``."""
    base_currency: str = "USD"
    rate_policy: Literal["signingDate", "periodAverage", "periodEnd", "fixed"] = "signingDate"
    fixed_rate_date: dt.date | None = None
    lookback_years: int = 3
    history: int = 6
    """Periods shown side by side, the current one included."""
    top_n: int = 10
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """A whole report definition, ready to run."""

    name: str
    title: str
    description: str
    parameters: Parameters
    tables: tuple[TableSpec, ...] = ()
    measures: tuple[AnyMeasure, ...] = ()
    pivots: tuple[Pivot, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    sheets: tuple[SheetSpec, ...] = ()
    date: str = ""
    """``table/field`` whose latest date sets the period ``latest``; empty for a report without periods."""

    def measure(self, name: str) -> AnyMeasure:
        """Return the measure called ``name``; KeyError where there is none."""
        return next(measure for measure in self.measures if measure.name == name)

    def pivot(self, name: str) -> Pivot:
        """Return the pivot called ``name``."""
        return next(pivot for pivot in self.pivots if pivot.name == name)

    def bridge(self, name: str) -> Bridge:
        """Return the bridge called ``name``."""
        return next(bridge for bridge in self.bridges if bridge.name == name)
