"""Turn the schema of a resource into a verdict and a list of violations, by either of two engines.

``jsonschema-rs`` is the engine; ``jsonschema`` is the other one, for machines that it is not made for
and as the second witness in the tests. Both assert formats, both take money as Decimal, and both
leave the same record behind: `Violation`.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend, validator_for

from xlreport.checks.violations import Path, Reason, Violation, reason_at
from xlreport.errors import MachineError, SchemaError, UsageError
from xlreport.registry import ResourceSchema
from xlreport.tables import Record
from xlreport.text import did_you_mean, listing, shown

try:
    import jsonschema_rs
except ImportError:  # pragma: no cover  # no wheel for this machine: the other engine is left
    jsonschema_rs = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

__all__ = [
    "DEFAULT_ENGINE",
    "ENGINES",
    "Compiled",
    "Path",
    "Reason",
    "Violation",
    "compiled",
    "condition",
    "installed_engine",
]

DEFAULT_ENGINE: Final = "jsonschema-rs"
ENGINES: Final = (DEFAULT_ENGINE, "jsonschema")

_NOT_KEYWORDS: Final = frozenset({"falseSchema", "propertyNames"})
"""Kinds of violation whose place in the schema does not end in a keyword."""
_NO_MORE_PROPERTIES: Final = frozenset({"additionalProperties", "unevaluatedProperties"})
_DEPENDENT: Final = frozenset({"dependentRequired", "dependencies"})
_NONE: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A schema made ready for many records."""

    is_valid: Callable[[Record], bool]
    violations: Callable[[Record], Iterator[Violation]]


def compiled(resource: ResourceSchema, engine: str = DEFAULT_ENGINE) -> Compiled:
    """Return the schema of ``resource`` compiled by ``engine``.

    Raise UsageError for an unknown engine, MachineError where jsonschema-rs is not installed.
    """
    if engine not in ENGINES:
        message = (
            f"There is no engine {shown(engine)}: {listing(ENGINES, 'or')}{did_you_mean(engine, ENGINES)}"
        )
        raise UsageError(message)
    return _compiled_by_rs(resource) if engine == DEFAULT_ENGINE else _compiled_by_python(resource)


def installed_engine() -> str:
    """Return the first of the engines that this machine has."""
    return ENGINES[0] if jsonschema_rs is not None else ENGINES[1]


def condition(schema: Mapping[str, Any], engine: str = DEFAULT_ENGINE) -> Callable[[Record], bool]:
    """Return a function that tells whether a record fits ``schema`` (draft 2020-12)."""
    if engine == DEFAULT_ENGINE:
        verdict: Callable[[Record], bool] = (
            _rs().validator_for(schema, validate_formats=True, offline=True).is_valid
        )
        return verdict
    return _python_validator(schema).is_valid  # type: ignore[no-any-return]


# --- jsonschema-rs -----------------------------------------------------------------------------------


def _rs() -> Any:  # a module
    if jsonschema_rs is None:  # pragma: no cover
        message = (
            "The package jsonschema-rs is not installed; install it, or check with the engine jsonschema."
        )
        raise MachineError(message)
    return jsonschema_rs


def _compiled_by_rs(resource: ResourceSchema) -> Compiled:
    rs = _rs()
    dialect = resource.schema.dialect
    registry = rs.Registry([(uri, _dated(each, dialect)) for uri, each in resource.schema.documents.items()])
    try:
        validator = rs.validator_for(
            resource.definition, registry=registry, validate_formats=True, offline=True
        )
    except ValueError as error:  # such as a pattern that is no regular expression
        message = f"Schema {resource.schema.name} cannot be used: {str(error).splitlines()[0]}."
        raise SchemaError(message) from error

    @cache
    def around(location: str) -> tuple[Mapping[str, Any], Reason | None]:
        return node(location.rpartition("/")[0]), reason_at(location, node)

    def node(location: str) -> Mapping[str, Any]:
        return resource.schema.at(location).node

    def violations(record: Record) -> Iterator[Violation]:
        for error in validator.iter_errors(record):
            yield _from_rs(error, record, around)

    return Compiled(validator.is_valid, violations)


_Around = Callable[[str], tuple[Mapping[str, Any], Reason | None]]
"""URI of a keyword -> the schema that it stands in, and the condition that it stands under."""


def _dated(document: Any, dialect: str) -> Any:
    """Return the document with the dialect that counts for it, where it names none itself."""
    return {"$schema": dialect, **document} if isinstance(document, dict) else document


def _from_rs(error: Any, record: Record, around: _Around) -> Violation:
    kind, path = error.kind, tuple(error.instance_path)
    last = str(error.schema_path[-1]) if error.schema_path else ""
    value, names = value_at(record, path), _rs_names(kind)
    keyword = kind.name if kind.name in _NOT_KEYWORDS else last
    if kind.name == "falseSchema" and last in _NO_MORE_PROPERTIES:  # where the schema describes no property
        keyword, names = last, tuple(value)
    location = error.absolute_keyword_location
    if keyword in _DEPENDENT:  # a number follows the keyword
        location = location and f"{location.rpartition(f'/{keyword}')[0]}/{keyword}"
    inside = location and "#/" in location  # the schema false has no keyword
    parent, reason = around(location) if inside else (_NONE, None)
    schema = parent if keyword not in _NOT_KEYWORDS else _NONE
    context = getattr(kind, "context", ())
    branches = (tuple(_from_rs(each, record, around) for each in branch) for branch in context)
    return Violation(
        keyword, path, value, schema.get(keyword), schema, names, tuple(branches), location or "", reason
    )


