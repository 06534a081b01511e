"""Settle where each part of a block of rows stands, and the formulas that work its figures out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from xlreport.analysis.items import points
from xlreport.analysis.measures import divided
from xlreport.analysis.results import Backed, ModelColumn, Number, RowBlock
from xlreport.analysis.rowsets import total
from xlreport.cells import Range, cell_name
from xlreport.language import Language
from xlreport.plan import CellValue, Formula
from xlreport.tables import Kind

__all__ = ["Placed", "placed"]

_FUNCTIONS: Final = {"mean": "AVERAGE", "median": "MEDIAN", "max": "MAX", "min": "MIN"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the rows of the sheet that its parts take; 0 for a part that it does not have."""

    block: RowBlock
    heading: int
    figures: int
    """The line of the first figure; each has one."""
    source: int
    """The line that leads to the data sheet."""
    header: int
    first: int
    """The first row of the body; of a block that is empty, the line that says so."""
    shown: int
    """Number of rows in the body."""
    rest: int
    """The line of all rows that are not shown."""
    total: int
    columns: tuple[ModelColumn, ...]
    """With the columns that layout adds to those of the block: the shares of items."""

    @property
    def last(self) -> int:
        """The last row of the body."""
        return self.first + self.shown - 1

    @property
    def end(self) -> int:
        """The last line of the block."""
        return max(self.total, self.rest, self.last, self.first)

    @property
    def range(self) -> Range:
        """The cells of the whole block."""
        return Range(self.heading, 1, self.end, max(2, len(self.columns)))

    @property
    def computed(self) -> int:
        """Number of columns that layout adds."""
        return len(self.columns) - len(self.block.columns)

    def figure(self, measure: str) -> int:
        """Return the line of a figure."""
        return self.figures + [each.measure for each in self.block.figures].index(measure)

    def cells(self, column: int, *, with_rest: bool = False) -> Range:
        """Return the cells of a 1-based column in the body, and in the line of the others below it."""
        return Range(self.first, column, self.rest if with_rest and self.rest else self.last, column)

    # --- the lines below the body

    def rest_cells(self) -> dict[int, Number]:
        """Return what stands in the line of the rows that are not shown, by 1-based column."""
        sums = {at + 1: value for at, value in zip(self.block.added, self.block.rest, strict=False)}
        if self.block.kind == "items":
            sums[3] = divided(sums[2], self.whole)
            if self.computed > 1:
                sums[4] = self.block.rest_points
        return sums

    @property
    def whole(self) -> Number:
        """The sum of the amounts of all items, or None where shares of it mean nothing."""
        amount = self._sum(2)
        return amount if amount is not None and amount > 0 else None

    def total_cells(self) -> dict[int, CellValue]:
        """Return the sums below the body, by 1-based column."""
        columns = {at + 1: self._sum(at + 1) for at in self.block.added}
        if self.block.kind == "items" and self.whole is not None:
            columns[3] = Decimal(1)
            if self.computed > 1:
                columns[4] = points(self.block.data[1], self.whole)
                columns[4] = None if columns[4] is None else columns[4] + Decimal(self.block.rest_points or 0)
        return {
            column: None if value is None else Formula(f"SUM({self.cells(column, with_rest=True)})", value)
            for column, value in columns.items()
        }

    def _sum(self, column: int) -> Number:
        """Return the sum of one of the block's own columns, the rows that are not shown included."""
        shown = total(self.block.data[column - 1])
        rest = dict(zip(self.block.added, self.block.rest, strict=False)).get(column - 1)
        there = [Decimal(part) for part in (shown, rest) if part is not None]
        return sum(there, Decimal(0)) if there else None

    def share_cells(self) -> Sequence[Sequence[CellValue]]:
        """Return the rows of the columns that layout adds: share, and what it adds to the HHI."""
        whole = self.whole
        lines: list[Sequence[CellValue]] = []
        for row, amount in enumerate(self.block.data[1], start=self.first):
            share = divided(amount, whole)
            if share is None:
                lines.append([None] * self.computed)
                continue
            part = Formula(f"{cell_name(row, 2)}/{cell_name(self.total, 2)}", share)
            square = Formula(f"({cell_name(row, 3)}*100)^2", points([amount], whole))
            lines.append([part, square][: self.computed])
        return lines

    # --- the figures

    def figure_cell(self, backed: Backed) -> CellValue:
        """Return a figure as a formula over its rows; its value alone where the rows are too few to tell."""
        text = self._formula(backed) if self.shown else ""
        return Formula(text, backed.value) if text and backed.value is not None else backed.value

    def _formula(self, backed: Backed) -> str:
        column = backed.column + 1
        if backed.how == "ratio":
            return f"{cell_name(self.first, 2)}/{cell_name(self.last, 2)}"
        if backed.how in ("count", "distinct"):
            others = f"+{cell_name(self.rest, 1)}" if self.rest else ""
            return f"ROWS({self.cells(1)}){others}"
        if backed.how in ("sum", "balance"):
            return cell_name(self.total, column)
        if backed.how == "hhi":
            return cell_name(self.total, 4)
        if backed.how == "share":
            first = Range(self.first, column, min(self.first + backed.top - 1, self.last), column)
            there = backed.top <= self.shown or not self.rest
            return f"SUM({first})/{cell_name(self.total, column)}" if there else ""
        return "" if self.rest else f"{_FUNCTIONS[backed.how]}({self.cells(column)})"


def placed(block: RowBlock, row: int, language: Language, *, has_source: bool) -> Placed:
    """Return the block with its heading in ``row``."""
    shown = len(block.data[0]) if block.data else len(block.parts)
    figures = row + 1
    source = figures + len(block.figures)
    header = source + has_source
    first = header + 1
    after = first + shown
    rest = after if block.left_out and not block.parts else 0
    below = after + bool(rest)
    return Placed(
        block,
        row,
        figures,
        source if has_source else 0,
        header if shown else 0,
        first if shown else header,
        shown,
        rest,
        below if shown and block.added else 0,
        _columns(block, language),
    )


def _columns(block: RowBlock, language: Language) -> tuple[ModelColumn, ...]:
    if block.kind != "items":
        return block.columns
    share, points = language.texts("Share", "Squared percentage share")
    added = [ModelColumn("share", share, Kind.DECIMAL, "percent")]
    if any(figure.how == "hhi" for figure in block.figures):
        added.append(ModelColumn("points", points, Kind.DECIMAL, "index"))
    return (*block.columns[:2], *added, *block.columns[2:])
