"""Make a chart follow a native PivotTable.

Excel draws such a chart anew from the pivot whenever the pivot is refreshed. So that its series keep their
looks, these stand a second time beside the series, and the pivot says which of its columns each belongs to.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.pivot import PivotFormat, PivotSource
from openpyxl.chart.series import Series as DataSeries

from xlreport.backends.xlsx.elements import element
from xlreport.backends.xlsx.pivot_fields import DATA_FIELD
from xlreport.backends.xlsx.pivot_tables import label_columns
from xlreport.plan import Chart, Series, SheetPlan
from xlreport.plan_pivots import VALUES, PivotLine, PivotPlan

__all__ = ["chart_formats", "charts_of", "follow"]

_THIS_WORKBOOK: Final = "[]"
"""Excel writes the name of the file in the brackets and passes over it when it reads them; a workbook
that does not know how it will be called leaves it out."""
_LABEL: Final = (
    *("numFmt", "spPr", "txPr", "dLblPos", "showLegendKey", "showVal", "showCatName", "showSerName"),
    *("showPercent", "showBubbleSize"),
)


def follow(result: BarChart | LineChart, chart: Chart, sheet: str, sheets: Iterable[SheetPlan]) -> None:
    """Bind ``result``, which is ``chart`` on the sheet called ``sheet``, to the chart's pivot."""
    home = chart.sheet or sheet
    number = next(at for at, one in enumerate(charts_of(chart.pivot, home, sheets)) if one is chart)
    result.pivotSource = PivotSource(f"{_THIS_WORKBOOK}{home}!{chart.pivot}", number)
    bodies = vars(result)["_charts"]  # one, or those of a combination; see the contract test
    series = sorted((one for body in bodies for one in body.ser), key=lambda one: int(one.idx))
    result.pivotFormats = list(map(_look, series))


def _look(series: DataSeries) -> PivotFormat:
    return PivotFormat(idx=series.idx, spPr=series.spPr, marker=series.marker, dLbl=_label(series.dLbls))


def _label(labels: DataLabelList | None) -> DataLabel | None:
    """Return what the figures beside the points of a series look like, where there are any."""
    if labels is None or not labels.showVal:
        return None
    return DataLabel(idx=0, **{name: getattr(labels, name) for name in _LABEL})


def charts_of(pivot: str, home: str, sheets: Iterable[SheetPlan]) -> list[Chart]:
    """Return the charts that follow ``pivot`` on the sheet ``home``, in the order of their numbers."""
    return [
        chart
        for sheet in sheets
        for chart in sheet.charts
        if chart.pivot == pivot and (chart.sheet or sheet.name) == home
    ]


def chart_formats(pivot: PivotPlan, charts: Iterable[Chart]) -> list[str]:
    """Return a ``chartFormat`` for each series of the charts that follow the pivot.

    ValueError for a series that is no column of the pivot.
    """
    return [
        _chart_format(number, at, line, pivot)
        for number, chart in enumerate(charts)
        for at, line in enumerate(_lines(pivot, chart.series))
    ]


def _lines(pivot: PivotPlan, series: Iterable[Series]) -> Iterator[PivotLine]:
    first = pivot.range.first_column + label_columns(pivot)
    for one in series:
        at = one.values.first_column - first
        if not 0 <= at < len(pivot.column_lines):
            message = f"the series {one.name!r} is no column of the pivot {pivot.name!r}"
            raise ValueError(message)
        yield pivot.column_lines[at]


def _chart_format(chart: int, number: int, line: PivotLine, pivot: PivotPlan) -> str:
    across = [field.field for field in pivot.columns if field.field != VALUES]
    references = [(DATA_FIELD, line.value), *zip(across, line.items, strict=False)]
    area = element(
        "pivotArea",
        {"type": "data", "outline": False, "fieldPosition": 0},
        element("references", {"count": len(references)}, *(_reference(*each) for each in references)),
    )
    return element("chartFormat", {"chart": chart, "format": number, "series": True}, area)


def _reference(field: int, item: int) -> str:
    attributes = {"field": field, "count": 1, "selected": False}
    return element("reference", attributes, element("x", {"v": item}))
