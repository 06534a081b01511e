"""Take clean batches of text into keys and tables as Arrow arrays, without a Python object for each value.

The rule of this lane: clean batches only; any doubt goes to the other lane. A batch is taken when every text
in it is read exactly, every value obeys the schema, and no key stands already. In any other case nothing is
taken and nothing is said: the other lane reads the same lines, and judges what is wrong with them. Rules are
no part of that: what is taken obeys the schema, and may break a rule.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from xlreport.checks.flatten import Flattener
from xlreport.checks.keys import Fields, Key, Keys, ReferenceLog
from xlreport.checks.levels import DoubtError, Level, Reader
from xlreport.checks.paths import steps
from xlreport.checks.screen_columns import Columns, LevelColumns
from xlreport.checks.shapes import Shape, shape_of
from xlreport.fields import table_of
from xlreport.registry import ResourceSchema

__all__ = ["Lane", "lane_of"]

_KEY_TYPES: Final = frozenset({pa.string(), pa.int64()})
"""Of values that a key can be made of; a decimal would lose zeros that a sentence shows."""

_WAITS: Final = (0, 0, 1, 3, 7, 15, 31, 63)
"""Batches that are not even looked at after so many doubts in a row, which seldom come alone."""

Levels = Mapping[str, Level]


class Lane:
    """Takes the clean batches of one resource."""

    def __init__(self, shape: Shape, schema: ResourceSchema, keys: Keys, flattener: Flattener) -> None:
        """Put what is taken into ``keys`` and ``flattener``."""
        self._reader = Reader(shape)
        self._fields = schema.fields
        self._keys = keys
        self._flattener = flattener
        self._doubts = 0
        """Batches in a row that were looked at and not taken."""
        self._waits = 0
        """Batches that are not even looked at."""

    def take(self, lines: Sequence[bytes], start: int) -> Columns | None:
        """Take the records in ``lines``, the first at position ``start``, or leave all as it was.

        Return the values of what was taken, for the rules; None where nothing was.
        """
        if self._waits:
            self._waits -= 1
            return None
        taken = self._take(lines, start)
        self._doubts = 0 if taken else self._doubts + 1
        self._waits = _WAITS[min(self._doubts, len(_WAITS) - 1)]
        return taken

    def _take(self, lines: Sequence[bytes], start: int) -> Columns | None:
        try:
            levels = self._reader.levels(lines)
        except DoubtError:
            return None
        keys = {fields: _keys(levels[""], fields) for fields in self._keys.indexes}
        if self._keys.any_known(keys) or not self._flattener.accepts(levels):
            return None
        self._keys.note(keys, start)
        for log in self._keys.references:
            _refer(log, levels, start)
        self._flattener.add_levels(levels, start)
        return LevelColumns(levels, self._fields)


def lane_of(schema: ResourceSchema, keys: Keys, flattener: Flattener) -> Lane | None:
    """Return the lane for the records of a resource; None where its schema says what is not modelled."""
    shape = shape_of(schema.schema.at(schema.location), schema.fields)
    if shape is None or any(declared.where for declared in schema.foreign_keys):
        return None
    single = [path for fields in keys.indexes for path in fields]
    single += [
        path for log in keys.references if len(log.declared.fields) > 1 for path in log.declared.fields
    ]
    paths = [*single, *(path for log in keys.references for path in log.declared.fields)]
    if any("*" in path for path in single) or not all(_can_be_key(shape, path) for path in paths):
        return None
    return Lane(shape, schema, keys, flattener)


def _can_be_key(shape: Shape, path: str) -> bool:
    inside: Shape | None = shape
    for step in steps(path):
        inside = inside and (inside.items if step == "*" else (inside.members or {}).get(step))
    return inside is not None and inside.type in _KEY_TYPES and not path.endswith("*")


def _keys(records: Level, fields: Fields) -> list[Key | None]:
    """Return the key of each record, None where a part of it is missing."""
    columns = [
        records.raw[path].to_pylist() if path in records.raw else [None] * records.size for path in fields
    ]
    return [None if None in key else key for key in zip(*columns, strict=True)]


def _refer(log: ReferenceLog, levels: Levels, start: int) -> None:
    """Note what the values of a foreign key refer to."""
    fields = log.declared.fields
    if len(fields) > 1:
        log.note([range(levels[""].size)], _keys(levels[""], fields), start)
    elif found := _column(levels, fields[0]):
        log.note_column(*found, start)


def _column(levels: Levels, path: str) -> tuple[list[pa.Array], pa.Array] | None:
    """Return where the values at a path stand, record first, then what each star is, and the values."""
    array = table_of(path)
    level, name = levels.get(array), path.removeprefix(f"{array}/*/")
    if level is None or name not in level.raw:
        return None
    values = level.raw[name]
    there = values.is_valid()
    return [place.filter(there) for place in level.places()], values.drop_null()
