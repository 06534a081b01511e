"""Find what the paths of a rule lead to in one record, empty values too, and what of it is known to be wrong.

A star stands for each item of an array, -1 for the last. Items that are null are none; ``where`` leaves
further ones out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from xlreport.checks.engines import Path
from xlreport.checks.paths import steps
from xlreport.rules import arrays_of
from xlreport.tables import Record, json_path

__all__ = ["EMPTY", "NOTHING_WRONG", "REJECTED", "Found", "Reach", "Stars", "Wrong"]

EMPTY: Final = None
REJECTED: Final = object()
"""Stands for a value that is known to be wrong, and so is not compared."""
_INDEX: Final = re.compile(r"\[[0-9]+\]")

Found = tuple[Path, Any]
"""Where a value stands, and the value, `EMPTY` or `REJECTED`."""
Stars = tuple[int, ...]
"""The positions that the first stars of a path stand for."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """The values of one record that are known to be wrong."""

    exactly: frozenset[str] = frozenset()
    """JSON paths of values that do not obey the schema."""
    inside: frozenset[str] = frozenset()
    """JSON paths of values that are missing, or not of their type: nothing inside them can be used either."""

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.exactly or self.inside)

    def holds(self, path: Path) -> bool:
        """Tell whether the value at ``path`` is one of them."""
        whole = json_path(path)
        above = (json_path(path[:length]) for length in range(1, len(path)))
        return whole in self.exactly or whole in self.inside or not self.inside.isdisjoint(above)

    def concerns(self, path: str) -> bool:
        """Tell whether one of them is where ``path``, with its stars, may lead to or pass through."""
        parts = tuple(0 if step in ("*", "-1") else step for step in steps(path))
        passed = {_starred(json_path(parts[:length])) for length in range(1, len(parts) + 1)}
        whole = _starred(json_path(parts))
        return any(_starred(each) in passed for each in self.inside) or any(
            _starred(each) == whole for each in self.exactly
        )


NOTHING_WRONG: Final = Wrong()


def _starred(path: str) -> str:
    return _INDEX.sub("[*]", path)


class Reach:
    """A path, ready to be followed in many records."""

    def __init__(
        self, path: str, where: tuple[str, Callable[[Any], bool]] | None = None, *, objects: bool = False
    ) -> None:
        """Take an array with a condition that its items have to fit; ``objects`` count even if empty."""
        self.path = path
        self.arrays = arrays_of(path)
        self._steps = steps(path)
        self._where = where if where and f"{path}/".startswith(f"{where[0]}/") else None
        self._filtered = len(steps(where[0])) if self._where and where else -1
        self._objects = objects
        self.is_single = not any(step in _ITEMS for step in self._steps)
        """Whether the path leads to one value, which may be empty, in every record."""

    def find(self, record: Record, stars: Stars = (), wrong: Wrong = NOTHING_WRONG) -> list[Found]:
        """Return what the path leads to where its first stars are those given."""
        if self.is_single and not wrong:
            return [(self._steps, self._value(record))]
        found = list(self._walk(record, 0, (), stars))
        if not wrong:
            return found
        return [(path, REJECTED if wrong.holds(path) else value) for path, value in found]

    def stars(self, path: Path) -> Stars:
        """Return what the stars stand for in a place that was found."""
        return tuple(int(part) for part, step in zip(path, self._steps, strict=True) if step == "*")

    def array(self, stars: Stars) -> Path:
        """Return the place of the array whose items are looked for; above it, where stars stay open."""
        done: list[str | int] = []
        left = list(stars)
        for step in self._steps[: len(steps(self.arrays[-1]))]:
            if step in _ITEMS and not (step == "*" and left):
                break
            done.append(left.pop(0) if step == "*" else step)
        return tuple(done)

    def _value(self, record: Record) -> Any:
        value: Any = record
        for step in self._steps:
            value = value.get(step) if type(value) is dict else EMPTY
        return self._worth(value)

    def _worth(self, value: Any) -> Any:
        """Return a value, or `EMPTY` for a text, list or object with nothing in it."""
        if type(value) in _HOLDERS and not value and not (self._objects and type(value) is dict):
            return EMPTY
        return value

    def _walk(self, value: Any, at: int, done: Path, stars: Stars) -> Iterator[Found]:
        for number in range(at, len(self._steps)):
            step = self._steps[number]
            if step in _ITEMS and (step == "-1" or type(value) is list):
                chosen = stars[0] if stars and step == "*" else None
                items = self._items(value, number, chosen)
                for position, item in items[-1:] if step == "-1" else items:
                    yield from self._walk(item, number + 1, (*done, position), stars[chosen is not None :])
                return
            if step == "*":
                return
            value = value.get(step) if type(value) is dict else EMPTY
            done = (*done, step)
        yield done, self._worth(value)

    def _items(self, value: Any, number: int, chosen: int | None) -> list[tuple[int, Any]]:
        """Return the items of an array that count, or the ``chosen`` one, with their positions."""
        first, last = (0, None) if chosen is None else (chosen, chosen + 1)
        items = list(enumerate(value[first:last], first)) if type(value) is list else []
        if number == self._filtered and self._where:
            fits = self._where[1]
            return [(position, item) for position, item in items if item is not None and fits(item)]
        return [(position, item) for position, item in items if item is not None]


_ITEMS: Final = ("*", "-1")
_HOLDERS: Final = frozenset({str, list, dict})
"""Types of values that may have nothing in them."""
