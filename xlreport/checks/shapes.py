"""Turn a JSON Schema into shapes: what its values look like as Arrow arrays, and tests of whole arrays.

Only what is modelled here in full becomes a shape. A value that a schema describes in any other way has
none, so that no text with such a value can be read by its shape. A test may be stricter than the schema, and
never more lenient.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.checks.columns import long_numbers
from xlreport.subschemas import Subschema
from xlreport.tables import Field, Kind

__all__ = ["Shape", "shape_of"]

Test = Callable[[pa.Array], bool]
"""Tells whether every value of an array, which may have gaps, obeys a rule."""

PLACES: Final = 12
"""Digits after the point that a number is read with; one with more is refused."""
_NUMBER: Final = pa.decimal128(26, PLACES)
"""Arrow refuses numbers of more than 26 digits, so that none with 12 zeros behind it exceeds 128 bits."""
_DEEPEST: Final = 40
"""Levels that a shape may have, far fewer than a record."""

Above = frozenset[int]
"""The schemas that a value lies in; one inside itself is not entered again."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a value that a schema describes; null is none of its values."""

    type: pa.DataType
    kind: Kind = Kind.TEXT
    """Of a plain value."""
    tests: tuple[Test, ...] = ()
    """Of the values; of an array, tests of how many items it has."""
    required: frozenset[str] = frozenset()
    members: Mapping[str, "Shape"] | None = None
    """Of an object, those that have a shape."""
    items: "Shape | None" = None
    """Of an array."""


def shape_of(
    schema: Subschema, fields: Mapping[str, Field], path: str = "", above: Above = frozenset()
) -> Shape | None:
    """Return the shape of the value at ``path``, or None where the schema says what is not modelled.

    ``fields`` are those of the resource; a plain value that they take for another kind has no shape.
    """
    own = frozenset(id(view.node) for view in schema.views() if view.node)
    keywords = _keywords(schema)
    if keywords is None or own & above or path.count("/") > _DEEPEST:
        return None
    above |= own
    match _type(keywords):
        case "object":
            return _object(schema, keywords, fields, path, above)
        case "array":
            return _array(schema, keywords, fields, path, above)
        case str(name) if name in _PLAIN:
            return _plain(name, keywords, fields.get(path))
    return None


# --- what a schema says ------------------------------------------------------------------------------

_SILENT: Final = frozenset(
    {
        *("title", "description", "$comment", "default", "examples", "deprecated", "readOnly", "writeOnly"),
        *("$schema", "$id", "id", "$anchor", "$defs", "definitions"),
    }
)
"""Keywords that no value can fail."""
_FOLLOWED: Final = frozenset({"$ref", "allOf"})
"""Keywords whose schemas are among the views."""
_CLOSING: Final = frozenset({"additionalProperties", "unevaluatedProperties"})
"""Say nothing of members that are described, and there are no others in what a shape reads."""


def _keywords(schema: Subschema) -> list[tuple[str, Any]] | None:
    """Return the keywords that the value must obey, all of them; None where they are not all known."""
    found: list[tuple[str, Any]] = []
    described = set(schema.properties())
    for view in schema.views(certain=True):
        if not _is_plain_to_see(view):
            return None
        if not _CLOSING.isdisjoint(view.node) and set(view.node.get("properties", ())) != described:
            return None
        for keyword, value in view.node.items():
            if not (keyword in _SILENT or keyword.startswith("x-") or keyword in _FOLLOWED | _CLOSING):
                found.append((keyword, value))
    return found


def _is_plain_to_see(view: Subschema) -> bool:
    """Tell whether what a view leads to are objects with keywords; ``false`` would look like none."""
    there = list(view.node.get("allOf", ()))
    if "$ref" in view.node:
        there.append(view.resolver.lookup(view.node["$ref"]).contents)
    return all(isinstance(each, Mapping) for each in there)


def _type(keywords: list[tuple[str, Any]]) -> str | None:
    """Return the one type that the value can have beside null."""
    types: set[str] | None = None
    for keyword, value in keywords:
        names = _type_names(keyword, value)
        if names is not None:
            types = names if types is None else types & names
    types = (types or set()) - {"null"}
    return types.pop() if len(types) == 1 else None


def _type_names(keyword: str, value: Any) -> set[str] | None:
    if keyword == "type":
        return {value} if isinstance(value, str) else set(value)
    if keyword in ("enum", "const"):
        values = value if keyword == "enum" else [value]
        return {_JSON_TYPES.get(type(each), "other") for each in values}
    return None


_JSON_TYPES: Final = {str: "string", type(None): "null"}
"""Values that can be listed; of numbers, 1.0 and 1 would be one."""


# --- objects and arrays ------------------------------------------------------------------------------


def _object(
    schema: Subschema, keywords: list[tuple[str, Any]], fields: Mapping[str, Field], path: str, above: Above
) -> Shape | None:
    if {keyword for keyword, _ in keywords} - {"type", "properties", "required"}:
        return None
    required: set[str] = set()
    for keyword, value in keywords:
        if keyword == "required":
            required.update(value)
    members = {
        name: shape
        for name in schema.properties()
        if (shape := _member(schema, name, fields, f"{path}/{name}" if path else name, above))
    }
    if not members or required - members.keys():
        return None
    if any(name in ("", "*") or "/" in name for name in members):  # a path would be ambiguous
        return None
    record = pa.struct([(name, shape.type) for name, shape in members.items()])
    return Shape(record, required=frozenset(required), members=members)


