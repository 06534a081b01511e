"""Turn columns of values into the texts that stand in their cells.

A column is sorted into kinds first (numbers, dates, texts, ...), since most columns are of one kind
and can then be turned into text as a whole.
"""

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from xlreport.backends.xlsx.strings import check_lengths, escaped
from xlreport.plan import Formula

__all__ = ["GUARDED", "Kind", "as_written", "by_kind", "texts_of"]


class Kind(enum.Enum):
    """How a value is marked up in its cell."""

    EMPTY = enum.auto()
    NUMBER = enum.auto()
    BOOLEAN = enum.auto()
    DATE = enum.auto()
    DATETIME = enum.auto()
    TEXT = enum.auto()
    GUARDED_TEXT = enum.auto()
    """Text that would become a formula if somebody edited the cell, were it not for a quote prefix."""
    NUMBER_FORMULA = enum.auto()
    BOOLEAN_FORMULA = enum.auto()
    TEXT_FORMULA = enum.auto()
    OPEN_FORMULA = enum.auto()
    """A formula without a value."""


GUARDED: Final = frozenset("=+-@\t\r")
"""First characters that make a spreadsheet program take typed text for a formula."""

_FIRST_DATE: Final = dt.date(1900, 3, 1)
"""Before it Excel counts a 29 February 1900 that never was."""
_DAY_ZERO: Final = dt.date(1899, 12, 30).toordinal()
_MIDNIGHT_ZERO: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # Excel's times have no zone
_DAY: Final = dt.timedelta(days=1)
_NUMBERS: Final = frozenset({int, Decimal, float})
_LARGEST_EXPONENT: Final = 307
"""A cell holds numbers up to 9.99E+307."""

_BY_TYPE: Final[dict[type, Kind]] = {
    type(None): Kind.EMPTY,
    bool: Kind.BOOLEAN,
    int: Kind.NUMBER,
    Decimal: Kind.NUMBER,
    float: Kind.NUMBER,
    str: Kind.TEXT,
    dt.date: Kind.DATE,
    dt.datetime: Kind.DATETIME,
}
_BY_RESULT: Final = {
    Kind.EMPTY: Kind.OPEN_FORMULA,
    Kind.BOOLEAN: Kind.BOOLEAN_FORMULA,
    Kind.TEXT: Kind.TEXT_FORMULA,
    Kind.GUARDED_TEXT: Kind.TEXT_FORMULA,
}


def by_kind(values: Sequence[Any]) -> Mapping[Kind, Sequence[int]]:
    """Return the positions of the values of each kind, in order of their first appearance.

    Values are to be as `as_written` leaves them. TypeError for what no cell can hold.
    """
    whole = _one_kind(values)
    if whole is not None:
        return {whole: range(len(values))}
    positions: dict[Kind, list[int]] = {}
    for position, value in enumerate(values):
        positions.setdefault(_kind(value), []).append(position)
    return positions


def _one_kind(values: Sequence[Any]) -> Kind | None:
    """Return the kind of all values where the types alone tell it, which is quick."""
    types = set(map(type, values))
    if types <= _NUMBERS:
        return Kind.NUMBER
    if len(types) > 1:
        return None
    kind = _BY_TYPE.get(types.pop())
    if kind is Kind.TEXT and not GUARDED.isdisjoint([text[:1] for text in values]):
        return None
    return kind


def _kind(value: object) -> Kind:
    if isinstance(value, Formula):
        return _BY_RESULT.get(_kind(as_written((value.value,))[0]), Kind.NUMBER_FORMULA)
    kind = _BY_TYPE.get(type(value))
    if kind is None:
        message = f"a cell cannot hold {value!r}, a {type(value).__name__}"
        raise TypeError(message)
    return Kind.GUARDED_TEXT if kind is Kind.TEXT and str(value)[:1] in GUARDED else kind


def as_written(values: Sequence[Any]) -> Sequence[Any]:
    """Return the values as Excel can hold them.

    Dates before 1 March 1900 become ISO text, times with a zone become UTC, and values of derived
    types (StrEnum, pandas' Timestamp) become plain ones.
    """
    types = set(map(type, values))
    if types == {dt.date} and min(values) >= _FIRST_DATE:
        return values
    if dt.date in types or dt.datetime in types or not types <= _BY_TYPE.keys():
        return [_plain(value) for value in values]
    return values


def _plain(value: object) -> object:
    match value:
        case dt.datetime():
            utc = value if value.tzinfo is None else value.astimezone(dt.UTC)
            plain = dt.datetime.combine(utc.date(), utc.time())
            return plain if plain.date() >= _FIRST_DATE else plain.isoformat(sep=" ")
        case dt.date():
            return value if value >= _FIRST_DATE else value.isoformat()
        case bool() | None:
            return value
        case str():
            return str.__str__(value)
        case int():
            return int(value)
        case _:
            return value


def texts_of(kind: Kind, values: Sequence[Any]) -> list[str]:
    """Return the text of each value, all of them being of ``kind``; ValueError for NaN and infinities.

    Texts are returned as they are: whether to share or to escape them is for the caller.
    """
    return _TEXTS[kind](values)


def _number_texts(values: Sequence[Any]) -> list[str]:
    texts = list(map(str, values))
    everything = "".join(texts)
    if any(letter in everything for letter in "naeE") or max(map(len, texts)) > _LARGEST_EXPONENT:
        _check_range(values)  # NaN, Infinity, or an exponent
    if "E" in everything:  # only a Decimal writes it so, and 1E+3 is better read as 1000
        texts = [f"{value:f}" if isinstance(value, Decimal) else str(value) for value in values]
    return texts


def _check_range(values: Sequence[Any]) -> None:
    for value in values:
        number = Decimal(value)
        if not number.is_finite() or number.adjusted() > _LARGEST_EXPONENT:
            message = f"a cell cannot hold the number {value!s:.40}"
            raise ValueError(message)


def _boolean_texts(values: Sequence[bool]) -> list[str]:
    return ["1" if value else "0" for value in values]


def _date_texts(values: Sequence[dt.date]) -> list[str]:
    return [str(value.toordinal() - _DAY_ZERO) for value in values]


def _datetime_texts(values: Sequence[dt.datetime]) -> list[str]:
    return [repr((value - _MIDNIGHT_ZERO) / _DAY) for value in values]


def _plain_texts(values: Sequence[str]) -> list[str]:
    check_lengths(values)
    return list(values)


def _formula_texts(values: Sequence[Formula]) -> list[str]:
    return [_formula_text(value) for value in values]


def _formula_text(formula: Formula) -> str:
    """Return ``text</f><v>result``: the two elements of the cell meet inside the text."""
    result = as_written((formula.value,))[0]
    if result is None:
        return escaped(formula.text)
    kind = _kind(result)
    text = texts_of(kind, (result,))[0]
    if kind in (Kind.TEXT, Kind.GUARDED_TEXT):
        text = escaped(text)
    return f"{escaped(formula.text)}</f><v>{text}"


_TEXTS: Final[dict[Kind, Callable[[Sequence[Any]], list[str]]]] = {
    Kind.NUMBER: _number_texts,
    Kind.BOOLEAN: _boolean_texts,
    Kind.DATE: _date_texts,
    Kind.DATETIME: _datetime_texts,
    Kind.TEXT: _plain_texts,
    Kind.GUARDED_TEXT: _plain_texts,
    Kind.NUMBER_FORMULA: _formula_texts,
    Kind.BOOLEAN_FORMULA: _formula_texts,
    Kind.TEXT_FORMULA: _formula_texts,
    Kind.OPEN_FORMULA: _formula_texts,
}
