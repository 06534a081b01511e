"""Turn a chart of the plan into an openpyxl chart, with its numbers and texts stored inside it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from openpyxl.chart import BarChart, LineChart
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
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as DataSeries
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from xlreport.backends.xlsx.axes import set_axes, set_second_axes
from xlreport.backends.xlsx.chart_texts import heading, legend, plot_place, text_style
from xlreport.backends.xlsx.strings import legal
from xlreport.cells import cell_name
from xlreport.plan import Chart, ChartKind, Labels, Series
from xlreport.styles import Theme

__all__ = ["drawn"]

_CURVE: Final = 28_575
"""2.25 points in EMU: the line of a series."""
_GROUPINGS: Final = {
    ChartKind.STACKED: "stacked",
    ChartKind.WATERFALL: "stacked",
    ChartKind.SHARE: "percentStacked",
}
"""How columns stand together, where not side by side."""
_LABEL_PLACES: Final = {
    "outside": "outEnd",
    "inside": "inEnd",
    "center": "ctr",
    "base": "inBase",
    "above": "t",
}
_NOTHING_SHOWN: Final = {
    "showLegendKey": False,
    "showCatName": False,
    "showSerName": False,
    "showPercent": False,
    "showBubbleSize": False,
}
_MARKER: Final = 6
"""Points across the mark of a line beside columns."""


def drawn(chart: Chart, sheet: str, theme: Theme) -> BarChart | LineChart:
    """Return ``chart`` as openpyxl writes it, anchored at its cell of the worksheet called ``sheet``."""
    result = _body(chart)
    result.anchor = cell_name(chart.row, chart.column)
    result.height = chart.height
    result.width = chart.width  # type: ignore[assignment,unused-ignore]  # openpyxl's stubs say int
    result.roundedCorners = result.varyColors = False
    result.graphical_properties = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(noFill=True))
    result.title = heading(chart, theme)
    series = [_series(number, one, chart, sheet, theme) for number, one in enumerate(chart.series)]
    second = [one.on_second_axis for one in chart.series]
    result.ser = [one for one, at_right in zip(series, second, strict=True) if not at_right]
    result.legend = legend(chart, theme)
    result.layout = plot_place(chart)
    set_axes(result, chart, theme)
    if chart.second_axis is not None:
        lines = LineChart(ser=[one for one, at_right in zip(series, second, strict=True) if at_right])
        lines.varyColors = False
        set_second_axes(lines, chart, chart.second_axis, theme)
        result += lines
    return result


def _body(chart: Chart) -> BarChart | LineChart:
    if chart.kind is ChartKind.LINE:
        return LineChart()
    grouping = _GROUPINGS.get(chart.kind)
    return BarChart(
        barDir="bar" if chart.kind is ChartKind.BAR else "col",
        grouping=grouping or "clustered",
        overlap=100 if grouping else None,
        gapWidth=chart.gap,
    )


def _series(number: int, series: Series, chart: Chart, sheet: str, theme: Theme) -> DataSeries:
    line = chart.kind is ChartKind.LINE or series.on_second_axis
    axis = chart.second_axis if series.on_second_axis and chart.second_axis else chart.axis
    place = chart.sheet or sheet
    result = DataSeries(
        idx=number,
        order=number,
        tx=SeriesLabel(v=legal(series.name)),
        cat=AxDataSource(strRef=StrRef(chart.categories.on(place), _stored_texts(chart.labels))),
        val=NumDataSource(
            numRef=NumRef(series.values.on(place), _stored_numbers(series.numbers, axis.number_format))
        ),
        spPr=_curve(series.color) if line else _area(series.color),
        marker=_marker(series),
    )
    if line:
        result.smooth = False
    else:
        result.invertIfNegative = False
    if series.labels is not None:
        result.dLbls = _labels(series.labels, theme)
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


def _marker(series: Series) -> Marker:
    if not series.on_second_axis:
        return Marker(symbol="none")
    look = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(w=_CURVE // 2, solidFill=series.color))
    return Marker(symbol="circle", size=_MARKER, spPr=look)


def _labels(labels: Labels, theme: Theme) -> DataLabelList:
    style, place = text_style(theme, color=labels.color), _LABEL_PLACES[labels.place]
    hidden = [DataLabel(idx=point, showVal=False, **_NOTHING_SHOWN) for point in labels.without]
    below = [
        DataLabel(
            idx=point, numFmt=labels.number_format, txPr=style, dLblPos="b", showVal=True, **_NOTHING_SHOWN
        )
        for point in labels.below
    ]
    worded = [
        DataLabel(idx=point, numFmt=_literal(text), txPr=style, dLblPos=place, showVal=True, **_NOTHING_SHOWN)
        for point, text in labels.texts
    ]
    return DataLabelList(
        dLbl=sorted([*hidden, *below, *worded], key=lambda label: label.idx),
        numFmt=labels.number_format,
        txPr=style,
        dLblPos=place,
        showVal=True,
        **_NOTHING_SHOWN,
    )


def _literal(text: str) -> str:
    """Return a number format that shows ``text`` in the place of any number."""
    quoted = '"' + text.replace('"', "'") + '"'
    return f"{quoted};{quoted};{quoted}"
