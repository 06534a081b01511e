"""Write the words of a chart: title, what stands below it, and the text for those who cannot see it."""

import textwrap
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import Number
from xlreport.language import Language, key
from xlreport.layout.context import Context
from xlreport.layout.formats import displayed
from xlreport.plan import ChartKind
from xlreport.spec.records import Unit

__all__ = ["alt_text", "subtitle", "unit_words", "wrapped_title"]

_TITLE_LETTER: Final = 0.215
"""Centimetres that a letter of a title takes, on average."""
_SUBTITLE_LETTER: Final = 0.16
_MOST_LINES: Final = 3
"""Lines of a title; one that is longer still ends in an ellipsis."""
_MOST_ALT: Final = 1000

_KINDS: Final = {
    ChartKind.COLUMN: key("Column chart: {title}"),
    ChartKind.BAR: key("Bar chart: {title}"),
    ChartKind.LINE: key("Line chart: {title}"),
    ChartKind.STACKED: key("Stacked column chart: {title}"),
    ChartKind.SHARE: key("Column chart of shares: {title}"),
    ChartKind.WATERFALL: key("Waterfall chart: {title}"),
    ChartKind.COMBINATION: key("Chart of columns and a line: {title}"),
}
_UNITS: Final = {
    "count": key("number"),
    "percent": "%",
    "years": key("years"),
    "ratio": key("ratio"),
    "index": key("index"),
}


def unit_words(unit: Unit, context: Context) -> str:
    """Return a unit as it stands on an axis or below a title: ``USD million``, ``number``."""
    return context.money_unit if unit == "money" else context.language.text(_UNITS.get(unit, ""))


def wrapped_title(text: str, width: float) -> str:
    """Return a title with line breaks where it is too long for a chart of ``width`` centimetres."""
    return _wrapped(text, width, _TITLE_LETTER)


def subtitle(
    context: Context, title: str, when: str, units: Iterable[str], remarks: Iterable[str], width: float
) -> str:
    """Return of whom, in which unit, when, and what is left out; nothing that the title says already."""
    parts = [_organisation(context), context.language.listing(filter(None, units)), when]
    said = [part for part in parts if part and part not in title]
    line = " · ".join([*said, *remarks])
    return _wrapped(line, width, _SUBTITLE_LETTER)


def _organisation(context: Context) -> str:
    return context.filled("{organisation}") if context.analysis.words.get("organisation") else ""


def _wrapped(text: str, width: float, letter: float) -> str:
    columns = int((width - 0.8) / letter)
    return "\n".join(textwrap.wrap(text, columns, max_lines=_MOST_LINES, placeholder=" …"))


def alt_text(
    context: Context,
    kind: ChartKind,
    title: str,
    below: str,
    labels: Sequence[str],
    lines: Sequence[tuple[str, Sequence[Number], str]],
) -> str:
    """Return what is seen: how many categories and series, first and last, highest and lowest.

    Each of ``lines`` is the name of a series, its numbers and their format.
    """
    language = context.language
    facts = [language.text(_KINDS[kind], title=_one_line(title))]
    if below:
        facts.append(_one_line(below))
    categories = language.count(len(labels), "category")
    span = language.text("{start} to {end}", start=labels[0], end=labels[-1])
    facts.append(f"{categories}: {span if len(labels) > 1 else labels[0]}")
    if len(lines) > 1:
        series = language.count(len(lines), "series", "series")
        facts.append(f"{series}: {language.listing(name for name, _, _ in lines)}")
    for name, numbers, number_format in lines:
        prefix = f"{name}: " if len(lines) > 1 else ""
        facts.append(prefix + _extremes(language, labels, numbers, number_format))
    text = ". ".join(fact[:1].upper() + fact[1:] for fact in facts) + "."
    return text if len(text) <= _MOST_ALT else text[: _MOST_ALT - 1] + "…"


def _extremes(
    language: Language, labels: Sequence[str], numbers: Sequence[Number], number_format: str
) -> str:
    present = [(number, label) for number, label in zip(numbers, labels, strict=True) if number is not None]
    if not present:
        return language.text("no figures")
    highest, lowest = max(present, key=_figure), min(present, key=_figure)
    points = {"first": present[0], "last": present[-1], "highest": highest, "lowest": lowest}
    said = {name: f"{displayed(number, number_format)} ({label})" for name, (number, label) in points.items()}
    if len(present) == 1:
        return said["first"]
    return language.text("first {first}, last {last}, highest {highest}, lowest {lowest}", **said)


def _figure(pair: tuple[Decimal | int, str]) -> Decimal | int:
    return pair[0]


def _one_line(text: str) -> str:
    return " ".join(text.split())
