"""Write the header of a pivot: names of the row fields, and the labels of its column items over them."""

from collections.abc import Sequence
from typing import Final

from xlreport.layout.canvas import Canvas
from xlreport.layout.context import Context
from xlreport.layout.pivot_grid import Grid, joined_titles
from xlreport.layout.pivot_native import VALUE_FIELDS, value_caption
from xlreport.plan import CellValue
from xlreport.styles import Align, Role
from xlreport.text import text_width

__all__ = ["put_header", "shown_label"]

_MOST_UNWRAPPED: Final = 24


def put_header(canvas: Canvas, context: Context, grid: Grid) -> None:
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
        if grid.table.pivot.mode == "native":
            _widen_unwrapped(canvas, grid, labels)
        spans = any(label is None for label in labels)
        align = Align.LEFT if spans and not last else Align.RIGHT
        canvas.put(Role.HEADER, grid.row + offset, grid.first_value, [labels], align=align)


def _widen_unwrapped(canvas: Canvas, grid: Grid, labels: Sequence[CellValue]) -> None:
    """Make room for headings on one line, since a program that refreshes a pivot may not wrap them."""
    for at, label in enumerate(labels):
        canvas.widen(grid.first_value + at, min(text_width(str(label or "")) + 2, _MOST_UNWRAPPED))


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
            labels += [shown_label(grid, level, label, across=True), *[None] * (grid.values - 1)]
    return labels


def _own_captions(kind: str, captions: Sequence[str]) -> Sequence[str | None]:
    """Return the captions below a column item; a total has them in its own label."""
    return captions if kind == "body" else [None] * len(captions)


def shown_label(grid: Grid, level: int, label: str, *, across: bool = False) -> CellValue:
    """Return a label as the cell has it: a number where a live pivot reads a column of numbers."""
    source = grid.table.source
    if not label or source is None or grid.table.pivot.mode == "static":
        return label or None
    axis = (source.columns if across else source.rows)[level]
    is_number = bool(axis.order) and isinstance(axis.order[0], int)
    return int(label) if is_number and label.lstrip("-").isdigit() else label
