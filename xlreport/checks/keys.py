"""Gather keys and references batch by batch, and compare them when all records are read.

Only the different keys, and for each reference some numbers, are kept: never the records.
"""

import re
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.checks.engines import Path, condition
from xlreport.checks.paths import placed, select, select_each
from xlreport.findings import Place
from xlreport.registry import ForeignKey, ResourceSchema
from xlreport.sentences import Listed, Name, Sentence
from xlreport.tables import Origin, Record
from xlreport.text import nearest

__all__ = ["Duplicate", "Index", "Keys", "Places", "Reference", "ReferenceLog", "key_of"]

Fields = tuple[str, ...]
Key = tuple[Any, ...]

_SCALARS: Final = frozenset({str, int, bool, Decimal})
_NOT_TELLING: Final = re.compile(r"[\W_]+|(?<![0-9])0+(?=[0-9])")
_MOST_COMPARED: Final = 2_000
"""Keys that a wrong one is compared with letter by letter."""
_MOST_GUESSES: Final = 100
"""Wrong keys for which that is done: a guess is a courtesy, and it takes time."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record whose key is that of an earlier one."""

    fields: Fields
    key: Key
    first: int
    """Position of the earlier record."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One value that refers to a record."""

    record: int
    path: Path
    key: Key


def key_of(record: Record, fields: Fields) -> Key | None:
    """Return the values of ``fields``, or None where one is missing or is no single value."""
    key = []
    for path in fields:
        value = (
            record.get(path) if path in record else next((found for _, found in select(record, path)), None)
        )
        if type(value) not in _SCALARS:
            return None
        key.append(value)
    return tuple(key)


def _keys_of(records: Sequence[Record], fields: Fields) -> list[Key | None]:
    """Return the key of each record; at once where the fields stand at the top, as they mostly do."""
    if any("/" in path for path in fields):
        return [key_of(record, fields) for record in records]
    columns = [[record.get(path) for record in records] for path in fields]
    if all(_SCALARS.issuperset(map(type, column)) for column in columns):
        return list(zip(*columns, strict=True))
    return [key if _SCALARS.issuperset(map(type, key)) else None for key in zip(*columns, strict=True)]


class Places:
    """Where the records of one resource came from."""

    def __init__(self) -> None:
        """Start without any."""
        self._starts: list[int] = []
        self._origins: list[Origin] = []

    def add(self, start: int, origin: Origin) -> None:
        """Remember the origin of the records from position ``start`` on."""
        self._starts.append(start)
        self._origins.append(origin)

    def at(self, record: int, path: Path = ()) -> Place:
        """Return the place of the value at ``path`` in the record at position ``record``."""
        batch = bisect_right(self._starts, record) - 1
        return self._origins[batch].place(record - self._starts[batch], path)

    def in_words(self) -> Listed:
        """Name the sheets and files, each once."""
        names = dict.fromkeys((origin.sheet, "" if origin.sheet else origin.file) for origin in self._origins)
        words = (Sentence("sheet {name}", name=Name(sheet)) if sheet else Name(file) for sheet, file in names)
        return Listed(words, most=3)


class Index:
    """The records of one resource by a key, and a guess at what a wrong key was meant to be."""

    def __init__(self) -> None:
        """Start empty."""
        self.records: dict[Key, int] = {}
        self._folded: dict[str, Key] = {}
        self._guesses: dict[Key, str] = {}

    def __len__(self) -> int:
        """Count the different keys."""
        return len(self.records)

    def add(self, keys: Sequence[Key | None], start: int) -> list[tuple[int, Key, int]]:
        """Note the keys of consecutive records; return position, key and first position of those known."""
        new = dict(zip(keys, count(start), strict=False))
        if len(new) == len(keys) and None not in new and self.records.keys().isdisjoint(new):
            self.records.update(new)  # type: ignore[arg-type]  # none of them is None
            return []
        firsts = (
            (position, key, self.records.setdefault(key, position))
            for position, key in enumerate(keys, start)
            if key is not None
        )
        return [(position, key, first) for position, key, first in firsts if first != position]

    def knows_any(self, keys: Sequence[Key | None]) -> bool:
        """Tell whether one of the keys stands already, or twice among them."""
        there = [key for key in keys if key is not None]
        new = set(there)
        return len(new) < len(there) or not self.records.keys().isdisjoint(new)

    def guess(self, key: Key) -> str:
        """Return the key that was probably meant, as text, or an empty string."""
        if key not in self._guesses:
            self._guesses[key] = self._guess(key)
        return self._guesses[key]

    def _guess(self, key: Key) -> str:
        if not self._folded:
            self._folded = {_folded(each): each for each in self.records}
        alike = self._folded.get(_folded(key))
        if alike is not None:
            return _as_text(alike)
        text = _as_text(key)
        too_many = len(self.records) > _MOST_COMPARED or len(self._guesses) >= _MOST_GUESSES
        if too_many or any(map(str.isdigit, text)):  # one number is as near to another as to any
            return ""
        return nearest(text, map(_as_text, self.records)) or ""


def _as_text(key: Key) -> str:
    return " / ".join(map(str, key))


def _folded(key: Key) -> str:
    """Return what is left without case, blanks, signs, leading zeros and the .0 of a spreadsheet."""
    return "/".join(_NOT_TELLING.sub("", str(part).strip().removesuffix(".0").casefold()) for part in key)


