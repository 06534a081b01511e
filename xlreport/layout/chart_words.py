"""Write the words of a chart: title, what stands below it, and the text for those who cannot see it."""

import textwrap
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import Number
from xlreport.layout.context import Context
from xlreport.layout.formats import displayed
from xlreport.plan import ChartKind
from xlreport.spec.records import Unit
from xlreport.text import listing, plural

__all__ = ["alt_text", "subtitle", "unit_words", "wrapped_title"]

_TITLE_LETTER: Final = 0.215
"""Centimetres that a letter of a title takes, on average."""
_SUBTITLE_LETTER: Final = 0.16
_MOST_LINES: Final = 3
"""Lines of a title; one that is longer still ends in an ellipsis."""
_MOST_ALT: Final = 1000

_KINDS: Final = {
    ChartKind.COLUMN: "Column chart",
    ChartKind.BAR: "Bar chart",
    ChartKind.LINE: "Line chart",
    ChartKind.STACKED: "Stacked column chart",
    ChartKind.SHARE: "Column chart of shares",
    ChartKind.WATERFALL: "Waterfall chart",
    ChartKind.COMBINATION: "Chart of columns and a line",
}
_UNITS: Final = {"count": "number", "percent": "%", "years": "years", "ratio": "ratio", "index": "index"}


def unit_words(unit: Unit, context: Context) -> str:
    """Return a unit as it stands on an axis or below a title: ``USD million``, ``number``."""
    return context.money_unit if unit == "money" else _UNITS.get(unit, "")


def wrapped_title(text: str, width: float) -> str:
    """Return a title with line breaks where it is too long for a chart of ``width`` centimetres."""
    return _wrapped(text, width, _TITLE_LETTER)


def subtitle(
    context: Context, title: str, when: str, units: Iterable[str], remarks: Iterable[str], width: float
) -> str:
    """Return of whom, in which unit, when, and what is left out; nothing that the title says already."""
    parts = [context.analysis.spec.parameters.organisation, " and ".join(filter(None, units)), when]
    said = [part for part in parts if part and part not in title]
    line = " · ".join([*said, *remarks])
    return _wrapped(line, width, _SUBTITLE_LETTER)


def _wrapped(text: str, width: float, letter: float) -> str:
    columns = int((width - 0.8) / letter)
    return "\n".join(textwrap.wrap(text, columns, max_lines=_MOST_LINES, placeholder=" …"))


def alt_text(
    kind: ChartKind,
    title: str,
    below: str,
    labels: Sequence[str],
    lines: Sequence[tuple[str, Sequence[Number], str]],
) -> str:
    """Return what is seen: how many categories and series, first and last, highest and lowest.

    Each of ``lines`` is the name of a series, its numbers and their format.
    """
    facts = [f"{_KINDS[kind]}: {_one_line(title)}"]
    if below:
        facts.append(_one_line(below))
    span = f", {labels[0]} to {labels[-1]}" if len(labels) > 1 else ""
    facts.append(f"{plural(len(labels), 'category')}{span}")
    if len(lines) > 1:
        facts.append(f"{plural(len(lines), 'series', 'series')}: {listing(name for name, _, _ in lines)}")
    for name, numbers, number_format in lines:
        prefix = f"{name}: " if len(lines) > 1 else ""
        facts.append(prefix + _extremes(labels, numbers, number_format))
    text = ". ".join(fact[:1].upper() + fact[1:] for fact in facts) + "."
    return text if len(text) <= _MOST_ALT else text[: _MOST_ALT - 1] + "…"


def _extremes(labels: Sequence[str], numbers: Sequence[Number], number_format: str) -> str:
    present = [(number, label) for number, label in zip(numbers, labels, strict=True) if number is not None]
    if not present:
        return "no figures"

    def said(pair: tuple[Decimal | int, str]) -> str:
        return f"{displayed(pair[0], number_format)} ({pair[1]})"

    if len(present) == 1:
        return said(present[0])
    highest, lowest = max(present, key=_figure), min(present, key=_figure)
    first, last = present[0], present[-1]
    return f"first {said(first)}, last {said(last)}, highest {said(highest)}, lowest {said(lowest)}"


def _figure(pair: tuple[Decimal | int, str]) -> Decimal | int:
    return pair[0]


def _one_line(text: str) -> str:
    return " ".join(text.split())
