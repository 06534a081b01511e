"""Turn what a rule finds wrong into problems said in plain sentences, with titles in place of paths."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from xlreport.checks.columns import as_text
from xlreport.checks.engines import Path
from xlreport.checks.hints import enum_hint
from xlreport.checks.naming import Problem, starred, subject, title_at
from xlreport.checks.paths import steps
from xlreport.fields import in_words
from xlreport.findings import Place
from xlreport.language import key
from xlreport.registry import ResourceSchema
from xlreport.rules import Rule, arrays_of
from xlreport.sentences import Listed, Name, Numeral, Sentence, Worded, one_after_the_other
from xlreport.text import shown

__all__ = [
    "Located",
    "by_rule",
    "counted",
    "missing",
    "not_comparable",
    "not_listed",
    "not_same",
    "out_of_order",
    "out_of_range",
    "repeated",
    "summed",
]

Located = tuple[Path, Any]
"""Where a value stands in the record, and the value; a value of the rule itself stands nowhere: ()."""

_MOST_LISTED: Final = 30
_MOST_PLACES: Final = 40
_CODES: Final = {
    "equals": ("sum-differs", "count-differs"),
    "atMost": ("sum-too-high", "count-too-high"),
    "atLeast": ("sum-too-low", "count-too-low"),
}
_FIXED: Final = {
    "equals": key("the value asked for"),
    "atMost": key("the most allowed"),
    "atLeast": key("the least allowed"),
}
_SUMS: Final = {
    (True, True): key(
        "{part} in {items} adds up to {sum}, and {whole} is {limit}: the sum is {difference} more."
    ),
    (True, False): key(
        "{part} in {items} adds up to {sum}, and {whole} is {limit}: the sum is {difference} less."
    ),
    (False, True): key("{part} is {sum}, and {whole} is {limit}: {difference} more."),
    (False, False): key("{part} is {sum}, and {whole} is {limit}: {difference} less."),
}
"""By whether several values are added up, and whether the sum is more than it should be."""
_NOT_BEFORE: Final = {
    "number": key("{name} {value} is less than {other} {limit}."),
    "text": key("{name} {value} comes before {other} {limit} in the order of the alphabet."),
    "time": key("{name} {value} is before {other} {limit}."),
}
_BEYOND: Final = {
    ("number", False): key("{name} {value} is less than {limit}."),
    ("number", True): key("{name} {value} is more than {limit}."),
    ("text", False): key("{name} {value} comes before {limit} in the order of the alphabet."),
    ("text", True): key("{name} {value} comes after {limit} in the order of the alphabet."),
    ("time", False): key("{name} {value} is before {limit}."),
    ("time", True): key("{name} {value} is after {limit}."),
}
"""By what is compared, and whether the value lies above its limit."""


def by_rule(problem: Problem, rule: Rule, resource: ResourceSchema) -> Problem:
    """Return a problem with what the rule itself says: in its words, and how much that weighs."""
    described = Sentence(rule.description) if rule.description else ""
    return replace(
        problem,
        message=_own_sentence(problem, rule, resource) or problem.message,
        hint=one_after_the_other(described, problem.hint),
        severity=rule.severity,
        group=rule.id,
    )


def _own_sentence(problem: Problem, rule: Rule, resource: ResourceSchema) -> str:
    """Return the sentence of the rule, if any, with title, value and limit in their places."""
    said = problem.message.values if isinstance(problem.message, Sentence) else {}
    words = {
        "title": subject(problem.path, resource),
        "value": said.get("value", shown(problem.value)),
        "limit": said.get("limit", ""),
    }
    if not rule.message:
        return ""
    return Sentence(rule.message, **words) if isinstance(rule.message, str) else Worded(rule.message, **words)


def summed(
    rule: Rule,
    resource: ResourceSchema,
    first: Path,
    total: Decimal,
    limit: tuple[Path, Decimal],
    difference: Decimal,
) -> Problem:
    """Say that values, the first of them at ``first``, do not add up to what they should.

    What is to be corrected is the total in the record, or else the value: where there is but one.
    """
    at, allowed = limit
    text, allowed_text, off = _figures(total, allowed, difference.copy_abs())
    path = rule.paths[0]
    corrected = at if "*" in path else ()
    message = Sentence(
        _SUMS["*" in path, total > allowed],
        part=_title(path, resource),
        items=_array_title(path, resource),
        whole=_whole(rule, at, resource),
        sum=text,
        limit=allowed_text if at else Name(allowed_text),
        difference=off,
    )
    figure = text if corrected else allowed_text
    expected = _bound(rule.comparison, figure, turned=bool(corrected))
    code = _CODES[rule.comparison][0]
    return Problem(code, corrected or first, message, allowed if corrected else total, expected)


def counted(
    rule: Rule, resource: ResourceSchema, first: Path, number: int, limit: tuple[Path, Decimal]
) -> Problem:
    """Say that there are too many or too few values; ``first`` is the place of the list."""
    at, allowed = limit
    message = Sentence(
        "{items}: {count} counted, and {whole} is {limit}.",
        items=_counted_title(rule.paths[0], resource),
        count=Numeral(number),
        whole=_whole(rule, at, resource),
        limit=_figure(allowed) if at else Name(_figure(allowed)),
    )
    expected = (
        _bound(rule.comparison, str(number), turned=True) if at else _bound(rule.comparison, _figure(allowed))
    )
    return Problem(_CODES[rule.comparison][1], at or first, message, allowed if at else number, expected)


def out_of_order(resource: ResourceSchema, sort: str, later: Located, earlier: Located) -> Problem:
    """Say that a value is less than, or before, the one in front of it."""
    message = Sentence(
        _NOT_BEFORE[sort],
        name=subject(later[0], resource),
        value=_value(later[1], sort),
        other=subject(earlier[0], resource),
        limit=_value(earlier[1], sort),
    )
    return Problem("out-of-order", later[0], message, later[1], _least(sort, earlier[1]))


def not_same(resource: ResourceSchema, value: Located, first: Located) -> Problem:
    """Say that a value differs from the first."""
    message = Sentence(
        "{name} {value} is not the same as {other} {limit}.",
        name=subject(value[0], resource),
        value=_shown(value[1]),
        other=subject(first[0], resource),
        limit=_shown(first[1]),
    )
    return Problem("values-differ", value[0], message, value[1], as_text(first[1]))


def missing(resource: ResourceSchema, path: Path) -> Problem:
    """Say that there is no value."""
    message = Sentence("{name} is missing.", name=subject(path, resource))
    return Problem("missing-by-rule", path, message, None, Sentence("a value"))


def out_of_range(
    resource: ResourceSchema, sort: str, value: Located, limit: Located, *, above: bool
) -> Problem:
    """Say that a value lies beyond a limit."""
    at, allowed = limit
    bound: str = Name(_value(allowed, sort))
    if at:
        bound = Sentence("{title} {value}", title=subject(at, resource), value=_value(allowed, sort))
    message = Sentence(
        _BEYOND[sort, above], name=subject(value[0], resource), value=_value(value[1], sort), limit=bound
    )
    expected = _most(sort, allowed) if above else _least(sort, allowed)
    return Problem("out-of-range", value[0], message, value[1], expected)


def repeated(resource: ResourceSchema, value: Located, first: Place) -> Problem:
    """Say that a value stands already at ``first``."""
    message = Sentence(
        "{name} {value} stands already at {place}.",
        name=subject(value[0], resource),
        value=_shown(value[1]),
        place=first.in_words(),
    )
    return Problem("repeated-value", value[0], message, value[1], Sentence("a value of its own"))


def not_listed(resource: ResourceSchema, value: Located, allowed: Sequence[Any], path: str) -> Problem:
    """Say that a value is none of those ``allowed``, which stand at ``path`` or in the rule."""
    if path and len(allowed) > _MOST_LISTED:
        return _not_among(resource, value, len(allowed), path)
    texts = [as_text(each) for each in dict.fromkeys(allowed)]
    known = Listed(texts if path else map(Name, texts), "or", _MOST_LISTED)
    name, text = subject(value[0], resource), _shown(value[1])
    if path:
        items = _counted_title(path, resource)
        message = Sentence(
            "{name} {value} is not among {list}: {known}.", name=name, value=text, list=items, known=known
        )
    else:
        message = Sentence(
            "{name} {value} is not allowed; it can be {known}.", name=name, value=text, known=known
        )
    return Problem(
        "value-not-listed", value[0], message, value[1], known, enum_hint(as_text(value[1]), texts)
    )


def _not_among(resource: ResourceSchema, value: Located, number: int, path: str) -> Problem:
    """Say the same of a list that is too long to be told, and to be searched for what was meant."""
    message = Sentence(
        "{name} {value} is not among the {number} values of {list}.",
        name=subject(value[0], resource),
        value=_shown(value[1]),
        number=Numeral(number),
        list=_counted_title(path, resource),
    )
    expected = Sentence("a value of {known}", known=_counted_title(path, resource))
    return Problem("value-not-listed", value[0], message, value[1], expected)


def not_comparable(resource: ResourceSchema, value: Located, rule: Rule) -> Problem:
    """Say that a value is not of the kind that a rule compares."""
    message = Sentence(
        "{name} {value} cannot be compared by the rule {rule}: it is of another kind than the rule is for.",
        name=subject(value[0], resource),
        value=_shown(value[1]),
        rule=Name(rule.id),
    )
    return Problem("not-comparable", value[0], message, value[1])


# --- names and values --------------------------------------------------------------------------------


def _title(path: str, resource: ResourceSchema) -> str:
    """Return the title of a path, whichever item of its arrays is meant."""
    return title_at(steps(path.replace("/-1", "/*")), resource)


def _array_title(path: str, resource: ResourceSchema) -> Sentence:
    arrays = arrays_of(path)
    place = arrays[-1].replace("/-1", "/*") if arrays else ""
    return Sentence(resource.titles.get(place) or in_words(place) if place else resource.title)


def _counted_title(path: str, resource: ResourceSchema) -> str:
    """Return ``Milestones``, or ``Met (Milestones)`` for a field of the items."""
    if not arrays_of(path):
        return _title(path, resource)
    items = _array_title(path, resource)
    if path.endswith("/*"):
        return items
    return Sentence("{title} ({place})", title=_title(path, resource), place=items)


def _whole(rule: Rule, at: Path, resource: ResourceSchema) -> str:
    """Return the name of the limit; of a field of the record that is called like the part, whose it is."""
    if not at:
        return Sentence(_FIXED[rule.comparison])
    name = subject(at, resource)
    if str(name) == str(_title(rule.paths[0], resource)) and starred(at) == "/".join(map(str, at)):
        return Sentence("{title} ({place})", title=name, place=Sentence(resource.record_title))
    return name


def _shown(value: object) -> str:
    """Return a value as it stands in a sentence: a text is quoted, a number is not."""
    return _value(value, "number" if type(value) in (int, Decimal) else "text")


def _value(value: Any, sort: str) -> str:  # any single value
    """Return a value as it stands in a sentence: a text is quoted, a number or a day is not."""
    if sort == "text":
        return shown(as_text(value))
    text = _figure(value) if isinstance(value, int | Decimal) else as_text(value)
    return text if len(text) <= _MOST_PLACES else f"{text[: _MOST_PLACES - 1]}…"


def _figure(value: Decimal | int) -> str:
    """Return a number with its digits as they are, and commas between the thousands."""
    return _figures(value)[0]


def _figures(*values: Decimal | int) -> list[str]:
    """Return numbers with as many decimals as the one that has most; very long ones are shortened."""
    numbers = list(map(Decimal, values))
    places = max(-int(number.as_tuple().exponent) for number in numbers)
    if places > _MOST_PLACES or any(number.adjusted() > _MOST_PLACES for number in numbers):
        return list(map(str, numbers))
    return [f"{number:,.{max(places, 0)}f}" for number in numbers]


def _bound(comparison: str, text: str, *, turned: bool = False) -> str:
    """Return what is allowed; ``turned`` round where the limit is what is to be corrected."""
    if comparison == "equals":
        return text
    if (comparison == "atMost") is turned:
        return Sentence("at least {limit}", limit=text)
    return Sentence("at most {limit}", limit=text)


def _least(sort: str, value: Any) -> str:
    text = _value(value, sort)
    return (
        Sentence("{limit} or later", limit=text)
        if sort == "time"
        else Sentence("at least {limit}", limit=text)
    )


def _most(sort: str, value: Any) -> str:
    text = _value(value, sort)
    return (
        Sentence("{limit} or earlier", limit=text)
        if sort == "time"
        else Sentence("at most {limit}", limit=text)
    )
