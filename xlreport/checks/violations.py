"""What an engine finds wrong with a record, before it is said in words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

__all__ = ["Path", "Reason", "Violation", "reason_at"]

Path = tuple[str | int, ...]

_CONDITIONAL: Final = re.compile(
    r"/(?P<branch>then|else)(?=/)|/(?:dependentSchemas|dependencies)/([^/]+)(?=/)"
)
_STEP_BELOW: Final = re.compile(
    r"(?:^|/)(?:(?:properties|patternProperties|prefixItems)/[^/]+|(?:items|additionalProperties|contains)(?=/))"
)


@dataclass(frozen=True, slots=True)
class Reason:
    """The condition under which a rule holds: that of ``if``, or of a field that others depend on."""

    condition: Mapping[str, Any]
    """A JSON Schema."""
    holds: bool
    """Whether the rule is for records that fit the condition, or for the others."""
    below: int
    """How many steps the rule's value lies below the one that the condition is about."""
    schema: Mapping[str, Any]
    """The schema that the condition stands in."""
    keyword: str
    """then, else or dependentSchemas."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One keyword of a schema that one value of a record does not obey."""

    keyword: str
    path: Path
    """Where the value stands in the record; of a missing property, where it is missing from."""
    value: Any
    limit: Any
    """The keyword's value in the schema."""
    schema: Mapping[str, Any]
    """The schema that the keyword stands in."""
    names: tuple[str, ...] = ()
    """The property that is missing, or those that are not allowed."""
    branches: tuple[tuple["Violation", ...], ...] = ()
    """For anyOf and oneOf: what each branch finds wrong."""
    location: str = ""
    """URI of the keyword, with its JSON pointer; empty where the engine does not tell."""
    reason: Reason | None = None


def reason_at(location: str, node: Callable[[str], Mapping[str, Any]]) -> Reason | None:
    """Return the nearest condition that a keyword stands under; ``node`` gives the schema at a URI."""
    for found in reversed(list(_CONDITIONAL.finditer(location))):
        schema, below = node(location[: found.start()]), _steps_below(location[found.end() :])
        if found["branch"] and "if" in schema and isinstance(schema["if"], Mapping):
            return Reason(schema["if"], found["branch"] == "then", below, schema, found["branch"])
        if found[2] and not {"dependentSchemas", "dependencies"}.isdisjoint(schema):
            name = unquote(found[2]).replace("~1", "/").replace("~0", "~")
            return Reason(
                {"required": [name]}, holds=True, below=below, schema=schema, keyword="dependentSchemas"
            )
    return None


def _steps_below(pointer: str) -> int:
    return len(_STEP_BELOW.findall(pointer.rpartition("/")[0] + "/"))
