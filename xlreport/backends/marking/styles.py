"""The stylesheet of a workbook: formats are appended to its lists, and taken off again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlreport.backends.marking.surgery import (
    Edit,
    Element,
    attribute,
    counted,
    edited,
    parsed,
    prefixed,
    tag_name,
)

__all__ = ["EMPTY", "LISTS", "MISSING", "Stylesheet", "cut"]

LISTS: Final = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
"""The lists that grow, in the order of the schema."""
MISSING: Final = -1
"""The length of a list that is not there."""
EMPTY: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""For a workbook without formats."""

_NO_FORMAT: Final = b'numFmtId="0" fontId="0" fillId="0" borderId="0"'
_USUAL: Final[Mapping[str, tuple[bytes, ...]]] = {
    "numFmts": (),
    "fonts": (b'<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',),
    "fills": (
        b'<fill><patternFill patternType="none"/></fill>',
        b'<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": (b"<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellStyleXfs": (b"<xf " + _NO_FORMAT + b"/>",),
    "cellXfs": (b"<xf " + _NO_FORMAT + b' xfId="0"/>',),
}
"""What stands in a list that is not there."""
_FIRST_OWN_NUMBER_FORMAT: Final = 164


@dataclass(slots=True)
class _List:
    element: Element | None
    items: list[bytes]
    old: int

    def is_new(self) -> bool:
        return self.element is None


class Stylesheet:
    """The lists of a stylesheet, which only grow."""

    def __init__(self, content: bytes, part: str) -> None:
        """Read the stylesheet ``content`` of the part of that name."""
        self._content = content
        self._root = parsed(content, part, depth=2)
        self._lists = {name: self._list(name) for name in LISTS}

    def _list(self, name: str) -> _List:
        element = self._root.child(name)
        if element is None:
            return _List(None, [self._spelled(item) for item in _USUAL[name]], MISSING)
        items = [each.bytes_in(self._content) for each in element.children]
        return _List(element, items, len(items))

    def _spelled(self, item: bytes) -> bytes:
        return prefixed(item, self._root.tag_in(self._content))

    def items(self, name: str) -> list[bytes]:
        """Return the items of a list; they are not to be changed."""
        return self._lists[name].items

    def add(self, name: str, item: bytes) -> int:
        """Append an item, spelled without prefixes, and return its number."""
        return self.append(name, self._spelled(item))

    def append(self, name: str, item: bytes) -> int:
        """Append an item as it is spelled here, and return its number."""
        items = self._lists[name].items
        items.append(item)
        return len(items) - 1

    def next_number_format(self) -> int:
        """Return a number that no number format of the workbook has."""
        taken = [int(attribute(item, b"numFmtId") or 0) for item in self.items("numFmts")]
        return max([_FIRST_OWN_NUMBER_FORMAT - 1, *taken]) + 1

    def lengths(self) -> dict[str, int]:
        """Return how long the lists were, for `cut`."""
        return {name: each.old for name, each in self._lists.items()}

    def content(self) -> bytes:
        """Return the stylesheet with what was appended."""
        grown = [name for name in LISTS if len(self.items(name)) > max(self._lists[name].old, 0)]
        if all(self._lists[name].is_new() and self._is_usual(name) for name in grown):
            return self._content
        return edited(self._content, [edit for name in grown for edit in self._edits(name)])

    def _is_usual(self, name: str) -> bool:
        return len(self.items(name)) == len(_USUAL[name])

    def _edits(self, name: str) -> list[Edit]:
        each = self._lists[name]
        if each.element is None:
            return [self._new_list(name)]
        added = b"".join(each.items[each.old :])
        tag = each.element.tag_in(self._content)
        new_tag = counted(tag, len(each.items) - each.old)
        if each.element.is_empty_tag():
            end = b"</" + tag_name(tag) + b">"
            return [(each.element.start, each.element.stop, new_tag[:-2] + b" >" + added + end)]
        return [
            (each.element.start, each.element.opened, new_tag),
            (each.element.closing, each.element.closing, added),
        ]

    def _new_list(self, name: str) -> Edit:
        items = self.items(name)
        tag = self._spelled(b'<%b count="%d">' % (name.encode(), len(items)))
        before = [each.stop for each in self._root.children if each.name in LISTS[: LISTS.index(name)]]
        place = max(before, default=self._root.opened)
        return place, place, tag + b"".join(items) + b"</" + tag_name(tag) + b">"


def cut(content: bytes, part: str, lengths: Mapping[str, int]) -> bytes:
    """Return a stylesheet as it was when its lists had these lengths."""
    root = parsed(content, part, depth=2)
    elements = [(element, lengths.get(element.name)) for element in root.children]
    return edited(
        content,
        [
            edit
            for element, length in elements
            if length is not None and length < len(element.children)
            for edit in _shortened(content, element, length)
        ],
    )


def _shortened(content: bytes, element: Element, length: int) -> list[Edit]:
    if length == MISSING:
        return [(element.start, element.stop, b"")]
    tag = counted(element.tag_in(content), length - len(element.children))
    if length == 0 and tag.endswith(b" >"):
        return [(element.start, element.stop, tag[:-2] + b"/>")]
    first = element.children[length].start
    return [(element.start, element.opened, tag), (first, element.closing, b"")]
