"""Lay out the summary: the headline figures with their change, their history, averages and growth."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Context as Arithmetic
from decimal import Decimal
from typing import Final

from xlreport.analysis.measures import divided
from xlreport.analysis.results import Figure, Number
from xlreport.cells import Range, cell_name
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.charts import Drawing, history_drawing, pivot_drawing, place_chart, place_reason
from xlreport.layout.context import Context
from xlreport.layout.places import Spot
from xlreport.layout.sparklines import LEAST_PERIODS, change_icons, put_trends
from xlreport.plan import CellValue, Formula, SheetPlan
from xlreport.spec.records import ChartSpec, ReportSpec, SheetSpec
from xlreport.styles import Align, Role

__all__ = ["figure_spots", "summary_sheet"]

_GROWTH: Final = Arithmetic(prec=20)
_AVERAGES: Final = (3, 5)
"""Lengths, in periods, of the averages shown."""
_CURRENT: Final = 2
_LEAD: Final = 3
"""Column with the ways to the rows, in a report that shows them."""
_CHART_WIDTH: Final = 15.0
_CHART_HEIGHT: Final = 8.0
_BESIDE: Final = 2
"""Charts side by side."""


class _Columns:
    """Where the columns of the summary stand, which depends on how long the history is."""

    def __init__(self, periods: int, *, leads: bool) -> None:
        self.periods = periods
        self.compared = periods > 1
        self.leads = leads
        last = _LEAD if leads else _CURRENT
        self.change = last + 1
        self.percent = last + 2
        self.history = last + 3 if self.compared else _CURRENT
        self.trend = self.history + periods if periods >= LEAST_PERIODS else None
        self.averages = [length for length in _AVERAGES if periods >= length]
        self.first_average = self.history + periods + (self.trend is not None)
        self.growth = self.first_average + len(self.averages)
        self.last = self.growth if self.compared else last

    def of_period(self, index: int) -> int:
        return self.history + index

    def last_periods(self, row: int, length: int) -> Range:
        """Return the cells of the last periods in a row."""
        return Range.at(row, self.history + self.periods - length, 1, length)


def summary_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return the summary; notes in the context's places where each figure stands."""
    analysis = context.analysis
    columns = _Columns(len(analysis.history), leads=bool(context.places.leads))
    canvas = context.canvas(sheet)
    canvas.head(_subtitle(context, sheet))
    _header(canvas, context, columns)
    rows: dict[str, int] = {}
    row = FIRST_ROW
    for group in sheet.groups:
        row += 1
        canvas.put(Role.SUBTOTAL, row, 1, [[group.title, *[None] * (columns.last - 1)]], measured=False)
        for name in group.measures:
            row += 1
            rows[name] = row
            _figure_row(canvas, context, columns, row, analysis.figures[name])
            context.places.figures[name] = Spot(sheet.name, Range.at(row, _CURRENT))
    row = _without_rows(canvas, context, columns, rows, row)
    canvas.widen(1, 44)
    canvas.freeze = (FIRST_ROW + 1, 2)
    canvas.repeat_rows = (FIRST_ROW, FIRST_ROW)
    _mark_changes(canvas, context, columns, rows)
    _charts(canvas, context, sheet, columns, rows, row + 2)
    return canvas.plan()


def figure_spots(spec: ReportSpec) -> dict[str, Spot]:
    """Return where each figure of the summaries will stand, for what is laid out before them."""
    spots: dict[str, Spot] = {}
    for sheet in spec.sheets:
        row = FIRST_ROW
        for group in sheet.groups if sheet.kind == "summary" else ():
            row += 1
            for name in group.measures:
                row += 1
                spots[name] = Spot(sheet.name, Range.at(row, _CURRENT))
    return spots


def _without_rows(canvas: Canvas, context: Context, columns: _Columns, shown: Iterable[str], row: int) -> int:
    """Say which figures lead to no rows, where others do, and return the last row that is taken."""
    spec = context.analysis.spec
    titles = [spec.measure(name).title for name in shown if name not in context.places.leads]
    if not columns.leads or not titles:
        return row
    note = context.language.text(
        "Of {figures} no rows are shown: shares of a mean, a median or a ratio cannot be added up.",
        figures=context.language.listing(titles),
    )
    canvas.put(Role.SUBTITLE, row + 1, 1, [[note]], measured=False)
    return row + 1


