"""Look into the package of an .xlsx or .xlsm file for what the reader of cells does not tell."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from xlreport.cells import column_number, quoted_sheet
from xlreport.marks import ISSUES

__all__ = [
    "PACKAGE_ERRORS",
    "SheetFacts",
    "holds_values",
    "is_package",
    "issues_sheet",
    "last_column",
    "sheet_facts",
]

PACKAGE_ERRORS: Final = (
    *(zipfile.BadZipFile, zlib.error, ET.ParseError, EOFError),
    *(KeyError, NotImplementedError, RuntimeError, UnicodeDecodeError),  # what zipfile raises besides
)
"""What a damaged package may raise."""

_CHUNK: Final = 1 << 20
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|is)[ >]")
_ERROR_MARKS: Final = (b't="e"', b"t='e'")
_ERROR: Final = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v\b[^>]*>([^<]*)<""",
    re.DOTALL,
)
_ADDRESS: Final = re.compile(rb""" r=["']([A-Z]+)([0-9]+)["']""")
_COLUMN: Final = re.compile(rb""" r=["']([A-Z]+)""")
_THREE_LETTERS: Final = re.compile(rb""" r=["'][A-Z]{3}""")
_TWO_LETTERS_REACH: Final = column_number("ZZ")


@dataclass(slots=True)
class SheetFacts:
    """What the XML of a worksheet tells."""

    rows: int = 0
    """The last row that has a cell."""
    columns_at_most: int = 0
    """No cell is in a column beyond it."""
    errors: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    """1-based row -> 1-based column and text (#DIV/0!) of its cells that hold an error."""


def is_package(path: Path) -> bool:
    """Tell whether the file is a package with worksheets in XML."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as package:
        return any(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in package.namelist())


def holds_values(path: Path, sheet: str) -> bool:
    """Tell whether any cell of the worksheet holds a value."""
    tail = b""
    for chunk in _chunks(path, sheet):
        if _VALUE.search(tail + chunk):
            return True
        tail = chunk[-32:]
    return False


def issues_sheet(path: Path) -> str:
    """Return the name of the sheet that lists what was marked in the workbook, or an empty string."""
    with zipfile.ZipFile(path) as package:
        names = _elements(package, _workbook(package), "definedName")
        sheets = _elements(package, _workbook(package), "sheet")
    told = next((name.text or "" for name in names if name.get("name") == ISSUES), "")
    titles = (sheet.get("name", "") for sheet in sheets)
    return next((title for title in titles if told == f"{quoted_sheet(title)}!$A$1"), "")


def sheet_facts(path: Path, sheet: str) -> SheetFacts:
    """Return roughly how far the worksheet reaches, and its errors."""
    facts = SheetFacts(columns_at_most=_TWO_LETTERS_REACH)
    for rows in _whole_rows(path, sheet):
        if _THREE_LETTERS.search(rows):  # to ask that first is quicker than to ask every cell
            facts.columns_at_most = max(facts.columns_at_most, _last_column(rows))
        last = _ADDRESS.search(rows, max(rows.rfind(b' r="'), rows.rfind(b" r='"), 0))
        facts.rows = int(last[2]) if last else facts.rows
        if any(mark in rows for mark in _ERROR_MARKS):
            _note_errors(rows, facts)
    return facts


def last_column(path: Path, sheet: str) -> int:
    """Return the number of the last column that has a cell; it takes a while, since every cell is asked."""
    return max(map(_last_column, _whole_rows(path, sheet)), default=0)


def _last_column(rows: bytes) -> int:
    return max((column_number(name.decode()) for name in set(_COLUMN.findall(rows))), default=0)


def _note_errors(rows: bytes, facts: SheetFacts) -> None:
    for attributes, text in _ERROR.findall(rows):
        address = _ADDRESS.search(b" " + attributes)
        if address:
            cell = column_number(address[1].decode()), text.decode("utf-8", "replace")
            facts.errors.setdefault(int(address[2]), []).append(cell)


def _whole_rows(path: Path, sheet: str) -> Iterator[bytes]:
    rest = b""
    for chunk in _chunks(path, sheet):
        whole, end, rest = (rest + chunk).rpartition(b"row>")
        yield whole + end
    yield rest


def _chunks(path: Path, sheet: str) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as package:
        part = _worksheet_parts(package).get(sheet)
        if part not in package.namelist():
            return
        with package.open(part) as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _worksheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of each worksheet's part by the name of the sheet."""
    workbook = _workbook(package)
    folder, _, file = workbook.rpartition("/")
    related = _relations(package, f"{folder}/_rels/{file}.rels")
    parts = {}
    for element in _elements(package, workbook, "sheet"):
        relation = next((value for key, value in element.items() if key.endswith("}id")), "")
        kind, target = related.get(relation, ("", ""))
        if kind == "worksheet":
            parts[element.get("name", "")] = (
                target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            )
    return parts


def _workbook(package: zipfile.ZipFile) -> str:
    root = _relations(package, "_rels/.rels")
    return next((target for kind, target in root.values() if kind == "officeDocument"), "xl/workbook.xml")


def _relations(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> (last word of the type, target) of the relations in ``part``."""
    return {
        element.get("Id", ""): (element.get("Type", "").rpartition("/")[2], element.get("Target", ""))
        for element in _elements(package, part, "Relationship")
    }


def _elements(package: zipfile.ZipFile, part: str, name: str) -> list[ET.Element]:
    """Return the elements of that local name, whatever their namespace: OOXML has two of them."""
    part = part.lstrip("/")
    if part not in package.namelist():
        return []
    root = ET.fromstring(package.read(part))  # noqa: S314  # expat bounds the growth of entities
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]