def _rs_names(kind: Any) -> tuple[str, ...]:
    if kind.name == "propertyNames":
        return (str(kind.error.instance),)
    if kind.name == "required":
        return (kind.property,)
    return tuple(getattr(kind, "unexpected", ()))


def value_at(record: object, path: Sequence[str | int]) -> Any:  # any JSON value
    """Return the value at ``path``."""
    value: Any = record
    for step in path:
        value = value[step]
    return value


# --- jsonschema --------------------------------------------------------------------------------------


def _compiled_by_python(resource: ResourceSchema) -> Compiled:
    validator = _python_validator(resource.definition, registry=resource.schema.registry)

    def violations(record: Record) -> Iterator[Violation]:
        with _patterns_of_python():
            yield from map(_from_python, validator.iter_errors(record))

    def is_valid(record: Record) -> bool:
        with _patterns_of_python():
            return bool(validator.is_valid(record))

    return Compiled(is_valid, violations)


@contextlib.contextmanager
def _patterns_of_python() -> Iterator[None]:
    """Turn the error of a regular expression that Python does not know into a sentence."""
    try:
        yield
    except re.error as error:
        raise _foreign_pattern(str(error.pattern), error) from error


def _foreign_pattern(pattern: str, error: re.error) -> SchemaError:
    message = f"The pattern {shown(pattern)} is not for the engine jsonschema: {error}. Use jsonschema-rs."
    return SchemaError(message)


def _python_validator(schema: Mapping[str, Any], **context: Any) -> "Validator":
    exact = _exact(validator_for(schema, Draft202012Validator))
    return exact(schema, format_checker=FormatChecker(), **context)


@cache
def _exact(draft: Any) -> Any:  # classes of validators
    """Return the validator of a draft that takes decimals, also in documents that name the same draft."""
    types = draft.TYPE_CHECKER.redefine_many({"integer": _is_integer, "number": _is_number})
    made = extend(draft, {"pattern": _pattern, "multipleOf": _multiple_of}, type_checker=types)
    evolve = made.evolve

    def evolved(self: Any, **changes: Any) -> Any:
        schema = changes.get("schema")
        if isinstance(schema, Mapping) and validator_for(schema, draft) is draft:
            changes["schema"] = {name: value for name, value in schema.items() if name != "$schema"}
        return evolve(self, **changes)

    made.evolve = evolved
    return made


def _is_number(_: object, value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_integer(_: object, value: object) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(validator: "Validator", pattern: str, value: object, _: object) -> Iterator[ValidationError]:
    """Search as JSON Schema has it: ``$`` is the very end, not also the place before a last line feed."""
    if validator.is_type(value, "string") and not re.search(_python_pattern(pattern), str(value)):
        yield ValidationError(f"{value!r} does not match")


def _multiple_of(
    validator: "Validator", step: Decimal | int, value: Any, _: object
) -> Iterator[ValidationError]:
    """Divide exactly, however large the one and small the other."""
    if validator.is_type(value, "number") and Fraction(value) % Fraction(step):
        yield ValidationError(f"{value!r} is not a multiple of {step!r}")


@cache
def _python_pattern(pattern: str) -> str:
    translated = re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
    try:
        re.compile(translated)
    except re.error as error:
        raise _foreign_pattern(pattern, error) from error
    return translated


def _from_python(error: ValidationError) -> Violation:
    """Return the violation; of a property whose schema is false, only the object around it is known."""
    steps = list(error.absolute_schema_path)
    names = _python_names(error)
    keyword = "propertyNames" if "propertyNames" in steps[-2:-1] else error.validator or "falseSchema"
    schema = error.schema if isinstance(error.schema, Mapping) else _NONE
    branches: dict[object, list[Violation]] = {}
    for each in error.context:
        branch = next(iter(each.relative_schema_path), len(branches))  # a schema that is false has no path
        branches.setdefault(branch, []).append(_from_python(each))
    return Violation(
        keyword,
        tuple(error.absolute_path),
        error.instance,
        schema.get(keyword),
        schema,
        (error.instance,) if keyword == "propertyNames" else names,
        tuple(map(tuple, branches.values())),
    )


def _python_names(error: ValidationError) -> tuple[str, ...]:
    """Return the properties that the message speaks of: the error itself does not carry them."""
    if error.validator in {"required", "dependentRequired", "dependencies"}:
        wanted = _all_names(error.validator_value)
        return tuple(name for name in wanted if error.message.startswith(f"{name!r} is a "))
    if error.validator in _NO_MORE_PROPERTIES:
        return tuple(name for name in error.instance if repr(name) in error.message)
    return ()


def _all_names(declared: Any) -> list[str]:
    """Return the names in a list, or in the lists of an object (dependentRequired)."""
    lists = declared.values() if isinstance(declared, Mapping) else [declared]
    return [name for names in lists if isinstance(names, list) for name in names]
