"""Lay out a sheet of pivots: each with its heading, filters, lines and notes; then slicers and charts.

Pivots of values and formulas stand one below the other. A sheet with a native PivotTable has its pivots
side by side, with nothing below them, since a PivotTable grows when Excel refreshes it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from xlreport.analysis.results import PivotTable
from xlreport.cells import Range
from xlreport.language import key
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.charts import history_chart, pivot_chart
from xlreport.layout.context import Context
from xlreport.layout.pivot_cells import value_cell
from xlreport.layout.pivot_grid import Grid, Line, grid_of, joined_titles
from xlreport.layout.pivot_native import VALUE_FIELDS, native_pivot, page_texts, value_caption, value_format
from xlreport.layout.pivot_slicers import pivot_slicers
from xlreport.layout.places import Spot
from xlreport.plan import CellValue, Chart, ConditionalFormat, SheetPlan
from xlreport.spec.records import ChartSpec, SheetSpec
from xlreport.styles import Align, Role

__all__ = ["pivot_sheet"]

_CHART_HEIGHT: Final = 9.0
_CHART_WIDTH: Final = 18.0
_CHART_ROWS: Final = 20
_LONG: Final = 30
"""Above so many rows the header of the first pivot stays in sight."""
_TOO_MANY: Final = key("Written as values: its rows are more than one Excel table holds.")
_GAP: Final = 3.0
"""Width of the column between two pivots, in characters."""


def pivot_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return a sheet with its pivots; notes in the context's places where totals and rows stand."""
    canvas = context.canvas(sheet)
    tables = [_able(context, context.analysis.pivots[name]) for name in sheet.pivots]
    canvas.head(_subtitle(context, sheet, tables))
    if any(table.pivot.mode == "native" for table in tables):
        grids, row, column = _side_by_side(canvas, context, tables)
        column = pivot_slicers(canvas, context, sheet, grids, row, column)
    else:
        grids, row = _stacked(canvas, context, tables)
        column = 1
    _keep_in_sight(canvas, grids)
    _even_widths(canvas, grids)
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
    canvas: Canvas, context: Context, tables: Sequence[PivotTable]
) -> tuple[list[Grid], int, int]:
    """Write pivots side by side, their lines beginning at one row.

    Return their grids, the row of their headings, and the column right of them.
    """
    remarks = dict.fromkeys(remark for table in tables for remark in table.remarks)
    notes = [note for table in tables for note in _own_note(context, table)]
    row = _notes(canvas, [*remarks, *notes], FIRST_ROW)
    top = row + (row > FIRST_ROW)
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


def _subtitle(context: Context, sheet: SheetSpec, tables: Sequence[PivotTable]) -> str:
    language = context.language
    parts = [context.filled(tables[0].pivot.title)] if len(tables) == 1 else []
    if context.analysis.spec.date:
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
    _header(canvas, context, grid)
    if not grid.lines:
        no_rows = context.language.texts("No rows in the period.")
        canvas.put(Role.NOTE, grid.first_line, grid.column, [no_rows], measured=False)
        return grid.first_line + 1
    for number, line in enumerate(grid.lines):
        _line(canvas, context, grid, number, line)
    _note_places(canvas, context, grid)
    _share_bars(canvas, context, grid)
    return grid.first_line + len(grid.lines)


# --- header -----------------------------------------------------------------------------------------


def _header(canvas: Canvas, context: Context, grid: Grid) -> None:
    """Write the header rows: names of the row fields, and labels of the column items over them."""
    table = grid.table
    captions = [value_caption(context, grid, value) for value in range(grid.values)]
    width = len(grid.items) * grid.values
    rows: list[list[CellValue]] = [[None] * width for _ in range(grid.header_rows)]
    if grid.captions:
        names = [*table.column_titles, *(context.language.texts(VALUE_FIELDS) if grid.values > 1 else [])]
        if grid.form == "compact":
            names = [joined_titles(table.column_titles)]
        rows[0][: len(names)] = names[:width]
    for level in range(len(table.column_titles)):
        rows[grid.captions + level] = list(_item_labels(grid, captions, level))
    if not table.items:
        rows[-1] = list(captions)
    elif grid.values > 1:
        rows[-1] = [caption for item in grid.items for caption in _own_captions(item.kind, captions)]
    for offset, labels in enumerate(rows):
        last = offset == grid.header_rows - 1
        stub = _stub(grid, captions, is_last=last, is_first=not offset)
        canvas.put(Role.HEADER, grid.row + offset, grid.column, [stub])
        spans = any(label is None for label in labels)
        align = Align.LEFT if spans and not last else Align.RIGHT
        canvas.put(Role.HEADER, grid.row + offset, grid.first_value, [labels], align=align)


def _stub(grid: Grid, captions: Sequence[str], *, is_last: bool, is_first: bool) -> list[CellValue]:
    """Return the header cells above the row labels."""
    titles = grid.table.row_titles
    if is_last:
        return [joined_titles(titles)] if grid.form == "compact" else list(titles)
    cells: list[CellValue] = [None] * grid.label_columns
    if is_first and grid.captions and grid.values == 1:
        cells[0] = captions[0]
    return cells


