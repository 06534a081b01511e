"""Lay out figures in cells: small charts of a row over time, bars, and icons for changes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import Number
from xlreport.cells import Range
from xlreport.layout.canvas import Canvas
from xlreport.layout.chart_looks import softened
from xlreport.plan import ConditionalFormat, IconSet, Sparklines
from xlreport.styles import Align, Role, Theme

__all__ = ["LEAST_PERIODS", "bars", "change_icons", "put_trends"]

LEAST_PERIODS: Final = 3
"""Figures that it takes to show a trend."""
_TREND_WIDTH: Final = 16
_FLAT: Final = Decimal("0.01")
"""A change of at most one per cent counts as none."""


def put_trends(
    canvas: Canvas, header_row: int, column: int, rows: Sequence[tuple[Range, Sequence[Number]]]
) -> None:
    """Head ``column`` as that of the trends, and draw small columns in it for each row of figures.

    Each of ``rows`` is the cells of a row, oldest first, with their figures; its small chart stands in that
    row, and its columns begin at zero.
    """
    canvas.put(Role.HEADER, header_row, column, [canvas.language.texts("Trend")], align=Align.CENTER)
    canvas.widen(column, _TREND_WIDTH)
    for least in (0, None):
        cells = [source for source, numbers in rows if (least is None) == _has_negative(numbers)]
        if cells:
            canvas.sparklines.append(_trends(canvas.theme, column, cells, least))


def _has_negative(numbers: Sequence[Number]) -> bool:
    return any(number is not None and number < 0 for number in numbers)


def _trends(theme: Theme, column: int, sources: Sequence[Range], least: int | None) -> Sparklines:
    return Sparklines(
        "column",
        cells=tuple(Range.at(source.first_row, column) for source in sources),
        sources=tuple(sources),
        color=softened(theme.accent),
        last=theme.accent,
        negative="" if least == 0 else theme.series[1],
        least=least,
    )


def change_icons(canvas: Canvas, cells: Range, icons: IconSet = "grayArrows") -> None:
    """Put an arrow before each relative change: up, down, or across where it is at most one per cent.

    The arrows are grey unless told otherwise, since growth is not good news for every figure.
    """
    canvas.conditional.append(ConditionalFormat(cells, "icons", icons=icons, band=_FLAT))


def bars(canvas: Canvas, cells: Range) -> None:
    """Put a bar into each cell, as long as its figure; those of negative ones run the other way."""
    theme = canvas.theme
    canvas.conditional.append(ConditionalFormat(cells, "bar", theme.rule, negative=softened(theme.series[1])))
