"""The workbook plan: what will be on each sheet, settled to the last cell.

Layout decides everything and leaves its decisions here; the backends (.xlsx, text, live book, HTML)
only copy. The unit is the block: a rectangle of values with a role. Nothing in a plan depends on the
program that will show it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from xlreport.cells import Range
from xlreport.page_lines import coded
from xlreport.plan_charts import Axis, Chart, ChartKind, LabelPlace, Labels, Series, Sparklines
from xlreport.plan_entry import ColumnStyle, Note, Protection, Validation
from xlreport.plan_pivots import PivotCache, PivotPlan, SlicerPlan
from xlreport.styles import DEFAULT_THEME, NO_LINE, USUAL_FOOTER, Image, PageLine, Role, Style, Theme

__all__ = [
    "Axis",
    "Block",
    "CellValue",
    "Chart",
    "ChartKind",
    "ColumnStyle",
    "ConditionalFormat",
    "DetailPlan",
    "Formula",
    "IconSet",
    "LabelPlace",
    "Labels",
    "Link",
    "Note",
    "Picture",
    "PrintSetup",
    "Protection",
    "Series",
    "SheetPlan",
    "Sparklines",
    "StyleRun",
    "TablePlan",
    "Validation",
    "WorkbookPlan",
]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value that we computed for it.

    ``text`` has no leading equals sign, A1 addresses, English function names and commas.
    """

    text: str
    value: "bool | int | Decimal | str | dt.date | None"


CellValue = bool | int | float | Decimal | str | dt.date | dt.datetime | Formula | None
"""What a cell can hold. A str is only ever text, whatever it begins with. None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of values; ``columns`` holds one sequence per column, all of equal length."""

    role: Role
    row: int
    """1-based row of the top left cell."""
    column: int
    columns: tuple[Sequence[Any], ...]
    """Values are `CellValue`; the sequences are not changed after the plan is made."""

    @classmethod
    def of_rows(cls, role: Role, row: int, column: int, rows: Sequence[Sequence[CellValue]]) -> "Block":
        """Return a block from rows of equal length, the natural form of small tables."""
        return cls(role, row, column, tuple(zip(*rows, strict=True)))

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.columns)

    @property
    def range(self) -> Range:
        """The cells that the block covers."""
        return Range.at(self.row, self.column, self.height, self.width)

    def rows(self) -> Iterator[tuple[CellValue, ...]]:
        """Iterate over the rows."""
        return zip(*self.columns, strict=True)


@dataclass(frozen=True, slots=True)
class StyleRun:
    """One style over one range. The runs of a sheet do not overlap: precedence is settled by layout."""

    range: Range
    style: Style


@dataclass(frozen=True, slots=True)
class TablePlan:
    """An Excel table (ListObject) with a header row and a filter."""

    name: str
    """Unique in the workbook, a valid defined name, not like a cell address."""
    range: Range
    """Header row and data rows; at least one data row."""
    columns: tuple[str, ...]
    """Column names: equal to the text of the header cells, unique ignoring case."""
    style: str = "TableStyleLight1"
    banded: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink on a cell to a range of the same workbook, or to a web address."""

    row: int
    column: int
    target: str
    """``'Order book'!A1``, or a URL beginning with https://."""
    tooltip: str = ""


IconSet = Literal["arrows", "grayArrows", "signs"]
"""Three icons that differ in shape: arrows down, across and up, in colour or without judgement; or signs."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture over the cells of a sheet, all in points."""

    image: Image
    row: int
    """1-based cell in which the top left corner lies, and how far from the cell's own."""
    column: int
    across: float
    down: float
    width: float
    height: float
    alt_text: str


@dataclass(frozen=True, slots=True)
class ConditionalFormat:
    """A data bar, a text colour where a formula holds, or an icon, over a range."""

    range: Range
    kind: str
    """``bar``: a data bar in ``color``; ``formula``: ``color`` and bold where ``formula`` is true; ``icons``:
    one of the ``icons`` before each figure."""
    color: str = ""
    formula: str = ""
    fill: str = ""
    """Background colour where the formula is true, or an empty string for none; letters are then not bold."""
    negative: str = ""
    """Colour of the bars of negative figures, which run the other way from an axis."""
    icons: IconSet = "arrows"
    band: Decimal = Decimal(0)
    """The icon is the middle one from minus this to this, both included."""


