"""Records of a report definition that speak of rows: conditions, computed columns, tables."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

__all__ = [
    "Add",
    "AllOf",
    "AnyOf",
    "Child",
    "Coalesce",
    "Cohort",
    "ColumnSpec",
    "Compare",
    "Computation",
    "Condition",
    "Constant",
    "Convert",
    "Copy",
    "FieldRef",
    "First",
    "Flag",
    "From",
    "Lookup",
    "Not",
    "Operand",
    "Operator",
    "PeriodDay",
    "PeriodOf",
    "Region",
    "Scalar",
    "TableSpec",
    "Union",
    "Unit",
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
