"""Datasets as they pass from stage to stage: nested records with their origin, then flat tables.

`Dataset` is what `read` gives: resources (contracts, partners, ...) whose records come in batches, so
that a large file is never held at once. `Table` is what `check` leaves for the analysis: one array per
column, one table per array of the schema, every row tied to the record that it came from.
"""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xlreport.cells import cell_name
from xlreport.findings import Finding, Place

__all__ = [
    "NOTHING_WANTED",
    "Batch",
    "Cells",
    "ChildSheet",
    "Column",
    "Dataset",
    "Field",
    "Kind",
    "Lines",
    "Origin",
    "Outline",
    "Piece",
    "Record",
    "Resource",
    "Table",
    "Wanted",
    "json_path",
]

Record = dict[str, Any]
"""One record as JSON: text, bool, int, Decimal, None, lists and dicts of these. Dates are ISO text."""


class Kind(enum.StrEnum):
    """What a column holds; decides its SQL type, its number format and its alignment."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class Field:
    """A value that records of a resource can hold, as the JSON Schema describes it."""

    path: str
    """``value/amount``; an item of an array is a star: ``milestones/*/dueDate``, ``roles/*``."""
    title: str
    """The schema's title, or the path in words."""
    kind: Kind
    description: str = ""
    required: bool = False
    values: tuple[Any, ...] = ()
    """The allowed values where the schema lists them (enum, const)."""
    titles: tuple[str, ...] = field(default=(), compare=False)
    """The schema's own title of each step: Milestones, Milestone, Due date; empty where not known."""

    @property
    def repeated(self) -> bool:
        """Whether this is an item of an array of plain values (``roles/*``)."""
        return self.path.endswith("/*")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a schema says about the records of a resource, as far as it takes to find them in a workbook."""

    fields: Mapping[str, Field]
    title: str = ""
    """In the plural, such as Contracts."""
    record_title: str = ""
    """In the singular, such as Contract."""
    primary_key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildSheet:
    """A sheet that holds parts of records whose other parts stand on the main sheet."""

    file: str
    sheet: str
    headings: Mapping[str, tuple[int, str]]
    """As of `Origin`; the array that each row is an item of is at 0: ``milestones/0/dueDate``."""


class Piece(NamedTuple):
    """A part of a record that came from a child sheet: an item of an array, or values of its own."""

    path: tuple[str | int, ...]
    """Of the item in the record: (milestones, 3); empty for the record itself."""
    sheet: ChildSheet
    row: int
    source: tuple[str | int, ...]
    """Of the item by the sheet's headings: (milestones, 0)."""
    created: bool = False
    """Whether all that the item has came from child sheets."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a batch of records came from: enough to name any value of it as ``Contracts!F17``."""

    file: str
    """The file's name as the user gave it; ``-`` for standard input; ``DataFrame`` for pandas."""
    format: str
    """json, ndjson, csv, parquet, xlsx or pandas."""
    sheet: str = ""
    rows: Sequence[int] = ()
    """1-based row, line or array position of each record of the batch."""
    headings: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Path in the record (``value/amount``) -> 1-based column number and heading in the file."""
    pointer: str = ""
    """For JSON: path of the array in the file, such as ``$.releases``."""
    pieces: Sequence[Sequence[Piece]] = ()
    """For each record of the batch, what came from child sheets; empty where nothing did."""

    def place(self, position: int, path: Sequence[str | int] = ()) -> Place:
        """Return the place of the value at ``path`` in the record at ``position`` of the batch.

        A value that the file has no column for of its own is placed at the first column of its parts (a
        missing Value at Amount), or at the nearest enclosing column, or else at the row. What came from a
        child sheet is placed there.
        """
        row = self.rows[position] if position < len(self.rows) else None
        known, (column, heading) = _column(self.headings, path)
        file, sheet = self.file, self.sheet
        for piece in self.pieces[position] if position < len(self.pieces) else ():
            depth = len(piece.path)
            if tuple(path[:depth]) == piece.path:
                inside = (*piece.source, *(0 if isinstance(step, int) else step for step in path[depth:]))
                length, found = _column(piece.sheet.headings, inside)
                if max(length, depth) + piece.created > known:
                    known, (column, heading) = max(length, depth), found
                    file, sheet, row = piece.sheet.file, piece.sheet.sheet, piece.row
        cell = cell_name(row, column) if sheet and row and column else ""
        return Place(file, sheet, row, heading, cell, json_path(path))


def _column(
    headings: Mapping[str, tuple[int, str]], path: Sequence[str | int]
) -> tuple[int, tuple[int, str]]:
    """Return the length of the longest beginning of ``path`` that has a column, and that column.

    That of a whole object or array is the first of its parts'; an item has its row.
    """
    for length in range(len(path), 0, -1):
        found = headings.get("/".join(map(str, path[:length])))
        if not found and length == len(path) and isinstance(path[-1], str):
            found = _first_below("/".join(map(str, path)) + "/", headings)
        if found:
            return length, found
    return 0, (0, "")


def _first_below(beginning: str, headings: Mapping[str, tuple[int, str]]) -> tuple[int, str] | None:
    return min((found for path, found in headings.items() if path.startswith(beginning)), default=None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some consecutive records of one resource."""

    records: list[Record]
    origin: Origin
    findings: tuple[Finding, ...] = ()
    """What reading found; a finding's ``record`` is the position in this batch."""
    plain: bool = False
    """Whether the records are known to be JSON as `Record` has it, so that nobody needs to look again."""
    ordinary: bool = False
    """Whether no number has more than 15 digits and no day lies in the year 0, which Excel does not hold."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Some consecutive records of one resource that are text as yet: a line of UTF-8 for each."""

    lines: Sequence[bytes]
    origin: Origin
    """With the number of each line."""
    decoded: Callable[[], Iterator[Batch]]
    """Reads them."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One named set of records, such as ``contracts``."""

    name: str
    batches: Callable[[], Iterator[Batch]]
    """Reads the records from the start, every time it is called."""
    title: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    """(file name, SHA-256 of its bytes) of each file read; filled for files, empty for DataFrames."""
    texts: Callable[[], Iterator[Batch | Lines]] | None = None
    """Reads the same as ``batches``, and leaves as text what can wait; None where nothing can."""

    def records(self) -> Iterator[Record]:
        """Iterate over all records, reading them from the start."""
        for batch in self.batches():
            yield from batch.records


@dataclass(frozen=True, slots=True)
class Dataset:
    """Named resources, and how the dataset file describes them."""

    resources: tuple[Resource, ...]
    name: str = "dataset"
    title: str = ""
    folder: str = ""
    """Folder that relative names (a rates table, a regions table) are looked up in."""
    files: tuple[str, ...] = ()
    """Paths of the files that it is read from, the dataset file included; empty for DataFrames."""
    notes: tuple[str, ...] = ()
    """Sentences for the Definitions sheet: licence, source, "synthetic data"."""
    schema: str = ""
    """The JSON Schema that the dataset names, or an empty string."""
    rates: Mapping[str, Any] = field(default_factory=dict)
    """What the dataset says of its rates table: ``path``, and how the file is laid out; empty without one."""
    regions: str = ""
    """Path of the dataset's own table of countries and regions, or an empty string."""
    findings: tuple[Finding, ...] = ()
    """What reading found about the dataset as a whole."""

    def __getitem__(self, name: str) -> Resource:
        """Return the resource called ``name``; KeyError names those that exist."""
        for resource in self.resources:
            if resource.name == name:
                return resource
        known = ", ".join(self.names) or "none"
        message = f"no resource {name!r}; the dataset has: {known}"
        raise KeyError(message)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the resources, in their order."""
        return tuple(resource.name for resource in self.resources)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a flat table."""

    name: str
    """Path in the record: ``value/amount``."""
    title: str
    """Heading: the schema's title, or the path in words."""
    kind: Kind
    description: str = ""
    currency: str = ""
    """For an amount of money: name of the column that holds its currency."""


Cells = Any
"""The values of one column, all of one kind: an Arrow array, which this floor does not know.

As Python values they are None, str, int, Decimal, bool, `datetime.date` or `datetime.datetime`.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A flat table: one array per column, all of equal length."""

    name: str
    """``contracts`` or, for an array inside its records, ``contracts/milestones``."""
    title: str
    columns: tuple[Column, ...]
    """All columns that are known."""
    data: Mapping[str, Cells]
    """The values of the columns that are kept, by the column's name."""
    positions: Cells
    """For each row, the 0-based position of the record of the root resource that it came from."""
    parent: str = ""
    """Name of the table whose rows hold these, or an empty string."""
    primary_key: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.positions)

    def __contains__(self, column: object) -> bool:
        """Tell whether a column of that name exists."""
        return any(known.name == column for known in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def records(self) -> list[int]:
        """For each row, the 0-based position of its record, as a list."""
        return list(self.positions.to_pylist())

    def column(self, name: str) -> Column:
        """Return the column called ``name``; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    def __getitem__(self, name: str) -> list[Any]:
        """Return the values of the column called ``name`` as a list; KeyError where it is not kept."""
        return list(self.data[name].to_pylist())


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns of the flat tables that are worth keeping."""

    tables: frozenset[str]
    """Names of the tables that have any."""
    columns: Callable[[str], frozenset[str] | None]
    """Given a table, the names of its columns; None where every column is kept."""


NOTHING_WANTED = Wanted(frozenset(), lambda _table: frozenset())
"""For who only wants to know what is wrong."""


def json_path(path: Sequence[str | int]) -> str:
    """Return ``$.milestones[0].value`` for ``("milestones", 0, "value")``."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