_USUAL_FOOTER: Final = coded(USUAL_FOOTER, {})


@dataclass(frozen=True, slots=True)
class PrintSetup:
    """How a sheet comes out on paper: fit to one page wide, or to as many as keep it legible."""

    landscape: bool = False
    repeat_rows: tuple[int, int] | None = None
    """First and last row printed on top of every page."""
    area: Range | None = None
    breaks: tuple[int, ...] = ()
    """Rows that begin a new page."""
    pages_wide: int = 1
    repeat_columns: tuple[int, int] | None = None
    """First and last column printed on the left of every page, where it is several pages wide."""
    header: PageLine = NO_LINE
    footer: PageLine = _USUAL_FOOTER


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """Everything about one worksheet."""

    name: str
    blocks: tuple[Block, ...]
    """In order of their top left cells; they do not overlap."""
    styles: tuple[StyleRun, ...] = ()
    widths: dict[int, float] = field(default_factory=dict)
    """1-based column -> width in characters."""
    heights: dict[int, float] = field(default_factory=dict)
    """1-based row -> height in points, where it is not the default."""
    freeze: tuple[int, int] | None = None
    """First row and column (1-based) that scroll: (5, 2) freezes four rows and one column."""
    tables: tuple[TablePlan, ...] = ()
    links: tuple[Link, ...] = ()
    charts: tuple[Chart, ...] = ()
    pictures: tuple[Picture, ...] = ()
    conditional: tuple[ConditionalFormat, ...] = ()
    grouped: tuple[tuple[int, int], ...] = ()
    """First and last row of each group of the outline, all of level one and shown; the button is below."""
    sparklines: tuple[Sparklines, ...] = ()
    pivots: tuple[PivotPlan, ...] = ()
    """Native PivotTables over cells of the blocks."""
    slicers: tuple[SlicerPlan, ...] = ()
    print: PrintSetup = PrintSetup()
    gridlines: bool = False
    tab_color: str = ""
    title: str = ""
    """What the sheet shows, for the contents."""
    right_to_left: bool = False
    """Whether column A is on the right, as in Arabic."""
    validations: tuple[Validation, ...] = ()
    """Their ranges do not overlap: a cell has one validation."""
    notes: tuple[Note, ...] = ()
    protection: Protection | None = None
    columns: tuple[ColumnStyle, ...] = ()
    filter: Range | None = None
    """Header row and rows that a filter outside of tables is for."""

    @property
    def used(self) -> Range:
        """The smallest range from A1 that holds all blocks."""
        return Range(
            1,
            1,
            max((block.range.last_row for block in self.blocks), default=1),
            max((block.range.last_column for block in self.blocks), default=1),
        )


@dataclass(frozen=True, slots=True)
class DetailPlan:
    """Rows that are too many for the workbook and stand in a file beside it."""

    name: str
    """What the file's name ends in, before its format: ``payment-data``."""
    columns: tuple[str, ...]
    """Names of the fields, for programs."""
    headings: tuple[str, ...]
    """The same columns as a person knows them."""
    values: tuple[Any, ...]
    """A column of Arrow values (`xlreport.lazy`) for each."""

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.values[0])

    def beside(self, workbook: Path) -> Path:
        """Return the file's path beside that of the workbook."""
        return workbook.with_name(f"{workbook.stem}.{self.name}.parquet")


@dataclass(frozen=True, slots=True)
class WorkbookPlan:
    """A whole workbook."""

    title: str
    sheets: tuple[SheetPlan, ...]
    """The first one is active when the workbook opens."""
    as_of: dt.datetime
    """UTC; becomes the workbook's created and modified times, so that equal input gives equal bytes."""
    subject: str = ""
    creator: str = ""
    """The organisation, never a user's name."""
    description: str = ""
    keywords: str = ""
    names: dict[str, str] = field(default_factory=dict)
    """Defined names -> reference, such as ``Signed_value`` -> ``Summary!$B$6``."""
    theme: Theme = DEFAULT_THEME
    details: tuple[DetailPlan, ...] = ()
    """Rows that are kept beside the workbook."""
    caches: tuple[PivotCache, ...] = ()
    """One for each Excel table that a native PivotTable, or a slicer of one, rests on."""

    def sheet(self, name: str) -> SheetPlan:
        """Return the sheet called ``name``; KeyError where there is none."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)
