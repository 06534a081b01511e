"""Lay out a sheet of pivots: each with its heading, filters, lines and notes; then slicers and charts.

Pivots of values and formulas stand one below the other. A sheet with a native PivotTable has its pivots
side by side, with nothing below them, since a PivotTable grows when Excel refreshes it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from xlreport.analysis.results import PivotTable
from xlreport.cells import Range
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.charts import Drawing, history_drawing, pivot_drawing, place_chart
from xlreport.layout.context import Context
from xlreport.layout.pivot_cells import total_item, value_cell
from xlreport.layout.pivot_grid import Grid, Line, grid_of
from xlreport.layout.pivot_header import put_header, shown_label
from xlreport.layout.pivot_native import native_pivot, page_texts, value_format
from xlreport.layout.pivot_slicers import pivot_slicers, slicer_rows
from xlreport.layout.places import Spot
from xlreport.layout.sparklines import LEAST_PERIODS, bars, change_icons, put_trends
from xlreport.plan import Chart, SheetPlan
from xlreport.spec.records import ChartSpec, Measure, Ratio, ReportSpec, SheetSpec
from xlreport.styles import Align, Role

__all__ = ["pivot_sheet"]

_CHART_HEIGHT: Final = 9.0
_CHART_WIDTH: Final = 18.0
_LONG: Final = 30
"""Above so many rows the header of the first pivot stays in sight."""
_LAST_FROZEN: Final = 12
"""Row; with more rows standing still, too little of a small screen is left."""
_GAP: Final = 3.0
"""Width of the column between two pivots, in characters."""


def pivot_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return a sheet with its pivots; notes in the context's places where totals and rows stand."""
    canvas = context.canvas(sheet)
    tables = [_able(context, context.analysis.pivots[name]) for name in sheet.pivots]
    native = any(table.pivot.mode == "native" for table in tables)
    if native:  # programs other than Excel give its figures the format of the rows
        context = context.in_full()
    canvas.head(_subtitle(context, sheet, tables))
    if native:
        row = FIRST_ROW + slicer_rows(sheet, tables)
        grids, row, column = _side_by_side(canvas, context, tables, row)
    else:
        grids, row = _stacked(canvas, context, tables)
        column = 1
    _keep_in_sight(canvas, sheet, grids)
    _even_widths(canvas, grids)
    pivot_slicers(canvas, context, sheet, grids)
    _charts(canvas, context, sheet, row, column)
    return canvas.plan()


def _stacked(canvas: Canvas, context: Context, tables: Sequence[PivotTable]) -> tuple[list[Grid], int]:
    """Write pivots one below the other; return their grids and the row below them."""
    row = FIRST_ROW
    grids = []
    for table in tables:
        first = row
        if len(tables) > 1:
            row = _heading(canvas, context, table, row, 1)
        texts = page_texts(context, table)
        grid = grid_of(table, row + _lead(texts), 1)
        _pages(canvas, texts, grid)
        end = _notes(canvas, [*table.remarks, *_own_note(context, table)], _cells(canvas, context, grid))
        canvas.kept_together.append((first, end - 1))
        grids.append(grid)
        row = end + 2
    return grids, row


def _side_by_side(
    canvas: Canvas, context: Context, tables: Sequence[PivotTable], row: int
) -> tuple[list[Grid], int, int]:
    """Write pivots side by side from ``row`` on, their lines beginning at one row.

    Return their grids, the row of their headings, and the column right of them.
    """
    remarks = dict.fromkeys(remark for table in tables for remark in table.remarks)
    notes = [note for table in tables for note in _own_note(context, table)]
    below = _notes(canvas, [*remarks, *notes], row)
    top = below + (below > row)
    texts = [page_texts(context, table) for table in tables]
    leads = [
        _lead(each) + grid_of(table, 1, 1).header_rows for table, each in zip(tables, texts, strict=True)
    ]
    first_line = top + (len(tables) > 1) + max(leads)
    column = 1
    grids = []
    for table, each in zip(tables, texts, strict=True):
        if len(tables) > 1:
            _heading(canvas, context, table, top, column)
        grid = grid_of(table, first_line - grid_of(table, 1, 1).header_rows, column)
        _pages(canvas, each, grid)
        _cells(canvas, context, grid)
        if table.pivot.mode == "native":
            plan = native_pivot(context, grid, context.places.new_pivot(table.pivot.name))
            context.places.natives[table.pivot.name] = plan
            canvas.pivots.append(plan)
        grids.append(grid)
        column = _beside(canvas, grid)
    return grids, top, column


def _able(context: Context, table: PivotTable) -> PivotTable:
    """Return the pivot; as one of values, with a remark, where its rows are not in one Excel table."""
    if table.pivot.mode == "static" or table.source is None:
        return table
    place = context.places.data[table.source.sheet]
    if len(place.tables) == 1 and table.rows:
        return table
    remarks = table.remarks
    if table.rows:
        remark = context.language.text("Written as values: its rows are more than one Excel table holds.")
        remarks = (*remarks, remark)
    return replace(table, pivot=replace(table.pivot, mode="static"), remarks=remarks)


