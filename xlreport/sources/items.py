"""Turn what a reader gives, one record after the other, into batches with their origin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from xlreport.findings import Finding
from xlreport.tables import Batch, Origin, Record, json_path

__all__ = [
    "BATCH_RECORDS",
    "NO_HEADINGS",
    "Cell",
    "Headings",
    "Item",
    "Json",
    "UnreadableError",
    "in_batches",
    "index_free",
]

BATCH_RECORDS: Final = 1_000
"""Most records, or findings without one, in a batch; with more, the garbage collector takes over."""

Json = Any
"""A JSON value: text, bool, int, Decimal, None, or a list or dict of these."""
Cell = Any
"""A value as the source has it: JSON, or the float, date or time of a worksheet or DataFrame."""
Headings = Mapping[str, tuple[int, str]]
"""Path in the record -> 1-based column number and heading in the file."""
NO_HEADINGS: Final[Headings] = MappingProxyType({})


class Item(NamedTuple):
    """One record, or, where there is none, what was found in its place."""

    row: int
    """1-based row, line or array position; 0 for a finding of the whole file."""
    record: Record | None
    findings: tuple[Finding, ...] = ()
    headings: Headings = NO_HEADINGS
    ordinary: bool = False
    """As in `Batch`."""


class UnreadableError(Exception):
    """A file, or the rest of it, cannot be read; the finding that says why stands in its place."""

    def __init__(self, finding: Finding) -> None:
        """Carry the ``finding`` to the reader's outermost loop."""
        super().__init__(finding.message)
        self.finding = finding


def in_batches(items: Iterable[Item], table: str, origin: Origin, *, plain: bool = False) -> Iterator[Batch]:
    """Gather ``items`` into batches, each with one set of headings and at most `BATCH_RECORDS` records.

    ``plain`` says that the records are known to be JSON.
    """
    held: list[Item] = []
    headings: Headings | None = None
    for item in _until_unreadable(items):
        changed = item.record is not None and headings is not None and item.headings is not headings
        if changed or len(held) == BATCH_RECORDS:
            yield _batch(held, table, origin, headings, plain=plain)
            held, headings = [], None
        if item.record is not None:
            headings = item.headings
        held.append(item)
    if held:
        yield _batch(held, table, origin, headings, plain=plain)


def _until_unreadable(items: Iterable[Item]) -> Iterator[Item]:
    try:
        yield from items
    except UnreadableError as stop:
        yield Item(0, None, (stop.finding,))


def _batch(
    items: Sequence[Item], table: str, origin: Origin, headings: Headings | None, *, plain: bool
) -> Batch:
    ordinary = plain and all(item.ordinary for item in items)
    records: list[Record] = []
    rows: list[int] = []
    findings: list[Finding] = []
    for row, record, found, _, _ in items:
        position = None if record is None else len(records)
        findings += [replace(finding, table=table, record=position) for finding in found]
        if record is not None:
            records.append(record)
            rows.append(row)
    return Batch(
        records,
        replace(origin, rows=rows, headings=headings or NO_HEADINGS),
        tuple(findings),
        plain,
        ordinary,
    )


def index_free(path: Sequence[str | int]) -> str:
    """Return the JSON path without positions, by which findings of many records are grouped."""
    return json_path(tuple("*" if isinstance(part, int) else part for part in path))
