"""Turn the sheets of .xlsx, .xlsm, .xlsb, .xls and .ods workbooks into rows.

A formula counts by the value that was stored with it. The reader of cells (calamine) gives an error such
as #DIV/0! as an empty cell; in .xlsx and .xlsm files the errors are looked up in the package.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import python_calamine as calamine

from xlreport.cells import cell_name
from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Listed, Name, Numeral, Sentence, guess, one_after_the_other
from xlreport.sources.columns import Layout
from xlreport.sources.description import Part
from xlreport.sources.guard import guard
from xlreport.sources.headings import HeadingRow, heading_text
from xlreport.sources.items import Item, Run, UnreadableError
from xlreport.sources.package import (
    PACKAGE_ERRORS,
    SheetFacts,
    holds_values,
    is_package,
    issues_sheet,
    last_column,
    sheet_facts,
)
from xlreport.sources.tabular import Row, is_blank, table_items
from xlreport.tables import Field
from xlreport.text import shown

__all__ = ["Tab", "headings_of", "sheet_name", "tabs", "workbook_items"]

LayoutOf = Callable[[HeadingRow], Layout]
"""The headings of a sheet -> which column fills which path."""

_MOST_CELLS: Final = 100_000_000
"""Cells between A1 and the last one; the reader holds all of them, empty or not, at 32 bytes each."""
_PANIC: Final = "PanicException"
"""What the reader's Rust raises on some damaged files; it has no module that it could be imported from."""
_ZIP: Final = b"PK\x03\x04"
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


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
    ours = issues_sheet(part.path) if is_package(part.path) else ""
    for sheet in book.sheets_metadata:
        if sheet.typ is calamine.SheetTypeEnum.WorkSheet and sheet.name != ours:
            hidden = sheet.visible is not calamine.SheetVisibleEnum.Visible
            yield Tab(sheet.name, hidden, _is_empty(book, part, sheet.name))


def sheet_name(part: Part) -> str:
    """Return the name of the sheet that the part is; UnreadableError where the workbook has none such."""
    with _opened(part) as book:
        return _sheet_name(book, part)


def _sheet_name(book: calamine.CalamineWorkbook, part: Part) -> str:
    if part.sheet is None:
        first = next((tab.name for tab in _tabs(book, part) if not tab.empty), None)
        if first is None:
            raise UnreadableError(_empty(part, ""))
        return first
    names = book.sheet_names
    if isinstance(part.sheet, int):
        if part.sheet <= len(names):
            return names[part.sheet - 1]
    elif part.sheet in names:
        return part.sheet
    raise UnreadableError(_missing_sheet(part, names))


def headings_of(part: Part) -> tuple[str, ...]:
    """Return the headings of a sheet; UnreadableError where it has none."""
    with _opened(part) as book:
        sheet = book.get_sheet_by_name(_sheet_name(book, part))
    found = next((cells for cells in sheet.iter_rows() if not is_blank(cells)), None)
    if found is None:
        raise UnreadableError(_empty(part, str(part.sheet)))
    return tuple(map(heading_text, found))


def workbook_items(
    part: Part, fields: Mapping[str, Field], layout_of: LayoutOf | None = None
) -> Iterator[Item | Run]:
    """Iterate over the records of a sheet; ``row`` is the row of the sheet, whatever stands above it.

    ``layout_of`` lays out the columns of a sheet whose rows are parts of records; without it, they are
    records of the ``fields``.
    """
    with _opened(part) as book:
        name = _sheet_name(book, part)
        facts = sheet_facts(part.path, name) if is_package(part.path) else SheetFacts()
        if facts.rows * facts.columns_at_most > _MOST_CELLS:
            _check_size(part, name, facts.rows, last_column(part.path, name))
        sheet = book.get_sheet_by_name(name)
    first_column = (sheet.start or (0, 0))[1] + 1
    rows = _rows(sheet, facts.errors, first_column)
    headings = next((row for row in rows if row.number >= part.header_row and not is_blank(row.cells)), None)
    if headings is None:
        raise UnreadableError(_empty(part, name))
    texts = tuple(heading_text(cell) for cell in headings.cells)
    heading_row = HeadingRow(texts, part.file, headings.number, name, first_column)
    layout = layout_of(heading_row) if layout_of else None
    yield from table_items(heading_row, rows, part, fields, layout=layout)


def _rows(
    sheet: calamine.CalamineSheet, errors: Mapping[int, list[tuple[int, str]]], first_column: int
) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number in errors:
            yield Row(number, cells, tuple((column - first_column, text) for column, text in errors[number]))
        else:
            yield Row(number, cells)


@contextlib.contextmanager
def _opened(part: Part) -> Iterator[calamine.CalamineWorkbook]:
    guard(part)
    try:
        with part.path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            yield book
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
    if rows * columns <= _MOST_CELLS:
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


def _empty(part: Part, sheet: str) -> Finding:
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
