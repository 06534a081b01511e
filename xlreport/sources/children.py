"""Turn child sheets into fragments: what each of their rows adds to a record, by the record's key."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from xlreport.cells import cell_name
from xlreport.child_sheets import NUMBER, Key
from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Listed, Name, Sentence
from xlreport.sources.columns import Layout, lay_out
from xlreport.sources.description import Child, ResourceFile
from xlreport.sources.headings import HeadingRow
from xlreport.sources.items import Headings, Item, Json, UnreadableError, singly
from xlreport.sources.mapping import member
from xlreport.sources.naming import Naming, child_naming
from xlreport.sources.nesting import Path, Target, path_steps
from xlreport.sources.sheet_records import RowsAre, workbook_items
from xlreport.sources.whole_columns import FromColumn
from xlreport.tables import ChildSheet, Field, Record, json_path
from xlreport.text import shown

__all__ = ["Fragment", "Fragments", "RecordKey", "fragments_of", "place_in", "record_key"]

RecordKey = tuple[Json, ...]
Fields = Mapping[str, Field]


class Fragment(NamedTuple):
    """What a row of a child sheet adds to a record."""

    key: RecordKey | None
    """Of the record; None where the row names none."""
    record: Record
    """Like the record, but with nothing beyond what stands in the row; with an ``array``, its item."""
    array: Path
    """Path of the array that the row is an item of; empty where it has to be found in what it adds."""
    sheet: ChildSheet
    row: int
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Fragments:
    """What all child sheets of a resource add to its records."""

    by_key: dict[RecordKey, list[Fragment]] = field(default_factory=dict)
    """In the order in which they are to be added: what stands higher in the record comes first."""
    arrays: set[str] = field(default_factory=set)
    """Paths of the arrays that some sheet has the items of: ``milestones/0``."""
    findings: list[Finding] = field(default_factory=list)
    """About whole sheets, and rows that name no record."""


def record_key(paths: Sequence[str], record: Record) -> RecordKey | None:
    """Return the values at ``paths``, or None where one of them is missing or no single value."""
    found = tuple(_getter(path)(record) for path in paths)
    return None if any(part is None or isinstance(part, dict | list) for part in found) else found


@functools.cache
def _getter(path: str) -> Any:  # a function of a record
    return member(path)


def fragments_of(described: ResourceFile, fields: Fields) -> Fragments:
    """Return what the child sheets of a resource add to its records."""
    found = Fragments()
    sheets = [_Sheet(child, described.key, fields) for child in described.children]
    rows = [list(sheet.fragments(found.findings)) for sheet in sheets]
    for sheet, fragments in sorted(zip(sheets, rows, strict=True), key=lambda pair: pair[0].level):
        found.arrays |= sheet.arrays
        for fragment in fragments:
            if fragment.key is None:
                found.findings.append(_without_key(fragment, sheet.keys))
                found.findings += fragment.findings
            else:
                found.by_key.setdefault(fragment.key, []).append(fragment)
    return found


class _Sheet:
    """A child sheet while it is read."""

    def __init__(self, child: Child, key: Sequence[str], fields: Fields) -> None:
        self.keys = child.keys
        self.level = 0
        """How many arrays deep the values lie that are no keys, at least."""
        self.arrays: set[str] = set()
        self._child = child
        self._key = key
        self._fields = fields
        self._array: Path = ()
        """Path of the one array that every row is an item of and has nothing else of; the plain case."""
        self._sheets: dict[int, tuple[Headings, ChildSheet]] = {}

    def fragments(self, findings: list[Finding]) -> Iterator[Fragment]:
        """Iterate over the rows; what is found about the whole sheet goes to ``findings``."""
        rows_are = RowsAre(self._naming, self._layout)
        try:
            for item in singly(workbook_items(self._child.part, self._fields, rows_are)):
                if item.record is None:
                    findings += item.findings
                else:
                    yield self._fragment(item, item.record)
        except UnreadableError as stop:
            findings.append(stop.finding)

    def _fragment(self, item: Item, record: Record) -> Fragment:
        if self._array:
            parts = tuple(record.pop(_key_member(at), None) for at in range(len(self._key)))
            key = None if None in parts else parts
        else:
            key = record_key(self._key, record)
        return Fragment(key, record, self._array, self._sheet(item), item.row, item.findings)

    def _sheet(self, item: Item) -> ChildSheet:
        """Return the sheet with the headings of the row, which can be those of items that moved up."""
        headings = item.headings
        if id(headings) not in self._sheets:
            part = self._child.part
            self._sheets[id(headings)] = headings, ChildSheet(part.file, str(part.sheet), headings)
        return self._sheets[id(headings)][1]

    def _naming(self, texts: Sequence[str]) -> Naming:
        return child_naming(self._fields, self._child.array, self.keys, texts)

    def _layout(self, row: HeadingRow) -> Layout:
        child = self._child
        layout = lay_out(row, child.part, self._fields, self._naming(row.texts))
        missing = [key for key in child.keys if layout.headings.keys().isdisjoint(key.names.values())]
        if missing:
            raise UnreadableError(_without_keys(row, missing))
        self.level, self.arrays = _levels(layout.headings)
        self._array = _only_array(layout.headings, self._key)
        return _of_items(layout, self._key, self._array) if self._array else layout


def _levels(headings: Headings) -> tuple[int, set[str]]:
    """Return how many arrays deep the values lie that are no keys, and the arrays that they are items of."""
    paths = [path_steps(path) for path in headings]
    deepest = max(paths, key=_depth, default=())
    values = [path for path in paths if path[-1] not in ("id", NUMBER)] or [deepest]
    arrays = {_item_of(path) for path in (*values, deepest)} - {""}
    return min(map(_depth, values)), arrays


def _only_array(headings: Headings, key: Sequence[str]) -> Path:
    """Return the path of the array that all columns but those of the record's key have values of items of."""
    arrays = {steps[: steps.index(0)] if 0 in steps else () for steps in _others(headings, key)}
    array = next(iter(arrays)) if len(arrays) == 1 else ()
    return (
        array if all(_depth(steps) == 1 and steps[-1] != NUMBER for steps in _others(headings, key)) else ()
    )


