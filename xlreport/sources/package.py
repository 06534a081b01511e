"""Look into the package of an .xlsx or .xlsm file for what the reader of cells does not tell."""

import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree as ET

from xlreport.cells import column_number
from xlreport.marks import FORM_SHEETS, ISSUES

__all__ = [
    "PACKAGE_ERRORS",
    "cells_in_order",
    "elements_of",
    "first_rows",
    "holds_values",
    "is_form",
    "is_package",
    "local_name",
    "own_sheets",
    "related_parts",
    "sheet_part",
    "whole_rows",
    "workbook_part",
    "workbook_parts",
]

PACKAGE_ERRORS: Final = (
    *(zipfile.BadZipFile, zlib.error, ET.ParseError, EOFError),
    *(KeyError, NotImplementedError, RuntimeError, UnicodeDecodeError),  # what zipfile raises besides
)
"""What a damaged package may raise."""

_CHUNK: Final = 1 << 20
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|is)[ >]")
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})[0-9]{1,7}")
_ROW: Final = re.compile(r"[0-9]{1,7}")


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


def own_sheets(path: Path) -> frozenset[str]:
    """Return the names of the sheets that we have put into a workbook and that hold no data.

    They list what was marked in it, or say how an entry form is filled in.
    """
    return frozenset(_own_names(path).values())


def is_form(path: Path) -> bool:
    """Tell whether a workbook is one of our entry forms, which have their headings where we put them."""
    return is_package(path) and not _own_names(path).keys().isdisjoint(FORM_SHEETS)


def _own_names(path: Path) -> dict[str, str]:
    """Return the sheets that our defined names refer to, as far as they are there."""
    with zipfile.ZipFile(path) as package:
        names = elements_of(package, workbook_part(package), "definedName")
        sheets = {sheet.get("name") for sheet in elements_of(package, workbook_part(package), "sheet")}
    told = {name.get("name", ""): _sheet_of(name.text or "") for name in names}
    return {name: sheet for name, sheet in told.items() if name in (ISSUES, *FORM_SHEETS) and sheet in sheets}


def _sheet_of(reference: str) -> str:
    """Return the sheet that a reference to one of its cells names, with or without quotes."""
    sheet = reference.rpartition("!")[0]
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def whole_rows(path: Path, sheet: str) -> Iterator[bytes]:
    """Iterate over the XML of a worksheet, cut between rows; the last piece begins after the last row."""
    rest = b""
    for chunk in _chunks(path, sheet):
        whole, end, rest = (rest + chunk).rpartition(b"row>")
        yield whole + end
    yield rest


def first_rows(path: Path, sheet: str, most: int) -> list[tuple[int, dict[int, str]]]:
    """Return the number of each of the first rows that hold anything, with its texts by their columns.

    What is no text, a number or a date, comes as it is stored.
    """
    with zipfile.ZipFile(path) as package:
        part = sheet_part(package, sheet)
        if part is None:
            return []
        with package.open(part) as file:
            rows = [
                (number, {column: _stored(cell) for column, cell in cells})
                for number, cells in itertools.islice(_rows_in_order(file), most)
            ]
        wanted = {text for _, cells in rows for kind, text in cells.values() if kind == "s"}
        shared = _shared_texts(package, {int(text) for text in wanted if text.isdecimal()})
    return [
        (
            number,
            {at: shared.get(text, "") if kind == "s" else text for at, (kind, text) in cells.items()},
        )
        for number, cells in rows
    ]


def cells_in_order(path: Path, sheet: str) -> Iterator[tuple[int, int, ET.Element]]:
    """Iterate over row, column and element of every cell, whether or not it says where it stands.

    It takes its time: whoever only looks for some cells searches `whole_rows`.
    """
    with zipfile.ZipFile(path) as package:
        part = sheet_part(package, sheet)
        if part is None:
            return
        with package.open(part) as file:
            for number, cells in _rows_in_order(file):
                for column, cell in cells:
                    yield number, column, cell


