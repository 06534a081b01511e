"""Turn a user's workbook into the same workbook with marks at cells: filled, noted, and listed on a sheet.

The workbook is never loaded and saved by a library, which would lose what the library does not know. Its
package is patched: a part that needs no change is copied as it lies in the file. Marks are fills of the cells
themselves, since every program shows those, also phones and previewers; a conditional format would leave the
cells alone, but many viewers do not draw it, and it would not be there when somebody filters by colour.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from xlreport.backends.marking.book import Book, text_formula
from xlreport.backends.marking.formats import Formats, reopened
from xlreport.backends.marking.issues import add_issues, remove_issues
from xlreport.backends.marking.kinds import check_head, check_kind
from xlreport.backends.marking.notes import EMPTY_NOTES, NOTES_TYPE, Notes
from xlreport.backends.marking.package import Package
from xlreport.backends.marking.shapes import (
    EMPTY_SHAPES,
    SHAPES_TYPE,
    has_shapes,
    with_notes,
    without_notes,
)
from xlreport.backends.marking.sheet import Frame, frame_of, patch
from xlreport.backends.marking.styles import EMPTY, Stylesheet
from xlreport.cells import quoted_sheet
from xlreport.files import replacing
from xlreport.findings import Severity
from xlreport.marks import ISSUES, Mark
from xlreport.plan import WorkbookPlan

__all__ = ["MOST_NOTES", "Facts", "Looks", "check_head", "check_kind", "mark"]

MOST_NOTES: Final = 5_000
"""Notes on one sheet: with more of them Excel takes its time over everything."""
_STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_STYLES: Final = "xl/styles.xml"


@dataclass(slots=True)
class Facts:
    """What came of the marking."""

    sheets: tuple[str, ...] = ()
    """Names of all sheets, without that of the issues."""
    marked: dict[str, int] = field(default_factory=dict)
    """Sheet -> cells that bear a mark."""
    kept_notes: int = 0
    """Marked cells that have the note of somebody else, and keep it."""
    unnoted: int = 0
    """Marked cells beyond the notes that a sheet can bear."""
    unfilled: int = 0
    """Marked cells whose fill had to stay, since the workbook has no room for another format."""
    was_marked: bool = False
    """Whether there were marks from before."""
    signed: bool = False
    """Whether the workbook has a digital signature, which no longer holds."""
    issues: str = ""
    """Name of the sheet that lists them."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How marks look."""

    headings: Mapping[Severity, str]
    """First line of the note at an error, at a warning."""
    right_to_left: bool = False


Marks = Mapping[str, Sequence[Mark]]
"""Sheet -> its marks, at most one at each cell."""
Listing = Callable[[Facts], WorkbookPlan | None]
"""Gives the sheet of issues when the marks are made; None where there is nothing to list."""


def mark(source: Path, target: Path, marks: Marks, looks: Looks, listing: Listing) -> Facts:
    """Write the workbook at ``source`` with these marks, and no others of ours, to ``target``.

    UsageError where the file is no .xlsx or .xlsm workbook that can be patched, MachineError where it cannot
    be written; what stood at ``target`` then stays. Without marks, from now or before, it is a copy.
    """
    check_head(source)
    check_kind(source)
    with Package(source) as package:
        facts = _patched(package, marks, looks, listing)
        with replacing(target) as temporary:
            if package.is_changed():
                with temporary.open("xb") as file:
                    package.save(file)
            else:
                shutil.copyfile(source, temporary)
    return facts


