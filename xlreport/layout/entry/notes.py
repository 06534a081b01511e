"""The note on a heading: what the column means, what it can hold, and whether a row needs it."""

from typing import Final

from xlreport.layout.entry.book import FormBook, Spot
from xlreport.layout.entry.validations import prompt_of
from xlreport.layout.wrapping import wrapped_lines
from xlreport.plan import Note

__all__ = ["note_of"]

_WIDTH: Final = 260
"""Pixels."""
_LETTERS: Final = 40
"""That fit into a line of the note."""
_LINE: Final = 17
_MOST: Final = 600


def note_of(spot: Spot, book: FormBook) -> Note:
    """Return the note on the heading of a column."""
    parts = [spot.column.heading, prompt_of(spot, book)]
    if spot.column.need is not None:
        parts.append(_needed(spot, book))
    text = "\n".join(parts)
    lines = sum(wrapped_lines(line, _LETTERS) for line in text.split("\n"))
    return Note(spot.sheet.first_row - 1, spot.number, text, _WIDTH, min(_LINE * (lines + 1), _MOST))


def _needed(spot: Spot, book: FormBook) -> str:
    if spot.column.need == spot.sheet.row_path:
        return book.language.text("Every row needs a value here.")
    return book.language.text("A row that has other values of the same group needs one here.")
