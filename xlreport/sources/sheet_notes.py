"""What a person should know of a sheet before its figures are believed: hidden rows, merged cells, totals."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from xlreport.cells import cell_name
from xlreport.findings import Finding, Severity
from xlreport.sentences import Counted, Listed, Name, Numeral, Sentence
from xlreport.sources.columns import Layout
from xlreport.sources.heading_rows import FoundHeadings, SheetRow
from xlreport.sources.headings import HeadingRow, heading_text, stray_blanks
from xlreport.sources.items import Cell
from xlreport.sources.sheet_facts import NO_DAY, Block, SheetFacts
from xlreport.sources.tabular import Row, error_cell
from xlreport.text import shown

__all__ = ["flawed_cell", "half_seen", "hidden_sheet", "is_total", "sheet_notes", "totals_row"]

_TOTALS: Final = frozenset(
    (
        *("total", "totals", "grand total", "sum", "sums", "total général", "totaux", "somme"),
        *("summe", "gesamt", "gesamtsumme", "insgesamt", "suma", "total general", "totale", "totaal"),
        *("итого", "всего", "合计", "总计", "小计", "المجموع", "الإجمالي", "المجموع الكلي"),
    )
)


def sheet_notes(
    row: HeadingRow, found: FoundHeadings, top: Sequence[SheetRow], facts: SheetFacts, layout: Layout
) -> Iterator[Finding]:
    """Iterate over what there is to say about a sheet as a whole."""
    above = [each for each in top if each.number < found.first_row]
    texts = [text for each in above for cell in each.cells if (text := heading_text(cell))]
    if texts or found.first_row < found.last_row:
        yield _headings_found(row, found, texts)
    blanks = stray_blanks(
        row, [each.cells for each in top if found.first_row <= each.number <= found.last_row]
    )
    if blanks:
        yield blanks
    hidden = [number for number in facts.hidden_rows if number > found.last_row]
    if hidden:
        yield _hidden_rows(row, hidden, filtered=facts.filtered)
    columns = list(_hidden_positions(row, facts, layout.used))
    if columns:
        yield _hidden_columns(row, columns)
    merged = [block for block in facts.merged if _is_in_data(block, row, layout.used)]
    if merged:
        yield _merged_cells(row, merged)


def _headings_found(row: HeadingRow, found: FoundHeadings, above: Sequence[str]) -> Finding:
    rows = [Numeral(number) for number in range(found.first_row, found.last_row + 1)]
    sheet, where = Name(shown(row.sheet)), Listed(rows)
    if above:
        texts = Listed((Name(shown(text)) for text in above), most=4)
        message = Sentence(
            "The headings of the sheet {sheet} stand in row {row}; what is above them is not read: {texts}.",
            sheet=sheet,
            row=where,
            texts=texts,
        )
        if len(rows) > 1:
            message = Sentence(
                "The headings of the sheet {sheet} stand in rows {rows}; "
                "what is above them is not read: {texts}.",
                sheet=sheet,
                rows=where,
                texts=texts,
            )
    else:
        message = Sentence("The headings of the sheet {sheet} stand in rows {rows}.", sheet=sheet, rows=where)
    return Finding(
        code="headings-found",
        severity=Severity.INFO,
        message=message,
        hint=Sentence('If they stand in another row, state it in the dataset file, such as "headerRow": 5.'),
        place=row.place(),
        value=found.last_row,
    )


def _hidden_rows(row: HeadingRow, hidden: Sequence[int], *, filtered: bool) -> Finding:
    rows, sheet = Counted(len(hidden), "row"), Name(shown(row.sheet))
    message = Sentence("Hidden on the sheet {sheet} and read like the rest: {what}.", sheet=sheet, what=rows)
    if filtered:
        message = Sentence(
            "Hidden on the sheet {sheet}, where a filter is set, and read like the rest: {what}.",
            sheet=sheet,
            what=rows,
        )
    hint = Sentence("Delete what is not meant to count.")
    place = row.place(None, hidden[0])
    return Finding("hidden-data", Severity.INFO, message, hint, place=place, value=len(hidden))


def _hidden_positions(row: HeadingRow, facts: SheetFacts, used: Collection[int]) -> Iterator[int]:
    for position in sorted(used):
        column = row.first_column + position
        if any(first <= column <= last for first, last in facts.hidden_columns):
            yield position


def _hidden_columns(row: HeadingRow, positions: Sequence[int]) -> Finding:
    message = Sentence(
        "Hidden on the sheet {sheet} and read like the rest: {what}.",
        sheet=Name(shown(row.sheet)),
        what=Listed(map(row.name, positions)),
    )
    hint = Sentence("Delete what is not meant to count.")
    place = row.place(positions[0])
    return Finding("hidden-data", Severity.INFO, message, hint, place=place, value=len(positions))


def hidden_sheet(row: HeadingRow) -> Finding:
    """Return the finding about a sheet that nobody sees, and that is read."""
    message = Sentence("The sheet {sheet} is hidden; it is read like the rest.", sheet=Name(shown(row.sheet)))
    hint = Sentence("Delete what is not meant to count.")
    return Finding("hidden-data", Severity.INFO, message, hint, place=row.place(), value=row.sheet)


def half_seen(row: HeadingRow) -> Finding:
    """Return the finding about a sheet in a file of a kind of which only the values are read."""
    return Finding(
        code="half-seen-sheet",
        severity=Severity.WARNING,
        message=Sentence(
            "Of the sheet {sheet} only the values are seen, since the file is no .xlsx: a cell with an error "
            "counts as empty, a number shown as 007 as 7, and what is hidden or was never calculated is not "
            "noticed.",
            sheet=Name(shown(row.sheet)),
        ),
        hint=Sentence("Save the workbook as .xlsx, and check that one."),
        place=row.place(),
        value=row.sheet,
    )


def _is_in_data(block: Block, row: HeadingRow, used: Iterable[int]) -> bool:
    columns = range(block.first_column - row.first_column, block.last_column - row.first_column + 1)
    return block.last_row > row.row and any(position in columns for position in used)


def _merged_cells(row: HeadingRow, merged: Sequence[Block]) -> Finding:
    first = merged[0]
    names = (
        Name(
            f"{cell_name(block.first_row, block.first_column)}:{cell_name(block.last_row, block.last_column)}"
        )
        for block in merged
    )
    return Finding(
        code="merged-cells",
        severity=Severity.WARNING,
        message=Sentence(
            "Cells are merged among the data ({cells}). Only the first one of those has a value; the others "
            "are empty.",
            cells=Listed(names, most=6),
        ),
        hint=Sentence("Unmerge the cells, and fill each one."),
        place=row.place(first.first_column - row.first_column, first.first_row),
        value=len(merged),
    )


def is_total(cells: Iterable[Cell]) -> bool:
    """Tell whether the first text in a row is that of a row of totals."""
    text = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
    return text.strip(" :.").casefold() in _TOTALS


def totals_row(row: HeadingRow, number: int, text: str) -> Finding:
    """Return the finding about a row that looks as if it added up those above it."""
    return Finding(
        code="totals-row",
        severity=Severity.WARNING,
        message=Sentence(
            "Row {row} looks like a row of totals ({text}); it is read as a record like the rest.",
            row=Numeral(number),
            text=Name(shown(text)),
        ),
        hint=Sentence("Take the row out: what it adds up would count twice."),
        place=row.place(None, number),
        value=text,
    )


def flawed_cell(headings: HeadingRow, row: Row, position: int, text: str) -> Finding:
    """Return the finding about a cell that has no value to be read: an error, or never calculated."""
    if text == NO_DAY:
        return Finding(
            code="no-such-day",
            severity=Severity.ERROR,
            message=Sentence(
                "The cell shows 29 February 1900, a day that Excel has and the calendar has not."
            ),
            hint=Sentence("Correct the date; if it is a number, give the cell another number format."),
            place=headings.place(position, row.number),
            value=text,
            group=headings.texts[position],
        )
    if not text.startswith("="):
        return error_cell(headings, row, position, text)
    return Finding(
        code="no-stored-value",
        severity=Severity.ERROR,
        message=Sentence("The cell has the formula {formula} but no stored value.", formula=shown(text))
        if text != "="  # of a formula that is shared, only the first cell has the text
        else Sentence("The cell has a formula but no stored value."),
        hint=Sentence("Open the file in Excel, which calculates it, and save it."),
        place=headings.place(position, row.number),
        value=text,
        group=headings.texts[position],
    )