def _patched(package: Package, marks: Marks, looks: Looks, listing: Listing) -> Facts:
    book = Book(package)
    names = book.own_names()
    part = book.part_of("styles")
    content = package.read(part) if part else book.spelled(EMPTY)
    styles, ways_back = Stylesheet(content, _STYLES), dict[int, int]()
    if names:
        styles, ways_back = reopened(content, part or _STYLES, names)
    formats = Formats(styles)
    facts = Facts(was_marked=bool(names), signed=any(name.startswith("_xmlsignatures/") for name in package))
    if names:
        remove_issues(package, book)
        book.remove_own_names()
    facts.sheets = tuple(book.sheet_names())
    for sheet in book.sheets():
        own = marks.get(sheet.name, ())
        if own or names:
            frame = frame_of(package, sheet.part)
            notes = _noted(package, sheet.part, frame, own, looks, book, facts)
            wanted = _wanted(own)
            patch(package, sheet.part, frame, wanted, formats.marked, ways_back, notes)
            if own:
                facts.marked[sheet.name] = len(own)
    facts.unfilled = formats.unfilled
    plan = listing(facts)
    printed = add_issues(package, book, styles, plan) if plan else ""
    _put_styles(package, book, part, styles.content())
    if plan:
        facts.issues = plan.sheets[0].name
        own_names = {ISSUES: f"{quoted_sheet(facts.issues)}!$A$1"}
        for name, text in formats.memory(styles.content()).items():
            own_names[name] = text_formula(text)
        book.add_names(own_names, printed)
    return facts


def _put_styles(package: Package, book: Book, part: str, content: bytes) -> None:
    """Store the stylesheet; one that we made goes when it is empty again."""
    empty = book.spelled(EMPTY)
    if part and content == empty and content != package.read(part):
        relation = package.related(book.part, "styles")
        package.drop(part)
        if relation:
            package.unrelate(book.part, relation.id)
    elif part:
        package.put(part, content)
    elif content != empty:
        package.add(_STYLES, _STYLES_TYPE, content)
        package.relate(book.part, "styles", _STYLES, strict=book.strict)


def _wanted(marks: Sequence[Mark]) -> dict[int, dict[int, Severity]]:
    wanted: dict[int, dict[int, Severity]] = {}
    for each in marks:
        wanted.setdefault(each.row, {})[each.column] = each.severity
    return wanted


# --- notes


def _noted(
    package: Package, part: str, frame: Frame, marks: Sequence[Mark], looks: Looks, book: Book, facts: Facts
) -> str | None:
    """Give a sheet the notes of its marks, and return what `patch` has to know of their shapes."""
    stored = _stored_notes(package, part)
    notes = Notes(package.read(stored) if stored else book.spelled(EMPTY_NOTES), stored or "comments")
    removed = notes.remove_ours()
    taken = notes.cells()
    free = [each for each in marks if (each.row, each.column) not in taken]
    facts.kept_notes += len(marks) - len(free)
    facts.unnoted += max(len(free) - MOST_NOTES, 0)
    free = free[:MOST_NOTES]
    if not free and not removed:
        return None
    if free:
        notes.add(free, looks.headings)
    _put_notes(package, part, stored, notes, book)
    shapes = _shapes_part(package, part, frame)
    before = package.read(shapes) if shapes else EMPTY_SHAPES
    after = without_notes(before, removed)
    if free:
        after = with_notes(after, free, frame, right_to_left=looks.right_to_left)
    return _put_shapes(package, part, shapes, after, book)


def _stored_notes(package: Package, part: str) -> str:
    relation = package.related(part, "comments")
    return relation.target if relation and relation.target in package else ""


def _put_notes(package: Package, part: str, stored: str, notes: Notes, book: Book) -> None:
    if notes.is_empty():
        relation = package.related(part, "comments")
        if stored and relation:
            package.drop(stored)
            package.unrelate(part, relation.id)
    elif stored:
        package.put(stored, notes.content)
    else:
        name = package.free("xl/comments{}.xml")
        package.add(name, NOTES_TYPE, notes.content)
        package.relate(part, "comments", name, strict=book.strict)


def _shapes_part(package: Package, part: str, frame: Frame) -> str:
    for relation in package.relations(part):
        if relation.id == frame.legacy_drawing and relation.target in package:
            return relation.target
    return ""


def _put_shapes(package: Package, part: str, shapes: str, content: bytes, book: Book) -> str | None:
    """Store the shapes of notes, and return what `patch` has to know: the id of a new relation to them."""
    if not has_shapes(content):
        if not shapes:
            return None
        for relation in package.relations(part):
            if relation.target == shapes:
                package.unrelate(part, relation.id)
        package.drop(shapes)
        return ""
    if shapes:
        package.put(shapes, content)
        return None
    name = package.free("xl/drawings/vmlDrawing{}.vml")
    package.add(name, SHAPES_TYPE, content)
    return package.relate(part, "vmlDrawing", name, strict=book.strict)