class ReferenceLog:
    """Every value of one foreign key."""

    def __init__(self, declared: ForeignKey, engine: str) -> None:
        """Start empty; ``engine`` judges which records are looked at."""
        self.declared = declared
        self._applies: Callable[[Record], bool] | None = None
        if declared.where:
            self._applies = condition(declared.where, engine)
        self._keys: dict[Key | None, int] = defaultdict(count().__next__)  # each new key gets the next number
        # of each reference: position of the record, what stands for each star of the path, number of the key
        self._references = tuple(array("I") for _ in range(declared.fields[0].count("*") + 2))

    def add(self, records: Sequence[Record], start: int) -> None:
        """Note what consecutive records, the first at position ``start``, refer to."""
        places, keys = self._found(records)
        if self._applies:
            applies = list(map(self._applies, records))
            keys = [key if applies[at] else None for key, at in zip(keys, places[0], strict=True)]
        self.note(places, keys, start)

    def note(self, places: list[Sequence[int]], keys: Sequence[Key | None], start: int) -> None:
        """Note keys, None where there is none, and where they stand, as `select_each` says it."""
        if None in keys:
            there = [at for at, key in enumerate(keys) if key is not None]
            places, keys = [[column[at] for at in there] for column in places], [keys[at] for at in there]
        numbers = [self._keys[key] for key in keys]
        places[0] = [start + offset for offset in places[0]]
        for column, values in zip(self._references, (*places, numbers), strict=True):
            column.extend(values)

    def note_column(self, places: Sequence[pa.Array], values: pa.Array, start: int) -> None:
        """Note the same of the values of one field, none of them missing, as Arrow arrays."""
        encoded = values.dictionary_encode()
        known = [self._keys[key] for key in zip(encoded.dictionary.to_pylist(), strict=True)]
        numbers = pa.array(known, pa.uint32()).take(encoded.indices)
        columns = (pc.add(places[0], start), *places[1:], numbers)
        for column, taken in zip(self._references, columns, strict=True):
            column.frombytes(_uint32(taken))

    def _found(self, records: Sequence[Record]) -> tuple[list[Sequence[int]], Sequence[Key | None]]:
        """Return where references stand, as `select_each` does, and the keys."""
        fields = self.declared.fields
        if len(fields) > 1 or "/" not in fields[0]:
            return [range(len(records))], _keys_of(records, fields)
        places, values = select_each(records, fields[0])
        if _SCALARS.issuperset(map(type, values)):
            return places, list(zip(values, strict=True))
        return places, [(value,) if type(value) in _SCALARS else None for value in values]

    def _leading(self, is_wanted: Callable[[Key], bool]) -> Iterator[Reference]:
        """Yield the references whose key ``is_wanted``, in the order of the records."""
        wanted = {number: key for key, number in self._keys.items() if key is not None and is_wanted(key)}
        if not wanted:
            return
        path = self.declared.fields[0]
        for record, *stars, number in zip(*self._references, strict=True):
            if number in wanted:
                yield Reference(record, placed(path, stars), wanted[number])

    def missing_from(self, index: Index) -> Iterator[Reference]:
        """Yield the references that lead to no record."""
        return self._leading(lambda key: key not in index.records)

    def leading_to(self, index: Index, records: frozenset[int]) -> Iterator[Reference]:
        """Yield the references to one of the ``records``."""
        return self._leading(lambda key: index.records.get(key) in records) if records else iter(())


def _uint32(numbers: pa.Array) -> memoryview:
    """Return whole numbers, none of them missing, as the bytes that ``array("I")`` keeps them in."""
    whole = numbers.cast(pa.uint32())
    return memoryview(whole.buffers()[1])[4 * whole.offset :][: 4 * len(whole)]


class Keys:
    """The keys and references of one resource."""

    def __init__(self, schema: ResourceSchema, referred_to: Iterable[Fields], engine: str) -> None:
        """Start empty; ``referred_to`` are the fields that other resources refer to."""
        self._unique = tuple(fields for fields in (schema.primary_key, *schema.unique_keys) if fields)
        self.indexes: Mapping[Fields, Index] = {fields: Index() for fields in (*self._unique, *referred_to)}
        self.references = tuple(ReferenceLog(declared, engine) for declared in schema.foreign_keys)

    def add(self, records: Sequence[Record], start: int) -> dict[int, list[Duplicate]]:
        """Note keys and references of consecutive records; return, by position, those known already."""
        duplicates: dict[int, list[Duplicate]] = {}
        for fields, index in self.indexes.items():
            for position, key, first in index.add(_keys_of(records, fields), start):
                if fields in self._unique:
                    duplicates.setdefault(position, []).append(Duplicate(fields, key, first))
        for reference in self.references:
            reference.add(records, start)
        return duplicates

    def any_known(self, keys: Mapping[Fields, Sequence[Key | None]]) -> bool:
        """Tell whether one of the unique keys of some records stands already, or twice among them."""
        return any(self.indexes[fields].knows_any(keys[fields]) for fields in self._unique)

    def note(self, keys: Mapping[Fields, Sequence[Key | None]], start: int) -> None:
        """Note the keys of consecutive records, of which none `any_known` is."""
        for fields, index in self.indexes.items():
            index.add(keys[fields], start)
