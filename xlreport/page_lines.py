"""Turn the header and footer of a theme into Excel's: words in braces become values and codes.

{page}, {pages} and {sheet} become codes that Excel fills in when it prints; {title}, {period} and
{organisation} become what they stand for. What is text stays text: an ampersand is doubled.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from xlreport.cells import cut, excel_length
from xlreport.styles import PageLine

__all__ = ["LEAST_ROOM", "MOST_LENGTH", "WORDS", "coded", "fixed_length", "unknown_words", "words_in"]

MOST_LENGTH: Final = 255
"""Characters of a header or footer, codes included."""
LEAST_ROOM: Final = 25
"""Characters that each of the values has to have room for."""
_CODES: Final = {"sheet": "&A", "page": "&P", "pages": "&N"}
_VALUES: Final = ("title", "period", "organisation")
WORDS: Final = (*_VALUES, *_CODES)
"""The words that may stand in braces."""

_MOST_VALUE: Final = 100
"""Characters of one value: a longer one is a sentence, and stands on the sheet."""
_PART_CODES: Final = len("&L&8 ")
"""Before each part stand its place and the size of its letters."""
_SLOT: Final = re.compile(r"\{([^{}]*)\}")


def coded(line: PageLine, values: Mapping[str, str]) -> PageLine:
    """Return ``line`` as Excel keeps it; a value that is too long for what room there is ends in an ellipsis.

    ``values`` has what title, period and organisation stand for; one that is missing is empty.
    """
    slots = list(words_in(line))
    count = sum(slot in _VALUES for slot in slots)
    room = (MOST_LENGTH - fixed_length(line)) // max(count, 1)
    shortened = {name: _fitted(values.get(name, ""), room) for name in _VALUES}

    def part(text: str) -> str:
        return _filled(text, {**shortened, **_CODES})

    return PageLine(part(line.left), part(line.middle), part(line.right))


def fixed_length(line: PageLine) -> int:
    """Return how many characters of a header or footer are taken before its values are filled in."""
    parts = [text for text in (line.left, line.middle, line.right) if text]
    texts = (_filled(text, {**dict.fromkeys(_VALUES, ""), **_CODES}) for text in parts)
    return sum(_PART_CODES + excel_length(text) for text in texts)


def words_in(line: PageLine) -> Iterator[str]:
    """Yield the words in braces, in their order."""
    for text in (line.left, line.middle, line.right):
        yield from _SLOT.findall(text)


def unknown_words(text: str) -> list[str]:
    """Return the words in braces that stand for nothing."""
    return [word for word in _SLOT.findall(text) if word not in WORDS]


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Return a text with its words filled in; what stands outside the braces is text, never a code."""
    pieces = _SLOT.split(text)
    pieces[::2] = [piece.replace("&", "&&") for piece in pieces[::2]]
    pieces[1::2] = [words.get(word, "") for word in pieces[1::2]]
    return "".join(pieces).strip()


def _fitted(value: str, room: int) -> str:
    """Return a value with its ampersands doubled, so short that it has room."""
    plain = " ".join(value.split())
    most = min(_MOST_VALUE, room)
    while excel_length(escaped := cut(plain, most).replace("&", "&&")) > room:
        most -= 1
    return escaped
