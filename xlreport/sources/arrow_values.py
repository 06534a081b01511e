"""Turn the columns of Arrow tables into cells: texts, numbers, dates, and nested values as JSON.

A column is converted as a whole, by its type. Dates and times are made of the numbers that they are stored
as, which is quick, and does not depend on which other libraries are installed.
"""

import datetime as dt
import math
import struct
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import islice, pairwise
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.sources.description import Notation
from xlreport.sources.items import Cell
from xlreport.sources.values import in_words, reader
from xlreport.tables import Field, Kind
from xlreport.text import shown

__all__ = ["Flaw", "cells_of", "deeper_than", "taken_out", "zone_name"]

Fields = Mapping[str, Field]
Make = Callable[[int], Cell]
"""The number that a date or time is stored as -> the date or time; OverflowError where there is none."""

_IN_UTC: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_WITHOUT_ZONE: Final = _IN_UTC.replace(tzinfo=None)
_DAY_ZERO: Final = _IN_UTC.toordinal()
_DAY: Final = 86_400_000
"""In milliseconds."""
_MICROSECONDS: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}
_JSON: Final = frozenset((str, bool, int, Decimal, type(None)))
_MOMENTS: Final = frozenset((Kind.DATE, Kind.DATETIME))
_HALF_DIGITS: Final = range(1, 6)
"""Significant digits that a number of 16 bits may need to be told from its neighbours."""


class Flaw(str):
    """The text of a value that no record can hold; it stands in the value's place until it is taken out."""

    __slots__ = ("code",)

    code: str
    """Of the finding about it: not-a-number, number-out-of-range, date-out-of-range or wrong-encoding."""


class _Nanoseconds(dt.datetime):
    """A moment with nine decimals of a second."""

    rest: int
    """Nanoseconds beyond the microsecond, never 0."""

    def isoformat(self, sep: str = "T", _: str = "auto") -> str:
        text = super().isoformat(sep, "microseconds")
        return f"{text[:26]}{self.rest:03}{text[26:]}"

    def time(self) -> dt.time:
        """Return the time of day, which is never midnight."""
        return max(super().time(), dt.time(microsecond=1))


def cells_of(array: pa.Array, path: str, fields: Fields) -> tuple[list[Cell], bool]:
    """Return the cells of a column, None where one is empty, and whether a `Flaw` may be among them.

    Plain values stay what they are, for the reader of their field to convert. Nested ones become JSON; a
    date or time inside them is written as the field below ``path``, the column's, wants it.
    """
    flaws: list[Flaw] = []
    cells = _nested(array, path, fields, flaws) if _children(array.type) else _plain(array, flaws)
    return cells, bool(flaws)


def taken_out(value: Cell, flaws: list[Flaw]) -> Cell:
    """Return a cell without the flaws in it, None where it is one itself, and add them to ``flaws``."""
    if isinstance(value, Flaw):
        flaws.append(value)
        return None
    if isinstance(value, dict):
        flaws += [name for name in value if isinstance(name, Flaw)]
        kept = {name: taken_out(item, flaws) for name, item in value.items() if not isinstance(name, Flaw)}
        return {name: item for name, item in kept.items() if item is not None}
    if isinstance(value, list):
        return [item for item in (taken_out(item, flaws) for item in value) if item is not None]
    return value


def deeper_than(types: Iterable[pa.DataType], levels: int) -> bool:
    """Tell whether lists, structs and maps lie in one another more than so many levels deep."""
    level = list(types)
    for _ in range(levels + 1):
        level = [kind for kind in level if _children(kind)]
        if not level:
            return False
        level = [child for kind in level for child in _children(kind)]
    return True


def zone_name(kind: pa.DataType) -> str:
    """Return the name of a timestamp's time zone; empty where it has none."""
    try:
        return kind.tz or ""
    except UnicodeDecodeError:  # the name is damaged; there is one
        return "?"


def _children(kind: pa.DataType) -> list[pa.DataType]:
    """Return the types inside a nested type; none inside a plain one."""
    if isinstance(kind, pa.BaseExtensionType):
        return _children(kind.storage_type)
    if pa.types.is_map(kind):  # stored as a list of structs, and read as an object
        return [kind.key_type, kind.item_type]
    return [kind.field(position).type for position in range(kind.num_fields)]


