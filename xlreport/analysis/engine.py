"""The embedded data engine: DuckDB behind a seam of five functions.

Amounts are DECIMAL from the moment that they are loaded; nothing here turns one into a double. The rest
of the analysis speaks to the engine in `Sql` built from records, and gets back rows of Python values.
"""

import functools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from xlreport.analysis.sql import Sql, column_id, quoted
from xlreport.arrays import MOST_DIGITS, array
from xlreport.errors import MachineError, UsageError
from xlreport.lazy import LazyColumn
from xlreport.tables import Kind, Table

__all__ = ["Engine"]

T = TypeVar("T")

_OVERFLOW: Final = (
    f"The amounts are too large to be added up exactly: a sum needs more than {MOST_DIGITS} digits. "
    "Correct the largest of them, or set their records aside."
)
_SETTINGS: Final[Mapping[str, str]] = {
    # The engine sees only what it is given: no files, no network, no extensions.
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


_SHARE: Final = "1GB"
_ALL_MEMORY: Final = "80%"
_NO_ROOM: Final = (
    "The tables of the report need more than the memory of this machine and the free space of its folder for "
    "temporary files; free some space there, or set TMPDIR to a folder on a larger disk."
)
_MANY_ROWS: Final = 5_000_000
"""Fewer are done sooner by one thread than they are shared out among several."""


class Engine:
    """One in-memory database, for the tables of one report."""

    def __init__(self, memory: str = _SHARE) -> None:
        """Open an empty database; what does not fit into its share of memory goes to a temporary folder."""
        self._folder = tempfile.TemporaryDirectory(prefix="xlreport-", ignore_cleanup_errors=True)
        self._connection = duckdb.connect(
            ":memory:",
            config={**_SETTINGS, "memory_limit": memory, "temp_directory": self._folder.name},
        )
        self._rows = 0
        self._connection.execute("SET threads = 1")

    def load(self, name: str, table: Table) -> None:
        """Store a table with its columns, ``_row`` (0-based) and ``_record`` (its root record's position)."""
        columns = {column_id(name): cells for name, cells in table.data.items()}
        hidden = {
            quoted("_row"): pa.array(range(len(table)), pa.int64()),
            quoted("_record"): table.positions.cast(pa.int64()),
        }
        self._take_in(name, columns | hidden)
        self._rows += len(table)
        if self._rows > _MANY_ROWS:
            self._connection.execute("RESET threads")

    def store(self, name: str, columns: Mapping[str, tuple[Kind, Sequence[Any]]]) -> None:
        """Store a table given as one sequence of values per column."""
        self._take_in(
            name, {quoted(column): array(kind, values, column) for column, (kind, values) in columns.items()}
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
            self._run(Sql(f"CREATE TABLE {quoted(name)} AS SELECT {chosen} FROM _incoming"))
        finally:
            self._connection.unregister("_incoming")

    def create(self, name: str, select: Sql) -> None:
        """Store the result of a query as a table."""
        self._run(f"CREATE OR REPLACE TABLE {quoted(name)} AS " + select)

    def rows(self, select: Sql) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        query = functools.partial(self._connection.execute, select.text, list(select.values))
        return self._tried(lambda: query().fetchall())

    def columns(self, select: Sql) -> tuple[LazyColumn, ...]:
        """Return the result of a query column by column."""
        query = functools.partial(self._connection.sql, select.text, params=list(select.values))
        return tuple(map(LazyColumn, self._tried(lambda: query().to_arrow_table()).columns))

    def _run(self, query: Sql) -> None:
        self._tried(lambda: self._connection.execute(query.text, list(query.values)))

    def _tried(self, query: Callable[[], T]) -> T:
        """Run a query; with all the memory there is, where its share and the disk are not enough."""
        try:
            return query()
        except duckdb.OutOfMemoryException:
            self._connection.execute(f"SET memory_limit = '{_ALL_MEMORY}'")
        except duckdb.OutOfRangeException as error:
            raise UsageError(_OVERFLOW) from error
        try:
            return query()
        except duckdb.OutOfMemoryException as error:
            raise MachineError(_NO_ROOM) from error

    def close(self) -> None:
        """Give the memory back, and what was put aside on the disk."""
        self._connection.close()
        self._folder.cleanup()


def _cleaned(column: str, array: pa.ChunkedArray) -> str:
    """Return the SQL for a column: a text of blanks only says nothing, so it counts as missing."""
    if not pa.types.is_string(array.type):
        return column
    first, last = pc.min_max(array).as_py().values()
    # no text begins with a blank, and so none is blank, where all begin with a visible character of ASCII
    if first is None or "!" <= first <= last < "\x80":
        return column
    return f"CASE WHEN trim({column}) <> '' THEN {column} END"
