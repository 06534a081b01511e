"""Values that break every keyword of JSON Schema, draft by draft: what the sentences are tried on."""

from collections.abc import Iterator
from typing import Any, NamedTuple

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"

TEXTS = ("", "x", "1,5", "1,250 USD", "31.12.2017", "N/A", "СС-1", "[red]", "a" * 90, "\u202e\u2028")  # noqa: RUF001
NUMBERS = (0, -1, 43100, 10**30)
FORMATS = (
    *("date", "date-time", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4"),
    *("ipv6", "uri", "uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer"),
    *("relative-json-pointer", "regex"),
)
PATTERNS = ("^[A-Z]{3}$", "^[A-Z]{2}-[0-9]{4}$", "^(a|b|c)$", "^(?!x)y.*$", "^[0-9]+[A-Za-z0-9]{2,5}$", "z$")


class Case(NamedTuple):
    """A schema, called Size, that a value of the field ``a`` breaks."""

    schema: dict[str, Any]
    value: Any
    draft: str = DRAFT_2020


def cases() -> Iterator[Case]:
    """Yield cases for each keyword of each draft, with many values."""
    for draft in (DRAFT_4, DRAFT_7, DRAFT_2019, DRAFT_2020):
        yield from _types(draft)
        yield from _texts(draft)
        yield from _sizes(draft)
        yield from _branches(draft)
    yield from _numbers()
    yield from _old()
    yield from _conditions()
    yield from _new()


def _types(draft: str) -> Iterator[Case]:
    for kind in ("string", "number", "integer", "boolean", "array", "object", "null"):
        for value in (*TEXTS, *NUMBERS, True, None, [], {}, [1], {"b": 1}):
            yield Case({"type": kind}, value, draft)
    yield Case({"type": ["object", "null"], "properties": {"start": {}, "end": {}}}, "2017", draft)
    yield Case({"type": ["number", "array"]}, "x", draft)


def _texts(draft: str) -> Iterator[Case]:
    for value in TEXTS:
        yield from (Case({"format": name}, value, draft) for name in FORMATS)
        yield from (Case({"pattern": pattern}, value, draft) for pattern in PATTERNS)
        yield Case({"pattern": PATTERNS[3], "description": "A word that begins with y."}, value, draft)
        yield Case({"enum": ["active", "CC-1", None, 3]}, value, draft)
        yield Case({"enum": [f"value{number}" for number in range(50)]}, value, draft)


def _sizes(draft: str) -> Iterator[Case]:
    yield Case({"minLength": 3}, "ab", draft)
    yield Case({"maxLength": 1}, "ab", draft)
    yield Case({"minItems": 1}, [], draft)
    yield Case({"maxItems": 1}, [1, 2], draft)
    yield Case({"uniqueItems": True}, ["a", 1, "a"], draft)
    yield Case({"uniqueItems": True}, [{"b": [1, True]}, {"b": [1, True]}], draft)
    yield Case({"minProperties": 2}, {"x": 1}, draft)
    yield Case({"maxProperties": 1}, {"x": 1, "y": 2}, draft)
    yield Case({"required": ["netWeight"]}, {}, draft)
    yield Case({"properties": {"amount": {}}, "additionalProperties": False}, {"amuont": 1, "zz": 2}, draft)
    yield Case({"additionalProperties": {"type": "integer"}}, {"b": "x"}, draft)
    yield Case({"patternProperties": {"^x": {"type": "integer"}}}, {"xy": "x"}, draft)
    yield Case({"items": {"type": "integer"}}, [1, "x"], draft)
    yield Case({"not": {"enum": ["x"]}}, "x", draft)
    yield Case({"not": {"required": ["b"]}}, {"b": 1}, draft)
    yield Case({"not": {"required": ["b", "c"]}}, {"b": 1, "c": 1}, draft)
    yield Case({"not": {"type": "string"}}, "x", draft)
    yield Case({"not": {"minLength": 1, "maxLength": 3}}, "x", draft)
    yield Case({"allOf": [{"minLength": 2}, {"pattern": "^b"}]}, "x", draft)


def _branches(draft: str) -> Iterator[Case]:
    person = {"title": "person", "required": ["name", "born"]}
    company = {"title": "company", "required": ["seat"], "properties": {"seat": {"type": "integer"}}}
    for keyword in ("anyOf", "oneOf"):
        yield Case({keyword: [person, company]}, {}, draft)
        yield Case({keyword: [person, company]}, {"seat": "x", "born": 1}, draft)
        yield Case({keyword: [{"type": "integer"}, {"minLength": 2}]}, "x", draft)
        yield Case({keyword: [{"type": "integer"}, {"type": "array"}]}, "x", draft)
        kinds = [
            {"properties": {"kind": {"enum": [kind]}}, "required": ["kind"]} for kind in ("ship", "plane")
        ]
        yield Case({keyword: kinds}, {"kind": "shp"}, draft)
        yield Case({keyword: kinds}, {}, draft)
    yield Case({"oneOf": [{"minLength": 1}, {"maxLength": 9}]}, "x", draft)


def _numbers() -> Iterator[Case]:
    for draft in (DRAFT_7, DRAFT_2019, DRAFT_2020):
        yield Case({"exclusiveMinimum": 3}, 3, draft)
        yield Case({"exclusiveMaximum": 3}, 3, draft)
        yield Case({"const": "red"}, "rot", draft)
        yield Case({"const": {"a": 1}}, {"a": 2}, draft)
        yield Case({"contains": {"const": "red"}}, ["rot"], draft)
        yield Case({"contains": {"minimum": 3, "maximum": 9}}, [1], draft)
        yield Case({"propertyNames": {"pattern": "^[a-z]+$"}}, {"B": 1}, draft)
        yield Case({"properties": {"b": False}}, {"b": 1}, draft)
    for draft in (DRAFT_4, DRAFT_7, DRAFT_2020):
        yield Case({"minimum": 3}, 2, draft)
        yield Case({"maximum": 3}, 4, draft)
        yield from (Case({"multipleOf": step}, 2.51, draft) for step in (2, 1, 0.1))


def _old() -> Iterator[Case]:
    yield Case({"minimum": 3, "exclusiveMinimum": True}, 3, DRAFT_4)
    yield Case({"maximum": 3, "exclusiveMaximum": True}, 3, DRAFT_4)
    for draft in (DRAFT_4, DRAFT_7):
        yield Case({"dependencies": {"b": ["c"], "d": {"required": ["e"]}}}, {"b": 1, "d": 1}, draft)
        yield Case({"items": [{"type": "integer"}], "additionalItems": False}, [1, 2], draft)
    yield Case({"contentEncoding": "base64"}, "%", DRAFT_7)
    yield Case({"contentMediaType": "application/json"}, "{", DRAFT_7)


def _conditions() -> Iterator[Case]:
    closed = {"properties": {"status": {"const": "closed"}}, "required": ["status"]}
    for draft in (DRAFT_7, DRAFT_2019, DRAFT_2020):
        then = {"if": closed, "then": {"required": ["closedOn"]}, "else": {"required": ["due"]}}
        yield Case(then, {"status": "closed"}, draft)
        yield Case(then, {"status": "open"}, draft)


def _new() -> Iterator[Case]:
    for draft in (DRAFT_2019, DRAFT_2020):
        yield Case({"dependentRequired": {"b": ["c"]}}, {"b": 1}, draft)
        yield Case({"dependentSchemas": {"b": {"required": ["c"]}}}, {"b": 1}, draft)
        yield Case({"contains": {"const": 1}, "minContains": 2}, [1], draft)
        yield Case({"contains": {"const": 1}, "maxContains": 1}, [1, 1], draft)
        yield Case({"contains": {"minimum": 1}, "maxContains": 1}, [1, 2], draft)
        yield Case({"properties": {"b": True}, "unevaluatedProperties": False}, {"c": 1}, draft)
    yield Case({"prefixItems": [{"type": "integer"}], "items": False}, [1, 2])
    yield Case({"prefixItems": [{"type": "integer"}, True]}, ["x", 2])
    yield Case({"prefixItems": [{"type": "integer"}], "unevaluatedItems": False}, [1, 2])