def _is_timed(spec: ReportSpec, measure: str) -> bool:
    """Tell whether a figure is one of a period, and not of all rows."""
    found = spec.measure(measure)
    if isinstance(found, Ratio):
        return _is_timed(spec, found.over) or _is_timed(spec, found.under)
    return not isinstance(found, Measure) or found.when.kind != "always"


def _subtitle(context: Context, sheet: SheetSpec, tables: Sequence[PivotTable]) -> str:
    language = context.language
    parts = [context.filled(tables[0].pivot.title)] if len(tables) == 1 else []
    values = [value.measure for table in tables for value in table.pivot.values]
    if context.analysis.spec.date and any(_is_timed(context.analysis.spec, name) for name in values):
        parts.append(language.text("Period {period}", period=context.analysis.period.label))
    if any(unit == "money" for table in tables for unit in table.units):
        parts.append(language.text("money in {unit}", unit=context.money_unit))
    return " · ".join([*parts, sheet.note] if sheet.note else parts)


def _heading(canvas: Canvas, context: Context, table: PivotTable, row: int, column: int) -> int:
    canvas.put(Role.HEADING, row, column, [[context.filled(table.pivot.title)]], measured=False)
    canvas.heights[row] = 20
    return row + 1


def _lead(texts: Sequence[tuple[str, str]]) -> int:
    """Return how many rows the report filters take, with a row of air below them."""
    return len(texts) + bool(texts)


def _pages(canvas: Canvas, texts: Sequence[tuple[str, str]], grid: Grid) -> None:
    """Write the report filters above a grid, where Excel has them."""
    for row, (label, choice) in enumerate(texts, grid.row - _lead(texts)):
        canvas.put(Role.LABEL, row, grid.column, [[label]])
        canvas.put(Role.BODY, row, grid.column + 1, [[choice]])


def _own_note(context: Context, table: PivotTable) -> list[str]:
    return [context.filled(table.pivot.note)] if table.pivot.note else []


def _notes(canvas: Canvas, notes: Sequence[str], row: int) -> int:
    for note in notes:
        canvas.put(Role.SUBTITLE, row, 1, [[note]], measured=False)
        row += 1
    return row


def _cells(canvas: Canvas, context: Context, grid: Grid) -> int:
    """Write header and lines; return the row below them."""
    put_header(canvas, context, grid)
    if not grid.lines:
        in_period, at_all = context.language.texts("No rows in the period.", "No rows.")
        no_rows = in_period if context.analysis.spec.date else at_all
        canvas.put(Role.NOTE, grid.first_line, grid.column, [[no_rows]], measured=False)
        return grid.first_line + 1
    for number, line in enumerate(grid.lines):
        _line(canvas, context, grid, number, line)
    _note_places(canvas, context, grid)
    _marks(canvas, grid)
    return grid.first_line + len(grid.lines)


# --- lines ------------------------------------------------------------------------------------------


def _line(canvas: Canvas, context: Context, grid: Grid, number: int, line: Line) -> None:
    role = {"total": Role.TOTAL, "subtotal": Role.SUBTOTAL, "heading": Role.SUBTOTAL}.get(
        line.kind, Role.BODY
    )
    row, width = grid.first_line + number, grid.label_columns
    compact = grid.form == "compact"
    labels = [
        shown_label(grid, max(len(line.keys) - 1, 0) if compact else level, label)
        for level, label in enumerate(line.labels)
    ]
    canvas.put(role, row, grid.column, [labels], align=Align.LEFT, indent=line.indent)
    cells = [
        value_cell(context, grid, number, item, value)
        for item in range(len(grid.items))
        for value in range(grid.values)
    ]
    formats = [value_format(context, grid, value) for value in range(grid.values)] * len(grid.items)
    canvas.put(role, row, grid.column + width, [cells], formats)


def _note_places(canvas: Canvas, context: Context, grid: Grid) -> None:
    table = grid.table
    name, width = table.pivot.name, grid.label_columns
    body = [at for at, line in enumerate(grid.lines) if line.kind in ("body", "other")]
    first = grid.first_line
    context.places.pivot_bodies[name] = Spot(
        canvas.name,
        Range(first + body[0], grid.column, first + body[-1], grid.column + width - 1)
        if body
        else Range.at(first, grid.column),
    )
    context.places.grids[name] = canvas.name, grid
    item = _current_item(context, grid)
    if grid.lines[-1].kind != "total" or item is None:
        return
    for position, value in enumerate(table.pivot.values):
        if value.show == "value":
            cell = Range.at(*grid.position(len(grid.lines) - 1, item, position))
            context.places.totals.setdefault((name, value.measure), Spot(canvas.name, cell))


def _current_item(context: Context, grid: Grid) -> int | None:
    """Return the column item that stands for the current period: its own, or the total."""
    if grid.table.pivot.by_period:
        return [item.labels[0] for item in grid.items].index(context.analysis.period.label)
    return total_item(grid)


