"""Open the sheets of .xlsx, .xlsm, .xlsb, .xls and .ods workbooks, and say why one cannot be opened."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import python_calamine as calamine

from xlreport.cells import MAX_ROWS, cell_name
from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Listed, Name, Numeral, Sentence, guess, one_after_the_other
from xlreport.sources.description import Part
from xlreport.sources.guard import guard
from xlreport.sources.headings import heading_text
from xlreport.sources.items import UnreadableError
from xlreport.sources.package import PACKAGE_ERRORS, first_rows, holds_values, is_package, own_sheets
from xlreport.sources.sheet_facts import SheetFacts, last_column, sheet_facts
from xlreport.text import shown

__all__ = ["OpenedSheet", "Tab", "empty_sheet", "first_texts", "opened_sheet", "sheet_name", "tabs"]

_MOST_CELLS: Final = 100_000_000
"""Cells between A1 and the last one; the reader holds all of them, empty or not, at 32 bytes each."""
_PANIC: Final = "PanicException"
"""What the reader's Rust raises on some damaged files; it has no module that it could be imported from."""
_ZIP: Final = b"PK\x03\x04"
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A worksheet with its cells."""

    name: str
    cells: calamine.CalamineSheet
    facts: SheetFacts
    hidden: bool
    looked_into: bool
    """Whether the facts are those of the sheet; the files of other kinds than .xlsx do not tell them."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A worksheet, seen from outside."""

    name: str
    hidden: bool
    empty: bool


def tabs(part: Part) -> list[Tab]:
    """Return the worksheets of a workbook in their order; raise UnreadableError where the file is none."""
    with _opened(part) as book:
        return list(_tabs(book, part))


def _tabs(book: calamine.CalamineWorkbook, part: Part) -> Iterator[Tab]:
    ours = own_sheets(part.path) if is_package(part.path) else ()
    for sheet in book.sheets_metadata:
        if sheet.typ is calamine.SheetTypeEnum.WorkSheet and sheet.name not in ours:
            yield Tab(sheet.name, _is_hidden(sheet), _is_empty(book, part, sheet.name))


def _is_hidden(sheet: calamine.SheetMetadata) -> bool:
    return sheet.visible is not calamine.SheetVisibleEnum.Visible


def sheet_name(part: Part) -> str:
    """Return the name of the sheet that the part is; UnreadableError where the workbook has none such."""
    with _opened(part) as book:
        return _sheet_name(book, part)


def _sheet_name(book: calamine.CalamineWorkbook, part: Part) -> str:
    if part.sheet is None:
        first = next((tab.name for tab in _tabs(book, part) if not tab.empty), None)
        if first is None:
            raise UnreadableError(empty_sheet(part, ""))
        return first
    names = book.sheet_names
    if isinstance(part.sheet, int):
        if part.sheet <= len(names):
            return names[part.sheet - 1]
    elif part.sheet in names:
        return part.sheet
    raise UnreadableError(_missing_sheet(part, names))


def opened_sheet(part: Part) -> OpenedSheet:
    """Return the sheet that the part is, with its cells in memory; UnreadableError where it cannot be had."""
    with _opened(part) as book:
        name = _sheet_name(book, part)
        looked_into = is_package(part.path)
        facts = sheet_facts(part.path, name) if looked_into else SheetFacts()
        if facts.rows > MAX_ROWS or facts.rows * facts.columns_at_most > _MOST_CELLS:
            _check_size(part, name, facts.rows, last_column(part.path, name))
        hidden = any(tab.name == name and _is_hidden(tab) for tab in book.sheets_metadata)
        return OpenedSheet(name, book.get_sheet_by_name(name), facts, hidden, looked_into)


def first_texts(part: Part, most: int) -> list[tuple[int, list[str]]]:
    """Return the first ``most`` rows of a sheet that hold anything, with their numbers, as texts.

    In packages no more is read than that; UnreadableError where the file is no workbook.
    """
    if isinstance(part.sheet, str) and is_package(part.path):
        guard(part)
        with _content_errors(part):
            rows = first_rows(part.path, part.sheet, most)
        width = max((column for _, cells in rows for column in cells), default=0)
        return [(number, [cells.get(at, "") for at in range(1, width + 1)]) for number, cells in rows]
    with _opened(part) as book:
        cells_by_row = enumerate(book.get_sheet_by_name(_sheet_name(book, part)).iter_rows(), 1)
        filled = ((number, list(map(heading_text, cells))) for number, cells in cells_by_row)
        return list(itertools.islice((row for row in filled if any(row[1])), most))


@contextlib.contextmanager
def _opened(part: Part) -> Iterator[calamine.CalamineWorkbook]:
    guard(part)
    with (
        _content_errors(part),
        part.path.open("rb") as file,
        calamine.CalamineWorkbook.from_filelike(file) as book,
    ):
        yield book


