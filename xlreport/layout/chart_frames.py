"""Decide how a chart is divided: height, title, legend, and how the labels of its categories stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xlreport.layout.wrapping import wrapped_lines
from xlreport.plan import ChartKind

__all__ = ["FRAME", "LETTER", "LINE", "Frame", "frame_of"]

LETTER: Final = 0.16
"""Centimetres that a letter or digit of a label takes, on average."""
LINE: Final = 0.42
"""Centimetres that a line of labels takes."""
FRAME: Final = 2.0
"""Centimetres of a chart's width that its columns cannot have."""
_TITLE_LINE: Final = 0.48
_SUBTITLE_LINE: Final = 0.4
_AIR: Final = 0.5
_LEGEND_AIR: Final = 0.55
_KEY: Final = 0.9
"""Centimetres that the coloured mark of a legend's entry takes with its air; a piece of line takes more."""
_LINE_KEY: Final = 1.6
_LEGEND_PART: Final = 0.8
"""Part of a chart's width that a legend takes."""
_BAR: Final = 0.52
"""Centimetres that a bar takes with the room beside it."""
_BAR_FRAME: Final = 2.5
_MOST_LINES: Final = 4
"""Lines that the label of a category may take below its column."""
_FLAT_LINES: Final = 2
"""Lines of labels that go into the height of a chart as it is."""
_ROOM_FOR_45: Final = 0.7
_MOST_LABEL_ROOM: Final = 4.5
"""Centimetres that turned labels may take below the columns."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the plot of a chart, in centimetres and degrees."""

    title: str
    subtitle: str
    width: float
    height: float
    above: float
    below: float
    plot: float
    """Height of the plot without the labels below it."""
    turn: int = 0
    step: int = 1


def frame_of(
    kind: ChartKind,
    title: str,
    subtitle: str,
    labels: Sequence[str],
    legend: Sequence[str],
    width: float,
    height: float,
    *,
    over_time: bool,
) -> Frame:
    """Return the frame of a chart that is at least ``height`` high, and as much higher as its labels need.

    ``title`` and ``subtitle`` have their line breaks; ``legend`` has the names in it, empty where there is
    none. Labels over time may leave some out, since those between can be told.
    """
    turn, step, extra = (0, 1, 0.0) if kind is ChartKind.BAR else _turned(labels, width, over_time=over_time)
    if kind is ChartKind.BAR:
        height = max(height, _BAR_FRAME + _BAR * len(labels) * max(len(legend), 1))
    lines_above = title.count("\n") + 1, subtitle.count("\n") + bool(subtitle)
    above = _AIR + lines_above[0] * _TITLE_LINE + lines_above[1] * _SUBTITLE_LINE
    below = _legend_height(kind, legend, width)
    plot = height - above - min(below, _LEGEND_AIR + LINE) - _FLAT_LINES * LINE
    height += extra + max(below - _LEGEND_AIR - LINE, 0)
    return Frame(title, subtitle, width, round(height, 1), round(above, 2), round(below, 2), plot, turn, step)


def _turned(labels: Sequence[str], width: float, *, over_time: bool) -> tuple[int, int, float]:
    """Return by how many degrees labels are turned, every how many-th is shown, and the height they need."""
    slot = (width - FRAME) / max(len(labels), 1)
    longest = max(map(len, labels), default=0) * LETTER + 0.1
    if over_time and longest < FRAME:
        return 0, max(1, math.ceil(longest / slot)), 0.0
    words = max((len(word) for label in labels for word in label.split()), default=0)
    lines = max((wrapped_lines(label, slot / LETTER) for label in labels), default=1)
    if words * LETTER <= slot and lines <= _MOST_LINES:
        return 0, 1, max(0, lines - _FLAT_LINES) * LINE
    if slot >= _ROOM_FOR_45:
        return 45, 1, min(longest * math.sqrt(0.5), _MOST_LABEL_ROOM) - LINE
    return 90, max(1, math.ceil(LINE / slot)), min(longest, _MOST_LABEL_ROOM) - LINE


def _legend_height(kind: ChartKind, names: Sequence[str], width: float) -> float:
    if not names:
        return _AIR / 2
    key = _LINE_KEY if kind in (ChartKind.LINE, ChartKind.COMBINATION) else _KEY
    widest = max(map(len, names)) * LETTER + key
    across = max(1, min(len(names), int(width * _LEGEND_PART / widest)))
    return _LEGEND_AIR + math.ceil(len(names) / across) * LINE