def _item_labels(grid: Grid, captions: Sequence[str], level: int) -> list[CellValue]:
    """Return the labels of one level: each over the first of the columns that it stands for."""
    labels: list[CellValue] = []
    before: tuple[str, ...] = ()
    for item in grid.items:
        own = item.labels[: level + 1]
        label = item.labels[level] if item.level > level or (item.kind == "total" and not level) else ""
        if item.kind == "subtotal" and item.level - 1 == level:
            label = grid.table.total_of.format(label=label)
        elif item.kind == "body" and own == before and level < len(item.labels) - 1:
            label = ""
        before = own if item.kind == "body" else ()
        if item.kind != "body" and grid.values > 1 and label:
            labels += [f"{label} {caption}" for caption in captions]
        else:
            labels += [_label(grid, level, label, across=True), *[None] * (grid.values - 1)]
    return labels


def _own_captions(kind: str, captions: Sequence[str]) -> Sequence[str | None]:
    """Return the captions below a column item; a total has them in its own label."""
    return captions if kind == "body" else [None] * len(captions)


# --- lines ------------------------------------------------------------------------------------------


def _label(grid: Grid, level: int, label: str, *, across: bool = False) -> CellValue:
    """Return a label as the cell has it: a number where a live pivot reads a column of numbers."""
    source = grid.table.source
    if not label or source is None or grid.table.pivot.mode == "static":
        return label or None
    axis = (source.columns if across else source.rows)[level]
    is_number = bool(axis.order) and isinstance(axis.order[0], int)
    return int(label) if is_number and label.lstrip("-").isdigit() else label


def _line(canvas: Canvas, context: Context, grid: Grid, number: int, line: Line) -> None:
    role = {"total": Role.TOTAL, "subtotal": Role.SUBTOTAL, "heading": Role.SUBTOTAL}.get(
        line.kind, Role.BODY
    )
    row, width = grid.first_line + number, grid.label_columns
    compact = grid.form == "compact"
    labels = [
        _label(grid, max(len(line.keys) - 1, 0) if compact else level, label)
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
    last = len(grid.items) - 1
    return last if not grid.table.items or grid.items[last].kind == "total" else None


def _share_bars(canvas: Canvas, context: Context, grid: Grid) -> None:
    if grid.table.items:
        return
    last = len(grid.lines) - 1 - (grid.lines[-1].kind == "total")
    for position, value in enumerate(grid.table.pivot.values):
        if value.show == "share" and len(grid.lines) > 1:
            first_row, column = grid.position(0, 0, position)
            cells = Range(first_row, column, grid.first_line + last, column)
            canvas.conditional.append(ConditionalFormat(cells, "bar", context.theme.rule))


# --- the sheet --------------------------------------------------------------------------------------


def _beside(canvas: Canvas, grid: Grid) -> int:
    """Return the column at which the next pivot may begin, after a narrow one."""
    after = max(grid.cells.last_column, grid.column + 1) + 1
    canvas.widths[after] = _GAP
    return after + 1


def _keep_in_sight(canvas: Canvas, grids: Sequence[Grid]) -> None:
    """Freeze the header of a first pivot that is long, and print the header rows on every page."""
    if not grids:
        return
    first = grids[0]
    headed = len(grids) > 1
    canvas.repeat_rows = (1, 2) if headed else (first.row, first.first_line - 1)
    canvas.repeat_columns = (1, first.first_value - 1)
    if len(first.lines) > _LONG:
        canvas.freeze = (first.first_line, first.first_value)


def _even_widths(canvas: Canvas, grids: Sequence[Grid]) -> None:
    """Make all columns with figures equally wide, so that they stand evenly."""
    labels = {at for grid in grids for at in range(grid.column, grid.first_value)}
    figures = {at for grid in grids for at in range(grid.first_value, grid.cells.last_column + 1)} - labels
    widest = max((canvas.widths.get(at, 0) for at in figures), default=0)
    canvas.widths |= dict.fromkeys(sorted(figures), widest)


def _charts(canvas: Canvas, context: Context, sheet: SheetSpec, row: int, column: int) -> None:
    for spec in sheet.charts:
        if spec.pivot:
            chart = pivot_chart(spec, context, row, column, _CHART_WIDTH, _CHART_HEIGHT)
            chart = chart and _following(canvas, spec, context, chart)
        else:
            chart = _history(canvas, context, spec, row, column)
        if chart:
            canvas.charts.append(chart)
            canvas.kept_together.append((row, row + _CHART_ROWS - 1))
            row += _CHART_ROWS


def _following(canvas: Canvas, spec: ChartSpec, context: Context, chart: Chart) -> Chart:
    """Return the chart, as that of a native PivotTable where it shows all that the pivot has."""
    table = context.analysis.pivots[spec.pivot]
    plan = context.places.natives.get(spec.pivot)
    on_sheet = plan in canvas.pivots
    return replace(chart, pivot=plan.name) if plan and on_sheet and len(table.pivot.values) == 1 else chart


def _history(canvas: Canvas, context: Context, spec: ChartSpec, row: int, column: int) -> Chart | None:
    """Chart the history from the totals of a pivot on this sheet that has a column per period."""
    for name, (sheet, grid) in context.places.grids.items():
        if sheet != canvas.name or not grid.table.pivot.by_period:
            continue
        measure = grid.table.pivot.values[0].measure
        spot = context.places.totals.get((name, measure))
        if measure in spec.measures and spot and grid.values == 1:
            periods = len(context.analysis.history)
            totals = Range.at(spot.range.first_row, grid.first_value, 1, periods)
            header = Range.at(grid.first_line - 1, grid.first_value, 1, periods)
            return history_chart(
                spec, context, row, column, header, [(measure, totals)], _CHART_WIDTH, _CHART_HEIGHT
            )
    return None