def _nested(array: pa.Array, path: str, fields: Fields, flaws: list[Flaw]) -> list[Cell]:
    """Return values as JSON."""
    if not _children(array.type):
        return _as_json(_plain(array, flaws), path, fields)
    if isinstance(array, pa.ExtensionArray):
        return _nested(array.storage, path, fields, flaws)
    if pa.types.is_struct(array.type):
        return _objects(array, path, fields, flaws)
    if pa.types.is_map(array.type):
        return _maps(array, path, fields, flaws)
    return _lists(array, path, fields, flaws)


def _objects(array: pa.Array, path: str, fields: Fields, flaws: list[Flaw]) -> list[Cell]:
    names = [array.type.field(position).name for position in range(array.type.num_fields)]
    members = zip(names, array.flatten(), strict=True)
    columns = [_nested(member, f"{path}/{name}", fields, flaws) for name, member in members]
    return _where_valid(
        array,
        [
            {name: value for name, value in zip(names, values, strict=True) if value is not None}
            for values in zip(*columns, strict=True)
        ],
    )


def _maps(array: pa.Array, path: str, fields: Fields, flaws: list[Flaw]) -> list[Cell]:
    """Return an object for each map; of entries with the same key the last counts, as Parquet has it."""
    offsets = array.offsets.to_pylist()
    inside = slice(offsets[0], offsets[-1])
    keys = _nested(array.keys[inside], "", {}, flaws)
    values = _nested(array.items[inside], f"{path}/*", fields, flaws)
    entries = zip([key if isinstance(key, str) else in_words(key) for key in keys], values, strict=True)
    return _where_valid(
        array,
        [
            {key: value for key, value in islice(entries, end - start) if value is not None}
            for start, end in pairwise(offsets)
        ],
    )


def _where_valid(array: pa.Array, values: list[Cell]) -> list[Cell]:
    """Return None in place of those values that the array marks as missing."""
    if not array.null_count:
        return values
    marks = array.is_valid().to_pylist()
    return [value if valid else None for value, valid in zip(values, marks, strict=True)]


def _lists(array: pa.Array, path: str, fields: Fields, flaws: list[Flaw]) -> list[Cell]:
    items = iter(_nested(array.flatten(), f"{path}/*", fields, flaws))
    return [
        None if length is None else [item for item in islice(items, length) if item is not None]
        for length in pc.list_value_length(array).to_pylist()
    ]


def _as_json(values: list[Cell], path: str, fields: Fields) -> list[Cell]:
    if _JSON.issuperset(map(type, values)):
        return values
    field = fields.get(path)
    read = reader(field.kind if field and field.kind in _MOMENTS else None, Notation())
    return [value if isinstance(value, str) else read(value) for value in values]


def _plain(array: pa.Array, flaws: list[Flaw]) -> list[Cell]:
    """Return values that are not nested, None where one is missing."""
    kind, types = array.type, pa.types
    if isinstance(array, pa.ExtensionArray):
        return _of_extension(array, flaws)
    if types.is_dictionary(kind):
        return _of_dictionary(array, flaws)
    if types.is_floating(kind):
        return _floats(array, flaws)
    if types.is_decimal(kind):  # by way of text, which is three times as quick
        return [None if text is None else Decimal(text) for text in array.cast(pa.string()).to_pylist()]
    if types.is_temporal(kind):
        return _moments(array, flaws)
    return _listed(array) if types.is_primitive(kind) or types.is_null(kind) else _texts(array, flaws)


def _listed(array: pa.Array) -> list[Cell]:
    values: list[Cell] = array.to_pylist()
    return values


def _of_dictionary(array: pa.Array, flaws: list[Flaw]) -> list[Cell]:
    if len(array.dictionary) > len(array):
        return _plain(array.dictionary_decode(), flaws)
    known = [*_plain(array.dictionary, flaws), None]
    return [known[-1 if position is None else position] for position in array.indices.to_pylist()]


def _of_extension(array: pa.Array, flaws: list[Flaw]) -> list[Cell]:
    if array.type.extension_name == "arrow.uuid":
        return [None if value is None else str(value) for value in array.to_pylist()]
    return _plain(array.storage, flaws)


def _flawed(code: str, text: str, flaws: list[Flaw]) -> Flaw:
    flaw = Flaw(text)
    flaw.code = code
    flaws.append(flaw)
    return flaw


def _texts(array: pa.Array, flaws: list[Flaw]) -> list[Cell]:
    """Return texts, and bytes as the texts that they are: some programs do not tell the two apart."""
    try:
        values = _listed(array)
    except UnicodeDecodeError:
        values = _listed(array.cast(pa.large_binary()))
    return [_text(value, flaws) if isinstance(value, bytes) else value for value in values]


