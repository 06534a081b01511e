"""Sort the values of a column into kinds, and turn each kind into the texts that stand in its cells.

Most columns are of one kind, with or without empty cells, and are then turned into text as a whole.
"""

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlreport.backends.xlsx.number_texts import decimal_texts, float_texts, integer_texts
from xlreport.backends.xlsx.strings import check_lengths, escaped
from xlreport.plan import Formula

__all__ = ["Kind", "Share", "by_kind", "date_text", "texts_of"]


class Kind(enum.Enum):
    """How a value is marked up in its cell."""

    EMPTY = enum.auto()
    INTEGER = enum.auto()
    DECIMAL = enum.auto()
    FLOAT = enum.auto()
    BOOLEAN = enum.auto()
    DATE = enum.auto()
    DATETIME = enum.auto()
    TEXT = enum.auto()
    NUMBER_FORMULA = enum.auto()
    BOOLEAN_FORMULA = enum.auto()
    TEXT_FORMULA = enum.auto()
    OPEN_FORMULA = enum.auto()
    """A formula without a value."""


@dataclass(frozen=True, slots=True)
class Share:
    """The values of one kind in a column, as Excel can hold them, with their positions."""

    positions: Sequence[int]
    values: Sequence[Any]


_FIRST_DATE: Final = dt.date(1900, 3, 1)
"""Before it Excel counts a 29 February 1900 that never was."""
_DAY_ZERO: Final = dt.date(1899, 12, 30).toordinal()
_MIDNIGHT_ZERO: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # Excel's times have no zone
_DAY: Final = dt.timedelta(days=1)

_BY_TYPE: Final[dict[type, Kind]] = {
    type(None): Kind.EMPTY,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    Decimal: Kind.DECIMAL,
    float: Kind.FLOAT,
    str: Kind.TEXT,
    dt.date: Kind.DATE,
    dt.datetime: Kind.DATETIME,
}
_BY_RESULT: Final = {
    Kind.EMPTY: Kind.OPEN_FORMULA,
    Kind.BOOLEAN: Kind.BOOLEAN_FORMULA,
    Kind.TEXT: Kind.TEXT_FORMULA,
}


def by_kind(values: Sequence[Any]) -> Mapping[Kind, Share]:
    """Return the values of each kind, in order of their first appearance.

    Dates before 1 March 1900 become ISO text, times with a zone become UTC, and values of derived types
    (StrEnum, pandas' Timestamp) become plain ones. TypeError for what no cell can hold.
    """
    types = list(map(type, values))
    if types.count(types[0]) < len(types):
        return _with_gaps(values) if type(None) in types else _one_by_one(values)
    if not _is_plain(types[0], values):
        return _one_by_one(values)
    return {_BY_TYPE[types[0]]: Share(range(len(values)), values)}


def _is_plain(kind: type, values: Sequence[Any]) -> bool:
    """Tell whether values that are all of one type can stand in cells as they are."""
    if kind is dt.date:
        return bool(min(dict.fromkeys(values)) >= _FIRST_DATE)
    if kind is dt.datetime:
        return all(value.tzinfo is None for value in values) and min(values).date() >= _FIRST_DATE
    return kind in _BY_TYPE


def _with_gaps(values: Sequence[Any]) -> Mapping[Kind, Share]:
    filled = [at for at, value in enumerate(values) if value is not None]
    gaps = [at for at, value in enumerate(values) if value is None]
    shares = {
        kind: Share([filled[at] for at in share.positions], share.values)
        for kind, share in by_kind([values[at] for at in filled]).items()
    }
    return {**shares, Kind.EMPTY: Share(gaps, [None] * len(gaps))}


def _one_by_one(values: Sequence[Any]) -> Mapping[Kind, Share]:
    positions: dict[Kind, list[int]] = {}
    plain = list(map(_plain, values))
    for position, value in enumerate(plain):
        positions.setdefault(_kind(value), []).append(position)
    return {kind: Share(places, [plain[at] for at in places]) for kind, places in positions.items()}


def _kind(value: object) -> Kind:
    """Return the kind of a plain value."""
    if isinstance(value, Formula):
        return _BY_RESULT.get(_kind(_plain(value.value)), Kind.NUMBER_FORMULA)
    kind = _BY_TYPE.get(type(value))
    if kind is None:
        message = f"a cell cannot hold {value!r}, a {type(value).__name__}"
        raise TypeError(message)
    return kind


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
    """Return the text of each value, all of them being of ``kind`` and neither empty nor text.

    ValueError for NaN, infinities and numbers beyond Excel's range.
    """
    return _TEXTS[kind](values)


def date_text(day: dt.date) -> str:
    """Return the number of the day; TypeError for what is no plain date or before Excel's first."""
    if type(day) is not dt.date or day < _FIRST_DATE:
        raise TypeError
    return str(day.toordinal() - _DAY_ZERO)


def _date_texts(days: Sequence[dt.date]) -> list[str]:
    return list(map(date_text, days))


def _boolean_texts(values: Sequence[bool]) -> list[str]:
    return ["1" if value else "0" for value in values]


def _datetime_texts(values: Sequence[dt.datetime]) -> list[str]:
    return [repr((value - _MIDNIGHT_ZERO) / _DAY) for value in values]


def _formula_texts(values: Sequence[Formula]) -> list[str]:
    return [_formula_text(value) for value in values]


def _formula_text(formula: Formula) -> str:
    """Return ``text</f><v>result``: the two elements of the cell meet inside the text."""
    result = _plain(formula.value)
    if result is None:
        return escaped(formula.text)
    if isinstance(result, str):
        check_lengths((result,))
        text = escaped(result)
    else:
        text = texts_of(_kind(result), (result,))[0]
    return f"{escaped(formula.text)}</f><v>{text}"


_TEXTS: Final[dict[Kind, Callable[[Sequence[Any]], list[str]]]] = {
    Kind.INTEGER: integer_texts,
    Kind.DECIMAL: decimal_texts,
    Kind.FLOAT: float_texts,
    Kind.BOOLEAN: _boolean_texts,
    Kind.DATE: _date_texts,
    Kind.DATETIME: _datetime_texts,
    Kind.NUMBER_FORMULA: _formula_texts,
    Kind.BOOLEAN_FORMULA: _formula_texts,
    Kind.TEXT_FORMULA: _formula_texts,
    Kind.OPEN_FORMULA: _formula_texts,
}
