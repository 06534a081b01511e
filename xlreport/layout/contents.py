"""Lay out the contents: every sheet with a link and what it shows, and how good the data was."""

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

__all__ = ["contents_sheet"]

_NOTE_WIDTH: Final = 58


def contents_sheet(sheet: SheetSpec, context: Context, sheets: Sequence[SheetPlan], as_of: str) -> SheetPlan:
    """Return the sheet of contents for the ``sheets`` of the workbook."""
    canvas = context.canvas(replace(sheet, title=context.analysis.spec.title), landscape=False)
    organisation = context.analysis.spec.parameters.organisation
    canvas.head(" · ".join(part for part in (organisation, f"As of {as_of}") if part))
    canvas.put(Role.HEADER, FIRST_ROW, 1, [["Sheet", "What it shows"]])
    canvas.put(Role.HEADER, FIRST_ROW, 3, [["Rows"]], align=Align.RIGHT)
    row = FIRST_ROW
    for plan in sheets:
        if plan.name == sheet.name:
            continue
        row += 1
        canvas.link(row, 1, plan.name, f"{quoted_sheet(plan.name)}!A1", f"Go to {plan.name}")
        canvas.widen(1, len(plan.name) + 2)
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
    beside = [
        f"All {detail.height:,} rows of {name} are in the file beside this workbook whose name ends in "
        f".{detail.name}.parquet; the sheet shows the first."
        for name, detail in context.places.details.items()
    ]
    return [*(f"{name} goes on over several sheets." for name in split), *beside]
