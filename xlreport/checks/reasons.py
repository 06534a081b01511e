"""Say why a rule speaks of a record: the condition of ``if``, or the field that another one depends on."""

from collections.abc import Iterator, Mapping
from typing import Any

from xlreport.checks.engines import Path, Reason
from xlreport.checks.naming import field
from xlreport.registry import ResourceSchema
from xlreport.sentences import Listed, Name, Sentence
from xlreport.text import shown

__all__ = ["because"]


def because(reason: Reason | None, path: Path, resource: ResourceSchema) -> str:
    """Return ``Asked for because Status is 'terminated'.``; nothing where it cannot be said in words.

    ``path`` is that of the value which the rule is about; the condition may lie as far above it as the
    reason says.
    """
    if reason is None:
        return ""
    holder = path[: len(path) - reason.below]
    conditions = list(_said(reason.condition, holder, resource))
    if not conditions or None in conditions:
        return ""
    if reason.holds:
        return Sentence("Asked for because {conditions}.", conditions=Listed(conditions))
    return Sentence("Asked for unless {conditions}.", conditions=Listed(conditions))


def _said(schema: Mapping[str, Any], path: Path, resource: ResourceSchema) -> Iterator[Sentence | None]:
    """Yield each condition of a schema in words, None for one that has none."""
    properties = schema.get("properties", {})
    for name, inside in properties.items():
        yield from _said(inside, (*path, name), resource) if isinstance(inside, Mapping) else (None,)
    for name in schema.get("required", ()):
        if name not in properties:
            yield Sentence("{field} is filled", field=field((*path, name), resource))
    if "const" in schema:
        yield _is(path, [schema["const"]], resource)
    if "enum" in schema:
        yield _is(path, schema["enum"], resource)
    if schema.keys() - {"properties", "required", "const", "enum", "type", "title", "description"}:
        yield None


def _is(path: Path, values: list[Any], resource: ResourceSchema) -> Sentence | None:
    if not path or any(isinstance(value, dict | list) for value in values):
        return None
    known = Listed((Name(shown(value)) for value in values), "or")
    return Sentence("{field} is {value}", field=field(path, resource), value=known)
