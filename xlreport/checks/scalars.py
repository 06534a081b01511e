"""Say what is wrong with a single value: its type, its form, its size."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from xlreport.checks import patterns
from xlreport.checks.day_hints import date_hint, moment_hint
from xlreport.checks.hints import enum_hint, number_hint, pattern_hint, text_hint, truth_hint
from xlreport.checks.naming import Problem, named, sized, starred, subject
from xlreport.checks.violations import Path, Violation
from xlreport.language import key
from xlreport.registry import ResourceSchema
from xlreport.sentences import Counted, Listed, Name, Sentence
from xlreport.text import shown

__all__ = [
    "described",
    "empty",
    "too_large",
    "too_long",
    "too_short",
    "too_small",
    "unknown_value",
    "wrong_content",
    "wrong_encoding",
    "wrong_format",
    "wrong_pattern",
    "wrong_step",
    "wrong_type",
]

Problems = Iterator[Problem]

_MOST_KNOWN: Final = 16
"""Values of a list that a sentence names; the rest is counted."""
_TYPES: Final[Mapping[str, str]] = {
    "string": key("text"),
    "number": key("a number"),
    "integer": key("a whole number"),
    "boolean": key("true or false"),
    "array": key("a list"),
    "object": key("a group of fields"),
    "null": key("empty"),
}
_FORMATS: Final[Mapping[str, Sentence]] = {
    "date": Sentence("a date of the calendar, written year-month-day, such as 2017-12-31"),
    "date-time": Sentence("a date and time with its zone, such as 2017-12-31T09:30:00Z"),
    "time": Sentence("a time of day with its zone, such as 09:30:00Z"),
    "duration": Sentence("a span of time, such as P1Y6M for a year and six months"),
    "email": Sentence("an e-mail address"),
    "idn-email": Sentence("an e-mail address"),
    "hostname": Sentence("the name of a computer on the network, such as example.org"),
    "idn-hostname": Sentence("the name of a computer on the network, such as example.org"),
    "ipv4": Sentence("a network address, such as 192.0.2.1"),
    "ipv6": Sentence("a network address, such as 2001:db8::1"),
    "uri": Sentence("a web address, such as https://example.org/page"),
    "iri": Sentence("a web address, such as https://example.org/page"),
    "uri-reference": Sentence("a web address or a part of one"),
    "iri-reference": Sentence("a web address or a part of one"),
    "uri-template": Sentence("a web address with places to fill in"),
    "uuid": Sentence("an identifier such as 123e4567-e89b-12d3-a456-426614174000"),
    "json-pointer": Sentence("a path such as /items/0"),
    "relative-json-pointer": Sentence("a path such as 1/items"),
    "regex": Sentence("a search pattern that can be used"),
}
_FORMAT_HINTS: Final[Mapping[str, Callable[[object], str]]] = {"date": date_hint, "date-time": moment_hint}
_DATES: Final[Mapping[str, str]] = {"date": "date", "datetime": "date-time"}
"""Kind of a field -> the format that its schema asks for."""


def described(schema: Mapping[str, Any]) -> str:
    """Return what a schema allows in a word or two, or an empty string where that is not as simple."""
    if "const" in schema:
        return Listed([_known(schema["const"])], "or")
    if "enum" in schema:
        return Listed(map(_known, schema["enum"]), "or", _MOST_KNOWN)
    words = ""
    if isinstance(schema.get("pattern"), str):
        words = patterns.in_words(schema["pattern"])
    elif schema.get("format") in _FORMATS:
        words = _FORMATS[schema["format"]]
    if not words:
        title: Any = schema.get("title") or schema.get("description")
        words = Sentence(title) if isinstance(title, str) else ""
    if not words and schema.get("type") and schema.keys() <= {"type", "$comment"}:
        words = _types([schema["type"]] if isinstance(schema["type"], str) else schema["type"])
    return words


def _known(value: object) -> Name:
    return Name(shown(value))


def empty(path: Path, resource: ResourceSchema, message: str, value: object = None) -> Problem:
    """Return the problem of a value that is not there, with what belongs there as the hint."""
    field = resource.fields.get(starred(path))
    hint = Sentence(field.description) if field and field.description else ""
    return Problem("missing-value", path, message, value, expected=Sentence("a value"), hint=hint)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_empty(violation: Violation, resource: ResourceSchema) -> Problem:
    message = Sentence("{name} is empty.", name=subject(violation.path, resource))
    return empty(violation.path, resource, message, violation.value)


def _types(names: list[str]) -> Listed:
    return _listed_types(tuple(names))


@lru_cache(maxsize=128)
def _listed_types(names: tuple[str, ...]) -> Listed:
    return Listed((Sentence(_TYPES.get(name, name)) for name in names if name != "null"), "or")


def wrong_type(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``type``."""
    path, value = violation.path, violation.value
    wanted = [violation.limit] if isinstance(violation.limit, str) else list(violation.limit or ())
    if value is None or ("string" not in wanted and _is_blank(value)):
        yield _is_empty(violation, resource)
        return
    dated = _date_format(path, resource)
    expected: str = _FORMATS[dated] if dated and "string" in wanted else _types(wanted)
    parts = _parts(path, resource) if "object" in wanted else []
    name = named(path, value, resource)
    if not expected:
        message = Sentence("{field} must be left empty here.", field=name)
    elif parts:
        message = Sentence("{name} is to be given by its fields: {fields}.", name=name, fields=Listed(parts))
    elif isinstance(value, list):
        message = Sentence("{name} is a list, not {expected}.", name=name, expected=expected)
    elif isinstance(value, dict):
        message = Sentence("{name} is a group of fields, not {expected}.", name=name, expected=expected)
    else:
        message = Sentence("{name} is not {expected}.", name=name, expected=expected)
    yield Problem("wrong-type", path, message, value, expected, _type_hint(value, wanted, dated))


