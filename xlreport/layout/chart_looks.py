"""Decide what a chart looks like: colours, axes, and where there is room for figures."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import Number
from xlreport.layout.chart_frames import FRAME, LETTER, LINE
from xlreport.layout.formats import displayed
from xlreport.plan import Axis, ChartKind, LabelPlace, Labels
from xlreport.spec.records import Unit
from xlreport.styles import Theme

__all__ = [
    "axis_of",
    "colors_of",
    "gap_of",
    "label_color",
    "labels_of",
    "positive",
    "softened",
]

_MIDDLE: Final = 150
"""Brightness of 0 to 255 below which a colour counts as dark."""
_REST: Final = "A6A6A6"
_HEAD: Final = 3.0
"""Centimetres of a chart's height that title, legend and labels of the categories take."""
_FEW: Final = 12
_FEW_BARS: Final = 100
_SMALL_COUNT: Final = 5
"""Up to here the numbers on an axis of counts are one apart, since half a thing is none."""
_TEN: Final = 10
_TENTH: Final = Decimal("0.1")

_PLACES: Final[dict[ChartKind, LabelPlace]] = {
    ChartKind.COLUMN: "outside",
    ChartKind.BAR: "outside",
    ChartKind.LINE: "above",
    ChartKind.STACKED: "center",
    ChartKind.SHARE: "center",
}


def gap_of(kind: ChartKind, series: int) -> int:
    """Return the room between columns, in percent of their width."""
    if kind in (ChartKind.STACKED, ChartKind.SHARE, ChartKind.WATERFALL):
        return 50
    return 60 if series == 1 else 80


# --- colours ----------------------------------------------------------------------------------------


def colors_of(theme: Theme, rests: Sequence[bool]) -> list[str]:
    """Return a colour for each series; what adds up the rest is grey."""
    colors = iter(theme.series)
    return [_REST if rest else next(colors) for rest in rests]


def softened(color: str) -> str:
    """Return a lighter colour, on which dark text can be read as well as beside it."""
    return "".join(f"{channel + (255 - channel) * 45 // 100:02X}" for channel in bytes.fromhex(color))


def label_color(theme: Theme, fill: str, place: LabelPlace) -> str:
    """Return the colour of figures on, or beside, columns filled with ``fill``."""
    return "FFFFFF" if place in ("center", "inside") and _is_dark(fill) else theme.ink


def _is_dark(color: str) -> bool:
    """Tell whether white text reads better on ``color`` than dark text."""
    red, green, blue = bytes.fromhex(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue < _MIDDLE


# --- axes -------------------------------------------------------------------------------------------


def positive(number_format: str) -> str:
    """Return the part of a number format that is for positive numbers."""
    return number_format.partition(";")[0]


def axis_of(
    numbers: Sequence[Number], unit: Unit, number_format: str, *, gridlines: bool, title: str = ""
) -> Axis:
    """Return an axis that begins at zero, with no more decimals than its round numbers need."""
    present = [Decimal(number) for number in numbers if number is not None]
    largest = max(map(abs, present), default=Decimal(0))
    return Axis(
        number_format=_axis_format(largest, positive(number_format)),
        title=title,
        least=0 if all(number >= 0 for number in present) else None,
        most=0 if present and all(number <= 0 for number in present) and any(present) else None,
        step=1 if unit == "count" and 0 < largest <= _SMALL_COUNT else None,
        gridlines=gridlines,
    )


def _axis_format(largest: Decimal, pattern: str) -> str:
    """Leave the decimals out, unless the numbers on the axis would then look alike."""
    if pattern.endswith("%"):
        return "0%" if largest >= _TENTH else "0.0%"
    scaled = largest / Decimal(1000) ** (len(pattern) - len(pattern.rstrip(",")))
    if scaled >= _TEN or not largest:
        return re.sub(r"\.0+(?=,*$)", "", pattern)
    return re.sub(r"\.0+(?=,*$)", ".0", pattern)


# --- labels -----------------------------------------------------------------------------------------


def labels_of(
    kind: ChartKind,
    numbers: Sequence[Sequence[Number]],
    number_format: str,
    colors: Sequence[str],
    theme: Theme,
    width: float,
    height: float,
) -> list[Labels | None]:
    """Return the figures to write at the points of each series: none where they have no room."""
    series, categories = len(numbers), max(map(len, numbers), default=0)
    wanted = number_format if kind is not ChartKind.SHARE else "0%"
    longest = max((len(displayed(number, wanted)) for line in numbers for number in line), default=0)
    if kind not in _PLACES or not _has_room(kind, categories, series, longest * LETTER, width):
        return [None] * series
    place = _PLACES[kind]
    without = _too_low(numbers, height) if place == "center" else [()] * series
    return [
        Labels(wanted, label_color(theme, color, place), place, points, _valleys(kind, line))
        for color, points, line in zip(colors, without, numbers, strict=True)
    ]


def _valleys(kind: ChartKind, numbers: Sequence[Number]) -> tuple[int, ...]:
    """Return the points of a line that lie lower than the middle between their neighbours."""
    if kind is not ChartKind.LINE:
        return ()
    heights = [Decimal(number or 0) for number in numbers]
    around = [(heights[max(at - 1, 0)], heights[min(at + 1, len(heights) - 1)]) for at in range(len(heights))]
    return tuple(at for at, (before, after) in enumerate(around) if 2 * heights[at] < before + after)


def _has_room(kind: ChartKind, categories: int, series: int, longest: float, width: float) -> bool:
    slot = (width - FRAME) / max(categories, 1)
    if kind is ChartKind.BAR:
        return categories * series <= _FEW_BARS
    if kind is ChartKind.LINE:
        return series == 1 and categories <= _FEW and longest <= slot
    if kind is ChartKind.COLUMN:
        return categories * series <= _FEW and longest <= slot / (1 if series == 1 else series + 0.8)
    return categories <= _FEW and longest <= slot / 1.5


def _too_low(numbers: Sequence[Sequence[Number]], height: float) -> list[tuple[int, ...]]:
    """Return the points of each series whose part of a column is lower than a figure."""
    columns = [[Decimal(number or 0) for number in column] for column in zip(*numbers, strict=True)]
    tallest = max((sum(map(abs, column), Decimal(0)) for column in columns), default=Decimal(0))
    least = tallest * Decimal(LINE) / Decimal(max(height - _HEAD - 0.5, 1))
    return [
        tuple(at for at, column in enumerate(columns) if abs(column[line]) < least)
        for line in range(len(numbers))
    ]
