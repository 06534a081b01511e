"""Say what is wrong with a record, or with a group of fields in it: what is missing, what is too much."""

from collections.abc import Iterator, Mapping
from typing import Any

from xlreport.checks.naming import Problem, field, named, sized, subject, title_at
from xlreport.checks.scalars import described, empty
from xlreport.checks.violations import Path, Violation
from xlreport.language import key
from xlreport.registry import ResourceSchema
from xlreport.sentences import Counted, Listed, Name, Sentence, guess
from xlreport.text import shown

__all__ = ["forbidden", "missing", "no_place", "too_few", "too_many", "unknown"]

Problems = Iterator[Problem]


def missing(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``required``, and of fields that are needed because another one is filled."""
    for name in violation.names:
        path = (*violation.path, name)
        triggers = list(_triggers(name, violation, resource))
        if triggers:
            message = Sentence(
                "{name} is missing; it is needed where {fields} is filled.",
                name=field(path, resource),
                fields=Listed(triggers, "or"),
            )
        else:
            message = Sentence("{name} is missing.", name=field(path, resource))
        yield empty(path, resource, message)


def _triggers(name: str, violation: Violation, resource: ResourceSchema) -> Iterator[str]:
    if not isinstance(violation.limit, Mapping):
        return
    for trigger, needed in violation.limit.items():
        if trigger in violation.value and isinstance(needed, list | tuple | str) and name in needed:
            yield field((*violation.path, trigger), resource)


def too_few(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``minProperties``."""
    yield _sized(
        "too-few-fields", key("{name} has {count}, and needs at least {limit}."), violation, resource
    )


def too_many(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``maxProperties``."""
    yield _sized(
        "too-many-fields", key("{name} has {count}, and may have at most {limit}."), violation, resource
    )


def _sized(code: str, template: str, violation: Violation, resource: ResourceSchema) -> Problem:
    count = Counted(len(violation.value), "field")
    return sized(code, template, subject(violation.path, resource), count, violation)


def unknown(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of fields that are not described, or not called as they must be."""
    known = list(violation.schema.get("properties", ()))
    if violation.keyword == "propertyNames":
        yield from _misnamed(violation, resource)
        return
    holder = title_at(violation.path, resource)
    for name in violation.names:
        path = (*violation.path, name)
        message = Sentence("{field} is not a field of {title}.", field=Name(shown(name)), title=holder)
        hint = guess(name, known)
        if known and not hint:
            hint = Sentence("The fields are: {fields}.", fields=Listed(map(Name, known), most=20))
        expected = Listed(map(Name, known), "or", 30)
        yield Problem("unknown-property", path, message, _member(violation.value, name), expected, hint)


def _misnamed(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``propertyNames``; the names are values here."""
    wanted: Any = violation.limit
    form = described(wanted) if isinstance(wanted, Mapping) else ""
    for name in violation.names:
        path = (*violation.path, name)
        message = Sentence(
            "{field} cannot be the name of a field of {title}.",
            field=shown(name),
            title=title_at(violation.path, resource),
        )
        hint = Sentence("A name is to be {form}.", form=form) if form else ""
        yield Problem("unknown-property", path, message, _member(violation.value, name), form, hint)


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def no_place(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of a value where none is allowed."""
    name = named(violation.path, violation.value, resource)
    message = Sentence("{name} has no place here.", name=name)
    hint = Sentence("Leave it empty, or correct what it contradicts.")
    yield Problem("not-allowed", violation.path, message, violation.value, hint=hint)


def forbidden(violation: Violation, resource: ResourceSchema) -> Problems:
    """Speak of ``not``: fields that exclude each other, values that are not allowed."""
    wanted: Any = violation.limit
    fields = _together(wanted, violation.path, resource)
    name = named(violation.path, violation.value, resource)
    if len(fields) == 1:
        message = Sentence("{field} must be left empty here.", field=fields[0])
    elif fields:
        message = Sentence("{fields} exclude each other; fill only one of them.", fields=Listed(fields))
    elif form := described(wanted) if isinstance(wanted, Mapping) else "":
        message = Sentence("{name} is not allowed; it can be anything but {form}.", name=name, form=form)
    else:
        message = Sentence("{name} is one of the values that are not allowed.", name=name)
    yield Problem("not-allowed", violation.path, message, violation.value)


def _together(schema: Any, path: Path, resource: ResourceSchema) -> list[str]:
    """Return the fields that must not be there together, where that is all that a schema says."""
    if not isinstance(schema, Mapping) or schema.keys() - {"required", "title", "description", "type"}:
        return []
    return [field((*path, name), resource) for name in schema.get("required", ())]
