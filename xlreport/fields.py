"""Turn the JSON Schema of a record into its fields: path, title and kind of every value it can hold."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from xlreport.subschemas import Subschema
from xlreport.tables import Field, Kind
from xlreport.text import unlinked

__all__ = [
    "confidential_of",
    "fields_of",
    "in_words",
    "owned_title",
    "table_of",
    "titles_of",
    "unique_titles",
]

_MOST_PARENTS: Final = 24
"""How many parents' titles may stand before a title."""
_KINDS: Final[Mapping[frozenset[str], Kind]] = {
    frozenset({"integer"}): Kind.INTEGER,
    frozenset({"number"}): Kind.DECIMAL,
    frozenset({"integer", "number"}): Kind.DECIMAL,
    frozenset({"boolean"}): Kind.BOOLEAN,
}
_FORMATS: Final[Mapping[str, Kind]] = {"date": Kind.DATE, "date-time": Kind.DATETIME}
_WALKED: Final = frozenset({"properties", "items", "allOf", "anyOf", "oneOf", "$defs", "definitions"})
"""Keywords whose schemas have paths, or are nobody's until they are referred to."""
_WORD: Final = re.compile(r"U+(?!l)|U?l+|d+")
"""A word in the shape of a name: capitals are U, other letters l, digits d."""


def fields_of(record: Subschema) -> dict[str, Field]:
    """Return the fields by path, in the order of the schema, with titles unique within each table."""
    fields = {field.path: field for field in _fields(record)}
    titles = titles_of(record)
    by_table: dict[str, list[str]] = {}
    for path in fields:
        by_table.setdefault(table_of(path), []).append(path)
    unique = {}
    for paths in by_table.values():
        unique.update(unique_titles(paths, titles))
    return {
        path: replace(field, title=unique[path], titles=_titles_along(path, titles))
        for path, field in fields.items()
    }


