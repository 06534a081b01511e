"""Records of a report definition that speak of the workbook: sheets, charts, parameters, the whole report."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from xlreport.spec.figures import AnyMeasure, AxisField, Bridge, Measure, Pivot, Ratio, Revalued
from xlreport.spec.rows import TableSpec

__all__ = [
    "ChartSpec",
    "ColumnsOf",
    "DataColumn",
    "IndicatorGroup",
    "Mark",
    "Parameters",
    "ReportSpec",
    "SheetSpec",
    "SlicerSpec",
    "Statement",
]

# --- sheets -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart of a pivot's value field, or of measures over the history."""

    kind: Literal["column", "bar", "line", "stacked", "share", "waterfall", "combination"]
    title: str
    pivot: str = ""
    value: int = 1
    """1-based value field of the pivot."""
    line: int = 0
    """In a combination of a pivot, the 1-based value field that is drawn as a line."""
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
class SlicerSpec:
    """Buttons that filter native pivots of the sheet, or the table of a data sheet, by a field."""

    field: AxisField
    pivots: tuple[str, ...] = ()
    """All native pivots of the sheet where empty."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ColumnsOf:
    """The columns in which the rows of a table are shown."""

    table: str
    columns: tuple[DataColumn, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with figures in braces, said where ``when`` is not zero and ``unless`` is."""

    text: str
    when: str = ""
    """Name of a measure; empty where the sentence is always said. Likewise ``unless``."""
    unless: str = ""


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
        "rows",
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
    columns_of: tuple[ColumnsOf, ...] = ()
    """Of a sheet of kind ``rows``: the columns of each table, beside the amounts."""
    slicers: tuple[SlicerSpec, ...] = ()
    key: str = ""
    """What the definition calls the sheet, where ``name`` is in another language: names of tables and files
    are made of it, so that they are the same in every language."""


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
    language: str = "en"
    """Code of the language of the workbook."""


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
    theme: str = ""
    """Name of a shipped theme, or path of a brand file, from the definition's folder on."""

    def measure(self, name: str) -> AnyMeasure:
        """Return the measure called ``name``; KeyError where there is none."""
        return next(measure for measure in self.measures if measure.name == name)

    def table_of(self, measure: str) -> str:
        """Return the table that a measure is over; of a ratio, the one of its numerator."""
        found = self.measure(measure)
        if isinstance(found, Measure | Revalued):
            return found.table
        return self.table_of(found.over if isinstance(found, Ratio) else found.of)

    def pivot(self, name: str) -> Pivot:
        """Return the pivot called ``name``."""
        return next(pivot for pivot in self.pivots if pivot.name == name)

    def bridge(self, name: str) -> Bridge:
        """Return the bridge called ``name``."""
        return next(bridge for bridge in self.bridges if bridge.name == name)
