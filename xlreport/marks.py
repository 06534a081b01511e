"""Marks in a user's own workbook: what is filled and noted at which cell, and what our marks are known by."""

from dataclasses import dataclass
from typing import Final

from xlreport.findings import Severity

__all__ = ["AUTHOR", "FORM_SHEETS", "ISSUES", "OURS", "Mark"]

AUTHOR: Final = "xlreport"
"""Of the notes at marked cells, whatever the language."""
OURS: Final = "_xlreport."
"""What the hidden names begin with that a marked workbook keeps."""
ISSUES: Final = "_xlreport.issues"
"""The name that refers to the sheet which lists the issues: it is ours, whatever it is called by now."""
FORM_SHEETS: Final = ("_xlform.instructions", "_xlform.lists")
"""The names that refer to the sheets of an entry form that hold no records."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be seen at one cell."""

    row: int
    column: int
    """Both 1-based."""
    severity: Severity
    text: str
    """Of the note."""
