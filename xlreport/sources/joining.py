"""Turn records of a main sheet and fragments of child sheets into whole records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlreport.child_sheets import NUMBER
from xlreport.findings import Finding, Severity
from xlreport.sentences import Name, Sentence
from xlreport.sources.children import Fragment, Fragments, RecordKey, place_in, record_key
from xlreport.sources.description import ResourceFile
from xlreport.sources.items import Item, Json, Run
from xlreport.sources.nesting import Path
from xlreport.tables import ChildSheet, Piece, Record
from xlreport.text import listing, shown

__all__ = ["joined", "orphans"]


def joined(items: Iterable[Item | Run], key: Sequence[str], fragments: Fragments) -> Iterator[Item | Run]:
    """Add to every record what the child sheets have of it, and take that out of the ``fragments``."""
    for item in items:
        if isinstance(item, Run):
            yield _joined_run(item, key, fragments)
        elif item.record is None:
            yield item
        else:
            joint = _joint(item.record, key, fragments)
            yield item._replace(findings=(*item.findings, *joint.findings), pieces=joint.pieces)


def _joined_run(run: Run, key: Sequence[str], fragments: Fragments) -> Run:
    findings = list(run.findings)
    pieces: list[Sequence[Piece]] = []
    for position, record in enumerate(run.records):
        joint = _joint(record, key, fragments)
        pieces.append(joint.pieces)
        findings += [(position, finding) for finding in joint.findings]
    findings.sort(key=lambda found: found[0])
    return run._replace(findings=findings, pieces=pieces if any(pieces) else ())


def orphans(fragments: Fragments, described: ResourceFile) -> Iterator[Item]:
    """Iterate over what is left: rows whose record no main sheet has."""
    for key, rows in fragments.by_key.items():
        for fragment in rows:
            yield Item(0, None, (_orphan(fragment, key, described), *fragment.findings))


def _joint(record: Record, key: Sequence[str], fragments: Fragments) -> "_Joint":
    joint = _Joint(fragments.arrays)
    found = record_key(key, record) if fragments.by_key else None
    for fragment in fragments.by_key.pop(found, ()) if found else ():
        joint.add(record, fragment)
    return joint


@dataclass(slots=True)
class _Joint:
    """What has been joined to one record so far."""

    arrays: set[str]
    """Paths of the arrays that some sheet has the items of: ``milestones/0``."""
    pieces: list[Piece] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    known: dict[int, dict[Json, tuple[int, ChildSheet | None]]] = field(default_factory=dict)
    """By the identity of a list: id of an item -> its position, and the sheet that it came from."""

    def add(self, record: Record, fragment: Fragment) -> None:
        """Add to the record what a row of a child sheet has of it."""
        self.findings += fragment.findings
        row, array = _Row(self, fragment), fragment.array
        if not array:
            _add(record, fragment.record, (), (), row)
        elif fragment.record:
            items = _array_at(record, array)
            if items is not None:
                _add_items(items, [fragment.record], array, array, row)

    def items_by_id(self, items: list[Any]) -> dict[Json, tuple[int, ChildSheet | None]]:
        """Return where the items of a list are that have an id."""
        if id(items) not in self.known:
            there = enumerate(items)
            self.known[id(items)] = {
                item["id"]: (at, None) for at, item in there if isinstance(item, dict) and _is_id(item)
            }
        return self.known[id(items)]


@dataclass(frozen=True, slots=True)
class _Row:
    joint: _Joint
    fragment: Fragment


def _is_id(item: dict[str, Json]) -> bool:
    return "id" in item and not isinstance(item["id"], dict | list)


def _array_at(record: Record, path: Path) -> list[Any] | None:
    """Return the array at a path of the record, a new one if need be; None where something else is there."""
    node: Any = record
    for step in path[:-1]:
        node = node.setdefault(step, {})
        if not isinstance(node, dict):
            return None
    items = node.setdefault(path[-1], [])
    return items if isinstance(items, list) else None


def _add(node: Record, added: Record, path: Path, source: Path, row: _Row, *, created: bool = False) -> None:
    """Add the members of a record or item to another, and note where they came from."""
    if _add_members(node, added, path, source, row):
        row.joint.pieces.append(Piece(path, row.fragment.sheet, row.fragment.row, source, created))


def _add_members(node: Record, added: Record, path: Path, source: Path, row: _Row) -> bool:
    """Add the members of an object to another, and tell whether any of their values is new to it.

    ``source`` is its path by the headings of the sheet.
    """
    fresh = False
    for name, value in added.items():
        there, here = (*path, name), (*source, name)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            items = node.get(name, [])
            if isinstance(items, list):
                _add_items(items, value, there, here, row)
                if items:
                    node[name] = items
        elif isinstance(value, dict):
            inner = node.setdefault(name, {})
            if isinstance(inner, dict):
                fresh |= _add_members(inner, value, there, here, row)
        elif name not in node:
            node[name] = value
            fresh = True
        elif node[name] != value:
            row.joint.findings.append(_conflict(row.fragment, here, value, node[name]))
    return fresh


def _add_items(items: list[Any], added: list[Record], path: Path, source: Path, row: _Row) -> None:
    for at, item in enumerate(added):
        here = (*source, at)
        number = item.pop(NUMBER, None)
        deeper = any(map(_goes_deeper, item.values()))
        position = _existing(items, item, number, row, deeper=deeper)
        if position is not None:
            _add(items[position], item, (*path, position), here, row)
        elif deeper and _only_refers(item, number) and _at_first(here) in row.joint.arrays:
            row.joint.findings.append(_missing_item(row.fragment, here, number or item.get("id")))
        else:
            _append(items, item, path, here, row, deeper=deeper)


def _append(items: list[Any], item: Record, path: Path, source: Path, row: _Row, *, deeper: bool) -> None:
    """Append an item that no sheet had before."""
    there = (*path, len(items))
    if _is_id(item):
        row.joint.items_by_id(items)[item["id"]] = len(items), row.fragment.sheet
    if deeper:
        new: Record = {}
        items.append(new)
        _add(new, item, there, source, row, created=True)
    else:
        items.append(item)
        row.joint.pieces.append(Piece(there, row.fragment.sheet, row.fragment.row, source, created=True))


def _at_first(source: Path) -> str:
    """Return the path of the first item of an array, by which its array is known."""
    return "/".join(map(str, (*source[:-1], 0)))


def _existing(items: list[Any], item: Record, number: Json, row: _Row, *, deeper: bool) -> int | None:
    """Return the position of the item that a row adds to, or None where it brings a new one."""
    if number is not None:
        return _position(number, len(items))
    if not _is_id(item):
        return None
    position, sheet = row.joint.items_by_id(items).get(item["id"], (None, None))
    if position is None or (sheet is row.fragment.sheet and not deeper):
        return None  # a row that repeats an id of its own sheet is an item of its own
    return position


def _position(number: Json, count: int) -> int | None:
    text = str(number)
    return int(text) - 1 if text.isdecimal() and 1 <= int(text) <= count else None


def _goes_deeper(item: Json) -> bool:
    """Tell whether there are items of an array inside the object."""
    if isinstance(item, list):
        return any(isinstance(each, dict) for each in item)
    return isinstance(item, dict) and any(map(_goes_deeper, item.values()))


def _only_refers(item: Record, number: Json) -> bool:
    """Tell whether an item is nothing but the key of the one that other items lie in."""
    keyed = number is not None or _is_id(item)
    return keyed and all(_goes_deeper(value) for name, value in item.items() if name != "id")


def _conflict(fragment: Fragment, path: Path, value: Json, first: Json) -> Finding:
    name = "/".join(map(str, path))
    return Finding(
        code="conflicting-value",
        severity=Severity.WARNING,
        message=Sentence(
            "The row says {value} where another sheet says {first}; the first one counts.",
            value=shown(value),
            first=shown(first),
        ),
        hint=Sentence("Correct one of the two, or empty this cell."),
        place=place_in(fragment, name),
        value=value,
        expected=str(first),
        group=name,
    )


def _missing_item(fragment: Fragment, path: Path, named: Json) -> Finding:
    item = "/".join(map(str, path))
    columns = (f"{item}/{end}" for end in ("id", NUMBER))
    column = next((each for each in columns if each in fragment.sheet.headings), item)
    _, heading = fragment.sheet.headings.get(column, (0, item))
    return Finding(
        code="missing-parent",
        severity=Severity.ERROR,
        message=Sentence(
            "This record has no {heading} {value}; the row is left out.",
            heading=Name(shown(heading)),
            value=shown(named),
        ),
        hint=Sentence("Correct the key, or add the row that it means."),
        place=place_in(fragment, column),
        value=named,
        group=heading,
    )


def _orphan(fragment: Fragment, key: RecordKey, described: ResourceFile) -> Finding:
    headings = fragment.sheet.headings
    path = next((path for path in described.key if path in headings), "")
    _, heading = headings.get(path, (0, path))
    value = key[0] if len(key) == 1 else listing(key)
    return Finding(
        code="missing-parent",
        severity=Severity.ERROR,
        message=Sentence(
            "No record of {resource} has the {heading} {value}; the row is left out.",
            resource=Name(described.title or described.name),
            heading=Name(shown(heading)),
            value=shown(value),
        ),
        hint=Sentence("Correct the key, or add the record that it means."),
        place=place_in(fragment, path),
        value=value,
        group=heading,
    )
