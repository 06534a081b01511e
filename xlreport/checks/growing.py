"""One flat table while it grows: columns of values come in batch by batch."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from xlreport.checks.columns import Values
from xlreport.tables import Column, Kind

__all__ = ["Flag", "GrowingTable", "Rows", "leading_to"]

_MONEY: Final = frozenset({Kind.DECIMAL, Kind.INTEGER, None})
_POSITION: Final = pa.int32()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a value that was seen while it was put into its column."""

    code: str
    """too-many-digits, number-out-of-range or kept-as-text."""
    path: str
    """With stars: ``milestones/*/value/amount``."""
    record: int
    """0-based position of the record in its resource."""
    value: Any


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a batch adds to a table: what they belong to, and their values, all equally long."""

    table: "GrowingTable"
    records: Sequence[int]
    """For each row, the 0-based position of its record."""
    keys: Sequence[Sequence[Any]]
    """The values of each of the table's key columns."""
    columns: dict[str, list[Any]]
    """JSON values by the column's name; a column that no row has a value for may be left out."""

    def put(self, name: str, values: list[Any]) -> None:
        """Put values into a column, over what another spelling of its path brought there."""
        above = self.columns.get(name)
        if above:
            values = [old if new is None else new for old, new in zip(above, values, strict=True)]
        self.columns[name] = values


class GrowingTable:
    """One table and its columns."""

    def __init__(
        self, path: str, kinds: Mapping[str, Kind], keys: Sequence[Column], wanted: Collection[str] | None
    ) -> None:
        """Start the table of the array at ``path`` with the columns that the schema gives.

        Only ``wanted`` columns are kept, or all where it is None. Of the others, those that may hold what
        Excel does not (all but text) are looked at.
        """
        self._wanted = wanted
        self.path = path
        self.reached = None if wanted is None else leading_to(wanted)
        """Columns that are kept, and what leads to them; None for all."""
        self.keys = tuple(keys)
        self.kinds = kinds
        self.idle = frozenset(
            name for name, kind in kinds.items() if kind is Kind.TEXT and not self._is_wanted(name)
        )
        """Columns that need not even be gathered."""
        self._height = 0
        self._records: list[pa.Array] = []
        self.key_values = {key.name: self._values(key.name, key.kind) for key in keys}
        self.values = {
            name: self._values(name, kind) for name, kind in kinds.items() if name not in self.idle
        }

    def _values(self, name: str, kind: Kind | None) -> Values:
        label = f"{self.path}/*/{name}" if self.path else name
        return Values(kind, label, self._height, kept=self._is_wanted(name))

    def _is_wanted(self, name: str) -> bool:
        return self._wanted is None or name in self._wanted

    def records(self) -> pa.ChunkedArray:
        """Return, for each row, the 0-based position of its record."""
        return pa.chunked_array(self._records, _POSITION)

    def extend(self, rows: Rows, rejected: Collection[int]) -> Iterator[Flag]:
        """Append rows and yield what was seen on the way.

        A value that does not fit its column stays an empty cell in a ``rejected`` record; in any other, the
        schema lets it be, and so the column becomes one of text.
        """
        for key, raw in zip(self.key_values.values(), rows.keys, strict=True):
            if key.kept:
                key.extend(raw)
        for name in rows.columns:
            if name not in self.values:
                self.values[name] = self._values(name, None)
        for name, values in self.values.items():
            if name in rows.columns:
                yield from self._moved(name, values, rows, rejected)
            else:
                values.pad(len(rows.records))
        self._height += len(rows.records)
        self._records.append(pa.array(rows.records, _POSITION))

    def takes(self, columns: Mapping[str, pa.Array]) -> bool:
        """Tell whether columns are still of the kinds that the schema gives them."""
        return all(self.values[name].kind is self.kinds[name] for name in columns if name in self.values)

    def append(self, records: pa.Array, keys: Sequence[pa.Array], columns: Mapping[str, pa.Array]) -> None:
        """Append rows whose values are right: the positions of their records, their keys, their columns."""
        for key, cells in zip(self.key_values.values(), keys, strict=True):
            key.take(cells)
        for name, values in self.values.items():
            if name in columns:
                values.take(columns[name])
            else:
                values.pad(len(records))
        self._height += len(records)
        self._records.append(records.cast(_POSITION))

    def _moved(self, name: str, values: Values, rows: Rows, rejected: Collection[int]) -> Iterator[Flag]:
        path = f"{self.path}/*/{name}" if self.path else name
        raw, records = rows.columns[name], rows.records
        misfits = [position for position in values.extend(raw) if records[position] not in rejected]
        endless = [
            position for position in misfits if values.kind is Kind.DECIMAL and _is_number(raw[position])
        ]
        yield from (Flag("number-out-of-range", path, records[at], raw[at]) for at in endless)
        kept = [position for position in misfits if position not in endless]
        if kept:
            values.keep_as_text({position - len(raw): raw[position] for position in kept})
            yield Flag("kept-as-text", path, records[kept[0]], raw[kept[0]])
        if values.kind is Kind.INTEGER or self.currency_of(name):
            for position in values.long_numbers(raw):
                if position not in endless:
                    yield Flag("too-many-digits", path, records[position], raw[position])

    def currency_of(self, name: str) -> str:
        """Return the column with the currency of an amount, ``value/currency``, or an empty string."""
        head, slash, last = name.rpartition("/")
        currency = f"{head}{slash}currency"
        if last != "amount" or not (currency in self.kinds or currency in self.values):
            return ""
        kind = self.values[name].kind if name in self.values else self.kinds[name]
        return currency if kind in _MONEY else ""


def leading_to(names: Collection[str]) -> frozenset[str]:
    """Return the names, and all that lead to them: ``value`` leads to ``value/amount``."""
    steps = [name.split("/") for name in names]
    return frozenset("/".join(each[:length]) for each in steps for length in range(1, len(each) + 1))


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal)
