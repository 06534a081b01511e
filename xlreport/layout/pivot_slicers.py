"""Place the slicers of a sheet: buttons above its native pivots, each driving one or several of them."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from xlreport.analysis.results import PivotTable
from xlreport.errors import SpecError
from xlreport.language import key
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.context import Context
from xlreport.layout.pivot_grid import Grid
from xlreport.plan_pivots import SlicerPlan
from xlreport.spec.records import SheetSpec, SlicerSpec
from xlreport.text import did_you_mean, listing, text_width

__all__ = ["pivot_slicers", "slicer_rows", "table_slicers"]

_BUTTONS: Final = key("Buttons that filter {what} by {field}.")
_ROWS: Final = 8
"""Rows of cells that slicers above pivots take, with one of air."""
_HEIGHT: Final = 3.2
"""Centimetres; likewise all below."""
_BUTTONS_DOWN: Final = 3
"""So many rows of buttons are in sight; more are reached by scrolling."""
_MOST_ACROSS: Final = 4
_BUTTON_WIDTHS: Final = (2.2, 5.0)
_LETTER: Final = 0.2
_EDGE: Final = 0.8
_BESIDE: Final = (4.6, 9.0)
"""Width and height of a slicer beside a data table."""
_BESIDE_ROWS: Final = 20


def slicer_rows(sheet: SheetSpec, tables: Sequence[PivotTable]) -> int:
    """Return how many rows the slicers of a sheet take above its pivots."""
    native = [table.pivot.name for table in tables if table.pivot.mode == "native"]
    is_driving = any(not spec.pivots or not set(spec.pivots).isdisjoint(native) for spec in sheet.slicers)
    return _ROWS if native and is_driving else 0


def pivot_slicers(canvas: Canvas, context: Context, sheet: SheetSpec, grids: Sequence[Grid]) -> None:
    """Place the slicers of native pivots side by side above them."""
    column = 1
    for spec in sheet.slicers:
        driven = [grid for grid in grids if grid.table.pivot.name in (spec.pivots or sheet.pivots)]
        driven = [grid for grid in driven if grid.table.pivot.mode == "native"]
        if driven:
            slicer = _of_pivots(context, spec, driven, column)
            canvas.slicers.append(slicer)
            column = canvas.column_after(column, slicer.width)


def _of_pivots(context: Context, spec: SlicerSpec, driven: Sequence[Grid], column: int) -> SlicerPlan:
    source = driven[0].table.source
    assert source is not None  # noqa: S101  # a native pivot has one
    axis = source.sliced[spec.field.name]
    plans = [context.places.natives[grid.table.pivot.name] for grid in driven]
    header = context.places.data[source.sheet].headers[axis.column]
    across = min(max(math.ceil(len(axis.order) / _BUTTONS_DOWN), 1), _MOST_ACROSS)
    what = context.language.listing(plan.alt_text for plan in plans)
    return SlicerPlan(
        name=context.places.new_slicer(header),
        caption=context.filled(spec.title or axis.title or header),
        table=plans[0].table,
        field=header,
        row=FIRST_ROW,
        column=column,
        width=max(across * _button_width(map(str, axis.order)) + _EDGE, _BESIDE[0]),
        height=_HEIGHT,
        pivots=tuple(plan.name for plan in plans),
        across=across,
        alt_text=context.language.text(_BUTTONS, what=what, field=header),
    )


def _button_width(labels: Iterable[str]) -> float:
    least, most = _BUTTON_WIDTHS
    return min(max(max(map(text_width, labels), default=0) * _LETTER + _EDGE, least), most)


def table_slicers(
    canvas: Canvas, context: Context, specs: Sequence[SlicerSpec], table: str, headers: dict[str, str]
) -> None:
    """Place slicers that filter the Excel table of a data sheet, right of it.

    SpecError where the sheet does not show the column.
    """
    row, column = FIRST_ROW, len(headers) + 2
    width, height = _BESIDE
    for spec in specs:
        if spec.field.name not in headers:
            known = f"it shows {listing(headers, most=40)}{did_you_mean(spec.field.name, headers)}"
            message = f"$.sheets.{canvas.name}.slicers: no column '{spec.field.name}' on the sheet; {known}"
            raise SpecError(message)
        header = headers[spec.field.name]
        canvas.slicers.append(
            SlicerPlan(
                name=context.places.new_slicer(header),
                caption=context.filled(spec.title or header),
                table=table,
                field=header,
                row=row,
                column=column,
                width=width,
                height=height,
                alt_text=context.language.text(_BUTTONS, what=canvas.title, field=header),
            )
        )
        row += _BESIDE_ROWS
