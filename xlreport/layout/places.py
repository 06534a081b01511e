"""Where each figure stands once it is laid out, so that other sheets can link and refer to it."""

import re
from dataclasses import dataclass, field
from typing import Final

from xlreport.cells import Range
from xlreport.plan import DetailPlan

__all__ = ["DataPlace", "PivotPlace", "Places", "Spot"]


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


@dataclass(frozen=True, slots=True)
class PivotPlace:
    """Where the cells of a pivot stand."""

    sheet: str
    rows: tuple[int, ...]
    """Row on the sheet of each row of the pivot."""
    first_value: int
    """Column of the first value of the first column item; the others follow, item by item."""
    label_column: int
    """Column with the labels of the innermost row field."""
    header_row: int
    """Row with the labels of the innermost column field."""


_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Places:
    """What has been laid out where."""

    figures: dict[str, Spot] = field(default_factory=dict)
    """Measure -> the cell with its current value on the summary."""
    totals: dict[tuple[str, str], Spot] = field(default_factory=dict)
    """(pivot, measure) -> the cell with the total of the current period."""
    pivot_bodies: dict[str, Spot] = field(default_factory=dict)
    """Pivot -> the labels of its body rows."""
    pivots: dict[str, PivotPlace] = field(default_factory=dict)
    bridges: dict[str, dict[str, Spot]] = field(default_factory=dict)
    """Bridge -> line (opening, each movement, revaluation, closing) -> the current period's cell."""
    data: dict[str, DataPlace] = field(default_factory=dict)
    """Name of the data sheet -> its tables."""
    quality: dict[str, tuple[Spot, Spot]] = field(default_factory=dict)
    """Resource -> the cells with the records read and set aside."""
    tables: list[str] = field(default_factory=list)
    """Names of the Excel tables."""
    details: dict[str, DetailPlan] = field(default_factory=dict)
    """Name of a data sheet whose rows are too many -> its rows, for a file beside the workbook."""

    def new_table(self, sheet: str) -> str:
        """Return a valid name for the table on ``sheet`` that no other has; letters of any script stay."""
        plain = "".join(letter if _may_stand_in_name(letter) else " " for letter in sheet)
        name = "Table_" + "_".join(_WORD.findall(plain))
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
