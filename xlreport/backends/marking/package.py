"""One workbook's package being patched: parts, content types and relations.

Only what is changed is held here; everything else stays in the file and is copied from there.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Self

from xlreport.backends.marking.archive import Entry, Packed, entries_of, write_entries
from xlreport.backends.marking.surgery import (
    Edit,
    Element,
    edited,
    filled_with,
    parsed,
    prefixed,
    quoted,
)
from xlreport.errors import UsageError

__all__ = ["DAMAGE", "Package", "Relation"]

DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError)
"""What a damaged archive may raise."""

_TYPES: Final = "[Content_Types].xml"
_CHUNK: Final = 1 << 20
_TRANSITIONAL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_NO_RELATIONS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a part to another one."""

    id: str
    kind: str
    """The last word of its type: ``worksheet``, ``comments``, ``vmlDrawing``."""
    target: str
    """Name of the part, or an address outside of the package."""
    type: str


class Package:
    """The parts of a workbook by name, as they are in the file or as they have been changed."""

    def __init__(self, path: Path) -> None:
        """Open the package at ``path``; UsageError where it is none."""
        self.name = str(path)
        try:
            self._archive = zipfile.ZipFile(path)
        except DAMAGE as error:
            raise UsageError(_unsound(self.name, error)) from error
        try:
            self._entries: list[Entry] = entries_of(self._archive, self.name)
        except BaseException as error:
            self._archive.close()
            if isinstance(error, (*DAMAGE, struct.error)):
                raise UsageError(_unsound(self.name, error)) from error
            raise
        self._stored = {entry.name for entry in self._entries}
        self._spelled = {entry.name.casefold(): entry.name for entry in self._entries}
        self._changed: dict[str, bytes | Packed | None] = {}
        """What parts are to hold; None takes one out."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Let go of the file, and of what was changed."""
        for name in list(self._changed):
            self._set(name, None)
        self._archive.close()

    # --- parts

    def __contains__(self, part: object) -> bool:
        """Tell whether there is a part of that name."""
        return str(part).casefold() in self._spelled

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of all parts."""
        return iter(list(self._spelled.values()))

    def _spelling(self, part: str) -> str:
        return self._spelled.get(part.casefold(), part)

    def read(self, part: str) -> bytes:
        """Return the content of a part; UsageError where it is missing or damaged."""
        name = self._spelling(part)
        changed = self._changed.get(name)
        if isinstance(changed, bytes):
            return changed
        try:
            return self._archive.read(name)
        except DAMAGE as error:
            message = f"{self.name}: the part {part} cannot be read; open the workbook in Excel and save it."
            raise UsageError(message) from error

    def pieces(self, part: str) -> Iterator[bytes]:
        """Iterate over the content of a part that has not been changed, megabyte by megabyte."""
        try:
            with self._archive.open(self._spelling(part)) as file:
                while piece := file.read(_CHUNK):
                    yield piece
        except DAMAGE as error:
            message = f"{self.name}: the part {part} cannot be read; open the workbook in Excel and save it."
            raise UsageError(message) from error

    def put(self, part: str, content: bytes | Packed) -> None:
        """Change the content of a part, or add it without a content type."""
        name = self._spelling(part)
        self._spelled[name.casefold()] = name
        self._set(name, content)
        if isinstance(content, bytes) and name in self._stored and self._archive.read(name) == content:
            del self._changed[name]

    def _set(self, name: str, content: bytes | Packed | None) -> None:
        before = self._changed.get(name)
        if isinstance(before, Packed):
            before.file.close()
        self._changed[name] = content

    def add(self, part: str, content_type: str, content: bytes) -> None:
        """Add a part with its content type."""
        self.put(part, content)
        types = self.read(_TYPES)
        root = parsed(types, _TYPES, depth=1)
        override = b'<Override PartName="/%b" ContentType="%b"/>' % (quoted(part), content_type.encode())
        markup = prefixed(override, root.tag_in(types))
        self.put(_TYPES, edited(types, filled_with(types, root, markup)))

    def drop(self, part: str) -> None:
        """Take a part out, with its content type and the part of its own relations."""
        for name in (part, _relations_part(part)):
            if name in self:
                self._forget(name)
        types = self.read(_TYPES)
        root = parsed(types, _TYPES, depth=1)
        edits: list[Edit] = [
            (element.start, element.stop, b"")
            for element in root.children
            if element.attributes.get("PartName", "").lstrip("/").casefold() == part.casefold()
        ]
        self.put(_TYPES, edited(types, edits))

    def _forget(self, part: str) -> None:
        name = self._spelling(part)
        self._set(name, None)
        del self._spelled[name.casefold()]

    def free(self, pattern: str) -> str:
        """Return the first name of the pattern (``xl/comments{}.xml``) that no part bears."""
        number = 1
        while pattern.format(number).casefold() in self._spelled:
            number += 1
        return pattern.format(number)

    def content_type(self, part: str) -> str:
        """Return the content type of a part, or an empty string."""
        types = parsed(self.read(_TYPES), _TYPES, depth=1)
        ending = part.rpartition(".")[2].casefold()
        found = ""
        for element in types.children:
            if element.attributes.get("PartName", "").lstrip("/").casefold() == part.casefold():
                return element.attributes.get("ContentType", "")
            if element.attributes.get("Extension", "").casefold() == ending:
                found = element.attributes.get("ContentType", "")
        return found

    # --- relations

    def relations(self, part: str) -> list[Relation]:
        """Return the relations of a part; ``""`` stands for the package itself."""
        name = _relations_part(part)
        if name not in self:
            return []
        folder = part.rpartition("/")[0]
        return [_relation(element, folder) for element in parsed(self.read(name), name, depth=1).children]

    def related(self, part: str, kind: str) -> Relation | None:
        """Return the first relation of that kind."""
        return next((each for each in self.relations(part) if each.kind == kind), None)

    def relate(self, part: str, kind: str, target: str, *, strict: bool) -> str:
        """Relate a part to another one and return the id of the relation."""
        name = _relations_part(part)
        content = self.read(name) if name in self else _NO_RELATIONS
        taken = {each.id for each in self.relations(part)}
        number = 1
        while f"rId{number}" in taken:
            number += 1
        address = f"{_STRICT if strict else _TRANSITIONAL}/{kind}"
        markup = f'<Relationship Id="rId{number}" Type="{address}" Target="/{target}"/>'.encode()
        root = parsed(content, name, depth=1)
        markup = prefixed(markup, root.tag_in(content))
        self.put(name, edited(content, filled_with(content, root, markup)))
        return f"rId{number}"

    def unrelate(self, part: str, relation: str) -> None:
        """Take out a relation; the part of the relations goes with the last one."""
        name = _relations_part(part)
        content = self.read(name)
        root = parsed(content, name, depth=1)
        left = [element for element in root.children if element.attributes.get("Id") != relation]
        if not left and part:
            self._forget(name)
            return
        self.put(
            name,
            edited(content, [(each.start, each.stop, b"") for each in root.children if each not in left]),
        )

    # --- the whole

    def is_changed(self) -> bool:
        """Tell whether any part is another one than in the file."""
        return bool(self._changed)

    def save(self, target: IO[bytes]) -> None:
        """Write the package."""
        source = self._archive.fp
        if source is not None:
            write_entries(source, self._entries, self._changed, target, self._archive.comment)


def _unsound(name: str, error: BaseException) -> str:
    return f"{name} is not a sound package: {error}; open it in Excel and save it again."


def _relations_part(part: str) -> str:
    folder, slash, name = part.rpartition("/")
    return f"{folder}{slash}_rels/{name}.rels"


_OUTSIDE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def _relation(element: Element, folder: str) -> Relation:
    target = element.attributes.get("Target", "")
    if element.attributes.get("TargetMode") != "External" and not _OUTSIDE.match(target):
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    address = element.attributes.get("Type", "")
    return Relation(element.attributes.get("Id", ""), address.rpartition("/")[2], target, address)
