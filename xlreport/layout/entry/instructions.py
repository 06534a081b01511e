"""Lay out the first sheet of a form: how it is filled in, what its colours mean, and every field of it."""

from collections.abc import Sequence
from typing import Final

from xlreport.cells import quoted_sheet
from xlreport.language import key
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.entry.book import FormBook, Spot
from xlreport.layout.entry.conditions import reference_of
from xlreport.layout.entry.sheets import FormSheet
from xlreport.layout.entry.validations import MISSING, SUSPECT, WRONG, choice_of
from xlreport.layout.entry.words import allowed, example_of
from xlreport.plan import StyleRun
from xlreport.styles import Align, Role
from xlreport.tables import Kind

__all__ = ["put_instructions"]

_HEADING: Final = 28
_MEANING: Final = 46
_NEEDED: Final = 12
_ALLOWED: Final = 46
_EXAMPLE: Final = 16

_STEPS: Final = (
    key(
        "Fill in one row for each record, from row {row} on and without merging cells. Empty rows do no harm."
    ),
    key("Begin with the sheets that others choose from: where a cell has a list, choose from it."),
    key("Parts of a record, such as {parts}, stand on sheets of their own, where each row names its record."),
    key("Choose a cell to see what it can hold; rest the mouse on a heading to see what it means."),
    key("Cells that you paste over are not checked on entry. Their colour shows what is wrong, see below."),
    key(
        "The headings are locked against accidents only, without a password. Rows can be inserted, deleted, "
        "sorted and filtered."
    ),
)
_LEGEND: Final = (
    (
        "header",
        key("Heading *"),
        key("Every row needs a value here; the asterisk stands behind the heading."),
    ),
    ("muted", key("Heading"), key("A value here is optional.")),
    (MISSING, "", key("A value is missing in a row that has been begun.")),
    (WRONG, key("wrong"), key("The value is not allowed.")),
    (SUSPECT, key("look"), key("The value is possible, but should be looked at.")),
)


def put_instructions(canvas: Canvas, book: FormBook) -> None:
    """Place the whole sheet."""
    for number, width in enumerate((_HEADING, _MEANING, _NEEDED, _ALLOWED, _EXAMPLE), 1):
        canvas.widths[number] = width
    row = _steps(canvas, book, FIRST_ROW)
    row = _legend(canvas, book, row)
    row = _contents(canvas, book, row)
    for sheet in book.sheets:
        row = _fields(canvas, book, sheet, row)
    canvas.repeat_rows = (1, 1)


def _heading(canvas: Canvas, row: int, text: str) -> int:
    canvas.put(Role.HEADING, row, 1, [[text]], measured=False)
    canvas.heights[row] = 22
    return row + 1


def _steps(canvas: Canvas, book: FormBook, row: int) -> int:
    language = book.language
    row = _heading(canvas, row, language.text("How to fill in this form"))
    parts = [sheet.title for sheet in book.sheets if sheet.array]
    lists = any(reference_of(spot, book) for spot in _spots(book.sheets))
    shown = [step for step in _STEPS if (parts or "{parts}" not in step) and (lists or step != _STEPS[1])]
    first = book.sheets[0].first_row if book.sheets else FIRST_ROW
    for number, step in enumerate(shown, 1):
        text = language.text(step, row=language.number(first), parts=language.listing(parts, most=3))
        canvas.put(Role.TEXT, row, 1, [[f"{language.number(number)}."]], align=Align.RIGHT, measured=False)
        _wide_paragraph(canvas, row, text)
        row += 1
    return row + 1


def _wide_paragraph(canvas: Canvas, row: int, text: str) -> None:
    """Place a line of text that goes on over the columns at its right; a long one becomes two."""
    canvas.put(Role.TEXT, row, 2, [[text]], measured=False)
    canvas.runs[-1] = StyleRun(canvas.runs[-1].range, canvas.runs[-1].style.with_(wrap=False))