def _subtitle(context: Context, sheet: SheetSpec) -> str:
    analysis, language = context.analysis, context.language
    parts = []
    if analysis.spec.date:
        span = language.span(analysis.period.start, analysis.period.end)
        parts.append(language.text("Period {period}", period=span))
    if any(figure.measure.unit == "money" for figure in analysis.figures.values()):
        parts.append(language.text("money in {unit}", unit=context.money_unit))
    return " · ".join([*parts, sheet.note] if sheet.note else parts)


def _header(canvas: Canvas, context: Context, columns: _Columns) -> None:
    """Write the header but for the column of the trends, which is headed with its small charts."""
    titles = _titles(context, columns)
    aligns = [Align.LEFT, *[Align.RIGHT] * (len(titles) - 1)]
    indents = [0] * len(titles)
    if columns.leads:
        aligns[_LEAD - 1], indents[_LEAD - 1] = Align.LEFT, 1
    before = len(titles) if columns.trend is None else columns.trend - 1
    canvas.put(Role.HEADER, FIRST_ROW, 1, [titles[:before]], align=aligns[:before], indent=indents[:before])
    if columns.trend is not None:
        canvas.put(Role.HEADER, FIRST_ROW, columns.trend + 1, [titles[before:]], align=aligns[before:])


def _titles(context: Context, columns: _Columns) -> list[CellValue]:
    language, labels = context.language, [period.label for period in context.analysis.history]
    figure, value, made_of = language.texts("Figure", "Value", "Made of")
    leads = [made_of] if columns.leads else []
    if not columns.compared:
        return [figure, labels[-1] if context.analysis.spec.date else value, *leads]
    averages = [
        language.text("Average of {periods}", periods=language.count(length, "period"))
        for length in columns.averages
    ]
    change = language.text("Change on {period}", period=labels[-2])
    growth = language.text("Growth a year since {period}", period=labels[0])
    return [figure, labels[-1], *leads, change, language.text("Change, %"), *labels, *averages, growth]


def _figure_row(canvas: Canvas, context: Context, columns: _Columns, row: int, figure: Figure) -> None:
    measure = figure.measure
    label = context.with_unit(measure.title, measure.unit)
    canvas.put(Role.LABEL, row, 1, [[label]])
    number_format = context.format(measure.unit)
    lead = context.places.leads.get(measure.name)
    if lead:
        canvas.link(row, _LEAD, lead.text, lead.target, lead.tooltip)
    if not columns.compared:
        canvas.put(Role.FIGURE, row, _CURRENT, [[figure.current]], [number_format])
        return
    now = columns.of_period(columns.periods - 1)
    canvas.put(Role.FIGURE, row, _CURRENT, [[_same(row, now, figure.current)]], [number_format])
    _change_cells(canvas, context, columns, row, figure)
    history: Sequence[CellValue] = figure.values
    canvas.put(Role.BODY, row, columns.history, [history], [number_format] * columns.periods)
    _trend_cells(canvas, context, columns, row, figure)


def _same(row: int, column: int, value: Number) -> CellValue:
    return None if value is None else Formula(cell_name(row, column), value)


def _change_cells(canvas: Canvas, context: Context, columns: _Columns, row: int, figure: Figure) -> None:
    now = cell_name(row, columns.of_period(columns.periods - 1))
    before = cell_name(row, columns.of_period(columns.periods - 2))
    change = percent = None
    if figure.current is not None and figure.previous is not None:
        difference = figure.current - figure.previous
        change = Formula(f"{now}-{before}", difference)
        relative = divided(difference, figure.previous) if figure.previous > 0 else None
        if relative is not None and figure.measure.unit != "percent":
            percent = Formula(f"{now}/{before}-1", relative)
    signed = context.format(figure.measure.unit, signed=True)
    canvas.put(Role.BODY, row, columns.change, [[change]], [signed])
    canvas.put(Role.BODY, row, columns.percent, [[percent]], [context.format("percent", signed=True)])


