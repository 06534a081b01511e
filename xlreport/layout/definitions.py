"""Lay out the definitions: what each figure means, how money was converted, where the data came from."""

from collections.abc import Iterator, Sequence
from typing import Final

from xlreport.cells import Range
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.context import Context
from xlreport.layout.places import Spot
from xlreport.plan import SheetPlan
from xlreport.spec.records import AnyMeasure, Measure, Region, SheetSpec
from xlreport.styles import Align, Role
from xlreport.text import listing, plural
from xlreport.version import __version__

__all__ = ["definitions_sheet", "quality_line"]

_TEXT_WIDTH: Final = 60
_MOST_LINES: Final = 200
_POLICIES: Final = {
    "signingDate": "each amount at the latest rate on or before its date; of a contract, that of its signing",
    "periodAverage": "each amount at the average rate of the period that its date falls in",
    "periodEnd": "each amount at the rate of the last day of the period that its date falls in",
    "fixed": "every amount at the rate of one fixed day",
}

_ROUNDING: Final = (
    "Each converted amount is rounded once, half to even, to the base currency's minor unit. "
    "Every total is the exact sum of those amounts; nothing else is rounded."
)


def definitions_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return the sheet; notes in the context's places where the records read and set aside stand."""
    canvas = context.canvas(sheet)
    canvas.head(quality_line(context))
    row = _quality(canvas, context, FIRST_ROW)
    row = _lines(canvas, row, "How the figures were made", ("What", "How"), list(_making(context)))
    row = _lines(canvas, row, "Sources", ("File", "SHA-256"), list(context.analysis.sources))
    row = _lines(canvas, row, "Figures", ("Figure", "Definition"), list(_measures(context)))
    row = _lines(canvas, row, "Not converted", ("Amounts", "Reason"), list(_unconverted(context)))
    _lines(canvas, row, "Countries not matched", ("Value", "Where"), list(_unmatched(context)))
    canvas.widen(1, 42)
    canvas.widen(2, _TEXT_WIDTH)
    canvas.repeat_rows = (1, 1)
    return canvas.plan()


def quality_line(context: Context) -> str:
    """Return the data-quality line: what was read, used, set aside, converted and matched."""
    quality = context.analysis.quality
    read, aside = sum(quality.read.values()), sum(quality.set_aside.values())
    parts = [f"{plural(read, 'record')} read", f"{read - aside:,} used", f"{aside:,} set aside"]
    unconverted = sum(part.rows for part in quality.unconverted)
    if quality.converted_rows or unconverted:
        parts.append(f"{plural(unconverted, 'amount')} not converted")
    if _asks_for_countries(context):
        parts.append(f"{plural(len(quality.unmatched), 'country', 'countries')} not matched")
    return " · ".join(parts)


def _asks_for_countries(context: Context) -> bool:
    tables = context.analysis.spec.tables
    return any(isinstance(column.compute, Region) for table in tables for column in table.columns)


def _quality(canvas: Canvas, context: Context, row: int) -> int:
    quality = context.analysis.quality
    if not quality.read:
        return row
    canvas.put(Role.HEADING, row, 1, [["Records"]], measured=False)
    canvas.heights[row] = 20
    canvas.put(Role.HEADER, row + 1, 1, [["Register", "Set aside because of"]])
    canvas.put(Role.HEADER, row + 1, 3, [["Read", "Set aside"]], align=Align.RIGHT)
    for offset, (name, read) in enumerate(quality.read.items(), start=2):
        reasons = [f"{code} ({count:,})" for table, code, count in quality.reasons if table == name]
        canvas.put(Role.BODY, row + offset, 1, [[name, listing(reasons) or None]], measured=False)
        aside = quality.set_aside.get(name, 0)
        cells = canvas.put(Role.BODY, row + offset, 3, [[read, aside]], ['#,##0;-#,##0;"–"'] * 2)
        context.places.quality[name] = (
            Spot(canvas.name, Range.at(cells.first_row, 3)),
            Spot(canvas.name, Range.at(cells.first_row, 4)),
        )
    return row + len(quality.read) + 3


def _lines(
    canvas: Canvas, row: int, title: str, headers: tuple[str, str], lines: Sequence[tuple[str, str]]
) -> int:
    """Write a heading and rows of two texts, the second wrapping; return where the next part begins."""
    if not lines:
        return row
    canvas.put(Role.HEADING, row, 1, [[title]], measured=False)
    canvas.heights[row] = 20
    canvas.put(Role.HEADER, row + 1, 1, [headers], measured=False)
    canvas.kept_together.append((row, row + 2))
    row += 2
    for name, text in lines[:_MOST_LINES]:
        canvas.put(Role.TEXT, row, 1, [[name]], measured=False)
        canvas.paragraph(Role.TEXT, row, 2, text, width=_TEXT_WIDTH)
        row += 1
    if len(lines) > _MOST_LINES:
        canvas.put(Role.NOTE, row, 1, [[f"and {len(lines) - _MOST_LINES:,} more"]], measured=False)
        row += 1
    return row + 1


def _making(context: Context) -> Iterator[tuple[str, str]]:
    analysis = context.analysis
    parameters = analysis.spec.parameters
    if analysis.spec.date:
        span = f"{analysis.period.start} to {analysis.period.end}"
        yield "Period", f"{span}; history of {plural(len(analysis.history), 'period')}."
        if analysis.register_start:
            lookback = plural(parameters.lookback_years, "year")
            since = f"The register runs from {analysis.register_start}, so new means new since then."
            yield "New, returning, retained, lapsed", f"{since} The lookback is {lookback}."
        yield "Base currency", parameters.base_currency
        policy = f"{parameters.rate_policy}: {_POLICIES[parameters.rate_policy]}."
        yield "Rate policy", f"{policy} {analysis.rates_note}"
        yield "Rounding", _ROUNDING
    for note in analysis.notes:
        yield "Note on the data", note
    yield "Report", f"{analysis.spec.name}: {analysis.spec.description} Made by xlreport {__version__}."


def _measures(context: Context) -> Iterator[tuple[str, str]]:
    spec = context.analysis.spec
    for measure in spec.measures:
        text = context.filled(measure.definition) or _derived(measure)
        yield measure.title, text


def _derived(measure: AnyMeasure) -> str:
    if isinstance(measure, Measure):
        field = f" of {measure.field}" if measure.field else ""
        return f"The {measure.aggregate}{field} over the table {measure.table}."
    return measure.title


def _unconverted(context: Context) -> Iterator[tuple[str, str]]:
    for part in context.analysis.quality.unconverted:
        yield f"{part.table}: {plural(part.rows, 'amount')} in {part.currency or 'no currency'}", part.reason


def _unmatched(context: Context) -> Iterator[tuple[str, str]]:
    for part in context.analysis.quality.unmatched:
        yield part.value, f"{part.table}: {plural(part.rows, 'row')}; not in the regions table"
