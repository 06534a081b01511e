"""Where each figure stands once it is laid out, so that other sheets can link and refer to it."""

import re
from dataclasses import dataclass, field
from typing import Final

from xlreport.analysis.results import Number
from xlreport.cells import Range
from xlreport.layout.canvas import FIRST_ROW
from xlreport.layout.pivot_caches import Caches
from xlreport.layout.pivot_grid import Grid
from xlreport.plan import DetailPlan
from xlreport.plan_pivots import PivotPlan

__all__ = ["DataPlace", "Lead", "Places", "Proof", "Spot"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Cells on a sheet."""

    sheet: str
    range: Range

    @property
    def target(self) -> str:
        """The reference, as links and formulas need it."""
        return self.range.on(self.sheet)


@dataclass(frozen=True, slots=True)
class Lead:
    """The way from a figure to what it is made of."""

    target: str
    text: str
    """``312 rows``."""
    tooltip: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A cell that works a figure out from its rows, and what it comes to."""

    spot: Spot
    value: Number


@dataclass(frozen=True, slots=True)
class DataPlace:
    """The Excel tables that hold the rows of a data sheet: several where one sheet cannot hold them."""

    sheets: tuple[str, ...]
    tables: tuple[str, ...]
    headers: dict[str, str]
    """Name of a column -> the header that structured references use."""
    heights: tuple[int, ...]
    """Rows in each of the tables."""

    @property
    def rows(self) -> int:
        """Number of rows in all of them."""
        return sum(self.heights)

    def cells(self, column: str, part: int = 0) -> str:
        """Return a reference to a column's cells: structured where its header is plain, else by address."""
        header = self.headers[column]
        if _PLAIN_HEADER.fullmatch(header):
            return f"{self.tables[part]}[{header}]"
        position = list(self.headers).index(column)
        return Range.at(FIRST_ROW + 1, position + 1, self.heights[part]).on(self.sheets[part])

    def count(self, part: int = 0) -> str:
        """Return a formula that counts the rows."""
        return f"ROWS({self.cells(next(iter(self.headers)), part)})"


_WORD: Final = re.compile(r"[^\W_]+")
_PLAIN_HEADER: Final = re.compile(r"[^\W\d_][\w ]*")
"""A header that a structured reference can name as it stands."""


@dataclass(slots=True)
class Places:
    """What has been laid out where."""

    figures: dict[str, Spot] = field(default_factory=dict)
    """Measure -> the cell with its current value on the summary."""
    totals: dict[tuple[str, str], Spot] = field(default_factory=dict)
    """(pivot, measure) -> the cell with the total of the current period."""
    pivot_bodies: dict[str, Spot] = field(default_factory=dict)
    """Pivot -> the labels of its body rows."""
    grids: dict[str, tuple[str, Grid]] = field(default_factory=dict)
    """Pivot -> its sheet, and its cells there."""
    natives: dict[str, PivotPlan] = field(default_factory=dict)
    """Pivot -> its native PivotTable."""
    caches: Caches = field(default_factory=Caches)
    """What native pivots list of the Excel tables that they read."""
    bridges: dict[str, dict[str, Spot]] = field(default_factory=dict)
    """Bridge -> line (opening, each movement, revaluation, closing) -> the current period's cell."""
    data: dict[str, DataPlace] = field(default_factory=dict)
    """Name of the data sheet -> its tables."""
    quality: dict[str, tuple[Spot, Spot]] = field(default_factory=dict)
    """Resource -> the cells with the records read and set aside."""
    tables: list[str] = field(default_factory=list)
    """Names of the Excel tables, native pivots and slicers."""
    leads: dict[str, Lead] = field(default_factory=dict)
    """Measure -> where its rows are shown."""
    proofs: dict[str, Proof] = field(default_factory=dict)
    """Measure -> the cell that works it out from them."""
    details: dict[str, DetailPlan] = field(default_factory=dict)
    """Name of a data sheet whose rows are too many -> its rows, for a file beside the workbook."""

    def new_table(self, sheet: str) -> str:
        """Return a valid name for the table on ``sheet`` that no other has; letters of any script stay."""
        return self._new_name("Table_", sheet)

    def new_pivot(self, pivot: str) -> str:
        """Return a name for a native pivot; likewise."""
        return self._new_name("Pivot_", pivot)

    def new_slicer(self, header: str) -> str:
        """Return a name for a slicer by the column ``header``; likewise."""
        return self._new_name("Slicer_", header)

    def _new_name(self, kind: str, wanted: str) -> str:
        plain = "".join(letter if _may_stand_in_name(letter) else " " for letter in wanted)
        name = kind + ("_".join(_WORD.findall(plain)) or "1")
        candidate, number = name, 1
        taken = {table.casefold() for table in self.tables}
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name}_{number}"
        self.tables.append(candidate)
        return candidate


def _may_stand_in_name(letter: str) -> bool:
    """Tell whether Excel takes a letter in a name: not the likes of ² and ½, nor letters beyond U+FFFF."""
    return (letter.isalpha() or letter.isdecimal()) and letter <= "\uffff"
