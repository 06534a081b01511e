"""Columns of Arrow arrays whose Python values are made when they are asked for, some rows at a time.

A data sheet of a million rows so takes the memory of its arrays, and what layout wants to know of a column
(the widest text, the largest number) is asked of the array.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, overload

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["LazyColumn"]

_BLOCK: Final = 4_000
"""Rows whose values are made at once, and kept until others are asked for."""
_SAMPLE: Final = 2_000


class LazyColumn(Sequence[Any]):
    """A column of values: None, str, int, Decimal, bool, date or datetime."""

    __slots__ = ("_array", "_held", "_repeats", "_start")

    def __init__(self, array: pa.ChunkedArray) -> None:
        """Stand for the values of ``array``; decimals lose the zeros that its one scale gives them."""
        self._array = array
        self._start = 0
        self._held: list[Any] = []
        head = array.slice(0, _SAMPLE)
        self._repeats = pa.types.is_temporal(array.type) or (
            pa.types.is_string(array.type) and pc.count_distinct(head).as_py() * 2 < len(head)
        )

    def __len__(self) -> int:
        """Count the values."""
        return len(self._array)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        """Return one value, or a list of several."""
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            if step == 1:
                return self._rows(start, max(start, stop))
            return self._values(self._array.take(pa.array(range(start, stop, step), pa.int64())))
        position = range(len(self))[at]
        return self._rows(position, position + 1)[0]

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the values, a block of them at a time."""
        for start in range(0, len(self), _BLOCK):
            yield from self[start : start + _BLOCK]

    def _rows(self, start: int, stop: int) -> list[Any]:
        """Return the values of some rows, most often those that come after the ones asked for before."""
        if stop - start > _BLOCK:
            return self._values(self._array.slice(start, stop - start))
        if not self._start <= start <= stop <= self._start + len(self._held):
            self._start, self._held = start, self._values(self._array.slice(start, _BLOCK))
        return self._held[start - self._start : stop - self._start]

    def _values(self, array: pa.ChunkedArray) -> list[Any]:
        if self._repeats:
            encoded = array.combine_chunks().dictionary_encode()
            known = [*encoded.dictionary.to_pylist(), None]
            return list(map(known.__getitem__, pc.fill_null(encoded.indices, -1).to_pylist()))
        if pa.types.is_decimal(array.type):
            texts = _plain_texts(array).to_pylist()
            return (
                [text and Decimal(text) for text in texts] if array.null_count else list(map(Decimal, texts))
            )
        return list(array.to_pylist())

    def rows(self, start: int, stop: int) -> "LazyColumn":
        """Return the column of some rows only."""
        return LazyColumn(self._array.slice(start, stop - start))

    @property
    def array(self) -> pa.ChunkedArray:
        """The Arrow array."""
        return self._array

    # --- what layout wants to know

    def extremes(self) -> tuple[Any, Any] | None:
        """Return the least and the largest value, or None where there is none."""
        found: Mapping[str, Any] = pc.min_max(self._array).as_py()
        return None if found["min"] is None else (found["min"], found["max"])

    def longest(self) -> int:
        """Return how many characters the longest text has; 0 for a column of anything else."""
        return _most(pc.utf8_length, self._array) if pa.types.is_string(self._array.type) else 0

    def places(self) -> int | None:
        """Return how many places after the point the decimals need; None where there are none."""
        if not pa.types.is_decimal(self._array.type) or self._array.null_count == len(self):
            return None
        return _most(_places, self._array)


def _most(measure: Callable[[pa.ChunkedArray], pa.ChunkedArray], array: pa.ChunkedArray) -> int:
    most = pc.max(measure(array)).as_py()
    return int(most or 0)


def _plain_texts(decimals: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = decimals.cast(pa.string())
    if decimals.type.scale <= 0:
        return texts
    return pc.utf8_rtrim(pc.utf8_rtrim(texts, characters="0"), characters=".")


def _places(decimals: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = _plain_texts(decimals)
    point = pc.find_substring(texts, pattern=".")
    behind = pc.subtract(pc.subtract(pc.utf8_length(texts), point), 1)
    return pc.if_else(pc.less(point, 0), 0, behind)
