"""Place the slicers of a sheet: buttons beside its native pivots, each driving one or several of them."""

from collections.abc import Sequence
from typing import Final

from xlreport.errors import SpecError
from xlreport.language import key
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.context import Context
from xlreport.layout.pivot_grid import Grid
from xlreport.plan_pivots import SlicerPlan
from xlreport.spec.records import SheetSpec, SlicerSpec
from xlreport.text import did_you_mean, listing

__all__ = ["pivot_slicers", "table_slicers"]

_BUTTONS: Final = key("Buttons that filter {what} by {field}.")
_WIDTH: Final = 4.6
"""Centimetres."""
_BUTTON: Final = 0.66
_HEAD: Final = 1.1
_MOST_BUTTONS: Final = 12
"""More are reached by scrolling."""
_LINE: Final = 0.4763
"""Centimetres that a row of 13.5 points is high."""


def pivot_slicers(
    canvas: Canvas, context: Context, sheet: SheetSpec, grids: Sequence[Grid], row: int, column: int
) -> int:
    """Place the slicers of native pivots from ``row`` and ``column`` on; return the column right of them."""
    native = {plan.range: plan for plan in canvas.pivots}
    placed = False
    for spec in sheet.slicers:
        driven = [
            grid
            for grid in grids
            if grid.cells in native and grid.table.pivot.name in (spec.pivots or sheet.pivots)
        ]
        if not driven:
            continue
        source = driven[0].table.source
        assert source is not None  # noqa: S101  # a native pivot has one
        axis = source.sliced[spec.field.name]
        plans = [native[grid.cells] for grid in driven]
        height = _height(len(axis.order))
        header = context.places.data[source.sheet].headers[axis.column]
        slicer = SlicerPlan(
            name=context.places.new_slicer(header),
            caption=context.filled(spec.title or header),
            table=plans[0].table,
            field=header,
            row=row,
            column=column,
            width=_WIDTH,
            height=height,
            pivots=tuple(plan.name for plan in plans),
            alt_text=context.language.text(
                "Buttons that filter {pivots} by {field}.",
                pivots=", ".join(plan.alt_text for plan in plans),
                field=header,
            ),
        )
        canvas.slicers.append(slicer)
        row += round(height / _LINE) + 1
        placed = True
    return column + 3 if placed else column


def table_slicers(
    canvas: Canvas, context: Context, specs: Sequence[SlicerSpec], table: str, headers: dict[str, str]
) -> None:
    """Place slicers that filter the Excel table of a data sheet, right of it.

    SpecError where the sheet does not show the column.
    """
    row, column = FIRST_ROW, len(headers) + 2
    for spec in specs:
        if spec.field.name not in headers:
            known = f"it shows {listing(headers, most=40)}{did_you_mean(spec.field.name, headers)}"
            message = f"$.sheets.{canvas.name}.slicers: no column '{spec.field.name}' on the sheet; {known}"
            raise SpecError(message)
        header = headers[spec.field.name]
        height = _height(_MOST_BUTTONS)
        canvas.slicers.append(
            SlicerPlan(
                name=context.places.new_slicer(header),
                caption=context.filled(spec.title or header),
                table=table,
                field=header,
                row=row,
                column=column,
                width=_WIDTH,
                height=height,
                alt_text=context.language.text("Buttons that filter the rows by {field}.", field=header),
            )
        )
        row += round(height / _LINE) + 1


def _height(buttons: int) -> float:
    return _HEAD + _BUTTON * min(max(buttons, 1), _MOST_BUTTONS)
