"""Turn a violation of a schema into problems said in plain sentences, with titles in place of paths.

There is one entry per keyword in `_SAID`. A sentence says what is wrong, shows the value and says what is
allowed; it never shows a regular expression. ``x-message`` beside the keyword replaces the sentence,
``x-severity`` the weight.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from xlreport.checks.engines import Path, Violation
from xlreport.checks.hints import date_hint, enum_hint, moment_hint, number_hint, pattern_hint, text_hint
from xlreport.fields import in_words
from xlreport.findings import Severity
from xlreport.registry import ResourceSchema
from xlreport.text import listing, nearest, plural, shown

__all__ = ["Problem", "problems", "starred", "subject"]

_MOST_BRANCH_PROBLEMS: Final = 3
_TYPES: Final[Mapping[str, str]] = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "empty",
}
_FORMATS: Final[Mapping[str, str]] = {
    "date": "a day of the calendar written year-month-day, such as 2017-12-31",
    "date-time": "a date and time with its zone, such as 2017-12-31T09:30:00Z",
    "time": "a time of day with its zone, such as 09:30:00Z",
    "email": "an e-mail address",
    "uri": "a web address (URI), such as https://example.org/page",
    "uri-reference": "a web address or a part of one",
    "uuid": "a UUID",
}


_FORMAT_HINTS: Final[Mapping[str, Callable[[object], str]]] = {"date": date_hint, "date-time": moment_hint}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value of a record, said for a person; the place is added later."""

    code: str
    path: Path
    message: str
    value: object = None
    expected: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR
    group: str = ""
    """What the problem has in common with others, where that is not its path."""


def starred(path: Path) -> str:
    """Return the path with a star for each position: ``milestones/*/value``."""
    return "/".join("*" if isinstance(step, int) else step for step in path)


def subject(path: Path, resource: ResourceSchema) -> str:
    """Return the name of a value in a sentence: ``Amount``, or ``Amount (Milestone 2)`` inside an array."""
    inside = [
        f"{resource.titles.get(starred(path[: depth + 1])) or in_words(starred(path[:depth]))} {step + 1}"
        for depth, step in enumerate(path)
        if isinstance(step, int)
    ]
    named = _title(path, resource)
    if path and isinstance(path[-1], int):
        inside = [*inside[:-1], f"item {path[-1] + 1}"]
    return f"{named} ({', '.join(inside)})" if inside else named


def _title(path: Path, resource: ResourceSchema) -> str:
    if not path:
        return resource.record_title
    place = starred(path)
    field = resource.fields.get(place) or resource.fields.get(f"{place}/*")
    return field.title if field else resource.titles.get(place) or in_words(place)


