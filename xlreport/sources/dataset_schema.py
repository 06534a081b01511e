"""Check a dataset file against its JSON Schema, and say what is wrong in whole sentences."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from xlreport.resources import schemas_folder
from xlreport.tables import json_path
from xlreport.text import did_you_mean, listing, shown

__all__ = ["problems"]

_TYPES: Final[Mapping[str, str]] = {
    "string": "a text",
    "array": "an array",
    "object": "an object",
    "integer": "a whole number",
    "boolean": "true or false",
}


def problems(document: object) -> list[str]:
    """Return a sentence for each thing that is wrong in a dataset file, with its path in the document."""
    errors = sorted(
        _validator().iter_errors(document), key=lambda error: [str(step) for step in error.absolute_path]
    )
    return [
        f"{json_path(error.absolute_path)}: {sentence}" for error in errors for sentence in _sentences(error)
    ]


@functools.cache
def _validator() -> Draft202012Validator:
    schema = json.loads((schemas_folder() / "dataset-file.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def _sentences(error: ValidationError) -> Iterator[str]:
    say = _SENTENCES.get(str(error.validator))
    if say is None:
        yield f"{error.message}."
    else:
        yield from say(error)


def _unknown_names(error: ValidationError) -> Iterator[str]:
    known = [name for name in error.schema["properties"] if not name.startswith("$")]
    for name in error.instance:
        if name not in error.schema["properties"]:
            guess = did_you_mean(name, known)
            yield f"there is no {shown(name)} here; there are {listing(known, most=24)}{guess or '.'}"


def _missing_name(error: ValidationError) -> Iterator[str]:
    name = error.message.split("'")[1]
    description = error.schema.get("properties", {}).get(name, {}).get("description", "")
    meaning = f" ({description[:1].lower()}{description[1:-1]})" if description else ""
    yield f"{shown(name)} is missing{meaning}."


def _wrong_type(error: ValidationError) -> Iterator[str]:
    allowed = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    yield f"{shown(error.instance)} is not {listing((_TYPES[name] for name in allowed), 'or')}."


def _unknown_value(error: ValidationError) -> Iterator[str]:
    guess = did_you_mean(str(error.instance), map(str, error.validator_value))
    yield f"{shown(error.instance)} is not known; there are {listing(error.validator_value)}{guess or '.'}"


def _not_one(error: ValidationError) -> Iterator[str]:
    names = [name for choice in error.validator_value for name in choice.get("required", ())]
    present = [name for name in names if name in error.instance]
    if present:
        yield f"only one of {listing(names)} may be given, not {listing(present)}."
    else:
        yield f"one of {listing(names, 'or')} must be given."


def _not_together(error: ValidationError) -> Iterator[str]:
    yield f"{listing(error.validator_value['required'])} may not both be given."


def _needs(error: ValidationError) -> Iterator[str]:
    for name, needed in error.validator_value.items():
        for other in needed:
            if name in error.instance and other not in error.instance:
                yield f"{shown(name)} may only be given together with {shown(other)}."


def _empty(_: ValidationError) -> Iterator[str]:
    yield "nothing is given here."


_SENTENCES: Final[Mapping[str, Callable[[ValidationError], Iterator[str]]]] = {
    "additionalProperties": _unknown_names,
    "required": _missing_name,
    "type": _wrong_type,
    "enum": _unknown_value,
    "oneOf": _not_one,
    "not": _not_together,
    "dependentRequired": _needs,
    "minLength": _empty,
    "minItems": _empty,
    "minProperties": _empty,
    "maxLength": lambda error: iter([f"{shown(error.instance)} is more than one character."]),
    "minimum": lambda error: iter([f"{shown(error.instance)} is less than {error.validator_value}."]),
    "uniqueItems": lambda _: iter(["the same is given twice."]),
}