def _marks(canvas: Canvas, grid: Grid) -> None:
    """Put bars, arrows and small charts into the cells that are to have them."""
    last = len(grid.lines) - 1
    body = last - (grid.lines[-1].kind == "total")
    for item in range(len(grid.items)):
        for position, value in enumerate(grid.table.pivot.values):
            first_row, column = grid.position(0, item, position)
            if last and (value.bars or (value.show == "share" and not grid.table.items)):
                bars(canvas, Range(first_row, column, grid.first_line + body, column))
            if value.show in ("changePercent", "differencePercent"):
                change_icons(canvas, Range(first_row, column, grid.first_line + last, column))
    if grid.table.pivot.sparklines:
        _trends(canvas, grid)


def _trends(canvas: Canvas, grid: Grid) -> None:
    """Put a small chart of each line over the columns right of them."""
    moments = sum(item.kind == "body" for item in grid.items)
    if moments < LEAST_PERIODS:
        return
    trends = [
        (Range.at(grid.first_line + at, grid.first_value, 1, moments), line.row.values[:moments])
        for at, line in enumerate(grid.lines)
        if line.row is not None
    ]
    put_trends(canvas, grid.first_line - 1, grid.cells.last_column + 1, trends)


# --- the sheet --------------------------------------------------------------------------------------


def _beside(canvas: Canvas, grid: Grid) -> int:
    """Return the column at which the next pivot may begin, after a narrow one."""
    after = max(grid.cells.last_column, grid.column + 1) + 1
    canvas.widths[after] = _GAP
    return after + 1


def _keep_in_sight(canvas: Canvas, sheet: SheetSpec, grids: Sequence[Grid]) -> None:
    """Freeze the header of a first pivot that is long, and print the header rows on every page."""
    if not grids:
        return
    first = grids[0]
    beside = any(grid.table.pivot.mode == "native" for grid in grids)
    if len(grids) > 1:
        canvas.repeat_rows = (1, 2)
    elif not (beside and sheet.charts):  # a chart beside the header would be printed with it on every page
        canvas.repeat_rows = (first.row, first.first_line - 1)
    canvas.repeat_columns = (1, first.first_value - 1)
    if len(first.lines) > _LONG and first.first_line <= _LAST_FROZEN:
        canvas.freeze = (first.first_line, first.first_value)


def _even_widths(canvas: Canvas, grids: Sequence[Grid]) -> None:
    """Make columns with figures equally wide, so that they stand evenly; beside others, pivot by pivot."""
    labels = {at for grid in grids for at in range(grid.column, grid.first_value)}
    for column in {grid.column for grid in grids}:
        alike = [grid for grid in grids if grid.column == column]
        figures = {
            at for grid in alike for at in range(grid.first_value, grid.cells.last_column + 1)
        } - labels
        widest = max((canvas.widths.get(at, 0) for at in figures), default=0)
        canvas.widths |= dict.fromkeys(sorted(figures), widest)


def _charts(canvas: Canvas, context: Context, sheet: SheetSpec, row: int, column: int) -> None:
    for spec in sheet.charts:
        if spec.pivot:
            drawing = pivot_drawing(spec, context, _CHART_WIDTH, _CHART_HEIGHT)
        else:
            drawing = _history(canvas, context, spec)
        after = row
        if not isinstance(drawing.data, str):
            after = row + drawing.rows
            canvas.kept_together.append((row, after - 2))
        row = place_chart(canvas, context, drawing, (row, column), (after, column))
        if spec.pivot and not isinstance(drawing.data, str):
            canvas.charts[-1] = _following(canvas, spec, context, canvas.charts[-1])


def _following(canvas: Canvas, spec: ChartSpec, context: Context, chart: Chart) -> Chart:
    """Return the chart, as that of a native PivotTable where it shows just what the pivot has."""
    grid, plan = context.places.grids[spec.pivot][1], context.places.natives.get(spec.pivot)
    body = [at for at, line in enumerate(grid.lines) if line.kind in ("body", "other")]
    items = sum(item.kind == "body" for item in grid.items)
    labels = Range.at(grid.first_line + body[0], grid.column, len(body)) if body else None
    whole = chart.categories == labels and len(chart.series) == items and grid.values == 1
    return replace(chart, pivot=plan.name) if plan in canvas.pivots and plan and whole else chart


def _history(canvas: Canvas, context: Context, spec: ChartSpec) -> Drawing:
    """Chart the history from the totals of a pivot on this sheet that has a column per period."""
    header = Range.at(1, 1)
    measures: list[tuple[str, Range]] = []
    for name, (sheet, grid) in context.places.grids.items():
        if sheet != canvas.name or not grid.table.pivot.by_period or measures:
            continue
        measure = grid.table.pivot.values[0].measure
        spot = context.places.totals.get((name, measure))
        if measure in spec.measures and spot and grid.values == 1:
            periods = len(context.analysis.history)
            measures = [(measure, Range.at(spot.range.first_row, grid.first_value, 1, periods))]
            header = Range.at(grid.first_line - 1, grid.first_value, 1, periods)
    return history_drawing(spec, context, canvas.name, header, measures, _CHART_WIDTH, _CHART_HEIGHT)
