"""The ``x-`` keywords of a JSON Schema: keys, references and rules across records.

They are described by ``schemas/rules.schema.json``, which is closed: what it does not know is refused with
the nearest name that it does know. Other validators ignore these keywords.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError as NotASchema
from jsonschema.exceptions import ValidationError

from xlreport.errors import SchemaError
from xlreport.findings import Severity
from xlreport.resources import schemas_folder
from xlreport.rules import Rule, rule_of
from xlreport.subschemas import Subschema
from xlreport.tables import json_path
from xlreport.text import did_you_mean, listing, nearest, shown

__all__ = [
    "NO_KEYWORDS",
    "X_KEYWORDS",
    "ForeignKey",
    "Keywords",
    "check_keywords",
    "check_paths",
    "keywords_of",
]

X_KEYWORDS: Final = ("x-primaryKey", "x-uniqueKeys", "x-foreignKeys", "x-rules")
"""Those that stand on an array of records."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Fields of a resource whose value is the key of a record of another resource, or of the same one."""

    fields: tuple[str, ...]
    """One path, with ``*`` for items of arrays, or several without."""
    resource: str
    reference: tuple[str, ...]
    """The fields of ``resource`` that are referred to, as many as ``fields``."""
    where: Mapping[str, Any] = field(default_factory=dict)
    """A JSON Schema: only records that fit it are looked at."""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Keywords:
    """What the x- keywords say about one resource."""

    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    rules: tuple[Rule, ...] = ()


NO_KEYWORDS: Final = Keywords()


def keywords_of(node: Mapping[str, Any]) -> Keywords:
    """Return the x- keywords of a schema that `check_keywords` has accepted."""
    return Keywords(
        tuple(node.get("x-primaryKey", ())),
        tuple(tuple(key) for key in node.get("x-uniqueKeys", ())),
        tuple(_foreign_key(declared) for declared in node.get("x-foreignKeys", ())),
        tuple(map(rule_of, node.get("x-rules", ()))),
    )


def _foreign_key(declared: Mapping[str, Any]) -> ForeignKey:
    reference = declared["reference"]
    return ForeignKey(
        _names(declared["fields"]),
        reference["resource"],
        _names(reference["fields"]),
        declared.get("where", {}),
        Severity(declared.get("severity", Severity.ERROR)),
    )


def _names(declared: str | list[str]) -> tuple[str, ...]:
    return (declared,) if isinstance(declared, str) else tuple(declared)


def check_keywords(schema: str, subschemas: Iterable[Subschema]) -> None:
    """Raise SchemaError, naming ``schema`` and the place, where an x- keyword is not as it should be.

    Keywords of other tools that begin with x- are left alone, unless they look like a slip of the pen.
    """
    for subschema in subschemas:
        ours = {}
        for keyword, value in subschema.node.items():
            if keyword in _known():
                ours[keyword] = value
            elif keyword.startswith("x-") and nearest(keyword, _known()):
                _refuse(
                    schema,
                    subschema,
                    (),
                    f"unknown keyword {shown(keyword)}{did_you_mean(keyword, _known())}",
                )
        if ours:
            _check(schema, subschema, ours)


@cache
def _validator() -> Draft202012Validator:
    text = (schemas_folder() / "rules.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


@cache
def _known() -> tuple[str, ...]:
    document: Mapping[str, Any] = _validator().schema
    return tuple(document["properties"])


def _check(schema: str, subschema: Subschema, keywords: Mapping[str, Any]) -> None:
    errors = sorted(_validator().iter_errors(keywords), key=_order)
    if errors:
        _refuse(schema, subschema, errors[0].absolute_path, _sentence(errors[0]))
    for path, condition in _conditions(keywords):
        try:
            Draft202012Validator.check_schema(condition)
        except NotASchema as error:
            _refuse(schema, subschema, (*path, *error.absolute_path), error.message)
    for position, key in enumerate(keywords.get("x-foreignKeys", ())):
        _check_lengths(schema, subschema, position, key)


def _order(error: ValidationError) -> tuple[bool, int]:
    """Put unknown names first: they are the cause of what else is wrong beside them."""
    return error.validator != "additionalProperties", -len(error.absolute_path)


def _sentence(error: ValidationError) -> str:
    beside: Mapping[str, Any] = error.schema
    if error.validator == "additionalProperties":
        known = list(beside.get("properties", ()))
        unknown = next(name for name in error.instance if name not in known)
        return (
            f"unknown name {shown(unknown)}{did_you_mean(unknown, known)} (known: {listing(known, most=30)})"
        )
    said: str = beside.get("x-message", {}).get(error.validator, "")
    return said or f"{error.message}. {beside.get('description', '')}".strip()


def _conditions(keywords: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    for keyword, name in (("x-foreignKeys", "where"), ("x-rules", "when"), ("x-rules", "where")):
        for position, declared in enumerate(keywords.get(keyword, ())):
            if name in declared:
                yield (keyword, position, name), declared[name]


def _check_lengths(schema: str, subschema: Subschema, position: int, key: Mapping[str, Any]) -> None:
    here, there = _names(key["fields"]), _names(key["reference"]["fields"])
    if len(here) != len(there):
        message = f"{len(here)} fields cannot refer to {len(there)}; give as many on both sides"
        _refuse(schema, subschema, ("x-foreignKeys", position), message)


def _refuse(schema: str, subschema: Subschema, path: Iterable[str | int], what: str) -> None:
    pointer = subschema.location.partition("#")[2]
    place = json_path([*(step for step in pointer.split("/") if step), *path])
    message = f"Schema {schema}, at {place}: {what.rstrip('.')}."
    raise SchemaError(message)


def check_paths(
    schema: str, resource: str, keywords: Keywords, described: Mapping[str, Iterable[str]]
) -> None:
    """Raise SchemaError where a key, reference or rule of ``resource`` names what is not described.

    ``described`` holds the paths that are known of each resource.
    """
    for path in (*keywords.primary_key, *(path for key in keywords.unique_keys for path in key)):
        _check_path(schema, resource, path, described[resource], "key")
    for foreign_key in keywords.foreign_keys:
        for path in foreign_key.fields:
            _check_path(schema, resource, path, described[resource], "reference")
        if foreign_key.resource not in described:
            message = (
                f"Schema {schema}: a reference of {resource} names {shown(foreign_key.resource)}, "
                f"and there is no such resource{did_you_mean(foreign_key.resource, described)} "
                f"(there are: {listing(described)})"
            )
            raise SchemaError(message)
        for path in foreign_key.reference:
            _check_path(schema, foreign_key.resource, path, described[foreign_key.resource], "reference")
    for rule in keywords.rules:
        for path in rule.every_path():
            _check_path(schema, resource, path, described[resource], f"rule {rule.id}")


def _check_path(schema: str, resource: str, path: str, known: Iterable[str], what: str) -> None:
    paths = list(known)
    if path.replace("/-1", "/*") not in paths:
        message = (
            f"Schema {schema}: a {what} of {resource} names {shown(path)}, which the schema does not describe"
            f"{did_you_mean(path, paths) or '.'}"
        )
        raise SchemaError(message)