def _legend(canvas: Canvas, book: FormBook, row: int) -> int:
    theme, text = book.theme, book.language.text
    row = _heading(canvas, row, text("What the colours mean"))
    for look, sample, meaning in _LEGEND:
        canvas.put(Role.BODY, row, 1, [[text(sample) or None]], measured=False)
        style = canvas.runs[-1].style
        if look in ("header", "muted"):
            style = theme.style(Role.HEADER).with_(fill=theme.accent if look == "header" else theme.muted)
        else:
            style = style.with_(fill=look, color=theme.bad if look == WRONG else theme.ink)
        canvas.runs[-1] = StyleRun(canvas.runs[-1].range, style)
        canvas.put(Role.BODY, row, 2, [[text(meaning)]], measured=False)
        row += 1
    return row + 1


def _contents(canvas: Canvas, book: FormBook, row: int) -> int:
    text = book.language.text
    row = _heading(canvas, row, text("The sheets"))
    canvas.put(Role.HEADER, row, 1, [[text("Sheet"), text("What it holds")]], measured=False)
    row += 1
    for sheet in book.sheets:
        target, tooltip = f"{quoted_sheet(sheet.name)}!A1", text("Go to {sheet}", sheet=sheet.name)
        canvas.link(row, 1, sheet.name, target, tooltip)
        canvas.put(Role.BODY, row, 2, [[sheet.description or sheet.title]], measured=False)
        row += 1
    if book.choices.found:
        target = f"{quoted_sheet(book.choices.sheet)}!A1"
        canvas.link(row, 1, book.choices.sheet, target, text("Go to {sheet}", sheet=book.choices.sheet))
        canvas.put(Role.BODY, row, 2, [[text("What the drop-down lists offer.")]], measured=False)
        row += 1
    return row + 1


def _spots(sheets: Sequence[FormSheet]) -> list[Spot]:
    return [Spot(sheet, number) for sheet in sheets for number in range(1, len(sheet.columns) + 1)]


def _fields(canvas: Canvas, book: FormBook, sheet: FormSheet, row: int) -> int:
    """Place the table of a sheet's columns."""
    text = book.language.text
    start = row
    row = _heading(canvas, row, sheet.name)
    titles = book.language.texts("Heading", "What it means", "Needed", "What is allowed", "Example")
    canvas.put(Role.HEADER, row, 1, [list(titles)], measured=False)
    canvas.kept_together.append((start, row + 1))
    row += 1
    for spot in _spots([sheet]):
        column = spot.column
        canvas.put(Role.TEXT, row, 1, [[column.heading]], measured=False)
        canvas.paragraph(Role.TEXT, row, 2, _meaning(spot, book), width=_MEANING)
        canvas.put(Role.TEXT, row, 3, [[_needed(spot, book) or None]], measured=False)
        canvas.paragraph(Role.TEXT, row, 4, _allowed(spot, book), width=_ALLOWED)
        example = example_of(column)
        number_format = book.theme.date_format if column.kind is Kind.DATE else "General"
        canvas.put(Role.TEXT, row, 5, [[example]], [number_format], align=Align.LEFT, measured=False)
        row += 1
    if not sheet.columns:
        canvas.put(Role.NOTE, row, 1, [[text("The schema describes no fields.")]], measured=False)
        row += 1
    return row + 1


def _meaning(spot: Spot, book: FormBook) -> str:
    if spot.column.is_key:
        found = reference_of(spot, book)
        if found:
            return book.language.text(
                "Which record the row belongs to: its value in the column {column} of the sheet {sheet}.",
                column=found[0].column.heading,
                sheet=found[0].sheet.name,
            )
        return book.language.text("Which part of the record the row belongs to.")
    return spot.column.description


def _needed(spot: Spot, book: FormBook) -> str:
    need = spot.column.need
    if need is None:
        return ""
    if need == spot.sheet.row_path:
        return book.language.text("always")
    return book.language.text("with others")


def _allowed(spot: Spot, book: FormBook) -> str:
    found = reference_of(spot, book)
    if found:
        return choice_of(found[0], book.language)
    return allowed(spot.column, book.language)
