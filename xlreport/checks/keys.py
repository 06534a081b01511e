"""Gather keys and references record by record, and compare them when all records are read.

Only the keys, and for each reference its value and place, are kept: never the records.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlreport.checks.engines import Path, condition
from xlreport.checks.paths import select, steps
from xlreport.findings import Place
from xlreport.registry import ForeignKey, ResourceSchema
from xlreport.tables import Origin, Record
from xlreport.text import listing, nearest

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

    def __str__(self) -> str:
        """Name the sheets and files, each once."""
        names = (f"sheet {origin.sheet}" if origin.sheet else origin.file for origin in self._origins)
        return listing(dict.fromkeys(names), most=3)


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
        self._records: list[int] = []
        self._paths: list[Path] = []
        self._keys: list[Key] = []

    def add(self, record: Record, position: int) -> None:
        """Note what the record at ``position`` refers to."""
        if self._applies and not self._applies(record):
            return
        for path, key in self._found(record):
            self._records.append(position)
            self._paths.append(path)
            self._keys.append(key)

    def _found(self, record: Record) -> Iterator[tuple[Path, Key]]:
        fields = self.declared.fields
        if len(fields) > 1:
            key = key_of(record, fields)
            if key is not None:
                yield steps(fields[0]), key
            return
        if fields[0] in record:  # the usual case of a field at the top, without the search
            found: Iterable[tuple[Path, Any]] = (((fields[0],), record[fields[0]]),)
        else:
            found = select(record, fields[0])
        for path, value in found:
            if type(value) in _SCALARS:
                yield path, (value,)

    def __iter__(self) -> Iterator[Reference]:
        """Iterate over the references in the order of the records."""
        return map(Reference, self._records, self._paths, self._keys)

    def missing_from(self, index: Index) -> Iterator[Reference]:
        """Yield the references that lead to no record."""
        return (reference for reference in self if reference.key not in index.records)

    def leading_to(self, index: Index, records: frozenset[int]) -> Iterator[Reference]:
        """Yield the references to one of the ``records``."""
        if records:
            yield from (reference for reference in self if index.records.get(reference.key) in records)


class Keys:
    """The keys and references of one resource."""

    def __init__(self, schema: ResourceSchema, referred_to: Iterable[Fields], engine: str) -> None:
        """Start empty; ``referred_to`` are the fields that other resources refer to."""
        self._unique = tuple(fields for fields in (schema.primary_key, *schema.unique_keys) if fields)
        self.indexes: Mapping[Fields, Index] = {fields: Index() for fields in (*self._unique, *referred_to)}
        self.references = tuple(ReferenceLog(declared, engine) for declared in schema.foreign_keys)

    def add(self, record: Record, position: int) -> list[Duplicate]:
        """Note the keys and references of a record and return the keys that stood already."""
        duplicates = []
        for fields, index in self.indexes.items():
            key = key_of(record, fields)
            if key is not None:
                first = index.records.setdefault(key, position)
                if first != position and fields in self._unique:
                    duplicates.append(Duplicate(fields, key, first))
        for reference in self.references:
            reference.add(record, position)
        return duplicates
