"""Lay out pivots, one below the other: header, rows with subtotals, total, note; live sums and shares."""

from collections.abc import Sequence
from typing import Final

from xlreport.analysis.results import Number, PivotRow, PivotTable
from xlreport.cells import Range, cell_name
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.charts import Drawing, history_drawing, pivot_drawing, place_chart
from xlreport.layout.context import Context
from xlreport.layout.places import PivotPlace, Spot
from xlreport.layout.sparklines import LEAST_PERIODS, bars, change_icons, put_trends
from xlreport.plan import CellValue, Formula, SheetPlan
from xlreport.spec.records import ChartSpec, Measure, PivotValue, SheetSpec
from xlreport.styles import Align, Role

__all__ = ["pivot_sheet"]

_CHART_HEIGHT: Final = 9.0
_CHART_WIDTH: Final = 18.0
_LONG: Final = 30
"""Above so many rows the header of the first pivot stays in sight."""


def pivot_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return a sheet with its pivots; notes in the context's places where totals and rows stand."""
    canvas = context.canvas(sheet)
    tables = [context.analysis.pivots[name] for name in sheet.pivots]
    canvas.head(_subtitle(context, sheet, tables))
    row = FIRST_ROW
    for position, table in enumerate(tables):
        headed = len(tables) > 1
        header_row = row + headed
        first, row = row, _pivot(canvas, context, table, row, headed=headed)
        canvas.kept_together.append((first, row - 1))
        if position == 0:
            canvas.repeat_rows = (1, 2) if headed else (header_row, header_row)
            if len(table.rows) > _LONG:
                canvas.freeze = (header_row + 1, len(table.pivot.rows) + 1)
    canvas.even_widths(1 + max((len(table.pivot.rows) for table in tables), default=1))
    _charts(canvas, context, sheet, row)
    return canvas.plan()


def _subtitle(context: Context, sheet: SheetSpec, tables: Sequence[PivotTable]) -> str:
    parts = [context.filled(tables[0].pivot.title)] if len(tables) == 1 else []
    if context.analysis.spec.date:
        parts.append(f"Period {context.analysis.period.label}")
    if any(unit == "money" for table in tables for unit in table.units):
        parts.append(f"money in {context.money_unit}")
    return " · ".join([*parts, sheet.note] if sheet.note else parts)


def _pivot(canvas: Canvas, context: Context, table: PivotTable, row: int, *, headed: bool) -> int:
    """Write one pivot at ``row``; return the row at which the next may begin."""
    if headed:
        canvas.put(Role.HEADING, row, 1, [[context.filled(table.pivot.title)]], measured=False)
        canvas.heights[row] = 20
        row += 1
    _header(canvas, context, table, row)
    first = row + 1
    if not table.rows:
        canvas.put(Role.NOTE, first, 1, [["No rows in the period."]], measured=False)
        return first + 3
    for offset, item in enumerate(table.rows):
        _row(canvas, context, table, first, first + offset, item)
    last = first + len(table.rows) - 1
    _note_places(canvas, context, table, first)
    _marks(canvas, table, first, last)
    row = last + 1
    if table.pivot.note:
        canvas.put(Role.SUBTITLE, row, 1, [[context.filled(table.pivot.note)]], measured=False)
        row += 1
    return row + 2


def _header(canvas: Canvas, context: Context, table: PivotTable, row: int) -> None:
    width = len(table.pivot.rows)
    canvas.put(Role.HEADER, row, 1, [list(table.row_titles)])
    titles = [context.with_unit(title, unit) for title, unit in zip(table.titles, table.units, strict=True)]
    items = [" · ".join(filter(None, item.labels)) for item in table.items]
    if items and len(titles) == 1:
        labels = items
    elif items:
        labels = [f"{item}: {title}" for item in items for title in titles]
    else:
        labels = titles
    canvas.put(Role.HEADER, row, width + 1, [labels], align=Align.RIGHT)


def _row(canvas: Canvas, context: Context, table: PivotTable, first: int, row: int, item: PivotRow) -> None:
    role = {"total": Role.TOTAL, "subtotal": Role.SUBTOTAL}.get(item.kind, Role.BODY)
    labels = [label or None for label in item.labels]
    if item.kind == "body" and len(labels) > 1 and table.pivot.subtotals:
        labels[:-1] = [None] * (len(labels) - 1)
    canvas.put(role, row, 1, [labels])
    width = len(labels)
    for index, value in enumerate(item.values):
        spec = table.pivot.values[index % len(table.pivot.values)]
        column = width + 1 + index
        cell = _cell(context, table, first, row, column, item, value, spec)
        unit = table.units[index % len(table.units)]
        signed = spec.show in ("change", "changePercent")
        canvas.put(role, row, column, [[cell]], [context.format(unit, signed=signed)])


def _cell(
    context: Context,
    table: PivotTable,
    first: int,
    row: int,
    column: int,
    item: PivotRow,
    value: Number,
    spec: PivotValue,
) -> CellValue:
    """Return the value, as a live formula where the sheet itself holds what it is made of."""
    if value is None:
        return None
    if spec.show == "value" and item.kind in ("total", "subtotal"):
        cells = _members(table, first, row, column)
        if cells and _adds_up(context, spec):
            return Formula(f"SUBTOTAL(9,{cells})", value)
        return value
    source = _column_of_value(table, spec.measure, column)
    if source and table.total and spec.show == "share":
        total = cell_name(first + len(table.rows) - 1, source, absolute=True)
        return Formula(f"{cell_name(row, source)}/{total}", value)
    if (
        source
        and table.total
        and spec.show == "cumulativeShare"
        and _adds_up(context, spec)
        and _is_flat(table)
    ):
        total = cell_name(first + len(table.rows) - 1, source, absolute=True)
        head = cell_name(first, source, absolute=True)
        return Formula(f"SUM({head}:{cell_name(row, source)})/{total}", value)
    return value


