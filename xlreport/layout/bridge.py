"""Lay out a bridge: opening balance, movements, revaluation and closing balance, with a waterfall."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import BridgeTable, Number
from xlreport.cells import Range
from xlreport.language import key
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.charts import bridge_chart
from xlreport.layout.context import Context
from xlreport.layout.places import Spot
from xlreport.plan import CellValue, Formula, SheetPlan
from xlreport.spec.records import SheetSpec
from xlreport.styles import Align, Role

__all__ = ["CLOSING", "OPENING", "REVALUATION", "bridge_sheet"]

OPENING: Final = key("Opening")
REVALUATION: Final = key("Revaluation")
CLOSING: Final = key("Closing")
_CHART_ROWS: Final = 21


def _steps(context: Context) -> tuple[str, ...]:
    return context.language.texts("Step", "Base", "Balance", "Up", "Down")


def bridge_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return the sheet; notes in the context's places where each line of the bridge stands."""
    table = context.analysis.bridges[sheet.bridge]
    history = context.analysis.history
    canvas = context.canvas(sheet)
    text = context.language.text
    periods_shown = text("Period {period} and those before", period=context.analysis.period.label)
    canvas.head(f"{periods_shown} · {text('money in {unit}', unit=context.money_unit)}")
    periods = [period.label for period in history]
    aligns = [Align.LEFT, *[Align.RIGHT] * len(periods)]
    canvas.put(Role.HEADER, FIRST_ROW, 1, [[text("Line"), *periods]], align=aligns)
    lines = [text(OPENING), *table.movements, text(REVALUATION)]
    values = [table.opening, *table.amounts, table.revaluation]
    row = FIRST_ROW
    for name, amounts in zip(lines, values, strict=True):
        row += 1
        _line(canvas, context, row, name, amounts, Role.SUBTOTAL if name == lines[0] else Role.BODY)
    row += 1
    _line(canvas, context, row, text(CLOSING), _closing(table, row), Role.TOTAL)
    _note_places(context, sheet, [OPENING, *table.movements, REVALUATION, CLOSING], len(periods))
    canvas.widen(1, 34)
    canvas.freeze = (FIRST_ROW + 1, 2)
    canvas.repeat_rows = (1, 2)
    if table.bridge.note:
        row += 1
        canvas.put(Role.SUBTITLE, row, 1, [[table.bridge.note]], measured=False)
    _waterfall(canvas, context, table, row + 2)
    return canvas.plan()


def _line(
    canvas: Canvas, context: Context, row: int, name: str, amounts: Sequence[CellValue], role: Role
) -> None:
    canvas.put(role, row, 1, [[name]])
    canvas.put(role, row, 2, [list(amounts)], [context.format("money")] * len(amounts))


def _closing(table: BridgeTable, row: int) -> list[CellValue]:
    """Return the closing balances as sums of the lines above, with the balances computed by themselves."""
    cells: list[CellValue] = []
    for index, value in enumerate(table.closing):
        above = Range(FIRST_ROW + 1, 2 + index, row - 1, 2 + index)
        cells.append(None if value is None else Formula(f"SUM({above})", value))
    return cells


def _note_places(context: Context, sheet: SheetSpec, lines: Sequence[str], periods: int) -> None:
    context.places.bridges[sheet.bridge] = {
        name: Spot(sheet.name, Range.at(FIRST_ROW + 1 + offset, 1 + periods))
        for offset, name in enumerate(lines)
    }


def _waterfall(canvas: Canvas, context: Context, table: BridgeTable, row: int) -> None:
    """Draw the waterfall, and below it the small table that it is drawn from."""
    opening, revaluation, closing = context.language.texts(OPENING, REVALUATION, CLOSING)
    names = [opening, *table.movements, revaluation, closing]
    steps = [
        table.opening[-1],
        *(amounts[-1] for amounts in table.amounts),
        table.revaluation[-1],
        table.closing[-1],
    ]
    parts = _bars(steps)
    if parts is None:
        return
    period = context.analysis.period.label
    title = context.language.text("{title}, {period}", title=table.bridge.title, period=period)
    steps_row = row + _CHART_ROWS
    cells = _steps_table(canvas, context, steps_row, title, names, parts)
    theme = context.theme
    colors = ("", theme.series[0], theme.series[2], theme.series[1])
    series = [
        (header, Range.at(cells.first_row, 2 + index, len(names)), parts[index], color)
        for index, (header, color) in enumerate(zip(_steps(context)[1:], colors, strict=True))
    ]
    labels = Spot(canvas.name, Range.at(cells.first_row, 1, len(names)))
    canvas.charts.append(bridge_chart(title, context, row, labels, names, series))
    canvas.kept_together += [(row, row + _CHART_ROWS - 1), (steps_row, cells.last_row)]


def _steps_table(
    canvas: Canvas,
    context: Context,
    row: int,
    title: str,
    names: Sequence[str],
    parts: Sequence[Sequence[Decimal]],
) -> Range:
    heading = context.language.text("{chart}: the steps of the chart", chart=title)
    steps = _steps(context)
    canvas.put(Role.HEADING, row, 1, [[heading]], measured=False)
    canvas.heights[row] = 20
    canvas.put(Role.HEADER, row + 1, 1, [steps[:1]])
    canvas.put(Role.HEADER, row + 1, 2, [steps[1:]], align=Align.RIGHT)
    canvas.put(Role.BODY, row + 2, 1, [[name] for name in names])
    return canvas.put(Role.BODY, row + 2, 2, list(zip(*parts, strict=True)), [context.format("money")] * 4)


def _bars(steps: Sequence[Number]) -> tuple[list[Decimal], ...] | None:
    """Return base, balance, up and down of each step; None where a balance is missing or below zero."""
    if any(step is None for step in steps):
        return None
    amounts = [Decimal(step or 0) for step in steps]
    base, balance, up, down = ([Decimal(0)] * len(amounts) for _ in range(4))
    level = Decimal(0)
    for index, amount in enumerate(amounts):
        if index in (0, len(amounts) - 1):
            balance[index] = level = amount
            continue
        base[index] = min(level, level + amount)
        (up if amount > 0 else down)[index] = abs(amount)
        level += amount
    return None if min([*base, *balance]) < 0 else (base, balance, up, down)