def _rows_in_order(file: IO[bytes]) -> Iterator[tuple[int, list[tuple[int, ET.Element]]]]:
    """Iterate over the rows that have cells: number, and column and element of each cell."""
    number = 0
    for _, element in ET.iterparse(file):  # noqa: S314  # expat bounds the growth of entities
        if local_name(element) != "row":
            continue
        said = element.get("r", "")
        number = int(said) if _ROW.fullmatch(said) else number + 1
        cells: list[tuple[int, ET.Element]] = []
        for cell in element:
            found = _REFERENCE.fullmatch(cell.get("r", ""))
            column = column_number(found[1]) if found else (cells[-1][0] + 1 if cells else 1)
            cells.append((column, cell))
        if cells:
            yield number, cells
        element.clear()


def _stored(cell: ET.Element) -> tuple[str, str]:
    """Return the type of a cell, and its text or the number of its shared text."""
    kind = cell.get("t", "n")
    texts = [each.text or "" for each in cell.iter() if local_name(each) in ("v", "t")]
    return kind, "".join(texts)


def _shared_texts(package: zipfile.ZipFile, wanted: set[int]) -> dict[str, str]:
    """Return those of the shared texts, by their numbers as text."""
    parts = workbook_parts(package, "sharedStrings")
    found: dict[str, str] = {}
    if not wanted or not parts or parts[0] not in package.namelist():
        return found
    with package.open(parts[0]) as file:
        position = 0
        for _, element in ET.iterparse(file):  # noqa: S314  # expat bounds the growth of entities
            if local_name(element) != "si":
                continue
            if position in wanted:
                found[str(position)] = _text_of(element)
            element.clear()
            position += 1
            if len(found) == len(wanted):
                break
    return found


def _text_of(item: ET.Element) -> str:
    """Return a shared text without what says how it is pronounced."""
    runs = [child for child in item if local_name(child) in ("t", "r")]
    return "".join(each.text or "" for run in runs for each in run.iter() if local_name(each) == "t")


def _chunks(path: Path, sheet: str) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as package:
        part = sheet_part(package, sheet)
        if part is None:
            return
        with package.open(part) as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def sheet_part(package: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of the worksheet's part, or None where the package has none."""
    part = _worksheet_parts(package).get(sheet)
    return part if part in package.namelist() else None


def _worksheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of each worksheet's part by the name of the sheet."""
    workbook = workbook_part(package)
    related = _relations(package, workbook)
    parts = {}
    for element in elements_of(package, workbook, "sheet"):
        relation = next((value for key, value in element.items() if key.endswith("}id")), "")
        kind, target = related.get(relation, ("", ""))
        if kind == "worksheet":
            parts[element.get("name", "")] = target
    return parts


def workbook_part(package: zipfile.ZipFile) -> str:
    """Return the name of the part that is the workbook."""
    root = _relations(package, "")
    return next((target for kind, target in root.values() if kind == "officeDocument"), "xl/workbook.xml")


def workbook_parts(package: zipfile.ZipFile, kind: str) -> list[str]:
    """Return the parts that the workbook is related to by ``kind``: styles, sharedStrings."""
    related = _relations(package, workbook_part(package)).values()
    return [target for other, target in related if other == kind]


def related_parts(package: zipfile.ZipFile, part: str, kind: str) -> list[str]:
    """Return the parts that ``part`` is related to by ``kind``, such as the tables of a worksheet."""
    return [target for other, target in _relations(package, part).values() if other == kind]


def _relations(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> last word of the type and name of the related part; an empty part is the package."""
    folder, _, file = part.lstrip("/").rpartition("/")
    beside = f"{folder}/" if folder else ""
    return {
        element.get("Id", ""): (
            element.get("Type", "").rpartition("/")[2],
            _resolved(folder, element.get("Target", "")),
        )
        for element in elements_of(package, f"{beside}_rels/{file}.rels", "Relationship")
    }


def _resolved(folder: str, target: str) -> str:
    """Return the name of the part that is ``target``, as seen from a folder of the package."""
    if target.startswith("/"):
        return target.lstrip("/")
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            del steps[-1:]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def elements_of(package: zipfile.ZipFile, part: str, name: str) -> list[ET.Element]:
    """Return the elements of that local name, whatever their namespace: OOXML has two of them."""
    part = part.lstrip("/")
    if part not in package.namelist():
        return []
    root = ET.fromstring(package.read(part))  # noqa: S314  # expat bounds the growth of entities
    return [element for element in root.iter() if local_name(element) == name]


def local_name(element: ET.Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