def _type_hint(value: object, wanted: list[str], dated: str) -> str:
    if "string" in wanted:
        return _FORMAT_HINTS[dated](value) if dated else text_hint(value)
    if {"number", "integer"} & set(wanted):
        return number_hint(value)
    if "boolean" in wanted:
        return truth_hint(value)
    if "array" in wanted:
        return Sentence("If there is only one, write it as a list of one.")
    return ""


def _parts(path: Path, resource: ResourceSchema) -> list[Sentence]:
    """Return the titles of what a group of fields is made of."""
    place = starred(path)
    return [Sentence(title) for known, title in resource.titles.items() if known.rpartition("/")[0] == place]


def _date_format(path: Path, resource: ResourceSchema) -> str:
    field = resource.fields.get(starred(path))
    return _DATES.get(field.kind.value, "") if field else ""


def unknown_value(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``enum`` and ``const``."""
    known = violation.limit if violation.keyword == "enum" else [violation.limit]
    if _is_blank(violation.value):
        yield _is_empty(violation, resource)
        return
    name = named(violation.path, violation.value, resource)
    few, many = _allowed(tuple(map(_as_written, known)))
    message = Sentence("{name} is not what is asked for.", name=name)
    if few:
        message = Sentence("{name} is not allowed; it can be {expected}.", name=name, expected=few)
    hint = enum_hint(violation.value, known)
    yield Problem("unknown-value", violation.path, message, violation.value, many, hint)


@lru_cache(maxsize=1024)
def _allowed(values: tuple[str, ...]) -> tuple[Listed, Listed]:
    """Return the values that are not empty, as many as a sentence can name, and more of them."""
    names = [Name(value) for value in values if value]
    return Listed(names, "or", _MOST_KNOWN), Listed(names, "or", 30)


def _as_written(value: object) -> str:
    """Return a value of a list as it is to be written: without quotes; empty for what is no single value."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else shown(value)


def wrong_format(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``format``."""
    if _is_blank(violation.value):
        yield _is_empty(violation, resource)
        return
    wanted = str(violation.limit)
    expected = _FORMATS[wanted] if wanted in _FORMATS else _form(violation)
    message = Sentence(
        "{name} is not {expected}.",
        name=named(violation.path, violation.value, resource),
        expected=expected or Sentence("of the form {form}", form=Name(f"'{wanted}'")),
    )
    hint = _FORMAT_HINTS.get(wanted, enum_hint)(violation.value)
    yield Problem("wrong-format", violation.path, message, violation.value, expected, hint)


def wrong_pattern(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``pattern``, which is shown in words or by examples, or not at all."""
    name = named(violation.path, violation.value, resource)
    expected = _form(violation) or patterns.in_words(str(violation.limit))
    if _is_blank(violation.value):
        yield _is_empty(violation, resource)
        return
    if expected:
        message = Sentence(
            "{name} is not written in the form that is asked for: {form}.", name=name, form=expected
        )
    else:
        message = Sentence("{name} is not written in the form that is asked for.", name=name)
    hint = pattern_hint(violation.value, str(violation.limit))
    if not expected and not hint:
        text: Any = violation.schema.get("description", "")
        hint = Sentence(text) if isinstance(text, str) and text else ""
    yield Problem("wrong-pattern", violation.path, message, violation.value, expected, hint)


def _form(violation: Violation) -> str:
    """Return what the schema itself gives as examples: ``such as USD or EUR``."""
    examples = violation.schema.get("examples")
    if not isinstance(examples, list) or not examples:
        return ""
    return Sentence("such as {examples}", examples=Listed(map(Name, examples[:3]), "or"))


def wrong_encoding(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``contentEncoding``."""
    message = Sentence(
        "{name} is not written in {encoding}.",
        name=named(violation.path, violation.value, resource),
        encoding=Name(violation.limit),
    )
    yield Problem("wrong-format", violation.path, message, violation.value, Name(violation.limit))


def wrong_content(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``contentMediaType`` and ``contentSchema``."""
    message = Sentence(
        "{name} does not hold the kind of document that is asked for.",
        name=named(violation.path, violation.value, resource),
    )
    yield Problem("wrong-format", violation.path, message, violation.value)


def too_small(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``minimum`` and ``exclusiveMinimum``."""
    limit, exclusive = _limit(violation, "minimum")
    name = named(violation.path, violation.value, resource)
    if exclusive:
        message = Sentence("{name} is too small; it must be more than {limit}.", name=name, limit=limit)
        expected = Sentence("more than {limit}", limit=limit)
    else:
        message = Sentence("{name} is too small; it must be at least {limit}.", name=name, limit=limit)
        expected = Sentence("at least {limit}", limit=limit)
    yield Problem("too-small", violation.path, message, violation.value, expected)


def too_large(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``maximum`` and ``exclusiveMaximum``."""
    limit, exclusive = _limit(violation, "maximum")
    name = named(violation.path, violation.value, resource)
    if exclusive:
        message = Sentence("{name} is too large; it must be less than {limit}.", name=name, limit=limit)
        expected = Sentence("less than {limit}", limit=limit)
    else:
        message = Sentence("{name} is too large; it can be at most {limit}.", name=name, limit=limit)
        expected = Sentence("at most {limit}", limit=limit)
    yield Problem("too-large", violation.path, message, violation.value, expected)


def _limit(violation: Violation, inclusive: str) -> tuple[Name, bool]:
    """Return the limit and whether it is excluded itself; draft 4 says that in a keyword beside it."""
    if violation.keyword == inclusive:
        beside = violation.schema.get(f"exclusive{inclusive.capitalize()}")
        return Name(violation.limit), beside is True
    if violation.limit is True:
        return Name(violation.schema.get(inclusive)), True
    return Name(violation.limit), True


def wrong_step(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``multipleOf``, which most often limits the decimals."""
    name, step = named(violation.path, violation.value, resource), Decimal(str(violation.limit))
    if step == 1:
        message = Sentence("{name} is not {expected}.", name=name, expected=Sentence("a whole number"))
    elif _is_power_of_ten(step):
        message = Sentence(
            "{name} has too many decimals; it can have {decimals} at most.",
            name=name,
            decimals=Counted(-step.adjusted(), "decimal"),
        )
    else:
        message = Sentence("{name} is not a multiple of {limit}.", name=name, limit=Name(violation.limit))
    expected = Sentence("a multiple of {limit}", limit=Name(violation.limit))
    yield Problem("wrong-step", violation.path, message, violation.value, expected)


def _is_power_of_ten(step: Decimal) -> bool:
    return step < 1 and step == Decimal(1).scaleb(step.adjusted())


def too_short(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``minLength``; an empty text is a missing value."""
    if not violation.value:
        yield _is_empty(violation, resource)
        return
    template = key("{name} is too short: it has {count}, and needs at least {limit}.")
    yield _sized("too-short", template, violation, resource)


def too_long(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``maxLength``."""
    template = key("{name} is too long: it has {count}, and may have at most {limit}.")
    yield _sized("too-long", template, violation, resource)


def _sized(code: str, template: str, violation: Violation, resource: ResourceSchema) -> Problem:
    count = Counted(len(violation.value), "character")
    return sized(code, template, named(violation.path, violation.value, resource), count, violation)
