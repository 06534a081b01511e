"""One entry of the catalogue of finding codes."""

from dataclasses import dataclass

__all__ = ["Code"]


@dataclass(frozen=True, slots=True)
class Code:
    """What there is to know about one kind of finding."""

    title: str
    what: str
    """What was found."""
    why: str
    """Why it matters for the workbook."""
    example: str
    """A value, or a piece of a file, that gives this finding."""
    fix: str
    """What to do about it."""
