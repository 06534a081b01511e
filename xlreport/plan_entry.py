"""What a plan says of sheets that people fill in: data validation, notes, protection, columns to the end."""

from dataclasses import dataclass
from typing import Final, Literal

from xlreport.cells import Range
from xlreport.styles import Style

__all__ = [
    "MOST_ERROR",
    "MOST_FORMULA",
    "MOST_PROMPT",
    "MOST_TITLE",
    "ColumnStyle",
    "Note",
    "Operator",
    "Protection",
    "Validation",
    "ValidationKind",
]

MOST_TITLE: Final = 32
"""Characters in the title of a prompt or an alert."""
MOST_PROMPT: Final = 255
MOST_ERROR: Final = 225
MOST_FORMULA: Final = 255
"""Characters in a formula of a data validation."""

ValidationKind = Literal["any", "list", "whole", "decimal", "length", "custom"]
"""``list``: one of the cells that the formula leads to; ``whole`` and ``decimal``: numbers; ``length``: of a
text; ``custom``: whatever makes the formula true; ``any`` refuses nothing and only has a prompt."""
Operator = Literal["between", "greaterThan", "lessThan", "greaterThanOrEqual", "lessThanOrEqual"]


@dataclass(frozen=True, slots=True)
class Validation:
    """What the cells of a range take, with what is said when one is chosen, and when a value is refused."""

    range: Range
    kind: ValidationKind = "any"
    formula: str = ""
    """Without an equals sign; relative addresses are those of the range's first cell. For lists a name or a
    range, never the values themselves, for Excel refuses files with long ones."""
    second: str = ""
    """The upper limit, where the operator is ``between``."""
    operator: Operator = "between"
    title: str = ""
    prompt: str = ""
    error_title: str = ""
    error: str = ""
    stops: bool = True
    """Whether a value is refused, or only warned of."""
    ignores_empty: bool = True
    """Excel's "ignore blank". With it a formula that looks at an empty cell takes anything."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a cell, shown when the mouse is over it."""

    row: int
    column: int
    text: str
    width: int
    """Pixels."""
    height: int


@dataclass(frozen=True, slots=True)
class Protection:
    """Sheet protection without a password: cells that are locked cannot be changed by accident."""

    rows: bool = False
    """Whether rows can be inserted and deleted, and sorted and filtered."""


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """The style of all cells of some columns that no block covers, down to the end of the sheet."""

    first: int
    last: int
    style: Style