def _trend_cells(canvas: Canvas, context: Context, columns: _Columns, row: int, figure: Figure) -> None:
    number_format = context.format(figure.measure.unit)
    if figure.measure.unit == "count":
        number_format = context.format("years")
    for offset, length in enumerate(columns.averages):
        cells = columns.last_periods(row, length)
        average = _average(figure.values[-length:])
        cell = None if average is None else Formula(f"AVERAGE({cells})", average)
        canvas.put(Role.BODY, row, columns.first_average + offset, [[cell]], [number_format])
    first, last = cell_name(row, columns.history), cell_name(row, columns.of_period(columns.periods - 1))
    growth = _growth(figure)
    steps = columns.periods - 1
    cell = None if growth is None else Formula(f"({last}/{first})^(1/{steps})-1", growth)
    canvas.put(Role.BODY, row, columns.growth, [[cell]], [context.format("percent", signed=True)])


def _average(values: Sequence[Number]) -> Number:
    """Return the mean of the values that are there, as AVERAGE takes it."""
    present = [Decimal(value) for value in values if value is not None]
    return divided(sum(present, Decimal(0)), len(present)) if present else None


def _growth(figure: Figure) -> Number:
    first, last = figure.values[0], figure.values[-1]
    if not first or not last or first < 0 or last < 0 or figure.measure.unit not in ("money", "count"):
        return None
    ratio = _GROWTH.divide(Decimal(last), Decimal(first))
    exponent = _GROWTH.divide(Decimal(1), Decimal(len(figure.values) - 1))
    return _GROWTH.power(ratio, exponent) - 1


def _mark_changes(canvas: Canvas, context: Context, columns: _Columns, rows: Mapping[str, int]) -> None:
    """Put arrows before the changes and small charts beside the history."""
    if not (columns.compared and rows):
        return
    change_icons(canvas, Range(min(rows.values()), columns.percent, max(rows.values()), columns.percent))
    if columns.trend is not None:
        trends = [
            (columns.last_periods(row, columns.periods), context.analysis.figures[name].values)
            for name, row in rows.items()
        ]
        put_trends(canvas, FIRST_ROW, columns.trend, trends)


def _charts(
    canvas: Canvas, context: Context, sheet: SheetSpec, columns: _Columns, rows: Mapping[str, int], row: int
) -> None:
    """Place the charts in pairs below the figures, and below them what they are drawn from."""
    drawings = [_drawing(spec, context, sheet, columns, rows) for spec in sheet.charts]
    drawn = [drawing for drawing in drawings if not isinstance(drawing.data, str)]
    places: list[tuple[Drawing, int, int]] = []
    for first in range(0, len(drawn), _BESIDE):
        side_by_side = drawn[first : first + _BESIDE]
        column, height = 1, max(drawing.rows for drawing in side_by_side)
        canvas.kept_together.append((row, row + height - 2))
        for drawing in side_by_side:
            places.append((drawing, row, column))
            column = canvas.column_after(column, drawing.frame.width)
        row += height
    for drawing, top, column in places:
        row = place_chart(canvas, context, drawing, (top, column), (row, 1))
    for drawing in drawings:
        if drawing not in drawn:
            row = place_reason(canvas, drawing, row)


def _drawing(
    spec: ChartSpec, context: Context, sheet: SheetSpec, columns: _Columns, rows: Mapping[str, int]
) -> Drawing:
    if spec.pivot:
        return pivot_drawing(spec, context, _CHART_WIDTH, _CHART_HEIGHT)
    header = Range.at(FIRST_ROW, columns.history, 1, columns.periods)
    series = [
        (name, columns.last_periods(rows[name], columns.periods)) for name in spec.measures if name in rows
    ]
    return history_drawing(spec, context, sheet.name, header, series, _CHART_WIDTH, _CHART_HEIGHT)
