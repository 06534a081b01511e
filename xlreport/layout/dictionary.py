"""Lay out the data dictionary: every column of every data sheet, what it holds and what it means."""

from typing import Final

from xlreport.cells import Range
from xlreport.language import key
from xlreport.layout.canvas import FIRST_ROW
from xlreport.layout.context import Context
from xlreport.layout.texts import unique_headers
from xlreport.layout.wrapping import wrapped_lines
from xlreport.plan import CellValue, SheetPlan, TablePlan
from xlreport.spec.records import SheetSpec
from xlreport.styles import Role
from xlreport.tables import Kind

__all__ = ["dictionary_sheet"]

_HOLDS: Final = {
    Kind.TEXT: key("text"),
    Kind.INTEGER: key("integer"),
    Kind.DECIMAL: key("decimal"),
    Kind.BOOLEAN: key("boolean"),
    Kind.DATE: key("date"),
    Kind.DATETIME: key("datetime"),
}
_MEANING_WIDTH: Final = 60


def dictionary_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return the sheet: a table with a row per column."""
    canvas = context.canvas(sheet)
    language = context.language
    canvas.head(language.text("One row per column, in the order in which the columns stand"))
    rows: list[list[CellValue]] = []
    for name, table in context.analysis.data.items():
        headers = context.places.data[name].headers
        rows += [
            [
                name,
                headers[column.name],
                language.text(_HOLDS[column.kind]),
                column.description or column.title,
            ]
            for column in table.columns
        ]
    titles = unique_headers(language.texts("Sheet", "Column", "Holds", "Meaning"))
    canvas.put(Role.HEADER, FIRST_ROW, 1, [titles])
    if rows:
        canvas.put(Role.TEXT, FIRST_ROW + 1, 1, [row[:3] for row in rows])
        canvas.put(Role.TEXT, FIRST_ROW + 1, 4, [row[3:] for row in rows], measured=False)
        for row, (*_, meaning) in enumerate(rows, start=FIRST_ROW + 1):
            lines = wrapped_lines(str(meaning), _MEANING_WIDTH)
            canvas.heights[row] = lines * context.theme.line_height + 1.5
        whole = Range.at(FIRST_ROW, 1, len(rows) + 1, len(titles))
        own = context.places.new_table(sheet.key or sheet.name)
        canvas.tables.append(TablePlan(own, whole, tuple(titles)))
    canvas.widen(4, _MEANING_WIDTH)
    canvas.freeze = (FIRST_ROW + 1, 1)
    canvas.repeat_rows = (FIRST_ROW, FIRST_ROW)
    return canvas.plan()
