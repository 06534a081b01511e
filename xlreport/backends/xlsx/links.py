"""Hang new parts into a package: their content types, and the relations that lead to them."""

from typing import Final

__all__ = ["OFFICE", "add_part", "add_relation", "append", "relations_of"]

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""Where the names of most kinds of relation begin, and the namespace of the attribute ``r:id``."""

_TYPES: Final = "[Content_Types].xml"
_NO_RELATIONS: Final = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


def add_part(parts: dict[str, str], name: str, content_type: str, content: str) -> None:
    """Add the part ``name`` with its content type."""
    parts[name] = content
    override = f'<Override ContentType="{content_type}" PartName="/{name}"></Override>'
    append(parts, _TYPES, "</Types>", override)


def add_relation(parts: dict[str, str], source: str, kind: str, target: str) -> str:
    """Relate the part ``source`` to the part ``target`` and return the relation's id.

    ``kind`` is the last word of a relation of the `OFFICE`, or a whole address.
    """
    name = relations_of(source)
    content = parts.setdefault(name, _NO_RELATIONS)
    number = f"rId{content.count('<Relationship ') + 1}"
    address = kind if "/" in kind else f"{OFFICE}/{kind}"
    relation = f'<Relationship Id="{number}" Target="/{target}" Type="{address}"></Relationship>'
    append(parts, name, "</Relationships>", relation)
    return number


def relations_of(part: str) -> str:
    """Return the name of the part with the relations of ``part``."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def append(parts: dict[str, str], name: str, end: str, element: str) -> None:
    """Put ``element`` before the ``end`` of the part ``name``."""
    parts[name] = parts[name].removesuffix(end) + element + end
