"""Turn records into the rows of a form's sheets, and say what of them no sheet can hold as it is.

Whatever reads back as something else is kept as it is, in its cell or in a column of its own at the right of
the sheet, and said. Null, and arrays and objects with nothing in them, are the same as an empty cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from xlreport.child_sheets import NUMBER
from xlreport.findings import Finding, Place, Severity
from xlreport.layout.entry.book import FormBook
from xlreport.layout.entry.sheets import FormColumn, FormSheet, key_paths
from xlreport.layout.entry.values import as_text, cell_of
from xlreport.plan import CellValue
from xlreport.sentences import Sentence
from xlreport.tables import Batch, Record, json_path
from xlreport.text import shown

__all__ = ["Rows", "fill"]

_Path = tuple[str | int, ...]

_LOOK: Final = Sentence("It stands in the form as it is; look at it before the form is read.")


@dataclass(slots=True)
class Rows:
    """The rows of one sheet in the making."""

    sheet: FormSheet
    columns: list[list[CellValue]] = field(init=False)
    extra: dict[str, dict[int, CellValue]] = field(default_factory=dict)
    """What has no column of its own: path -> 0-based row -> value."""
    insides: list[str] = field(init=False)
    """Path of each column inside of the row."""
    objects: frozenset[str] = frozenset()
    """Paths, inside of the row, of the objects whose members have columns or sheets."""

    def __post_init__(self) -> None:
        """Begin with no rows."""
        prefix = f"{self.sheet.row_path}/" if self.sheet.array else ""
        self.columns = [[] for _ in self.sheet.columns]
        self.insides = [column.path.removesuffix("/*").removeprefix(prefix) for column in self.sheet.columns]

    @property
    def height(self) -> int:
        """Number of rows so far."""
        return len(self.columns[0]) if self.columns else 0


@dataclass(slots=True)
class _Filling:
    """A record while it is put into rows."""

    sheets: Mapping[str, Rows]
    """By array."""
    resource: str
    position: int
    key: str
    place: Place
    findings: list[Finding]
    has_parts: bool = False
    """Whether other sheets hold parts of it."""

    def say(self, path: _Path, message: str, hint: str, value: object = None) -> None:
        """Note what there is to say about the value at ``path`` of the record."""
        finding = Finding(
            code="not-in-form",
            severity=Severity.WARNING,
            message=message,
            hint=hint,
            table=self.resource,
            record=self.position,
            key=self.key,
            place=Place(self.place.file, self.place.sheet, self.place.row, path=json_path(path)),
            value=value,
            group="/".join("*" if isinstance(step, int) else step for step in path),
        )
        self.findings.append(finding)


def fill(book: FormBook, resource: str, batches: Iterable[Batch]) -> tuple[dict[str, Rows], list[Finding]]:
    """Return the rows of each sheet of a resource, by array, and what there is to say about the records."""
    sheets = {sheet.array: Rows(sheet) for sheet in book.sheets if sheet.resource == resource}
    for rows in sheets.values():
        rows.objects = _objects(rows, sheets)
    findings: list[Finding] = []
    seen: set[tuple[str, ...]] = set()
    paths = key_paths(book.resources[resource])
    position = 0
    for batch in batches:
        for at, record in enumerate(batch.records):
            key = tuple(_at(record, path) for path in paths)
            said = ", ".join(str(part) for part in key if part is not None)
            filling = _Filling(sheets, resource, position, said, batch.origin.place(at), findings)
            _put_record(filling, record, key, seen)
            position += 1
    return sheets, findings


def _objects(rows: Rows, sheets: Mapping[str, Rows]) -> frozenset[str]:
    prefix = f"{rows.sheet.row_path}/" if rows.sheet.array else ""
    own = zip(rows.insides, rows.sheet.columns, strict=True)
    inside = [path for path, column in own if not column.is_key]
    inside += [array.removeprefix(prefix) for array in sheets if array.startswith(prefix)]
    steps = [path.split("/*")[0].split("/") for path in inside]
    return frozenset("/".join(path[:length]) for path in steps for length in range(1, len(path)))


def _at(record: Any, path: str) -> Any:
    for step in path.split("/"):
        record = record.get(step) if isinstance(record, Mapping) else None
    return record


def _put_record(filling: _Filling, record: Record, key: tuple[Any, ...], seen: set[tuple[str, ...]]) -> None:
    main = filling.sheets[""]
    row = main.height
    _put_row(filling, main, record, (), ())
    if all(cells[row] is None for cells in main.columns):
        message = Sentence("The record has no value of its own, so its row is empty.")
        filling.say((), message, Sentence("An empty row is read as no record."))
    known = tuple(map(str, key))
    if filling.has_parts and (None in key or known in seen):
        message = Sentence(
            "The parts of the record on other sheets name it by its key, which is missing or taken."
        )
        filling.say((), message, Sentence("Give every record a key of its own."), filling.key)
    seen.add(known)


def _put_row(
    filling: _Filling, rows: Rows, item: Mapping[str, Any], keys: tuple[CellValue, ...], path: _Path
) -> None:
    """Put an object into a row of its sheet, and the items of its arrays into rows of theirs."""
    row = rows.height
    flat = dict(_flattened(item, rows.objects))
    for number, (column, inside) in enumerate(zip(rows.sheet.columns, rows.insides, strict=True)):
        if column.is_key:
            rows.columns[number].append(keys[number])
            continue
        value = flat.pop(inside, None)
        cell, problem = (None, "") if value is None else cell_of(value, column)
        rows.columns[number].append(cell)
        if problem:
            filling.say((*path, *inside.split("/")), problem, _LOOK, value)
    for inside, value in flat.items():
        _put_rest(filling, rows, row, inside, value, path)


def _put_rest(filling: _Filling, rows: Rows, row: int, inside: str, value: Any, path: _Path) -> None:
    """Put what no column holds on sheets of its own, or beside the columns."""
    here = (*path, *inside.split("/"))
    sheet = rows.sheet
    child = filling.sheets.get(f"{sheet.row_path}/{inside}" if sheet.array else inside)
    if child is not None and isinstance(value, list) and all(isinstance(item, dict) for item in value):
        filling.has_parts = filling.has_parts or bool(value)
        _put_items(filling, child, value, (rows, row), here)
    elif value not in (None, [], {}):
        rows.extra.setdefault(inside, {})[row] = as_text(value)
        message = Sentence(
            "No column of the form holds {path}; the value stands in one at the right of the sheet.",
            path=shown(inside),
        )
        filling.say(here, message, Sentence("A column that the schema does not know is not read."), value)


def _put_items(
    filling: _Filling,
    child: Rows,
    items: Sequence[Mapping[str, Any]],
    above: tuple[Rows, int],
    path: _Path,
) -> None:
    parent, row = above
    inherited = parent.sheet.keys
    keys = [cells[row] for cells in parent.columns[:inherited]]
    own = child.sheet.columns[inherited : child.sheet.keys]
    keys += [_key_cell(column, parent, row, path) for column in own]
    for number, item in enumerate(items):
        _put_row(filling, child, item, tuple(keys), (*path, number))
        if all(cells[-1] is None for cells in child.columns[child.sheet.keys :]):
            message = Sentence(
                "The item has no value of its own, so its row names its record and nothing else."
            )
            filling.say((*path, number), message, Sentence("Such a row may be read as no item."))


def _key_cell(column: FormColumn, parent: Rows, row: int, path: _Path) -> CellValue:
    """Return what a row names its record, or the item above it, by."""
    if column.path.endswith(NUMBER):
        return next(step for step in reversed(path) if isinstance(step, int)) + 1
    number = parent.sheet.number_of(column.path)
    return parent.columns[number - 1][row] if number else None


def _flattened(
    item: Mapping[str, Any], objects: frozenset[str], inside: str = ""
) -> Iterator[tuple[str, Any]]:
    """Iterate over the values of a row by their paths in it; objects that the form knows are entered."""
    for name, value in item.items():
        path = f"{inside}/{name}" if inside else name
        if path in objects and isinstance(value, Mapping):
            yield from _flattened(value, objects, path)
        else:
            yield path, value
