"""The values that rules look at, batch by batch, as Arrow arrays: taken from levels, or from records.

Either way there is a level for each array of objects: its rows, and what they lie in. What cannot be had
exactly so raises UnsureError, and then the records are judged one by one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, chain
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.checks.conditions import Condition
from xlreport.checks.levels import Level
from xlreport.checks.paths import spread, steps
from xlreport.fields import table_of
from xlreport.sorts import Sort
from xlreport.tables import Field, Kind, Record

__all__ = ["Columns", "LevelColumns", "RecordColumns", "UnsureError", "reaching"]

_DAY: Final = len("2017-12-31")
_PLACES: Final = (0, 2, 3, 6, 12)
_DIGITS: Final = 18
_CELLS: Final = frozenset({Kind.DATE, Kind.DECIMAL})
"""Kinds of values that are ready to be compared as the table has them."""


class UnsureError(Exception):
    """Arrays cannot tell; the records have to be looked at one by one."""


class Columns(ABC):
    """The values of a batch by their paths."""

    def __init__(self, root: Level) -> None:
        """Start with the level of the records."""
        self.root = root
        self._found: dict[str, pa.Array | None] = {}

    @abstractmethod
    def level(self, array: str) -> Level | None:
        """Return the rows of an array of objects, or None where there is none in the whole batch."""

    @abstractmethod
    def _values(self, path: str) -> pa.Array | None:
        """Return the values at a path that leads through levels only, with gaps; None where there is none."""

    @abstractmethod
    def mask(self, condition: Condition, level: Level) -> pa.Array:
        """Tell, for each row of a level, whether it fits a condition."""

    def values(self, path: str) -> pa.Array | None:
        """Return the values at a path row by row of its level; a text without characters is none."""
        if path not in self._found:
            values = self._values(path)
            if values is not None and values.type == pa.string():
                values = _filled_texts(values)
            self._found[path] = values
        return self._found[path]


def _filled_texts(texts: pa.Array) -> pa.Array:
    lengths = pc.binary_length(texts)
    if pc.min(lengths).as_py() == 0:
        return pc.if_else(pc.equal(lengths, 0), None, texts)
    return texts


def reaching(columns: Columns, array: str) -> Level | None:
    """Return the level of an array; of the empty one, that of the records."""
    return columns.level(array) if array else columns.root


class LevelColumns(Columns):
    """Values that have been read as levels: they obey the schema, and none of them is null."""

    def __init__(self, levels: Mapping[str, Level], fields: Mapping[str, Field]) -> None:
        """Take the levels of a batch; ``fields`` tell of which kind their columns are."""
        super().__init__(levels[""])
        self._levels = levels
        self._fields = fields

    def level(self, array: str) -> Level | None:
        """Return the rows of an array of objects."""
        field = self._fields.get(f"{array}/*")
        if field is not None:  # an array of plain values, which are not kept one by one
            raise UnsureError
        return self._levels.get(array)

    def _values(self, path: str) -> pa.Array | None:
        field = self._fields.get(path)
        if field is None or field.repeated:
            raise UnsureError
        array = table_of(path)
        level = self._levels.get(array)
        if level is None:
            return None
        values = level.cells if field.kind in _CELLS else level.raw
        return values.get(path.removeprefix(f"{array}/*/") if array else path)

    def mask(self, condition: Condition, level: Level) -> pa.Array:
        """Tell which rows fit, by the columns that the condition names."""
        if condition.mask is None:
            raise UnsureError
        return condition.mask(level.raw, level.size)


class RecordColumns(Columns):
    """Values taken out of records, which obey the schema."""

    def __init__(self, records: Sequence[Record], sorts: Mapping[str, Sort]) -> None:
        """Take records; ``sorts`` tell what kind of value stands at a path."""
        super().__init__(Level("", len(records)))
        self._sorts = sorts
        self._objects: dict[str, Sequence[Any]] = {"": records}
        self._levels: dict[str, Level | None] = {"": self.root}
        self._members: dict[tuple[str, ...], list[Any]] = {}

    def level(self, array: str) -> Level | None:
        """Return the rows of an array of objects."""
        if array not in self._levels:
            self._levels[array] = self._spread(array)
        return self._levels[array]

    def _spread(self, array: str) -> Level | None:
        outer = table_of(array)
        above = reaching(self, outer)
        if above is None:
            return None
        lists = [value or () for value in self._plain(array, outer)]
        if not {list, tuple}.issuperset(map(type, lists)):
            raise UnsureError
        items = list(chain.from_iterable(lists))
        if not items:
            return None
        if {*map(type, items)} != {dict}:
            raise UnsureError
        counts = list(map(len, lists))
        starts = [0, *accumulate(counts)][:-1]
        self._objects[array] = items
        parents = pa.array(spread(range(len(lists)), counts), pa.int64())
        return Level(array, len(items), above, parents, pa.array(starts, pa.int64()))

    def _plain(self, path: str, array: str) -> Sequence[Any]:
        """Return what stands at a path in each row of an array, None where nothing does."""
        names = steps(path.removeprefix(f"{array}/*/") if array else path)
        found = self._objects[array]
        for depth in range(1, len(names) + 1):
            key = (array, *names[:depth])
            if key not in self._members:
                self._members[key] = _members(found, names[depth - 1])
            found = self._members[key]
        return found

    def _values(self, path: str) -> pa.Array | None:
        array = table_of(path)
        if path.endswith("/*"):
            raise UnsureError
        if reaching(self, array) is None:
            return None
        return _as_array(self._plain(path, array), self._sorts.get(path, Sort.ANY))

    def mask(self, condition: Condition, level: Level) -> pa.Array:
        """Tell which rows fit, each by itself."""
        return pa.array(map(condition.fits, self._objects[level.path]), pa.bool_())


def _members(objects: Sequence[Any], name: str) -> list[Any]:
    """Return the member ``name`` of each object, None where there is none, or no object."""
    if {*map(type, objects)} == {dict}:
        return [value.get(name) for value in objects]
    return [value.get(name) if type(value) is dict else None for value in objects]


def _as_array(values: Sequence[Any], sort: Sort) -> pa.Array:
    convert = _ARRAYS.get(sort)
    if convert is None:
        raise UnsureError
    try:
        return convert(values)
    except TypeError as error:  # there are values of another kind
        raise UnsureError from error


def _numbers(values: Sequence[Any]) -> pa.Array:
    """Return numbers with the fewest places that hold them all."""
    for places in _PLACES:
        try:
            return pa.array(values, pa.decimal128(_DIGITS, places))
        except pa.ArrowInvalid:
            continue
    raise UnsureError


def _days(values: Sequence[Any]) -> pa.Array:
    """Return days as text, which sorts as they do; with moments among them, it does not."""
    texts = pa.array(values, pa.string())
    shortest, longest = pc.min_max(pc.utf8_length(texts)).as_py().values()
    if shortest is not None and not shortest == longest == _DAY:
        raise UnsureError
    return texts


_ARRAYS: Final[Mapping[Sort, Callable[[Sequence[Any]], pa.Array]]] = {
    Sort.NUMBER: _numbers,
    Sort.TIME: _days,
    Sort.TEXT: lambda values: pa.array(values, pa.string()),
    Sort.TRUTH: lambda values: pa.array(values, pa.bool_()),
}
