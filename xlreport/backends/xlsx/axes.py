"""Turn the axes of a chart of the plan into openpyxl's."""

from typing import Final, cast

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import ChartLines, NumericAxis, TextAxis
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from xlreport.backends.xlsx.chart_texts import axis_title, subheading, text_style
from xlreport.plan import Axis, Chart, ChartKind
from xlreport.styles import Theme

__all__ = ["set_axes", "set_second_axes"]

_HAIRLINE: Final = 9_525
"""0.75 points in EMU."""
_GRID: Final = "D9D9D9"
_SECOND_CATEGORIES, _SECOND_VALUES = 20, 200
"""Numbers of the axes at the right; openpyxl gives the others 10 and 100."""


def set_axes(result: BarChart | LineChart, chart: Chart, theme: Theme) -> None:
    """Set what the two axes look like; openpyxl hides axes unless told not to."""
    categories, values = cast("TextAxis", result.x_axis), result.y_axis
    _set_categories(categories, chart, theme)
    _set_values(values, chart.axis, theme)
    at_bottom = values if chart.kind is ChartKind.BAR else categories
    at_bottom.title = subheading(chart, theme)
    if chart.kind is ChartKind.BAR:
        categories.axPos, values.axPos = "l", "b"
        categories.scaling.orientation = "maxMin"  # the first category on top
        values.crosses = "max"  # and the values' axis below all of them
    if chart.right_to_left:
        _mirror(categories, values, chart)


def set_second_axes(lines: LineChart, chart: Chart, axis: Axis, theme: Theme) -> None:
    """Set the pair of axes of the lines at the right; their categories do not show."""
    categories, values = cast("TextAxis", lines.x_axis), lines.y_axis
    categories.axId, categories.crossAx = _SECOND_CATEGORIES, _SECOND_VALUES
    values.axId, values.crossAx = _SECOND_VALUES, _SECOND_CATEGORIES
    _set_categories(categories, chart, theme)
    categories.delete = True
    _set_values(values, axis, theme)
    values.axPos, values.crosses = "r", "max"
    if chart.right_to_left:
        categories.scaling.orientation = "maxMin"
        values.axPos = "l"


def _mirror(categories: TextAxis, values: NumericAxis, chart: Chart) -> None:
    """Begin on the right: the first category is there, or the foot of the bars."""
    if chart.kind is ChartKind.BAR:
        values.scaling.orientation = "maxMin"
        categories.axPos = "r"
    else:
        categories.scaling.orientation = "maxMin"
        values.axPos = "r"


def _set_categories(axis: TextAxis, chart: Chart, theme: Theme) -> None:
    axis.delete = False
    axis.majorTickMark = axis.minorTickMark = None
    axis.txPr = text_style(theme, turn=chart.label_turn)
    axis.tickLblPos = "low"
    axis.graphicalProperties = GraphicalProperties(ln=_hairline(theme.rule))
    axis.tickLblSkip = chart.label_step
    axis.noMultiLvlLbl = True


def _set_values(values: NumericAxis, axis: Axis, theme: Theme) -> None:
    values.delete = False
    values.majorTickMark = values.minorTickMark = None
    values.txPr = text_style(theme)
    values.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    grid = ChartLines(GraphicalProperties(ln=_hairline(_GRID)))
    values.majorGridlines = grid if axis.gridlines else None
    values.number_format = axis.number_format
    values.numFmt.sourceLinked = False
    values.scaling.min, values.scaling.max = axis.least, axis.most
    values.majorUnit = axis.step
    if axis.title:
        values.title = axis_title(axis.title, theme)


def _hairline(color: str) -> LineProperties:
    return LineProperties(w=_HAIRLINE, solidFill=color)
