"""Turn the violations of a JSON Schema by a report definition into sentences for its author.

A definition is written by hand, so each sentence names the path in the document, what is allowed there
and the nearest allowed name. For alternatives (``oneOf``) the branch that was meant is found first: the
one of the right type that knows most of the names used.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from xlreport.tables import json_path
from xlreport.text import did_you_mean, listing, shown

__all__ = ["problems"]


def problems(document: object, schema: Mapping[str, Any]) -> list[str]:
    """Return one sentence per violation of ``schema`` by ``document``, in document order."""
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    errors = sorted(validator.iter_errors(document), key=lambda error: str(error.json_path))
    return list(dict.fromkeys(sentence for error in errors for sentence in _sentences(error)))


def _sentences(error: ValidationError) -> Iterator[str]:
    if error.validator == "oneOf":
        branch = _meant(error)
        if branch:
            for inner in branch:
                yield from _sentences(inner)
            return
    where = json_path([part if isinstance(part, int) else str(part) for part in error.absolute_path])
    explain = _EXPLANATIONS.get(str(error.validator))
    sentence = explain(error) if explain else error.message
    yield f"{where}: {sentence}" + ("" if sentence.endswith("?") else ".")


def _meant(error: ValidationError) -> list[ValidationError]:
    """Return the errors of the alternative that fits best: right type, most names known, fewest errors."""
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.schema_path[0]), []).append(inner)

    def unfit(errors: list[ValidationError]) -> tuple[bool, int, int]:
        depth = len(error.absolute_path)
        own = [inner for inner in errors if len(inner.absolute_path) == depth]
        wrong_type = any(inner.validator == "type" for inner in own)
        unknown = sum(
            len(_unknown_names(inner)) for inner in own if inner.validator == "additionalProperties"
        )
        missing = sum(inner.validator == "required" for inner in own)
        return wrong_type, unknown + missing, len(errors)

    return min(branches.values(), key=unfit, default=[])


def _properties(error: ValidationError) -> Mapping[str, Any]:
    return error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}


def _unknown_names(error: ValidationError) -> list[str]:
    known = _properties(error)
    return [name for name in cast("Mapping[str, Any]", error.instance) if name not in known]


def _unknown_property(error: ValidationError) -> str:
    known, unknown = sorted(_properties(error)), _unknown_names(error)
    guess = did_you_mean(unknown[0], known) if len(unknown) == 1 else ""
    are = "is" if len(unknown) == 1 else "are"
    names = listing(map(shown, unknown))
    return f"{names} {are} not known here; allowed are {listing(known, most=40)}{guess}"


def _required(error: ValidationError) -> str:
    missing = [name for name in _listed(error) if name not in cast("Mapping[str, Any]", error.instance)]
    return f"{listing(map(shown, missing))} {'is' if len(missing) == 1 else 'are'} missing"


def _listed(error: ValidationError) -> list[str]:
    """Return the keyword's value as a list of names."""
    value = error.validator_value
    return [str(name) for name in value] if isinstance(value, list) else [str(value)]


def _enum(error: ValidationError) -> str:
    allowed = _listed(error)
    guess = did_you_mean(str(error.instance), allowed)
    return f"{shown(error.instance)} is not allowed; allowed are {listing(allowed, most=40)}{guess}"


def _type(error: ValidationError) -> str:
    wanted = listing((_TYPES[name] for name in _listed(error)), "or")
    return f"{shown(error.instance)} should be {wanted}"


def _pattern(error: ValidationError) -> str:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    meant = str(schema.get("description", "see the schema")).rstrip(".")
    return f"{shown(error.instance)} is not of the right form: {meant}"


def _bound(words: str) -> Callable[[ValidationError], str]:
    return lambda error: f"{shown(error.instance)} {words} {error.validator_value}"


def _said(words: str) -> Callable[[ValidationError], str]:
    return lambda _error: words


_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}

_EXPLANATIONS: Mapping[str, Callable[[ValidationError], str]] = {
    "additionalProperties": _unknown_property,
    "required": _required,
    "enum": _enum,
    "type": _type,
    "pattern": _pattern,
    "format": _pattern,
    "minItems": _bound("has too few entries; it needs at least"),
    "maxItems": _bound("has too many entries; it takes at most"),
    "minimum": _bound("is too small; the least is"),
    "maximum": _bound("is too large; the most is"),
    "minProperties": _said("a condition has a field and one comparison"),
    "maxProperties": _said("a condition has a field and one comparison, not several; combine them with all"),
    "minLength": _said("the text is empty"),
    "uniqueItems": _said("two of its entries are the same"),
}
