"""Place the logo at the top right of the sheets that present something, beside what is written there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from xlreport.layout.canvas import FIRST_ROW
from xlreport.layout.formats import displayed
from xlreport.plan import Picture, SheetPlan
from xlreport.styles import Image, Logo, Theme
from xlreport.text import text_width

__all__ = ["with_logos"]

_COVER_HEIGHT: Final = 44.0
"""Points, on the first sheet: those of the title and two lines below it."""
_HEIGHT: Final = 31.0
"""Elsewhere those of the title and one line, which stand on every page of some sheets, the logo with them."""
_MOST_WIDTH: Final = 170.0
_DOWN: Final = 3.0
"""Points between the top of the sheet and the logo."""
_AIR: Final = 18.0
"""Points between what is written and the logo."""
_LEAST_SHARE: Final = 0.5
"""Of its size: before it becomes smaller still, the logo moves away from what is written."""
_LETTER: Final = 0.56
"""Width of a letter, in sizes; those of bold text are wider."""
_BOLD: Final = 1.1
_DEFAULT_WIDTH: Final = 8.43
_POINTS_PER_PIXEL: Final = 0.75
_POINTS_PER_CENTIMETRE: Final = 72 / 2.54


def with_logos(sheets: Sequence[SheetPlan], theme: Theme) -> list[SheetPlan]:
    """Return the sheets with the logo of the theme, if it has one.

    Sheets with Excel tables are for working with, and have none.
    """
    logo = theme.logo
    if logo is None:
        return list(sheets)
    shown = {0} if not logo.everywhere else {at for at, sheet in enumerate(sheets) if not sheet.tables}
    return [
        _with_logo(sheet, logo, theme, _HEIGHT if at else _COVER_HEIGHT) if at in shown else sheet
        for at, sheet in enumerate(sheets)
    ]


def _with_logo(sheet: SheetPlan, logo: Logo, theme: Theme, most: float) -> SheetPlan:
    """Return the sheet with the logo, its right edge at that of what it shows, if there is room for it."""
    width, height = _size(logo.image, most)
    free_from = max(_ends(sheet, theme), default=0.0) + _AIR
    right = _right_edge(sheet, theme)
    share = min(1.0, max((right - free_from) / width, _LEAST_SHARE))
    left = max(right - width * share, free_from)
    column, across = _column_at(sheet, theme, left)
    picture = Picture(logo.image, 1, column, across, _DOWN, width * share, height * share, logo.alt_text)
    return replace(sheet, pictures=(*sheet.pictures, picture))


def _size(image: Image, most: float) -> tuple[float, float]:
    """Return width and height in points, the height ``most`` unless that would be too wide."""
    scale = min(_MOST_WIDTH / image.width, most / image.height)
    return image.width * scale, image.height * scale


def _ends(sheet: SheetPlan, theme: Theme) -> Iterator[float]:
    """Yield where, in points from the left, each text in the head of the sheet ends."""
    for block in sheet.blocks:
        if block.row < FIRST_ROW:
            style = theme.style(block.role)
            letter = style.size * _LETTER * (_BOLD if style.bold else 1.0)
            for offset, values in enumerate(block.columns):
                start = _left_edge(sheet, theme, block.column + offset)
                yield from (start + text_width(displayed(value, "General")) * letter for value in values)


def _right_edge(sheet: SheetPlan, theme: Theme) -> float:
    """Return where, in points from the left, cells and charts of the sheet end."""
    cells = _left_edge(sheet, theme, sheet.used.last_column + 1)
    charts = (
        _left_edge(sheet, theme, chart.column) + chart.width * _POINTS_PER_CENTIMETRE
        for chart in sheet.charts
    )
    return max([cells, *charts])


def _left_edge(sheet: SheetPlan, theme: Theme, column: int) -> float:
    return sum(_width(sheet, theme, before) for before in range(1, column))


def _width(sheet: SheetPlan, theme: Theme, column: int) -> float:
    """Return the width of a column in points, rather less than more, so that nothing sticks out."""
    digit = min(theme.digit_width, theme.exact_digit_width)
    return sheet.widths.get(column, _DEFAULT_WIDTH) * digit * _POINTS_PER_PIXEL


def _column_at(sheet: SheetPlan, theme: Theme, left: float) -> tuple[int, float]:
    """Return the column that a place lies in, and how far from its left edge."""
    column = 1
    while left >= _width(sheet, theme, column):
        left -= _width(sheet, theme, column)
        column += 1
    return column, left
