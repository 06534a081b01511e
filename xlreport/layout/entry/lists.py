"""The lists to choose from, which stand on a sheet of their own: a drop-down refers to a range of cells.

A list inside of a data validation would do for short ones only: with more than 255 characters Excel takes
the file for damaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from xlreport.cells import Range
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.entry.names import Names
from xlreport.styles import Role

__all__ = ["Choices", "put_lists"]

_ROLE: Final = Role.BODY


@dataclass(frozen=True, slots=True)
class Choice:
    """A list: the columns that choose from it, and its values."""

    name: str
    """The defined name of its cells."""
    values: tuple[Any, ...]
    titles: list[str]


@dataclass(slots=True)
class Choices:
    """The lists in the making; columns with the same values share one."""

    sheet: str
    names: Names
    found: dict[tuple[tuple[str, Any], ...], Choice] = field(default_factory=dict)

    def name(self, title: str, path: str, values: Sequence[Any]) -> str:
        """Return the defined name of the list with these values, for a column with this title and path."""
        key = tuple((type(value).__name__, value) for value in values)
        if key not in self.found:
            cells = Range.at(FIRST_ROW + 1, len(self.found) + 1, len(values))
            name = self.names.fixed(f"List_{path}", cells.on(self.sheet))
            self.found[key] = Choice(name, tuple(values), [])
        choice = self.found[key]
        if title not in choice.titles:
            choice.titles.append(title)
        return choice.name


def put_lists(canvas: Canvas, choices: Choices) -> None:
    """Place the lists side by side, each under the titles of the columns that choose from it.

    No heading is the title of a field alone, lest the sheet is read as one of records.
    """
    language = canvas.language
    for number, choice in enumerate(choices.found.values(), 1):
        heading = language.text("Choices for {titles}", titles=language.listing(choice.titles, most=4))
        canvas.put(Role.HEADER, FIRST_ROW, number, [[heading]])
        canvas.put(_ROLE, FIRST_ROW + 1, number, [[value] for value in choice.values])
        canvas.widen(number, 16)
    canvas.freeze = (FIRST_ROW + 1, 1)
    canvas.repeat_rows = (FIRST_ROW, FIRST_ROW)
