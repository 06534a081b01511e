"""The parts of a workbook plan that Excel keeps alive: native PivotTables and slicers.

A native PivotTable is planned to the last item. Its cells stand in the blocks of its sheet like all others,
so that every program shows them; what is here tells Excel how to make the same cells again from the table.
All positions are counted from 0.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from xlreport.cells import Range

__all__ = [
    "VALUES",
    "PivotAxisField",
    "PivotCache",
    "PivotField",
    "PivotForm",
    "PivotLine",
    "PivotPage",
    "PivotPlan",
    "PivotValueField",
    "ShowAs",
    "SlicerPlan",
]

VALUES = -2
"""Stands in the place of a field on an axis for the value fields, where there are several."""

PivotForm = Literal["outline", "tabular", "compact"]
"""``outline``: a column per row field, subtotals above their rows; ``tabular``: the same with subtotals
below; ``compact``: all row fields in one column, indented."""

ShowAs = Literal[
    "value",
    "share",
    "shareOfRow",
    "shareOfColumn",
    "difference",
    "differencePercent",
    "runningTotal",
    "cumulativeShare",
    "rank",
]


@dataclass(frozen=True, slots=True)
class PivotField:
    """A column of the source table."""

    name: str
    """Equal to the text of the header cell."""
    items: tuple[str | int, ...] | None = None
    """All different values of the column, none of them empty and no two equal ignoring case, where a pivot or
    a slicer lists them; None for other columns. All are texts or all are whole numbers."""
    extremes: tuple[Decimal | int, Decimal | int] | None = None
    """Least and greatest number of a column of numbers that is not listed."""


@dataclass(frozen=True, slots=True)
class PivotCache:
    """What all pivots of one Excel table share."""

    table: str
    """Name of the Excel table (`TablePlan.name`)."""
    fields: tuple[PivotField, ...]
    """One per column of the table, in its order."""


@dataclass(frozen=True, slots=True)
class PivotAxisField:
    """A field on the rows or the columns of a pivot."""

    field: int
    """Its position in the cache, or `VALUES`."""
    order: tuple[int, ...] = ()
    """Positions of all items of the cache's field, in the order in which this pivot lists them."""
    caption: str = ""
    """What stands in its header cell, where that is not the column's name."""
    sort: Literal["manual", "ascending", "descending"] = "manual"
    sort_by: int | None = None
    """Position of the value field that orders the items; None where ``sort`` goes by the label."""
    subtotals: bool = True
    """Whether its items have subtotals; of no effect on the innermost field."""
    top: int = 0
    """Only the first so many items by ``top_by``, and those equal to the last of them; 0 for all. On an inner
    field they are counted under each outer item. Totals are of what is left."""
    top_by: int = 0
    """Position of the value field."""


@dataclass(frozen=True, slots=True)
class PivotLine:
    """One row (or column) of the cells of a pivot."""

    items: tuple[int, ...]
    """For each field from the outermost to the line's own level, the position of its item in that field's
    ``order``; the VALUES field has no entry here. Empty for the grand total."""
    kind: Literal["body", "subtotal", "total"] = "body"
    """``body`` is also the line of an outer item above its rows, in the forms outline and compact."""
    value: int = 0
    """Position of the value field that the line shows, where the VALUES field is on this axis."""


@dataclass(frozen=True, slots=True)
class PivotPage:
    """A report filter."""

    field: int
    order: tuple[int, ...]
    """As in `PivotAxisField`."""
    selected: tuple[int, ...] = ()
    """Positions in ``order`` of the items that are let through; empty for all."""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PivotValueField:
    """A value field: an aggregate of a column."""

    field: int
    caption: str
    """Unlike every column's name and every other caption, ignoring case."""
    aggregate: Literal["sum", "count", "average", "min", "max"]
    """``count`` counts the cells that are not empty."""
    number_format: str
    show: ShowAs = "value"
    base: int | None = None
    """Position in the cache of the field along which ``difference``, ``differencePercent``,
    ``runningTotal``, ``cumulativeShare`` and ``rank`` go: always one on the rows or the columns. The
    differences are those from the item before."""


@dataclass(frozen=True, slots=True)
class PivotPlan:
    """A native PivotTable on a sheet."""

    name: str
    """Unique in the workbook."""
    table: str
    """Name of the Excel table; there is one `PivotCache` for it in the workbook's plan."""
    range: Range
    """All its cells but those of the report filters: header rows, lines and totals."""
    rows: tuple[PivotAxisField, ...]
    """Fields down the side, outermost first."""
    columns: tuple[PivotAxisField, ...]
    """Fields across; with several value fields VALUES is the last of them."""
    values: tuple[PivotValueField, ...]
    row_lines: tuple[PivotLine, ...]
    """One per row of cells below the header rows."""
    column_lines: tuple[PivotLine, ...]
    """One per column of cells right of the row labels. Without fields across, one with no items."""
    header_rows: int
    """Rows of cells above the first line: 1 without fields across but VALUES, else 1 and one per field.

    The captions of the row fields stand in the last of them. With fields across, the first row has the
    caption of a single value above the row labels, and the captions of the fields across from the first value
    cell on (VALUES has ``values_caption``), as far as there is room; below it a row for each of these fields
    has its items, each once. Subtotals and totals of several values stand in the row of their item, totals in
    that of the outermost field, with the value's caption: ``2017 Amount``, ``Total Amount``."""
    pages: tuple[PivotPage, ...] = ()
    """Report filters, from top to bottom; they stand above the range, one row of air between: label in the
    first column of the range, what is selected in the second."""
    form: PivotForm = "outline"
    row_totals: bool = True
    """Whether there is a column with the total of each row."""
    column_totals: bool = True
    """Whether there is a row with the total of each column."""
    total_caption: str = "Total"
    row_caption: str = ""
    """In the form compact: what stands above the row labels, where that is not the program's own text."""
    column_caption: str = ""
    """In the form compact: what stands above the items across, likewise."""
    values_caption: str = "Values"
    """What the value fields are called together; it stands in the first header row where there are several
    below fields across."""
    sliced: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """(field, order) of the fields that slicers filter by and that are on no axis."""
    style: str = "PivotStyleMedium2"
    banded: bool = False
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class SlicerPlan:
    """Buttons that filter one Excel table, or all the pivots named."""

    name: str
    """Unique in the workbook, a valid defined name."""
    caption: str
    table: str
    """Name of the Excel table."""
    field: str
    """Name of its column."""
    row: int
    """1-based cell of the top left corner."""
    column: int
    width: float
    """Centimetres."""
    height: float
    pivots: tuple[str, ...] = ()
    """Names of the pivots, all on the same table; empty where the slicer filters the table itself."""
    across: int = 1
    """Columns of buttons."""
    style: str = "SlicerStyleLight1"
    alt_text: str = ""
