"""Turn a column of values into markup: what stands in its cells behind the address.

Nothing here runs once per row where it can run once per column or once per different value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from xlreport.backends.xlsx.strings import SharedStrings, check_lengths, escaped, has_edges, is_harmless
from xlreport.backends.xlsx.styles import Formats
from xlreport.backends.xlsx.values import Kind, date_text, texts_of
from xlreport.styles import Style

__all__ = ["STRICT", "Memory", "Pieces", "Registers", "folded", "markup", "repeats"]

STRICT: Final = frozenset({Kind.TEXT, Kind.DATE, Kind.DECIMAL})
"""Kinds whose markup cannot be made of values of another kind, so that nobody has to look before."""
_ALWAYS_SHARED: Final = 1_000
"""Columns of up to so many texts go to the shared strings however many different ones there are."""
_GUARDED: Final = frozenset("=+-@\t\r")
"""First characters that make a spreadsheet program take typed text for a formula: such texts get a quote
prefix, which keeps them text when somebody edits the cell."""


@dataclass(frozen=True, slots=True)
class Registers:
    """What the cells of all sheets number and share."""

    formats: Formats
    strings: SharedStrings


class Cells(dict[Any, str]):
    """What stands in the cells of a column with few different values, made once for each of them."""

    def __init__(self, markup_of: Callable[[Any], str], after: str) -> None:
        """Begin without any value; ``after`` is to stand behind the markup of each."""
        super().__init__()
        self._markup_of, self._after = markup_of, after

    def __missing__(self, value: Any) -> str:
        """Return and keep the cell of a value that was not there before."""
        cell = self[value] = self._markup_of(value) + self._after
        return cell


@dataclass(slots=True)
class Memory:
    """What is kept of a column from one block of rows to the next."""

    shares_texts: bool
    """Its texts repeat, so that they are worth sharing."""
    kind: Kind | None = None
    """The kind of all values in the block before, if it was one."""
    cells: dict[tuple[Kind, str], Cells] = field(default_factory=dict)
    """The cells of values that repeat, by their kind and what stands behind them."""


Pieces = list[str | Sequence[str]]
"""Markup of some columns: a str is the same in every row, anything else has one item per row."""

_ELEMENTS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.INTEGER: ("><v>", "</v></c>"),
    Kind.DECIMAL: ("><v>", "</v></c>"),
    Kind.FLOAT: ("><v>", "</v></c>"),
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


def repeats(values: Sequence[Any]) -> bool:
    """Tell whether the texts among ``values``, the head of a column, are worth sharing."""
    texts = [value for value in values if isinstance(value, str)]
    return len(texts) <= _ALWAYS_SHARED or 2 * len(set(texts)) <= len(texts)


def markup(
    kind: Kind,
    values: Sequence[Any],
    style: Style | None,
    registers: Registers,
    memory: Memory,
    after: str = "",
) -> Pieces:
    """Return the cells of ``values``, all of them being of ``kind``, from behind the address to ``after``.

    ValueError for texts that are too long and numbers that no cell holds. TypeError for a value of another
    kind, if ``kind`` is one of `STRICT`.
    """
    if kind is Kind.TEXT and memory.shares_texts:
        cells = _repeating(kind, values, memory, after, lambda text: _shared(text, style, registers))
        registers.strings.count(len(values))
        return cells
    if kind is Kind.TEXT:
        return _inline(values, style, registers.formats, after)
    opening, closing = _ELEMENTS[kind]
    opening = _styled(registers.formats.id(style)) + opening
    if kind is Kind.DATE:
        return _repeating(kind, values, memory, after, lambda day: f"{opening}{date_text(day)}{closing}")
    return [opening, texts_of(kind, values), closing + after]


def folded(pieces: Pieces) -> Sequence[str]:
    """Return the one piece, or every text with the constants that stand around it."""
    if len(pieces) == 1:
        return pieces[0]
    before, texts, after = pieces
    return [f"{before}{text}{after}" for text in texts]


def _styled(number: int) -> str:
    return f'" s="{number}"' if number else '"'


def _repeating(
    kind: Kind, values: Sequence[Any], memory: Memory, after: str, markup_of: Callable[[Any], str]
) -> Pieces:
    """Return cells of which ``markup_of`` makes each different one once."""
    cells = memory.cells.get((kind, after))
    if cells is None:
        cells = memory.cells[kind, after] = Cells(markup_of, after)
    return [list(map(cells.__getitem__, values))]


def _shared(text: str, style: Style | None, registers: Registers) -> str:
    if type(text) is not str:
        raise TypeError
    check_lengths((text,))
    number = registers.formats.id(style, guarded=text[:1] in _GUARDED)
    return f"{_styled(number)}{_SHARED[0]}{registers.strings.number(text)}{_SHARED[1]}"


def _inline(values: Sequence[str], style: Style | None, formats: Formats, after: str) -> Pieces:
    """Return texts as they stand in cells.

    The quote prefix is part of the cell format, so that with it the opening differs from text to text.
    """
    if is_harmless(values):
        return [_styled(formats.id(style)) + _INLINE[0], values, _INLINE[1] + after]
    check_lengths(values)
    opening, closing = _INLINE_WITH_EDGES if has_edges(values) else _INLINE
    texts = [
        f"{_styled(formats.id(style, guarded=text[:1] in _GUARDED))}{opening}{escaped(text)}"
        for text in map(str.__str__, values)
    ]
    return ["", texts, closing + after]