def problems(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    """Yield what is wrong, one problem for each property that is missing or not allowed."""
    say = _SAID.get(violation.keyword, _rule)
    override = _override(violation)
    severity = _severity(violation)
    for problem in say(violation, resource):
        message = override and override.replace("{title}", subject(problem.path, resource)).replace(
            "{value}", shown(problem.value)
        )
        yield replace(problem, message=message or problem.message, severity=severity or problem.severity)


def _override(violation: Violation) -> str:
    declared = violation.schema.get("x-message", "")
    return declared if isinstance(declared, str) else str(declared.get(violation.keyword, ""))


def _severity(violation: Violation) -> Severity | None:
    declared = violation.schema.get("x-severity", {}).get(violation.keyword)
    return Severity(declared) if declared else None


# --- one function per keyword or family of keywords ---------------------------------------------------


def _missing(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    for name in violation.names:
        path = (*violation.path, name)
        yield _empty(path, resource, "missing")


def _empty(path: Path, resource: ResourceSchema, how: str, value: object = None) -> Problem:
    field = resource.fields.get(starred(path))
    return Problem(
        "missing-value",
        path,
        f"{subject(path, resource)} is {how}.",
        value,
        expected="a value",
        hint=field.description if field else "",
    )


def _wrong_type(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    wanted = [violation.limit] if isinstance(violation.limit, str) else list(violation.limit or ())
    if violation.value is None:
        yield _empty(violation.path, resource, "empty")
        return
    expected = listing([_TYPES.get(name, name) for name in wanted if name != "null"], "or")
    if "object" in wanted:
        expected += _parts_of(violation.path, resource)
    hint = number_hint(violation.value) if {"number", "integer"} & set(wanted) else ""
    if "string" in wanted:
        dated = _is_date(violation.path, resource)
        hint = date_hint(violation.value) if dated else text_hint(violation.value)
    message = f"{_named(violation, resource)} is {_what(violation.value)}not {expected}."
    yield Problem("wrong-type", violation.path, message, violation.value, expected, hint)


def _what(value: object) -> str:
    return "a list, " if isinstance(value, list) else "an object, " if isinstance(value, dict) else ""


def _parts_of(path: Path, resource: ResourceSchema) -> str:
    """Return `` with Amount and Currency``: what the object is made of."""
    place = starred(path)
    below = [title for known, title in resource.titles.items() if known.rpartition("/")[0] == place]
    return f" with {listing(below, most=6)}" if below else ""


def _is_date(path: Path, resource: ResourceSchema) -> bool:
    field = resource.fields.get(starred(path))
    return field is not None and field.kind.value.startswith("date")


def _unknown_value(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    known = violation.limit if violation.keyword == "enum" else [violation.limit]
    if violation.value is None:
        yield _empty(violation.path, resource, "empty")
        return
    expected = listing([each for each in known if each is not None], "or", most=30)
    message = f"{_named(violation, resource)} is not allowed; it can be {expected}."
    hint = enum_hint(violation.value, known)
    yield Problem("unknown-value", violation.path, message, violation.value, expected, hint)


def _no_hint(_: object) -> str:
    return ""


def _wrong_format(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    expected = _FORMATS.get(str(violation.limit), f"of the form {violation.limit!r}")
    message = f"{_named(violation, resource)} is not {expected}."
    hint = _FORMAT_HINTS.get(str(violation.limit), _no_hint)(violation.value)
    yield Problem("wrong-format", violation.path, message, violation.value, expected, hint)


def _wrong_pattern(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    message = f"{_named(violation, resource)} is not written in the form that is asked for."
    hint = pattern_hint(violation.value, str(violation.limit))
    examples = violation.schema.get("examples")
    expected = f"such as {listing(examples, 'or', most=3)}" if isinstance(examples, list) else ""
    yield Problem("wrong-pattern", violation.path, message, violation.value, expected, hint)


def _beyond(code: str, words: str, allowed: str) -> "_Say":
    """Return the function for a keyword that compares a number with a limit."""

    def say(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
        limit = _limit(violation)
        expected = f"{allowed} {limit}"
        message = f"{_named(violation, resource)} is {words} {limit}; it can be {expected}."
        yield Problem(code, violation.path, message, violation.value, expected)

    return say


def _limit(violation: Violation) -> Any:  # a number of any kind
    """Return the limit; in draft 4 that of an exclusive one stands in the keyword beside it."""
    if violation.limit is True:
        return violation.schema.get({"exclusiveMinimum": "minimum"}.get(violation.keyword, "maximum"))
    return violation.limit


def _sized(code: str, noun: str, several: str, allowed: str) -> "_Say":
    """Return the function for a keyword that counts characters, items or properties."""

    def say(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
        if violation.keyword == "minLength" and not violation.value:
            yield _empty(violation.path, resource, "empty", violation.value)
            return
        has, expected = plural(len(violation.value), noun, several), f"{allowed} {violation.limit}"
        message = f"{_named(violation, resource)} has {has}; {expected} {several} are allowed."
        yield Problem(code, violation.path, message, violation.value, expected)

    return say


def _unknown_property(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    known = list(violation.schema.get("properties", ()))
    for name in violation.names:
        path = (*violation.path, name)
        holder = resource.titles.get(starred(violation.path)) or _title(violation.path, resource)
        guess = nearest(name, known)
        value = violation.value.get(name) if isinstance(violation.value, dict) else None
        message = f"{shown(name)} is not a field of {holder}."
        hint = (
            f"Did you mean '{guess}'?"
            if guess
            else f"The fields are {listing(known, most=20)}."
            if known
            else ""
        )
        yield Problem("unknown-property", path, message, value, listing(known, "or", most=30), hint)


def _plainly(code: str, words: str) -> "_Say":
    """Return the function for a keyword about which nothing more can be said."""

    def say(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
        yield Problem(code, violation.path, f"{_named(violation, resource)} {words}.", violation.value)

    return say


def _named(violation: Violation, resource: ResourceSchema) -> str:
    return f"{subject(violation.path, resource)} {_shown(violation.value)}".rstrip()


def _shown(value: object) -> str:
    """Return a single value as it can stand in a sentence; lists and objects are named, not shown."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if isinstance(value, dict | list) else shown(value)


def _no_branch(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    """Say what the branch lacks that was meant: one whose type and constants fit, then the nearest."""
    if not any(violation.branches):
        yield from _plainly(
            "several-branches-fit", "fits more than one of the forms that exclude each other"
        )(violation, resource)
        return
    depth = len(violation.path)
    meant = [
        branch for branch in violation.branches if not any(_is_other_kind(each, depth) for each in branch)
    ]
    best = min(meant or violation.branches, key=len)
    said = [problem for each in best for problem in problems(each, resource)]
    if len(meant) == 1 or len(violation.branches) == 1:
        yield from said
        return
    lacks = " ".join(problem.message for problem in said[:_MOST_BRANCH_PROBLEMS])
    count = plural(len(violation.branches), "form")
    message = (
        f"{_named(violation, resource)} fits none of the {count} that are allowed. The nearest asks: {lacks}"
    )
    yield Problem("no-branch-fits", violation.path, message, violation.value)


def _is_other_kind(violation: Violation, depth: int) -> bool:
    """Tell whether a branch is about another type of value, or one with another constant to tell it by."""
    distance = len(violation.path) - depth
    return (violation.keyword == "type" and distance == 0) or (
        violation.keyword in {"const", "enum"} and distance <= 1
    )


_Say = Callable[[Violation, ResourceSchema], Iterator[Problem]]

_rule: Final[_Say] = _plainly("broken-rule", "does not obey a rule of the schema")

_SAID: Final[Mapping[str, _Say]] = {
    "required": _missing,
    "dependentRequired": _missing,
    "dependencies": _missing,
    "type": _wrong_type,
    "enum": _unknown_value,
    "const": _unknown_value,
    "format": _wrong_format,
    "pattern": _wrong_pattern,
    "minimum": _beyond("too-small", "less than", "at least"),
    "exclusiveMinimum": _beyond("too-small", "not more than", "more than"),
    "maximum": _beyond("too-large", "more than", "at most"),
    "exclusiveMaximum": _beyond("too-large", "not less than", "less than"),
    "multipleOf": _beyond("wrong-step", "no multiple of", "a multiple of"),
    "minLength": _sized("too-short", "character", "characters", "at least"),
    "maxLength": _sized("too-long", "character", "characters", "at most"),
    "minItems": _sized("too-few-items", "item", "items", "at least"),
    "maxItems": _sized("too-many-items", "item", "items", "at most"),
    "minProperties": _sized("too-few-fields", "field", "fields", "at least"),
    "maxProperties": _sized("too-many-fields", "field", "fields", "at most"),
    "uniqueItems": _plainly("repeated-item", "holds the same item twice"),
    "contains": _plainly("missing-item", "does not hold an item that it must hold"),
    "minContains": _plainly("missing-item", "holds too few of the items that it must hold"),
    "maxContains": _plainly("too-many-items", "holds too many items of one sort"),
    "additionalItems": _plainly("too-many-items", "holds more items than there is room for"),
    "unevaluatedItems": _plainly("too-many-items", "holds more items than there is room for"),
    "additionalProperties": _unknown_property,
    "unevaluatedProperties": _unknown_property,
    "propertyNames": _unknown_property,
    "falseSchema": _plainly("not-allowed", "has no place here"),
    "not": _plainly("not-allowed", "is one of the values that are not allowed"),
    "anyOf": _no_branch,
    "oneOf": _no_branch,
}
