"""Texts as a cell can hold them: what is too long ends in a visible mark."""

from collections.abc import Iterable
from typing import Final, TypeVar

from xlreport.cells import MAX_TEXT, cut, excel_length

__all__ = ["SURELY_FITS", "fits", "fitting", "unique_headers"]

_MARK: Final = " […]"
_MOST_BREAKS: Final = 253
"""Line breaks in one cell."""
SURELY_FITS: Final = 253
"""A text of so many characters is neither too long nor has too many line breaks."""

_MOST_HEADER: Final = 200
"""Characters of a header: a table's column has a name of at most 255, and a number may be added."""

Value = TypeVar("Value")


def fits(text: str) -> bool:
    """Tell whether a cell has room for all characters of ``text``."""
    return 2 * len(text) <= MAX_TEXT or excel_length(text) <= MAX_TEXT


def fitting(value: Value) -> Value | str:
    """Return a value of a cell as it is, but a text so that the cell can hold it.

    Line breaks beyond those that a cell can hold become blanks, so that no word is lost.
    """
    if not isinstance(value, str) or len(value) <= SURELY_FITS:
        return value
    *lines, rest = value.split("\n", _MOST_BREAKS)
    return cut("\n".join([*lines, rest.replace("\n", " ")]), MAX_TEXT, _MARK)


def unique_headers(titles: Iterable[str]) -> list[str]:
    """Return a header for each title, unique ignoring case, as Excel's tables want them."""
    headers: list[str] = []
    taken: set[str] = set()
    for title in titles:
        wanted = cut(" ".join(title.split()), _MOST_HEADER)
        header, number = wanted, 1
        while header.casefold() in taken:
            number += 1
            header = f"{wanted} ({number})"
        headers.append(header)
        taken.add(header.casefold())
    return headers