def _member(
    schema: Subschema, name: str, fields: Mapping[str, Field], path: str, above: Above
) -> Shape | None:
    """Return the shape of a member, which one view only may describe."""
    described = [view for view in schema.views(certain=True) if name in view.node.get("properties", ())]
    if len(described) != 1 or not isinstance(described[0].node["properties"][name], Mapping):
        return None
    return shape_of(described[0].child("properties", name), fields, path, above)


def _array(
    schema: Subschema, keywords: list[tuple[str, Any]], fields: Mapping[str, Field], path: str, above: Above
) -> Shape | None:
    inside = schema.items()
    names = [keyword for keyword, _ in keywords]
    if inside is None or names.count("items") != 1:
        return None
    tests = _tests(keywords, _ARRAY_TESTS, {"type", "items"})
    item = shape_of(inside, fields, f"{path}/*", above)
    if tests is None or item is None or not (item.members or _is_text(item)):
        return None
    return Shape(pa.list_(item.type), tests=tests, items=item)


def _is_text(shape: Shape) -> bool:
    return shape.type == pa.string() and shape.kind is Kind.TEXT


# --- plain values ------------------------------------------------------------------------------------


def _plain(name: str, keywords: list[tuple[str, Any]], field: Field | None) -> Shape | None:
    known, kind = _PLAIN[name], _KINDS[name]
    if name == "string" and ("format", "date") in keywords:
        kind = Kind.DATE
    tests = _tests(keywords, _TEXT_TESTS if name == "string" else _NUMBER_TESTS, {"type"})
    if name == "boolean" and {keyword for keyword, _ in keywords} != {"type"}:
        return None
    if tests is None or field is None or (field.kind is not kind and not field.repeated):
        return None
    return Shape(known, kind, tests)


_PLAIN: Final[Mapping[str, pa.DataType]] = {
    "string": pa.string(),
    "number": _NUMBER,
    "integer": pa.int64(),
    "boolean": pa.bool_(),
}
_KINDS: Final[Mapping[str, Kind]] = {
    "string": Kind.TEXT,
    "number": Kind.DECIMAL,
    "integer": Kind.INTEGER,
    "boolean": Kind.BOOLEAN,
}


def _tests(
    keywords: list[tuple[str, Any]], known: Mapping[str, Callable[[Any], Test | None]], untested: set[str]
) -> tuple[Test, ...] | None:
    """Return a test for each keyword that is not ``untested``, or None where one has none."""
    tests = [
        known[keyword](value) if keyword in known else None
        for keyword, value in keywords
        if keyword not in untested
    ]
    return None if None in tests else tuple(tests)  # type: ignore[arg-type]  # none of them is None


def _one_of(values: Any) -> Test:
    allowed = pa.array([value for value in values if isinstance(value, str)], pa.string())
    return lambda array: _all(pc.is_in(array.unique().drop_null(), value_set=allowed))


def _matching(pattern: Any) -> Test | None:
    if not isinstance(pattern, str) or not _SAFE.fullmatch(pattern):
        return None
    return lambda array: _all(pc.match_substring_regex(array.unique(), pattern))


def _date(name: Any) -> Test | None:
    """Accept the one format that makes a kind of its own; the texts that are no days come to light later."""
    return (lambda _: True) if name == "date" else None


def _measured(
    measure: Callable[[pa.Array], pa.Array], fits: Callable[[Any, Any, Any], bool]
) -> Callable[[Any], Test | None]:
    """Return what makes a test of the least and the most that is measured, given a limit."""

    def test(limit: Any) -> Test | None:
        if type(limit) not in (int, Decimal) or long_numbers([limit]):
            return None

        def holds(array: pa.Array) -> bool:
            least, most = pc.min_max(measure(array)).as_py().values()
            return least is None or fits(least, most, limit)

        return holds

    return test


def _all(answers: pa.Array) -> bool:
    return bool(pc.all(answers, min_count=0).as_py())


_TEXT_TESTS: Final[Mapping[str, Callable[[Any], Test | None]]] = {
    "enum": _one_of,
    "const": lambda value: _one_of([value]),
    "pattern": _matching,
    "format": _date,
    "minLength": _measured(pc.utf8_length, lambda least, _, limit: bool(least >= limit)),
    "maxLength": _measured(pc.utf8_length, lambda _, most, limit: bool(most <= limit)),
}
_NUMBER_TESTS: Final[Mapping[str, Callable[[Any], Test | None]]] = {
    "minimum": _measured(lambda array: array, lambda least, _, limit: bool(least >= limit)),
    "maximum": _measured(lambda array: array, lambda _, most, limit: bool(most <= limit)),
    "exclusiveMinimum": _measured(lambda array: array, lambda least, _, limit: bool(least > limit)),
    "exclusiveMaximum": _measured(lambda array: array, lambda _, most, limit: bool(most < limit)),
}
_ARRAY_TESTS: Final[Mapping[str, Callable[[Any], Test | None]]] = {
    "minItems": _measured(pc.list_value_length, lambda least, _, limit: bool(least >= limit)),
    "maxItems": _measured(pc.list_value_length, lambda _, most, limit: bool(most <= limit)),
}

_SAFE: Final = re.compile(
    r"""\^?
    (?:
        (?: [A-Za-z0-9_\ /:@%;,-]                           # the character itself
          | \\\.                                            # a point
          | \[ (?: [A-Za-z0-9](?:-[A-Za-z0-9])? | _ )+ -? \]  # one of several
          | \( [A-Za-z0-9]+ (?: \| [A-Za-z0-9]+ )* \)       # one of several words
        )
        (?: [?+*] | \{ [0-9]{1,2} (?: ,(?:[0-9]{1,2})? )? \} )?
    )*
    \$?""",
    re.VERBOSE | re.ASCII,
)
"""Patterns that mean the same to every engine: RE2, ECMA-262 and Python's."""
