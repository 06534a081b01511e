"""The part of the workbook: its sheets and its names.

What has to be known to take marks away again is kept in hidden names beginning with ``_xlreport``: programs
that save the file keep names, whatever else they number anew.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlreport.backends.marking.package import Package
from xlreport.backends.marking.surgery import (
    Edit,
    Element,
    edited,
    filled_with,
    parsed,
    prefixed,
    quoted,
    text_of,
    with_attribute,
)
from xlreport.cells import quoted_sheet
from xlreport.errors import UsageError
from xlreport.marks import ISSUES, OURS

__all__ = ["Book", "Sheet", "text_formula"]

_BEFORE_NAMES: Final = ("sheets", "functionGroups", "externalReferences")
_RELATIONS: Final = (
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_NAMESPACES: Final = (
    (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    _RELATIONS,
)
"""As usual, and in strict packages."""
_LITERAL: Final = re.compile(r'"((?:[^"]|"")*)"')
_PIECE: Final = 240
"""Characters of a text in a formula; Excel takes 255."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet."""

    name: str
    part: str


class Book:
    """The workbook part of a package."""

    def __init__(self, package: Package) -> None:
        """Find the workbook; UsageError where the package has none."""
        self._package = package
        relation = package.related("", "officeDocument")
        if relation is None or relation.target not in package:
            message = f"{package.name} holds no workbook; open it in Excel and save it again."
            raise UsageError(message)
        self.part = relation.target
        self.strict = relation.type.startswith("http://purl.oclc.org/")
        self._related = {each.id: each for each in package.relations(self.part)}

    @property
    def content(self) -> bytes:
        """The XML of the part."""
        return self._package.read(self.part)

    def spelled(self, content: bytes) -> bytes:
        """Return a part of our own in the namespaces of this workbook."""
        for usual, strict in _NAMESPACES if self.strict else ():
            content = content.replace(usual, strict)
        return content

    def root(self) -> Element:
        """Return the part's elements."""
        return parsed(self.content, self.part, depth=2)

    def _put(self, edits: list[Edit]) -> None:
        self._package.put(self.part, edited(self.content, edits))

    # --- sheets

    def sheets(self) -> list[Sheet]:
        """Return the worksheets that there are in the file, in their order."""
        found = []
        for element in self._sheet_elements():
            relation = self._related.get(_relation_id(element))
            if relation and relation.kind == "worksheet" and relation.target in self._package:
                found.append(Sheet(element.attributes.get("name", ""), relation.target))
        return found

    def _sheet_elements(self) -> list[Element]:
        sheets = self.root().child("sheets")
        return sheets.every("sheet") if sheets else []

    def sheet_names(self) -> list[str]:
        """Return the names of all sheets, those of charts included."""
        return [element.attributes.get("name", "") for element in self._sheet_elements()]

    def part_of(self, kind: str) -> str:
        """Return the name of the workbook's only part of a kind (``styles``), or an empty string."""
        found = (each.target for each in self._related.values() if each.kind == kind)
        return next((target for target in found if target in self._package), "")

    def add_sheet(self, name: str, part: str) -> None:
        """Add a worksheet behind the others."""
        relation = self._package.relate(self.part, "worksheet", part, strict=self.strict)
        content, root = self.content, self.root()
        sheets = root.child("sheets")
        if sheets is None:
            message = f"{self._package.name} holds no sheets."
            raise UsageError(message)
        numbers = [int(each.attributes.get("sheetId", 0)) for each in sheets.every("sheet")]
        markup = b'<sheet name="%b" sheetId="%d" %b="%b"/>' % (
            quoted(name),
            max(numbers, default=0) + 1,
            _relation_attribute(content, root),
            relation.encode(),
        )
        self._put(filled_with(content, sheets, prefixed(markup, root.tag_in(content))))

    def remove_sheet(self, name: str) -> str:
        """Take a worksheet out of the workbook, and return the name of its part, which stays."""
        elements = self._sheet_elements()
        position = next(
            (index for index, each in enumerate(elements) if each.attributes.get("name") == name), None
        )
        if position is None:
            return ""
        identifier = _relation_id(elements[position])
        relation = self._related.get(identifier)
        self._put(self._edits_without(elements[position], position))
        self._package.unrelate(self.part, identifier)
        return relation.target if relation else ""

    def _edits_without(self, sheet: Element, position: int) -> list[Edit]:
        """Return the edits that take out a sheet, with what tells of its position."""
        content, root = self.content, self.root()
        edits: list[Edit] = [(sheet.start, sheet.stop, b"")]
        for view in _children(root, "bookViews"):
            edits += _shifted(content, view, ("activeTab", "firstSheet"), position)
        names = root.child("definedNames")
        for each in names.children if names else []:
            local = each.attributes.get("localSheetId")
            if local == str(position):
                edits.append((each.start, each.stop, b""))
            elif local is not None:
                edits += _shifted(content, each, ("localSheetId",), position)
        return edits

    # --- names

    def own_names(self) -> dict[str, str]:
        """Return the texts and references of our names."""
        content = self.content
        return {
            each.attributes["name"]: _unquoted(content[each.opened : each.closing])
            for each in _children(self.root(), "definedNames")
            if each.attributes.get("name", "").startswith(OURS)
        }

    def issues_sheet(self) -> str:
        """Return the name of the sheet that lists what was marked, or an empty string."""
        reference = self.own_names().get(ISSUES, "")
        return next((name for name in self.sheet_names() if reference == f"{quoted_sheet(name)}!$A$1"), "")

    def remove_own_names(self) -> None:
        """Take out our names."""
        names = self.root().child("definedNames")
        if names is None:
            return
        ours = [each for each in names.children if each.attributes.get("name", "").startswith(OURS)]
        if ours and len(ours) == len(names.children):
            tag = names.tag_in(self.content)
            was_empty = tag.endswith(b" >")
            self._put([(names.start, names.stop, tag[:-2] + b"/>" if was_empty else b"")])
        else:
            self._put([(each.start, each.stop, b"") for each in ours])

    def add_names(self, names: Mapping[str, str], printed: str = "") -> None:
        """Add hidden names; ``printed`` is the reference to the rows that the last sheet prints on top."""
        content, root = self.content, self.root()
        markup = b"".join(
            b'<definedName name="%b" hidden="1">%b</definedName>' % (quoted(name), text_of(value))
            for name, value in names.items()
        )
        if printed:
            last = len(self._sheet_elements()) - 1
            markup += b'<definedName name="_xlnm.Print_Titles" localSheetId="%d">%b</definedName>' % (
                last,
                text_of(printed),
            )
        markup = prefixed(markup, root.tag_in(content))
        there = root.child("definedNames")
        if there is not None:
            self._put(filled_with(content, there, markup))
            return
        before = max(
            (each.stop for each in root.children if each.name in _BEFORE_NAMES), default=root.closing
        )
        element = prefixed(b"<definedNames></definedNames>", root.tag_in(content))
        opening, _, closing = element.partition(b"><")
        self._put([(before, before, opening + b">" + markup + b"<" + closing)])


