"""Turn text into what the XML of a worksheet can hold, and keep the workbook's shared strings."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from xlreport.cells import MAX_TEXT

__all__ = [
    "SharedStrings",
    "are_short",
    "check_lengths",
    "coded",
    "escaped",
    "has_edges",
    "is_harmless",
    "legal",
]

_CODED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters that stand in cells as ``_xHHHH_``, and the underscore of text that looks like that."""
_CODED_IN_ATTRIBUTE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x1f\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AT_EDGE: Final = re.compile(r"\|(?:[=+@\t\r -]|(?<= \|))")
"""A bar with a blank in front of it, or a blank or the beginning of a formula behind it."""
_HARMLESS: Final = bytes(set(range(32, 127)) - set(b"&<>"))
_REPLACEMENT: Final = "\ufffd"
_BATCH: Final = 16_000
_SURELY_SHORT: Final = MAX_TEXT // 2
"""Characters that fit in a cell even if each takes two UTF-16 units."""


def _code(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def _is_plain(text: str) -> bool:
    """Tell whether ``text`` needs no escaping; strict about characters that are not printable."""
    return text.isprintable() and not ("&" in text or "<" in text or ">" in text or "_x" in text)


def escaped(text: str) -> str:
    """Return ``text`` as the content of an element in a worksheet.

    Control characters become ``_xHHHH_``, which Excel turns back. Half of a surrogate pair has no form
    in XML at all and becomes U+FFFD.
    """
    if _is_plain(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SURROGATE.sub(_REPLACEMENT, _CODED.sub(_code, text))


def is_harmless(texts: Sequence[str]) -> bool:
    """Tell by one look at all texts together that they can be written as they are, when they can.

    True means that none is too long, needs escaping, has blanks or breaks at its edges, or begins like a
    formula: no such character stands beside a bar between two texts. False means that each has to be looked
    at.
    """
    everything = f"|{'|'.join(texts)}|"
    is_ascii = everything.isascii()
    is_plain = not everything.encode().translate(None, _HARMLESS) if is_ascii else _is_plain(everything)
    is_code = "_" in everything and "_x" in everything  # to look for one character is much quicker
    has_bars = everything.count("|") > len(texts) + 1
    return (
        is_plain
        and not is_code
        and not has_bars
        and not _AT_EDGE.search(everything)
        and are_short(everything, "|", _SURELY_SHORT)
    )


def are_short(joined: str, separator: str, limit: int) -> bool:
    """Tell whether no text between two separators is longer than ``limit``.

    The last separator within reach of each is enough to know; those before it are jumped over.
    """
    start = 0
    while len(joined) - start > limit:
        start = joined.rfind(separator, start, start + limit + 1) + 1
        if start == 0:
            return False
    return True


def coded(text: str) -> str:
    """Return ``text`` as the name of a table column, where line breaks are coded too.

    Ampersands and angle brackets are left to the program that writes the attribute.
    """
    coded_text = _CODED_IN_ATTRIBUTE.sub(lambda match: _code(match).lower(), text)
    return _SURROGATE.sub(_REPLACEMENT, coded_text)


def legal(text: str) -> str:
    """Return ``text`` for charts and properties, which know no ``_xHHHH_``: U+FFFD for what XML forbids."""
    return _ILLEGAL.sub(_REPLACEMENT, text)


def has_edges(texts: Iterable[str]) -> bool:
    """Tell whether one of the texts begins or ends with blanks or line breaks, or has a break inside."""
    return any(text != text.strip() or "\n" in text for text in texts)


def check_lengths(texts: Collection[str]) -> None:
    """Raise ValueError for a text that Excel has no room for; it counts UTF-16 units."""
    longest = max(map(len, texts), default=0)
    if longest <= _SURELY_SHORT:
        return
    for text in texts:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if units > MAX_TEXT:
            message = f"a cell holds at most {MAX_TEXT:,} characters; {units:,} were given: {text[:40]!r}…"
            raise ValueError(message)


class SharedStrings:
    """The texts that repeat in a workbook, each stored once and numbered in order of appearance."""

    def __init__(self) -> None:
        """Begin without any text."""
        self._numbers: dict[str, str] = {}
        self._uses = 0

    def number(self, text: str) -> str:
        """Return the number of ``text`` as it stands in a cell."""
        return self._numbers.setdefault(text, str(len(self._numbers)))

    def count(self, cells: int) -> None:
        """Note that so many cells more have one of the texts."""
        self._uses += cells

    def part(self) -> Iterator[str]:
        """Yield the XML of the part ``xl/sharedStrings.xml``."""
        yield (
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'count="{self._uses}" uniqueCount="{len(self._numbers)}">'
        )
        texts = list(self._numbers)
        for start in range(0, len(texts), _BATCH):
            yield "".join(map(_item, texts[start : start + _BATCH]))
        yield "</sst>"


def _item(text: str) -> str:
    space = ' xml:space="preserve"' if has_edges((text,)) else ""
    return f"<si><t{space}>{escaped(text)}</t></si>"
