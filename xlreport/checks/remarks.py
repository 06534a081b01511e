"""Turn what no JSON Schema speaks of into problems.

Values that are no JSON, keys that stand twice, numbers and dates that Excel cannot hold.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from xlreport.arrays import MOST_DIGITS
from xlreport.checks.columns import EXCEL_DIGITS, as_text
from xlreport.checks.engines import Path
from xlreport.checks.messages import Problem
from xlreport.checks.normalise import DEEPEST, Flaw
from xlreport.findings import Place, Severity
from xlreport.tables import Kind
from xlreport.text import listing, shown

__all__ = ["endless_number", "flaw", "kept_as_text", "long_number", "standing_twice"]

_FLAWS: Final[Mapping[str, str]] = {
    "too-deep": f"is nested more than {DEEPEST} levels deep and is left out",
    "number-out-of-range": "is beyond any number that a worksheet can hold and is left out",
    "lone-surrogate": "holds half a character (a surrogate without its partner)",
    "foreign-type": "is of a type that JSON does not have and is left out",
}
_KINDS: Final[Mapping[Kind, str]] = {
    Kind.DATE: "a date that Excel can hold",
    Kind.DATETIME: "a moment that Excel can hold",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.TEXT: "text",
}


def flaw(found: Flaw, subject: str) -> Problem:
    """Return the problem of a value that cannot be JSON."""
    message = f"{subject} {shown(found.value)} {_FLAWS[found.code]}."
    return Problem(found.code, found.path, message, found.value)


def standing_twice(
    path: Path, subjects: Sequence[str], key: Sequence[object], first: Place, *, primary: bool
) -> Problem:
    """Return the problem of a record whose key ``first`` has already."""
    value = " / ".join(map(as_text, key))
    stands = "stand" if len(subjects) > 1 else "stands"
    return Problem(
        code="duplicate-key" if primary else "not-unique",
        path=path,
        message=f"{listing(subjects)} {shown(value)} {stands} already at {first}.",
        value=value,
        expected="a value that no other record has",
        hint="Give each record its own, or take one of the two out; only the first can be counted.",
    )


def endless_number(path: Path, value: object, subject: str) -> Problem:
    """Return the problem of a number with more digits than can be added up exactly."""
    return Problem(
        code="number-out-of-range",
        path=path,
        message=f"{subject} {shown(as_text(value))} has more digits than the {MOST_DIGITS} that can be added "
        "up exactly, and is left out.",
        value=as_text(value),
        expected=f"at most {MOST_DIGITS} digits, those after the point included",
        hint="Correct the number.",
    )


def long_number(path: Path, value: object, subject: str) -> Problem:
    """Return the warning about a number that Excel does not hold to its last digit."""
    return Problem(
        code="too-many-digits",
        path=path,
        message=f"{subject} {as_text(value)} has more digits than the {EXCEL_DIGITS} that Excel keeps.",
        value=value,
        expected=f"at most {EXCEL_DIGITS} significant digits",
        hint="Sums are computed from the exact value; only the cell shows it rounded.",
        severity=Severity.WARNING,
    )


def kept_as_text(path: Path, value: object, subject: str, kind: Kind) -> Problem:
    """Return the warning about a value that the schema allows and that its column of ``kind`` cannot hold."""
    return Problem(
        code="kept-as-text",
        path=path,
        message=f"{subject} {shown(value)} is not {_KINDS[kind]}; the whole column is kept as text.",
        value=value,
        expected=_KINDS[kind],
        hint="Correct the value, so that the column can be sorted and added up.",
        severity=Severity.WARNING,
    )
