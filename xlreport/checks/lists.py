"""Say what is wrong with a list: its length, what it lacks, what stands in it twice."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from xlreport.checks.naming import Problem, sized, subject
from xlreport.checks.scalars import described
from xlreport.checks.violations import Violation
from xlreport.language import key
from xlreport.registry import ResourceSchema
from xlreport.sentences import Counted, Name, Sentence
from xlreport.text import shown

__all__ = ["lacking", "no_room", "repeated", "too_few", "too_many", "too_many_alike"]

Problems = Iterator[Problem]


def too_few(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``minItems``."""
    yield _sized(
        "too-few-items",
        key("{name} is too short: it has {count}, and needs at least {limit}."),
        violation,
        resource,
    )


def too_many(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``maxItems``."""
    yield _sized(
        "too-many-items",
        key("{name} is too long: it has {count}, and may have at most {limit}."),
        violation,
        resource,
    )


def _sized(code: str, template: str, violation: Violation, resource: ResourceSchema) -> Problem:
    count = Counted(len(violation.value), "item")
    return sized(code, template, subject(violation.path, resource), count, violation)


def no_room(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of items after the last one that the schema describes."""
    message = Sentence(
        "{name} holds {items}, more than there is room for.",
        name=subject(violation.path, resource),
        items=Counted(len(violation.value), "item"),
    )
    yield Problem("too-many-items", violation.path, message, violation.value)


def repeated(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``uniqueItems``: which two items are alike."""
    first, second, item = _twins(violation.value)
    name = subject(violation.path, resource)
    if isinstance(item, dict | list):
        message = Sentence(
            "{name} holds the same twice: item {first} and item {second} are alike.",
            name=name,
            first=Name(first),
            second=Name(second),
        )
    else:
        message = Sentence(
            "{name} holds {value} twice: as item {first} and as item {second}.",
            name=name,
            value=shown(item),
            first=Name(first),
            second=Name(second),
        )
    hint = Sentence("Take one of the two out.")
    yield Problem("repeated-item", violation.path, message, violation.value, hint=hint)


def _twins(items: list[Any]) -> tuple[int, int, Any]:
    """Return the positions, from 1, of the first two items that are alike, and the item."""
    first: dict[Hashable, int] = {}
    for position, item in enumerate(items, 1):
        known = first.setdefault(_frozen(item), position)
        if known != position:
            return known, position, item
    return 1, len(items), items[-1]


def _frozen(value: Any) -> Hashable:
    """Return what two values have in common exactly where JSON Schema holds them to be equal."""
    if isinstance(value, dict):
        return frozenset((name, _frozen(item)) for name, item in value.items())
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return isinstance(value, bool), value


def lacking(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``contains``, and of ``minContains`` where there are some, but too few."""
    name = subject(violation.path, resource)
    wanted: Any = violation.schema.get("contains")
    item = described(wanted) if isinstance(wanted, Mapping) else ""
    least = violation.schema.get("minContains", 1)
    if item and least == 1:
        message = Sentence("{name} lacks {item}, which it must hold.", name=name, item=item)
    elif item:
        message = Sentence(
            "{name} must hold {item} at least {times}.", name=name, item=item, times=Counted(least, "time")
        )
    else:
        message = Sentence("{name} does not hold an item that it must hold.", name=name)
    yield Problem("missing-item", violation.path, message, violation.value, item)


def too_many_alike(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``maxContains``."""
    name, limit = subject(violation.path, resource), Name(violation.limit)
    wanted: Any = violation.schema.get("contains")
    item = described(wanted) if isinstance(wanted, Mapping) else ""
    if item:
        times = Counted(violation.limit, "time")
        message = Sentence("{name} may hold {item} at most {times}.", name=name, item=item, times=times)
    else:
        message = Sentence(
            "{name} holds too many items of one kind; at most {limit} are allowed.", name=name, limit=limit
        )
    yield Problem("too-many-items", violation.path, message, violation.value)