def _is_flat(table: PivotTable) -> bool:
    """Tell whether every row but the total is a body row, so that running sums go straight down."""
    return len(table.pivot.rows) == 1 or not table.pivot.subtotals


def _members(table: PivotTable, first: int, row: int, column: int) -> Range | None:
    """Return the cells below a subtotal, or above the total, that add up to it."""
    position = row - first
    item = table.rows[position]
    if item.kind == "total":
        return Range(first, column, row - 1, column) if position else None
    last = position
    while last + 1 < len(table.rows) and table.rows[last + 1].level > item.level:
        last += 1
    return Range(row + 1, column, first + last, column) if last > position else None


def _adds_up(context: Context, spec: PivotValue) -> bool:
    measure = context.analysis.spec.measure(spec.measure)
    return isinstance(measure, Measure) and measure.aggregate in ("sum", "count")


def _column_of_value(table: PivotTable, measure: str, column: int) -> int | None:
    """Return the column, in the same column item, that shows the measure itself."""
    width, values = len(table.pivot.rows), table.pivot.values
    item = (column - width - 1) // len(values)
    for position, value in enumerate(values):
        if value.measure == measure and value.show == "value":
            return width + 1 + item * len(values) + position
    return None


def _note_places(canvas: Canvas, context: Context, table: PivotTable, first: int) -> None:
    name, width = table.pivot.name, len(table.pivot.rows)
    body = [position for position, item in enumerate(table.rows) if item.kind in ("body", "other")]
    context.places.pivot_bodies[name] = Spot(
        canvas.name, Range(first + body[0], 1, first + body[-1], width) if body else Range.at(first, 1)
    )
    rows = tuple(range(first, first + len(table.rows)))
    context.places.pivots[name] = PivotPlace(canvas.name, rows, width + 1, width, first - 1)
    total = next((position for position, item in enumerate(table.rows) if item.kind == "total"), None)
    if total is None:
        return
    item = _current_item(context, table)
    for position, value in enumerate(table.pivot.values):
        if value.show == "value":
            column = width + 1 + item * len(table.pivot.values) + position
            context.places.totals.setdefault(
                (name, value.measure), Spot(canvas.name, Range.at(first + total, column))
            )


def _current_item(context: Context, table: PivotTable) -> int:
    """Return the column item that stands for the current period: its own, or the total."""
    label = context.analysis.period.label
    if table.pivot.by_period:
        return [item.labels[0] for item in table.items].index(label)
    return max(len(table.items) - 1, 0)


def _marks(canvas: Canvas, table: PivotTable, first: int, last: int) -> None:
    """Put bars, arrows and small charts into the cells that are to have them."""
    width, values = len(table.pivot.rows), table.pivot.values
    end = last - bool(table.total)
    for item in range(max(len(table.items), 1)):
        for position, value in enumerate(values):
            column = width + 1 + item * len(values) + position
            if end > first and (value.bars or (value.show == "share" and not table.items)):
                bars(canvas, Range(first, column, end, column))
            if value.show in ("changePercent", "differencePercent"):
                change_icons(canvas, Range(first, column, last, column))
    moments = sum(item.kind == "body" for item in table.items)
    if table.pivot.sparklines and moments >= LEAST_PERIODS:
        trends = [
            (Range.at(first + at, width + 1, 1, moments), row.values[:moments])
            for at, row in enumerate(table.rows)
        ]
        put_trends(canvas, first - 1, width + 1 + len(table.items), trends)


def _charts(canvas: Canvas, context: Context, sheet: SheetSpec, row: int) -> None:
    for spec in sheet.charts:
        if spec.pivot:
            drawing = pivot_drawing(spec, context, _CHART_WIDTH, _CHART_HEIGHT)
        else:
            drawing = _history(canvas, context, spec)
        after = row
        if not isinstance(drawing.data, str):
            after = row + drawing.rows
            canvas.kept_together.append((row, after - 2))
        row = place_chart(canvas, context, drawing, row, 1, after)


def _history(canvas: Canvas, context: Context, spec: ChartSpec) -> Drawing:
    """Chart the history from the totals of a pivot on this sheet that has a column per period."""
    header = Range.at(1, 1)
    measures: list[tuple[str, Range]] = []
    for name in _pivots_by_period(canvas, context):
        table = context.analysis.pivots[name]
        measure = table.pivot.values[0].measure
        spot = context.places.totals.get((name, measure))
        if measure in spec.measures and spot and not measures:
            width, periods = len(table.pivot.rows), len(context.analysis.history)
            measures = [(measure, Range.at(spot.range.first_row, width + 1, 1, periods))]
            header = Range.at(context.places.pivots[name].header_row, width + 1, 1, periods)
    return history_drawing(spec, context, canvas.name, header, measures, _CHART_WIDTH, _CHART_HEIGHT)


def _pivots_by_period(canvas: Canvas, context: Context) -> list[str]:
    """Return the pivots on a sheet that have a column per period."""
    return [
        name
        for name, spot in context.places.pivot_bodies.items()
        if spot.sheet == canvas.name and context.analysis.pivots[name].pivot.by_period
    ]
