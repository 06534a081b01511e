"""The figures that an analysis gives: small exact tables, each tied to its definition."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from xlreport.analysis.periods import Period
from xlreport.language import ENGLISH, Language
from xlreport.lazy import LazyColumn
from xlreport.rules import RuleOutcome
from xlreport.spec.records import AnyMeasure, Bridge, Pivot, ReportSpec, Unit
from xlreport.tables import Kind

__all__ = [
    "Analysis",
    "AxisSource",
    "Backed",
    "BridgeTable",
    "CellAggregate",
    "DataTable",
    "Figure",
    "How",
    "ModelColumn",
    "Number",
    "PivotItem",
    "PivotRow",
    "PivotSource",
    "PivotTable",
    "Quality",
    "RowBlock",
    "Unconverted",
    "Unmatched",
    "ValueSource",
]

Number = Decimal | int | None
"""A figure; None where there is nothing to compute it from."""


@dataclass(frozen=True, slots=True)
class ModelColumn:
    """A column of a table that the report computes with."""

    name: str
    title: str
    kind: Kind
    unit: Unit = ""
    description: str = ""
    order: tuple[str, ...] = ()
    """Its values in their natural order, where they have one."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What the definition calls its values -> what they are called in the report's language."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure in each period of the history, the current one last."""

    measure: AnyMeasure
    values: tuple[Number, ...]

    @property
    def current(self) -> Number:
        """The figure of the period that the report is about."""
        return self.values[-1]

    @property
    def previous(self) -> Number:
        """The figure of the period before, or None where the history is one period long."""
        return self.values[-2] if len(self.values) > 1 else None


@dataclass(frozen=True, slots=True)
class PivotRow:
    """One row of a pivot."""

    labels: tuple[str, ...]
    """One label per row field; empty text below the level of a subtotal or total."""
    kind: Literal["body", "subtotal", "other", "total"]
    level: int
    """Number of row fields that the row stands for: 0 for the grand total."""
    values: tuple[Number, ...]
    """One per column item and value field, item by item."""


@dataclass(frozen=True, slots=True)
class PivotItem:
    """One column item of a pivot; its cells are those of all value fields."""

    labels: tuple[str, ...]
    """One label per column field; empty text below the level of a subtotal or total."""
    kind: Literal["body", "subtotal", "total"]
    level: int
    """Number of column fields that the item stands for: 0 for the grand total."""


@dataclass(frozen=True, slots=True)
class AxisSource:
    """The column of a data sheet that has the labels of an axis field."""

    column: str
    order: tuple[str | int, ...]
    """All labels in the column, in the order in which they are shown."""
    title: str = ""
    """What readers know the field by."""


CellAggregate = Literal["sum", "count", "average", "min", "max"]
"""What Excel makes of the cells of a column; ``count`` of those that are not empty."""


@dataclass(frozen=True, slots=True)
class ValueSource:
    """The column of a data sheet that a value field aggregates."""

    column: str
    aggregate: CellAggregate


@dataclass(frozen=True, slots=True)
class PivotSource:
    """Where a pivot that stays alive finds what it shows: columns of one data sheet, by name."""

    sheet: str
    rows: tuple[AxisSource, ...]
    columns: tuple[AxisSource, ...]
    filters: tuple[AxisSource, ...]
    values: tuple[tuple[ValueSource, ...], ...]
    """Per value field: one column, the two of a ratio, or none where the rows do not give the value."""
    member: str = ""
    """The column that says Yes in the rows that enter; an empty text where all do."""
    sliced: Mapping[str, AxisSource] = field(default_factory=dict)
    """Name of an axis field that a slicer filters by -> its column."""
    yes_no: tuple[str, ...] = ("Yes", "No")
    """What ``member`` says in the language of the report."""


@dataclass(frozen=True, slots=True)
class PivotTable:
    """A computed pivot. Its columns are the column items times the value fields, item by item."""

    pivot: Pivot
    row_titles: tuple[str, ...]
    """One title per row field; likewise for the column fields and the filters."""
    items: tuple[PivotItem, ...]
    """The column items: a subtotal after what it is of, the total last; empty without column fields."""
    titles: tuple[str, ...]
    """One title per value field."""
    units: tuple[Unit, ...]
    """One unit per value field, as shown: a share is a percentage."""
    rows: tuple[PivotRow, ...]
    """In the order of the outline form: a subtotal before what it is of, the total last."""
    column_titles: tuple[str, ...] = ()
    filter_titles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    total_of: str = "{label} Total"
    """How the language of the report names the total of what has a label."""
    """Sentences that the sheet has to show: which spellings are one item, what is left out."""
    source: PivotSource | None = None
    """Where a formula or native pivot that a sheet shows finds its rows."""

    @property
    def body(self) -> tuple[PivotRow, ...]:
        """The rows that are neither subtotals nor the total."""
        return tuple(row for row in self.rows if row.kind in ("body", "other"))

    @property
    def total(self) -> PivotRow | None:
        """The grand total, where there is one."""
        return next((row for row in self.rows if row.kind == "total"), None)


@dataclass(frozen=True, slots=True)
class BridgeTable:
    """A balance at the start, the movements, the revaluation and the balance at the end, per period."""

    bridge: Bridge
    movements: tuple[str, ...]
    opening: tuple[Number, ...]
    """One figure per period of the history; likewise below."""
    amounts: tuple[tuple[Number, ...], ...]
    """One tuple per movement."""
    revaluation: tuple[Number, ...]
    closing: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class DataTable:
    """The rows of a data sheet, column by column."""

    columns: tuple[ModelColumn, ...]
    data: tuple[LazyColumn, ...]
    marks: Mapping[str, int] = field(default_factory=dict)
    """Measure name -> position of the Yes/No column that marks its rows."""

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.data[0]) if self.data else 0


How = Literal["sum", "count", "distinct", "mean", "median", "max", "min", "share", "hhi", "balance", "ratio"]


@dataclass(frozen=True, slots=True)
class Backed:
    """A figure, and how it comes out of the rows of its block."""

    measure: str
    how: How
    """An aggregate of the rows, the share of the first ``top`` of them, their HHI, a balance or a ratio."""
    value: Number
    """Worked out from the rows of the block alone."""
    column: int = 0
    """Position of the column that it is worked out from."""
    top: int = 0


@dataclass(frozen=True, slots=True)
class RowBlock:
    """What figures of the current period are made of; figures that are made of the same share a block."""

    kind: Literal["rows", "values", "items", "currencies", "parts"]
    """Rows of a table; values that are counted; items with their shares; balances; parts of a ratio."""
    table: str
    figures: tuple[Backed, ...]
    columns: tuple[ModelColumn, ...] = ()
    data: tuple[LazyColumn, ...] = ()
    added: tuple[int, ...] = ()
    """Positions of the columns that are added up below the rows."""
    height: int = 0
    """Number of rows, those included that are not in ``data``."""
    rest: tuple[Number, ...] = ()
    """The sum of each of the columns ``added`` over the rows that are not in ``data``."""
    rest_points: Number = 0
    """What the items that are not in ``data`` add to the HHI."""
    parts: tuple[str, ...] = ()
    """Measures: the numerator and the denominator of a ratio."""

    @property
    def left_out(self) -> int:
        """Number of the rows that are not in ``data``."""
        return self.height - (len(self.data[0]) if self.data else 0)


@dataclass(frozen=True, slots=True)
class Unconverted:
    """Amounts that no rate was found for."""

    table: str
    currency: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Country values that the regions table does not know."""

    table: str
    value: str
    rows: int


