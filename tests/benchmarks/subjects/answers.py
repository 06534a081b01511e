"""What a benchmark of the analysis asks for, whoever answers: figures, pivots, the bridge and the data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

__all__ = ["Answers", "Number", "Row", "in_text"]

Number = Decimal | int | None

_ALL_DIGITS = Context(prec=100)


@dataclass(frozen=True)
class Row:
    """One row of a pivot."""

    kind: str
    labels: tuple[str, ...]
    values: tuple[Number, ...]


@dataclass(frozen=True)
class Answers:
    """The results of one analysis."""

    figures: Mapping[str, Sequence[Number]]
    """Per measure, one figure per period of the history, the earliest first."""
    pivots: Mapping[str, Sequence[Row]]
    bridge: Mapping[str, Sequence[Number]]
    """Opening, each movement, revaluation and closing: one figure per period."""
    data: Mapping[str, Any]
    """By the name of the data sheet: a list of Python values per column, or an Arrow table."""


def in_text(answers: Answers) -> dict[str, Any]:
    """Return what can be compared and kept as JSON: all but the data, and of that the number of rows."""
    return {
        "figures": {name: _texts(values) for name, values in answers.figures.items()},
        "pivots": {
            name: [[row.kind, *row.labels, *_texts(row.values)] for row in rows]
            for name, rows in answers.pivots.items()
        },
        "bridge": {name: _texts(values) for name, values in answers.bridge.items()},
        "rows": {name: len(columns[0]) for name, columns in answers.data.items()},
    }


def _texts(numbers: Sequence[Number]) -> list[str | None]:
    return [None if number is None else _text(Decimal(number)) for number in numbers]


def _text(number: Decimal) -> str:
    """Return a number's digits: 2, 2.0 and 2.00 are the same number."""
    return format(_ALL_DIGITS.normalize(number), "f")
