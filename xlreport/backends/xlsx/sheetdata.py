"""Turn the bands of a sheet into the XML of its rows, column by column.

No Python runs per row where a column is of one kind: its texts are put at their places in a list of
pieces of markup by extended slice assignment, and the list is joined once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xlreport.backends.xlsx.bands import Band, BandColumn, bands, shows_when_empty
from xlreport.backends.xlsx.markup import STRICT, Memory, Pieces, Registers, folded, markup, repeats
from xlreport.backends.xlsx.number_texts import integer_texts
from xlreport.backends.xlsx.values import Kind, Share, by_kind
from xlreport.cells import column_letter
from xlreport.plan import SheetPlan

__all__ = ["sheet_rows"]

_BLOCK: Final = 8_000
"""Cells that are written at once: enough to be quick, few enough for the same memory to be used again and
again, without fetching more from the system."""
_FEWEST_ROWS: Final = 250
"""Rows of a block of a very wide sheet."""
_SAMPLE: Final = 8_000
"""Rows at the head of a column that tell whether its texts repeat."""


def sheet_rows(sheet: SheetPlan, registers: Registers) -> Iterator[tuple[int, str]]:
    """Yield the ``<row>`` elements of ``sheet`` in blocks, each with the number of rows in it.

    ValueError and TypeError for values that no cell holds.
    """
    for band in bands(sheet):
        samples = (column.part(0, min(band.size, _SAMPLE)) for column in band.columns)
        memories = [Memory(shares_texts=repeats(sample)) for sample in samples]
        height = max(_BLOCK // max(1, len(band.columns)), _FEWEST_ROWS)
        for first in range(band.first_row, band.last_row + 1, height):
            numbers = integer_texts(range(first, min(first + height, band.last_row + 1)))
            yield len(numbers), _rows(band, numbers, registers, memories)


def _rows(band: Band, numbers: list[str], registers: Registers, memories: list[Memory]) -> str:
    """Return the rows of ``band`` that are called ``numbers``.

    The columns are taken from right to left: a constant that stands in front of a cell is given to the
    column on its left as what comes ``after``, since the time that joining takes is the number of pieces.
    """
    after = "</row>"
    columns: list[Pieces] = []
    for column, memory in zip(reversed(band.columns), reversed(memories), strict=True):
        values = column.part(int(numbers[0]) - band.first_row, len(numbers))
        address, pieces = _cells(column, values, numbers, registers, memory, after)
        after = address
        columns.append(pieces)
    size = "" if band.height is None else f' ht="{band.height:g}" customHeight="1"'
    level = ' outlineLevel="1"' if band.grouped else ""
    head = ['<row r="', numbers, f'"{size}{level}>{after}']
    return _joined([*head, *(piece for pieces in reversed(columns) for piece in pieces)], len(numbers))


def _joined(pieces: Pieces, height: int) -> str:
    """Join the pieces row by row."""
    pattern = [piece if isinstance(piece, str) else "" for piece in pieces] * height
    for position, piece in enumerate(pieces):
        if not isinstance(piece, str):
            pattern[position :: len(pieces)] = piece
    return "".join(pattern)


def _cells(
    column: BandColumn,
    values: Sequence[object],
    numbers: list[str],
    registers: Registers,
    memory: Memory,
    after: str,
) -> tuple[str, Pieces]:
    """Return what stands in front of the first piece of every row, and the pieces, ``after`` included."""
    address = f'<c r="{column_letter(column.column)}'
    if column.values is None:
        return address, [numbers, _blank(column, registers) + after]
    if memory.kind in STRICT:
        try:
            return address, [
                numbers,
                *markup(memory.kind, values, column.style, registers, memory, after),
            ]
        except TypeError:  # not all values are of that kind any longer
            memory.kind = None
    kinds = by_kind(values)
    if len(kinds) == 1 and Kind.EMPTY not in kinds:
        memory.kind, share = next(iter(kinds.items()))
        whole = markup(memory.kind, share.values, column.style, registers, memory, after)
        return address, [numbers, *whole]
    return "", [_mixed_cells(column, kinds, numbers, registers, memory), after]


def _mixed_cells(
    column: BandColumn, kinds: Mapping[Kind, Share], numbers: list[str], registers: Registers, memory: Memory
) -> list[str]:
    """Return whole cells, an empty text for those that are not written."""
    address, blank = f'<c r="{column_letter(column.column)}', _blank(column, registers)
    cells = [""] * len(numbers)
    for kind, share in kinds.items():
        if kind is not Kind.EMPTY:
            texts = folded(markup(kind, share.values, column.style, registers, memory))
        else:
            texts = [blank] * len(share.positions)
        for at, text in zip(share.positions, texts, strict=True):
            cells[at] = f"{address}{numbers[at]}{text}" if text else ""
    return cells


def _blank(column: BandColumn, registers: Registers) -> str:
    """Return what stands behind the address of an empty cell; nothing where it looks like no cell at all."""
    return f'" s="{registers.formats.id(column.style)}"/>' if shows_when_empty(column.style) else ""
