"""Turn a row of headings into the layout of a table: which column fills which path of the record."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from xlreport.findings import Finding
from xlreport.sources.description import Notation, Part
from xlreport.sources.headings import (
    HeadingRow,
    ambiguous_heading,
    heading_text,
    loose_headings,
    missing_column,
    missing_field,
    second_column,
    unknown_column,
    unmapped_columns,
)
from xlreport.sources.items import Cell, Headings, Json
from xlreport.sources.mapping import NoColumnError, Scope, Spec, member, sources_of, targets_of
from xlreport.sources.naming import Naming, naming_of
from xlreport.sources.nesting import Extract, Path, Target, conflict, field_path, path_steps
from xlreport.sources.values import Read, reader
from xlreport.sources.whole_columns import FromColumn, ReadAll, as_they_are, one_by_one, whole_reader
from xlreport.tables import Field, Kind

__all__ = ["Column", "Layout", "cells_read", "lay_out"]


@dataclass(frozen=True, slots=True)
class Column:
    """What becomes of a column whose heading is the path or title of a field."""

    path: str
    kind: Kind | None
    """Of the field; None where the schema has none."""
    read: Read
    read_all: ReadAll
    plain: bool
    """Whether a cell is one value as it stands: no list, and no text that stands for a missing one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column fills which path, and what was noticed about the headings."""

    targets: tuple[Target, ...]
    headings: Headings
    used: frozenset[int]
    """0-based positions of the columns that fill something."""
    columns: Mapping[int, Column]
    """0-based position -> column, of those whose heading decides; their targets are the last ones."""
    nameless: tuple[int, ...]
    """0-based positions of the columns without a heading whose values are to be counted."""
    findings: tuple[Finding, ...]


def lay_out(row: HeadingRow, part: Part, fields: Mapping[str, Field], naming: Naming | None = None) -> Layout:
    """Return the layout of a table: by its headings, or by the part's mapping and then by its headings.

    ``naming`` is what headings mean, where the rows are not records of ``fields`` but parts of them.
    """
    naming = naming or naming_of(fields)
    if part.mapping is None:
        layout = _by_heading(row, range(len(row.texts)), naming, part.notation)
        return _with_findings(layout, _missing_fields(row, layout, naming))
    mapped = _by_mapping(row, part, fields)
    rest = [position for position in range(len(row.texts)) if position not in mapped.used]
    if not part.keep_unmapped:
        return _with_findings(mapped, [unmapped_columns(row, rest)] if rest else [])
    kept = _by_heading(row, rest, naming, part.notation, [target.path for target in mapped.targets])
    return Layout(
        targets=(*mapped.targets, *kept.targets),
        headings={**mapped.headings, **kept.headings},
        used=mapped.used | kept.used,
        columns=kept.columns,
        nameless=kept.nameless,
        findings=(*mapped.findings, *kept.findings),
    )


def _with_findings(layout: Layout, findings: Iterable[Finding]) -> Layout:
    return replace(layout, findings=(*layout.findings, *findings))


def cells_read(layout: Layout) -> Layout:
    """Return the layout for rows whose cells have been read already, as their `Column` says."""
    mapped = layout.targets[: len(layout.targets) - len(layout.columns)]
    read = [
        Target(path_steps(column.path), FromColumn(at, _itself, as_they_are))
        for at, column in layout.columns.items()
    ]
    return replace(layout, targets=(*mapped, *read))


def _by_heading(
    row: HeadingRow,
    positions: Iterable[int],
    naming: Naming,
    notation: Notation,
    taken: Sequence[Path] = (),
) -> Layout:
    """Lay out the columns at ``positions``: each by its heading as a path, or as the title of a field."""
    columns: dict[int, Column] = {}
    paths: set[str] = set()
    nameless: list[int] = []
    loose: dict[int, str] = {}
    findings: list[Finding] = []
    filled: dict[str | int, list[Path]] = {}
    for other in taken:
        filled.setdefault(other[0], []).append(other)
    for position in positions:
        text = row.texts[position]
        meaning = naming.meaning(text, paths, nested=not row.row)
        if not text:
            nameless.append(position)
        elif not meaning.paths:
            findings.append(unknown_column(row, position, _known_names(naming)))
        elif len(meaning.paths) > 1:
            findings.append(ambiguous_heading(row, position, meaning.paths))
        elif _clashes(steps := path_steps(meaning.paths[0]), filled.get(steps[0], ())):
            findings.append(second_column(row, position, meaning.paths[0]))
        else:
            (path,) = meaning.paths
            columns[position] = _column(path, naming.fields, notation)
            filled.setdefault(steps[0], []).append(steps)
            paths.add(path)
            if meaning.loosely:
                loose[position] = _title(path, naming)
    findings += [loose_headings(row, loose)] if loose else []
    return Layout(
        targets=tuple(
            Target(path_steps(column.path), FromColumn(at, column.read, column.read_all))
            for at, column in columns.items()
        ),
        headings={column.path: row.column(at) for at, column in columns.items()},
        used=frozenset(columns),
        columns=columns,
        nameless=tuple(nameless),
        findings=tuple(findings),
    )


def _title(path: str, naming: Naming) -> str:
    """Return the title of the field that a path leads to, or the path where there is none."""
    known = field_path(path_steps(path))
    found = naming.fields.get(known) or naming.fields.get(f"{known}/*")
    return found.title if found else path


def _known_names(naming: Naming) -> list[str]:
    fields = naming.fields.values()
    return [*naming.fields, *(known.title for known in fields), *(key.heading for key in naming.keys)]


def _clashes(path: Path, filled: Sequence[Path]) -> bool:
    return any(conflict((path, other)) for other in filled)


def _column(path: str, fields: Mapping[str, Field], notation: Notation) -> Column:
    known = field_path(path_steps(path))
    repeated = f"{known}/*" in fields
    described = fields.get(f"{known}/*" if repeated else known)
    kind = described.kind if described else None
    read = reader(kind, notation, repeated=repeated)
    read_all = one_by_one(read) if repeated else whole_reader(kind, notation, read)
    return Column(path, kind, read, read_all, plain=not (repeated or notation.missing))


def _itself(cell: Cell) -> Json:
    return cell


def _by_mapping(row: HeadingRow, part: Part, fields: Mapping[str, Field]) -> Layout:
    """Lay out the columns that the part's mapping names."""
    mapping = part.mapping or {}
    positions: dict[str, list[int]] = {}
    for position, text in enumerate(row.texts):
        positions.setdefault(text, []).append(position)

    def get(name: str) -> Extract:
        position, inside = _found(name, positions, nested=not row.row)
        if position is None:
            raise NoColumnError(name)
        if not inside:
            return FromColumn(position, _itself, as_they_are)
        take = member(inside)
        return lambda cells: take(cells[position])

    targets, lacking = targets_of(mapping, Scope(get, fields, part.notation))
    drawn = {path: _positions(spec, positions, nested=not row.row) for path, spec in mapping.items()}
    used = frozenset(position for found in drawn.values() for position in found)
    twice = [
        second_column(row, others[0], text)
        for text, (first, *others) in positions.items()
        if others and first in used
    ]
    return Layout(
        targets=tuple(targets),
        headings={path: row.column(found[0]) for path, found in drawn.items() if found},
        used=used,
        columns={},
        nameless=(),
        findings=(*(missing_column(row, name, path) for path, name in lacking), *twice),
    )


