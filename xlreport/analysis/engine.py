"""The embedded data engine: DuckDB behind a seam of five functions.

Amounts are DECIMAL from the moment that they are loaded; nothing here turns one into a double. The rest
of the analysis speaks to the engine in `Sql` built from records, and gets back rows of Python values.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import duckdb
import pyarrow as pa

from xlreport.analysis.sql import Sql, column_id, quoted
from xlreport.errors import UsageError
from xlreport.tables import Column, Kind, Table
from xlreport.text import shown

__all__ = ["Engine"]

_MOST_DIGITS: Final = 38
_FAST_DIGITS: Final = 18
"""Decimals of up to 18 digits are computed as 64-bit integers, longer ones as 128-bit."""

_CENTS: Final = 2
_OVERFLOW: Final = (
    f"The amounts are too large to be added up exactly: a sum needs more than {_MOST_DIGITS} digits. "
    "Correct the largest of them, or set their records aside."
)
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
        fields = zip(table.columns, table.data, strict=True)
        columns = {
            column_id(column.name): _array(_label(table, column), column.kind, values)
            for column, values in fields
        }
        hidden = {
            quoted("_row"): pa.array(range(len(table)), pa.int64()),
            quoted("_record"): pa.array(table.records, pa.int64()),
        }
        self._take_in(name, columns | hidden)

    def store(self, name: str, columns: Mapping[str, tuple[Kind, Sequence[Any]]]) -> None:
        """Store a table given as one sequence of values per column."""
        self._take_in(
            name, {quoted(column): _array(column, kind, values) for column, (kind, values) in columns.items()}
        )

    def _take_in(self, name: str, arrays: Mapping[str, pa.Array]) -> None:
        """Store arrays as a table, each under its SQL identifier."""
        # on the way in the columns go by number: the engine does not tell upper from lower case
        incoming = pa.table(list(arrays.values()), names=[f"c{number}" for number in range(len(arrays))])
        chosen = ", ".join(
            f"{_cleaned(f'c{number}', array)} AS {identifier}"
            for number, (identifier, array) in enumerate(arrays.items())
        )
        self._connection.register("_incoming", incoming)
        try:
            self._connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT {chosen} FROM _incoming")
        finally:
            self._connection.unregister("_incoming")

    def create(self, name: str, select: Sql) -> None:
        """Store the result of a query as a table."""
        self._connection.execute(
            f"CREATE OR REPLACE TABLE {quoted(name)} AS {select.text}", list(select.values)
        )

    def rows(self, select: Sql) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        try:
            return self._connection.execute(select.text, list(select.values)).fetchall()
        except duckdb.OutOfRangeException as error:
            raise UsageError(_OVERFLOW) from error

    def columns(self, select: Sql, block: int = 50_000) -> Iterator[tuple[list[Any], ...]]:
        """Yield the result of a query as one list per column, ``block`` rows at a time."""
        result = self._connection.execute(select.text, list(select.values))
        while rows := result.fetchmany(block):
            yield tuple(list(column) for column in zip(*rows, strict=True))

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()


def _label(table: Table, column: Column) -> str:
    return f"{table.title}, {column.title}"


def _cleaned(column: str, array: pa.Array) -> str:
    """Return the SQL for a column: a text of blanks only says nothing, so it counts as missing."""
    is_text = pa.types.is_string(array.type)
    return f"CASE WHEN trim({column}) <> '' THEN {column} END" if is_text else column


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
    """Return an array of decimals with the scale that the values need: whole, cents, or what is found."""
    for scale in (0, _CENTS):
        with contextlib.suppress(pa.ArrowInvalid):
            return pa.array(values, pa.decimal128(_FAST_DIGITS, scale))
    found = pa.array([None if value is None else Decimal(value) for value in values])
    precision, scale = found.type.precision, found.type.scale
    if precision > _MOST_DIGITS:
        longest = max((value for value in values if value is not None), key=lambda value: len(str(value)))
        message = (
            f"{name}: the amounts need {precision} digits and {_MOST_DIGITS} can be added up exactly; "
            f"the longest is {shown(longest)}. Correct it, or set the record aside."
        )
        raise UsageError(message)
    return found.cast(pa.decimal128(_FAST_DIGITS if precision <= _FAST_DIGITS else _MOST_DIGITS, scale))
