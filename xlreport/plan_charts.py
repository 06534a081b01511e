"""The parts of a workbook plan that draw figures: charts, and the small charts in cells.

Layout settles what a chart looks like down to the colour of its labels; the backends only copy.
"""

import enum
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from xlreport.cells import Range

__all__ = ["Axis", "Chart", "ChartKind", "LabelPlace", "Labels", "Series", "Sparklines"]


class ChartKind(enum.StrEnum):
    """Chart kinds, by the question they answer."""

    COLUMN = "column"
    """Comparison over time."""
    BAR = "bar"
    """Ranking: horizontal bars, the first category on top."""
    LINE = "line"
    STACKED = "stacked"
    """Parts of a whole over time: stacked columns."""
    SHARE = "share"
    """Shares of a whole: stacked columns, each of 100 %."""
    WATERFALL = "waterfall"
    """From one total to another, step by step: stacked columns, those below the steps invisible."""
    COMBINATION = "combination"
    """Columns, and lines on a second axis at the right."""


LabelPlace = Literal["outside", "inside", "center", "base", "above"]
"""Past the end of a column or bar; within its end; in its middle; at its foot; above a point of a line."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The figures written at the points of a series."""

    number_format: str
    color: str
    place: LabelPlace
    without: tuple[int, ...] = ()
    """Points, counted from 0, that have no label, such as those that leave no room for one."""
    below: tuple[int, ...] = ()
    """Points of a line whose label stands below them, where the line comes down and goes up again."""
    texts: tuple[tuple[int, str], ...] = ()
    """(point, text) where a text stands in the place of the number."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: its name, values and categories with the cells that they stand in."""

    name: str
    values: Range
    numbers: tuple[Decimal | int | None, ...]
    """The same values, stored in the chart for programs that do not read the cells."""
    color: str = ""
    """RRGGBB; an empty string where the series is invisible (the base of a bridge)."""
    labels: Labels | None = None
    on_second_axis: bool = False
    """Whether it is a line on the axis at the right (in a combination)."""
    in_legend: bool = True


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of values."""

    number_format: str = "#,##0"
    title: str = ""
    least: int | None = None
    """Where the axis begins; None leaves it to the program that shows the chart."""
    most: int | None = None
    step: int | None = None
    """Distance of two numbers on the axis."""
    gridlines: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over cells of the sheet that it stands on, or of ``sheet`` where that is set."""

    kind: ChartKind
    title: str
    """Says what is seen; a line break where it is too long for one line."""
    row: int
    """1-based cell of the top left corner."""
    column: int
    width: float
    """Centimetres."""
    height: float
    categories: Range
    labels: tuple[str, ...]
    """The text of the categories."""
    series: tuple[Series, ...]
    alt_text: str
    subtitle: str = ""
    """Says of whom, when, in which unit, and what is left out."""
    axis: Axis = Axis()
    second_axis: Axis | None = None
    """At the right, for the series that are on it."""
    above: float = 1.0
    """Centimetres above the plot, for title and subtitle; likewise below."""
    below: float = 0.3
    aside: float = 0.2
    """Centimetres on either side of it, beyond the numbers of the axes."""
    gap: int = 60
    """Room between columns, in percent of their width."""
    legend: bool = False
    label_turn: int = 0
    """Degrees by which the labels of the categories are turned: 0, 45 or 90."""
    title_at: float = 0.2
    """Centimetres from the left edge at which the title begins; likewise the subtitle."""
    subtitle_at: float = 0.2
    right_to_left: bool = False
    """Whether the first category is on the right and bars grow leftwards."""
    label_step: int = 1
    """Every how many-th category has its label."""
    sheet: str = ""
    """Name of the sheet with the cells; an empty string means the chart's own sheet."""
    pivot: str = ""
    """Name of the native PivotTable on ``sheet`` that the chart follows; empty for a chart of plain cells."""


@dataclass(frozen=True, slots=True)
class Sparklines:
    """Small charts in cells, one in each, all alike."""

    kind: Literal["line", "column", "winLoss"]
    cells: tuple[Range, ...]
    """Single empty cells."""
    sources: tuple[Range, ...]
    """One row or column of figures on the same sheet for each of the cells."""
    color: str
    high: str = ""
    """Colour in which the highest point is marked; empty where it is not. Likewise below."""
    low: str = ""
    last: str = ""
    negative: str = ""
    least: int | None = None
    """Where the scale of each begins; None for its lowest figure."""
    right_to_left: bool = False
