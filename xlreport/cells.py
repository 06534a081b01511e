"""A1 addresses, sheet names and the limits of an Excel worksheet."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = [
    "MAX_COLUMNS",
    "MAX_ROWS",
    "MAX_SHEET_NAME",
    "MAX_TEXT",
    "Range",
    "cell_name",
    "column_letter",
    "column_number",
    "cut",
    "excel_length",
    "quoted_sheet",
    "unique_sheet_name",
]

MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
MAX_SHEET_NAME: Final = 31
MAX_TEXT: Final = 32_767
"""Characters in one cell, as `excel_length` counts them."""

_HALF: Final = "\ufffd"
"""What decoding puts for one half of a character that was cut in two."""
_FORBIDDEN_IN_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_PLAIN_SHEET_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOKS_LIKE_CELL: Final = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")


@functools.cache
def column_letter(column: int) -> str:
    """Return the letters of the 1-based ``column``: 1 -> A, 27 -> AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the 1-based number of a column: A -> 1, AA -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_name(row: int, column: int, *, absolute: bool = False) -> str:
    """Return the A1 address of a 1-based ``row`` and ``column``, with dollar signs if ``absolute``."""
    return f"${column_letter(column)}${row}" if absolute else f"{column_letter(column)}{row}"


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, 1-based, both corners included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def at(cls, row: int, column: int, height: int = 1, width: int = 1) -> "Range":
        """Return the range of ``height`` x ``width`` cells whose top left cell is (``row``, ``column``)."""
        return cls(row, column, row + height - 1, column + width - 1)

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.last_row - self.first_row + 1

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.last_column - self.first_column + 1

    def __str__(self) -> str:
        """Return the relative address, such as ``A1:C3``, or ``A1`` for a single cell."""
        first = cell_name(self.first_row, self.first_column)
        last = cell_name(self.last_row, self.last_column)
        return first if first == last else f"{first}:{last}"

    def absolute(self) -> str:
        """Return the address with dollar signs, such as ``$A$1:$C$3``."""
        first = cell_name(self.first_row, self.first_column, absolute=True)
        last = cell_name(self.last_row, self.last_column, absolute=True)
        return first if first == last else f"{first}:{last}"

    def on(self, sheet: str) -> str:
        """Return the absolute address on ``sheet``, quoted where Excel wants quotes."""
        return f"{quoted_sheet(sheet)}!{self.absolute()}"


def quoted_sheet(sheet: str) -> str:
    """Return a sheet's name as a formula needs it: ``Data``, ``'Order book'``, ``'It''s'``."""
    if _PLAIN_SHEET_NAME.fullmatch(sheet) and not _LOOKS_LIKE_CELL.fullmatch(sheet):
        return sheet
    return "'" + sheet.replace("'", "''") + "'"


def unique_sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a valid sheet name near ``wanted`` that differs, ignoring case, from those ``taken``.

    Forbidden characters become spaces; a name of more than 31 characters, as Excel counts them, keeps its
    beginning and its end, which is where names of a series differ, with an ellipsis between.
    """
    name = " ".join(_FORBIDDEN_IN_SHEET_NAME.sub(" ", wanted).split()).strip("' ") or "Sheet"
    if name.casefold() == "history":  # reserved by Excel
        name = "History sheet"
    in_use = {other.casefold() for other in taken}
    candidate = _shortened(name, MAX_SHEET_NAME)
    number = 1
    while candidate.casefold() in in_use:
        number += 1
        suffix = f" ({number})"
        candidate = _shortened(name, MAX_SHEET_NAME - len(suffix)) + suffix
    return candidate


def _shortened(name: str, most: int) -> str:
    if excel_length(name) <= most:
        return name
    tail = most // 3
    return f"{_first(name, most - tail - 1).rstrip()}…{_last(name, tail).lstrip()}".strip("' ")


def excel_length(text: str) -> int:
    """Return how many characters Excel counts in ``text``: two for one beyond U+FFFF, such as an emoji."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, most: int, mark: str = "…") -> str:
    """Return ``text``, or what of it goes before ``mark`` into ``most`` characters as Excel counts them."""
    if 2 * len(text) <= most or excel_length(text) <= most:
        return text
    return _first(text, most - excel_length(mark)) + mark


def _first(text: str, units: int) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    return encoded.decode("utf-16-le", "replace").removesuffix(_HALF)


def _last(text: str, units: int) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")[-2 * units :]
    return encoded.decode("utf-16-le", "replace").removeprefix(_HALF)
