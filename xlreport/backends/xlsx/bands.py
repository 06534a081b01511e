"""Turn the blocks and style runs of a sheet into bands: rows that are all laid out alike.

Within a band every column has one source of values and one style from top to bottom, so that the band
can be written column by column.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xlreport.cells import Range, cell_name
from xlreport.plan import Block, SheetPlan, StyleRun
from xlreport.styles import Style

__all__ = ["Band", "BandColumn", "bands", "shows_when_empty"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BandColumn:
    """One column of a band."""

    column: int
    style: Style | None
    values: Sequence[Any] | None
    """The whole column of the block, or None where there is only a style."""
    offset: int = 0
    """Position in ``values`` of the band's first row."""

    def part(self, start: int, height: int) -> Sequence[Any]:
        """Return the values of ``height`` rows from row ``start`` of the band, counted from 0."""
        first = self.offset + start
        return () if self.values is None else self.values[first : first + height]


@dataclass(frozen=True, slots=True)
class Band:
    """Consecutive rows with the same layout."""

    first_row: int
    last_row: int
    columns: tuple[BandColumn, ...]
    """From left to right."""
    height: float | None
    """Height of the rows in points, or None for the default."""
    grouped: bool = False
    """Whether the rows are in a group of the outline."""

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.last_row - self.first_row + 1


def bands(sheet: SheetPlan) -> Iterator[Band]:
    """Yield the bands of ``sheet`` from top to bottom, less those with nothing in them.

    ValueError where two blocks overlap.
    """
    blocks = _Sweep([(block.range, block) for block in sheet.blocks if block.height])
    runs = _Sweep([(run.range, run) for run in sheet.styles])
    groups = _Sweep([(Range(first, 1, last, 1), True) for first, last in sheet.grouped])
    high = {cut for row in sheet.heights for cut in (row, row + 1)}
    cuts = sorted(blocks.cuts | runs.cuts | groups.cuts | high)
    for first_row, after in itertools.pairwise(cuts):
        columns = _columns(blocks.at(first_row), runs.at(first_row), first_row)
        height, grouped = sheet.heights.get(first_row), bool(groups.at(first_row))
        if columns or height is not None or grouped:
            yield Band(first_row, after - 1, columns, height, grouped)


def shows_when_empty(style: Style | None) -> bool:
    """Tell whether an empty cell in that style looks different from a cell without a style."""
    return style is not None and bool(style.fill or style.top or style.bottom)


class _Sweep(Generic[T]):
    """Things over ranges of rows, asked for from top to bottom."""

    def __init__(self, things: Sequence[tuple[Range, T]]) -> None:
        self.cuts = {row for place, _ in things for row in (place.first_row, place.last_row + 1)}
        self._coming = sorted(things, key=lambda thing: thing[0].first_row, reverse=True)
        self._here: list[tuple[Range, T]] = []

    def at(self, row: int) -> list[T]:
        """Return the things that cover ``row``; every call is for a later row than the one before."""
        while self._coming and self._coming[-1][0].first_row <= row:
            self._here.append(self._coming.pop())
        self._here = [(place, thing) for place, thing in self._here if place.last_row >= row]
        return [thing for _, thing in self._here]


def _columns(blocks: list[Block], runs: list[StyleRun], row: int) -> tuple[BandColumn, ...]:
    styles = {
        column: run.style
        for run in runs
        for column in range(run.range.first_column, run.range.last_column + 1)
    }
    columns = {
        column: BandColumn(column, style, None) for column, style in styles.items() if shows_when_empty(style)
    }
    for block in blocks:
        for column, values in enumerate(block.columns, block.column):
            if column in columns and columns[column].values is not None:
                message = f"two blocks of the plan overlap at {cell_name(row, column)}"
                raise ValueError(message)
            columns[column] = BandColumn(column, styles.get(column), values, row - block.row)
    return tuple(columns[column] for column in sorted(columns))
