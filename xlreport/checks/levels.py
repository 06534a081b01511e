"""Turn lines of JSON into the rows of every table, as Arrow arrays that obey the schema, or into a doubt."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from xlreport.checks.columns import all_short
from xlreport.checks.shapes import PLACES, Shape
from xlreport.tables import Kind

__all__ = ["DoubtError", "Level", "Reader"]

_MOST_BYTES: Final = 1 << 28
"""Of a batch; Arrow counts the bytes of a block, and those of a column, in 31 bits."""
_ENDS: Final = (b"}\n", b"}\r\n", b"}")
_OUTLINE: Final = bytes(
    next((b"0e-"[at] for at, group in enumerate((b"0123456789", b"eE", b"-")) if byte in group), b" "[0])
    for byte in range(256)
)
"""Turns any digit into 0, e into the small one, and all but these and the minus into a blank."""
_IN_NUMBER: Final = re.compile(rb"(?:^|[:,\[])\s*-?[0-9.]+$")
"""Finds the digits of a number that has begun; the like inside a text is rare, and costs only time."""
_NEAR: Final = 40
"""Bytes that are looked at before a digit."""
_FIRST_DAY: Final = -719162
"""The first day of the year 1, counted from 1970: Arrow knows days of the year 0, and no calendar does."""
_DIGITS: Final = 18
"""Of decimals that are computed as 64-bit integers."""
_SCALES: Final = (0, *range(2, PLACES + 1))


class DoubtError(Exception):
    """The lines are for the other lane."""


@dataclass(slots=True)
class Level:
    """The rows that a batch has for one table, column by column."""

    path: str
    """Of the array with stars, as in `GrowingTable`; empty for the records."""
    size: int
    above: "Level | None" = None
    parents: pa.Array | None = None
    """For each row, the number of the row of the level above that holds it."""
    starts: pa.Array | None = None
    """For each row of the level above, the number of the first row that it holds."""
    raw: dict[str, pa.Array] = field(default_factory=dict)
    """Plain values as JSON has them, by the column's name."""
    cells: dict[str, pa.Array] = field(default_factory=dict)
    """Values as the table has them."""
    _ends: pa.Array | None = None

    @property
    def ends(self) -> pa.Array:
        """For each row of the level above, the number of the row after the last that it holds."""
        if self._ends is None:
            assert self.starts is not None  # noqa: S101  # a level below another
            last = pa.array([self.size], self.starts.type)
            self._ends = pa.concat_arrays([self.starts[1:], last])
        return self._ends

    def from_above(self, column: pa.Array) -> pa.Array:
        """Return, for each row, the value of a column of the level above."""
        return pc.take(column, self.parents)

    def records(self) -> pa.Array:
        """Return, for each row, the number of its record in the batch."""
        if self.above is None:
            return _numbers(self.size)
        return self.parents if self.above.above is None else self.from_above(self.above.records())

    def places(self) -> list[pa.Array]:
        """Return, for each row, the number of its record, then its position in each array around it."""
        if self.above is None:
            return [_numbers(self.size)]
        return [*map(self.from_above, self.above.places()), self.indices()]

    def indices(self) -> pa.Array:
        """Return, for each row, its 0-based position among those in the same array."""
        return pc.subtract(_numbers(self.size), self.from_above(self.starts))


class Reader:
    """Reads records of one shape, batch by batch."""

    def __init__(self, shape: Shape) -> None:
        """Begin without knowing how many places the numbers have."""
        self._shape = shape
        self._places: dict[str, int] = {}
        """By the path of a number: the most that it has needed so far."""

    def levels(self, lines: Sequence[bytes]) -> dict[str, Level]:
        """Return the rows of every table by its path, those above first, or raise DoubtError."""
        text = b"".join(lines)
        _sure(all(line.startswith(b"{") and line.endswith(_ENDS) for line in lines))
        _sure(len(text) < _MOST_BYTES and b"\0" not in text and not _has_tiny_numbers(text))
        try:
            _sure(text.isascii() or text.decode())
            reading = _Reading(self._records(text), self._shape, self._places)
        except (pa.ArrowException, ValueError) as refused:
            raise DoubtError from refused
        _sure(len(lines) == reading.levels[""].size)
        _sure(_quotes(text) == 2 * reading.strings)
        return reading.levels

    def _records(self, text: bytes) -> pa.StructArray:
        """Read the text, with more places for numbers where those known are too few."""
        if self._places:
            with contextlib.suppress(pa.ArrowInvalid):
                return _parsed(text, _typed(self._shape, "", self._places))
        return _parsed(text, self._shape.type)


def _parsed(text: bytes, record: pa.StructType) -> pa.StructArray:
    table = pj.read_json(
        pa.BufferReader(text),
        pj.ReadOptions(use_threads=False, block_size=len(text) + 1),
        pj.ParseOptions(explicit_schema=pa.schema(list(record)), unexpected_field_behavior="error"),
    )
    (batch,) = table.to_batches()
    return batch.to_struct_array()


