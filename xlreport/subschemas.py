"""Walk a JSON Schema: its subschemas by position, and what it says together with what it refers to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urldefrag, urljoin

from referencing import Resource, Specification

if TYPE_CHECKING:
    from referencing._core import Resolver
    from referencing.jsonschema import Schema as JsonSchema

__all__ = ["Subschema"]

_MAPS: Final = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies")
"""Keywords whose value is an object of schemas."""
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
"""Keywords whose value is an array of schemas."""
_SINGLES: Final = (
    *("items", "additionalItems", "contains", "unevaluatedItems", "additionalProperties", "propertyNames"),
    *("unevaluatedProperties", "not", "if", "then", "else", "contentSchema"),
)
"""Keywords whose value is a schema; ``items`` was a list of schemas before draft 2020-12."""
_NONE: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Subschema:
    """A schema inside a document, with what it takes to follow its references."""

    node: Mapping[str, Any]
    """The keywords; empty for the schemas true and false."""
    location: str
    """URI with a JSON pointer, or an empty string where only an anchor leads there."""
    resolver: "Resolver[JsonSchema]"
    specification: "Specification[JsonSchema]"

    def child(self, *steps: str | int) -> "Subschema":
        """Return the subschema that lies ``steps`` below, such as ``"properties", "id"``."""
        node: Any = self.node
        for step in steps:
            node = node[step]
        location = self.location and self.location + "".join(f"/{_escaped(step)}" for step in steps)
        resource = Resource.from_contents(node, default_specification=self.specification)
        own_id = resource.id()
        if own_id is not None and location:
            location = urljoin(urldefrag(location).url, own_id) + "#"
        return self._at(node, location, self.resolver.in_subresource(resource))

    def target(self) -> "Subschema | None":
        """Return the schema that ``$ref`` leads to, or None where there is no such keyword."""
        reference = self.node.get("$ref")
        if not isinstance(reference, str):
            return None
        found = self.resolver.lookup(reference)
        return self._at(found.contents, _located(self.location, reference), found.resolver)

    def _at(self, node: object, location: str, resolver: "Resolver[JsonSchema]") -> "Subschema":
        keywords = node if isinstance(node, Mapping) else _NONE
        return Subschema(keywords, location, resolver, self.specification)

    def children(self) -> Iterator["Subschema"]:
        """Iterate over the schemas directly below, in the order of the keywords above."""
        for keyword in _MAPS:
            yield from self._those(keyword, self.node.get(keyword))
        for keyword in _LISTS:
            schemas = self.node.get(keyword)
            if isinstance(schemas, list):
                yield from (self.child(keyword, position) for position in range(len(schemas)))
        for keyword in _SINGLES:
            if isinstance(self.node.get(keyword), Mapping):
                yield self.child(keyword)

    def _those(self, keyword: str, schemas: object) -> Iterator["Subschema"]:
        if isinstance(schemas, Mapping):
            for name, schema in schemas.items():
                if isinstance(schema, Mapping):
                    yield self.child(keyword, name)

    def everything(self) -> Iterator["Subschema"]:
        """Iterate over this schema and all below it; references are not followed."""
        yield self
        for child in self.children():
            yield from child.everything()

    def views(self, *, certain: bool = False) -> Iterator["Subschema"]:
        """Iterate over the schemas that describe the same value: this one, its ``$ref``, its ``allOf``.

        The branches of ``anyOf`` and ``oneOf`` follow unless only the ``certain`` ones are wanted.
        """
        yield from _views(self, certain=certain, seen=set())

    def text(self, keyword: str) -> str:
        """Return the first text that the views give for ``keyword``, or an empty string."""
        found = (view.node.get(keyword) for view in self.views())
        return next((text for text in found if isinstance(text, str)), "")

    def types(self) -> frozenset[str]:
        """Return the JSON types that the value can have, less null; empty where the schema does not say."""
        for view in self.views(certain=True):
            if "type" in view.node:
                return _type_names(view.node["type"])
        return frozenset().union(*(_type_names(view.node.get("type", ())) for view in self.views()))

    def properties(self) -> dict[str, "Subschema"]:
        """Return the properties of the object that the value can be, in order."""
        found: dict[str, Subschema] = {}
        for view in self.views():
            for name in view.node.get("properties", ()):
                if name not in found:
                    found[name] = view.child("properties", name)
        return found

    def member(self, name: str) -> "Subschema | None":
        """Return one of the `properties`, or None where the schema describes none of that name."""
        for view in self.views():
            if name in view.node.get("properties", ()):
                return view.child("properties", name)
        return None

    def required(self) -> frozenset[str]:
        """Return the names of the properties that the object must have."""
        lists = (view.node.get("required", ()) for view in self.views(certain=True))
        return frozenset(name for names in lists if isinstance(names, list) for name in names)

    def items(self) -> "Subschema | None":
        """Return the schema of the items, where the value can be an array and the schema describes them."""
        for view in self.views():
            if isinstance(view.node.get("items"), Mapping):
                return view.child("items")
        return None


def _views(schema: Subschema, *, certain: bool, seen: set[int]) -> Iterator[Subschema]:
    if id(schema.node) in seen:
        return
    seen.add(id(schema.node))
    yield schema
    target = schema.target()
    if target:
        yield from _views(target, certain=certain, seen=seen)
    for keyword in ("allOf",) if certain else ("allOf", "anyOf", "oneOf"):
        for position in range(len(schema.node.get(keyword, ()))):
            yield from _views(schema.child(keyword, position), certain=certain, seen=seen)


def _type_names(declared: object) -> frozenset[str]:
    names = [declared] if isinstance(declared, str) else declared
    return frozenset(names if isinstance(names, list) else ()) - {"null"}


def _escaped(step: str | int) -> str:
    return quote(str(step).replace("~", "~0").replace("/", "~1"), safe="~$-*")


def _located(location: str, reference: str) -> str:
    base = urldefrag(location).url
    target = base + reference if reference.startswith("#") else urljoin(base, reference)
    pointer = urldefrag(target).fragment
    if pointer and not pointer.startswith("/"):
        return ""
    return target if "#" in target else target + "#"
