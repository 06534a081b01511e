"""Find elements in the bytes of an XML part, and change those bytes only where they have to change.

A part is never parsed and written again: what is not touched stays as its writer spelled it. An element
that was empty (``<row/>``) and gets children keeps a blank in its start tag (``<row >``), by which it is
known when the children go again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from xlreport.backends.xlsx.strings import escaped
from xlreport.errors import UsageError

__all__ = [
    "Edit",
    "Element",
    "attribute",
    "counted",
    "edited",
    "filled_with",
    "parsed",
    "prefixed",
    "quoted",
    "tag_name",
    "text_of",
    "with_attribute",
]

Edit = tuple[int, int, bytes]
"""First and last offset of bytes that are replaced, and what comes in their place."""

_TAG: Final = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
_NAME: Final = re.compile(rb"</?([^\s/>]+)")
_ELEMENT_NAME: Final = re.compile(rb"(</?)(?=[A-Za-z])")
_COUNT: Final = re.compile(rb"""(\scount\s*=\s*["'])(\d+)""")


@dataclass(slots=True)
class Element:
    """Where an element lies in a part."""

    name: str
    """Without its prefix."""
    attributes: dict[str, str]
    start: int
    opened: int
    """Behind its start tag."""
    closing: int = 0
    """Before its end tag; the same as ``stop`` where the element is empty (``<row/>``)."""
    stop: int = 0
    children: "list[Element]" = field(default_factory=list)

    def child(self, name: str) -> "Element | None":
        """Return the first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def every(self, name: str) -> "list[Element]":
        """Return the children of that name."""
        return [child for child in self.children if child.name == name]

    def bytes_in(self, content: bytes) -> bytes:
        """Return the whole element."""
        return content[self.start : self.stop]

    def tag_in(self, content: bytes) -> bytes:
        """Return its start tag."""
        return content[self.start : self.opened]

    def is_empty_tag(self) -> bool:
        """Tell whether the element has no end tag."""
        return self.closing == self.stop


def parsed(content: bytes, part: str, *, depth: int) -> Element:
    """Return the root of a part with its descendants down to ``depth`` levels below it.

    UsageError where the part is no sound XML in UTF-8, or declares entities of its own.
    """
    reader = _Reader(content, depth)
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: reader.begin(parser, name, attributes)
    parser.EndElementHandler = lambda _name: reader.end(parser)
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.XmlDeclHandler = _refuse_encodings
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(_cannot_change(part))
    try:
        parser.Parse(content, True)  # noqa: FBT003  # the parser takes it by position only
    except (expat.ExpatError, _UnusualError) as error:
        raise UsageError(_cannot_change(part)) from error
    return reader.root


def _cannot_change(part: str) -> str:
    return f"The part {part} of the workbook cannot be changed; open it in Excel and save it again."


class _UnusualError(Exception):
    """XML that no spreadsheet program writes."""


def _refuse_entities(*_declared: object) -> None:
    raise _UnusualError


def _refuse_encodings(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.casefold() not in ("utf-8", "us-ascii"):
        raise _UnusualError


class _Reader:
    """Builds elements from what the parser meets."""

    def __init__(self, content: bytes, depth: int) -> None:
        self.root = Element("", {}, 0, 0)
        self._content, self._depth = content, depth
        self._open: list[Element | None] = []

    def begin(self, parser: expat.XMLParserType, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > self._depth:
            self._open.append(None)
            return
        start = parser.CurrentByteIndex
        tag = _TAG.match(self._content, start)
        element = Element(name.rpartition(":")[2], attributes, start, tag.end() if tag else start)
        parent = self._open[-1] if self._open else None
        if parent is None:
            self.root = element
        else:
            parent.children.append(element)
        self._open.append(element)

    def end(self, parser: expat.XMLParserType) -> None:
        element = self._open.pop()
        if element is None:
            return
        element.closing = element.stop = parser.CurrentByteIndex
        if self._content[element.opened - 2 : element.opened] != b"/>":
            element.stop = self._content.index(b">", element.closing) + 1


def edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the part with all edits made; they do not overlap."""
    pieces, at = [], 0
    for start, stop, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [content[at:start], new]
        at = stop
    return b"".join([*pieces, content[at:]])


def tag_name(tag: bytes) -> bytes:
    """Return the name in a tag, with its prefix."""
    found = _NAME.match(tag)
    return found[1] if found else b""


def prefixed(markup: bytes, like: bytes) -> bytes:
    """Return our markup, whose elements have no prefix, with the prefix of the tag ``like``."""
    prefix, colon, _ = tag_name(like).rpartition(b":")
    return _ELEMENT_NAME.sub(rb"\g<1>" + prefix + colon, markup) if colon else markup


def filled_with(content: bytes, element: Element, markup: bytes, *, more: int = 0) -> list[Edit]:
    """Return the edits that put ``markup`` at the end of an element and raise its count by ``more``."""
    tag = element.tag_in(content)
    new_tag = counted(tag, more)
    if element.is_empty_tag():
        end = b"</" + tag_name(tag) + b">"
        return [(element.start, element.stop, new_tag[:-2] + b" >" + markup + end)]
    edits = [(element.closing, element.closing, markup)]
    return [(element.start, element.opened, new_tag), *edits] if new_tag != tag else edits


def counted(tag: bytes, more: int) -> bytes:
    """Return a start tag whose ``count``, if it has one, is so much larger."""
    return _COUNT.sub(lambda found: found[1] + str(int(found[2]) + more).encode(), tag, count=1)


def attribute(tag: bytes, name: bytes) -> bytes | None:
    """Return the value of an attribute in a start tag, as it is spelled."""
    found = re.search(rb"""\s""" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return (found[1] if found[1] is not None else found[2]) if found else None


def with_attribute(tag: bytes, name: bytes, value: bytes) -> bytes:
    """Return a start tag with the attribute set, in its place or at the end."""
    pattern = re.compile(rb"""(\s""" + name + rb"""\s*=\s*)(["']).*?\2""")
    new, found = pattern.subn(lambda match: match[1] + match[2] + value + match[2], tag, count=1)
    if found:
        return new
    end = 2 if tag.endswith(b"/>") else 1
    return tag[:-end] + b" " + name + b'="' + value + b'"' + tag[-end:]


def quoted(value: str) -> bytes:
    """Return the value of an attribute, ready to stand in double quotes."""
    return escape(value, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}).encode()


def text_of(text: str) -> bytes:
    """Return text as the content of an element."""
    return escaped(text).encode()
