"""The embedded data engine: DuckDB behind a seam of five functions.

Amounts are DECIMAL from the moment that they are loaded; nothing here turns one into a double. The rest
of the analysis speaks to the engine in `Sql` built from records, and gets back rows of Python values.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import duckdb
import pyarrow as pa

from xlreport.analysis.sql import Sql, quoted
from xlreport.errors import UsageError
from xlreport.tables import Kind, Table
from xlreport.text import shown

__all__ = ["Engine"]

_MOST_DIGITS: Final = 38
_FAST_DIGITS: Final = 18
"""Decimals of up to 18 digits are computed as 64-bit integers, longer ones as 128-bit."""

_SETTINGS: Final = {
    # The engine sees only what it is given: no files, no network, no extensions.
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class Engine:
    """One in-memory database, for the tables of one report."""

    def __init__(self) -> None:
        """Open an empty database."""
        self._connection = duckdb.connect(":memory:", config=dict(_SETTINGS))

    def load(self, name: str, table: Table) -> None:
        """Store a table with its columns, ``_row`` (0-based) and ``_record`` (its root record's position)."""
        columns = {column.name: (column.kind, table[column.name]) for column in table.columns}
        hidden = {
            "_row": (Kind.INTEGER, range(len(table))),
            "_record": (Kind.INTEGER, table.records),
        }
        self.store(name, columns | hidden)

    def store(self, name: str, columns: Mapping[str, tuple[Kind, Sequence[Any]]]) -> None:
        """Store a table given as one sequence of values per column."""
        arrays = [_array(f"{name}.{column}", kind, values) for column, (kind, values) in columns.items()]
        self._connection.register("_incoming", pa.table(arrays, names=list(columns)))
        try:
            self._connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM _incoming")
        finally:
            self._connection.unregister("_incoming")

    def create(self, name: str, select: Sql) -> None:
        """Store the result of a query as a table."""
        self._connection.execute(
            f"CREATE OR REPLACE TABLE {quoted(name)} AS {select.text}", list(select.values)
        )

    def rows(self, select: Sql) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._connection.execute(select.text, list(select.values)).fetchall()

    def columns(self, select: Sql, block: int = 50_000) -> Iterator[tuple[list[Any], ...]]:
        """Yield the result of a query as one list per column, ``block`` rows at a time."""
        result = self._connection.execute(select.text, list(select.values))
        while rows := result.fetchmany(block):
            yield tuple(list(column) for column in zip(*rows, strict=True))

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()


def _array(name: str, kind: Kind, values: Sequence[Any]) -> pa.Array:
    if kind is Kind.DECIMAL:
        return _decimals(name, values)
    if kind is Kind.INTEGER:
        with contextlib.suppress(OverflowError, pa.ArrowInvalid):
            return pa.array(values, pa.int64())
        return _decimals(name, [None if value is None else Decimal(value) for value in values])
    return pa.array(values, _ARROW_TYPES[kind]())


_ARROW_TYPES: Final = {
    Kind.TEXT: pa.string,
    Kind.BOOLEAN: pa.bool_,
    Kind.DATE: pa.date32,
    Kind.DATETIME: lambda: pa.timestamp("us"),
}


def _decimals(name: str, values: Sequence[Decimal | int | None]) -> pa.Array:
    scale, whole = 0, 1
    for value in values:
        if value is not None:
            _, digits, exponent = Decimal(value).as_tuple()
            places = max(0, -int(exponent))
            scale, whole = max(scale, places), max(whole, len(digits) + int(exponent))
    precision = max(scale + whole, 1)
    if precision > _MOST_DIGITS:
        longest = max((value for value in values if value is not None), key=lambda value: len(str(value)))
        message = (
            f"{name}: the amounts need {precision} digits and {_MOST_DIGITS} can be added up exactly; "
            f"the longest is {shown(longest)}. Correct it, or set the record aside."
        )
        raise UsageError(message)
    return pa.array(values, pa.decimal128(_FAST_DIGITS if precision <= _FAST_DIGITS else _MOST_DIGITS, scale))


def kind_of(value: object) -> Kind:
    """Return the kind of column that a constant makes."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    for python, kind in ((int, Kind.INTEGER), (Decimal, Kind.DECIMAL), (dt.date, Kind.DATE)):
        if isinstance(value, python):
            return kind
    return Kind.TEXT
