"""Open a workbook's package for tests: its parts, relations, sheets, tables and strings, as they are."""

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as ET

from xlreport.cells import MAX_COLUMNS, MAX_ROWS, Range, column_number

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d*)")


@dataclass
class Sheet:
    """One worksheet: its name, its part and its parsed XML."""

    name: str
    part: str
    root: ET.Element
    state: str = "visible"

    @cached_property
    def cells(self) -> list[ET.Element]:
        return list(self.root.iter(f"{MAIN}c"))


@dataclass
class Table:
    """One table: the part, the sheet that it stands on and its parsed XML."""

    part: str
    sheet: Sheet
    root: ET.Element

    @cached_property
    def name(self) -> str:
        return self.root.get("displayName", "")

    @cached_property
    def columns(self) -> list[str]:
        return [decoded(column.get("name", "")) for column in self.root.iter(f"{MAIN}tableColumn")]

    @cached_property
    def range(self) -> Range | None:
        return parsed_range(self.root.get("ref", ""))


@dataclass
class Book:
    """A package, opened."""

    parts: dict[str, bytes]
    duplicates: list[str]
    trees: dict[str, ET.Element] = field(default_factory=dict)

    def tree(self, part: str) -> ET.Element:
        if part not in self.trees:
            self.trees[part] = ET.fromstring(self.parts[part])  # noqa: S314  # we wrote it
        return self.trees[part]

    def relations(self, part: str) -> Iterator[tuple[str, str, str, bool]]:
        """Yield (id, kind, target, is external) for every relation of a part; ``""`` is the package."""
        folder, name = posixpath.split(part)
        file = posixpath.join(folder, "_rels", f"{name}.rels")
        for relation in self.tree(file) if file in self.parts else ():
            target, outside = relation.get("Target", ""), relation.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], target, outside

    def related(self, part: str, kind: str) -> list[str]:
        return [
            target for _, what, target, _ in self.relations(part) if what == kind and target in self.parts
        ]

    @cached_property
    def workbook(self) -> ET.Element:
        return self.tree("xl/workbook.xml")

    @cached_property
    def sheets(self) -> list[Sheet]:
        targets = {number: target for number, _, target, _ in self.relations("xl/workbook.xml")}
        found = [
            (sheet, targets.get(sheet.get(LINK, ""), "")) for sheet in self.workbook.iter(f"{MAIN}sheet")
        ]
        return [
            Sheet(sheet.get("name", ""), part, self.tree(part), sheet.get("state", "visible"))
            for sheet, part in found
            if part in self.parts
        ]

    @cached_property
    def tables(self) -> list[Table]:
        parts = [(sheet, part) for sheet in self.sheets for part in self.related(sheet.part, "table")]
        return [Table(part, sheet, self.tree(part)) for sheet, part in parts]

    @cached_property
    def strings(self) -> list[str]:
        part = "xl/sharedStrings.xml"
        items = self.tree(part).iter(f"{MAIN}si") if part in self.parts else ()
        return [decoded("".join(text.text or "" for text in item.iter(f"{MAIN}t"))) for item in items]

    @cached_property
    def names(self) -> list[ET.Element]:
        return list(self.workbook.iter(f"{MAIN}definedName"))

    def value(self, cell: ET.Element) -> tuple[str, str]:
        """Return the type of a cell and its text."""
        kind, text = cell.get("t", "n"), cell.findtext(f"{MAIN}v", "")
        if kind == "s" and text.isdigit() and int(text) < len(self.strings):
            return kind, self.strings[int(text)]
        if kind == "inlineStr":
            return kind, decoded("".join(part.text or "" for part in cell.iter(f"{MAIN}t")))
        return kind, text


def opened(path: Path | str) -> Book:
    """Return the workbook at ``path``."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        parts = {name: package.read(name) for name in names}
    return Book(parts, [name for name, count in Counter(map(str.lower, names)).items() if count > 1])


def decoded(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def parsed_cell(address: str) -> tuple[int, int] | None:
    match = _CELL.fullmatch(address)
    row, column = (int(match[2]), column_number(match[1])) if match else (0, 0)
    return (row, column) if 1 <= row <= MAX_ROWS and 1 <= column <= MAX_COLUMNS else None


def parsed_range(address: str) -> Range | None:
    ends = [parsed_cell(end) for end in address.split(":")]
    first, last = ends[0], ends[-1]
    if first is None or last is None or first > last or first[1] > last[1]:
        return None
    return Range(*first, *last)


def overlaps(one: Range | None, other: Range | None) -> bool:
    if one is None or other is None:
        return False
    rows = one.first_row <= other.last_row and other.first_row <= one.last_row
    return rows and one.first_column <= other.last_column and other.first_column <= one.last_column