def _titles_along(path: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    steps = path.split("/")
    along = ("/".join(steps[:length]) for length in range(1, len(steps) + 1))
    return tuple(titles.get(above) or in_words(above) for above in along)


def titles_of(record: Subschema) -> dict[str, str]:
    """Return the title of every path, of objects and arrays too; the path in words where there is none."""
    titles: dict[str, str] = {}
    for visit in _visits(record, "", frozenset(), required=True):
        titles.setdefault(visit.path, visit.schema.text("title") or in_words(visit.path))
    return titles


def confidential_of(record: Subschema) -> frozenset[str]:
    """Return the paths of the values that ``x-confidential`` stands beside; what lies below them is too.

    Where it stands at a place that has no path of its own, such as a pattern of names or the branch of an
    ``if``, the value around it counts.
    """
    visits = _visits(record, "", frozenset(), required=True)
    paths = {visit.path for visit in visits if _is_confidential(visit.schema)}
    return frozenset({*paths, ""} if _is_confidential(record) else paths)


def _is_confidential(schema: Subschema) -> bool:
    return any(view.node.get("x-confidential") is True or _hides(view) for view in schema.views())


def _hides(view: Subschema) -> bool:
    """Tell whether a schema that has no path of its own, somewhere inside this one, is confidential."""
    return any(
        inside.node.get("x-confidential") is True
        for child in view.children()
        if (keyword := child.location.removeprefix(view.location).lstrip("/").partition("/")[0])
        and keyword not in _WALKED
        for inside in child.everything()
    )


def in_words(path: str) -> str:
    """Return the last part of a path in words: ``value/signedDate`` -> ``Signed date``."""
    name = [part for part in path.split("/") if part != "*"][-1:]
    words = _words(name[0]) if name else []
    lowered = [word if word.isupper() and len(word) > 1 else word.lower() for word in words]
    text = " ".join(lowered) or path
    return text[:1].upper() + text[1:]


def _words(name: str) -> list[str]:
    shape = "".join(map(_shape, name))
    return [name[found.start() : found.end()] for found in _WORD.finditer(shape)]


def _shape(character: str) -> str:
    if character.isupper():
        return "U"
    return "l" if character.isalpha() else "d" if character.isdigit() else " "


def table_of(path: str) -> str:
    """Return the path of the array whose table holds the value: ``milestones/*/dueDate`` -> ``milestones``.

    Values that a record holds once, and arrays of plain values, are in the record's own table: ``""``.
    """
    head, star, _ = path.removesuffix("/*").rpartition("/*/")
    return head if star else ""


def unique_titles(paths: Iterable[str], titles: Mapping[str, str]) -> dict[str, str]:
    """Return a title for each of the ``paths`` of one table; those alike have their parents' before them.

    Two titles that differ in nothing but case are alike, because Excel's tables hold them to be.
    """
    wanted = {path: titles.get(_heading_path(path), in_words(path)) for path in paths}
    for above in range(1, _MOST_PARENTS):
        for path in _repeated(wanted):
            parent = _parent(path, above)
            if parent:
                wanted[path] = owned_title(titles.get(parent, in_words(parent)), wanted[path])
    alike = _repeated(wanted)
    return {path: f"{title} ({path})" if path in alike else title for path, title in wanted.items()}


def _heading_path(path: str) -> str:
    return path.removesuffix("/*")


def _parent(path: str, above: int) -> str:
    """Return the path ``above`` levels up, or an empty string where that is the row itself."""
    table = table_of(path)
    row = table.count("/") + 2 if table else 0
    steps = _heading_path(path).split("/")
    return "/".join(steps[:-above]) if len(steps) - above > row else ""


def _repeated(titles: Mapping[str, str]) -> frozenset[str]:
    counts = Counter(title.casefold() for title in titles.values())
    return frozenset(path for path, title in titles.items() if counts[title.casefold()] > 1)


def owned_title(parent: str, title: str) -> str:
    """Return a title with what it belongs to before it: ``Value before amount``."""
    rest = title if title[1:2].isupper() else title[:1].lower() + title[1:]
    return f"{parent} {rest}"


@dataclass(frozen=True, slots=True)
class _Visit:
    path: str
    schema: Subschema
    required: bool
    """Whether every row of the table must have a value here."""
    description: str


def _visits(schema: Subschema, path: str, above: frozenset[int], *, required: bool) -> Iterator[_Visit]:
    """Iterate over every path below ``path``, parents first; a schema inside itself is not entered again."""
    views = frozenset(id(view.node) for view in schema.views() if view.node)
    if views & above:
        return
    must = schema.required() if required else frozenset()
    for name, child in schema.properties().items():
        child_path = f"{path}/{name}" if path else name
        yield _Visit(child_path, child, name in must, child.text("description"))
        yield from _visits(child, child_path, above | views, required=name in must)
    items = schema.items()
    if items and path:
        description = schema.text("description") or items.text("description")
        yield _Visit(f"{path}/*", items, required=False, description=description)
        yield from _visits(items, f"{path}/*", above | views, required=True)


def _fields(record: Subschema) -> Iterator[Field]:
    for visit in _visits(record, "", frozenset(), required=True):
        types, item = visit.schema.types(), visit.path.endswith("/*")
        if visit.schema.properties() or types == {"object"} or (visit.schema.items() and not item):
            continue
        path = f"{visit.path}/*" if types == {"array"} and not item else visit.path
        values = _values(visit.schema)
        yield Field(
            path, "", _kind(visit.schema, values), unlinked(visit.description), visit.required, values
        )


def _kind(schema: Subschema, values: tuple[Any, ...]) -> Kind:
    types = schema.types() or frozenset(map(_type_name, values))
    if types == {"string"}:
        return _FORMATS.get(schema.text("format"), Kind.TEXT)
    return _KINDS.get(types, Kind.TEXT)


def _type_name(value: object) -> str:
    return {bool: "boolean", int: "integer", Decimal: "number"}.get(type(value), "string")


def _values(schema: Subschema) -> tuple[Any, ...]:
    for view in schema.views(certain=True):
        if isinstance(view.node.get("enum"), list):
            return tuple(value for value in view.node["enum"] if value is not None)
        if "const" in view.node:
            return (view.node["const"],)
    return ()