def _found(name: str, positions: Mapping[str, Sequence[int]], *, nested: bool) -> tuple[int | None, str]:
    """Return the position of the column that a mapping calls ``name``, or None where there is none.

    Where cells can hold ``nested`` values, ``buyer.name`` may also be what is inside the column ``buyer``;
    its path from there on comes second.
    """
    found = positions.get(heading_text(name))
    if found:
        return found[0], ""
    first, *rest = re.split(r"[./]", name.removeprefix("$."))
    found = positions.get(heading_text(first)) if nested and rest else None
    return (found[0], "/".join(rest)) if found else (None, "")


def _positions(spec: Spec, positions: Mapping[str, Sequence[int]], *, nested: bool) -> list[int]:
    """Return the positions of the columns that a value is drawn from, in the order of their naming."""
    found = (_found(name, positions, nested=nested)[0] for name in sources_of(spec))
    return [position for position in found if position is not None]


def _missing_fields(row: HeadingRow, layout: Layout, naming: Naming) -> list[Finding]:
    """Return a finding for each field that every row must have and that no column fills."""
    spare = [text for position, text in enumerate(row.texts) if text and position not in layout.used]
    return [
        missing_field(row, known, spare)
        for path, known in naming.required.items()
        if not _is_filled(path, layout.headings)
    ]


def _is_filled(path: str, headings: Headings) -> bool:
    """Tell whether a column fills the path, or a part of the record that it lies in."""
    steps = path.split("/")
    return any("/".join(steps[:length]) in headings for length in range(1, len(steps) + 1))
