"""Wrap sentences to the width of a terminal, in which a Chinese character takes two columns."""

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from xlreport.text import text_width

__all__ = ["safe", "wrapped"]

_WIDE: Final = r"\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_PIECES: Final = re.compile(rf"[{_WIDE}]|[^\s{_WIDE}]+|\s+")
"""A line may break between these: after any East Asian character, elsewhere at blanks."""
_MARKS: Final = "\u200e\u200f"
"""Which way the characters around them run; they turn nothing round."""


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of a text, each with ``indent`` before it and at most ``width`` columns wide."""
    if text.isascii():
        return textwrap.wrap(
            text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )
    return [indent + line for line in _lines(text, max(width - len(indent), 10))]


def _lines(text: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for piece in _pieces(text, width):
        size = text_width(piece)
        if used + size > width and line.strip() and not _stays(piece):
            yield line.rstrip()
            line, used = "", 0
        if line or not piece.isspace():
            line, used = line + piece, used + size
    if line.strip():
        yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield the pieces of a text; those that are longer than a line in parts."""
    for piece in _PIECES.findall(text):
        for start in range(0, len(piece), width):
            yield piece[start : start + width]


def _stays(piece: str) -> bool:
    """Tell whether a piece cannot begin a line: it is a sign that closes what stands before it."""
    return piece in "，。；：、）”？！"  # noqa: RUF001  # Chinese signs


def safe(text: str) -> str:
    """Return the text with what would steer the terminal, or turn the writing round, shown as its code."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or character in _MARKS:
        return character
    return character.encode("unicode_escape").decode()
