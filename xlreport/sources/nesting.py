"""Turn single values with their paths into nested records: value/amount, milestones/0/dueDate."""

import copy
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from xlreport.sources.items import Cell, Headings, Json
from xlreport.tables import Record

__all__ = [
    "Build",
    "Extract",
    "Moves",
    "Path",
    "Target",
    "conflict",
    "field_path",
    "finisher",
    "heading_paths",
    "path_steps",
    "record_builder",
]

Path = tuple[str | int, ...]
Extract = Callable[[Cell], Json]
"""A row's cells, or a record of the source -> one value of the target record, or None."""
Moves = Mapping[str, str]
"""Path of an array item by its columns -> its path in the record, where empty items before it fell away."""
Build = Callable[[Cell, Record], tuple[Record, Moves]]
"""The source of one record, and the record to begin with -> the record, and the items that moved up."""
_POSITION: Final = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Target:
    """One value of the target record: where it goes, and how it is got."""

    path: Path
    extract: Extract | None = None
    """None for a constant."""
    fallback: Json = None
    """The constant, or the value where the source has none."""


def path_steps(path: str) -> Path:
    """Return the steps of a path: ``milestones/0/dueDate`` -> (milestones, 0, dueDate).

    A number of up to three digits is a position; a longer one (a year) is a name, as is the first step.
    """
    first, *rest = path.split("/")
    return (first, *(int(step) if _POSITION.fullmatch(step) else step for step in rest))


def field_path(steps: Sequence[str | int]) -> str:
    """Return the path of the field that a value belongs to: (roles, 0) -> ``roles/*``."""
    return "/".join("*" if isinstance(step, int) else step for step in steps)


def conflict(paths: Iterable[Path]) -> tuple[Path, Path] | None:
    """Return two paths that cannot both be filled, or None.

    They are the same, or one leads through a value of the other, or what is an object for one is an
    array for the other.
    """
    ordered = sorted(paths, key=lambda path: [str(step) for step in path])
    return next((pair for pair in pairwise(ordered) if _at_odds(*pair)), None)


def _at_odds(one: Path, other: Path) -> bool:
    for step, other_step in zip(one, other, strict=False):
        if type(step) is not type(other_step):
            return True
        if step != other_step:
            return False
    return True


def record_builder(targets: Sequence[Target]) -> Build:
    """Return the function that builds one record, with every value that is there in its place.

    A constant or fallback inside an object goes only where the object has a value of its own, so that
    ``value/currency`` alone never makes an amount of money; an object of constants only is always built.
    """
    drawn = [(target.path[:-1], target.path[-1], target.extract) for target in targets if target.extract]
    finish = finisher(targets)

    def build(source: Cell, record: Record) -> tuple[Record, Moves]:
        for stem, last, extract in drawn:
            value = extract(source)
            if value is not None:
                place: dict[Any, Json] = _node(record, stem) if stem else record
                place[last] = value
        return record, (finish(record) if finish else {})

    return build


def finisher(targets: Sequence[Target]) -> Callable[[Record], Moves] | None:
    """Return the function that completes a record which holds its own values only, None if nothing lacks.

    It puts the constants and fallbacks in, and lists for what has positions; it returns what moved up.
    """
    stems = [target.path[:-1] for target in targets if target.extract]
    filled = {stem[:length] for stem in stems for length in range(len(stem) + 1)} | {()}
    added = [
        (target.path[:-1], target.path[-1], target.fallback, target.path[:-1] not in filled)
        for target in targets
        if target.fallback is not None
    ]
    arrays = {target.path[0] for target in targets if any(isinstance(step, int) for step in target.path)}

    def finish(record: Record) -> Moves:
        for stem, last, fallback, always in added:
            node = _node(record, stem) if always else _existing_node(record, stem)
            if node is not None and last not in node:
                node[last] = copy.deepcopy(fallback) if isinstance(fallback, list | dict) else fallback
        return _with_lists(record, arrays) if arrays else {}

    return finish if added or arrays else None


def _node(record: Record, stem: Path) -> dict[Any, Json]:
    node: dict[Any, Json] = record
    for step in stem:
        node = node.setdefault(step, {})
    return node


def _existing_node(record: Record, stem: Path) -> dict[Any, Json] | None:
    node: dict[Any, Json] | None = record
    for step in stem:
        node = node.get(step) if node is not None else None
    return node


def _with_lists(record: dict[Any, Json], names: Collection[str | int]) -> Moves:
    """Put lists into the record for the members ``names``, and return the items that moved up."""
    moves: dict[str, str] = {}
    for name in names:
        if name in record:
            record[name] = _listed(record[name], str(name), str(name), moves)
    return moves if any(old != new for old, new in moves.items()) else {}


def _listed(node: Json, old: str, new: str, moves: dict[str, str]) -> Json:
    """Return ``node`` with lists for objects whose names are positions, and note in ``moves`` what moved."""
    if not isinstance(node, dict) or not node:
        return node
    if not isinstance(next(iter(node)), int):
        return {name: _listed(child, f"{old}/{name}", f"{new}/{name}", moves) for name, child in node.items()}
    items: list[Json] = []
    for position in sorted(node):
        before, after = f"{old}/{position}", f"{new}/{len(items)}"
        moves[before] = after
        items.append(_listed(node[position], before, after, moves))
    return items


def heading_paths(headings: Headings, moves: Moves) -> dict[str, tuple[int, str]]:
    """Return the ``headings`` of a record in which array items moved up, by their paths in that record."""
    return {path: column for old, column in headings.items() for path in _moved(old, moves)}


def _moved(path: str, moves: Moves) -> Iterator[str]:
    steps = path.split("/")
    for length in range(len(steps), 0, -1):
        before = "/".join(steps[:length])
        if before in moves:
            yield "/".join((moves[before], *steps[length:]))
            return
    if all(isinstance(step, str) for step in path_steps(path)):
        yield path
