"""Turn text into what the XML of a worksheet can hold, and keep the workbook's shared strings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from xlreport.cells import MAX_TEXT

__all__ = ["SharedStrings", "check_lengths", "coded", "escaped", "escaped_all", "has_edges", "legal"]

_CODED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters that stand in cells as ``_xHHHH_``, and the underscore of text that looks like that."""
_CODED_IN_ATTRIBUTE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x1f\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REPLACEMENT: Final = "\ufffd"
_BATCH: Final = 16_000


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


def escaped_all(texts: list[str]) -> list[str]:
    """Return every text escaped; a column without special characters costs one look at all of it."""
    return texts if _is_plain("".join(texts)) else [escaped(text) for text in texts]


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


def check_lengths(texts: Sequence[str]) -> None:
    """Raise ValueError for a text that Excel has no room for; it counts UTF-16 units."""
    longest = max(map(len, texts), default=0)
    if 2 * longest <= MAX_TEXT:
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

    def numbers(self, texts: list[str]) -> list[str]:
        """Return the number of each text as it stands in a cell, adding those not seen before."""
        known = self._numbers
        for text in dict.fromkeys(texts):
            if text not in known:
                known[text] = str(len(known))
        self._uses += len(texts)
        return [known[text] for text in texts]

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
