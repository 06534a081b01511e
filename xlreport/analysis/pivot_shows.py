"""Turn the figures of a pivot's line and its siblings into what is shown: differences, running totals, ranks.

The rules are those of Excel's PivotTables. Figures come in the order of the lines; None is a line without
any, which counts as nothing in a sum or a difference.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from xlreport.analysis.measures import EXACT, divided
from xlreport.analysis.results import Number

__all__ = ["ALONG", "less"]

Figures = Sequence[Number]


def less(number: Number, other: Number) -> Number:
    """Return the exact difference of two figures; None where both are, else None counts as 0."""
    if number is None and other is None:
        return None
    if isinstance(number, int) and isinstance(other, int):
        return number - other
    return EXACT.subtract(Decimal(number or 0), Decimal(other or 0))


def _plus(number: Number, other: Number) -> Number:
    if number is None or other is None:
        return other if number is None else number
    if isinstance(number, int) and isinstance(other, int):
        return number + other
    return EXACT.add(Decimal(number), Decimal(other))


def _differences(figures: Figures) -> Iterator[Number]:
    """Yield what each figure is more than the one before it; nothing for the first."""
    for position, figure in enumerate(figures):
        yield less(figure, figures[position - 1]) if position else None


def _percentages(figures: Figures) -> Iterator[Number]:
    """Yield the same as a part of the figure before; nothing where there is none, or it is 0."""
    for position, difference in enumerate(_differences(figures)):
        yield divided(difference, figures[position - 1]) if position else None


def _running(figures: Figures) -> Iterator[Number]:
    """Yield the sum down to each figure; nothing before the first that there is."""
    total: Number = None
    for figure in figures:
        total = _plus(total, figure)
        yield total


def _cumulative(figures: Figures) -> Iterator[Number]:
    """Yield the same as a part of the sum of all."""
    totals = list(_running(figures))
    return (divided(total, totals[-1]) for total in totals)


def _ranks(figures: Figures) -> Iterator[Number]:
    """Yield the place of each figure, 1 for the largest; equal ones share it, and none is left out after."""
    largest_first = sorted({figure for figure in figures if figure is not None}, reverse=True)
    places = {figure: place for place, figure in enumerate(largest_first, start=1)}
    return (None if figure is None else places[figure] for figure in figures)


ALONG: Final[Mapping[str, Callable[[Figures], Iterator[Number]]]] = {
    "difference": _differences,
    "differencePercent": _percentages,
    "runningTotal": _running,
    "cumulativeShare": _cumulative,
    "rank": _ranks,
}
"""What a value field shows along its base field -> how it is made of the figures."""
