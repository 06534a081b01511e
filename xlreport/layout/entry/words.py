"""What a form says about a column: what is allowed, as a sentence, an entry of a table and a prompt."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from xlreport.checks.patterns import in_words
from xlreport.constraints import Constraints
from xlreport.language import Language
from xlreport.layout.entry.days import days_of
from xlreport.layout.entry.sheets import FormColumn
from xlreport.plan import CellValue
from xlreport.tables import Kind
from xlreport.text import filled

__all__ = ["DAY", "allowed", "example_of", "said_of"]

_MOST_VALUES: Final = 12
DAY: Final = dt.date(2017, 3, 31)


def said_of(column: FormColumn, language: Language) -> str:
    """Return what is allowed as a sentence about the column: the schema's own where it has one."""
    message = column.constraints.message
    if message and column.kind is Kind.TEXT:
        said = filled(language.text(message), {"title": column.heading, "value": ""})
        return " ".join(said.split())
    return language.text("{title}: {allowed}.", title=column.heading, allowed=allowed(column, language))


def allowed(column: FormColumn, language: Language) -> str:
    """Return what a cell of the column can hold, without a full stop."""
    text, constraints = language.text, column.constraints
    if column.kind is Kind.BOOLEAN:
        return text("yes or no: TRUE or FALSE")
    if constraints.values:
        one = language.listing(map(str, constraints.values), most=_MOST_VALUES)
        if column.repeated:
            return text("several of {values}, with semicolons between", values=one)
        return text("one of {values}", values=one)
    plain = ", ".join([_kind(column, language), *_limits(column, language)])
    if column.repeated:
        return text("{what}; several with semicolons between", what=plain)
    return plain


def _kind(column: FormColumn, language: Language) -> str:
    match column.kind:
        case Kind.DATE:
            first, last = days_of(column.constraints.patterns)
            return language.text(
                "a day from {first} to {last}", first=language.forms.day(first), last=language.forms.day(last)
            )
        case Kind.DATETIME:
            return language.text("a day and a time")
        case Kind.INTEGER:
            return language.text("a whole number")
        case Kind.DECIMAL:
            return language.text("a number")
    patterns = column.constraints.patterns
    shape = in_words(patterns[0]) if len(patterns) == 1 else ""
    return language.said(shape) if shape else language.text("a text")


def _limits(column: FormColumn, language: Language) -> Iterator[str]:
    constraints, text = column.constraints, language.text
    if column.kind in (Kind.INTEGER, Kind.DECIMAL):
        yield from _number_limits(constraints, language)
    elif column.kind is Kind.TEXT:
        if constraints.max_length is not None:
            most = language.count(constraints.max_length, "character")
            yield text("at most {characters}", characters=most)
        if constraints.min_length > 1:
            least = language.count(constraints.min_length, "character")
            yield text("at least {characters}", characters=least)


def _number_limits(constraints: Constraints, language: Language) -> Iterator[str]:
    for number, said in (
        (constraints.minimum, language.text("at least {n}")),
        (constraints.above, language.text("more than {n}")),
        (constraints.maximum, language.text("at most {n}")),
        (constraints.below, language.text("less than {n}")),
        (constraints.multiple_of, language.text("a multiple of {n}")),
    ):
        if number is not None:
            yield filled(said, {"n": language.number(number, _places(number))})


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def example_of(column: FormColumn) -> CellValue:
    """Return a value that the column can hold, or None where the schema gives none to be sure of."""
    first = column.constraints.values[0] if column.constraints.values else column.constraints.example
    if first is not None:
        return first if isinstance(first, str | int | Decimal) else str(first)
    if column.kind is Kind.DATE:
        return DAY
    return True if column.kind is Kind.BOOLEAN else None
