"""Number formats and the scale that money is shown in: the cell keeps every digit, the format scales it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from xlreport.analysis.results import ModelColumn, Number
from xlreport.language import ENGLISH, Language, key
from xlreport.number_formats import extended, scaled, shown_date, shown_number, with_dash, with_signs
from xlreport.plan import CellValue, Formula
from xlreport.spec.records import Unit
from xlreport.styles import Theme
from xlreport.tables import Kind

__all__ = ["IN_FULL", "Scale", "column_format", "displayed", "money_format", "money_scale", "unit_format"]


@dataclass(frozen=True, slots=True)
class Scale:
    """How many digits of an amount of money are left out in the display, and the word for that."""

    words: str
    """``{currency} million``, ``{currency} thousand`` or the currency alone."""
    thousands: int
    """How many times the amount is divided by a thousand."""

    def unit(self, currency: str, language: Language = ENGLISH) -> str:
        """Return the unit for a heading: ``USD million``."""
        return language.text(self.words, currency=currency)


_ONE_PLACE: Final = "#,##0.0"
"""Of years, and of averages of counts."""
_MOST_PLACES: Final = 6

_MILLIONS: Final = Scale(key("{currency} million"), 2)
_THOUSANDS: Final = Scale(key("{currency} thousand"), 1)
IN_FULL: Final = Scale("{currency}", 0)


def money_scale(amounts: Iterable[Number]) -> Scale:
    """Return the scale in which the largest of the amounts has at most six digits before the point."""
    largest = max((abs(Decimal(amount)) for amount in amounts if amount is not None), default=Decimal(0))
    if largest >= 10**9:
        return _MILLIONS
    return _THOUSANDS if largest >= 10**6 else IN_FULL


def unit_format(unit: Unit, scale: Scale, theme: Theme, *, signed: bool = False) -> str:
    """Return the number format of a figure; ``signed`` shows a plus before what has grown."""
    if unit == "text":
        return "@"
    code = {
        "money": money_format(scale, theme),
        "count": theme.integer_format,
        "percent": theme.percent_format,
        "index": theme.integer_format,
        "years": _ONE_PLACE,
    }.get(unit, theme.decimal_format)
    return with_signs(code) if signed else with_dash(code)


def money_format(scale: Scale, theme: Theme) -> str:
    """Return the number format of amounts in thousands or millions, or in full."""
    if not scale.thousands:
        return theme.money_format
    return scaled(theme.scaled_money_format, scale.thousands)


def column_format(column: ModelColumn, theme: Theme, places: Callable[[], int | None]) -> str:
    """Return the number format of a column of a data sheet; ``places`` tells those that its decimals need."""
    if column.kind is Kind.DATE:
        return theme.date_format
    if column.kind is Kind.DATETIME:
        return theme.datetime_format
    if column.kind is Kind.INTEGER:
        return theme.integer_format
    if column.kind is Kind.DECIMAL:
        return theme.money_format if column.unit == "money" else _decimals(places(), theme)
    return "General"


def _decimals(places: int | None, theme: Theme) -> str:
    if places == 0:
        return theme.integer_format
    return extended(theme.decimal_format, min(places or 0, _MOST_PLACES))


def displayed(value: CellValue, number_format: str) -> str:
    """Return about what a cell shows, to measure its width by."""
    if isinstance(value, Formula):
        return displayed(value.value, number_format)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float | Decimal):
        return shown_number(Decimal(str(value)), number_format)
    if isinstance(value, dt.date):
        return shown_date(value, number_format)
    return "" if value is None else str(value)
