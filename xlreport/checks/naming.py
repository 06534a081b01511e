"""Name the values of a record as a person does: by the titles of their fields, never by their paths."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from xlreport.checks.violations import Path, Violation
from xlreport.fields import in_words
from xlreport.findings import Severity
from xlreport.language import key
from xlreport.registry import ResourceSchema
from xlreport.sentences import Counted, Name, Sentence
from xlreport.text import shown

__all__ = ["Problem", "field", "named", "sized", "starred", "subject", "title_at"]

_UNKNOWN: Final = key("{name}")


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
    """What makes findings the same mistake in many records; empty for the path without positions."""


def starred(path: Path) -> str:
    """Return the path with a star for each position: ``milestones/*/value``."""
    return "/".join("*" if isinstance(step, int) else step for step in path)


def subject(path: Path, resource: ResourceSchema) -> Sentence:
    """Return the name of a value in a sentence: ``Amount``, or ``Amount (Milestone 2)`` inside an array.

    A name that the schema does not describe comes from the data, and so is a value in the sentence.
    """
    title = title_at(path, resource)
    inside = [
        Sentence("{title} {number}", title=_item_title(path[:depth], resource), number=Name(step + 1))
        for depth, step in enumerate(path)
        if isinstance(step, int)
    ]
    if path and isinstance(path[-1], int):
        inside = [*inside[:-1], Sentence("item {number}", number=Name(path[-1] + 1))]
    return Sentence("{title} ({place})", title=title, place=_within(inside)) if inside else title


def _item_title(array: Path, resource: ResourceSchema) -> Sentence:
    return Sentence(resource.titles.get(f"{starred(array)}/*") or in_words(starred(array)))


def _within(items: Sequence[Sentence]) -> Sentence:
    whole = items[0]
    for inner in items[1:]:
        whole = Sentence("{outer}, {inner}", outer=whole, inner=inner)
    return whole


def field(path: Path, resource: ResourceSchema) -> str:
    """Return the name of a field that the schema speaks of, though it may describe it nowhere."""
    name = subject(path, resource)
    return Name(name) if name.template == _UNKNOWN else name


def title_at(path: Path, resource: ResourceSchema) -> Sentence:
    """Return the title of what stands at ``path``, wherever in an array that is."""
    return _title(starred(path), resource)


@lru_cache(maxsize=4096)
def _title(place: str, resource: ResourceSchema) -> Sentence:
    if not place:
        return Sentence(resource.record_title)
    known = resource.fields.get(place) or resource.fields.get(f"{place}/*")
    title = known.title if known else resource.titles.get(place)
    return Sentence(title) if title else Sentence(_UNKNOWN, name=in_words(place))


def named(path: Path, value: object, resource: ResourceSchema) -> Sentence:
    """Return what stands at ``path`` with its value; lists and groups of fields are named, not shown."""
    if value is None or isinstance(value, dict | list):
        return subject(path, resource)
    text = str(value).lower() if isinstance(value, bool) else shown(value)
    return Sentence("{title} {value}", title=subject(path, resource), value=text)


def sized(code: str, template: str, name: Sentence, count: Counted, violation: Violation) -> Problem:
    """Return the problem of a value with too few or too many of something: {name}, {count} and {limit}."""
    message = Sentence(template, name=name, count=count, limit=Name(violation.limit))
    return Problem(code, violation.path, message, violation.value)
