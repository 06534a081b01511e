"""One flat table while it grows: rows come in as dictionaries and are turned into columns batch by batch."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlreport.checks.columns import Values, long_numbers
from xlreport.tables import Column, Kind, Record

__all__ = ["Flag", "GrowingTable"]

_MONEY: Final = frozenset({Kind.DECIMAL, Kind.INTEGER, None})


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a value that was seen while it was put into its column."""

    code: str
    """too-many-digits or kept-as-text."""
    path: str
    """With stars: ``milestones/*/value/amount``."""
    record: int
    """0-based position of the record in its resource."""
    value: Any


class GrowingTable:
    """The rows of one table and their columns."""

    def __init__(self, path: str, kinds: Mapping[str, Kind], keys: Sequence[Column]) -> None:
        """Start the table of the array at ``path`` with the columns that the schema gives."""
        self.path = path
        self.keys = tuple(keys)
        self.records: list[int] = []
        self.key_values = [Values(key.kind) for key in keys]
        self.values = {name: Values(kind) for name, kind in kinds.items()}
        self.declared = frozenset(kinds)
        self._rows: list[Record] = []
        self._row_keys: list[tuple[Any, ...]] = []

    def add(self, row: Record, keys: tuple[Any, ...], record: int) -> None:
        """Add a row of the record at position ``record``; it may still be filled until `flush`."""
        self._rows.append(row)
        self._row_keys.append(keys)
        self.records.append(record)

    def flush(self, rejected: Collection[int]) -> Iterator[Flag]:
        """Move the gathered rows into the columns and yield what was seen on the way.

        A value that does not fit its column stays an empty cell in a ``rejected`` record; in any other, the
        schema lets it be, and so the column becomes one of text.
        """
        rows, row_keys, self._rows, self._row_keys = self._rows, self._row_keys, [], []
        if not rows:
            return
        first = len(self.records) - len(rows)
        for position, values in enumerate(self.key_values):
            values.extend([keys[position] for keys in row_keys])
        present: frozenset[str] = frozenset().union(*rows)
        if not present <= self.values.keys():
            for name in dict.fromkeys(name for row in rows for name in row):  # in the order of appearance
                self.values.setdefault(name, Values(None, first))
        for name, values in self.values.items():
            if name in present:
                yield from self._moved(name, values, [row.get(name) for row in rows], rejected)
            else:
                values.pad(len(rows))

    def _moved(
        self, name: str, values: Values, raw: Sequence[Any], rejected: Collection[int]
    ) -> Iterator[Flag]:
        path = f"{self.path}/*/{name}" if self.path else name
        first = len(self.records) - len(raw)
        misfits = values.extend(raw)
        kept = [position for position in misfits if self.records[first + position] not in rejected]
        if kept:
            values.keep_as_text({position - len(raw): raw[position] for position in kept})
            yield Flag("kept-as-text", path, self.records[first + kept[0]], raw[kept[0]])
        if values.kind is Kind.INTEGER or self.currency_of(name):
            for position in long_numbers(raw):
                yield Flag("too-many-digits", path, self.records[first + position], raw[position])

    def currency_of(self, name: str) -> str:
        """Return the column with the currency of an amount, ``value/currency``, or an empty string."""
        head, slash, last = name.rpartition("/")
        currency = f"{head}{slash}currency"
        if last != "amount" or currency not in self.values:
            return ""
        return currency if self.values[name].kind in _MONEY else ""
