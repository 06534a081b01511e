"""Turn the bands of a sheet into the XML of its rows, column by column.

No Python runs per row where a column is of one kind: its texts are put at their places in a list of
pieces of markup by extended slice assignment, and the list is joined once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlreport.backends.xlsx.bands import Band, BandColumn, bands, shows_when_empty
from xlreport.backends.xlsx.strings import SharedStrings, escaped_all, has_edges
from xlreport.backends.xlsx.styles import Formats
from xlreport.backends.xlsx.values import Kind, as_written, by_kind, texts_of
from xlreport.cells import column_letter
from xlreport.plan import SheetPlan
from xlreport.styles import Style

__all__ = ["Registers", "sheet_rows"]

_BLOCK: Final = 16_000
"""Rows that are written at once: enough to be quick, few enough to need little memory."""
_ALWAYS_SHARED: Final = 1_000
"""Columns of up to so many texts go to the shared strings without a count of the distinct ones."""

Pieces = list[str | list[str]]
"""Markup of some columns: a str is the same in every row, a list has one item per row."""


@dataclass(frozen=True, slots=True)
class Registers:
    """What the cells of all sheets number and share."""

    formats: Formats
    strings: SharedStrings


@dataclass(frozen=True, slots=True)
class _Markup:
    """Cells of one kind: what stands between address and text, the texts, and what stands behind."""

    opening: str
    texts: list[str]
    closing: str


_ELEMENTS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.NUMBER: ("><v>", "</v></c>"),
    Kind.DATE: ("><v>", "</v></c>"),
    Kind.DATETIME: ("><v>", "</v></c>"),
    Kind.BOOLEAN: (' t="b"><v>', "</v></c>"),
    Kind.NUMBER_FORMULA: ("><f>", "</v></c>"),
    Kind.BOOLEAN_FORMULA: (' t="b"><f>', "</v></c>"),
    Kind.TEXT_FORMULA: (' t="str"><f>', "</v></c>"),
    Kind.OPEN_FORMULA: ("><f>", "</f></c>"),
}
_SHARED: Final = (' t="s"><v>', "</v></c>")
_INLINE: Final = (' t="inlineStr"><is><t>', "</t></is></c>")
_INLINE_WITH_EDGES: Final = (' t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>")


def sheet_rows(sheet: SheetPlan, registers: Registers) -> Iterator[tuple[int, str]]:
    """Yield the ``<row>`` elements of ``sheet`` in blocks, each with the number of rows in it.

    ValueError and TypeError for values that no cell holds.
    """
    for band in bands(sheet):
        for first in range(band.first_row, band.last_row + 1, _BLOCK):
            numbers = list(map(str, range(first, min(first + _BLOCK, band.last_row + 1))))
            yield len(numbers), _rows(band, first - band.first_row, numbers, registers)


def _rows(band: Band, start: int, numbers: list[str], registers: Registers) -> str:
    """Return the rows called ``numbers``, of which the first is row ``start`` of the band, from 0."""
    size = "" if band.height is None else f' ht="{band.height:g}" customHeight="1"'
    pieces: Pieces = ['<row r="', numbers, f'"{size}>']
    for column in band.columns:
        pieces += _cells(column, start, numbers, registers)
    pieces.append("</row>")
    return _interleaved(_merged(pieces), len(numbers))


def _interleaved(pattern: Pieces, height: int) -> str:
    """Join the pieces row by row."""
    cells = [piece if isinstance(piece, str) else "" for piece in pattern] * height
    for position, piece in enumerate(pattern):
        if not isinstance(piece, str):
            cells[position :: len(pattern)] = piece
    return "".join(cells)


def _merged(pieces: Pieces) -> Pieces:
    """Return the pieces with constants that stand side by side made into one."""
    merged: Pieces = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, str) and isinstance(last, str):
            merged[-1] = last + piece
        else:
            merged.append(piece)
    return merged


def _cells(column: BandColumn, start: int, numbers: list[str], registers: Registers) -> Pieces:
    address = f'<c r="{column_letter(column.column)}'
    blank = f'" s="{registers.formats.id(column.style)}"/>' if shows_when_empty(column.style) else ""
    if column.values is None:
        return [address, numbers, blank]
    offset = column.offset + start
    values = as_written(column.values[offset : offset + len(numbers)])
    kinds = by_kind(values)
    if len(kinds) == 1 and Kind.EMPTY not in kinds:
        markup = _markup(next(iter(kinds)), values, column.style, registers)
        return [address, numbers, markup.opening, markup.texts, markup.closing]
    cells = [""] * len(numbers)
    for kind, positions in kinds.items():
        if kind is not Kind.EMPTY:
            markup = _markup(kind, [values[at] for at in positions], column.style, registers)
        elif blank:
            markup = _Markup(blank, [""] * len(positions), "")
        else:
            continue
        for at, text in zip(positions, markup.texts, strict=True):
            cells[at] = f"{address}{numbers[at]}{markup.opening}{text}{markup.closing}"
    return [cells]


def _markup(kind: Kind, values: Sequence[object], style: Style | None, registers: Registers) -> _Markup:
    texts = texts_of(kind, values)
    if kind in (Kind.TEXT, Kind.GUARDED_TEXT):
        (before, after), texts = _text_element(texts, registers.strings)
    else:
        before, after = _ELEMENTS[kind]
    number = registers.formats.id(style, guarded=kind is Kind.GUARDED_TEXT)
    return _Markup(f'" s="{number}"{before}' if number else f'"{before}', texts, after)


def _text_element(texts: list[str], strings: SharedStrings) -> tuple[tuple[str, str], list[str]]:
    """Return texts that repeat as numbers of shared strings, and the others as they stand in the cells."""
    if len(texts) <= _ALWAYS_SHARED or 2 * len(set(texts)) <= len(texts):
        return _SHARED, strings.numbers(texts)
    return _INLINE_WITH_EDGES if has_edges(texts) else _INLINE, escaped_all(texts)
