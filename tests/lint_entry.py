"""Rules of the lint for sheets that people fill in: data validation and notes."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from xml.etree import ElementTree as ET

from opened_workbook import LINK, MAIN, Book, Sheet, overlaps, parsed_cell, parsed_range

from xlreport.cells import excel_length

EXCEL = "{urn:schemas-microsoft-com:office:excel}"
KINDS = ("none", "whole", "decimal", "list", "date", "time", "textLength", "custom")
MOST = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 225}
MOST_FORMULA = 255

_NAME = re.compile(r"(?<![\w.!$'\"])([A-Za-z_][\w.]*)(?![\w.]*[(!'])")
_CELL = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]+", re.IGNORECASE)
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_SHEET = re.compile(r"'(?:[^']|'')+'!|[\w.]+!")

Problems = Callable[[Book, str], Iterable[str]]


def data_validations(book: Book, formula_problems: Problems) -> Iterator[str]:
    """Yield what is wrong with the data validations of a workbook."""
    for sheet in book.sheets:
        found = list(sheet.root.iter(f"{MAIN}dataValidation"))
        counts = [entry.get("count") for entry in sheet.root.iter(f"{MAIN}dataValidations")]
        if counts and counts != [str(len(found))]:
            yield f"{sheet.name}: {len(found)} data validations are counted as {counts}"
        yield from _overlaps(sheet, found)
        for entry in found:
            where = f"{sheet.name}!{entry.get('sqref')}"
            for problem in (*_limits(entry), *_formulas(book, entry, formula_problems)):
                yield f"{where}: {problem}"


def _overlaps(sheet: Sheet, found: Iterable[ET.Element]) -> Iterator[str]:
    ranges = [part for entry in found for part in entry.get("sqref", "").split()]
    yield from (f"{sheet.name}: no range: {part}" for part in ranges if parsed_range(part) is None)
    for one, other in combinations(ranges, 2):
        if overlaps(parsed_range(one), parsed_range(other)):
            yield f"{sheet.name}: the validations of {one} and {other} overlap"


def _limits(entry: ET.Element) -> Iterator[str]:
    kind = entry.get("type", "none")
    if kind not in KINDS:
        yield f"there is no kind {kind}"
    for name, most in MOST.items():
        if excel_length(entry.get(name, "")) > most:
            yield f"{name} has more than {most} characters"
    if kind != "none" and not entry.findtext(f"{MAIN}formula1"):
        yield "it has no formula"
    if kind in ("whole", "decimal", "date", "time", "textLength"):
        between = entry.get("operator", "between") in ("between", "notBetween")
        if between != bool(entry.findtext(f"{MAIN}formula2")):
            yield "it has one limit too many, or too few"


def _formulas(book: Book, entry: ET.Element, formula_problems: Problems) -> Iterator[str]:
    known = {name.get("name", "").lower() for name in book.names}
    for tag in ("formula1", "formula2"):
        formula = entry.findtext(f"{MAIN}{tag}", "")
        if len(formula) > MOST_FORMULA:
            yield f"a formula of {len(formula)} characters"
        if "[" in _TEXT.sub("", formula):
            yield f"a structured reference: {formula}"
        if "{" in _TEXT.sub("", formula):
            yield f"a constant array: {formula}"
        yield from formula_problems(book, formula)
        yield from (f"there is no name {name}" for name in names_in(formula) if name.lower() not in known)


def names_in(formula: str) -> list[str]:
    """Return the defined names that a formula uses."""
    bare = _SHEET.sub("", _TEXT.sub('""', formula))
    return [
        name
        for name in _NAME.findall(bare)
        if not _CELL.fullmatch(name) and name.upper() not in ("TRUE", "FALSE") and not re.fullmatch("E", name)
    ]


def notes(book: Book) -> Iterator[str]:
    """Yield what is wrong with the notes of a workbook: each has a shape in the sheet's drawing."""
    for sheet in book.sheets:
        drawings = [entry.get(LINK) for entry in sheet.root.iter(f"{MAIN}legacyDrawing")]
        shown = book.related(sheet.part, "vmlDrawing")
        listed = [note for part in book.related(sheet.part, "comments") for note in _listed(book, part)]
        count = len(shown) - len(list(sheet.root.iter(f"{MAIN}legacyDrawingHF")))  # those of page headers
        if (len(drawings), count) != (1, 1) if listed else (drawings or count):
            yield f"{sheet.name} has {len(listed)} notes, and {count} drawings for them"
        places = [parsed_cell(place) for place, _ in listed]
        yield from (f"{sheet.name}: two notes on {place}" for place in places if places.count(place) > 1)
        yield from (f"{sheet.name}: the note on {place} has {why}" for place, why in listed if why)
        shapes = [shape for part in shown for shape in _shapes(book, part)]
        if sorted(map(str, places)) != sorted(map(str, shapes)):
            yield f"{sheet.name}: notes on {places}, shapes on {shapes}"


def _listed(book: Book, part: str) -> Iterator[tuple[str, str]]:
    root = book.tree(part)
    authors = len(list(root.iter(f"{MAIN}author")))
    for note in root.iter(f"{MAIN}comment"):
        text = "".join(piece.text or "" for piece in note.iter(f"{MAIN}t"))
        why = "" if text else "no text"
        if int(note.get("authorId", -1)) not in range(authors):
            why = f"author {note.get('authorId')} of {authors}"
        yield note.get("ref", ""), why


def _shapes(book: Book, part: str) -> Iterator[tuple[int, int]]:
    for data in book.tree(part).iter(f"{EXCEL}ClientData"):
        if data.get("ObjectType") == "Note":
            row, column = (int(data.findtext(f"{EXCEL}{name}", "-1")) for name in ("Row", "Column"))
            yield row + 1, column + 1
