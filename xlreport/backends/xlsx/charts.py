"""Turn a chart of the plan into an openpyxl chart, with its numbers and texts stored inside it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as DataSeries
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.drawing.text import Font as Typeface

from xlreport.backends.xlsx.strings import legal
from xlreport.cells import cell_name
from xlreport.plan import Chart, ChartKind, Series
from xlreport.styles import Theme

__all__ = ["drawn"]

_TEXT_SIZE: Final = 9
_TITLE_SIZE: Final = 11
_HAIRLINE: Final = 9_525
"""0.75 points in EMU."""
_CURVE: Final = 28_575
"""2.25 points: the line of a series."""
_GRID: Final = "D9D9D9"
_MIDDLE: Final = 150
"""Brightness of 0 to 255 below which a colour counts as dark."""
_GAP: Final = 60
"""Room between columns, in percent of their width."""
_LABEL_PLACE: Final = {
    ChartKind.COLUMN: "outEnd",
    ChartKind.BAR: "outEnd",
    ChartKind.LINE: "t",
    ChartKind.STACKED: "ctr",
}


def drawn(chart: Chart, sheet: str, theme: Theme) -> BarChart | LineChart:
    """Return ``chart`` as openpyxl writes it, anchored at its cell of the worksheet called ``sheet``."""
    result = _body(chart.kind)
    result.anchor = cell_name(chart.row, chart.column)
    result.height = chart.height
    result.width = chart.width  # type: ignore[assignment,unused-ignore]  # openpyxl's stubs say int
    result.roundedCorners = result.varyColors = False
    result.graphical_properties = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(noFill=True))
    result.title = _title(chart.title, theme, size=_TITLE_SIZE, color=theme.accent, at_left=True)
    result.ser = [
        _series(number, series, chart, chart.sheet or sheet, theme)
        for number, series in enumerate(chart.series)
    ]
    result.legend = _legend(chart.series, theme)
    _set_axes(result, chart, theme)
    return result


def _body(kind: ChartKind) -> BarChart | LineChart:
    if kind is ChartKind.LINE:
        return LineChart()
    stacked = kind is ChartKind.STACKED
    return BarChart(
        barDir="bar" if kind is ChartKind.BAR else "col",
        grouping="stacked" if stacked else "clustered",
        overlap=100 if stacked else None,
        gapWidth=_GAP,
    )


def _series(number: int, series: Series, chart: Chart, sheet: str, theme: Theme) -> DataSeries:
    line = chart.kind is ChartKind.LINE
    result = DataSeries(
        idx=number,
        order=number,
        tx=SeriesLabel(v=legal(series.name)),
        cat=AxDataSource(strRef=StrRef(chart.categories.on(sheet), _stored_texts(chart.labels))),
        val=NumDataSource(
            numRef=NumRef(series.values.on(sheet), _stored_numbers(series.numbers, chart.number_format))
        ),
        spPr=_curve(series.color) if line else _area(series.color),
        marker=Marker(symbol="none"),
    )
    if line:
        result.smooth = False
    else:
        result.invertIfNegative = False
    if chart.data_labels and series.color:
        result.dLbls = _labels(chart, series.color, theme)
    return result


def _stored_numbers(numbers: Sequence[Decimal | int | None], number_format: str) -> NumData:
    points = [NumVal(idx=at, v=number) for at, number in enumerate(numbers) if number is not None]
    return NumData(formatCode=number_format, ptCount=len(numbers), pt=points)


def _stored_texts(texts: Sequence[str]) -> StrData:
    points = [StrVal(idx=at, v=legal(text)) for at, text in enumerate(texts)]
    return StrData(ptCount=len(texts), pt=points)


def _area(color: str) -> GraphicalProperties:
    if not color:
        return GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    return GraphicalProperties(solidFill=color, ln=LineProperties(noFill=True))


def _curve(color: str) -> GraphicalProperties:
    if not color:
        return GraphicalProperties(ln=LineProperties(noFill=True))
    return GraphicalProperties(ln=LineProperties(w=_CURVE, solidFill=color, cap="rnd"))


def _labels(chart: Chart, fill: str, theme: Theme) -> DataLabelList:
    is_inside = chart.kind is ChartKind.STACKED
    return DataLabelList(
        numFmt=chart.label_format or chart.number_format,
        txPr=_text_style(theme, color="FFFFFF" if is_inside and _is_dark(fill) else theme.ink),
        dLblPos=_LABEL_PLACE[chart.kind],
        showVal=True,
        showLegendKey=False,
        showCatName=False,
        showSerName=False,
        showPercent=False,
        showBubbleSize=False,
    )


def _is_dark(color: str) -> bool:
    """Tell whether white text reads better on ``color`` than dark text."""
    red, green, blue = bytes.fromhex(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue < _MIDDLE


def _legend(series: Sequence[Series], theme: Theme) -> Legend | None:
    hidden = [number for number, one in enumerate(series) if not one.color]
    if len(series) - len(hidden) <= 1:
        return None
    return Legend(
        legendPos="b",
        legendEntry=[LegendEntry(idx=number, delete=True) for number in hidden],
        overlay=False,
        txPr=_text_style(theme),
    )


def _set_axes(result: BarChart | LineChart, chart: Chart, theme: Theme) -> None:
    """Set what the two axes look like; openpyxl hides axes unless told not to."""
    categories, values = result.x_axis, result.y_axis
    for axis in (categories, values):
        axis.delete = False
        axis.majorTickMark = axis.minorTickMark = None
        axis.txPr = _text_style(theme)
    categories.tickLblPos = "low"
    categories.graphicalProperties = GraphicalProperties(ln=_hairline(theme.rule))
    values.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    grid = ChartLines(GraphicalProperties(ln=_hairline(_GRID)))
    values.majorGridlines = None if chart.data_labels else grid  # figures make the lines superfluous
    values.number_format = chart.number_format
    values.numFmt.sourceLinked = False
    if chart.axis_title:
        values.title = _title(chart.axis_title, theme, size=_TEXT_SIZE, color=theme.muted)
    if chart.kind is ChartKind.BAR:
        categories.axPos, values.axPos = "l", "b"
        categories.scaling.orientation = "maxMin"  # the first category on top
        values.crosses = "max"  # and the values' axis below all of them
    if _is_positive(chart.series):
        values.scaling.min = 0


def _is_positive(series: Sequence[Series]) -> bool:
    return all(number >= 0 for one in series for number in one.numbers if number is not None)


def _hairline(color: str) -> LineProperties:
    return LineProperties(w=_HAIRLINE, solidFill=color)


def _title(text: str, theme: Theme, *, size: int, color: str, at_left: bool = False) -> Title:
    look = _characters(theme, size=size, color=color, bold=at_left)
    paragraphs = [
        Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=line)])
        for line in legal(text).split("\n")
    ]
    return Title(
        tx=Text(rich=RichText(p=paragraphs)),
        overlay=False,
        layout=Layout(ManualLayout(xMode="edge", yMode="edge", x=0.015, y=0.02)) if at_left else None,
    )


def _text_style(theme: Theme, *, color: str = "") -> RichText:
    look = _characters(theme, size=_TEXT_SIZE, color=color or theme.muted)
    return RichText(
        bodyPr=RichTextProperties(),
        p=[Paragraph(pPr=ParagraphProperties(defRPr=look), r=[], endParaRPr=CharacterProperties())],
    )


def _characters(theme: Theme, *, size: int, color: str, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size * 100, b=bold, solidFill=color, latin=Typeface(typeface=theme.font))
