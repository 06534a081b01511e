"""Lay out the small table that a chart is drawn from, where no cells of the workbook are just its figures.

Its cells are formulas, so that they follow the cells that the figures come from.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from xlreport.cells import Range, quoted_sheet
from xlreport.language import Language
from xlreport.layout.canvas import Canvas
from xlreport.layout.chart_data import Cell, ChartData, Point
from xlreport.layout.waterfall import Bar, Steps, step_formulas
from xlreport.plan import CellValue, Formula
from xlreport.styles import Align, Role

__all__ = ["direct_ranges", "figures_table", "step_titles", "steps_table"]

_MOST_FORMULA: Final = 8_000
"""Characters; a sum of more cells than go into a formula is written as the value alone."""
_MOST_ARGUMENTS: Final = 250
"""Of a function of Excel, which takes 255."""
_HEADING_HEIGHT: Final = 20


def direct_ranges(data: ChartData) -> tuple[Range, list[Range]] | None:
    """Return the cells of the labels and of each series; None where they do not stand in one line each."""
    cells = [[point.cell for point in line.points] for line in data.lines]
    ranges = [_in_a_line([data.label_cells])[0] if data.label_cells else None, *_in_a_line(cells)]
    found = [place for place in ranges if place is not None]
    if len(found) < len(ranges) or len({(place.height, place.width) for place in found}) > 1:
        return None
    return found[0], found[1:]


def _in_a_line(lines: Sequence[Sequence[Cell | None]]) -> list[Range | None]:
    """Return the range of each line of cells; None where it has a gap, a turn or a cell that is none."""
    return [_straight([cell for cell in line if cell], len(line)) for line in lines]


def _straight(cells: Sequence[Cell], wanted: int) -> Range | None:
    if len(cells) < wanted or not cells:
        return None
    row, column = cells[0]
    for down, across in ((1, 0), (0, 1)):
        if all(cell == (row + down * at, column + across * at) for at, cell in enumerate(cells)):
            return Range(row, column, *cells[-1])
    return None


def figures_table(canvas: Canvas, place: Cell, title: str, data: ChartData) -> tuple[Range, list[Range]]:
    """Write labels and figures at ``place``, a column per series; return the cells of each."""
    names = [line.name for line in data.lines]
    first, column = _headed(canvas, place, title, [data.heading, *names])
    height = len(data.labels)
    canvas.put(Role.BODY, first, column, [[label] for label in data.labels])
    prefix = "" if data.sheet == canvas.name else f"{quoted_sheet(data.sheet)}!"
    columns = [[_cell(point, prefix) for point in line.points] for line in data.lines]
    formats = [line.number_format for line in data.lines]
    canvas.put(Role.BODY, first, column + 1, list(zip(*columns, strict=True)), formats)
    series = [Range.at(first, column + 1 + at, height) for at in range(len(names))]
    return Range.at(first, column, height), series


def steps_table(
    canvas: Canvas, place: Cell, title: str, steps: Steps, parts: Sequence[Bar]
) -> tuple[Range, list[Range]]:
    """Write the steps of a waterfall at ``place``; return the cells of the names and of each part."""
    below = any(bar.up_below or bar.down_below for bar in parts)
    titles = step_titles(canvas.language)[: None if below else -2]
    first, column = _headed(canvas, place, title, titles)
    prefix = "" if steps.sheet == canvas.name else f"{quoted_sheet(steps.sheet)}!"
    rows = []
    for at, (step, bar) in enumerate(zip(steps.steps, parts, strict=True)):
        texts = step_formulas(first + at, column + 1, is_total=step.is_total, is_first=at == 0)
        values = (bar.level, bar.base, bar.total, bar.up, bar.down, bar.up_below, bar.down_below)
        cells = [Formula(text, value) if text else 0 for text, value in zip(texts, values, strict=True)]
        rows.append([_cell(step.point, prefix), *cells[: len(titles) - 2]])
    canvas.put(Role.BODY, first, column, [[step.name] for step in steps.steps])
    canvas.put(Role.BODY, first, column + 1, rows, [steps.number_format] * (len(titles) - 1))
    series = [Range.at(first, column + 3 + at, len(rows)) for at in range(len(titles) - 3)]
    return Range.at(first, column, len(rows)), series


def step_titles(language: Language) -> tuple[str, ...]:
    """Return the headers of a table of steps: the first three, then one for each part of the columns."""
    usual = language.texts("Step", "Figure", "Level", "Base", "Total", "Increase", "Decrease")
    return (*usual, *language.texts("Increase below zero", "Decrease below zero"))


def _headed(canvas: Canvas, place: Cell, title: str, titles: Sequence[str]) -> Cell:
    """Write heading and header; return the first cell below."""
    row, column = place
    heading = canvas.language.text("{chart}: the figures of the chart", chart=title)
    canvas.put(Role.HEADING, row, column, [[heading]], measured=False)
    canvas.heights[row] = _HEADING_HEIGHT
    canvas.put(Role.HEADER, row + 1, column, [titles[:1]])
    canvas.put(Role.HEADER, row + 1, column + 1, [titles[1:]], align=Align.RIGHT)
    return row + 2, column


# --- formulas ---------------------------------------------------------------------------------------


def _cell(point: Point, prefix: str) -> CellValue:
    if point.value is None or point.moves or not (point.cells or point.less):
        return point.value
    text = _sum(point.cells, prefix) if point.cells else ""
    if point.less:
        text += f"-{_sum(point.less, prefix)}"
    if point.over:
        text = f"{text}/{_sum(point.over, prefix)}"
    fits = len(text) <= _MOST_FORMULA and text.count(",") < _MOST_ARGUMENTS
    return Formula(text, point.value) if fits else point.value


def _sum(cells: Sequence[Cell], prefix: str) -> str:
    ranges = [f"{prefix}{place}" for place in _gathered(cells)]
    return ranges[0] if len(cells) == 1 else f"SUM({','.join(ranges)})"


def _gathered(cells: Sequence[Cell]) -> Iterator[Range]:
    """Yield ranges that cover the cells: each stretch of a row or, where there is none, of a column."""
    by_row = groupby(enumerate(sorted(cells)), key=lambda entry: (entry[1][0], entry[1][1] - entry[0]))
    stretches = [[cell for _, cell in group] for _, group in by_row]
    if any(len(stretch) > 1 for stretch in stretches):
        yield from (Range(*stretch[0], *stretch[-1]) for stretch in stretches)
        return
    downwards = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    by_column = groupby(enumerate(downwards), key=lambda entry: (entry[1][1], entry[1][0] - entry[0]))
    for _, group in by_column:
        stretch = [cell for _, cell in group]
        yield Range(*stretch[0], *stretch[-1])
