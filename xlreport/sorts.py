"""Tell what a JSON Schema says of the value at a path: whether it is a number, a day or moment, text, ...

Rules compare values. What two values have in common decides whether they can be compared, and how.
"""

import enum
from typing import Any, Final

from xlreport.subschemas import Subschema

__all__ = ["PLAIN", "Sort", "at_path", "sort_at", "sort_of_value"]


class Sort(enum.StrEnum):
    """What kind of value stands at a path; its text is how a sentence calls it."""

    NUMBER = "a number"
    TIME = "a day or moment"
    TEXT = "text"
    TRUTH = "true or false"
    OBJECT = "an object"
    ARRAY = "a list"
    ANY = "any value"
    """The schema does not say, or allows several."""


PLAIN: Final = frozenset({Sort.NUMBER, Sort.TIME, Sort.TEXT, Sort.TRUTH, Sort.ANY})
"""Those of single values."""
_SORTS: Final = {
    frozenset({"integer"}): Sort.NUMBER,
    frozenset({"number"}): Sort.NUMBER,
    frozenset({"integer", "number"}): Sort.NUMBER,
    frozenset({"string"}): Sort.TEXT,
    frozenset({"boolean"}): Sort.TRUTH,
    frozenset({"object"}): Sort.OBJECT,
    frozenset({"array"}): Sort.ARRAY,
}
_TIMES: Final = frozenset({"date", "date-time"})


def sort_at(record: Subschema, path: str) -> Sort:
    """Return the sort of the value at ``path``, in which a star or -1 stands for an item of an array."""
    schema = at_path(record, path)
    return _sort(schema) if schema else Sort.ANY


def at_path(record: Subschema, path: str) -> Subschema | None:
    """Return what the schema says of the value at ``path``, or None where it says nothing."""
    schema: Subschema | None = record
    for step in path.split("/"):
        if schema:
            schema = schema.items() if step in ("*", "-1") else schema.member(step)
    return schema


def _sort(schema: Subschema) -> Sort:
    types = schema.types() or frozenset(map(_type_name, _listed(schema)))
    sort = _SORTS.get(types, Sort.ANY)
    if not types and (schema.properties() or schema.items()):
        return Sort.OBJECT if schema.properties() else Sort.ARRAY
    return Sort.TIME if sort is Sort.TEXT and schema.text("format") in _TIMES else sort


def _listed(schema: Subschema) -> list[Any]:
    """Return the values that the schema lists, less null."""
    for view in schema.views(certain=True):
        if "const" in view.node:
            return [view.node["const"]]
        if isinstance(view.node.get("enum"), list):
            return [value for value in view.node["enum"] if value is not None]
    return []


def _type_name(value: object) -> str:
    """Return the JSON type of a value; all that is no text, number or truth value is an object."""
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "object" if isinstance(value, dict | list) else "number"


def sort_of_value(value: object) -> Sort:
    """Return the sort of a value that stands in a rule itself."""
    return _SORTS[frozenset({_type_name(value)})]