def _text(content: bytes, flaws: list[Flaw]) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _flawed("wrong-encoding", shown(content), flaws)


def _floats(array: pa.Array, flaws: list[Flaw]) -> list[Cell]:
    """Return doubles that show the digits which tell a number from its neighbours of the same size."""
    if pa.types.is_float16(array.type):
        exact = array.cast(pa.float32()).to_pylist()
        values = [None if value is None else _of_half(value) for value in exact]
    elif pa.types.is_float32(array.type):
        values = [None if text is None else float(text) for text in array.cast(pa.string()).to_pylist()]
    else:
        values = _listed(array)
        if pc.all(pc.is_finite(array)).as_py() is not False:  # None where the array is empty
            return values
    return [_number(value, flaws) for value in values]


def _of_half(value: float) -> float:
    texts = (f"{value:.{digits}g}" for digits in _HALF_DIGITS)
    same = struct.pack("e", value)
    return next((float(text) for text in texts if struct.pack("e", float(text)) == same), value)


def _number(value: float | None, flaws: list[Flaw]) -> Cell:
    if value is None or math.isnan(value):
        return None
    return _flawed("not-a-number", str(value), flaws) if math.isinf(value) else value


def _moments(array: pa.Array, flaws: list[Flaw]) -> list[Cell]:
    numbers = array.view(
        pa.int32() if array.type.bit_width == pa.int32().bit_width else pa.int64()
    ).to_pylist()
    make = _maker(array.type)
    try:
        return [None if number is None else make(number) for number in numbers]
    except (OverflowError, ValueError):
        return [None if number is None else _moment(number, make, array.type, flaws) for number in numbers]


def _moment(number: int, make: Make, kind: pa.DataType, flaws: list[Flaw]) -> Cell:
    try:
        return make(number)
    except (OverflowError, ValueError):
        unit = "days" if pa.types.is_date32(kind) else "ms" if pa.types.is_date64(kind) else kind.unit
        if pa.types.is_duration(kind):
            return _flawed("number-out-of-range", f"{number:,} {unit}", flaws)
        return _flawed("date-out-of-range", f"{number:,} {unit} from 1970-01-01 on", flaws)


def _maker(kind: pa.DataType) -> Make:
    """Return the function that makes a date or time of the number that stands for it."""
    types = pa.types
    if types.is_date32(kind):
        return lambda days: dt.date.fromordinal(_DAY_ZERO + days)
    if types.is_date64(kind):
        return lambda number: dt.date.fromordinal(_DAY_ZERO + number // _DAY)
    if types.is_timestamp(kind):
        return _moment_maker(kind)
    if types.is_time(kind):
        moment = _moment_maker(pa.timestamp(kind.unit))
        return lambda number: _time_of_day(moment(number))
    scale = _MICROSECONDS.get(kind.unit)
    if scale is None:
        return lambda number: dt.timedelta(0, 0, number // 1_000)  # a span of time is told in seconds
    return lambda number: dt.timedelta(0, 0, number * scale)


def _moment_maker(kind: pa.DataType) -> Make:
    name = zone_name(kind)
    start, zone = (_IN_UTC, _zone(name)) if name else (_WITHOUT_ZONE, None)
    scale = _MICROSECONDS.get(kind.unit)
    if scale is None:
        return lambda number: _with_nanoseconds(start, zone, number)
    if zone is None or zone is dt.UTC:
        return lambda number: start + dt.timedelta(0, 0, number * scale)
    return lambda number: (start + dt.timedelta(0, 0, number * scale)).astimezone(zone)


def _with_nanoseconds(start: dt.datetime, zone: dt.tzinfo | None, number: int) -> dt.datetime:
    whole, rest = divmod(number, 1_000)
    moment = start + dt.timedelta(0, 0, whole)
    if zone is not None:
        moment = moment.astimezone(zone)
    if not rest:
        return moment
    exact = _Nanoseconds.combine(moment.date(), moment.timetz())
    exact.rest = rest
    return exact


def _time_of_day(moment: dt.datetime) -> dt.time | str:
    if isinstance(moment, _Nanoseconds):
        return moment.isoformat().partition("T")[2]
    return moment.time()


def _zone(name: str) -> dt.tzinfo:
    """Return the time zone; UTC, in which the moment is the same, where the machine does not know it."""
    if name in ("UTC", "Z", "+00:00"):
        return dt.UTC
    try:
        zone: dt.tzinfo = pa.scalar(0, pa.timestamp("us", name)).as_py().tzinfo
    except (LookupError, ValueError, OSError):
        return dt.UTC
    return zone
