"""Graft our sheet of issues into somebody's workbook, and take it out again.

The sheet is written as every sheet of ours is, into a small workbook of its own. From there come its rows,
its table and, appended to those of the workbook, its formats.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

from xlreport.backends import xlsx
from xlreport.backends.marking.book import Book
from xlreport.backends.marking.formats import MOST_FORMATS
from xlreport.backends.marking.package import Package
from xlreport.backends.marking.styles import Stylesheet
from xlreport.backends.marking.surgery import attribute, parsed, quoted, with_attribute
from xlreport.cells import cell_name
from xlreport.plan import Link, WorkbookPlan

__all__ = ["add_issues", "remove_issues"]

_SHEET: Final = "xl/worksheets/sheet1.xml"
_TABLE: Final = "xl/tables/table1.xml"
_STYLES: Final = "xl/styles.xml"
_STRINGS: Final = "xl/sharedStrings.xml"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TABLE_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_LISTS: Final = (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
_FORMAT: Final = re.compile(rb'(<(?:c|row) [^>]*? s=")(\d+)')
_ROW: Final = re.compile(rb'<row r="(\d+)">')
_SHARED: Final = re.compile(rb' t="s"><v>(\d+)</v>')
_PRINTED: Final = re.compile(r"<definedName[^>]*_xlnm\.Print_Titles[^>]*>([^<]*)<")


def remove_issues(package: Package, book: Book) -> None:
    """Take out the sheet of issues, whatever it is called, if there is one."""
    name = book.issues_sheet()
    part = book.remove_sheet(name) if name else ""
    if not part:
        return
    for relation in package.relations(part):
        if relation.target in package:
            package.drop(relation.target)
    package.drop(part)


def add_issues(package: Package, book: Book, styles: Stylesheet, plan: WorkbookPlan) -> str:
    """Add the only sheet of ``plan``, and return which rows of it are printed on every page."""
    sheet = plan.sheets[0]
    made = xlsx.to_bytes(replace(plan, sheets=(replace(sheet, heights={}, links=()),)))
    with zipfile.ZipFile(io.BytesIO(made)) as own:
        content = _with_texts(own.read(_SHEET), own.read(_STRINGS))
        content = _with_heights(content, sheet.heights)
        content = _with_links(content, sheet.links)
        content = _with_formats(content, _adopted(own.read(_STYLES), styles))
        table = own.read(_TABLE)
        printed = _PRINTED.search(own.read("xl/workbook.xml").decode())
    part = package.free("xl/worksheets/sheet{}.xml")
    table_part = package.free("xl/tables/table{}.xml")
    table = _numbered(table, _next_table(package))
    package.add(part, _SHEET_TYPE, book.spelled(content.replace(b' tabSelected="1"', b"")))
    package.add(table_part, _TABLE_TYPE, book.spelled(table))
    package.relate(part, "table", table_part, strict=book.strict)
    book.add_sheet(sheet.name, part)
    return printed[1] if printed else ""


def _with_texts(sheet: bytes, strings: bytes) -> bytes:
    """Return a sheet with the texts in the cells, so that the workbook's own strings stay as they are."""
    root = parsed(strings, _STRINGS, depth=1)
    texts = [strings[each.opened : each.closing] for each in root.children]
    return _SHARED.sub(lambda cell: b' t="inlineStr"><is>' + texts[int(cell[1])] + b"</is>", sheet)


def _with_heights(sheet: bytes, heights: Mapping[int, float]) -> bytes:
    """Return a sheet whose rows have their heights; to write rows of different heights one by one is slow."""

    def high(row: re.Match[bytes]) -> bytes:
        height = heights.get(int(row[1]))
        return row[0] if height is None else b'<row r="%b" ht="%g" customHeight="1">' % (row[1], height)

    return _ROW.sub(high, sheet)


def _with_links(sheet: bytes, links: Sequence[Link]) -> bytes:
    """Return a sheet with its links; openpyxl would take its time over tens of thousands."""
    markup = b"".join(
        b'<hyperlink ref="%b" location="%b"/>'
        % (cell_name(link.row, link.column).encode(), quoted(link.target))
        for link in links
    )
    before, margins, after = sheet.partition(b"<pageMargins")
    return b"".join([before, b"<hyperlinks>", markup, b"</hyperlinks>", margins, after]) if links else sheet


def _with_formats(sheet: bytes, formats: list[int]) -> bytes:
    numbers = [str(number).encode() for number in formats]
    return _FORMAT.sub(lambda told: told[1] + numbers[int(told[2])], sheet)


def _adopted(content: bytes, styles: Stylesheet) -> list[int]:
    """Append the formats of another stylesheet, and return their numbers here by their numbers there."""
    own = Stylesheet(content, _STYLES)
    moved = {name: [_place(styles, kind, item) for item in own.items(kind)] for name, kind in _LISTS}
    codes = {
        int(attribute(item, b"numFmtId") or 0): _number_format(item, styles) for item in own.items("numFmts")
    }
    return [0] + [_format(item, moved, codes, styles) for item in own.items("cellXfs")[1:]]


def _place(styles: Stylesheet, kind: str, item: bytes) -> int:
    """Return the number of an item, appended unless it is there as it is spelled."""
    items = styles.items(kind)
    return items.index(item) if item in items else styles.add(kind, item)


def _number_format(item: bytes, styles: Stylesheet) -> int:
    code = attribute(item, b"formatCode")
    for known in styles.items("numFmts"):
        if attribute(known, b"formatCode") == code:
            return int(attribute(known, b"numFmtId") or 0)
    number = styles.next_number_format()
    styles.add("numFmts", with_attribute(item, b"numFmtId", str(number).encode()))
    return number


def _format(item: bytes, moved: dict[str, list[int]], codes: dict[int, int], styles: Stylesheet) -> int:
    if len(styles.items("cellXfs")) >= MOST_FORMATS:  # one more, and Excel would not open the workbook
        return 0
    tag, end, rest = item.partition(b">")
    tag += end
    for name, places in moved.items():
        old = int(attribute(tag, name.encode()) or 0)
        tag = with_attribute(tag, name.encode(), str(places[old]).encode())
    code = int(attribute(tag, b"numFmtId") or 0)
    tag = with_attribute(tag, b"numFmtId", str(codes.get(code, code)).encode())
    for applied in (b"applyFont", b"applyFill", b"applyBorder", b"applyNumberFormat"):
        tag = with_attribute(tag, applied, b"1")
    return styles.add("cellXfs", with_attribute(tag, b"xfId", b"0") + rest)


def _numbered(table: bytes, number: int) -> bytes:
    """Return a table with a number and a name that no other of the workbook has."""
    tag = table[table.index(b"<table ") :].partition(b">")[0] + b">"
    new = with_attribute(tag, b"id", str(number).encode())
    return table.replace(tag, new, 1)


def _next_table(package: Package) -> int:
    numbers = [0]
    for part in package:
        if part.casefold().startswith("xl/tables/") and part.endswith(".xml"):
            root = ET.fromstring(package.read(part))  # noqa: S314  # expat bounds the growth of entities
            numbers.append(int(root.get("id", 0)))
    return max(numbers) + 1
