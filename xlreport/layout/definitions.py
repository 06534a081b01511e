"""Lay out the definitions: what each figure means, how money was converted, where the data came from."""

from collections.abc import Iterator, Sequence
from typing import Final

from xlreport.cells import Range
from xlreport.language import Language, key
from xlreport.layout.canvas import FIRST_ROW, Canvas
from xlreport.layout.context import Context
from xlreport.layout.places import Spot
from xlreport.plan import SheetPlan
from xlreport.spec.records import AnyMeasure, Measure, Region, SheetSpec
from xlreport.styles import Align, Role
from xlreport.version import __version__

__all__ = ["definitions_sheet", "quality_line"]

_TEXT_WIDTH: Final = 60
_MOST_LINES: Final = 200
_POLICIES: Final = {
    "signingDate": key(
        "each amount at the latest rate on or before its date; of a contract, that of its signing"
    ),
    "periodAverage": key("each amount at the average rate of the period that its date falls in"),
    "periodEnd": key("each amount at the rate of the last day of the period that its date falls in"),
    "fixed": key("every amount at the rate of one fixed day"),
}

_ROUNDING: Final = key(
    "Each converted amount is rounded once, half to even, to the base currency's minor unit. "
    "Every total is the exact sum of those amounts; nothing else is rounded."
)


def definitions_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return the sheet; notes in the context's places where the records read and set aside stand."""
    canvas = context.canvas(sheet)
    canvas.head(quality_line(context))
    row = _rules(canvas, context, _quality(canvas, context, FIRST_ROW))
    texts = context.language.texts
    for titles, lines in (
        (texts("How the figures were made", "What", "How"), _making(context)),
        (texts("Sources", "File", "SHA-256"), context.analysis.sources),
        (texts("Figures", "Figure", "Definition"), _measures(context)),
        (texts("Not converted", "Amounts", "Reason"), _unconverted(context)),
        (texts("Countries not matched", "Value", "Where"), _unmatched(context)),
    ):
        row = _lines(canvas, context, row, titles, list(lines))
    canvas.widen(1, 42)
    canvas.widen(2, _TEXT_WIDTH)
    canvas.repeat_rows = (1, 1)
    return canvas.plan()


def quality_line(context: Context) -> str:
    """Return the data-quality line: what was read, used, set aside, converted and matched."""
    quality, language = context.analysis.quality, context.language
    read, aside = sum(quality.read.values()), sum(quality.set_aside.values())
    parts = [
        language.count(read, "record read", "records read"),
        language.text("{n} used", n=language.number(read - aside)),
        language.text("{n} set aside", n=language.number(aside)),
    ]
    unconverted = sum(part.rows for part in quality.unconverted)
    if quality.converted_rows or unconverted:
        parts.append(language.count(unconverted, "amount not converted", "amounts not converted"))
    if _asks_for_countries(context):
        unmatched = len(quality.unmatched)
        parts.append(language.count(unmatched, "country not matched", "countries not matched"))
    return " · ".join(parts)


def _asks_for_countries(context: Context) -> bool:
    tables = context.analysis.spec.tables
    return any(isinstance(column.compute, Region) for table in tables for column in table.columns)


def _quality(canvas: Canvas, context: Context, row: int) -> int:
    quality, language = context.analysis.quality, context.language
    if not quality.read:
        return row
    canvas.put(Role.HEADING, row, 1, [language.texts("Records")], measured=False)
    canvas.heights[row] = 20
    canvas.put(Role.HEADER, row + 1, 1, [language.texts("Register", "Set aside because of")])
    canvas.put(Role.HEADER, row + 1, 3, [language.texts("Read", "Set aside")], align=Align.RIGHT)
    for offset, (name, read) in enumerate(quality.read.items(), start=2):
        reasons = [
            f"{code} ({language.number(count)})" for table, code, count in quality.reasons if table == name
        ]
        canvas.put(Role.BODY, row + offset, 1, [[name, language.listing(reasons) or None]], measured=False)
        aside = quality.set_aside.get(name, 0)
        cells = canvas.put(Role.BODY, row + offset, 3, [[read, aside]], [context.format("count")] * 2)
        context.places.quality[name] = (
            Spot(canvas.name, Range.at(cells.first_row, 3)),
            Spot(canvas.name, Range.at(cells.first_row, 4)),
        )
    return row + len(quality.read) + 3


