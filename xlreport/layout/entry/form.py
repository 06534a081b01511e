"""Turn the sheets of a form, and the rows that they are filled with, into the plan of a workbook."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from xlreport.cells import MAX_COLUMNS, MAX_ROWS, Range
from xlreport.errors import UsageError
from xlreport.language import Language
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.entry.book import FormBook, Spot
from xlreport.layout.entry.filling import Rows
from xlreport.layout.entry.instructions import put_instructions
from xlreport.layout.entry.lists import Choices, put_lists
from xlreport.layout.entry.names import Names
from xlreport.layout.entry.notes import note_of
from xlreport.layout.entry.sheets import FormSheet, form_sheets, own_names
from xlreport.layout.entry.styles import body_style, header_style, width_of
from xlreport.layout.entry.validations import SUSPECT, checks_of
from xlreport.layout.logo import with_logos
from xlreport.marks import FORM_SHEETS
from xlreport.page_lines import coded
from xlreport.plan import (
    Block,
    CellValue,
    ColumnStyle,
    ConditionalFormat,
    Note,
    Protection,
    SheetPlan,
    StyleRun,
    Validation,
    WorkbookPlan,
)
from xlreport.registry import ResourceSchema
from xlreport.styles import Align, PageLine, Role, Style, Theme

__all__ = ["form_book", "lay_out_form"]

_HEAD_FILL: Final = "FFFFFF"
"""Of the cells above the headings: they look empty, and are locked."""
_ROOM: Final = 1_000
"""Rows that are left below those that a form is filled with."""

Filled = Mapping[tuple[str, str], Rows]
"""Resource and array -> rows."""


def form_book(
    resources: Mapping[str, ResourceSchema], rows: int, language: Language, theme: Theme
) -> FormBook:
    """Return a form with room for so many rows on each sheet."""
    instructions, lists = own_names(resources, language)
    sheets = form_sheets(resources, rows, language, (instructions, lists))
    names = Names()
    return FormBook(tuple(sheets), resources, names, Choices(lists, names), language, theme, instructions)


def lay_out_form(
    book: FormBook, filled: Filled, title: str, as_of: dt.datetime, organisation: str = ""
) -> WorkbookPlan:
    """Return the plan of the workbook; of a form that is not filled in, ``filled`` is empty.

    UsageError where there are more rows or columns than a sheet has.
    """
    book = _with_room(book, filled)
    language = book.language
    title = language.text("{title}: entry form", title=language.text(title))
    sheets = [
        _sheet(sheet, book, filled.get((sheet.resource, sheet.array)), title, organisation)
        for sheet in book.sheets
    ]
    instructions = _canvas(book, book.instructions, title, title, organisation)
    instructions.contents = ""
    instructions.head(
        language.text("Read this first. Then fill in the sheets, and hand the workbook in as it is.")
    )
    put_instructions(instructions, book)
    first = replace(instructions.plan(), protection=Protection(), tab_color=book.theme.accent)
    plans = with_logos([first], book.theme) + sheets
    if book.choices.found:
        plans.append(_lists(book, title, organisation))
    return WorkbookPlan(
        title=title,
        sheets=tuple(plans),
        as_of=as_of,
        subject=language.text("Entry form"),
        creator=organisation or "xlreport",
        names=_names(book, plans),
        theme=book.theme,
    )


def _names(book: FormBook, plans: Sequence[SheetPlan]) -> dict[str, str]:
    """Return the defined names; two of them tell the reader which sheets hold no records."""
    ours = zip(FORM_SHEETS, (book.instructions, book.choices.sheet), strict=True)
    there = [sheet.name for sheet in plans]
    told = {name: Range(1, 1, 1, 1).on(sheet) for name, sheet in ours if sheet in there}
    found = sorted(book.names.found.items(), key=lambda pair: pair[0].casefold())
    return told | dict(found)


def _with_room(book: FormBook, filled: Filled) -> FormBook:
    """Return the form with room for the rows that it is filled with, and some more."""
    sheets = []
    for sheet in book.sheets:
        rows = filled.get((sheet.resource, sheet.array))
        last = max(sheet.last_row, FIRST_ROW + rows.height + _ROOM if rows else 0)
        if last > MAX_ROWS or len(sheet.columns) > MAX_COLUMNS:
            way_out = "Fill it with fewer records." if rows else "Ask for fewer rows (--rows)."
            message = (
                f"The sheet '{sheet.name}' would have {len(sheet.columns):,} columns and {last:,} rows; a "
                f"sheet ends at column {MAX_COLUMNS:,} and row {MAX_ROWS:,}. {way_out}"
            )
            raise UsageError(message)
        sheets.append(replace(sheet, last_row=last))
    return replace(book, sheets=tuple(sheets))


def _canvas(book: FormBook, name: str, shown: str, title: str, organisation: str) -> Canvas:
    words = {"title": title, "period": "", "organisation": organisation}
    lines = [
        coded(PageLine(*map(book.language.text, (line.left, line.middle, line.right))), words)
        for line in (book.theme.header, book.theme.footer)
    ]
    return Canvas(
        name,
        shown,
        book.theme,
        contents=book.instructions,
        header=lines[0],
        footer=lines[1],
        language=book.language,
    )


def _lists(book: FormBook, title: str, organisation: str) -> SheetPlan:
    language = book.language
    canvas = _canvas(book, book.choices.sheet, language.text("Lists to choose from"), title, organisation)
    canvas.head(language.text("The drop-down lists of the other sheets show what stands here."))
    put_lists(canvas, book.choices)
    return replace(canvas.plan(), protection=Protection(), tab_color=book.theme.muted)


# --- one entry sheet


def _sheet(sheet: FormSheet, book: FormBook, rows: Rows | None, title: str, organisation: str) -> SheetPlan:
    language = book.language
    canvas = _canvas(book, sheet.name, sheet.title, title, organisation)
    canvas.head(_subtitle(sheet, language))
    headings, extra = FIRST_ROW, list(rows.extra) if rows else []
    _put_headings(canvas, sheet, book, extra)
    width = len(sheet.columns) + len(extra)
    canvas.freeze = (headings + 1, 1 + max(1, sheet.keys))
    canvas.repeat_rows, canvas.repeat_columns = (headings, headings), (1, max(1, sheet.keys))
    if rows and rows.height:
        canvas.blocks.append(_body(sheet, rows))
    for number, column in enumerate(sheet.columns, 1):
        canvas.widths[number] = width_of(column, rows.columns[number - 1] if rows else ())
    validations, marks, notes = _checks(sheet, book)
    plan = canvas.plan()
    body = [body_style(column, book.theme, language) for column in sheet.columns]
    body += [book.theme.style(Role.BODY).with_(locked=False)] * len(extra)
    runs = (
        [StyleRun(Range.at(headings + 1, at, rows.height), style) for at, style in enumerate(body, 1)]
        if rows and rows.height
        else []
    )
    rest = ColumnStyle(width + 1, MAX_COLUMNS, book.theme.style(Role.BODY).with_(locked=False))
    return replace(
        plan,
        styles=(*plan.styles, *_head(plan, width, book.theme), *runs),
        columns=(*(ColumnStyle(at, at, style) for at, style in enumerate(body, 1)), rest),
        validations=tuple(validations),
        conditional=tuple(marks),
        notes=tuple(notes),
        protection=Protection(rows=True),
        filter=Range(headings, 1, sheet.last_row, width),
        gridlines=True,
        tab_color="" if sheet.array else book.theme.accent,
    )


def _subtitle(sheet: FormSheet, language: Language) -> str:
    one = language.text("One row for each {record}", record=language.forms.within(sheet.record_title))
    needed = language.text("Headings with * need a value in every row")
    return " · ".join([*filter(None, [sheet.description.rstrip(".")]), one, needed])


def _put_headings(canvas: Canvas, sheet: FormSheet, book: FormBook, extra: Sequence[str]) -> None:
    styles = [header_style(column, book.theme, book.language) for column in sheet.columns]
    styles += [_extra_style(book.theme)] * len(extra)
    texts: list[CellValue] = [*(column.heading for column in sheet.columns), *extra]
    if not texts:
        return
    canvas.put(Role.HEADER, FIRST_ROW, 1, [texts])
    del canvas.runs[-len(texts) :]
    canvas.runs += [StyleRun(Range.at(FIRST_ROW, at), style) for at, style in enumerate(styles, 1)]


def _extra_style(theme: Theme) -> Style:
    return theme.style(Role.HEADER).with_(fill=SUSPECT, color=theme.ink, align=Align.LEFT)


def _body(sheet: FormSheet, rows: Rows) -> Block:
    extra = [[cells.get(row) for row in range(rows.height)] for cells in rows.extra.values()]
    return Block(Role.BODY, sheet.first_row, 1, (*rows.columns, *extra))


def _head(plan: SheetPlan, width: int, theme: Theme) -> list[StyleRun]:
    """Return the style of the empty cells above the headings, so that they are locked."""
    white = theme.style(Role.BODY).with_(fill=_HEAD_FILL)
    taken = {(block.row, block.column) for block in plan.blocks if block.row < FIRST_ROW}
    runs = []
    for row in range(1, FIRST_ROW):
        first = 2 if (row, 1) in taken else 1
        runs += [StyleRun(Range(row, first, row, width), white)] if first <= width else []
    return runs


def _checks(sheet: FormSheet, book: FormBook) -> tuple[list[Validation], list[ConditionalFormat], list[Note]]:
    validations: list[Validation] = []
    marks: list[ConditionalFormat] = []
    notes: list[Note] = []
    for number in range(1, len(sheet.columns) + 1):
        spot = Spot(sheet, number)
        checks = checks_of(spot, book)
        validations.append(checks.validation)
        marks += checks.marks
        notes.append(note_of(spot, book))
    return validations, marks, notes
