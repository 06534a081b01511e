"""Find the values that a path with stars leads to in a record."""

from collections.abc import Iterator
from typing import Any

from xlreport.checks.engines import Path

__all__ = ["select", "steps"]


def select(record: object, path: str) -> Iterator[tuple[Path, Any]]:
    """Yield place and value of everything that ``path`` (``milestones/*/id``) leads to; null is nothing."""
    yield from _select(record, steps(path), ())


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
