"""Turn rows of cells into records, column by column: what the cells of a column share is done once."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from xlreport.sources.items import Cell, Json
from xlreport.sources.nesting import Extract, Moves, Path, Target, finisher
from xlreport.sources.whole_columns import FromColumn
from xlreport.tables import Record

__all__ = ["BuildAll", "records_builder"]

BuildAll = Callable[[Sequence[Sequence[Cell]]], tuple[list[Record], Sequence[Moves]]]
"""Rows of equal length -> their records, and for each the items that moved up; empty if none ever can."""
_Plan = dict[str | int, Any]
"""What an object is made of: name of a member -> how its column is got, or the plan of an object."""
_NOTHING: Final[Sequence[Moves]] = ()


def records_builder(targets: Sequence[Target]) -> BuildAll:
    """Return the function that builds the records of rows, as `record_builder` does of each."""
    plan: _Plan = {}
    for target in targets:
        if target.extract:
            _put(plan, target.path, target.extract)
    finish = finisher(targets)

    def build(rows: Sequence[Sequence[Cell]]) -> tuple[list[Record], Sequence[Moves]]:
        records = _objects(plan, rows, list(zip(*rows, strict=True)))
        return records, [finish(record) for record in records] if finish else _NOTHING

    return build


def _put(plan: _Plan, path: Path, extract: Extract) -> None:
    *stem, last = path
    for step in stem:
        plan = plan.setdefault(step, {})
    plan[last] = extract


def _objects(plan: _Plan, rows: Sequence[Sequence[Cell]], columns: Sequence[Sequence[Cell]]) -> list[Any]:
    """Return an object for each row, with the members that have a value there."""
    if not plan:
        return [{} for _ in rows]
    members = [_values(source, rows, columns) for source in plan.values()]
    names, values = list(plan), zip(*members, strict=True)
    if any(map(_has_gaps, members)):
        return [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in values
        ]
    records = list(map(dict.copy, [dict.fromkeys(names)] * len(rows)))  # filling copies is quicker
    for record, row in zip(records, values, strict=True):
        record.update(zip(names, row, strict=True))
    return records


def _values(
    source: _Plan | Extract, rows: Sequence[Sequence[Cell]], columns: Sequence[Sequence[Cell]]
) -> Sequence[Json]:
    """Return the values of a member for all rows, None where it has none."""
    if isinstance(source, dict):
        return [found or None for found in _objects(source, rows, columns)]
    if isinstance(source, FromColumn):
        return source.read_all(columns[source.position])
    return [source(row) for row in rows]


def _has_gaps(values: Sequence[Json]) -> bool:
    return not all(values) and type(None) in map(type, values)  # quicker than to compare each with None