@dataclass(frozen=True, slots=True)
class Quality:
    """What was read, used and set aside, and what could not be converted or matched."""

    read: Mapping[str, int]
    """Records per resource."""
    set_aside: Mapping[str, int]
    reasons: tuple[tuple[str, str, int], ...] = ()
    """(resource, finding code, records) of those set aside."""
    warnings: int = 0
    rules: tuple[RuleOutcome, ...] = ()
    """What came of each rule of the schema, over all records that were read."""
    unconverted: tuple[Unconverted, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    converted_rows: int = 0
    """Amounts that needed a rate and had one."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that a workbook needs to be laid out."""

    spec: ReportSpec
    period: Period
    history: tuple[Period, ...]
    figures: Mapping[str, Figure]
    pivots: Mapping[str, PivotTable]
    bridges: Mapping[str, BridgeTable]
    data: Mapping[str, DataTable]
    """By the name of the data sheet."""
    quality: Quality
    behind: tuple[RowBlock, ...] = ()
    """What the figures of the summaries are made of, where a sheet shows it."""
    register_start: dt.date | None = None
    """Earliest date of the register: "new" means new since then."""
    sources: tuple[tuple[str, str], ...] = ()
    """(file name, SHA-256) of every file that the figures rest on."""
    rates_note: str = ""
    """Where the exchange rates come from, in one sentence."""
    title: str = ""
    """What the dataset is called."""
    notes: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    """What the braces in titles stand for: period, baseCurrency, organisation, dataset, ..."""
    language: Language = ENGLISH
