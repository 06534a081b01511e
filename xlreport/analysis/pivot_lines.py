"""Arrange the items of a pivot's axis: each one's inner items below it, in order."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlreport.analysis.axes import AxisColumn

__all__ = ["EVERYTHING", "Axis", "Lines", "Path", "arranged"]

Path = tuple[str, ...]
"""The labels of a line, outermost first, down to its own level."""

EVERYTHING: Final[Path] = ()
"""The line that all rows enter: the grand total."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The fields on the rows or on the columns of a pivot."""

    columns: tuple[AxisColumn, ...]
    names: tuple[str, ...]
    """What the fields are called within the pivot."""
    levels: tuple[int, ...]
    """Numbers of fields that a line can stand for, but 0. Where lines are only taken whole, with all their
    fields, there is one."""

    def level_of(self, name: str) -> int:
        """Return the position among the levels of the one that a field belongs to."""
        depth = self.names.index(name) + 1
        return next(position for position, level in enumerate(self.levels) if level >= depth)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of an axis in order."""

    axis: Axis
    below: Mapping[Path, Sequence[Path]]
    """A line -> those one level below it."""

    def walk(self, path: Path = EVERYTHING) -> Iterator[Path]:
        """Yield the lines below one, each followed by what is below it."""
        for inner in self.below.get(path, ()):
            yield inner
            yield from self.walk(inner)

    def is_body(self, path: Path) -> bool:
        """Tell whether a line is on the innermost level."""
        return len(path) == len(self.axis.names)

    def split(self, path: Path, level: int) -> tuple[Path, Path, Path] | None:
        """Return what a line has above one level, down to it, and below it; None above that level."""
        depth = self.axis.levels[level]
        if len(path) < depth:
            return None
        above = self.axis.levels[level - 1] if level else 0
        return path[:above], path[:depth], path[depth:]


def arranged(
    axis: Axis, paths: Iterable[Path], value: Callable[[Path], Any] | None, *, descending: bool
) -> Lines:
    """Return lines in order: by what ``value`` says of each, or by label where it is None."""
    found: dict[Path, list[Path]] = defaultdict(list)
    above = dict(zip(axis.levels, (0, *axis.levels), strict=False))
    for path in paths:
        if path:
            found[path[: above[len(path)]]].append(path)
    places = [{str(label): place for place, label in enumerate(column.order)} for column in axis.columns]

    def by_label(path: Path) -> tuple[int, ...]:
        return tuple(places[depth][label] for depth, label in enumerate(path))

    def by_value(path: Path) -> tuple[object, ...]:
        figure = value(path) if value else None
        amount = figure or 0
        return figure is None, -amount if descending else amount, by_label(path)

    for siblings in found.values():
        if value:
            siblings.sort(key=by_value)
        else:
            siblings.sort(key=by_label, reverse=descending)
    return Lines(axis, dict(found))
