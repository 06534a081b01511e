"""Turn what no JSON Schema speaks of into problems.

Values that are no JSON, keys that stand twice, numbers and dates that Excel cannot hold.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from xlreport.arrays import MOST_DIGITS
from xlreport.checks.columns import EXCEL_DIGITS, as_text
from xlreport.checks.engines import Path
from xlreport.checks.naming import Problem
from xlreport.checks.normalise import DEEPEST, Flaw
from xlreport.findings import Place, Severity
from xlreport.language import key
from xlreport.sentences import Listed, Name, Numeral, Sentence
from xlreport.tables import Kind
from xlreport.text import shown

__all__ = ["endless_number", "flaw", "kept_as_text", "long_number", "standing_twice"]

_FLAWS: Final[Mapping[str, str]] = {
    "too-deep": key("{title} {value} is nested more than {most} levels deep and is left out."),
    "number-out-of-range": key(
        "{title} {value} is beyond any number that a worksheet can hold and is left out."
    ),
    "lone-surrogate": key("{title} {value} holds half a character (a surrogate without its partner)."),
    "foreign-type": key("{title} {value} is neither text nor number, date, list or group; it is left out."),
}
_KINDS: Final[Mapping[Kind, str]] = {
    Kind.DATE: key("a date that Excel can hold"),
    Kind.DATETIME: key("a moment that Excel can hold"),
    Kind.INTEGER: key("a whole number"),
    Kind.DECIMAL: key("a number"),
    Kind.BOOLEAN: key("true or false"),
    Kind.TEXT: key("text"),
}


def flaw(found: Flaw, subject: str) -> Problem:
    """Return the problem of a value that cannot be JSON."""
    message = Sentence(_FLAWS[found.code], title=subject, value=shown(found.value), most=Numeral(DEEPEST))
    return Problem(found.code, found.path, message, found.value)


def standing_twice(
    path: Path, subjects: Sequence[str], values: Sequence[object], first: Place, *, primary: bool
) -> Problem:
    """Return the problem of a record whose key ``first`` has already."""
    value = " / ".join(map(as_text, values))
    if len(subjects) > 1:
        template = key("{titles} {value} stand already at {place}.")
    else:
        template = key("{titles} {value} stands already at {place}.")
    return Problem(
        code="duplicate-key" if primary else "not-unique",
        path=path,
        message=Sentence(template, titles=Listed(subjects), value=shown(value), place=first.in_words()),
        value=value,
        expected=Sentence("a value that no other record has"),
        hint=Sentence("Give each record its own, or take one of the two out; only the first can be counted."),
    )


def endless_number(path: Path, value: object, subject: str) -> Problem:
    """Return the problem of a number with more digits than can be added up exactly."""
    return Problem(
        code="number-out-of-range",
        path=path,
        message=Sentence(
            "{title} {value} has more digits than the {most} that can be added up exactly, and is left out.",
            title=subject,
            value=shown(as_text(value)),
            most=Name(MOST_DIGITS),
        ),
        value=as_text(value),
        expected=Sentence("at most {most} digits, those after the point included", most=Name(MOST_DIGITS)),
        hint=Sentence("Correct the number."),
    )


def long_number(path: Path, value: object, subject: str) -> Problem:
    """Return the warning about a number that Excel does not hold to its last digit."""
    return Problem(
        code="too-many-digits",
        path=path,
        message=Sentence(
            "{title} {value} has more digits than the {most} that Excel keeps.",
            title=subject,
            value=as_text(value),
            most=Name(EXCEL_DIGITS),
        ),
        value=value,
        expected=Sentence("at most {most} significant digits", most=Name(EXCEL_DIGITS)),
        hint=Sentence("Sums are computed from the exact value; only the cell shows it rounded."),
        severity=Severity.WARNING,
    )


def kept_as_text(path: Path, value: object, subject: str, kind: Kind) -> Problem:
    """Return the warning about a value that the schema allows and that its column of ``kind`` cannot hold."""
    return Problem(
        code="kept-as-text",
        path=path,
        message=Sentence(
            "{title} {value} is not {kind}; the whole column is kept as text.",
            title=subject,
            value=shown(value),
            kind=Sentence(_KINDS[kind]),
        ),
        value=value,
        expected=Sentence(_KINDS[kind]),
        hint=Sentence("Correct the value, so that the column can be sorted and added up."),
        severity=Severity.WARNING,
    )
