"""Lay out the contents: every sheet with a link and what it shows, and how good the data was."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from xlreport.cells import quoted_sheet
from xlreport.layout.canvas import FIRST_ROW
from xlreport.layout.context import Context
from xlreport.layout.definitions import quality_line
from xlreport.plan import SheetPlan
from xlreport.spec.records import SheetSpec
from xlreport.styles import Align, Role
from xlreport.text import text_width

__all__ = ["contents_sheet"]

_NOTE_WIDTH: Final = 58


def contents_sheet(
    sheet: SheetSpec, context: Context, sheets: Sequence[SheetPlan], as_of: dt.date
) -> SheetPlan:
    """Return the sheet of contents for the ``sheets`` of the workbook."""
    language, organisation = context.language, context.analysis.spec.parameters.organisation
    canvas = context.canvas(replace(sheet, title=context.analysis.spec.title), landscape=False)
    dated = language.text("As of {day}", day=language.forms.day(as_of))
    canvas.head(" · ".join(part for part in (organisation, dated) if part))
    canvas.put(Role.HEADER, FIRST_ROW, 1, [language.texts("Sheet", "What it shows")])
    canvas.put(Role.HEADER, FIRST_ROW, 3, [language.texts("Rows")], align=Align.RIGHT)
    row = FIRST_ROW
    for plan in sheets:
        if plan.name == sheet.name:
            continue
        row += 1
        tooltip = language.text("Go to {sheet}", sheet=plan.name)
        canvas.link(row, 1, plan.name, f"{quoted_sheet(plan.name)}!A1", tooltip)
        canvas.widen(1, text_width(plan.name) + 2)
        canvas.put(Role.BODY, row, 2, [[plan.title]])
        detail = context.places.details.get(plan.name)
        rows = detail.height if detail else sum(table.range.height - 1 for table in plan.tables)
        canvas.put(Role.BODY, row, 3, [[rows or None]], [context.theme.integer_format])
    for note in (quality_line(context), *context.analysis.notes, *_split_note(context)):
        row += 1 if row > FIRST_ROW + len(sheets) else 2
        canvas.paragraph(Role.NOTE, row, 2, note, width=_NOTE_WIDTH)
    canvas.widen(1, 24)
    canvas.widen(2, _NOTE_WIDTH)
    canvas.widen(3, 12)
    return canvas.plan()


def _split_note(context: Context) -> list[str]:
    split = [name for name, place in context.places.data.items() if len(place.sheets) > 1]
    language = context.language
    beside = [
        language.text(
            "All {n} rows of {sheet} are in the file beside this workbook whose name ends in {ending}; "
            "the sheet shows the first.",
            n=language.number(detail.height),
            sheet=name,
            ending=f".{detail.name}.parquet",
        )
        for name, detail in context.places.details.items()
    ]
    return [*(language.text("{sheet} goes on over several sheets.", sheet=name) for name in split), *beside]
