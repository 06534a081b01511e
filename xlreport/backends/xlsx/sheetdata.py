"""Turn the bands of a sheet into the XML of its rows, column by column.

No Python runs per row where a column is of one kind: its texts are put at their places in a list of
pieces of markup by extended slice assignment, and the list is joined once.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from xlreport.backends.xlsx.bands import BandColumn, bands, shows_when_empty
from xlreport.backends.xlsx.markup import Memory, Registers, Repeating, folded, markup, repeats
from xlreport.backends.xlsx.number_texts import integer_texts
from xlreport.backends.xlsx.values import Kind, by_kind
from xlreport.cells import column_letter
from xlreport.plan import SheetPlan

__all__ = ["sheet_rows"]

_BLOCK: Final = 64_000
"""Cells that are written at once: enough to be quick, few enough to need little memory."""
_FEWEST_ROWS: Final = 1_000
"""Rows of a block of a very wide sheet."""
_MOST_ROWS: Final = 16_000
"""Rows of a block of a very narrow one, so that progress can be told."""
_SAMPLE: Final = 8_000
"""Rows at the head of a column that tell whether its texts repeat."""

Pieces = Iterable[str | Sequence[str] | Repeating]
"""Markup of some columns: a str is the same in every row, anything else has one item per row."""


def sheet_rows(sheet: SheetPlan, registers: Registers) -> Iterator[tuple[int, str]]:
    """Yield the ``<row>`` elements of ``sheet`` in blocks, each with the number of rows in it.

    ValueError and TypeError for values that no cell holds.
    """
    for band in bands(sheet):
        samples = (column.part(0, min(band.size, _SAMPLE)) for column in band.columns)
        memories: list[Memory | None] = [{} if repeats(sample) else None for sample in samples]
        height = _block_height(len(band.columns))
        for first in range(band.first_row, band.last_row + 1, height):
            numbers = integer_texts(range(first, min(first + height, band.last_row + 1)))
            start = first - band.first_row
            cells = [
                _cells(column, start, numbers, registers, memory)
                for column, memory in zip(band.columns, memories, strict=True)
            ]
            yield len(numbers), _rows(band.height, numbers, cells)


def _block_height(columns: int) -> int:
    return min(max(_BLOCK // max(1, columns), _FEWEST_ROWS), _MOST_ROWS)


def _rows(height: float | None, numbers: list[str], cells: Iterable[Pieces]) -> str:
    """Return the rows called ``numbers``, ``height`` points high."""
    size = "" if height is None else f' ht="{height:g}" customHeight="1"'
    pieces = ['<row r="', numbers, f'"{size}>', *(piece for column in cells for piece in column), "</row>"]
    return _joined(_merged(pieces), len(numbers))


def _joined(pieces: Sequence[str | Sequence[str]], height: int) -> str:
    """Join the pieces row by row."""
    pattern = [piece if isinstance(piece, str) else "" for piece in pieces] * height
    for position, piece in enumerate(pieces):
        if not isinstance(piece, str):
            pattern[position :: len(pieces)] = piece
    return "".join(pattern)


def _merged(pieces: Pieces) -> list[str | Sequence[str]]:
    """Return as few pieces as will do: the time that joining takes is the number of them.

    Constants that stand side by side become one. A column of repeating values takes the constants on
    both sides of it into its texts, of which there are few different ones.
    """
    constants, columns = [""], []
    for piece in pieces:
        if isinstance(piece, str):
            constants[-1] += piece
        else:
            columns.append(piece)
            constants.append("")
    merged: list[str | Sequence[str]] = []
    for at, column in enumerate(columns):
        if isinstance(column, Repeating):
            merged.append(folded(column, constants[at], constants[at + 1]))
            constants[at + 1] = ""
        else:
            merged += (constants[at], column) if constants[at] else (column,)
    return [*merged, constants[-1]]


def _cells(
    column: BandColumn, start: int, numbers: list[str], registers: Registers, memory: Memory | None
) -> Pieces:
    """Return the cells of ``column`` in the rows called ``numbers``, from row ``start`` of the band."""
    address = f'<c r="{column_letter(column.column)}'
    blank = f'" s="{registers.formats.id(column.style)}"/>' if shows_when_empty(column.style) else ""
    if column.values is None:
        return [address, numbers, blank]
    kinds = by_kind(column.part(start, len(numbers)))
    if len(kinds) == 1 and Kind.EMPTY not in kinds:
        kind, share = next(iter(kinds.items()))
        whole = markup(kind, share.values, column.style, registers, memory)
        return [address, numbers, whole.opening, whole.texts, whole.closing]
    cells = [""] * len(numbers)
    for kind, share in kinds.items():
        if kind is not Kind.EMPTY:
            part = markup(kind, share.values, column.style, registers, memory)
            texts = folded(part.texts, part.opening, part.closing)
        else:
            texts = [blank] * len(share.positions)
        for at, text in zip(share.positions, texts, strict=True):
            cells[at] = f"{address}{numbers[at]}{text}" if text else ""
    return [cells]
