"""Lay out the statement: the paragraph written from the figures, and each figure with its source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from xlreport.analysis.axes import NOT_STATED
from xlreport.analysis.results import Figure, PivotTable
from xlreport.errors import SpecError
from xlreport.language import Language, key
from xlreport.layout.canvas import FIRST_ROW
from xlreport.layout.context import Context
from xlreport.number_formats import with_dash
from xlreport.plan import Formula, SheetPlan
from xlreport.spec.records import SheetSpec, Statement
from xlreport.styles import Align, Role
from xlreport.text import did_you_mean

__all__ = ["phrase", "statement_sheet", "statement_text"]

_SLOT: Final = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")
_MOST_NAMES: Final = 8
_PARAGRAPH_WIDTH: Final = 60
_NEAR: Final = Decimal("0.002")
"""A figure within two tenths of a per cent of the round one is "about" it, else "over" or "almost"."""
_ROUND_FROM: Final = 1000
"""Counts from here on are said in hundreds."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A figure and the words that it is said in."""

    figure: Figure
    words: str


def statement_sheet(sheet: SheetSpec, context: Context) -> SheetPlan:
    """Return the paragraph, and under it every figure in it: as said, exact, and a link to its source."""
    canvas = context.canvas(sheet, landscape=False)
    language = context.language
    canvas.head(
        language.text(
            "Written from the figures of this workbook; each of them is listed below with its source"
        )
    )
    said: dict[str, _Said] = {}
    for sentence in statement_text(sheet, context, said):
        row = max((block.row for block in canvas.blocks if block.row >= FIRST_ROW), default=FIRST_ROW - 1) + 1
        canvas.paragraph(Role.TEXT, row, 1, sentence, width=_PARAGRAPH_WIDTH)
    row = max((block.row for block in canvas.blocks), default=FIRST_ROW) + 2
    canvas.put(Role.HEADING, row, 1, [language.texts("The figures in it")], measured=False)
    canvas.heights[row] = 20
    canvas.put(Role.HEADER, row + 1, 1, [language.texts("Figure", "As stated")])
    canvas.put(Role.HEADER, row + 1, 3, [language.texts("Exact")], align=Align.RIGHT)
    canvas.put(Role.HEADER, row + 1, 4, [language.texts("Where it comes from")], indent=1)
    for offset, (name, item) in enumerate(said.items(), start=2):
        figure = item.figure
        spot = context.places.figures.get(name)
        exact = (
            Formula(spot.target, figure.current) if spot and figure.current is not None else figure.current
        )
        canvas.put(Role.BODY, row + offset, 1, [[figure.measure.title, item.words]])
        canvas.put(Role.BODY, row + offset, 3, [[exact]], [_exact_format(context, figure)])
        if spot:
            canvas.link(
                row + offset,
                4,
                context.row_of(spot),
                spot.target,
                figure.measure.definition[:250],
            )
    canvas.widen(1, _PARAGRAPH_WIDTH)
    canvas.widen(3, 22)
    canvas.widen(4, 22)
    return canvas.plan()


def _exact_format(context: Context, figure: Figure) -> str:
    if figure.measure.unit == "money":
        return with_dash(context.theme.money_format)
    return context.format(figure.measure.unit)


def statement_text(sheet: SheetSpec, context: Context, said: dict[str, _Said] | None = None) -> list[str]:
    """Return the sentences that the figures bear out; ``said`` collects the figures in them."""
    noted = {} if said is None else said
    return [
        _capitalised(context.filled(_sentence(statement, context, noted)))
        for statement in sheet.statements
        if _is_said(statement, context)
    ]


def _is_said(statement: Statement, context: Context) -> bool:
    figures = context.analysis.figures
    said = not statement.when or bool(figures[statement.when].current)
    return said and not (statement.unless and figures[statement.unless].current)


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _sentence(statement: Statement, context: Context, said: dict[str, _Said]) -> str:
    def fill(slot: re.Match[str]) -> str:
        return _filled_slot(slot[1], slot[2] or "", context, said) or slot[0]

    return _SLOT.sub(fill, statement.text)


def _filled_slot(name: str, argument: str, context: Context, said: dict[str, _Said]) -> str:
    if name in ("names", "first"):
        labels = list(_names(_pivot(argument, context), context.language.text(NOT_STATED)))
        return context.language.listing(labels[:1] if name == "first" else labels, most=_MOST_NAMES)
    figure = context.analysis.figures.get(name)
    if figure is None:
        if context.filled("{" + name + "}") != "{" + name + "}":
            return ""
        known = [
            *context.analysis.figures,
            "names:PIVOT",
            "first:PIVOT",
            "period",
            "organisation",
            "lookbackYears",
        ]
        message = (
            f"$.sheets.statements: no figure '{name}' to put into the sentence{did_you_mean(name, known)}"
        )
        raise SpecError(message)
    words = phrase(figure, context, argument)
    said[name] = _Said(figure, words)
    return words


def _pivot(name: str, context: Context) -> PivotTable:
    pivots = context.analysis.pivots
    if name not in pivots:
        message = f"$.sheets.statements: no pivot '{name}' to take names from{did_you_mean(name, pivots)}"
        raise SpecError(message)
    return pivots[name]


def _names(table: PivotTable, not_stated: str) -> Iterator[str]:
    """Yield the outermost label of each row that has a figure, each once."""
    seen: set[str] = set()
    for row in table.body:
        label = row.labels[0]
        if label not in {*seen, not_stated} and row.values and row.values[0]:
            seen.add(label)
            yield label


def phrase(figure: Figure, context: Context, noun: str = "") -> str:
    """Return a figure in words: ``about $15.0 billion``, ``over 7,500 enterprises``, ``53 countries``.

    ``noun`` is what is counted, ``country``, or its plural forms as the language has them, ``Land|Länder``.
    """
    value, unit, language = figure.current, figure.measure.unit, context.language
    if value is None:
        return language.text("no {noun}", noun=language.text(noun)) if noun else language.text("nothing")
    if unit == "money":
        words, rounded = language.forms.money(Decimal(value), context.currency)
        return language.text(_hedged(Decimal(value), rounded), figure=words)
    if unit == "count":
        return _count(int(value), noun, language)
    if unit == "percent":
        return language.forms.percent(Decimal(value))
    return f"{language.number(Decimal(value), 1)} {language.text(noun)}".strip()


def _count(value: int, noun: str, language: Language) -> str:
    rounded = value if value < _ROUND_FROM else value // 100 * 100
    words = _counted(rounded, noun, language)
    return language.text("over {figure}", figure=words) if value > rounded else words


def _counted(number: int, noun: str, language: Language) -> str:
    if "|" in noun:
        return language.of_forms(number, noun.split("|"))
    return language.count(number, noun) if noun else language.number(number)


def _hedged(exact: Decimal, rounded: Decimal) -> str:
    """Return the words by rule: none where the figure is round, about where near, else over or almost."""
    if exact == rounded:
        return "{figure}"
    if abs(exact - rounded) <= abs(rounded) * _NEAR:
        return key("about {figure}")
    return key("over {figure}") if exact > rounded else key("almost {figure}")