@contextlib.contextmanager
def _content_errors(part: Part) -> Iterator[None]:
    """Raise UnreadableError where what stands in the file is at fault."""
    try:
        yield
    except BaseException as error:
        if _is_about_content(error):
            raise UnreadableError(_broken(part, error)) from error
        raise


def _is_about_content(error: BaseException) -> bool:
    """Tell whether an error comes from what stands in the file rather than from the machine."""
    if isinstance(error, OSError):
        return error.filename is None  # raised while unpacking
    return isinstance(error, (calamine.CalamineError, *PACKAGE_ERRORS)) or type(error).__name__ == _PANIC


def _is_empty(book: calamine.CalamineWorkbook, part: Part, name: str) -> bool:
    if is_package(part.path):
        return not holds_values(part.path, name)
    return book.get_sheet_by_name(name).start is None


def _broken(part: Part, error: BaseException) -> Finding:
    with part.path.open("rb") as file:
        head = file.read(4)
    if not head:
        reason, hint = Sentence("it is empty"), Sentence("Save or fetch the file again.")
    elif head.startswith(_COMPOUND_FILE) and _ENCRYPTED in part.path.read_bytes():
        reason = Sentence("it is protected by a password")
        hint = Sentence("Save it without a password.")
    elif not head.startswith((_COMPOUND_FILE, _ZIP)):
        reason = Sentence("its content is not that of one")
        hint = Sentence("Name it by what it is, such as .csv, or save it anew.")
    else:
        reason = Sentence("{reason}", reason=Name(_technical(part, error)))
        hint = Sentence("It may have been cut short: open it in Excel and save it again.")
    return Finding(
        code="broken-workbook",
        severity=Severity.ERROR,
        message=Sentence(
            "{file} cannot be read as a workbook: {reason}.", file=Name(part.file), reason=reason
        ),
        hint=hint,
        place=Place(file=part.file),
    )


def _technical(part: Part, error: BaseException) -> str:
    """Return what is wrong, in the words of the reader for the file's ending, which says the most."""
    try:
        calamine.CalamineWorkbook.from_path(part.path)
    except BaseException as detailed:
        if not _is_about_content(detailed):
            raise
        error = detailed
    return str(error).rstrip(".")


def _check_size(part: Part, sheet: str, rows: int, columns: int) -> None:
    """Raise UnreadableError where the cells of the sheet would take up too much memory."""
    if rows <= MAX_ROWS and rows * columns <= _MOST_CELLS:
        return
    corner = cell_name(rows, columns)
    finding = Finding(
        code="sheet-too-large",
        severity=Severity.ERROR,
        message=Sentence(
            "The sheet {sheet} of {file} reaches to {cell}, which makes {cells} cells; "
            "at most {most} can be read.",
            sheet=Name(shown(sheet)),
            file=Name(part.file),
            cell=Name(corner),
            cells=Numeral(rows * columns),
            most=Numeral(_MOST_CELLS),
        ),
        hint=Sentence(
            "A cell far from the others is in use: press Ctrl+End in Excel, and delete what stands there."
        ),
        place=Place(file=part.file, sheet=sheet, row=rows, cell=corner),
        value=corner,
    )
    raise UnreadableError(finding)


def _missing_sheet(part: Part, names: list[str]) -> Finding:
    return Finding(
        code="missing-sheet",
        severity=Severity.ERROR,
        message=Sentence(
            "{file} has no sheet {sheet}; it has {sheets}.",
            file=Name(part.file),
            sheet=Name(shown(part.sheet)),
            sheets=Listed(Name(shown(name)) for name in names),
        ),
        hint=one_after_the_other(
            guess(str(part.sheet), names), Sentence('Correct "sheet" in the dataset file.')
        ),
        place=Place(file=part.file),
        value=part.sheet,
        expected=Listed(map(Name, names), "or"),
    )


def empty_sheet(part: Part, sheet: str) -> Finding:
    """Return the finding about a sheet that is blank from its heading row on."""
    what: str = Name(part.file)
    if sheet:
        what = Sentence("The sheet {sheet} of {file}", sheet=Name(shown(sheet)), file=what)
    message = Sentence("{what} holds no row of headings.", what=what)
    if part.header_row:
        row = Numeral(part.header_row)
        message = Sentence("{what} holds no row of headings at or below row {row}.", what=what, row=row)
    return Finding(
        code="empty-file",
        severity=Severity.ERROR,
        message=message,
        hint=Sentence("Fill the sheet, or correct headerRow in the dataset file."),
        place=Place(file=part.file, sheet=sheet),
        expected=Sentence("a row of headings"),
    )
