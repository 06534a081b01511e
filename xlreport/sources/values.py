"""Turn cells and texts into the values of a JSON record, by the kind of field that they belong to.

A text that does not convert stays the text that it is, so that the schema check reports it at its place.
"""

import copy
import datetime as dt
import functools
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final

from xlreport.sources.description import Notation
from xlreport.sources.items import Cell, Json
from xlreport.tables import Kind

__all__ = ["INTEGERS_IN_A_DOUBLE", "Read", "exact_number", "in_words", "may_be_typed", "reader"]

Convert = Callable[[Cell], Json]
"""A value that is there (text, number, bool, date, list, dict) -> its JSON value."""
Clean = Callable[[Cell], Json]
"""A raw value -> the value without blanks around it, or None where there is none."""
Read = Callable[[Cell], Json]
"""A raw value -> its JSON value, or None where there is none."""

INTEGERS_IN_A_DOUBLE: Final = 1e15
"""Below this a whole double is exactly the number that was typed."""
_GROUP_SPACES: Final = " \u00a0\u202f"
_DATES_KEPT: Final = 4096


def in_words(value: Cell) -> str:
    """Return a plain value as text: 9347658.0 -> ``9347658``, True -> ``true``, a date in ISO form."""
    if isinstance(value, str):
        return value
    return next((say(value) for kind, say in _WORDS if isinstance(value, kind)), None) or str(value)


def _time_in_words(value: dt.datetime) -> str:
    return value.date().isoformat() if value.time() == dt.time.min else value.isoformat()