def _rules(canvas: Canvas, context: Context, row: int) -> int:
    """Write what came of the rules that applied to any record; return where the next part begins."""
    outcomes, language = context.analysis.quality.rules, context.language
    rules = [outcome for outcome in outcomes if outcome.held or outcome.failed]
    if not rules:
        return row
    canvas.put(Role.HEADING, row, 1, [language.texts("Rules of the schema")], measured=False)
    canvas.heights[row] = 20
    canvas.put(Role.HEADER, row + 1, 1, [language.texts("Register", "Rule")], measured=False)
    results = language.texts("Held", "Broken", "Not applicable")
    canvas.put(Role.HEADER, row + 1, 3, [results], align=Align.RIGHT)
    canvas.kept_together.append((row, row + 2))
    for at, rule in enumerate(rules, start=row + 2):
        said = language.text(rule.description) or rule.rule
        counts = [rule.held, rule.failed, sum(rule.not_applicable.values())]
        canvas.put(Role.BODY, at, 1, [[rule.resource]], measured=False)
        canvas.paragraph(Role.BODY, at, 2, said, width=_TEXT_WIDTH)
        canvas.put(Role.BODY, at, 3, [counts], [context.format("count")] * 3)
    row += len(rules) + 2
    if len(rules) < len(outcomes):
        idle = language.count(len(outcomes) - len(rules), "rule")
        note = language.text("Applied to no record: {rules}.", rules=idle)
        canvas.put(Role.NOTE, row, 1, [[note]], measured=False)
        row += 1
    return row + 1


def _lines(
    canvas: Canvas, context: Context, row: int, titles: Sequence[str], lines: Sequence[tuple[str, str]]
) -> int:
    """Write a heading and rows of two texts, the second wrapping; return where the next part begins."""
    if not lines:
        return row
    title, *headers = titles
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
        rest = context.language.number(len(lines) - _MOST_LINES)
        canvas.put(Role.NOTE, row, 1, [[context.language.text("and {n} more", n=rest)]], measured=False)
        row += 1
    return row + 1


def _making(context: Context) -> Iterator[tuple[str, str]]:
    analysis, text = context.analysis, context.language.text
    parameters = analysis.spec.parameters
    if analysis.spec.date:
        yield from _periods(context)
        yield text("Base currency"), parameters.base_currency
        policy = f"{parameters.rate_policy}: {text(_POLICIES[parameters.rate_policy])}."
        yield text("Rate policy"), f"{policy} {analysis.rates_note}"
        yield text("Rounding"), text(_ROUNDING)
    for note in analysis.notes:
        yield text("Note on the data"), note
    made = text("Made by xlreport {version}.", version=__version__)
    yield text("Report"), f"{analysis.spec.name}: {analysis.spec.description} {made}"


def _periods(context: Context) -> Iterator[tuple[str, str]]:
    analysis, language = context.analysis, context.language
    span = language.span(analysis.period.start, analysis.period.end)
    history = language.count(len(analysis.history), "period")
    yield language.text("Period"), language.text("{span}; history of {periods}.", span=span, periods=history)
    if analysis.register_start:
        since = language.text(
            "The register runs from {day}, so new means new since then. The lookback is {years}.",
            day=language.forms.day(analysis.register_start),
            years=language.count(analysis.spec.parameters.lookback_years, "year"),
        )
        yield language.text("New, returning, retained, lapsed"), since


def _measures(context: Context) -> Iterator[tuple[str, str]]:
    spec = context.analysis.spec
    for measure in spec.measures:
        text = context.filled(measure.definition) or _derived(measure, context.language)
        yield measure.title, text


def _derived(measure: AnyMeasure, language: Language) -> str:
    if not isinstance(measure, Measure):
        return measure.title
    words = {"aggregate": measure.aggregate, "field": measure.field, "table": measure.table}
    if measure.field:
        return language.text("The {aggregate} of {field} over the table {table}.", **words)
    return language.text("The {aggregate} over the table {table}.", **words)


def _unconverted(context: Context) -> Iterator[tuple[str, str]]:
    language = context.language
    for part in context.analysis.quality.unconverted:
        amounts = language.text(
            "{table}: {amounts} in {currency}",
            table=part.table,
            amounts=language.count(part.rows, "amount"),
            currency=part.currency or language.text("no currency"),
        )
        yield amounts, part.reason


def _unmatched(context: Context) -> Iterator[tuple[str, str]]:
    language = context.language
    for part in context.analysis.quality.unmatched:
        rows = language.count(part.rows, "row")
        yield (
            part.value,
            language.text("{table}: {rows}; not in the regions table", table=part.table, rows=rows),
        )
