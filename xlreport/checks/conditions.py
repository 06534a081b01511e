"""The condition of a rule: a JSON Schema that decides record by record, or for a whole column at once."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport.checks.engines import condition

__all__ = ["Condition", "condition_of"]

Mask = Callable[[Mapping[str, pa.Array], int], pa.Array]
"""Given the columns of some rows, without null, and their number, tells which rows fit."""

_SILENT: Final = frozenset({"title", "description", "$comment", "$schema", "examples"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A JSON Schema that a record, or an item of an array, has to fit."""

    fits: Callable[[Any], bool]
    mask: Mask | None
    """None where the schema says more than columns can tell."""


def condition_of(schema: Mapping[str, Any], engine: str, leaves: Collection[str]) -> Condition:
    """Return a condition; ``engine`` decides on single records, ``leaves`` are the columns there can be."""
    tests = list(_tests(schema, "", leaves))
    return Condition(condition(schema, engine), None if None in tests else _all_of(tests))


def _all_of(tests: Sequence[Mask | None]) -> Mask:
    def mask(columns: Mapping[str, pa.Array], size: int) -> pa.Array:
        fits = pa.repeat(pa.scalar(value=True), size)
        for test in tests:
            fits = pc.and_(fits, test(columns, size)) if test else fits
        return fits

    return mask


def _tests(schema: Any, prefix: str, leaves: Collection[str]) -> Iterator[Mask | None]:
    """Yield a test for each thing that a schema asks, None for what no column can tell."""
    if not isinstance(schema, Mapping):
        yield None
        return
    for keyword, value in schema.items():
        if keyword == "required" and not prefix:
            yield from (_there(name) if name in leaves else None for name in value)
        elif keyword == "properties":
            for name, inside in value.items():
                yield from _tests_of_member(inside, f"{prefix}{name}", leaves)
        elif keyword not in _SILENT and not (keyword == "type" and value == "object"):
            yield None


def _tests_of_member(schema: Any, path: str, leaves: Collection[str]) -> Iterator[Mask | None]:
    if path not in leaves:
        yield from _tests(schema, f"{path}/", leaves)
        return
    members: Mapping[str, Any] = schema if isinstance(schema, Mapping) else {"": schema}
    for keyword, value in members.items():
        listed = [value] if keyword == "const" else value
        if keyword in ("enum", "const") and all(isinstance(each, str) for each in listed):
            yield _one_of(path, listed)
        elif keyword not in _SILENT:
            yield None


def _there(name: str) -> Mask:
    def mask(columns: Mapping[str, pa.Array], size: int) -> pa.Array:
        if name not in columns:
            return pa.repeat(pa.scalar(value=False), size)
        return columns[name].is_valid()

    return mask


def _one_of(path: str, listed: Sequence[str]) -> Mask:
    allowed = pa.array(listed, pa.string())

    def mask(columns: Mapping[str, pa.Array], size: int) -> pa.Array:
        if path not in columns:
            return pa.repeat(pa.scalar(value=True), size)
        column = columns[path]
        return pc.or_(column.is_null(), pc.is_in(column, value_set=allowed))

    return mask
