"""Find the headings of a sheet: below a title, in one row or in several, with cells merged or not.

Of the first rows those are the headings that name most fields. A row of groups above them (Value over Amount
and Currency) is a part of them where it says which field is meant.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from xlreport.sources.headings import heading_text
from xlreport.sources.items import Cell
from xlreport.sources.naming import Meaning
from xlreport.sources.sheet_facts import Block

__all__ = ["LOOKED_AT", "FoundHeadings", "Known", "Names", "SheetRow", "always", "find_headings"]

LOOKED_AT: Final = 30
"""Filled rows among which headings are looked for."""
_MOST_ROWS: Final = 3
"""Rows that headings may stand in together."""


class SheetRow(NamedTuple):
    """A row with its number."""

    number: int
    cells: Sequence[Cell]


class Known(Protocol):
    """What headings can mean."""

    def meaning(self, text: str, taken: set[str]) -> Meaning:
        """Return what a heading means where those ``taken`` have a column already."""


Names = Callable[[Sequence[str]], Known | None]
"""Headings -> what they can mean; None where nothing is known that they could be held against."""


def always(known: Known | None) -> Names:
    """Return the function that gives the same meanings whatever the headings are."""
    return lambda _texts: known


@dataclass(frozen=True, slots=True)
class FoundHeadings:
    """The headings of a sheet."""

    texts: tuple[str, ...]
    """One for each column; ``Value: Amount`` where a row of groups stands above."""
    first_row: int
    last_row: int
    known: int
    """How many of them mean something."""


def find_headings(
    rows: Sequence[SheetRow], names: Names, merged: Sequence[Block], first_column: int, declared: int
) -> FoundHeadings | None:
    """Return the headings among the first ``rows`` of a sheet, or None where all of them are blank.

    ``declared`` is the row that the dataset file names, 0 where it names none: then the last row of the
    headings is the first filled one from there on. Without anything to hold them against, the first row
    that is filled has the headings.
    """
    grid = _Grid(rows, merged, first_column)
    best: FoundHeadings | None = None
    for bottom in grid.filled(declared):
        for found in _headings_down_to(grid, bottom, names):
            if best is None or found.known > best.known:
                best = found
        if declared or names(()) is None or (best and 1 < best.known == sum(map(bool, best.texts))):
            break  # a single one may be the title of the sheet, which is also that of a field
    return best


def _headings_down_to(grid: "_Grid", bottom: int, names: Names) -> Iterator[FoundHeadings]:
    """Iterate over the headings that one row makes by itself, and with the rows above it."""
    for top in range(bottom, bottom - _MOST_ROWS, -1):
        if not grid.is_filled(top):
            return
        own = grid.texts(bottom) if top == bottom else grid.columns(top, bottom)
        known = names(own)
        if known is None:
            yield FoundHeadings(tuple(own), bottom, bottom, 0)
            return
        groups = [grid.spread(number) for number in range(top, bottom)]
        taken: set[str] = set()
        texts = [
            _best_name([group[position] for group in groups], text, known, taken)
            for position, text in enumerate(own)
        ]
        yield FoundHeadings(tuple(texts), top, bottom, len(taken))


def _best_name(groups: Sequence[str], own: str, known: Known, taken: set[str]) -> str:
    """Return what a column is called, with its groups if they tell more, and add what it means."""
    chain = list(dict.fromkeys(text for text in (*groups, own) if text)) if own else []
    loose = "", ""
    for start in range(len(chain)):
        name = ": ".join(chain[start:])
        meaning = known.meaning(name, taken)
        if len(meaning.paths) != 1 or meaning.paths[0] in taken:
            continue
        if not meaning.loosely:
            taken.add(meaning.paths[0])
            return name
        loose = loose if loose[0] else (name, meaning.paths[0])
    taken.update([loose[1]] if loose[1] else ())
    return loose[0] or own


class _Grid:
    """The first rows of a sheet."""

    def __init__(self, rows: Sequence[SheetRow], merged: Sequence[Block], first_column: int) -> None:
        self._rows = {row.number: [heading_text(cell) for cell in row.cells] for row in rows}
        self._first_column = first_column
        self._merged = [block for block in merged if block.first_row in self._rows]

    def filled(self, start: int) -> Iterator[int]:
        """Iterate over the numbers of the rows that are not blank."""
        return (number for number in sorted(self._rows) if number >= start and self.is_filled(number))

    def is_filled(self, number: int) -> bool:
        """Tell whether anything stands in the row."""
        return any(self._rows.get(number, ()))

    def texts(self, number: int) -> list[str]:
        """Return the texts of a row as they stand in its cells."""
        return list(self._rows[number])

    def columns(self, top: int, bottom: int) -> list[str]:
        """Return the lowest text of each column in some rows, whether or not its cells are merged."""
        texts = self._with_merged(bottom)
        for number in range(bottom - 1, top - 1, -1):
            texts = [text or above for text, above in zip(texts, self.texts(number), strict=True)]
        return texts

    def spread(self, number: int) -> list[str]:
        """Return the texts of a row of groups: each over all the columns up to the next."""
        texts = self._with_merged(number)
        for position in range(1, len(texts)):
            texts[position] = texts[position] or texts[position - 1]
        return texts

    def _with_merged(self, number: int) -> list[str]:
        """Return the texts of a row, those of merged cells in each of their columns."""
        texts = self.texts(number)
        for block in self._merged:
            source = block.first_column - self._first_column
            if block.first_row <= number <= block.last_row and 0 <= source < len(texts):
                text = self._rows[block.first_row][source]
                last = min(block.last_column - self._first_column, len(texts) - 1)
                texts[source : last + 1] = [text] * (last + 1 - source)
        return texts