def _others(headings: Headings, key: Sequence[str]) -> list[Path]:
    return [path_steps(path) for path in headings if path not in key]


def _of_items(layout: Layout, key: Sequence[str], array: Path) -> Layout:
    """Return the layout of rows that become items of the array, with the record's key among their members."""
    targets = [
        Target(
            (_key_member(key.index(column.path)),)
            if column.path in key
            else path_steps(column.path)[len(array) + 1 :],
            FromColumn(at, column.read, column.read_all),
        )
        for at, column in layout.columns.items()
    ]
    return replace(layout, targets=tuple(targets))


def _key_member(position: int) -> str:
    """Return the member of an item that holds a part of its record's key, until the two are joined."""
    return f"{NUMBER}{position}"


def _depth(path: Sequence[str | int]) -> int:
    return sum(isinstance(step, int) for step in path)


def _item_of(path: Sequence[str | int]) -> str:
    """Return the path of the array item that a value is directly in, or nothing."""
    length = max((at for at, step in enumerate(path, 1) if isinstance(step, int)), default=0)
    return "/".join(map(str, path[:length]))


def _without_keys(row: HeadingRow, keys: Sequence[Key]) -> Finding:
    names = Listed(Name(shown(key.heading)) for key in keys)
    return Finding(
        code="missing-column",
        severity=Severity.ERROR,
        message=Sentence(
            "The sheet {sheet} has no column {names}, so its rows belong to no record; none of them is read.",
            sheet=Name(shown(row.sheet)),
            names=names,
        ),
        hint=Sentence("Add the column, and fill in each row which record it is a part of."),
        place=row.place(),
        expected=names,
        group=str(names),
    )


def _without_key(fragment: Fragment, sheet_keys: Sequence[Key]) -> Finding:
    key = sheet_keys[0]
    return Finding(
        code="row-without-parent",
        severity=Severity.ERROR,
        message=Sentence(
            "The row has no {key}, so it belongs to no record; it is left out.", key=Name(shown(key.heading))
        ),
        hint=Sentence("Fill in the key of the record that the row is a part of."),
        place=place_in(fragment, key.path),
        expected=key.heading,
        group=key.heading,
    )


def place_in(fragment: Fragment, path: str) -> Place:
    """Return the place of the value at ``path`` in the row of a child sheet."""
    sheet = fragment.sheet
    column, heading = sheet.headings.get(path, (0, ""))
    cell = cell_name(fragment.row, column) if column else ""
    return Place(sheet.file, sheet.sheet, fragment.row, heading, cell, json_path(path_steps(path)))