def _duration_in_words(value: dt.timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def exact_number(value: float) -> int | Decimal:
    """Return the number that a double shows: the shortest decimal that reads back as the same double."""
    if value.is_integer():
        return int(value) if abs(value) < INTEGERS_IN_A_DOUBLE else int(Decimal(repr(value)))
    return Decimal(repr(value))


_WORDS: Final[Sequence[tuple[type, Callable[[Cell], str]]]] = (
    (bool, lambda value: "true" if value else "false"),
    (float, lambda value: in_words(exact_number(value))),
    (Decimal, "{:f}".format),
    (dt.datetime, _time_in_words),  # before its base class, date
    (dt.date, dt.date.isoformat),
    (dt.time, dt.time.isoformat),
    (dt.timedelta, _duration_in_words),
)


def cleaner(missing: Collection[str], *, trim: bool = True) -> Clean:
    """Return the function that gives None for an empty value and for the texts in ``missing``."""
    absent = frozenset(("", *missing))
    typed = any(may_be_typed(text) for text in missing)

    def clean(value: Cell) -> Json:
        if isinstance(value, str):
            text = value.strip() if trim else value
            return None if text in absent else text
        return None if value is None or (typed and in_words(value) in absent) else value

    return clean


def may_be_typed(text: str) -> bool:
    """Tell whether a cell that shows ``text`` may hold a number, a date or a truth value."""
    return text[-1:].isdigit() or text.casefold() in ("true", "false")


def converter(kind: Kind | None, notation: Notation) -> Convert:
    """Return the function that makes a value of ``kind``; None leaves texts and types as they are found."""
    match kind:
        case Kind.TEXT:
            return _keeping_nested(in_words)
        case Kind.INTEGER | Kind.DECIMAL:
            return _numbers(notation, _whole if kind is Kind.INTEGER else Decimal)
        case Kind.BOOLEAN:
            return _truth_values(notation)
        case Kind.DATE:
            return _dates(notation.date_formats, _iso_day, in_words)
        case Kind.DATETIME:
            return _dates(notation.date_formats, _iso_datetime, _iso_datetime)
    return _keeping_nested(_as_found)


def reader(
    kind: Kind | None,
    notation: Notation,
    *,
    trim: bool = True,
    repeated: bool = False,
    named: Mapping[str, Json] | None = None,
) -> Read:
    """Return the function that reads one raw value, and gives None where there is none.

    ``named`` gives values by the text that stands for them; a text that it does not name is converted to
    ``kind``. ``repeated`` makes a list of a single value, and of a text at each separator.
    """
    clean = cleaner(notation.missing, trim=trim)
    convert = converter(kind, notation)
    if named is not None:
        convert = _by_name(named, convert)
    if repeated:
        return _list_reader(clean, convert, notation.separator)

    def read(value: Cell) -> Json:
        found = clean(value)
        if isinstance(found, list):
            return [convert(item) for item in map(clean, found) if item is not None]
        return None if found is None else convert(found)

    return read


def _by_name(named: Mapping[str, Json], otherwise: Convert) -> Convert:
    def convert(value: Cell) -> Json:
        if isinstance(value, dict):
            return value
        text = in_words(value)
        return copy.deepcopy(named[text]) if text in named else otherwise(value)

    return convert


def _list_reader(clean: Clean, convert: Convert, separator: str) -> Read:
    """Return the function that makes a list of one cell: ``1988; 1989`` -> [``1988``, ``1989``]."""

    def read(value: Cell) -> list[Json] | None:
        found = clean(value)
        if found is None:
            return None
        if isinstance(found, str) and separator:
            found = found.split(separator)
        items = map(clean, found if isinstance(found, list) else [found])
        return [convert(item) for item in items if item is not None] or None

    return read


def _keeping_nested(convert: Convert) -> Convert:
    return lambda value: value if isinstance(value, str | list | dict) else convert(value)


def _as_found(value: Cell) -> Json:
    if isinstance(value, float):
        return exact_number(value)
    return value if isinstance(value, bool | int | Decimal) else in_words(value)


def _numbers(notation: Notation, finish: Callable[[Cell], Json]) -> Convert:
    parse = _number_parser(notation.decimal_char, notation.group_char)

    def convert(value: Cell) -> Json:
        if isinstance(value, str):
            number = parse(value)
            return value if number is None else finish(number)
        if isinstance(value, float):
            return finish(exact_number(value))
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return finish(value)
        return _as_found_or_nested(value)

    return convert


_as_found_or_nested: Final = _keeping_nested(_as_found)


def _whole(number: int | Decimal) -> int | Decimal:
    whole = int(number)
    return whole if whole == number else number


def _number_parser(decimal_char: str, group_char: str) -> Callable[[str], Decimal | None]:
    """Return the function that reads a number: digits in groups of three or none, decimals, an exponent."""
    groups = _GROUP_SPACES if group_char and group_char in _GROUP_SPACES else group_char
    point, between = re.escape(decimal_char), f"[{re.escape(groups)}]"
    whole = f"(?:[0-9]{{1,3}}(?:{between}[0-9]{{3}})+|[0-9]+)" if group_char else "[0-9]+"
    shape = re.compile(rf"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?")
    plain = str.maketrans({decimal_char: ".", **dict.fromkeys(groups)})
    matches = shape.fullmatch
    if decimal_char == "." and not group_char:
        return lambda text: Decimal(text) if matches(text) else None
    return lambda text: Decimal(text.translate(plain)) if matches(text) else None


def _truth_values(notation: Notation) -> Convert:
    meant = dict.fromkeys((text.casefold() for text in notation.false_values), False)
    meant.update(dict.fromkeys((text.casefold() for text in notation.true_values), True))

    def convert(value: Cell) -> Json:
        if isinstance(value, bool | list | dict):
            return value
        return meant.get(in_words(value).casefold(), _as_found_or_nested(value))

    return convert


def _dates(
    formats: Sequence[str], from_parsed: Callable[[dt.datetime], str], from_cell: Callable[[Cell], str]
) -> Convert:
    """Return the function that gives ISO text, by the first of the formats that fits a text."""

    @functools.lru_cache(maxsize=_DATES_KEPT)
    def from_text(text: str) -> str:
        for known in formats:
            try:
                parsed = dt.datetime.strptime(text, known)  # noqa: DTZ007  # most texts name no zone
                return from_parsed(parsed)
            except ValueError:
                continue
        return text

    def convert(value: Cell) -> Json:
        if isinstance(value, str):
            return from_text(value)
        return from_cell(value) if isinstance(value, dt.date) else _as_found_or_nested(value)

    return convert


def _iso_day(value: dt.datetime) -> str:
    return value.date().isoformat()


def _iso_datetime(value: dt.date) -> str:
    """Return date and time with a zone; where none is named, as in every worksheet, UTC is taken."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time.min)
    return value.isoformat() if value.tzinfo else f"{value.isoformat()}Z"
