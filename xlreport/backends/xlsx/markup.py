"""Turn a column of values into markup: what stands in its cells behind the address.

Nothing here runs once per row where it can run once per column or once per different value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlreport.backends.xlsx.strings import SharedStrings, check_lengths, escaped, has_edges, is_harmless
from xlreport.backends.xlsx.styles import Formats
from xlreport.backends.xlsx.values import Kind, date_text, texts_of
from xlreport.styles import Style

__all__ = ["Markup", "Memory", "Registers", "Repeating", "folded", "markup", "repeats"]

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

    def __init__(self, before: str, text_of: Callable[[Any], str], after: str) -> None:
        """Begin without any value; ``before`` and ``after`` are to stand around each text."""
        super().__init__()
        self._before, self._text_of, self._after = before, text_of, after

    def __missing__(self, value: Any) -> str:
        """Return and keep the cell of a value that was not there before."""
        cell = self[value] = f"{self._before}{self._text_of(value)}{self._after}"
        return cell


Memory = dict[tuple[str, str], Cells]
"""The cells of a column by what stands around their texts; kept from one block of rows to the next."""


@dataclass(frozen=True, slots=True)
class Repeating:
    """Texts of a column with few different values: the values, and how each different one is written."""

    values: Sequence[Any]
    text_of: Callable[[Any], str]
    memory: Memory


@dataclass(frozen=True, slots=True)
class Markup:
    """Cells of one kind: what stands between address and text, the texts, and what stands behind."""

    opening: str
    texts: Sequence[str] | Repeating
    closing: str


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
    if str not in list(map(type, values)):
        return True
    texts = [value for value in values if isinstance(value, str)]
    return len(texts) <= _ALWAYS_SHARED or 2 * len(set(texts)) <= len(texts)


def markup(
    kind: Kind, values: Sequence[Any], style: Style | None, registers: Registers, memory: Memory | None
) -> Markup:
    """Return the markup of ``values``, all of them being of ``kind`` and none empty.

    Texts are shared if there is a ``memory``, and stand in the cells otherwise. ValueError for texts that
    are too long and numbers that no cell holds.
    """
    if kind is Kind.TEXT:
        if memory is None:
            return _of_inline_texts(values, style, registers.formats)
        return _of_shared_texts(values, style, registers, memory)
    opening, closing = _ELEMENTS[kind]
    opening = _styled(registers.formats.id(style)) + opening
    if kind is Kind.DATE and memory is not None:
        return Markup(opening, Repeating(values, date_text, memory), closing)
    return Markup(opening, texts_of(kind, values), closing)


def folded(texts: Sequence[str] | Repeating, before: str, after: str) -> list[str]:
    """Return every text with ``before`` and ``after`` around it."""
    if isinstance(texts, Repeating):
        if (before, after) not in texts.memory:
            texts.memory[before, after] = Cells(before, texts.text_of, after)
        return list(map(texts.memory[before, after].__getitem__, texts.values))
    return [f"{before}{text}{after}" for text in texts]


def _styled(number: int) -> str:
    return f'" s="{number}"' if number else '"'


def _of_shared_texts(
    values: Sequence[str], style: Style | None, registers: Registers, memory: Memory
) -> Markup:
    registers.strings.count(len(values))

    def text_of(value: str) -> str:
        check_lengths((value,))
        number = registers.formats.id(style, guarded=value[:1] in _GUARDED)
        return f"{_styled(number)}{_SHARED[0]}{registers.strings.number(value)}"

    return Markup("", Repeating(values, text_of, memory), _SHARED[1])


def _of_inline_texts(values: Sequence[str], style: Style | None, formats: Formats) -> Markup:
    """Return texts as they stand in cells.

    The quote prefix is part of the cell format, so that with it the opening differs from text to text.
    """
    check_lengths(values)
    if is_harmless(values):
        return Markup(_styled(formats.id(style)) + _INLINE[0], values, _INLINE[1])
    opening, closing = _INLINE_WITH_EDGES if has_edges(values) else _INLINE
    numbers = [formats.id(style, guarded=value[:1] in _GUARDED) for value in values]
    texts = [
        f"{_styled(number)}{opening}{escaped(text)}" for number, text in zip(numbers, values, strict=True)
    ]
    return Markup("", texts, closing)
