"""Turn lines of JSON into the rows of every table, as Arrow arrays that obey the schema, or into a doubt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from xlreport.checks.columns import all_short
from xlreport.checks.shapes import PLACES, Shape
from xlreport.tables import Kind

__all__ = ["DoubtError", "Level", "levels_of"]

_MOST_BYTES: Final = 1 << 28
"""Of a batch; Arrow counts the bytes of a block, and those of a column, in 31 bits."""
_ENDS: Final = (b"}\n", b"}\r\n", b"}")
_TINY: Final = re.compile(rb"[0-9][eE]-")
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
    """Values as JSON has them, by the column's name; arrays of text among them."""
    cells: dict[str, pa.Array] = field(default_factory=dict)
    """Values as the table has them."""

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


def levels_of(lines: Sequence[bytes], shape: Shape) -> dict[str, Level]:
    """Return the rows of every table by its path, those above first, or raise DoubtError."""
    text = b"".join(lines)
    _sure(all(line.startswith(b"{") and line.endswith(_ENDS) for line in lines))
    _sure(len(text) < _MOST_BYTES and b"\0" not in text and not _has_tiny_numbers(text))
    try:
        _sure(text.isascii() or bool(text.decode()))
        reading = _Reading(_records(text, shape), shape)
    except (pa.ArrowException, ValueError) as refused:
        raise DoubtError from refused
    _sure(len(lines) == reading.levels[""].size)
    _sure(_quotes(text) == 2 * reading.strings)
    return reading.levels


def _sure(answer: object) -> None:
    if not answer:
        raise DoubtError


def _has_tiny_numbers(text: bytes) -> bool:
    """Tell whether a number may have a negative exponent: Arrow does not look how far below zero it is."""
    return (b"e-" in text or b"E-" in text) and _TINY.search(text) is not None


def _quotes(text: bytes) -> int:
    """Count the quotes around texts and names.

    What the arrays have fewer of them was a member with null or given twice, or a number written as text.
    """
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return text.count(b'"')


def _records(text: bytes, shape: Shape) -> pa.StructArray:
    table = pj.read_json(
        pa.BufferReader(text),
        pj.ReadOptions(use_threads=False, block_size=len(text) + 1),
        pj.ParseOptions(explicit_schema=pa.schema(list(shape.type)), unexpected_field_behavior="error"),
    )
    (batch,) = table.to_batches()
    return batch.to_struct_array()


class _Reading:
    """The values of a batch, put into levels and tested on the way."""

    def __init__(self, records: pa.StructArray, shape: Shape) -> None:
        self.strings = 0
        """Texts and names of members so far."""
        self.levels = {"": Level("", len(records))}
        self._object(records, shape, self.levels[""], "")

    def _object(self, objects: pa.StructArray, shape: Shape, level: Level, prefix: str) -> None:
        there = len(objects) - objects.null_count
        members = dict(zip(shape.members or (), objects.flatten(), strict=True))
        for name in shape.required:
            _sure(name in members and _count(members[name]) == there)
        for name, values in members.items():
            self.strings += _count(values)
            if _count(values):
                self._member(values, (shape.members or {})[name], level, prefix + name)

    def _member(self, values: pa.Array, shape: Shape, level: Level, name: str) -> None:
        if shape.members:
            self._object(values, shape, level, f"{name}/")
        elif shape.items:
            self._array(values, shape, level, name)
        else:
            level.raw[name] = values
            level.cells[name] = _tested(values, shape)
            self.strings += _count(values) if shape.type == pa.string() else 0

    def _array(self, lists: pa.ListArray, shape: Shape, level: Level, name: str) -> None:
        items = lists.flatten()
        _sure(items.null_count == 0 and len(items) == len(lists.values))
        _sure(all(test(lists) for test in shape.tests))
        inside = shape.items or shape
        if not inside.members:
            self._texts(lists, items, inside, level, name)
        elif len(items):
            path = f"{level.path}/*/{name}" if level.path else name
            below = Level(path, len(items), level, pc.list_parent_indices(lists), lists.offsets[:-1])
            self.levels[path] = below
            self._object(items, inside, below, "")

    def _texts(self, lists: pa.ListArray, items: pa.Array, inside: Shape, level: Level, name: str) -> None:
        if len(items):
            _tested(items, inside)
            _sure(pc.min(pc.binary_length(items)).as_py() > 0)  # the other lane leaves empty ones out
            joined = pc.binary_join(lists, "; ")
            level.cells[name] = pc.if_else(pc.equal(pc.list_value_length(lists), 0), None, joined)
            self.strings += len(items)


def _count(array: pa.Array) -> int:
    return int(len(array) - array.null_count)


def _tested(values: pa.Array, shape: Shape) -> pa.Array:
    """Return the cells for values that obey their schema and that a worksheet can hold."""
    _sure(all(test(values) for test in shape.tests))
    if shape.kind is Kind.DATE:
        days = values.cast(pa.date32())
        _sure(pc.min(days.cast(pa.int32())).as_py() >= _FIRST_DAY)
        return days
    if shape.kind in (Kind.DECIMAL, Kind.INTEGER):
        numbers = _narrowed(values) if shape.kind is Kind.DECIMAL else values
        _sure(all_short(numbers))
        return numbers
    return values


def _narrowed(numbers: pa.Array) -> pa.Array:
    """Return decimals with no more places than they need, but for those of cents."""
    for scale in _SCALES:
        try:
            return numbers.cast(pa.decimal128(_DIGITS, scale))
        except pa.ArrowInvalid:
            continue
    raise DoubtError


def _numbers(size: int) -> pa.Array:
    return pa.array(range(size), pa.int64())
