"""Number formats and the scale that money is shown in: the cell keeps every digit, the format scales it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import ModelColumn, Number
from xlreport.language import ENGLISH, Language, key
from xlreport.plan import CellValue, Formula
from xlreport.spec.records import Unit
from xlreport.styles import Theme
from xlreport.tables import Kind

__all__ = ["Scale", "column_format", "displayed", "money_scale", "unit_format"]

_DASH_FOR_ZERO: Final = ';-{0};"–"'


@dataclass(frozen=True, slots=True)
class Scale:
    """How many digits of an amount of money are left out in the display, and the word for that."""

    words: str
    """``{currency} million``, ``{currency} thousand`` or the currency alone."""
    divisor: int
    pattern: str

    def unit(self, currency: str, language: Language = ENGLISH) -> str:
        """Return the unit for a heading: ``USD million``."""
        return language.text(self.words, currency=currency)


_CENTS: Final = 2
_MOMENT: Final = (" ", "seconds")

_MILLIONS: Final = Scale(key("{currency} million"), 1_000_000, "#,##0.0,,")
_THOUSANDS: Final = Scale(key("{currency} thousand"), 1_000, "#,##0.0,")
_UNITS: Final = Scale("{currency}", 1, "#,##0.00")


def money_scale(amounts: Iterable[Number]) -> Scale:
    """Return the scale in which the largest of the amounts has at most six digits before the point."""
    largest = max((abs(Decimal(amount)) for amount in amounts if amount is not None), default=Decimal(0))
    if largest >= 10**9:
        return _MILLIONS
    return _THOUSANDS if largest >= 10**6 else _UNITS


def unit_format(unit: Unit, scale: Scale, *, signed: bool = False) -> str:
    """Return the number format of a figure; ``signed`` shows a plus before what has grown."""
    pattern = {
        "money": scale.pattern,
        "count": "#,##0",
        "percent": "0.0%",
        "ratio": "#,##0.00",
        "index": "#,##0",
        "years": "#,##0.0",
        "text": "@",
    }.get(unit, "#,##0.00")
    if unit == "text":
        return pattern
    return f'+{pattern};-{pattern};"–"' if signed else pattern + _DASH_FOR_ZERO.format(pattern)


def column_format(column: ModelColumn, theme: Theme, places: Callable[[], int | None]) -> str:
    """Return the number format of a column of a data sheet; ``places`` tells those that its decimals need."""
    if column.kind is Kind.DATE:
        return theme.date_format
    if column.kind is Kind.DATETIME:
        return theme.datetime_format
    if column.kind is Kind.INTEGER:
        return theme.integer_format
    if column.kind is Kind.DECIMAL:
        return theme.decimal_format if column.unit == "money" else _decimals(places())
    return "General"


def _decimals(places: int | None) -> str:
    places = _CENTS if places is None else places
    return "#,##0." + "0" * 2 + "#" * max(0, min(places, 6) - 2) if places else "#,##0"


def displayed(value: CellValue, number_format: str) -> str:
    """Return about what a cell shows, to measure its width by."""
    if isinstance(value, Formula):
        return displayed(value.value, number_format)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float | Decimal):
        return _number(Decimal(str(value)), number_format)
    if isinstance(value, dt.date):
        return value.isoformat(*_MOMENT) if isinstance(value, dt.datetime) else value.isoformat()
    return "" if value is None else str(value)


def _number(value: Decimal, number_format: str) -> str:
    pattern = number_format.split(";", maxsplit=1)[0]
    if pattern.endswith("%"):
        return f"{value * 100:,.1f}%"
    scaled = value / Decimal(1000) ** (len(pattern) - len(pattern.rstrip(",")))
    places = len(pattern.rstrip(",").partition(".")[2])
    return f"{scaled:,.{places}f}" if pattern != "General" else str(value)