def text_formula(text: str) -> str:
    """Return a formula that is a text of any length."""
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def _unquoted(markup: bytes) -> str:
    """Return the text of a text formula, or the formula."""
    formula = _unescaped(markup.decode())
    if not formula.startswith('"'):
        return formula
    return "".join(piece.replace('""', '"') for piece in _LITERAL.findall(formula))


def _unescaped(text: str) -> str:
    for coded, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(coded, character)
    return text


def _children(root: Element, name: str) -> list[Element]:
    element = root.child(name)
    return element.children if element else []


def _relation_id(element: Element) -> str:
    return next((value for name, value in element.attributes.items() if name.endswith(":id")), "")


def _relation_attribute(content: bytes, root: Element) -> bytes:
    """Return the name of the attribute with the id of a relation, with the prefix that it has here."""
    for name, value in root.attributes.items():
        if name.startswith("xmlns:") and value.encode() in _RELATIONS:
            return name.removeprefix("xmlns:").encode() + b":id"
    address = _RELATIONS[b"purl.oclc.org" in root.tag_in(content)]
    return b'xmlns:r="' + address + b'" r:id'


def _shifted(content: bytes, element: Element, names: tuple[str, ...], position: int) -> list[Edit]:
    """Return the edit that counts one sheet less in attributes that tell of a sheet from ``position`` on."""
    tag = element.tag_in(content)
    for name in names:
        value = element.attributes.get(name, "")
        if value.isdigit() and int(value) >= max(position, 1):
            tag = with_attribute(tag, name.encode(), str(int(value) - 1).encode())
    return [(element.start, element.opened, tag)] if tag != element.tag_in(content) else []