def _typed(shape: Shape, path: str, places: Mapping[str, int]) -> pa.DataType:
    """Return the type of a shape whose numbers have as many places as are known."""
    if shape.members:
        return pa.struct(
            [(name, _typed(each, _joined(path, name), places)) for name, each in shape.members.items()]
        )
    if shape.items:
        return pa.list_(_typed(shape.items, f"{path}/*", places))
    return pa.decimal128(_DIGITS, places[path]) if path in places else shape.type


def _joined(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _sure(answer: object) -> None:
    if not answer:
        raise DoubtError


def _has_tiny_numbers(text: bytes) -> bool:
    """Tell whether a number may have a negative exponent: Arrow does not look how far that goes."""
    outline = text.translate(_OUTLINE)
    at = outline.find(b"0e-")
    while at >= 0:
        if _IN_NUMBER.search(text[max(0, at - _NEAR) : at + 1]):
            return True
        at = outline.find(b"0e-", at + 1)
    return False


def _quotes(text: bytes) -> int:
    """Count the quotes around texts and names.

    What the arrays have fewer of them was a member with null or given twice, or a number written as text.
    """
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return text.count(b'"')


class _Reading:
    """The values of a batch, put into levels and tested on the way."""

    def __init__(self, records: pa.StructArray, shape: Shape, places: dict[str, int]) -> None:
        """Find all values; ``places`` are those that numbers need, by path, and grow."""
        self.strings = 0
        """Texts and names of members so far."""
        self.levels = {"": Level("", len(records))}
        self._places = places
        self._object(records, shape, self.levels[""], "")

    def _object(self, objects: pa.StructArray, shape: Shape, level: Level, prefix: str) -> None:
        there = _count(objects)
        known = shape.members or {}
        members = dict(zip(known, objects.flatten(), strict=True))
        for name in shape.required:
            _sure(name in members and _count(members[name]) == there)
        for name, values in members.items():
            self.strings += _count(values)
            if _count(values):
                self._member(values, known[name], level, prefix + name)

    def _member(self, values: pa.Array, shape: Shape, level: Level, name: str) -> None:
        if shape.members:
            self._object(values, shape, level, f"{name}/")
        elif shape.items:
            self._array(values, shape, shape.items, level, name)
        else:
            level.raw[name] = values
            level.cells[name] = self._plain(values, shape, level, name)
            self.strings += _count(values) if shape.type == pa.string() else 0

    def _plain(self, values: pa.Array, shape: Shape, level: Level, name: str) -> pa.Array:
        """Return the cells for values that obey their schema and that a worksheet can hold."""
        _sure(all(test(values) for test in shape.tests))
        if shape.kind is Kind.DATE:
            return _days(values)
        if shape.kind is Kind.DECIMAL:
            path = _joined(level.path and f"{level.path}/*", name)
            numbers = _narrowed(values, known=path in self._places)
            self._places[path] = max(numbers.type.scale, self._places.get(path, 0))
            return numbers
        _sure(shape.kind is not Kind.INTEGER or all_short(values))
        return values

    def _array(self, lists: pa.ListArray, shape: Shape, inside: Shape, level: Level, name: str) -> None:
        items = lists.flatten()
        _sure(items.null_count == 0 and len(items) == len(lists.values))
        _sure(all(test(lists) for test in shape.tests))
        if inside.members and len(items):
            path = f"{level.path}/*/{name}" if level.path else name
            below = Level(path, len(items), level, pc.list_parent_indices(lists), lists.offsets[:-1])
            self.levels[path] = below
            self._object(items, inside, below, "")
        elif len(items):
            _sure(all(test(items) for test in inside.tests))
            level.cells[name] = _in_one_text(lists, items)
            self.strings += len(items)


def _in_one_text(lists: pa.ListArray, items: pa.StringArray) -> pa.StringArray:
    """Return the items of each array in one text, as `as_text` has it; it leaves empty ones out."""
    _sure(pc.min(pc.binary_length(items)).as_py() > 0)
    joined = pc.binary_join(lists, "; ")
    return pc.if_else(pc.equal(pc.list_value_length(lists), 0), None, joined)


def _days(texts: pa.StringArray) -> pa.Array:
    days = texts.cast(pa.date32())
    _sure(pc.min(days.cast(pa.int32())).as_py() >= _FIRST_DAY)
    return days


def _narrowed(numbers: pa.Array, *, known: bool) -> pa.Array:
    """Return decimals with no more places than they need, or than they were read with on purpose."""
    if known and numbers.type.precision == _DIGITS and all_short(numbers):
        return numbers
    for scale in _SCALES:
        with contextlib.suppress(pa.ArrowInvalid):
            narrow = numbers.cast(pa.decimal128(_DIGITS, scale))
            _sure(all_short(narrow))
            return narrow
    raise DoubtError


def _count(array: pa.Array) -> int:
    return int(len(array) - array.null_count)


def _numbers(size: int) -> pa.Array:
    """Return the numbers from 0 on."""
    return pc.subtract(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), size)), 1)
