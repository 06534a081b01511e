"""Find the values that a path with stars leads to in a record, or in many at once."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any

from xlreport.checks.engines import Path

__all__ = ["placed", "select", "select_each", "spread", "steps"]


def select(record: object, path: str) -> Iterator[tuple[Path, Any]]:
    """Yield place and value of everything that ``path`` (``milestones/*/id``) leads to; null is nothing."""
    yield from _select(record, steps(path), ())


def select_each(records: Sequence[object], path: str) -> tuple[list[Sequence[int]], list[Any]]:
    """Return everything that ``path`` leads to in ``records``: where it is, column by column, and the values.

    The first column holds the offset of the record, the others the position that stands for each star. A
    value that is not there is None.
    """
    places: list[Sequence[int]] = [range(len(records))]
    level: list[Any] = list(records)
    for step in steps(path):
        if step == "*":
            lists = [value if type(value) is list else [] for value in level]
            counts = list(map(len, lists))
            places = [spread(column, counts) for column in places]
            places.append(list(chain.from_iterable(map(range, counts))))
            level = list(chain.from_iterable(lists))
        else:
            level = [value.get(step) if type(value) is dict else None for value in level]
    return places, level


def spread(column: Sequence[Any], counts: Sequence[int]) -> list[Any]:
    """Repeat each value of a column as often as its row has rows below it."""
    return list(chain.from_iterable(map(repeat, column, counts)))


def placed(path: str, stars: Iterable[int]) -> Path:
    """Return the place that ``path`` names with ``stars`` in it."""
    positions = iter(stars)
    return tuple(next(positions) if step == "*" else step for step in steps(path))


def steps(path: str) -> tuple[str, ...]:
    """Return the parts of a path: ``value/amount`` -> ``("value", "amount")``."""
    return tuple(path.split("/"))


def _select(value: Any, rest: tuple[str, ...], done: Path) -> Iterator[tuple[Path, Any]]:
    if not rest:
        if value is not None:
            yield done, value
    elif rest[0] == "*":
        if isinstance(value, list):
            for position, item in enumerate(value):
                yield from _select(item, rest[1:], (*done, position))
    elif isinstance(value, dict) and rest[0] in value:
        yield from _select(value[rest[0]], rest[1:], (*done, rest[0]))
