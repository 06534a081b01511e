"""Turn what a reader gives, one record after the other, into batches with their origin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from xlreport.collector import collector_resting
from xlreport.findings import Finding
from xlreport.tables import Batch, Origin, Piece, Record, json_path

__all__ = [
    "BATCH_RECORDS",
    "NO_HEADINGS",
    "Cell",
    "Headings",
    "Item",
    "Json",
    "Run",
    "UnreadableError",
    "in_batches",
    "index_free",
    "singly",
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
    pieces: Sequence[Piece] = ()
    """As in `Origin`."""


class Run(NamedTuple):
    """Records that come together, at most `BATCH_RECORDS`."""

    rows: Sequence[int]
    """Of each, as in `Item`."""
    records: Sequence[Record]
    findings: Sequence[tuple[int, Finding]]
    """0-based position of a record, in rising order, and what was found about it."""
    headings: Headings
    pieces: Sequence[Sequence[Piece]] = ()
    """As in `Origin`."""


class UnreadableError(Exception):
    """A file, or the rest of it, cannot be read; the finding that says why stands in its place."""

    def __init__(self, finding: Finding) -> None:
        """Carry the ``finding`` to the reader's outermost loop."""
        super().__init__(finding.message)
        self.finding = finding


def in_batches(
    items: Iterable[Item | Run], table: str, origin: Origin, *, plain: bool = False
) -> Iterator[Batch]:
    """Gather ``items`` into batches, each with one set of headings and at most `BATCH_RECORDS` records.

    ``plain`` says that the records are known to be JSON.
    """
    batches = _gathered(items, table, origin, plain=plain)
    while True:
        with collector_resting():
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _gathered(items: Iterable[Item | Run], table: str, origin: Origin, *, plain: bool) -> Iterator[Batch]:
    held: list[Item | Run] = []
    size = 0
    headings: Headings | None = None
    for item in _until_unreadable(items):
        more = len(item.records) if isinstance(item, Run) else 1
        is_record = isinstance(item, Run) or item.record is not None
        changed = is_record and headings is not None and item.headings is not headings
        if changed or size + more > BATCH_RECORDS:
            yield _batch(held, table, origin, headings, plain=plain)
            held, size, headings = [], 0, None
        if is_record:
            headings = item.headings
        held.append(item)
        size += more
    if held:
        yield _batch(held, table, origin, headings, plain=plain)


def singly(items: Iterable[Item | Run]) -> Iterator[Item]:
    """Iterate over the same, each record by itself."""
    for item in items:
        if isinstance(item, Item):
            yield item
            continue
        findings: dict[int, list[Finding]] = {}
        for position, finding in item.findings:
            findings.setdefault(position, []).append(finding)
        for position, (row, record) in enumerate(zip(item.rows, item.records, strict=True)):
            pieces = item.pieces[position] if item.pieces else ()
            yield Item(row, record, tuple(findings.get(position, ())), item.headings, pieces=pieces)


def _until_unreadable(items: Iterable[Item | Run]) -> Iterator[Item | Run]:
    try:
        yield from items
    except UnreadableError as stop:
        yield Item(0, None, (stop.finding,))


def _batch(
    items: Sequence[Item | Run], table: str, origin: Origin, headings: Headings | None, *, plain: bool
) -> Batch:
    ordinary = plain and all(isinstance(item, Item) and item.ordinary for item in items)
    records: list[Record] = []
    rows: list[int] = []
    findings: list[Finding] = []
    pieces: list[Sequence[Piece]] = []
    for item in items:
        done = len(records)
        if item.pieces:
            pieces += [()] * (done - len(pieces))
            pieces += item.pieces if isinstance(item, Run) else [item.pieces]
        if isinstance(item, Run):
            findings += [replace(found, table=table, record=done + at) for at, found in item.findings]
            records += item.records
            rows += item.rows
            continue
        position = None if item.record is None else done
        findings += [replace(finding, table=table, record=position) for finding in item.findings]
        if item.record is not None:
            records.append(item.record)
            rows.append(item.row)
    return Batch(
        records,
        replace(origin, rows=rows, headings=headings or NO_HEADINGS, pieces=pieces),
        tuple(findings),
        plain,
        ordinary,
    )


def index_free(path: Sequence[str | int]) -> str:
    """Return the JSON path without positions, by which findings of many records are grouped."""
    return json_path(tuple("*" if isinstance(part, int) else part for part in path))
