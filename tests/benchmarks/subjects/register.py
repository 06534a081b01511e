"""A register of contracts as columns, and a summary of it: the input of the benchmarks."""

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.benchmarks.measure import Size

__all__ = [
    "DATES",
    "FORMATS",
    "NAMES",
    "SUMMARY_NAMES",
    "SUMMARY_ROWS",
    "WIDTH",
    "columns",
    "floats",
    "holds",
    "summary",
]

NAMES = (
    *("Country", "Status", "Currency", "Cooperation", "Product group", "Customer"),
    *("Number", "Title", "Signed", "In force", "Value", "Paid", "Scheduled", "Advance", "Lots", "Units"),
)
FORMATS = (*("@",) * 8, *("yyyy-mm-dd",) * 2, *("#,##0.00",) * 4, "0", "#,##0")
DATES = (8, 9)
"""Positions of the columns of dates."""
WIDTH = 16
"""Of a column, in characters."""
SUMMARY_NAMES = ("Group", *(f"Measure {number}" for number in range(1, 11)), "Sum")
SUMMARY_ROWS = 50
_DIFFERENT = {
    "Country": 53,
    "Status": 5,
    "Currency": 8,
    "Cooperation": 12,
    "Product group": 20,
    "Customer": 3000,
}
_FIRST_DAY = dt.date(2010, 1, 1)
_DAYS = 4000


def columns(rows: int) -> tuple[list[Any], ...]:
    """Return 16 columns: six of repeating texts, two of unique ones, dates, amounts, whole numbers."""
    draw = random.Random(rows)  # noqa: S311  # the same numbers every time are what is wanted
    repeating = [
        draw.choices([f"{name} & {number}" for number in range(different)], k=rows)
        for name, different in _DIFFERENT.items()
    ]
    numbers = [f"C-{row:07}" for row in range(rows)]
    titles = [f"Supply of goods and services no. {draw.randrange(10**6)} of {row}" for row in range(rows)]
    dates = [[_FIRST_DAY + dt.timedelta(draw.randrange(_DAYS)) for _ in range(rows)] for _ in DATES]
    amounts = [[Decimal(draw.randrange(10**5, 10**10)).scaleb(-2) for _ in range(rows)] for _ in range(4)]
    whole = [[draw.randrange(10**digits) for _ in range(rows)] for digits in (2, 6)]
    return (*repeating, numbers, titles, *dates, *amounts, *whole)


def floats(rows: int) -> list[list[Any]]:
    """Return the columns with floats for decimals, as compiled writers get them and readers give them."""
    return [
        [float(value) for value in values] if isinstance(values[0], Decimal) else values
        for values in columns(rows)
    ]


def holds(found: Sequence[Sequence[Any]], size: Size) -> bool:
    """Tell whether rows that were read back are those of the register, or of a part of it."""
    wanted = zip(*(values[:: size.step] for values in floats(size.rows)), strict=True)
    return all(
        row is not None and tuple(map(_plain, row)) == values
        for row, values in itertools.zip_longest(found, wanted)
    )


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value


def summary() -> list[list[Any]]:
    """Return 50 rows: a group, ten whole numbers, and the sum that the formula in the last column gives."""
    draw = random.Random(SUMMARY_ROWS)  # noqa: S311  # likewise
    rows = []
    for row in range(SUMMARY_ROWS):
        measures = [draw.randrange(10**6) for _ in range(10)]
        rows.append([f"Group {row + 1}", *measures, sum(measures)])
    return rows
