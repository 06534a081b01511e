"""What there is to say about a JSON file, or a line of one, that cannot be read as it stands."""

from collections.abc import Mapping, Sequence
from typing import Final

from xlreport.findings import Finding, Place, Severity
from xlreport.json_words import MORE_FOLLOWS
from xlreport.language import key
from xlreport.sentences import Listed, Name, Numeral, Sentence, guess, one_after_the_other
from xlreport.sources.description import Part
from xlreport.sources.exact_json import MAX_DEPTH, BrokenJsonError, Flaw
from xlreport.sources.items import index_free
from xlreport.tables import json_path
from xlreport.text import shown

__all__ = [
    "broken",
    "empty_file",
    "flaw",
    "missing_array",
    "no_records",
    "not_a_record",
    "not_utf8",
    "too_deep",
]

_FLAWS: Final[Mapping[str, tuple[Severity, str, str]]] = {
    "not-a-number": (
        Severity.WARNING,
        key("{value} is not a number; the value is taken as missing."),
        key("Leave the member out, or write null."),
    ),
    "number-out-of-range": (
        Severity.ERROR,
        key("{value} is beyond any number that a worksheet can hold; the value is left out."),
        key("Correct the number."),
    ),
    "duplicate-member": (
        Severity.WARNING,
        key("The member {value} is given more than once; the last one counts."),
        key("Give each member of an object once."),
    ),
    "lone-surrogate": (
        Severity.ERROR,
        key("The text {value} holds half a character (a surrogate without its partner)."),
        key("Write the text again in UTF-8."),
    ),
}


def flaw(part: Part, row: int | None, found: Flaw) -> Finding:
    """Return the finding about a value that JSON allows and a record cannot hold as it is."""
    severity, sentence, hint = _FLAWS[found.code]
    return Finding(
        code=found.code,
        severity=severity,
        message=Sentence(sentence, value=shown(found.shown)),
        hint=Sentence(hint),
        place=Place(file=part.file, row=row, path=json_path(found.path)),
        value=found.shown,
        group=index_free(found.path),
    )


def no_records(part: Part) -> Finding:
    """Return the finding about a file that holds no record."""
    return Finding(
        code="empty-file",
        severity=Severity.WARNING,
        message=Sentence("{file} holds no record.", file=Name(part.file)),
        hint=Sentence("If records were expected, fetch or export the file again."),
        place=Place(file=part.file),
        expected=Sentence("at least one record"),
    )


def empty_file(part: Part, expected: str) -> Finding:
    """Return the finding about a file without content, in which ``expected`` should stand."""
    return Finding(
        code="empty-file",
        severity=Severity.ERROR,
        message=Sentence(
            "{file} is empty; {expected} was expected.", file=Name(part.file), expected=expected
        ),
        hint=Sentence("Save or fetch the file again, or take it off the list."),
        place=Place(file=part.file),
        expected=expected,
    )


def broken(part: Part, error: BrokenJsonError, row: int | None = None) -> Finding:
    """Return the finding that says where the text is no JSON; ``row`` is the line in a file of lines."""
    line = error.line if row is None else row
    place = Place(file=part.file, row=line)
    expected = Sentence(error.expected)
    values = {
        "file": Name(part.file),
        "line": Numeral(line),
        "column": Numeral(error.column),
        "expected": expected,
    }
    message, hint = _broken_in_words(error, values)
    return Finding("broken-json", Severity.ERROR, message, hint, place=place, expected=expected)


def _broken_in_words(error: BrokenJsonError, values: Mapping[str, str]) -> tuple[Sentence, Sentence]:
    if error.expected == MORE_FOLLOWS:
        return Sentence(
            "{file} is not JSON at line {line}, column {column}: {expected}: {found}.",
            found=shown(error.found),
            **values,
        ), Sentence("A file with one JSON document in each line is read if its name ends in .ndjson.")
    if error.found:
        return Sentence(
            "{file} is not JSON at line {line}, column {column}: {expected}, not {found}.",
            found=shown(error.found),
            **values,
        ), Sentence("Correct the file there.")
    return Sentence(
        "{file} ends before its JSON does, at line {line}, column {column}: {expected}.", **values
    ), Sentence("It was probably cut short: save or fetch it again.")


def too_deep(part: Part, row: int | None) -> Finding:
    """Return the finding about a file, or the record at ``row``, that is nested too deeply."""
    what = Name(part.file) if row is None else Sentence("The record")
    return Finding(
        code="too-deep",
        severity=Severity.ERROR,
        message=Sentence(
            "{what} has more than {most} levels of arrays and objects, one in the other.",
            what=what,
            most=Numeral(MAX_DEPTH),
        ),
        hint=Sentence("No register is that deep; look at the program that wrote the file."),
        place=Place(file=part.file, row=row),
        expected=Sentence("at most {most} levels", most=Numeral(MAX_DEPTH)),
    )


def not_utf8(part: Part, row: int, error: UnicodeDecodeError) -> Finding:
    """Return the finding about a line with a byte that is not UTF-8."""
    byte = error.object[error.start]
    return Finding(
        code="wrong-encoding",
        severity=Severity.ERROR,
        message=Sentence(
            "{file}, line {line}: byte {byte} at position {position} is not UTF-8 text.",
            file=Name(part.file),
            line=Numeral(row),
            byte=Name(f"{byte:#04x}"),
            position=Numeral(error.start),
        ),
        hint=Sentence('State the encoding in the dataset file, such as "encoding": "latin-1".'),
        place=Place(file=part.file, row=row),
        expected=Name("UTF-8"),
    )


def not_a_record(part: Part, row: int, value: object) -> Finding:
    """Return the finding about a value that stands where a record should."""
    return Finding(
        code="not-a-record",
        severity=Severity.ERROR,
        message=Sentence(
            "{file}, position {position}: {value} is not a record; a record is a JSON object.",
            file=Name(part.file),
            position=Numeral(row),
            value=shown(value),
        ),
        hint=Sentence("Put an object there, or take the value out."),
        place=Place(file=part.file, row=row),
        value=value,
        expected=Sentence("a JSON object"),
    )


def missing_array(part: Part, steps: Sequence[str], known: Sequence[str]) -> Finding:
    """Return the finding about a pointer that leads nowhere; ``known`` are the members that are there."""
    file, path = Name(part.file), Name(json_path(steps))
    message = Sentence("{file} has nothing at {path}; there it holds no members.", file=file, path=path)
    if known:
        members = Listed(map(Name, known))
        message = Sentence(
            "{file} has nothing at {path}; there it holds {members}.", file=file, path=path, members=members
        )
    return Finding(
        code="missing-array",
        severity=Severity.ERROR,
        message=message,
        hint=one_after_the_other(guess(steps[-1], known), Sentence('Correct "pointer" in the dataset file.')),
        place=Place(file=part.file, path=json_path(steps)),
        expected=Listed(map(Name, known), "or"),
    )
